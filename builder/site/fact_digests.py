"""The digests of all facts of a site, and their descriptions for editors."""

from __future__ import annotations

from collections.abc import Iterable

from builder.site.facts import BY_KIND, FRONT, TEXT
from builder.site.indexes import FactSource
from builder.site.lists import Lists
from builder.site.site import Site
from builder.store import digest_of


class FactDigests:
    """The digests of a site's facts by name, each computed once."""

    def __init__(self, site: Site, lists: Lists) -> None:
        self.source, self.lists = FactSource(site, lists), lists
        self._digests: dict[str, bytes] = {}

    def digest(self, name: str) -> bytes:
        """Return the present digest of a fact, which may have been removed."""
        found = self._digests.get(name)
        if found is None:
            kind, _, key = name.partition(" ")
            found = self._digests[name] = BY_KIND[kind].digest(self.source, key)
        return found

    def digests(self, kind: str, keys: Iterable[str]) -> list[bytes]:
        """Return the digests of facts of one kind."""
        site, marks = self.source.site, self.lists.marks
        heads, outlines = site.content.heads, site.outlines
        if kind == TEXT.kind:
            return [digest_of(heads[path].body) if path in heads else b"" for path in keys]
        if kind == FRONT.kind:
            return [
                digest_of(heads[outlines[slug].path].front) + marks[slug]
                if slug in outlines
                else b""
                for slug in keys
            ]
        return [self.digest(f"{kind} {key}") for key in keys]


def fact_in_words(site: Site, name: str) -> str:
    """Return the description of a fact for an editor."""
    kind, _, key = name.partition(" ")
    fact = BY_KIND[kind]
    if fact.of_brief and key in site.outlines:
        key = site.outlines[key].path
    return fact.words.format(key.strip())
