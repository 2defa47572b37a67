"""Earlier briefs that the story of a page may continue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from builder.clip.chain import Chain
from builder.clip.known import SiteKnowledge
from builder.content.urls import same_address
from builder.model.outline import Outline

_DAYS = 14  # between the events of one story
_MOST = 5


class EarlierBrief(NamedTuple):
    """An earlier brief, and why the story may continue it."""

    slug: str
    path: str
    reason: str
    thread: str
    has_page: bool  # whether the page is one of its sources
    status: str


def find_earlier(
    known: SiteKnowledge, chain: Chain, companies: Sequence[str], day: datetime
) -> list[EarlierBrief]:
    """Return earlier briefs with the same report or companies, the likeliest first."""
    reports = {same_address(s.url): s for s in chain.sources if s.url}
    page = same_address(chain.page.url)
    mine = {slug for name in companies if (slug := known.names.company(name))}
    subject = next((slug for name in companies[:1] if (slug := known.names.company(name))), "")
    found: list[tuple[float, EarlierBrief]] = []
    for brief in known.briefs:
        if brief.status == "withdrawn":
            continue
        theirs = {slug for name in brief.companies if (slug := known.names.company(name))}
        shared = [source for source in brief.sources if source.report in reports]
        near = abs(brief.happened.at - day)
        both = mine & theirs
        if shared:
            source = reports[shared[0].report]
            reason = f"it has the same report, by {source.press.name}"
            found.append((-100 - len(shared), _candidate(brief, reason, page)))
        elif near <= timedelta(_DAYS) and (len(both) > 1 or (both and subject in theirs)):
            names = ", ".join(name for name in companies if known.names.company(name) in both)
            days = near.days
            when = "the same day" if not days else f"{days} day{'s' * (days > 1)} apart"
            found.append((-10 * len(both) + days, _candidate(brief, f"{names}, {when}", page)))
    found.sort(key=lambda one: (one[0], one[1].slug))
    return [candidate for _, candidate in found[:_MOST]]


def _candidate(brief: Outline, reason: str, page: str) -> EarlierBrief:
    has_page = bool(page) and page in [source.report for source in brief.sources]
    return EarlierBrief(brief.slug, brief.path, reason, brief.thread, has_page, brief.status)
