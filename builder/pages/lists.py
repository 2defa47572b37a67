"""Paginated lists of briefs, one page of cards for each slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Annotated

from msgspec import Struct

from builder.pages.page import Card, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.planner import Planner, latest
from builder.site.lists import ALL, Lists, Slice
from builder.site.site import Entry, Site


class ListPage(Struct, frozen=True, kw_only=True):
    """One page of a list of briefs, such as a month."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    heading: Annotated[str, "The heading of the list."]
    subject: Annotated[Link | None, "The page that the list belongs to, if it is not this one."]
    cards: Annotated[tuple[Card, ...], "The briefs, newest first."]
    events: Annotated[bool, "Whether briefs are ordered by event date instead of publication date."]
    newer: Annotated[str, "The address of the page with newer briefs, if any."]
    older: Annotated[str, "The address of the page with older briefs, if any."]


def list_page(
    plan: Planner, chunk: Slice[Entry], heading: str, trail: Sequence[Link],
    subject: Link | None = None, feed: Link | None = None, active: str = "",
    description: str = "", events: bool = False,
) -> Page:  # fmt: skip
    """Return one page of a list."""
    # Translators: {heading} is a subject or a month, {number} the page of its list.
    name = (
        plan.words("{heading}, page {number}", heading=heading, number=chunk.number)
        if chunk.number
        else heading
    )
    context = ListPage(
        site=plan.info,
        head=plan.head(
            chunk.url, name, trail=trail, feed=feed, active=active, description=description
        ),
        heading=heading,
        subject=subject,
        cards=plan.cards(chunk.items),
        events=events,
        newer=chunk.newer,
        older=chunk.older,
    )
    return Page(chunk.url, "list.html", context, modified=latest(chunk.items))


def older_tasks(
    lists: Lists, url: str, subject: Callable[[Planner], Link], trail: Sequence[Link],
    feed: Callable[[Planner], Link] | None = None, active: str = "", events: bool = False,
) -> Iterator[Task]:  # fmt: skip
    """Yield the later pages of a list that starts elsewhere."""

    def make(number: int, plan: Planner) -> Iterator[Page]:
        link = subject(plan)
        yield list_page(
            plan,
            plan.view.slice(url, number),
            link.name,
            [*map(plan.named, trail), link],
            link,
            feed(plan) if feed else None,
            active,
            events=events,
        )

    for number in range(1, len(lists.slices[url])):
        yield Task(f"list {url} {number}", partial(make, number))


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    """Yield the pages of /briefs/: all briefs, newest first."""

    def make(number: int, plan: Planner) -> Iterator[Page]:
        chunk = plan.view.slice(ALL, number)
        trail = [Link(plan.words("All briefs"), ALL)] if chunk.number else []
        yield list_page(plan, chunk, plan.words("All briefs"), trail, active=ALL)

    for number in range(len(lists.slices[ALL])):
        yield Task(f"list {ALL} {number}", partial(make, number))


KIND = Kind(
    tasks,
    {"list.html": ListPage},
)
