"""The front matter of all records, for what shows all of them: the record for programs."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from msgspec.structs import replace

from builder.model.body import Body
from builder.model.brief import Brief
from builder.site.registers import Registers
from builder.site.site import Site
from builder.store import digest

_NO_BODY = Body()


class Fronts(NamedTuple):
    """Every record without its text, as one fact."""

    site: Site

    def brief(self, slug: str) -> Brief:
        """Return a brief as written, without its text."""
        brief = self.site.content.load(Brief, self.site.outlines[slug].path)
        return replace(brief, slug=self.site.entries[slug].slug, body=_NO_BODY)

    @property
    def names(self) -> Registers:
        """The registers of names."""
        return self.site.names

    @property
    def publishers(self) -> Set[str]:
        """The slugs of publishers with a page."""
        return self.site.publisher_pages.keys()


def digest_fronts(site: Site, lists: bytes) -> bytes:
    """Return a digest of everything that `Fronts` are read from.

    `lists` is that of the lists, which covers settings, slugs and what is published."""
    heads = site.content.heads
    return digest(lists + b"".join([site.content.front(path) for path in sorted(heads)]), 8)
