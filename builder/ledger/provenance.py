"""The sources of all briefs -> who reported, who passed on, and which briefs rest on one report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from builder.check.brief import Finding
from builder.model.brief import ROOT_ROLES, Cited, Outline

MOST = 3  # earlier briefs with the same report that a brief points at
_COMPARED = 50  # of one report and subject: time stays linear in the number of briefs


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


class Shared(NamedTuple):
    """The earlier briefs that have a source: how many, and the slugs of the newest of them."""

    total: int
    newest: tuple[str, ...]


def share_reports(
    newest_first: Sequence[Outline], originals: Mapping[str, str]
) -> dict[str, tuple[Shared, ...]]:
    """By the slug of each brief that shares a report with earlier ones: for each of its sources,
    those. What was published before a brief is all that counts, so publishing never changes an
    older page. `originals` are the briefs that translations translate: those share their sources
    with nobody by that, and do not count."""
    seen: dict[str, list[str]] = {}
    found: dict[str, tuple[Shared, ...]] = {}
    again = _used_again(newest_first)
    for brief in reversed(newest_first):
        reports = [source.report for source in brief.sources]
        if again.isdisjoint(reports):
            continue
        same = originals.get(brief.slug, "")
        earlier = [[s for s in seen.get(report, ()) if s != same] for report in reports]
        if any(earlier):
            found[brief.slug] = tuple(Shared(len(s), tuple(s[: -MOST - 1 : -1])) for s in earlier)
        for report in again.intersection(reports if not same else ()):
            seen.setdefault(report, []).append(brief.slug)
    return found


def _used_again(briefs: Iterable[Outline]) -> set[str]:
    """The reports that stand in two places: of most sites a few."""
    once: set[str] = set()
    again: set[str] = set()
    for brief in briefs:
        for source in brief.sources:
            (again if source.report in once else once).add(source.report)
    again.discard("")
    return again


def lint_reports(
    briefs: Collection[Outline], companies: Callable[[str], tuple[str, ...]]
) -> Iterator[tuple[str, Finding]]:
    """The path of each brief that rests on nothing new, and where. That several briefs share a
    report is normal in a newsroom, and their pages point at each other. A brief is reported when
    every source of it that has an address is a source of one earlier brief with the same subject
    (the first company), unless it follows that brief (`follows`), or one of them translates the
    other or a third. `companies` gives those of a brief."""
    known: dict[tuple[str, ...], list[Outline]] = {}
    again = _used_again(briefs)
    found = [b for b in briefs if not again.isdisjoint([source.report for source in b.sources])]
    for brief in sorted(found, key=lambda brief: (brief.date.at, brief.slug)):
        reports = {n: source.report for n, source in enumerate(brief.sources) if source.report}
        subject = companies(brief.slug)[:1]
        if not reports or not subject or brief.status == "withdrawn":
            continue
        first, report = next(iter(reports.items()))
        for earlier in known.get((report, *subject), ())[-_COMPARED:]:
            theirs = {source.report for source in earlier.sources}
            if theirs.issuperset(reports.values()) and not (
                earlier.slug in brief.follows or _translates(brief, earlier)
            ):
                message = f"{earlier.path} has the same subject, and every report of this brief"
                hint = "add what is new, or allow it and say why it is told again"
                at = f"sources.{first}.url"
                yield brief.path, Finding(at, "source-used-before", message, hint)
                break
        for report in set(reports.values()):
            known.setdefault((report, *subject), []).append(brief)


def _translates(one: Outline, other: Outline) -> bool:
    """Whether two briefs say the same in two languages."""
    return (one.translation_of or one.slug) == (other.translation_of or other.slug)
