"""Segments: the search index of a site, one for each year of publication.

A segment depends on the briefs of its year alone. It is made from the terms of each brief, which
are stored with its record, or, if a few briefs have changed, by changing their postings in the
shards of the last build. Both have the same result, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec
from msgspec import Raw, Struct

from builder.parallel import FEWEST, map_ordered
from builder.search.shards import build_shards, changes_by_shard, count_shards, patch_shard
from builder.sections import Index
from builder.store import Kept, Store, StoreDamaged, digest, digest_of

_SIZE = 8  # bytes of the digest of a shard
_FEWEST_SLOTS = 16  # of a month
_NAME = "search"
_FEW = 4  # more than one in so many changed briefs: all postings are made again


class SearchRecord(Struct, frozen=True, array_like=True):
    """What of a brief can be found: the weight of each term, and its plain text.

    If the brief has figures, `without` has the weights without them, and `figures` a line for each:
    they are not public if one of their companies is not."""

    terms: dict[str, int]
    without: dict[str, int] | None
    text: str
    figures: str


class SearchText(Struct, frozen=True, array_like=True):
    """What of a `SearchRecord` results show; the terms stay encoded."""

    terms: Raw
    without: Raw
    text: str
    figures: str


NOTHING = SearchText(Raw(b""), Raw(b""), "", "")


class _TermsOnly(Struct, frozen=True, array_like=True):
    terms: dict[str, int]
    without: dict[str, int] | None
    text: Raw
    figures: Raw


class StoredSearch(Struct, frozen=True, array_like=True):
    """A stored `SearchRecord`, the number of its terms, and whether it has a confirmed claim."""

    kept: Kept
    terms: int
    confirmed: bool


class Row(Struct, frozen=True, array_like=True):
    """A brief in a segment: its key, its stored terms, and its special terms.

    `figures` is whether all its figures are `public`, `terms` the number of its terms, and
    `confirmed` whether it has a confirmed claim."""

    key: int
    kept: Kept
    special: tuple[str, ...]
    figures: bool
    public: int = 0
    terms: int = 0
    confirmed: bool = False

    @property
    def identity(self) -> tuple[bytes, tuple[str, ...], bool]:
        """What its postings depend on."""
        return digest_of(self.kept), self.special, self.figures


class Segment(Struct, frozen=True, array_like=True):
    """The briefs of a year in the index.

    `slots` is the number of keys of a month: the key of the n-th brief of a month (both from 0) is
    `month * slots + n`. `mark` is a digest of all that the segment depends on, and `shards` has
    that of each shard."""

    mark: bytes
    slots: int
    briefs: int
    shards: tuple[bytes, ...]


class YearBriefs(NamedTuple):
    """The briefs of a year, from which its segment is made.

    `months` has the number of briefs of each month, and `languages` the tags of the briefs; `rows`
    makes the rows, in order of keys."""

    mark: bytes
    months: Mapping[int, int]
    terms: int
    languages: frozenset[str]
    confirmed: bool
    rows: Callable[[int], list[Row]]  # takes the slots of a month

    @property
    def slots(self) -> int:
        slots = _FEWEST_SLOTS
        while slots < max(self.months.values()):
            slots *= 2
        return slots


class YearSummary(Struct, frozen=True, array_like=True):
    """What of `YearBriefs` is stored."""

    months: dict[int, int]
    terms: int
    languages: frozenset[str]
    confirmed: bool


class _Parts(NamedTuple):
    """The rows and the shards of a segment."""

    rows: list[Row]
    shards: list[bytes]


_search_text = msgspec.msgpack.Decoder(SearchText)
_terms_only = msgspec.msgpack.Decoder(_TermsOnly)
_segments = msgspec.msgpack.Decoder(dict[str, Segment])
_summaries = msgspec.msgpack.Decoder(dict[str, YearSummary])
_rows = msgspec.msgpack.Decoder(list[Row])
_shards = msgspec.msgpack.Decoder(list[bytes])


encode_search = msgspec.msgpack.Encoder().encode


def decode_search_text(data: bytes) -> SearchText:
    """Decode the text of a brief that results show."""
    return _search_text.decode(data)


class SearchIndex:
    """The segments of a site by year, the newest first.

    Shards are read or made when they are needed."""

    def __init__(self, store: Store, edition: str = "") -> None:
        self.store, self._name = store, f"{_NAME}-{edition}" if edition else _NAME
        self.segments: dict[str, Segment] = {}
        self.years: Mapping[str, YearBriefs] = {}
        self._parts: dict[str, _Parts] = {}
        self._unsaved: set[str] = set()
        self.summaries: dict[str, YearSummary] = {}  # of the last build
        index = store.load(self._name)
        with suppress(msgspec.DecodeError):
            self.segments = _segments.decode(index.get("segments") or b"\x80")
            self.summaries = _summaries.decode(index.get("years") or b"\x80")

    def update(self, years: Mapping[str, YearBriefs], jobs: int) -> None:
        """Make the segments of some years, the newest first, and drop others."""
        self.years = years
        stale = [
            year
            for year, briefs in years.items()
            if year not in self.segments or self.segments[year].mark != briefs.mark
        ]
        if not stale and self.segments.keys() == years.keys():
            return
        made = self._made(stale, jobs)
        self.segments = {year: made.get(year) or self.segments[year] for year in years}
        self._parts = {year: parts for year, parts in self._parts.items() if year in years}
        self._unsaved |= {*stale, ""}

    def _made(self, stale: Sequence[str], jobs: int) -> dict[str, Segment]:
        many = sum(sum(self.years[year].months.values()) for year in stale) >= FEWEST
        if many and len(stale) > 1 and self.store.folder is not None:
            found = map_ordered(self._make, stale, jobs, slow=True)
        else:
            found = [self._make(year) for year in stale]
        segments = {}
        for year, parts in zip(stale, found, strict=True):
            briefs = self.years[year]
            digests = tuple(digest(shard, _SIZE) for shard in parts.shards)
            segments[year] = Segment(briefs.mark, briefs.slots, len(parts.rows), digests)
            self._parts[year] = parts
        return segments

    def stored_rows(self, year: str) -> list[Row] | None:
        """Return the stored rows of a segment, if there are any."""
        parts, segment = self._parts.get(year) or self._load(year), self.segments.get(year)
        if parts is None or segment is None or not _fits(parts, segment):
            return None
        self._parts[year] = parts
        return parts.rows

    def shard(self, year: str, number: int) -> bytes:
        """Return a shard as JSON."""
        return self._whole(year).shards[number]

    def digest(self, year: str, number: int) -> bytes:
        """Return the digest of a shard; empty if there is none."""
        segment = self.segments.get(year)
        return segment.shards[number] if segment and number < len(segment.shards) else b""

    def save(self) -> None:
        """Save what has changed for the next build."""
        if not self._unsaved:
            return
        for year in self._unsaved - {""}:
            if year in self._parts:
                parts = self._parts[year]
                self.store.save(
                    f"{self._name}-{year}",
                    Index.of(
                        {
                            "rows": msgspec.msgpack.encode(parts.rows),
                            "shards": msgspec.msgpack.encode(parts.shards),
                        }
                    ),
                )
        years = {
            year: YearSummary(dict(y.months), y.terms, y.languages, y.confirmed)
            for year, y in self.years.items()
        }
        encode = msgspec.msgpack.encode
        sections = {"segments": encode(self.segments), "years": encode(years)}
        self.store.save(self._name, Index.of(sections))
        self._unsaved.clear()

    # --- one segment -----------------------------------------------------------------------------

    def _whole(self, year: str) -> _Parts:
        """Return the parts of an up-to-date segment.

        They are made again if what is stored differs."""
        parts = self._parts.get(year)
        if parts is None:
            parts = self._load(year)
            if parts is None or not _fits(parts, self.segments[year]):
                parts = self._build(year)
            self._parts[year] = parts
        return parts

    def _load(self, year: str) -> _Parts | None:
        index = self.store.load(f"{self._name}-{year}")
        try:
            rows, shards = index.get("rows") or b"", index.get("shards") or b""
            return _Parts(_rows.decode(rows), _shards.decode(shards))
        except msgspec.DecodeError:
            return None

    def _make(self, year: str) -> _Parts:
        """Return the parts of a stale segment."""
        return self._patch(year) or self._build(year)

    def _build(self, year: str) -> _Parts:
        briefs = self.years[year]
        rows = briefs.rows(briefs.slots)
        number = count_shards(briefs.terms)
        return _Parts(rows, build_shards(((row.key, self._terms(row)) for row in rows), number))

    def _patch(self, year: str) -> _Parts | None:
        """Return the parts if few briefs differ from those of the last build."""
        briefs, segment = self.years[year], self.segments.get(year)
        number = count_shards(briefs.terms)
        if segment is None or (segment.slots, len(segment.shards)) != (briefs.slots, number):
            return None
        old = self._parts.get(year) or self._load(year)
        if old is None or not _fits(old, segment):
            return None
        rows = briefs.rows(briefs.slots)
        was, now = {row.key: row for row in old.rows}, {row.key: row for row in rows}
        changed = [key for key in was.keys() | now.keys() if not _same(was.get(key), now.get(key))]
        if len(changed) * _FEW > len(rows):
            return None
        try:
            changes = changes_by_shard(
                ((key, self._terms(was.get(key)), self._terms(now.get(key))) for key in changed),
                number,
            )
        except StoreDamaged:  # the terms of a former build are gone
            return None
        shards = [
            patch_shard(shard, changes[n]) if n in changes else shard
            for n, shard in enumerate(old.shards)
        ]
        return _Parts(rows, shards)

    def _terms(self, row: Row | None) -> dict[str, int]:
        if row is None:
            return {}
        found = _terms_only.decode(self.store.value(row.kept))
        terms = found.terms if row.figures or found.without is None else found.without
        for special in row.special:
            terms[special] = 0
        return terms


def _fits(parts: _Parts, segment: Segment) -> bool:
    """Return whether stored parts are those of a segment."""
    return tuple(digest(shard, _SIZE) for shard in parts.shards) == segment.shards


def _same(was: Row | None, now: Row | None) -> bool:
    return was is not None and now is not None and was.identity == now.identity
