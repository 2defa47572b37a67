"""Reads the content of a site; unchanged files come from the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from builder.content.config import Config
from builder.content.content import (
    Content,
    load_records,
    names_by_slug,
    names_of_companies,
    places_of,
)
from builder.content.files import ContentFile, record_files
from builder.content.media import MediaCache
from builder.content.messages import CatalogCache
from builder.content.record import (
    SHORT,
    StoredRecord,
    bytes_of,
    encode,
    length_of,
    outline,
    read_file,
)
from builder.content.replies import read_replies
from builder.content.search_text import search_record
from builder.content.stored_problems import store_problems
from builder.content.walk import Walk
from builder.diagnostics.cap import capped
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.brief import Brief
from builder.model.entity import FOLDERS, Company, CompanyNames, PlainPage
from builder.model.outline import Outline
from builder.model.record import Record
from builder.names.register import DistinctNames, NameRegister
from builder.parallel import FEWEST, WARM, map_ordered
from builder.search.segments import StoredSearch, encode_search
from builder.stat import Stat
from builder.store import Index, Kept, Store, digest

_heads = msgspec.msgpack.Decoder(dict[str, StoredRecord])


_beside = msgspec.msgpack.Decoder(dict[bool, bytes])


_raws = msgspec.json.Decoder(dict[str, Raw])


_outline = msgspec.json.Decoder(Outline)


_reads = msgspec.msgpack.Decoder(tuple[StoredRecord, bytes])


def read_content(
    walk: Walk,
    config: Config,
    jobs: int,
    store: Store,
    progress: Callable[[int], None] | None = None,
    memory: ContentCache | None = None,
) -> Content:
    """Read the content of a site; a given `memory` is not saved."""
    problems = list(walk.problems)
    files = list(record_files(walk, problems))
    known = memory or ContentCache(store)
    media = known.media.read(walk, jobs, problems)
    replies = read_replies(walk, config, store, problems)
    messages = known.catalogs.read(walk, problems)
    before = known.parsed
    vocabulary = [file for file in files if file.kind is not Brief]
    known.read(vocabulary, RecordReader(config, store), jobs)
    records: dict[type[Record], list[Record]] = {kind: [] for _, kind in FOLDERS}
    for file in vocabulary:
        records[file.kind].append(known.record(file))
    written = [cast(Company, company) for company in records[Company]]

    def places(path: str) -> dict[str, Place]:
        return places_of.decode(store.value(known.heads[path].places))

    distinct = DistinctNames(config.settings.distinct)
    companies = names_of_companies(written, problems, places, distinct)
    reader = RecordReader(config, store, names_by_slug(written, companies), companies)
    briefs = [file for file in files if file.kind is Brief]
    known.read(briefs, reader, jobs, progress)
    known.end(files)
    if memory is None:
        known.keep()
    return Content(
        {kind: tuple(found) for kind, found in records.items()},
        tuple(known.outlines[file.path] for file in briefs),
        known.heads,
        companies,
        media,
        problems,
        store,
        known.parsed - before,
        replies,
        messages,
    )


class ContentCache:
    """The cached records of files.

    One process may read with the same cache repeatedly."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.media = MediaCache(store)
        self.catalogs = CatalogCache()
        self.changed = False  # whether there is something to save
        self.changed_paths: set[str] = set()  # files that were read or removed since it was cleared
        self._records: dict[str, tuple[StoredRecord, Record]] = {}
        # The digest of what records depend on besides their files when all had been read, by
        # whether they are briefs.
        self.beside: dict[bool, bytes] = {}
        self.heads: dict[str, StoredRecord] = {}
        self.outlines: dict[str, Outline] = {}
        # Encoded, so that unchanged values are not encoded again.
        self.written: dict[str, Raw] = {}
        self.parsed = 0
        sections = store.load("records")
        try:
            self.heads = _heads.decode(sections.get("heads") or b"")
            self.written = _raws.decode(sections.get("outlines") or b"")
            self.beside = _beside.decode(sections.get("beside") or b"")
            self.outlines = {path: _outline.decode(raw) for path, raw in self.written.items()}
        except msgspec.DecodeError:
            self.heads, self.outlines, self.written, self.beside = {}, {}, {}, {}
            store.drop_packs()

    def record(self, file: ContentFile) -> Record:
        """Return the record of a file without the places of its fields."""
        head = self.heads[file.path]
        known = self._records.get(file.path)
        if known is None or _parts(known[0]) != _parts(head):
            known = self._records[file.path] = (head, load_records(file.kind, head, self.store))
        return known[1]

    def end(self, files: Iterable[ContentFile]) -> None:
        """Remove the records of files that no longer exist."""
        removed = self.heads.keys() - {file.path for file in files}
        for path in removed:
            self.changed = True
            self._forget(path)
        self.changed_paths |= removed

    def read(
        self,
        files: Sequence[ContentFile],
        reader: RecordReader,
        jobs: int,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Read the files that are new or modified: briefs, or all others."""
        briefs = any(file.kind is Brief for file in files)
        head_of, sure = self.heads.get, self.beside.pop(briefs, None) == reader.beside
        unknown = [
            file
            for file in files
            if not (sure and (head := head_of(file.path)) and head.stat == file.stat)
            and not self._known(file, reader)
        ]
        self.changed |= not sure
        self.parsed += len(unknown)
        self.changed |= bool(unknown)
        if briefs and len(unknown) >= FEWEST:
            from builder.language.lexicon import lexicons

            lexicons()  # once, and not in every worker
        found = map_ordered(
            reader, unknown, jobs, progress, lambda file: file.path, self.store.in_worker, warm=WARM
        )
        for file, data in zip(unknown, found, strict=True):
            head, outline = _reads.decode(data)
            self._forget(file.path)
            self.changed_paths.add(file.path)
            self.heads[file.path] = head
            if outline != b"null":
                self.written[file.path] = Raw(outline)
                self.outlines[file.path] = _outline.decode(outline)
        self.beside[briefs] = reader.beside

    def _known(self, file: ContentFile, reader: RecordReader) -> bool:
        """Return whether a file's cached record is up to date."""
        head, outline = self.heads.get(file.path), self.outlines.get(file.path)
        if head is None or (outline is None) is (file.kind is Brief):
            return False
        if head.environment != reader.environment(outline.companies if outline else ()):
            return False
        if head.stat == file.stat:
            return True
        try:
            data, seen = bytes_of(file.source)
        except OSError:
            return False
        if digest(data) != head.digest:
            return False
        if seen != head.stat:
            self.heads[file.path] = replace(head, stat=seen)
            self.changed = True
        return True

    def settle(self, root: Path, files: Iterable[tuple[str, Stat]]) -> bool:
        """Return whether files are still as they were read and their stats.

        From then on, any change of one of them alters its stat, so the stats are trusted."""
        for path, stat in files:
            head = self.heads.get(path)
            try:
                data, seen = bytes_of(f"{root}/{path}")
            except OSError:
                return False
            if head is None or seen != stat or digest(data) != head.digest:
                return False
            if head.stat != seen:
                self.heads[path] = replace(head, stat=seen)
                self.changed = True
        return True

    def _forget(self, path: str) -> None:
        for known in (self.heads, self.outlines, self.written):
            cast(dict[str, object], known).pop(path, None)

    def keep(self) -> None:
        """Save the cache for the next build."""
        self.media.keep()
        if not self.changed:
            return
        self.changed = False
        wasteful = self._make_room()
        # Parts that are in memory only, because the disk is full, cannot be saved.
        kept = {path: head for path, head in self.heads.items() if not _in_memory(head)}
        sections = {
            "heads": msgspec.msgpack.encode(kept),
            "outlines": msgspec.json.encode({p: r for p, r in self.written.items() if p in kept}),
            "beside": msgspec.msgpack.encode(self.beside),
        }
        self.store.save("records", Index.of(sections))
        if wasteful:
            self.store.drop_packs()

    def _make_room(self) -> bool:
        """Repack the store if its packs are mostly waste."""
        parts = [part for head in self.heads.values() for part in _parts(head)]
        if not self.store.wasteful(
            sum(len(p) if isinstance(p, bytes) else p.length for p in parts)
        ):
            return False
        moved = self.store.repack(parts)
        for path, head in self.heads.items():
            front, body, places = next(moved), next(moved), next(moved)
            problems, search = head.problems, head.search
            if problems:
                self.store.moved[problems.kept] = new = next(moved)
                problems = replace(problems, kept=new)
            if search:
                search = replace(search, kept=next(moved))
            self.heads[path] = replace(
                head, front=front, body=body, places=places, problems=problems, search=search
            )
        return True


def _parts(head: StoredRecord) -> tuple[Kept, ...]:
    parts = head.front, head.body, head.places
    beside = (head.problems, head.search)
    return (*parts, *(part.kept for part in beside if part))


def _in_memory(head: StoredRecord) -> bool:
    return any(isinstance(part, bytes) for part in _parts(head))


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
        self.markdown = (settings.base_url, settings.html, settings.embeds, settings.limits)
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
        from builder.content.markdown.engine import render_body

        problems: list[Diagnostic] = []
        document, record, seen, sum_of_bytes = read_file(file, self.config, problems)
        listed = record.companies if isinstance(record, Brief) else ()
        language = record.lang if isinstance(record, (Brief, PlainPage)) else ""
        language = language or self.config.settings.language
        companies, notes = self._listed(listed), self.config.settings.editors_notes
        body, found = render_body(document, language, companies, *self.markdown)
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
        return msgspec.msgpack.encode((head, encode(front_matter)))

    def _search(self, brief: Brief, printed: Outline, language: str) -> StoredSearch:
        """Store what of a brief can be found."""
        found = search_record(brief, printed.title, printed.summary, language)
        confirmed = any(claim.status == "confirmed" for claim in brief.claims)
        return StoredSearch(self.store.keep(encode_search(found)), len(found.terms), confirmed)
