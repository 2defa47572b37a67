"""The ledger of what is scheduled: the events of published briefs, by date.

An event is one record, however many briefs state it: a later brief that moves, cancels or confirms
it names the earlier one in `changes`. The latest statement decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from builder.ledger.corrections import last_change, shown_corrections
from builder.ledger.names import NameResolvers
from builder.model.event import Event, EventStatus
from builder.model.outline import Outline
from builder.model.time import NO_DATE, Moment

# How long an event stays in calendar files after it is over.
KEPT = timedelta(days=30)

# It is ahead or goes on; it is over; it has left the calendar files, too.
EventState = Literal["ahead", "over", "left"]


class EventRecord(Struct, frozen=True, array_like=True):
    """An event in the calendar.

    `uid` identifies it for good. `stated` has the brief and the id of each statement, the latest
    first, whose fields these are. `stamp` is when that brief was published or last changed, and
    `sequence` counts the revisions. `was` has former dates,
    each with its end."""

    uid: str
    stated: tuple[tuple[str, str], ...]
    title: str
    date: Moment
    end: Moment | None
    of: str  # the company, or empty
    where: str
    url: str
    status: EventStatus
    stamp: Moment
    sequence: int
    was: tuple[tuple[Moment, Moment | None], ...]
    state: EventState
    lang: str
    due: bool = False  # whether it is the last day by which a brief expects something

    @property
    def brief(self) -> str:
        """The latest brief that states it."""
        return self.stated[0][0]

    @property
    def has_day(self) -> bool:
        """Return whether its date is known to the day."""
        return has_day(self.date)


class _Statement(Struct, frozen=True):
    """An event as one brief states it."""

    brief: Outline
    event: Event


def has_day(date: Moment) -> bool:
    """Return whether a date is known to the day."""
    return date.precision in ("day", "minute")


def over_at(date: Moment, end: Moment | None) -> datetime:
    """Return when an event is over.

    That is at its end, or at the end of its last day."""
    if end is not None:
        return max(end.end, date.at)
    if date.precision == "minute":
        return date.at.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    return date.end


def state_of(date: Moment, end: Moment | None, now: datetime) -> EventState:
    """Return the state of an event at a moment."""
    over = over_at(date, end)
    return "ahead" if now < over else "over" if now < over + KEPT else "left"


def calendar_ledger(
    briefs: Mapping[str, Outline],
    originals: Mapping[str, str],
    links: NameResolvers,
    now: datetime,
) -> tuple[EventRecord, ...]:
    """Return the events that some briefs state, by date.

    `originals` maps translations among the briefs to their originals; a translation states only
    events that its original does not have."""
    said: dict[str, list[_Statement]] = {}
    roots: dict[str, str] = {}
    stating = [brief for brief in briefs.values() if brief.events]
    for brief in sorted(stating, key=lambda brief: (brief.date.at, brief.slug)):
        original = briefs.get(originals.get(brief.slug, ""))
        known = {event.id for event in original.events} if original else set()
        for event in brief.events:
            key = f"{brief.slug}#{event.id}"
            unreadable = not event.id or event.date.at == NO_DATE.at
            if unreadable or key in roots or event.id in known:
                continue  # the first two are mistakes, which are reported
            root = roots[key] = roots.get(event.changes, key)
            said.setdefault(root, []).append(_Statement(brief, event))
    found = [_record(statements, links, now) for statements in said.values()]
    return tuple(sorted(found, key=event_order))


def event_order(event: EventRecord) -> tuple[datetime, str, str]:
    """Return the sort key by date.

    A month or a year comes after the days in it."""
    at = event.date.at if event.has_day else over_at(event.date, event.end)
    return at, event.title, event.uid


def _record(said: list[_Statement], links: NameResolvers, now: datetime) -> EventRecord:
    """Return the event that some briefs state, given in order of publication."""
    first, last = said[0], said[-1]
    event, brief = last.event, last.brief
    company = event.of or next((s.event.of for s in reversed(said) if s.event.of), "")
    company = company or (brief.companies[0] if brief.companies else "")
    dates = dict.fromkeys((statement.event.date, statement.event.end) for statement in said)
    return EventRecord(
        uid=f"{first.brief.identity}-{first.event.id}",
        stated=tuple((statement.brief.slug, statement.event.id) for statement in reversed(said)),
        title=event.title,
        date=event.date,
        end=event.end,
        of=links.company(company) if company else "",
        where=event.where,
        url=event.url,
        status=event.status,
        stamp=last_change(brief, now) or brief.date,
        sequence=sum(revisions(statement.brief, now) for statement in said) - 1,
        was=tuple(dated for dated in dates if dated != (event.date, event.end)),
        state=state_of(event.date, event.end, now),
        lang=brief.lang,
    )


def revisions(brief: Outline, now: datetime) -> int:
    """Return how many versions of a brief readers have seen.

    It only grows."""
    updated = brief.updated is not None and brief.updated.at <= now
    return 1 + len(shown_corrections(brief.corrections, now)) + updated


def event_moments(events: Iterable[Event]) -> Iterator[float]:
    """Yield when events are over, and when they leave calendar files.

    Both are in seconds since 1970."""
    for event in events:
        over = over_at(event.date, event.end)
        yield from (over.timestamp(), (over + KEPT).timestamp())
