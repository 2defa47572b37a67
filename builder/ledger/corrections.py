"""The ledger of corrections and withdrawals of all published briefs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from builder.model.outline import Outline
from builder.model.statement import Correction
from builder.model.time import Moment, week_of

_WITHDRAWN = "-withdrawn"  # after a brief's identity: its withdrawal, in feeds


class CorrectionRecord(Struct, frozen=True, array_like=True):
    """A correction in the ledger, or the withdrawal of a brief.

    `number` is its position among the corrections of its brief in order of time, from 1; it is 0
    for a withdrawal, whose reason is the note. `guid` identifies it in feeds."""

    at: Moment
    brief: str
    number: int
    guid: str
    kind: str
    was: str
    now: str
    note: str
    lang: str


def shown_corrections(corrections: Sequence[Correction], now: datetime) -> tuple[int, ...]:
    """Return the indexes of corrections until a moment, in order of time."""
    known = [n for n, correction in enumerate(corrections) if correction.at.at <= now]
    return tuple(sorted(known, key=lambda n: (corrections[n].at.at, n)))


def last_change(brief: Outline, now: datetime) -> Moment | None:
    """Return the last update or correction of a brief until a moment."""
    if not brief.corrections:
        return brief.updated if brief.updated and brief.updated.at <= now else None
    times = (brief.updated, *(correction.at for correction in brief.corrections))
    return max(
        (time for time in times if time and time.at <= now), key=lambda time: time.at, default=None
    )


def correction_ledger(briefs: Iterable[Outline], now: datetime) -> tuple[CorrectionRecord, ...]:
    """Return the corrections and withdrawals of some briefs, the newest first."""
    found = [
        record
        for brief in briefs
        if (brief.corrections or brief.status == "withdrawn") and not brief.tells_nothing
        for record in _records(brief, now)
    ]
    found.sort(key=lambda a: (-a.at.at.timestamp(), a.brief, -a.number))
    return tuple(found)


def by_week(found: Iterable[CorrectionRecord]) -> dict[str, tuple[CorrectionRecord, ...]]:
    """Return corrections and withdrawals by week (`2025-w24`)."""
    weeks: dict[str, list[CorrectionRecord]] = {}
    for record in found:
        weeks.setdefault(week_of(record.at.at), []).append(record)
    return {week: tuple(records) for week, records in weeks.items()}


def _records(brief: Outline, now: datetime) -> Iterator[CorrectionRecord]:
    seen: set[str] = set()
    for number, n in enumerate(shown_corrections(brief.corrections, now), 1):
        c = brief.corrections[n]
        guid = _guid(brief.identity, c.at, seen)
        yield CorrectionRecord(
            c.at, brief.slug, number, guid, c.kind, c.was, c.now, c.note, brief.lang
        )  # fmt: skip
    if brief.status == "withdrawn":
        at = brief.updated if brief.updated and brief.updated.at <= now else brief.date
        guid, reason = f"{brief.identity}{_WITHDRAWN}", brief.withdrawn_because
        yield CorrectionRecord(at, brief.slug, 0, guid, "withdrawn", "", "", reason, brief.lang)


def story_of(guid: str) -> str:
    """Return the identity of the brief behind a feed item or withdrawal."""
    return guid.removesuffix(_WITHDRAWN)


def _guid(identity: str, at: Moment, seen: set[str]) -> str:
    """Return a guid made of a brief's identity and a correction's time.

    Neither changes with the wording, the order of corrections or the site's address. The second of
    several at one time gets a number."""
    time = at.iso if at.precision != "minute" else at.at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    first = guid = f"{identity}-corrected-{time}"
    number = 1
    while guid in seen:
        number += 1
        guid = f"{first}-{number}"
    seen.add(guid)
    return guid
