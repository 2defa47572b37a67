"""What was found out about one report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from builder.evidence.reports import CitedReport, QuotedWords
from builder.evidence.verdict import PageVerdict


class ReportFinding(NamedTuple):
    """What was found out about one report, and what was written about it."""

    report: CitedReport
    verdict: PageVerdict
    earlier: Mapping[str, datetime] = {}  # by missing words: when the page or a copy had them
    copy: str = ""  # the address of a copy that is new in its records
    kept: str = ""  # the digest of a copy of one's own that is new in its records
    damaged: str = ""  # the digest of a kept copy that is missing or damaged
    without: str = ""  # why it has no copy
    certain: bool = False  # it is lost, and records say so
    written: tuple[str, ...] = ()  # the records that were changed, or would be
    by_hand: tuple[str, ...] = ()  # why a record could not be changed
    asked: bool = True  # otherwise the verdict is that of a recent run

    @property
    def changed(self) -> tuple[tuple[str, QuotedWords], ...]:
        """Return the quoted words that the page no longer has.

        Each has the path of its record. Editors know of those of a source with `changed`."""
        return tuple(pair for pair in self._missing() if pair[1].words in self.earlier)

    @property
    def never(self) -> tuple[tuple[str, QuotedWords], ...]:
        """Return the quoted words that neither the page nor a copy has."""
        return tuple(pair for pair in self._missing() if pair[1].words not in self.earlier)

    def _missing(self) -> list[tuple[str, QuotedWords]]:
        return [
            (one.path, quoted)
            for one in self.report.citing
            if not one.source.changed
            for quoted in one.quoted
            if quoted.words in self.verdict.missing
        ]

    @property
    def newly_gone(self) -> bool:
        """Return whether a record does not say yet that it is lost."""
        return self.certain and any(one.source.gone is None for one in self.report.citing)

    @property
    def back(self) -> bool:
        """Return whether a record says gone, but it is there."""
        return self.verdict.outcome in ("there", "moved") and any(
            one.source.gone for one in self.report.citing
        )

    @property
    def urgent(self) -> bool:
        """Return whether an editor must look at it."""
        found = (self.changed, self.never, self.newly_gone, self.back, self.damaged, self.by_hand)
        return any(found)


def as_data(finding: ReportFinding) -> dict[str, Any]:
    """Return a finding for JSON, with stable names."""
    verdict, report = finding.verdict, finding.report

    def quoted(pairs: tuple[tuple[str, QuotedWords], ...]) -> list[dict[str, Any]]:
        return [
            {
                "path": path,
                "line": one.line,
                "field": one.field,
                "words": one.words,
                "said_at": said.isoformat() if (said := finding.earlier.get(one.words)) else None,
            }
            for path, one in pairs
        ]

    return {
        "url": report.address,
        "outcome": verdict.outcome,
        "note": verdict.note,
        "target": verdict.target,
        "asked": finding.asked,
        "cited_in": [
            {"path": one.path, "line": one.line, "source": one.source.id} for one in report.citing
        ],
        "no_longer_says": quoted(finding.changed),
        "does_not_say": quoted(finding.never),
        "unchecked": verdict.unchecked,
        "newly_gone": finding.newly_gone,
        "back": finding.back,
        "copy": finding.copy,
        "kept": finding.kept,
        "damaged": finding.damaged,
        "without_copy": finding.without,
        "written": list(finding.written),
        "by_hand": list(finding.by_hand),
    }
