"""A slice of a list -> a page of cards. Every list that is longer than a page uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from builder.model import Brief, Card, Link, Moment
from builder.pages.page import Head, Page, SiteInfo
from builder.pages.plan import Plan, Slice, latest


class ListPage(Struct, frozen=True, kw_only=True):
    """One page of a list of briefs: all briefs, a month, or the older coverage of something."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    heading: Annotated[str, "What the list is of."]
    subject: Annotated[Link | None, "The page that the list belongs to, where it is another."]
    cards: Annotated[tuple[Card, ...], "The briefs, the newest first."]
    events: Annotated[bool, "Whether the order is that of events, not of publication."]
    newer: Annotated[str, "The address of the page with newer briefs, or nothing."]
    older: Annotated[str, "The address of the page with older briefs, or nothing."]


def list_page(
    plan: Plan, piece: Slice, heading: str, trail: Sequence[Link], subject: Link | None = None,
    feed: Link | None = None, active: str = "", description: str = "", events: bool = False,
) -> Page:  # fmt: skip
    """A page of a list."""
    name = f"{heading}, page {piece.number}" if piece.number else heading
    context = ListPage(
        site=plan.info,
        head=plan.head(
            piece.url, name, trail=trail, feed=feed, active=active, description=description
        ),
        heading=heading,
        subject=subject,
        cards=plan.cards(piece.briefs),
        events=events,
        newer=piece.newer,
        older=piece.older,
    )
    return Page(piece.url, "list.html", context, modified=latest(piece.briefs))


def older_pages(
    plan: Plan, pieces: Sequence[Slice], subject: Link, trail: Sequence[Link],
    feed: Link | None = None, active: str = "", events: bool = False,
) -> Iterator[Page]:  # fmt: skip
    """The pages after the first, of a subject whose own page is the first."""
    for piece in pieces[1:]:
        yield list_page(
            plan, piece, subject.name, [*trail, subject], subject, feed, active, events=events
        )


def all_briefs(plan: Plan) -> Iterator[Page]:
    """/briefs/: everything, the newest first."""
    for piece in plan.slices("/briefs/", plan.site.briefs):
        trail = [Link("All briefs", "/briefs/")] if piece.number else []
        yield list_page(plan, piece, "All briefs", trail, active="/briefs/")


def _event(brief: Brief) -> Moment:
    """What a brief is sorted by: of a month that is known, and no day, the day of publication
    where that is in it."""
    event = brief.happened
    vague = event.precision in ("year", "month") and brief.date.iso.startswith(event.iso)
    return brief.date if vague else event


def coverage(plan: Plan, briefs: tuple[Brief, ...]) -> tuple[Brief, ...]:
    """Coverage in the order of events: what happened last comes first."""
    return tuple(
        sorted(
            briefs,
            key=lambda b: (_event(b).at.timestamp(), b.date.at.timestamp(), b.slug),
            reverse=True,
        )
    )
