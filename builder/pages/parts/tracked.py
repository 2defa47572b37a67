"""What came of a publisher's reports, each count with the list behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, get_args

from msgspec import Struct

from builder.ledger.track_records import Tracked, TrackKind
from builder.model.time import Moment
from builder.pages.page import Link
from builder.pages.planner import Planner

ANCHOR = "record"  # of the section on a publisher's page
KINDS: tuple[TrackKind, ...] = get_args(TrackKind)


class TrackedReport(Struct, frozen=True, kw_only=True):
    """A brief that is based on the publisher's report, and what came of that."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    lang: Annotated[str, "The language tag."]
    date: Annotated[Moment, "When it was published."]
    who: Annotated[str, "The next publisher, or the company that confirms or denies; or empty."]
    hours: Annotated[int, "The least number of hours before that publisher; 0 if not known."]
    days: Annotated[int, "The least number of days, from two on; otherwise 0."]
    later: Annotated[Link | None, "The later brief that says so, if any."]


class TrackedGroup(Struct, frozen=True, kw_only=True):
    """Reports with the same outcome."""

    kind: Annotated[str, "first, joined, confirmed, denied or edited."]
    anchor: Annotated[str, "The anchor of the group."]
    count: Annotated[int, "The number of briefs."]
    reports: Annotated[tuple[TrackedReport, ...], "The briefs, the latest first."]


def counts_of(found: Sequence[Tracked]) -> dict[TrackKind, int]:
    """Return the number of briefs of each kind."""
    return {kind: len({t.brief for t in found if t.kind == kind}) for kind in KINDS}


def tracked_groups(plan: Planner, slug: str) -> tuple[TrackedGroup, ...]:
    """Return what came of the reports of a publisher, by kind."""
    return tuple(_groups(plan, plan.view.tracked(slug)))


def _groups(plan: Planner, found: Sequence[Tracked]) -> Iterator[TrackedGroup]:
    counts = counts_of(found)
    for kind in KINDS:
        if counts[kind]:
            reports = tuple(_report(plan, one) for one in found if one.kind == kind)
            yield TrackedGroup(
                kind=kind, anchor=f"{ANCHOR}.{kind}", count=counts[kind], reports=reports
            )


def _report(plan: Planner, tracked: Tracked) -> TrackedReport:
    brief = plan.headline(tracked.brief)
    who = tracked.who
    if who:
        who = plan.publisher(who).name if tracked.kind == "first" else plan.company(who).name
    return TrackedReport(
        title=brief.name,
        url=brief.url,
        lang=brief.lang or plan.language,
        date=plan.view.outline(tracked.brief).date,
        who=who,
        hours=tracked.hours,
        days=tracked.hours // 24 if tracked.hours >= 48 else 0,
        later=plan.headline(tracked.later) if tracked.later else None,
    )
