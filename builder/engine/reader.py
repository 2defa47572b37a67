"""Reads one file of content/ into a stored record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from builder.content.config import Config
from builder.content.files import ContentFile
from builder.content.record import (
    SHORT,
    StoredRecord,
    encode,
    length_of,
    outline,
    read_file,
)
from builder.content.search_text import search_record
from builder.content.stored_problems import store_problems
from builder.diagnostics.cap import capped
from builder.diagnostics.diagnostic import Diagnostic
from builder.model.brief import Brief
from builder.model.entity import CompanyNames, Digest, PlainPage, Profile
from builder.model.outline import Outline
from builder.names.register import NameRegister
from builder.search.segments import StoredSearch, encode_search
from builder.store import Store, digest


class RecordReader:
    """Reads a file into a record with its HTML.

    Its attributes are everything that the record depends on besides the file."""

    def __init__(
        self,
        config: Config,
        store: Store,
        by_slug: Mapping[str, CompanyNames] | None = None,
        names: NameRegister | None = None,
    ) -> None:
        self.config, self.store = config, store
        self.by_slug = by_slug or {}
        self.names = names or NameRegister()
        settings = config.settings
        self.markdown = (
            settings.base_url,
            settings.html,
            settings.embeds,
            settings.limits,
            settings.slug_style,
        )
        self.usual = encode(
            [
                settings.language,
                settings.time_zone,
                *self.markdown,
                settings.editors_notes,
                settings.search,
                config.gift_links,
            ]
        )
        # A digest of everything that records depend on besides their files.
        named = [[*self.by_slug.items()], settings.distinct]
        self.beside = digest(self.usual + encode(named))
        self._environments: dict[tuple[str, ...], bytes] = {}

    def _listed(self, companies: Iterable[str]) -> tuple[CompanyNames, ...]:
        slugs = dict.fromkeys(slug for name in companies if (slug := self.names.resolve(name)))
        return tuple(self.by_slug[slug] for slug in slugs if slug in self.by_slug)

    def environment(self, companies: tuple[str, ...]) -> bytes:
        """Return a digest of what a record depends on besides its file."""
        found = self._environments.get(companies)
        if found is None:
            names = encode(self._listed(companies))
            found = self._environments[companies] = digest(self.usual + names, SHORT)
        return found

    def __call__(self, file: ContentFile) -> bytes:
        from builder.check.checks import check_file
        from builder.check.context import FileContext
        from builder.content.markdown.engine import render_text

        problems: list[Diagnostic] = []
        document, record, seen, sum_of_bytes = read_file(file, self.config, problems)
        listed = record.companies if isinstance(record, Brief) else ()
        language = record.lang if isinstance(record, (Brief, PlainPage, Digest, Profile)) else ""
        language = language or self.config.settings.language
        companies, notes = self._listed(listed), self.config.settings.editors_notes
        body, found, quick = render_text(document, language, companies, *self.markdown)
        problems += found
        if not record.broken:
            problems += check_file(FileContext(record, document, language, companies, notes))
        problems = capped(problems)
        parts = (replace(record, places={}), body, record.places)
        front_matter, search = None, None
        if isinstance(record, Brief):
            record = replace(record, body=body)
            front_matter = outline(record, language)
            if self.config.settings.search:
                search = self._search(record, front_matter, language)
        environment = self.environment(tuple(listed))
        front, text, places = (self.store.keep(encode(part)) for part in parts)
        length = length_of(body)
        stored = store_problems(problems, self.store.keep)
        head = StoredRecord(
            seen, sum_of_bytes, environment, front, text, places, length, stored, search
        )
        return msgspec.msgpack.encode((head, encode(front_matter), quick))

    def _search(self, brief: Brief, printed: Outline, language: str) -> StoredSearch:
        """Store what of a brief can be found."""
        found = search_record(brief, printed.title, printed.summary, language)
        confirmed = any(claim.status == "confirmed" for claim in brief.claims)
        return StoredSearch(self.store.keep(encode_search(found)), len(found.terms), confirmed)
