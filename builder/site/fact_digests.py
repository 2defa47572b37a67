"""The digests of all facts of a site, and their descriptions for editors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

from builder.site.edition_names import MAIN
from builder.site.fact import Fact
from builder.site.facts import BY_KIND, FRONT, TEXT
from builder.site.indexes import FactSource
from builder.site.lists import Lists
from builder.site.site import Site
from builder.store import digest, digest_of

_NO_OTHERS: Mapping[str, FactDigests] = MappingProxyType({})


class FactDigests:
    """The digests of a site's facts by name; those of many tasks are computed once.

    `others` has those of further editions by language tag; the kinds of their facts begin with it:
    `nl:company google`."""

    def __init__(
        self, site: Site, lists: Lists, others: Mapping[str, FactDigests] = _NO_OTHERS
    ) -> None:
        self.source, self.lists, self.others = FactSource(site, lists), lists, others
        self._digests: dict[str, bytes] = {}

    @cached_property
    def listed(self) -> bytes:
        """A digest of all that lists are made of."""
        others = {tag: other.lists.digest for tag, other in self.others.items()}
        return digest_lists({MAIN: self.lists.digest, **others})

    def digest(self, name: str) -> bytes:
        """Return the present digest of a fact, which may have been removed."""
        found = self._digests.get(name)
        if found is None:
            kind, _, key = name.partition(" ")
            tag, _, own = kind.rpartition(":")
            if tag:
                other = self.others.get(tag)
                return other.digest(f"{own} {key}") if other else b""
            fact = BY_KIND[kind]
            found = fact.digest(self.source, key)
            if not fact.of_brief:  # few tasks read those, and there are too many to keep
                self._digests[name] = found
        return found

    def digests(self, kind: str, keys: Iterable[str]) -> list[bytes]:
        """Return the digests of facts of one kind."""
        tag, _, own = kind.rpartition(":")
        if tag:
            other = self.others.get(tag)
            return other.digests(own, keys) if other else [b"" for _ in keys]
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


def digest_lists(digests: Mapping[str, bytes]) -> bytes:
    """Return one digest of the lists of all editions.

    `digests` has that of each, by language tag."""
    found = [found for _, found in sorted(digests.items())]  # the main one first
    return digest(b"".join(found)) if len(found) > 1 else found[0]


def is_listed(kind: str) -> bool:
    """Return whether facts of a kind depend on lists alone."""
    return fact_of(kind).listed


def fact_of(kind: str) -> Fact[object]:
    """Return a kind of fact by its name in any edition."""
    return BY_KIND[kind.rpartition(":")[2]]


def fact_in_words(site: Site, name: str) -> str:
    """Return the description of a fact for an editor."""
    kind, _, key = name.partition(" ")
    fact = fact_of(kind)
    if fact.of_brief and key in site.outlines:
        key = site.outlines[key].path
    return fact.words.format(key.strip())
