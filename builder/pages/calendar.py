"""The calendar: what briefs say is scheduled, and the files that calendar programs subscribe to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Annotated

from msgspec import Struct

from builder.language.words import message
from builder.ledger.calendar import EventRecord
from builder.model.outline import Outline
from builder.pages.page import Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.events import EventLine, ahead, event_line, events_on
from builder.pages.parts.icalendar import NAME, calendar_file, in_calendar
from builder.pages.planner import Planner
from builder.site.lists import CALENDAR, Lists
from builder.site.site import Site

INDEX = Link(message("Calendar"), CALENDAR)
FILE = f"/{NAME}"


class EventYear(Struct, frozen=True):
    """The events of a year."""

    name: Annotated[str, "The year."]
    anchor: Annotated[str, "Its anchor on the page."]
    events: Annotated[tuple[EventLine, ...], "The events, by date."]


class CalendarPage(Struct, frozen=True, kw_only=True):
    """The calendar: what lies ahead, and what is over."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    ahead: Annotated[tuple[EventYear, ...], "What lies ahead, the next first; may be empty."]
    over: Annotated[
        EventYear | None, "What is over of the latest year that has such events, latest first."
    ]
    total: Annotated[int, "The number of events ahead."]
    file: Annotated[str, "The address of the calendar file; empty if no event has a day."]
    time_zone: Annotated[str, "The time zone of times on the page; empty if there are none."]
    older: Annotated[str, "The address of the page with older events, if any."]


class OlderEventsPage(Struct, frozen=True, kw_only=True):
    """The events of an earlier year."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The heading."]
    calendar: Annotated[Link, "The calendar."]
    events: Annotated[tuple[EventLine, ...], "The events of the year, the latest first."]
    newer: Annotated[str, "The address of the page with newer events."]
    older: Annotated[str, "The address of the page with older events, if any."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if not site.events:
        return
    years = tuple(sorted({_year(e) for e in site.events if e.state != "ahead"}, reverse=True))
    yield Task("calendar", partial(_calendar, years))
    for n in range(1, len(years)):
        yield Task(f"calendar {years[n]}", partial(_older, years, n))
    for slug in sorted({event.of for event in site.events} & site.companies.keys()):
        yield Task(f"calendar of {slug}", partial(_of_company, slug))
    for found in site.config.settings.watchlists:
        yield Task(f"calendar of the list {found.slug}", partial(_of_watchlist, found.slug))


def _year(event: EventRecord) -> str:
    return event.date.iso[:4]


def _url_of(year: str) -> str:
    return f"{CALENDAR}{year}/"


def _calendar(years: Sequence[str], plan: Planner) -> Iterator[Page]:
    events = plan.view.events()
    coming = ahead(events)
    dated = in_calendar(events)
    description = plan.words(
        "What is scheduled, as the briefs of {site} state it.", site=plan.settings.title
    )
    over = _over(events, years[0]) if years else []
    timed = any(event.date.precision == "minute" for event in (*coming, *over))
    context = CalendarPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            description=description,
            active=INDEX.url,
            calendar=calendar_link(plan) if dated else None,
        ),
        ahead=tuple(_years(plan, coming)),
        over=next(_years(plan, over), None),
        total=len(coming),
        file=FILE if dated else "",
        time_zone=plan.settings.time_zone if timed else "",
        older=_url_of(years[1]) if len(years) > 1 else "",
    )
    parts = (("ahead", coming), ("over", context.over))
    found = (year.anchor for year in context.ahead)
    anchors = ("content", *(name for name, part in parts if part), *found)
    yield Page(INDEX.url, "calendar.html", context, anchors=anchors)
    if dated:
        yield calendar_file(plan, FILE, plan.settings.title, INDEX.url, dated)


def _over(events: Sequence[EventRecord], year: str) -> list[EventRecord]:
    """Return the events of a year that are over, the latest first."""
    return [e for e in reversed(events) if e.state != "ahead" and _year(e) == year]


def _older(years: Sequence[str], n: int, plan: Planner) -> Iterator[Page]:
    year = years[n]
    title = plan.words("Calendar {year}", year=year)
    context = OlderEventsPage(
        site=plan.info,
        head=plan.head(_url_of(year), title, trail=[plan.named(INDEX)], active=INDEX.url),
        title=title,
        calendar=plan.named(INDEX),
        events=tuple(event_line(plan, event) for event in _over(plan.view.events(), year)),
        newer=_url_of(years[n - 1]) if n > 1 else INDEX.url,
        older=_url_of(years[n + 1]) if n + 1 < len(years) else "",
    )
    yield Page(_url_of(year), "older-events.html", context, anchors=("content",))


def _years(plan: Planner, events: Sequence[EventRecord]) -> Iterator[EventYear]:
    """Yield events by year, keeping their order."""
    for year, found in groupby(events, key=_year):
        lines = tuple(event_line(plan, event) for event in found)
        yield EventYear(year, f"year.{year}", lines)


def calendar_link(plan: Planner) -> Link:
    """Return the name and address of the site's calendar file."""
    return Link(plan.words("{site}: Calendar", site=plan.settings.title), FILE)


def _of_company(slug: str, plan: Planner) -> Iterator[Page]:
    company, dated = plan.company(slug), in_calendar(plan.view.events_of(slug))
    if dated:
        name = f"{plan.settings.title}: {company.name}"
        yield calendar_file(plan, f"{company.url}{NAME}", name, company.url, dated)


def _of_watchlist(slug: str, plan: Planner) -> Iterator[Page]:
    found = next(found for found in plan.settings.watchlists if found.slug == slug)
    dated = in_calendar(events_on(plan, slug))
    if dated:
        name = f"{plan.settings.title}: {found.name}"
        yield calendar_file(plan, f"{found.url}{NAME}", name, found.url, dated)


def _of_brief(brief: Outline) -> tuple[str, ...]:
    if not brief.events:
        return ()
    return INDEX.url, FILE, *{_url_of(event.date.iso[:4]) for event in brief.events}


KIND = Kind(
    tasks,
    {"calendar.html": CalendarPage, "older-events.html": OlderEventsPage},
    roots=(INDEX.url,),
    of_brief=_of_brief,
)
