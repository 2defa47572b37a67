"""The page of a watchlist of site.yaml, and the index of watchlists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.content.config import FILE, declared_names, match_declared
from builder.language.words import message
from builder.model.watchlist import Watchlist
from builder.pages.lists import older_tasks
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.changes import Changes, subject_changes
from builder.pages.parts.events import events_on
from builder.pages.parts.icalendar import calendar_link, in_calendar
from builder.pages.planner import Planner, latest
from builder.site.lists import WATCHLISTS, Lists
from builder.site.site import Site

INDEX = Link(message("Watchlists"), WATCHLISTS)


class WatchlistPage(Struct, frozen=True, kw_only=True):
    """A watchlist: several companies, topics, people or sections in one list."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "What the list follows, if said."]
    follows: Annotated[
        tuple[Link, ...], "The companies, topics, people and sections that it follows."
    ]
    cards: Annotated[tuple[Card, ...], "The briefs, newest first; may be empty."]
    older: Annotated[str, "The address of older briefs, if any."]
    changes: Annotated[
        Changes | None, "What changed in the record of it, and how to follow that, if anything did."
    ]


class WatchlistsPage(Struct, frozen=True, kw_only=True):
    """The index of watchlists."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    watchlists: Annotated[tuple[WatchlistRow, ...], "The watchlists, in the order of site.yaml."]


class WatchlistRow(Struct, frozen=True):
    """A watchlist in the index."""

    list: Annotated[Counted, "Its name, its address and the number of its briefs."]
    summary: Annotated[str, "What the list follows, if said."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for found in site.config.settings.watchlists:
        yield Task(f"watchlist {found.slug}", partial(_watchlist_page, found.slug))
        link, feed = partial(_link, found.slug), partial(_feed, found.slug)
        yield from older_tasks(lists, found.url, link, [INDEX], feed, INDEX.url)
    if site.config.settings.watchlists:
        yield Task("watchlists", _index)


def _find(plan: Planner, slug: str) -> Watchlist:
    return next(found for found in plan.settings.watchlists if found.slug == slug)


def _link(slug: str, plan: Planner) -> Link:
    found = _find(plan, slug)
    return Link(found.name, found.url)


def _feed(slug: str, plan: Planner) -> Link:
    found = _find(plan, slug)
    return Link(plan.words("{name}: coverage", name=found.name), found.url)


def _calendar(plan: Planner, found: Watchlist) -> Link | None:
    dated = in_calendar(events_on(plan, found.slug))
    return calendar_link(plan, found.name, found.url) if dated else None


def _watchlist_page(slug: str, plan: Planner) -> Iterator[Page]:
    found = _find(plan, slug)
    chunk = plan.view.slice(found.url, 0)
    changed = subject_changes(plan, "watchlists", slug, found.name, found.url)
    context = WatchlistPage(
        site=plan.info,
        head=plan.head(
            found.url,
            found.name,
            trail=[plan.named(INDEX)],
            feed=_feed(slug, plan) if chunk.items else None,
            changes=changed.feeds if changed else (),
            description=found.summary,
            active=INDEX.url,
            calendar=_calendar(plan, found),
        ),
        name=found.name,
        summary=found.summary,
        follows=tuple(_followed(plan, found)),
        cards=plan.cards(chunk.items),
        older=chunk.older,
        changes=changed,
    )
    yield Page(found.url, "watchlist.html", context, FILE, modified=latest(chunk.items))


def _followed(plan: Planner, found: Watchlist) -> Iterator[Link]:
    """Yield what a watchlist follows, as far as it has a page: other names are not public."""
    view = plan.view
    companies = (view.meaning("companies", name) for name in found.companies)
    yield from (plan.company(slug) for slug in companies if slug and view.has_company(slug))
    topics = {view.meaning("topics", name) for name in found.topics}
    yield from (plan.topic(slug) for slug in view.topics() if slug in topics)
    people = {view.meaning("people", name) for name in found.people}
    yield from (plan.person(slug) for slug in view.people() if slug in people)
    sections = declared_names(plan.settings.sections)
    slugs = (match_declared(name, sections) for name in found.sections)
    yield from (link for slug in slugs if slug and (link := plan.section(slug)))


def _index(plan: Planner) -> Iterator[Page]:
    rows = (
        WatchlistRow(
            Counted(found.name, found.url, plan.view.count("watchlists", found.slug)[0]),
            found.summary,
        )
        for found in plan.settings.watchlists
    )
    context = WatchlistsPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words(
                "Subjects that {site} follows across companies and topics.",
                site=plan.settings.title,
            ),
        ),
        watchlists=tuple(rows),
    )
    yield Page(INDEX.url, "watchlists.html", context)


KIND = Kind(
    tasks,
    {"watchlist.html": WatchlistPage, "watchlists.html": WatchlistsPage},
    roots=(INDEX.url,),
)
