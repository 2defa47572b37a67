"""Provenance: who reported, who relayed, and which briefs share a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from builder.model.outline import Cited, Outline
from builder.model.source import ROOT_ROLES

MOST = 3  # earlier briefs with the same report that a brief links to


def reporting(sources: Sequence[Cited]) -> tuple[str, ...]:
    """Return the publishers of original reports, statements, filings and opinions."""
    return tuple([source.publisher for source in sources if source.role in ROOT_ROLES])


def relaying(sources: Sequence[Cited]) -> tuple[str, ...]:
    """Return the publishers that relay a report, and those in `via`."""
    return tuple(
        [
            name
            for source in sources
            for name in (source.publisher if source.role not in ROOT_ROLES else "", source.via)
            if name
        ]
    )


class SharedReport(NamedTuple):
    """The earlier briefs with a source: their number, and the newest slugs."""

    total: int
    newest: tuple[str, ...]


def share_reports(
    newest_first: Sequence[Outline], originals: Mapping[str, str]
) -> dict[str, tuple[SharedReport, ...]]:
    """Return, by brief, the earlier briefs with each of its sources.

    Only briefs that share a report with an earlier one are included. Only earlier briefs count, so
    publishing never changes an older page. `originals` maps translations to their originals;
    translations share the sources of their original and do not count."""
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
    """Return the reports that are cited more than once."""
    once: set[str] = set()
    again: set[str] = set()
    for brief in briefs:
        for source in brief.sources:
            (again if source.report in once else once).add(source.report)
    again.discard("")
    return again
