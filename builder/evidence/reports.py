"""The reports that a site cites, each once, with everything that cites it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from builder.content.config import Config
from builder.content.document import read_document
from builder.content.files import record_files
from builder.content.schema import read_record
from builder.content.urls import same_address
from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import place_of
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.record import Record
from builder.model.source import Source
from builder.model.statement import Claim, Quote
from builder.safe_files import plain_bytes


class QuotedWords(NamedTuple):
    """Words of a source, and the field of a brief that quotes them."""

    words: str
    field: str  # such as `claims.0`
    line: int = 1


class Citing(NamedTuple):
    """A record that cites a report."""

    path: str
    n: int  # the index of the source
    source: Source
    quoted: tuple[QuotedWords, ...]
    public: bool  # published, so that an archive may be asked to visit the page for it
    line: int = 1


class CitedReport(NamedTuple):
    """A report by its address, and the records that cite it."""

    key: str  # a digest of the normalised address
    address: str
    citing: tuple[Citing, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that records quote from it, each once."""
        return tuple(dict.fromkeys(q.words for one in self.citing for q in one.quoted))

    @property
    def published(self) -> datetime | None:
        """Return when it was published, if a record says so."""
        times = [one.source.published.at for one in self.citing if one.source.published]
        return min(times, default=None)

    @property
    def public(self) -> bool:
        return any(one.public for one in self.citing)


class CitedReports(NamedTuple):
    """The reports that records cite, and the files that could not be read."""

    found: tuple[CitedReport, ...]
    unreadable: tuple[str, ...]


def cited_reports(
    root: Path,
    config: Config,
    now: datetime,
    paths: Collection[str] = (),
    since: datetime | None = None,
) -> CitedReports:
    """Return the reports with an address that a site cites.

    `paths` limits them to those of some files; `since` to briefs of this day or later."""
    citing: dict[str, list[Citing]] = {}
    unreadable = []
    for file in record_files(walk_content(root), []):
        if paths and file.path not in paths:
            continue
        try:
            document, _ = read_document(file.path, plain_bytes(root / file.path))
        except OSError:
            document = None
        if document is None:
            unreadable.append(file.path)
            continue
        record, _ = read_record(file.kind, document, config.zone, slugs=config.slugs)
        if record.broken and not getattr(record, "sources", ()):
            unreadable.append(file.path)
        if since is None or (isinstance(record, Brief) and record.date.at >= since):
            for one in _citing(record, now):
                citing.setdefault(same_address(one.source.url), []).append(one)
    found = (CitedReport(key, str(all_[0].source.url), tuple(all_)) for key, all_ in citing.items())
    return CitedReports(tuple(found), tuple(unreadable))


def _citing(record: Record, now: datetime) -> Iterator[Citing]:
    sources: tuple[Source, ...] = getattr(record, "sources", ())
    public, quoted = not record.draft, dict[str, list[QuotedWords]]()
    if isinstance(record, Brief):
        public = record.status in ("published", "withdrawn") and record.date.at <= now
        public = public and not record.broken  # its date or status may be unreadable
        kinds: tuple[tuple[str, tuple[Claim | Quote | Figure, ...]], ...] = (
            ("claims", record.claims),
            ("quotes", record.quotes),
            ("figures", record.figures),
        )
        for field, said in kinds:
            for n, one in enumerate(said):
                if one.words:
                    line = _line(record, f"{field}.{n}.words")
                    found = QuotedWords(one.words, f"{field}.{n}", line)
                    quoted.setdefault(one.source, []).append(found)
    for n, source in enumerate(sources):
        if source.url:
            line = _line(record, f"sources.{n}")
            yield Citing(record.path, n, source, tuple(quoted.get(source.id, ())), public, line)


def _line(record: Record, at: str) -> int:
    place = place_of(record.places, at)
    return place.line if place else 1
