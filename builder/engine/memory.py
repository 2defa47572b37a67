"""Reads the content of a site; unchanged files come from the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, KeysView, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct
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
from builder.content.histories import read_histories
from builder.content.media import MediaCache
from builder.content.messages import CatalogCache
from builder.content.record import (
    StoredRecord,
    bytes_of,
    encode,
)
from builder.content.replies import read_replies
from builder.content.walk import Walk
from builder.diagnostics.diagnostic import Place
from builder.engine.reader import RecordReader
from builder.lazy import Chosen, LazyTable
from builder.model.brief import Brief
from builder.model.entity import KINDS, Company
from builder.model.outline import Outline
from builder.model.record import Record
from builder.names.register import DistinctNames
from builder.parallel import FEWEST, WARM, map_ordered
from builder.sections import Index
from builder.stat import Stat
from builder.store import Kept, Store, StoreDamaged, digest, digest_of, needed

# What of a file changed: nothing that linking depends on, only what is printed, or anything.
TEXT, PRINTED, ANYTHING = range(3)
_MOST = 2000  # changed files that are remembered


class _Beside(Struct, array_like=True):
    """What is stored beside the records.

    `read` has the digest of what records depended on besides their files when all had been read, by
    whether they are briefs. `stats` has the stats of files, and `noted` those with problems. `used`
    is the number of stored bytes in use. `history` has the last changes, each with a name for the
    records after it."""

    read: dict[bool, bytes] = {}
    stats: dict[str, Stat | None] = {}
    noted: list[str] = []
    used: int = 0
    history: list[tuple[bytes, dict[str, int]]] = []


_head = msgspec.msgpack.Decoder(StoredRecord)
_beside = msgspec.msgpack.Decoder(_Beside)
_outline = msgspec.json.Decoder(Outline)
_reads = msgspec.msgpack.Decoder(tuple[StoredRecord, bytes, bool | None])
_encode_head = msgspec.msgpack.Encoder().encode


def read_content(
    walk: Walk,
    config: Config,
    jobs: int,
    store: Store,
    progress: Callable[[int], None] | None = None,
    memory: ContentCache | None = None,
    on_demand: bool = False,
) -> Content:
    """Read the content of a site; a given `memory` is not saved.

    Outlines are decoded `on_demand` if no other build in this process reads them."""
    problems = list(walk.problems)
    files = list(record_files(walk, problems))
    known = memory or ContentCache(store)
    media = known.media.read(walk, jobs, problems)
    replies = read_replies(walk, config, store, problems)
    histories = read_histories(walk, store, problems)
    messages = known.catalogs.read(walk, config, problems)
    before, known.texts = known.parsed, [0, 0]
    vocabulary = [file for file in files if file.kind is not Brief]
    known.read(vocabulary, RecordReader(config, store), jobs)
    records: dict[type[Record], list[Record]] = {kind: [] for kind in KINDS}
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
    outlines = Chosen(known.outlines, [file.path for file in briefs])
    return Content(
        {kind: tuple(found) for kind, found in records.items()},
        outlines if on_demand else tuple(outlines),
        known.heads,
        companies,
        media,
        problems,
        store,
        known.parsed - before,
        (known.texts[False], known.texts[True]),
        replies,
        messages,
        known.noted,
        histories,
    )


class ContentCache:
    """The cached records of files.

    One process may read with the same cache repeatedly."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.media = MediaCache(store)
        self.catalogs = CatalogCache()
        self.changed = False  # whether there is something to save
        # Files that were read or removed since it was cleared, and what of them changed.
        self.levels: dict[str, int] = {}
        self._unsaved: dict[str, int] = {}  # the same since the last save
        self._records: dict[str, tuple[StoredRecord, Record]] = {}
        self.parsed = 0
        self.texts = [0, 0]  # that markdown-it read, and that were read quickly
        self._sections = store.load("records")
        try:
            beside = _beside.decode(needed(self._sections, "beside"))
            part: Callable[[str], bytes] | None = partial(needed, self._sections)
        except (msgspec.DecodeError, StoreDamaged):
            beside, self._sections, part = _Beside(), Index(), None
            store.drop_packs()
        self.heads: LazyTable[StoredRecord] = LazyTable(_head.decode, part, "heads")
        self.outlines: LazyTable[Outline] = LazyTable(_outline.decode, part, "outlines")
        self.beside, self.stats, self.used = beside.read, beside.stats, beside.used
        self.noted = dict.fromkeys(beside.noted)
        self.history = beside.history

    @property
    def changed_paths(self) -> KeysView[str]:
        """The files that were read or removed since `levels` was cleared."""
        return self.levels.keys()

    @property
    def version(self) -> bytes:
        """The name of the records as they were saved last."""
        return self.history[-1][0] if self.history else b""

    def since(self, version: bytes | None) -> dict[str, int] | None:
        """Return what changed since a version was saved, by file.

        None if that is no longer known."""
        found = dict(self._unsaved)
        for name, changed in reversed(self.history):
            if name == version:
                return found
            _add_levels(found, changed)
        return None

    def record(self, file: ContentFile) -> Record:
        """Return the record of a file without the places of its fields."""
        head = self.heads[file.path]
        known = self._records.get(file.path)
        if known is None or _parts(known[0]) != _parts(head):
            known = self._records[file.path] = (head, load_records(file.kind, head, self.store))
        return known[1]

    def end(self, files: Iterable[ContentFile]) -> None:
        """Remove the records of files that no longer exist."""
        removed = self.stats.keys() - {file.path for file in files}
        for path in removed:
            self.changed = True
            self._forget(path)
            self._note(path, ANYTHING)

    def read(
        self,
        files: Sequence[ContentFile],
        reader: RecordReader,
        jobs: int,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Read the files that are new or modified: briefs, or all others."""
        briefs = any(file.kind is Brief for file in files)
        stat_of, sure = self.stats.get, self.beside.pop(briefs, None) == reader.beside
        unknown = [
            file
            for file in files
            if not (sure and stat_of(file.path) == file.stat) and not self._known(file, reader)
        ]
        self.changed |= not sure
        self.parsed += len(unknown)
        self.changed |= bool(unknown)
        if briefs and len(unknown) >= FEWEST:
            from builder.language.lexicon import detections, lexicons

            lexicons(), detections()  # once, and not in every worker
        found = map_ordered(
            reader, unknown, jobs, progress, lambda file: file.path, self.store.in_worker, warm=WARM
        )
        for file, data in zip(unknown, found, strict=True):
            head, outline, quick = _reads.decode(data)
            self._note(file.path, self._level(file, head, outline))
            if quick is not None:
                self.texts[quick] += 1
            self._forget(file.path)
            self._learn(file.path, head)
            self.used += _size(head)
            if outline != b"null":
                self.outlines.set_raw(file.path, outline)
        self.beside[briefs] = reader.beside

    def _level(self, file: ContentFile, head: StoredRecord, outline: bytes) -> int:
        """Return what changed of a file that was read again."""
        before = self.heads.get(file.path)
        if before is None:
            return ANYTHING
        if file.kind is not Brief:
            parts = before.front, before.body, before.places
            same = [*map(digest_of, parts)] == [
                *map(digest_of, (head.front, head.body, head.places))
            ]
            return TEXT if same else ANYTHING
        if file.path not in self.outlines:
            return ANYTHING
        was, now = self.outlines[file.path], _outline.decode(outline)
        if was == now:
            return TEXT
        printed = replace(now, title=was.title, summary=was.summary, image=was.image)
        return PRINTED if printed == was else ANYTHING

    def _note(self, path: str, level: int) -> None:
        for levels in (self.levels, self._unsaved):
            _add_levels(levels, {path: level})

    def _learn(self, path: str, head: StoredRecord) -> None:
        self.heads[path], self.stats[path] = head, head.stat
        if head.problems:
            self.noted[path] = None

    def _known(self, file: ContentFile, reader: RecordReader) -> bool:
        """Return whether a file's cached record is up to date."""
        head = self.heads.get(file.path)
        if head is None or (file.path in self.outlines) is not (file.kind is Brief):
            return False
        outline = self.outlines.get(file.path)
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
            self._learn(file.path, replace(head, stat=seen))
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
                self._learn(path, replace(head, stat=seen))
                self.changed = True
        return True

    def _forget(self, path: str) -> None:
        if path in self.heads:
            self.used -= _size(self.heads.pop(path))
        self.outlines.pop(path, None)
        self.stats.pop(path, None)
        self.noted.pop(path, None)

    def keep(self) -> None:
        """Save the cache for the next build."""
        self.media.keep()
        if not self.changed:
            return
        self.changed = False
        wasteful = self._make_room()
        if self._unsaved or not self.history:
            self._remember()
        # Parts that are in memory only, because the disk is full, cannot be saved.
        unsaved = {path for path, head in self.heads.decoded.items() if _in_memory(head)}
        put = self._sections.put
        self.heads.keep(put, _encode_head, unsaved)
        self.outlines.keep(put, encode, unsaved)
        stats = {path: stat for path, stat in self.stats.items() if path not in unsaved}
        noted = [path for path in self.noted if path not in unsaved]
        beside = _Beside(self.beside, stats, noted, self.used, self.history)
        put("beside", msgspec.msgpack.encode(beside))
        self.store.save("records", self._sections)
        if wasteful:
            self.store.drop_packs()

    def _remember(self) -> None:
        """Note the changes since the last save, and forget the oldest."""
        if len(self._unsaved) > _MOST:
            self.history.clear()
        self.history.append((os.urandom(8), self._unsaved if self.history else {}))
        self._unsaved = {}
        while sum(1 + len(changed) for _, changed in self.history[1:]) > _MOST:
            del self.history[0]

    def _make_room(self) -> bool:
        """Repack the store if its packs are mostly waste."""
        if not self.store.wasteful(self.used):
            return False
        heads = [*self.heads.items()]
        moved = self.store.repack(part for _, head in heads for part in _parts(head))
        for path, head in heads:
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


def _add_levels(levels: dict[str, int], more: Mapping[str, int]) -> None:
    for path, level in more.items():
        levels[path] = max(level, levels.get(path, level))


def _size(head: StoredRecord) -> int:
    """Return the number of stored bytes of a record."""
    return sum(len(p) if isinstance(p, bytes) else p.length for p in _parts(head))


def _parts(head: StoredRecord) -> tuple[Kept, ...]:
    parts = head.front, head.body, head.places
    beside = (head.problems, head.search)
    return (*parts, *(part.kept for part in beside if part))


def _in_memory(head: StoredRecord) -> bool:
    return any(isinstance(part, bytes) for part in _parts(head))
