"""Counts how much of the record has evidence: archived copies, and words of sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.model.outline import Outline


class EvidenceCount(Struct, frozen=True):
    """How much of the record has evidence; a report that several briefs cite counts once.

    All numbers are 0 if there is none, so that other changes of the record change nothing here."""

    reports: Annotated[int, "The number of reports with an address."]
    archived: Annotated[int, "Those with an archived copy."]
    gone: Annotated[int, "Those whose page is gone."]
    statements: Annotated[int, "The number of claims, quotations and figures with a source."]
    quoted: Annotated[int, "Those that quote the sentence of their source."]


class SiteEvidence(NamedTuple):
    """The evidence of all briefs."""

    published: EvidenceCount  # of published briefs
    ahead: tuple[tuple[str, str], ...]  # dates in the future, in any brief: a path, a field


def find_evidence(
    briefs: Mapping[str, Outline], published: Sequence[str], now: datetime
) -> SiteEvidence:
    """Return the evidence of briefs, of which only published ones count."""
    count = _count_evidence(briefs[slug] for slug in published)
    return SiteEvidence(count, tuple(_ahead(briefs.values(), now.timestamp())))


def _count_evidence(briefs: Iterable[Outline]) -> EvidenceCount:
    reports: dict[str, tuple[bool, bool]] = {}
    statements = quoted = 0
    for brief in briefs:
        sourced, with_words = brief.quoted
        statements, quoted = statements + sourced, quoted + with_words
        for source in brief.sources:
            if source.report:
                archived, gone = reports.get(source.report, (False, False))
                reports[source.report] = (archived or source.archived, gone or source.gone)
    copies, lost = (sum(found[n] for found in reports.values()) for n in (0, 1))
    known = copies or lost
    return EvidenceCount(
        len(reports) if known else 0, copies, lost, statements if quoted else 0, quoted
    )


def _ahead(briefs: Iterable[Outline], now: float) -> Iterator[tuple[str, str]]:
    """Yield the path and the field of each date after a moment."""
    for brief in briefs:
        for n, source in enumerate(brief.sources):
            if source.asked > now:
                field = "archive" if source.archived else "gone" if source.gone else "changed"
                yield brief.path, f"sources.{n}.{field}"
