"""The input of each kind of check: a file, a linked brief, or all pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from builder.content.document import Document
from builder.content.text_fields import text_fields
from builder.model.brief import Brief
from builder.model.entity import CompanyNames
from builder.model.record import Record
from builder.model.settings import EditorsNotes
from builder.model.statement import Speaker
from builder.names.keys import as_read
from builder.site.page_record import PageRow, RecordLinks
from builder.site.site import Site
from builder.site.view import View


class FileContext:
    """A record as written, on which alone its checks depend (law 2)."""

    record: Record
    document: Document
    language: str  # of the record's page
    companies: tuple[CompanyNames, ...]  # listed in its front matter
    notes: EditorsNotes | None  # of the site

    def __init__(
        self,
        record: Record,
        document: Document,
        language: str,
        companies: tuple[CompanyNames, ...],
        notes: EditorsNotes | None = None,
    ) -> None:
        self.record, self.document, self.language = record, document, language
        self.companies, self.notes = companies, notes

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts in the fields, by path."""
        return dict(text_fields(type(self.record), self.document.fields))


class BriefContext(NamedTuple):
    """A linked brief: names are slugs, placeholders in its text are filled."""

    brief: Brief
    written: Brief  # as in its file
    speakers: tuple[Speaker, ...]  # of its quotations
    names: tuple[str, ...]  # every name of its companies; empty if one is unknown
    view: View


class PageContext:
    """Every page of the site, and the links to them in records."""

    def __init__(
        self,
        site: Site,
        assets: Mapping[str, str],
        planned: list[PageRow],
        links: list[RecordLinks],
        reserved: Mapping[str, bool],
    ) -> None:
        self.site, self.planned, self.links = site, planned, links
        # Addresses of the site itself, each with whether a plain page may have it.
        self.reserved = reserved
        self.files = {f"/media/{name}" for name in site.media} | set(assets.values())
        self.hidden = {site.outlines[slug].url for slug in site.unpublished}
        self.hidden |= {record.url for record in site.waiting.values()}
        self.hidden = {*map(as_read, self.hidden)}
        self.absent = {*map(as_read, site.absent)}
        self.unreadable = frozenset(site.unreadable)

    @cached_property
    def pages(self) -> list[PageRow]:
        """The pages, without those whose path another page already has."""
        # File systems that ignore case would let one overwrite the other.
        by_path: dict[str, PageRow] = {}
        for page in self.planned:
            by_path.setdefault(page.path.casefold(), page)
        return list(by_path.values())

    @cached_property
    def by_url(self) -> dict[str, PageRow]:
        """The pages by their decoded addresses, as texts and site.yaml have them."""
        return {as_read(page.url): page for page in self.pages}
