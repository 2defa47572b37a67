"""Scheduled changes after a moment: publications, expiries, what is over or overdue."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime

from builder.ledger.calendar import KEPT, has_day, over_at
from builder.ledger.expectations import settling
from builder.model.entity import PlainPage
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.site.due import NEWS, Due, Event
from builder.site.relink import LinkedSite
from builder.site.site import Site


def next_due(linked: LinkedSite, now: datetime) -> Due | None:
    """Return the next scheduled change after a moment, if any."""
    if not linked.moments or linked.moments[-1] <= now.timestamp():
        return None
    return min(_due_after(linked.site, now), key=_order, default=None)


def all_due(site: Site, since: datetime, until: datetime | None = None) -> list[Due]:
    """Return the scheduled changes between two moments, in order of time."""
    found = (due for due in _due_after(site, since) if until is None or due.at <= until)
    return sorted(found, key=_order)


def _order(due: Due) -> tuple[float, str, str]:
    return due.at.timestamp(), due.path, due.event


def _due_after(site: Site, since: datetime) -> Iterator[Due]:
    """Yield scheduled changes; drafts have none, nor do briefs after they expire."""
    settled = settling(site.outlines)
    restated = {statement for event in site.events for statement in event.stated[1:]}
    for brief in site.outlines.values():
        if brief.draft:
            continue
        moments: tuple[tuple[Event, Moment | None], ...] = (
            ("is published", brief.date),
            ("is updated", brief.updated),
            ("expires", brief.expires),
        )
        for event, moment in moments:
            if moment is None or moment.at <= since:
                continue
            if brief.expires is None or moment.at <= brief.expires.at:
                yield Due(moment.at, event, brief.title, brief.path)
        yield from _events(brief, since, restated)
        if brief.expects:
            yield from _overdue(brief, since, settled)
        if site.config.settings.news_sitemap and brief.status == "published":
            end = brief.date.at + NEWS
            if end > since and (brief.expires is None or end < brief.expires.at):
                yield Due(end, "leaves the news sitemap", brief.title, brief.path)
    for page in site.content.records[PlainPage]:
        if not isinstance(page, PlainPage) or page.draft:
            continue
        if page.updated and page.updated.at > since:
            yield Due(page.updated.at, "is updated", page.title, page.path)


def _overdue(
    brief: Outline, since: datetime, settled: Mapping[tuple[str, str], Iterable[Outline]]
) -> Iterator[Due]:
    """Yield when what a brief expects is overdue, and when it leaves calendar files.

    `settled` has the briefs that settle an expectation, which then is no longer due."""
    for expected in brief.expects if brief.status == "published" else ():
        over = expected.by.over
        changes: list[tuple[Event, datetime]] = [("is overdue", over)] if expected.by.iso else []
        if expected.by.has_day:
            changes.append(("leaves the calendar", over + KEPT))
        known = settled.get((brief.slug, expected.id), ())
        for event, at in changes:
            if at > since and _is_public(brief, at) and not any(_is_public(b, at) for b in known):
                yield Due(at, event, expected.text, brief.path)


def _is_public(brief: Outline, at: datetime) -> bool:
    """Return whether a brief that is not a draft is published at a moment."""
    return brief.date.at <= at and (brief.expires is None or at < brief.expires.at)


def _events(brief: Outline, since: datetime, restated: Container[tuple[str, str]]) -> Iterator[Due]:
    """Yield when the events of a brief are over, and when they leave calendar files.

    Later briefs have stated those in `restated` again."""
    for scheduled in brief.events if brief.status == "published" else ():
        if (brief.slug, scheduled.id) in restated:
            continue
        over = over_at(scheduled.date, scheduled.end)
        changes: list[tuple[Event, datetime]] = [("is over in the calendar", over)]
        if has_day(scheduled.date):
            changes.append(("leaves the calendar", over + KEPT))
        for event, at in changes:
            if at > since and (brief.expires is None or at < brief.expires.at):
                yield Due(at, event, scheduled.title, brief.path)
