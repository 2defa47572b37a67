"""The corrections of all briefs that are out -> one record of them, with what was withdrawn; and
what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from builder.model.outline import Outline
from builder.model.statement import Correction
from builder.model.time import Moment, week_of

_WITHDRAWN = "-withdrawn"  # after a brief's identity: its withdrawal, in feeds


class CorrectionRecord(Struct, frozen=True, array_like=True):
    """A correction as the record has it, or a brief's withdrawal. `number` is its place among the
    corrections of its brief in the order of time, from 1; 0 is a withdrawal, whose reason is the
    note. `guid` is what readers of feeds know it by."""

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
    """The numbers of those that are known at a moment, in the order of time."""
    known = [n for n, correction in enumerate(corrections) if correction.at.at <= now]
    return tuple(sorted(known, key=lambda n: (corrections[n].at.at, n)))


def last_change(brief: Outline, now: datetime) -> Moment | None:
    """When a brief was updated or corrected last, before a moment; nothing where it never was."""
    if not brief.corrections:
        return brief.updated if brief.updated and brief.updated.at <= now else None
    times = (brief.updated, *(correction.at for correction in brief.corrections))
    return max(
        (time for time in times if time and time.at <= now), key=lambda time: time.at, default=None
    )


def correction_ledger(briefs: Iterable[Outline], now: datetime) -> tuple[CorrectionRecord, ...]:
    """The record of some briefs: the newest first."""
    found = [
        amendment
        for brief in briefs
        if brief.corrections or brief.status == "withdrawn"
        for amendment in _amendments(brief, now)
    ]
    found.sort(key=lambda a: (-a.at.at.timestamp(), a.brief, -a.number))
    return tuple(found)


def by_week(found: Iterable[CorrectionRecord]) -> dict[str, tuple[CorrectionRecord, ...]]:
    """Corrections and withdrawals by the week of each (`2025-w24`)."""
    weeks: dict[str, list[CorrectionRecord]] = {}
    for amendment in found:
        weeks.setdefault(week_of(amendment.at.at), []).append(amendment)
    return {week: tuple(amendments) for week, amendments in weeks.items()}


def _amendments(brief: Outline, now: datetime) -> Iterator[CorrectionRecord]:
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
    """The identity of the brief that an item of a feed is, or whose withdrawal it tells of."""
    return guid.removesuffix(_WITHDRAWN)


def _guid(identity: str, at: Moment, seen: set[str]) -> str:
    """The brief and the time of a correction, which stay as they are when its words, its place in
    the list or the address of the site change; of several at one time, the second has a number."""
    time = at.iso if at.precision != "minute" else at.at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    first = guid = f"{identity}-corrected-{time}"
    number = 1
    while guid in seen:
        number += 1
        guid = f"{first}-{number}"
    seen.add(guid)
    return guid
