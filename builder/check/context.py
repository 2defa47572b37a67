"""What each kind of check sees: a file, a linked brief, or all pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from builder.content.document import Document
from builder.model.brief import Brief
from builder.model.entity import CompanyNames
from builder.model.record import Record
from builder.site.page_record import PageRow
from builder.site.site import Site
from builder.site.view import RecordLinks, View


class FileContext(NamedTuple):
    """A record as its file has it: nothing else may decide what is wrong with it (law 2)."""

    record: Record
    document: Document
    language: str  # of the record's page
    companies: tuple[CompanyNames, ...]  # those that its front matter lists


class BriefContext(NamedTuple):
    """A brief whose names are slugs and whose text has its holes filled."""

    brief: Brief
    written: Brief  # as its file has it
    names: tuple[str, ...]  # every name of the companies it lists; none if one is unknown
    view: View


class PageContext:
    """Every page of the site, and the links that records have to them."""

    def __init__(
        self,
        site: Site,
        assets: Mapping[str, str],
        planned: list[PageRow],
        links: list[RecordLinks],
        reserved: Mapping[str, bool],
    ) -> None:
        self.site, self.planned, self.links = site, planned, links
        self.reserved = (
            reserved  # addresses of the site, each with whether a plain page may have it
        )
        self.files = {f"/media/{name}" for name in site.media} | set(assets.values())
        self.hidden = {site.outlines[slug].url for slug in site.unpublished}
        self.unreadable = frozenset(unreadable_files(site))

    @cached_property
    def pages(self) -> list[PageRow]:
        """The pages, without those whose file another page has."""
        # File systems that ignore case would let one overwrite the other.
        by_path: dict[str, PageRow] = {}
        for page in self.planned:
            by_path.setdefault(page.path.casefold(), page)
        return list(by_path.values())

    @cached_property
    def by_url(self) -> dict[str, PageRow]:
        return {page.url: page for page in self.pages}


def unreadable_files(site: Site) -> list[str]:
    """Return the paths of records that could not be read whole."""
    records = [record for found in site.content.records.values() for record in found]
    paths = [record.path for record in records if record.broken]
    return paths + [outline.path for outline in site.content.outlines if outline.broken]
