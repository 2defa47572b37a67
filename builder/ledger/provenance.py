"""The sources of all briefs -> who reported, who passed on, and which briefs rest on one report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from builder.model.outline import Cited, Outline
from builder.model.source import ROOT_ROLES

MOST = 3  # earlier briefs with the same report that a brief points at


def reporting(sources: Sequence[Cited]) -> tuple[str, ...]:
    """The publishers whose own reports, statements, filings or opinions these are."""
    return tuple([source.publisher for source in sources if source.role in ROOT_ROLES])


def passing_on(sources: Sequence[Cited]) -> tuple[str, ...]:
    """The publishers that passed on the report of another, and those whose copies were read."""
    return tuple(
        [
            name
            for source in sources
            for name in (source.publisher if source.role not in ROOT_ROLES else "", source.via)
            if name
        ]
    )


class SharedReport(NamedTuple):
    """The earlier briefs that have a source: how many, and the slugs of the newest of them."""

    total: int
    newest: tuple[str, ...]


def share_reports(
    newest_first: Sequence[Outline], originals: Mapping[str, str]
) -> dict[str, tuple[SharedReport, ...]]:
    """By the slug of each brief that shares a report with earlier ones: for each of its sources,
    those. What was published before a brief is all that counts, so publishing never changes an
    older page. `originals` are the briefs that translations translate: those share their sources
    with nobody by that, and do not count."""
    seen: dict[str, list[str]] = {}
    found: dict[str, tuple[SharedReport, ...]] = {}
    again = used_again(newest_first)
    for brief in reversed(newest_first):
        reports = [source.report for source in brief.sources]
        if again.isdisjoint(reports):
            continue
        same = originals.get(brief.slug, "")
        earlier = [[s for s in seen.get(report, ()) if s != same] for report in reports]
        if any(earlier):
            found[brief.slug] = tuple(
                SharedReport(len(s), tuple(s[: -MOST - 1 : -1])) for s in earlier
            )
        for report in again.intersection(reports if not same else ()):
            seen.setdefault(report, []).append(brief.slug)
    return found


def used_again(briefs: Iterable[Outline]) -> set[str]:
    """The reports that stand in two places: of most sites a few."""
    once: set[str] = set()
    again: set[str] = set()
    for brief in briefs:
        for source in brief.sources:
            (again if source.report in once else once).add(source.report)
    again.discard("")
    return again
