"""A thread -> its page, a timeline of what happened; all threads -> their index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from builder.language.dates import month_name
from builder.ledger.numbers import FigureRecord
from builder.model.entity import Thread
from builder.model.time import Moment
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.figures import Series, series_of
from builder.pages.parts.sources import SourceLine, source_lines
from builder.pages.planner import Planner, latest
from builder.site.lists import Lists, coverage
from builder.site.site import Entry, Site

INDEX = Link("Threads", "/threads/")
_MONTHS = 24  # a longer story is told by years
_LONG = 40  # in a timeline of more briefs only turning points have their summaries
_LISTED = 25  # briefs that search engines are told of


class Stretch(Struct, frozen=True):
    """A month or a year of a timeline."""

    name: Annotated[str, "The month or the year; nothing where the story has only one."]
    anchor: Annotated[str, "Its anchor on the page."]
    cards: Annotated[tuple[Card, ...], "Its briefs; importance 1 marks a turning point."]


class ThreadPage(Struct, frozen=True, kw_only=True):
    """A thread."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The story in a few words."]
    summary: Annotated[str, "The standfirst, or nothing."]
    began: Annotated[Moment, "When the first thing in it happened."]
    latest: Annotated[Moment, "When the last thing in it happened."]
    closed: Annotated[Moment | None, "When it came to its end; none while it goes on."]
    count: Annotated[int, "How many briefs it has."]
    body: Annotated[str, "The background: HTML made from Markdown; print it with |safe."]
    sources: Annotated[tuple[SourceLine, ...], "What the background rests on."]
    timeline: Annotated[tuple[Stretch, ...], "The briefs: what happened last comes first."]
    turning: Annotated[int, "How many of them are turning points."]
    condensed: Annotated[bool, "Whether only turning points are shown with their summaries."]
    companies: Annotated[tuple[Counted, ...], "The companies in it."]
    numbers: Annotated[tuple[Series, ...], "The figures that moved in the course of it."]


class ThreadRow(Struct, frozen=True, kw_only=True):
    """A thread in the index."""

    title: Annotated[str, "The story in a few words."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "The standfirst, or nothing."]
    count: Annotated[int, "How many briefs it has."]
    latest: Annotated[Moment, "When the last thing in it happened."]
    closed: Annotated[Moment | None, "When it came to its end."]


class ThreadsPage(Struct, frozen=True, kw_only=True):
    """The index of threads."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    open: Annotated[tuple[ThreadRow, ...], "Those that go on, the one with the last event first."]
    closed: Annotated[tuple[ThreadRow, ...], "Those that came to their end, in the same order."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug in site.threads:
        yield Task(f"thread {slug}", partial(_thread_page, slug))
    for slug in site.waiting:
        yield Task(f"waiting-thread {slug}", partial(_waiting, slug))
    if site.threads or site.waiting:  # menus may lead there before the first brief is out
        yield Task("threads", _index)


def feed_of(thread: Thread) -> Link:
    """The feed of a thread."""
    return Link(f"{thread.title}: the story", f"{thread.url}feed.xml")


def _waiting(slug: str, plan: Planner) -> Iterator[Page]:
    """A thread none of whose briefs is out is checked, and has no page."""
    thread = plan.view.thread(slug)
    plan.text(thread)
    source_lines(plan, thread.sources, plan.language)
    return iter(())


def _thread_page(slug: str, plan: Planner) -> Iterator[Page]:
    thread = plan.view.thread(slug)
    body = plan.text(thread)
    briefs = coverage(plan.view.covering("thread", slug))
    timeline = tuple(_timeline(plan, briefs))
    context = ThreadPage(
        site=plan.info,
        head=plan.head(
            thread.url,
            thread.title,
            trail=[INDEX],
            feed=feed_of(thread),
            description=thread.summary,
            active=INDEX.url,
            objects=[_collection(plan, thread, briefs)],
        ),
        title=thread.title,
        summary=thread.summary,
        began=briefs[-1].happened,
        latest=briefs[0].happened,
        closed=thread.closed,
        count=len(briefs),
        body=body.html,
        sources=source_lines(plan, thread.sources, plan.language),
        timeline=timeline,
        turning=sum(brief.importance == 1 for brief in briefs),
        condensed=len(briefs) > _LONG,
        companies=plan.counted("companies", briefs),
        numbers=tuple(_moved(plan, briefs)),
    )
    yield Page(
        thread.url,
        "thread.html",
        context,
        thread.path,
        modified=latest(briefs),
        anchors=_anchors(context, tuple(heading.anchor for heading in body.headings)),
    )


def _anchors(context: ThreadPage, headings: tuple[str, ...]) -> tuple[str, ...]:
    parts = {"numbers": context.numbers, "companies": context.companies, "sources": context.sources}
    named = (name for name, part in parts.items() if part)
    stretches = (stretch.anchor for stretch in context.timeline if stretch.name)
    series = (found.anchor for found in context.numbers)
    return ("content", "timeline", *named, *stretches, *series, *headings)


# --- the timeline ------------------------------------------------------------------------------


def _timeline(plan: Planner, briefs: Sequence[Entry]) -> Iterator[Stretch]:
    """The briefs by month; by year where that would be too many, or no month is known."""
    days = [brief.event_time for brief in briefs]
    months = {day.iso[:7] for day in days}
    by_year = len(months) > _MONTHS or any(day.precision == "year" for day in days)
    stretches: dict[str, list[Entry]] = {}
    for brief, day in zip(briefs, days, strict=True):
        stretches.setdefault(day.iso[: 4 if by_year else 7], []).append(brief)
    for at, found in stretches.items():
        name = at if by_year else month_name(found[0].event_time.at.date(), plan.language)
        yield Stretch(name if len(stretches) > 1 else "", f"in-{at}", plan.cards(found))


def _collection(plan: Planner, thread: Thread, briefs: Sequence[Entry]) -> dict[str, Any]:
    """schema.org's CollectionPage, with the latest briefs as its ItemList."""
    base = plan.settings.base_url
    return {
        "@type": "CollectionPage",
        "name": thread.title,
        "description": thread.summary,
        "url": f"{base}{thread.url}",
        "inLanguage": plan.language,
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": len(briefs),
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": n,
                    "name": plan.card(brief).title,
                    "url": f"{base}{brief.url}",
                }
                for n, brief in enumerate(briefs[:_LISTED], 1)
            ],
        },
    }


# --- the figures -------------------------------------------------------------------------------


def _moved(plan: Planner, briefs: Sequence[Entry]) -> Iterator[Series]:
    """What was measured at more than one time, or given with more than one value, each with the
    name of its company."""
    values: dict[str, list[FigureRecord]] = {}
    for brief in briefs:
        if plan.view.outline(brief.slug).figures:  # else there is no fact to compare
            for value, _ in plan.view.figures_in(brief.slug):
                values.setdefault(value.of, []).append(value)
    links = {slug: plan.company(slug) for slug in values}
    for slug in sorted(values, key=lambda slug: (links[slug].name, slug)):
        moved = [group for group in _by_subject(values[slug]) if _differ(group)]
        kept = [value for group in moved for value in group]
        for series in series_of(plan, kept, slug, f"figures-{slug}"):
            yield replace(series, name=f"{links[slug].name}: {series.name}")


def _by_subject(values: Sequence[FigureRecord]) -> list[list[FigureRecord]]:
    groups: dict[tuple[str, str], list[FigureRecord]] = {}
    for value in values:
        groups.setdefault((value.key, value.to), []).append(value)
    return [*groups.values()]


def _differ(values: Sequence[FigureRecord]) -> bool:
    """Whether there is more than one time, or more than one value."""
    return len({value.at for value in values}) > 1 or len({value.value for value in values}) > 1


# --- the index ---------------------------------------------------------------------------------


def _index(plan: Planner) -> Iterator[Page]:
    rows = [_row(plan, slug) for slug in plan.view.threads()]
    rows.sort(key=lambda row: (-row.latest.at.timestamp(), row.url))
    context = ThreadsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            active=INDEX.url,
            description=f"Stories that {plan.settings.title} follows from brief to brief.",
            objects=[_list_of(plan, rows)] if rows else [],
        ),
        open=tuple(row for row in rows if not row.closed),
        closed=tuple(row for row in rows if row.closed),
    )
    briefs = [b for slug in plan.view.threads() for b in plan.view.covering("thread", slug)]
    yield Page(INDEX.url, "threads.html", context, modified=latest(briefs))


def _row(plan: Planner, slug: str) -> ThreadRow:
    thread = plan.view.thread(slug)
    briefs = coverage(plan.view.covering("thread", slug))
    return ThreadRow(
        title=thread.title,
        url=thread.url,
        summary=thread.summary,
        count=len(briefs),
        latest=briefs[0].happened,
        closed=thread.closed,
    )


def _list_of(plan: Planner, rows: Sequence[ThreadRow]) -> dict[str, Any]:
    base = plan.settings.base_url
    return {
        "@type": "ItemList",
        "numberOfItems": len(rows),
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": row.title, "url": f"{base}{row.url}"}
            for n, row in enumerate(rows, 1)
        ],
    }


KIND = Kind(
    tasks,
    {"thread.html": ThreadPage, "threads.html": ThreadsPage},
    roots=(INDEX.url,),
)
