"""The page of a thread with its timeline, and the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from builder.language.collation import sort_key
from builder.language.dates import month_name
from builder.language.words import message
from builder.ledger.numbers import FigureRecord
from builder.model.entity import Thread
from builder.model.time import Moment
from builder.pages.card import card_files, shared, thread_card
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.figures import Series, series_of
from builder.pages.parts.sources import SourceLine, source_lines
from builder.pages.parts.translation import TranslationNote, profile_note, translated_page
from builder.pages.planner import Planner, latest
from builder.site.lists import Lists, coverage
from builder.site.site import Entry, Site

INDEX = Link(message("Threads"), "/threads/")
_MONTHS = 24  # a longer timeline is divided by years
_LONG = 40  # in a longer timeline only turning points have summaries
_LISTED = 25  # briefs listed for search engines


class TimelinePeriod(Struct, frozen=True):
    """A month or year of a timeline."""

    name: Annotated[str, "The month or year; empty if the timeline has only one."]
    anchor: Annotated[str, "Its anchor on the page."]
    cards: Annotated[tuple[Card, ...], "The briefs; importance 1 marks a turning point."]


class ThreadPage(Struct, frozen=True, kw_only=True):
    """A thread's page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The title of the story."]
    summary: Annotated[str, "The standfirst, if any."]
    began: Annotated[Moment, "When the first event of the story happened."]
    latest: Annotated[Moment, "When the latest event of the story happened."]
    closed: Annotated[Moment | None, "When the story ended; none while it is open."]
    count: Annotated[int, "The number of briefs."]
    body: Annotated[str, "The background: HTML made from Markdown; print it with |safe."]
    text_language: Annotated[str, "The language of the text."]
    translated: Annotated[
        TranslationNote | None, "Who translated the text, from what, and whether that changed."
    ]
    sources: Annotated[tuple[SourceLine, ...], "The sources of the background."]
    timeline: Annotated[tuple[TimelinePeriod, ...], "The briefs by date of event, latest first."]
    turning: Annotated[int, "The number of turning points."]
    condensed: Annotated[bool, "Whether only turning points have summaries."]
    companies: Annotated[tuple[Counted, ...], "The companies in the story."]
    numbers: Annotated[tuple[Series, ...], "The figures that changed in the course of the story."]


class ThreadRow(Struct, frozen=True, kw_only=True):
    """A thread in the index."""

    title: Annotated[str, "The title of the story."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "The standfirst, if any."]
    count: Annotated[int, "The number of briefs."]
    latest: Annotated[Moment, "When the latest event of the story happened."]
    closed: Annotated[Moment | None, "When the story ended; none while it is open."]


class ThreadsPage(Struct, frozen=True, kw_only=True):
    """The index of threads."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    open: Annotated[tuple[ThreadRow, ...], "The open threads, latest event first."]
    closed: Annotated[tuple[ThreadRow, ...], "The closed threads, latest event first."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug in site.threads:
        yield Task(f"thread {slug}", partial(_thread_page, slug))
    if site.threads or _in_menu(site):  # even before the first brief is published
        yield Task("threads", _index)


def _in_menu(site: Site) -> bool:
    settings = site.config.settings
    return any(item.url == INDEX.url for item in (*settings.menu, *settings.footer))


def feed_of(plan: Planner, thread: Thread) -> Link:
    """Return the name of the feed of a thread, and its folder."""
    return Link(plan.words("{name}: coverage", name=thread.title), thread.url)


def _thread_page(slug: str, plan: Planner) -> Iterator[Page]:
    thread = plan.view.thread(slug)
    body = plan.text(thread)
    briefs = coverage(plan.view.covering("thread", slug))
    timeline = tuple(_timeline(plan, briefs))
    card = thread_card(plan, thread)
    context = ThreadPage(
        site=plan.info,
        head=plan.head(
            thread.url,
            thread.title,
            trail=[plan.named(INDEX)],
            feed=feed_of(plan, thread),
            description=thread.summary,
            active=INDEX.url,
            objects=[_collection(plan, thread, briefs), *translated_page(plan, thread)],
            **shared(plan, None, card),
        ),
        title=thread.title,
        summary=thread.summary,
        began=briefs[-1].happened,
        latest=briefs[0].happened,
        closed=thread.closed,
        count=len(briefs),
        body=body.html,
        text_language=plan.text_language(thread),
        translated=profile_note(plan, thread),
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
    yield from card_files(context.head, card)


def _anchors(context: ThreadPage, headings: tuple[str, ...]) -> tuple[str, ...]:
    parts = {"numbers": context.numbers, "companies": context.companies, "sources": context.sources}
    named = (name for name, part in parts.items() if part)
    periods = (period.anchor for period in context.timeline if period.name)
    series = (found.anchor for found in context.numbers)
    return ("content", "timeline", *named, *periods, *series, *headings)


# --- the timeline ------------------------------------------------------------------------------


def _timeline(plan: Planner, briefs: Sequence[Entry]) -> Iterator[TimelinePeriod]:
    """Yield the briefs by month, or by year.

    A timeline is divided by years if it has too many months, or if the month of an event is
    unknown.
    """
    days = [brief.event_time for brief in briefs]
    months = {day.iso[:7] for day in days}
    by_year = len(months) > _MONTHS or any(day.precision == "year" for day in days)
    periods: dict[str, list[Entry]] = {}
    for brief, day in zip(briefs, days, strict=True):
        periods.setdefault(day.iso[: 4 if by_year else 7], []).append(brief)
    for at, found in periods.items():
        name = at if by_year else month_name(found[0].event_time.at.date(), plan.language)
        yield TimelinePeriod(name if len(periods) > 1 else "", f"in-{at}", plan.cards(found))


def _collection(plan: Planner, thread: Thread, briefs: Sequence[Entry]) -> dict[str, Any]:
    """Return schema.org's CollectionPage, with the latest briefs as its ItemList."""
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
                    "url": plan.absolute(brief.url),
                }
                for n, brief in enumerate(briefs[:_LISTED], 1)
            ],
        },
    }


# --- the figures -------------------------------------------------------------------------------


def _moved(plan: Planner, briefs: Sequence[Entry]) -> Iterator[Series]:
    """Yield figures measured more than once, or given with different values.

    Each series carries the name of its company.
    """
    values: dict[str, list[FigureRecord]] = {}
    for brief in briefs:
        if plan.view.outline(brief.slug).figures:  # so this task depends on no such fact
            for value, _ in plan.view.figures_in(brief.slug):
                values.setdefault(value.of, []).append(value)
    links = {slug: plan.company(slug) for slug in values}
    for slug in sorted(values, key=lambda slug: (sort_key(links[slug].name, plan.language), slug)):
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
    """Return whether there is more than one date or value."""
    return len({value.at for value in values}) > 1 or len({value.value for value in values}) > 1


# --- the index ---------------------------------------------------------------------------------


def _index(plan: Planner) -> Iterator[Page]:
    rows = [_row(plan, slug) for slug in plan.view.threads()]
    rows.sort(key=lambda row: (-row.latest.at.timestamp(), row.url))
    context = ThreadsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words(
                "Stories that {site} follows from brief to brief.", site=plan.settings.title
            ),
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
