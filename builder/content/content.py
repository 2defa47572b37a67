"""The folder content/ -> records, each with its HTML, and the files of content/media/.

Two passes. The first reads everything but briefs, which gives the names of companies; the second
reads briefs, each file by itself (law 2), so it is spread over processes. A file whose bytes, and
the names that it may link, are as they were at the last build is not read again; one whose size
and times are as they were is not even opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar, cast

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from builder.content.config import Config
from builder.content.record import (
    Head,
    Reader,
    bytes_of,
    settled,
)
from builder.content.walk import (
    File,
    MediaFile,
    Walk,
    media_files,
    record_files,
)
from builder.diagnostics.diagnostic import Diagnostic, Place, place_of
from builder.model.brief import (
    FOLDERS,
    Body,
    Brief,
    Company,
    CompanyNames,
    Outline,
    Record,
)
from builder.names.register import Names
from builder.parallel import map_ordered
from builder.store import (
    Index,
    Kept,
    Store,
    digest,
    digest_of,
)

Kind = TypeVar("Kind", bound=Record)

_fronts = {kind: msgspec.json.Decoder(kind) for _, kind in FOLDERS}
_body = msgspec.json.Decoder(Body)
_places = msgspec.json.Decoder(dict[str, Place])
_heads = msgspec.msgpack.Decoder(dict[str, Head])
_beside = msgspec.msgpack.Decoder(dict[bool, bytes])
_raws = msgspec.json.Decoder(dict[str, Raw])
_outline = msgspec.json.Decoder(Outline)
_problems = msgspec.json.Decoder(list[Diagnostic])
_reads = msgspec.msgpack.Decoder(tuple[Head, bytes, bytes])


class Content(NamedTuple):
    """Everything read. `companies` resolves every company's names to its slug. Of briefs there is
    the outline; `load` gives the whole one."""

    records: dict[type[Record], tuple[Record, ...]]
    outlines: tuple[Outline, ...]
    heads: dict[str, Head]
    companies: Names
    media: dict[str, MediaFile]
    problems: list[Diagnostic]
    store: Store
    parsed: int  # how many files were read and parsed this time

    def load(self, kind: type[Kind], path: str) -> Kind:
        """The record of a file, without the places of its fields."""
        return _load(kind, self.heads[path], self.store)

    def front(self, path: str) -> bytes:
        """A digest of a record's front matter."""
        return digest_of(self.heads[path].front)

    def text(self, path: str) -> bytes:
        """A digest of a record's body."""
        return digest_of(self.heads[path].body)

    def where(self, path: str) -> bytes:
        """A digest of the places of a record's fields."""
        return digest_of(self.heads[path].places)

    def places(self, path: str) -> dict[str, Place]:
        """Where each field of a record stands in its file."""
        head = self.heads.get(path)
        return _places.decode(self.store.value(head.places)) if head else {}

    def problem(
        self, path: str, at: str | Place, code: str, message: str, hint: str = ""
    ) -> Diagnostic:
        """A diagnostic at a field of a record, or at a place of its file."""
        place = (place_of(self.places(path), at) or Place()) if isinstance(at, str) else at
        return Diagnostic.of(path, place, code, message, hint)


def _load(kind: type[Kind], head: Head, store: Store) -> Kind:
    front = _fronts[kind].decode(store.value(head.front))
    return cast(Kind, replace(front, body=_body.decode(store.value(head.body))))


def read_content(
    walk: Walk,
    config: Config,
    jobs: int,
    store: Store,
    progress: Callable[[int], None] | None = None,
    memory: Memory | None = None,
) -> Content:
    """Read the content of a site. With a `memory`, it is left to the caller to keep it."""
    problems = list(walk.problems)
    files = list(record_files(walk, problems))
    media = media_files(walk, problems)
    known = memory or Memory(store)
    before = known.parsed
    vocabulary = [file for file in files if file.kind is not Brief]
    known.read(vocabulary, Reader(config, store), jobs)
    records: dict[type[Record], list[Record]] = {kind: [] for _, kind in FOLDERS}
    for file in vocabulary:
        records[file.kind].append(known.record(file))
    written = [cast(Company, company) for company in records[Company]]

    def places(path: str) -> dict[str, Place]:
        return _places.decode(store.value(known.heads[path].places))

    companies = _company_names(written, problems, places)
    reader = Reader(config, store, _names_by_slug(written, companies), companies)
    briefs = [file for file in files if file.kind is Brief]
    known.read(briefs, reader, jobs, progress)
    known.end(files)
    if memory is None:
        known.keep()
    for path in known.problems:
        problems += known.problems_of(path)
    return Content(
        {kind: tuple(found) for kind, found in records.items()},
        tuple(known.outlines[file.path] for file in briefs),
        known.heads,
        companies,
        media,
        problems,
        store,
        known.parsed - before,
    )


class Memory:
    """What is known of files from the last build, and what this one learns. One process may read
    with the same memory again and again: then it need not ask again of a file that is as listed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.changed = False  # whether there is something to keep
        self.moved: set[str] = set()  # files that were read anew, or went, since it was emptied
        self._records: dict[str, tuple[Head, Record]] = {}
        # What records depended on besides their files when all that there were had been read, by
        # whether they are briefs.
        self.beside: dict[bool, bytes] = {}
        self.heads: dict[str, Head] = {}
        self.outlines: dict[str, Outline] = {}
        # As they are kept: so what did not change is not written out again.
        self.written: dict[str, Raw] = {}
        self.problems: dict[str, Raw] = {}
        self.parsed = 0
        sections = store.load("records")
        try:
            self.heads = _heads.decode(sections.get("heads") or b"")
            self.written = _raws.decode(sections.get("outlines") or b"")
            self.problems = _raws.decode(sections.get("problems") or b"")
            self.beside = _beside.decode(sections.get("beside") or b"")
            self.outlines = {path: _outline.decode(raw) for path, raw in self.written.items()}
        except msgspec.DecodeError:
            self.heads, self.outlines, self.written, self.problems = {}, {}, {}, {}
            self.beside = {}
            store.drop_packs()

    def problems_of(self, path: str) -> list[Diagnostic]:
        """What was found wrong in a file when it was read."""
        return _problems.decode(self.problems[path])

    def record(self, file: File) -> Record:
        """The record of a file that was read, without the places of its fields."""
        head = self.heads[file.path]
        known = self._records.get(file.path)
        if known is None or _parts(known[0]) != _parts(head):
            known = self._records[file.path] = (head, _load(file.kind, head, self.store))
        return known[1]

    def end(self, files: Iterable[File]) -> None:
        """All that there is was read."""
        gone = self.heads.keys() - {file.path for file in files}
        for path in gone:
            self.changed = True
            self._forget(path)
        self.moved |= gone

    def read(
        self,
        files: Sequence[File],
        reader: Reader,
        jobs: int,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Read those of some files that are not known as they are now: briefs, or all others."""
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
        found = map_ordered(
            reader, unknown, jobs, progress, lambda file: file.path, self.store.in_worker
        )
        for file, data in zip(unknown, found, strict=True):
            head, told, problems = _reads.decode(data)
            self._forget(file.path)
            self.moved.add(file.path)
            self.heads[file.path] = head
            if problems != b"[]":
                self.problems[file.path] = Raw(problems)
            if told != b"null":
                self.written[file.path] = Raw(told)
                self.outlines[file.path] = _outline.decode(told)
        self.beside[briefs] = reader.beside

    def _known(self, file: File, reader: Reader) -> bool:
        """Whether a file's record is the one that is remembered."""
        head, outline = self.heads.get(file.path), self.outlines.get(file.path)
        if head is None or (outline is None) is (file.kind is Brief):
            return False
        if head.environment != reader.environment(outline.companies if outline else ()):
            return False
        if head.stat == file.stat:
            return True
        try:
            data, looked = bytes_of(file.source)
        except OSError:
            return False
        if digest(data) != head.digest:
            return False
        seen = settled(looked)
        if seen != head.stat:
            self.heads[file.path] = replace(head, stat=seen)
            self.changed = True
        return True

    def _forget(self, path: str) -> None:
        for known in (self.heads, self.outlines, self.written, self.problems):
            cast(dict[str, object], known).pop(path, None)

    def keep(self) -> None:
        """Remember what is known now, for the next build."""
        if not self.changed:
            return
        self.changed = False
        wasteful = self._make_room()
        # What lies in memory only, for want of room, cannot be remembered.
        kept = {path: head for path, head in self.heads.items() if not _in_memory(head)}
        sections = {
            "heads": msgspec.msgpack.encode(kept),
            "outlines": msgspec.json.encode({p: r for p, r in self.written.items() if p in kept}),
            "problems": msgspec.json.encode({p: r for p, r in self.problems.items() if p in kept}),
            "beside": msgspec.msgpack.encode(self.beside),
        }
        self.store.save("records", Index.of(sections))
        if wasteful:
            self.store.drop_packs()

    def _make_room(self) -> bool:
        """Move everything to a new pack, if the old ones are mostly waste."""
        parts = [part for head in self.heads.values() for part in _parts(head)]
        if not self.store.wasteful(
            sum(len(p) if isinstance(p, bytes) else p.length for p in parts)
        ):
            return False
        moved = self.store.repack(parts)
        for path, head in self.heads.items():
            front, body, places = next(moved), next(moved), next(moved)
            self.heads[path] = replace(head, front=front, body=body, places=places)
        return True


def _parts(head: Head) -> tuple[Kept, Kept, Kept]:
    return head.front, head.body, head.places


def _in_memory(head: Head) -> bool:
    return any(isinstance(part, bytes) for part in _parts(head))


def _company_names(
    companies: list[Company],
    problems: list[Diagnostic],
    places: Callable[[str], dict[str, Place]],
) -> Names:
    """Register every company's names; a name that two claim is an error at the second."""
    names = Names()
    for kind in ("name", "aliases", "formerly"):
        for company in companies:
            written = getattr(company, kind)
            for n, name in enumerate((written,) if kind == "name" else written):
                owner = names.claim(name, company.slug, company.path)
                if owner:
                    at = kind if kind == "name" else f"{kind}.{n}"
                    message = f"`{name}` already means the company in {owner.path}"
                    hint = "a name belongs to one company; take it from the other"
                    place = places(company.path).get(at, Place())
                    problems.append(
                        Diagnostic.of(company.path, place, "double-owner", message, hint)
                    )
    return names


def _names_by_slug(written: list[Company], names: Names) -> dict[str, CompanyNames]:
    companies: dict[str, Company] = {company.slug: company for company in written}
    merged = mergers(companies.values(), names)
    return {
        slug: CompanyNames(
            companies.get(merged.get(slug, slug), c).url, (c.name, *c.aliases, *c.formerly)
        )
        for slug, c in companies.items()
    }


def mergers(companies: Iterable[Company], names: Names) -> dict[str, str]:
    """By the slug of each company that became part of another: the slug of the last one."""
    into: dict[str, str] = {
        company.slug: target
        for company in companies
        if company.merged_into and (target := names.resolve(company.merged_into))
    }
    merged: dict[str, str] = {}
    for slug in into:
        way: dict[str, None] = {slug: None}
        while (last := into.get([*way][-1], "")) and last not in way:
            way[last] = None
        if not last:  # else it is a circle, which is reported: none of them is merged
            merged[slug] = [*way][-1]
    return merged
