"""What a run found, in words: what needs an editor first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from builder.evidence.finding import ReportFinding
from builder.evidence.reports import QuotedWords

_MOST = 20  # lines of a part that needs nobody


def summary(findings: Sequence[ReportFinding], today: datetime) -> Iterator[str]:
    """Yield the lines of a report, edited sources first."""
    day = f"{today:%Y-%m-%d}"
    yield from _words(
        [f for f in findings if f.changed],
        ("report no longer says what you quote", "reports no longer say what you quote"),
        lambda f: f.changed,
        f"read it again; if it has changed, write `changed: {day}` in the source",
    )
    yield from _words(
        [f for f in findings if f.never],
        ("report does not say what you quote", "reports do not say what you quote"),
        lambda f: f.never,
        "copy the sentence from the page, or remove `words`",
    )
    parts: tuple[tuple[tuple[str, str], Callable[[ReportFinding], str]], ...] = (
        (("report is gone", "reports are gone"), _if(lambda f: f.newly_gone)),
        (("report is online again", "reports are online again"), _if(lambda f: f.back)),
        (
            ("report seems to be gone", "reports seem to be gone"),
            _if(lambda f: f.verdict.outcome in ("front-page", "no-host") and not f.certain),
        ),
        (
            ("kept copy is missing or damaged", "kept copies are missing or damaged"),
            lambda f: f"evidence/{f.damaged}.warc.gz" if f.damaged else "",
        ),
        (
            ("change has to be made by hand", "changes have to be made by hand"),
            lambda f: "; ".join(f.by_hand),
        ),
    )
    for title, note in parts:
        yield from _part(title, findings, note, len(findings))
    moved = ("report has moved for good", "reports have moved for good")
    yield from _part(moved, findings, _moved, _MOST)
    closed = ("report cannot be read", "reports cannot be read")
    yield from _part(closed, findings, _closed, _MOST)
    unchecked = ("report cannot be checked for its words", "reports cannot be checked")
    yield from _part(unchecked, findings, _unchecked, _MOST)
    away = ("report gave no answer this time", "reports gave no answer this time")
    yield from _part(away, findings, _if(lambda f: f.verdict.outcome == "unavailable"), _MOST)
    lacking = ("report has no archived copy", "reports have no archived copy")
    yield from _part(lacking, findings, lambda f: f.without, _MOST)


def totals(findings: Sequence[ReportFinding], dry: bool) -> str:
    """Return what was done, in one sentence."""
    copies = sum(bool(f.copy) for f in findings)
    kept = sum(bool(f.kept) for f in findings)
    records = {path for f in findings for path in f.written}
    found = [
        _count(len(findings), "report", "reports"),
        f"{_count(copies, 'archived copy', 'archived copies')} found" if copies else "",
        f"{_count(kept, 'copy', 'copies')} kept in evidence/" if kept else "",
        f"{_count(len(records), 'record', 'records')} {'would change' if dry else 'changed'}",
    ]
    return ", ".join(part for part in found if part)


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _if(holds: Callable[[ReportFinding], bool]) -> Callable[[ReportFinding], str]:
    """Return a function for the note of a finding for which something holds."""
    return lambda f: (f.verdict.note or f.verdict.outcome) if holds(f) else ""


def _moved(finding: ReportFinding) -> str:
    if finding.verdict.outcome != "moved":
        return ""
    return f"write `url: {finding.verdict.target}`"


def _closed(finding: ReportFinding) -> str:
    verdict = finding.verdict
    return verdict.unchecked or verdict.note if verdict.outcome == "closed" else ""


def _unchecked(finding: ReportFinding) -> str:
    return finding.verdict.unchecked if finding.verdict.outcome != "closed" else ""


def _words(
    findings: Sequence[ReportFinding],
    title: tuple[str, str],
    quoted: Callable[[ReportFinding], Sequence[tuple[str, QuotedWords]]],
    hint: str,
) -> Iterator[str]:
    if not findings:
        return
    yield _count(len(findings), *title)
    for finding in findings:
        yield f"  {finding.report.address}"
        for path, one in quoted(finding):
            yield f"    {path}:{one.line}: “{one.words}”"
            if at := finding.earlier.get(one.words):
                yield f"      it did on {at:%Y-%m-%d}{_copy_of(finding)}"
    yield f"  {hint[0].upper()}{hint[1:]}."
    yield ""


def _copy_of(finding: ReportFinding) -> str:
    copies = [one.source.archive for one in finding.report.citing]
    address = finding.copy or next((str(c.url) for c in copies if c and c.url), "")
    return f"; a copy is at {address}" if address else ""


def _part(
    title: tuple[str, str],
    findings: Sequence[ReportFinding],
    note: Callable[[ReportFinding], str],
    most: int,
) -> Iterator[str]:
    found = [(finding, text) for finding in findings if (text := note(finding))]
    if not found:
        return
    yield _count(len(found), *title)
    for finding, text in found[:most]:
        yield f"  {finding.report.address}: {text}"
        for one in finding.report.citing[:3]:
            yield f"    {one.path}:{one.line}"
    if len(found) > most:
        yield f"  and {len(found) - most} more"
    yield ""
