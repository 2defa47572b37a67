"""Calendar files (iCalendar, RFC 5545) of scheduled events.

They have no clock: the stamp of an event is when its brief was published or last changed, and its
sequence counts the revisions. Times are in UTC, which needs no description of a time zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from builder.content.urls import host_of
from builder.language.typography import typographic
from builder.ledger.calendar import EventRecord
from builder.model.event import EventStatus
from builder.model.time import Moment
from builder.pages.page import Data, Link, Page
from builder.pages.parts.events import anchor_of
from builder.pages.planner import Planner

NAME = "calendar.ics"
TYPE = "text/calendar"
_PRODUCT = "-//Slugline//Calendar//EN"
_LINE = 75  # octets of a line, without the line break (3.1)
_STATUS: dict[EventStatus, str] = {
    "scheduled": "CONFIRMED", "expected": "TENTATIVE", "cancelled": "CANCELLED",
}  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def in_calendar(events: Iterable[EventRecord]) -> tuple[EventRecord, ...]:
    """Return the events of a calendar file.

    These are what is ahead or was over in the last 30 days; of a calendar without any, it is the
    latest event, since a calendar must have one."""
    dated = [event for event in events if event.has_day]
    return tuple(event for event in dated if event.state != "left") or tuple(dated[-1:])


def calendar_link(plan: Planner, name: str, url: str) -> Link:
    """Return the link to the calendar file beside a page."""
    return Link(plan.words("{name}: calendar", name=name), f"{url}{NAME}")


def calendar_file(
    plan: Planner, url: str, name: str, page: str, events: Iterable[EventRecord]
) -> Page:
    """Return the calendar file at an address.

    `name` is its name, `page` the address of the page with the same events."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{plan.settings.time_zone}",
        f"URL:{plan.absolute(page)}",
        f"SOURCE;VALUE=URI:{plan.absolute(url)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
        *(line for event in events for line in _event(plan, event)),
        "END:VCALENDAR",
    ]
    text = "".join(f"{folded(line)}\r\n" for line in lines)
    return Page(url, "data.txt", Data(text), addresses="none", listed=False)


def _event(plan: Planner, event: EventRecord) -> Iterator[str]:
    """Yield the lines of an event."""
    language = event.lang or plan.language
    brief = plan.headline(event.brief)
    link = f"{plan.absolute(brief.url)}#{anchor_of(event)}"
    about = [brief.name, link, *([event.url] if event.url else [])]
    known = bool(event.of) and plan.view.has_company(event.of)
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@{host_of(plan.settings.base_url)}"
    yield f"DTSTAMP:{_utc(event.stamp.at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield from _times(event)
    yield f"SUMMARY;LANGUAGE={language}:{_text(typographic(event.title, language))}"
    if event.where:
        yield f"LOCATION:{_text(event.where)}"
    yield f"DESCRIPTION:{_text(chr(10).join(about))}"
    yield f"URL:{link}"
    yield f"STATUS:{_STATUS[event.status]}"
    if known:
        yield f"CATEGORIES:{_text(plan.company(event.of).name)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _times(event: EventRecord) -> Iterator[str]:
    """Yield when an event begins and ends.

    The end of whole days is the day after the last one. If only one end has a time, the
    event takes whole days."""
    start, end = event.date, event.end
    if start.precision == "minute" and (end is None or end.precision == "minute"):
        yield f"DTSTART:{_utc(start.at)}"
        if end is not None and end.at > start.at:
            yield f"DTEND:{_utc(end.at)}"
        return
    first = start.at.date()
    yield f"DTSTART;VALUE=DATE:{_day(first)}"
    yield f"DTEND;VALUE=DATE:{_day(max(_day_after(end or start), first + timedelta(days=1)))}"


def _day_after(end: Moment) -> date:
    """Return the day after the last day of a moment."""
    if end.precision == "minute":
        return end.at.date() + timedelta(days=1)
    return end.end.date()


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Return a text as a value of a property (3.3.11)."""
    return text.translate(_ESCAPES)


def folded(line: str) -> str:
    """Return a content line, folded into lines of 75 octets (3.1).

    No character is divided."""
    found, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _LINE:
            found.append(" ")
            size = 1
        found[-1] += sign
        size += width
    return "\r\n".join(found)
