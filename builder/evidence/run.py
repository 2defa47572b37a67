"""Asks every report: is it there, does it say the words, does an archive have a copy?

Hosts are asked side by side, each one at a time. What is known of a report is kept, and written
into its records, as soon as it is known: an interrupted run loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from builder.content.evidence_fields import stamp_of
from builder.content.urls import host_of
from builder.editing.edit import EditError
from builder.errors import SluglineError
from builder.evidence.finding import ReportFinding
from builder.evidence.keep import digest_of_page, keep_page, kept_page
from builder.evidence.reports import CitedReport
from builder.evidence.state import SourceState, SourceStates
from builder.evidence.verdict import (
    LOST,
    THERE,
    PageVerdict,
    check_words,
    judge_error,
    judge_page,
    shows_article,
)
from builder.evidence.wayback import ArchiveError, Capture, Unfinished, Wayback
from builder.evidence.words import fold, has_words
from builder.evidence.write import SourceChange, lacks_copy, write_change
from builder.fetch.client import Client, FetchedPage
from builder.fetch.problem import FetchError

_HOSTS = 8  # asked at the same time
_HOPELESS = 8  # hosts without an answer, after which no other is asked if none has answered
FRESH = timedelta(hours=20)  # what was asked so recently is not asked again
_BEFORE = timedelta(days=1)  # a page may be captured before the date that it gives

# The texts that were clipped from an address, given by its digest, each with its moment.
Clipped = Callable[[str], Iterable[tuple[datetime, str]]]


class EvidenceOptions(NamedTuple):
    """What a run does."""

    now: datetime
    write: bool = True  # into records and .slugline/
    find: bool = True  # look for copies in an archive
    save: bool = False  # have captures made
    keep: bool = False  # keep copies of one's own
    again: bool = False  # ask what was asked recently too


class Stopped(SluglineError):
    """The run was interrupted."""


class EvidenceRun:
    """One run over the reports of a site."""

    def __init__(
        self,
        root: Path,
        asker: Client,
        archive: Wayback,
        options: EvidenceOptions,
        stop: threading.Event,
        clipped: Clipped = lambda key: (),
    ) -> None:
        self.root, self.asker, self.archive, self.options = root, asker, archive, options
        self.known, self.stop, self.clipped = SourceStates(root), stop, clipped
        self.reached = False  # whether any host has answered
        self.silent: set[str] = set()  # hosts without an answer

    def ask(self, reports: Sequence[CitedReport]) -> Iterator[ReportFinding]:
        """Yield what was found out about each report, once it is written.

        Ends early if no host answers: this computer is offline."""
        by_host: dict[str, list[CitedReport]] = {}
        for report in reports:
            by_host.setdefault(host_of(report.address), []).append(report)
        left = [*by_host.values()]
        pool = ThreadPoolExecutor(_HOSTS)
        running: dict[Future[ReportFinding], list[CitedReport]] = {}
        try:
            while running or left:
                while left and len(running) < _HOSTS:
                    queue = left.pop()
                    running[pool.submit(self._find_out, queue.pop())] = queue
                done, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in done:
                    if queue := running.pop(future):
                        left.append(queue)
                    yield self._written(future.result())
                    if not self.reached and len(self.silent) >= _HOPELESS:
                        return
        finally:
            self.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)

    # --- what a report says ---

    def _find_out(self, report: CitedReport) -> ReportFinding:
        known = self.known.get(report.key, report.address)
        if self._is_fresh(report, known):
            verdict = PageVerdict(known.outcome, known.note, known.target, missing=known.missing)
            finding, page = ReportFinding(report, verdict, asked=False), None
        else:
            verdict, page = self._page(report)
            if self.stop.is_set():
                raise Stopped
            finding, known = ReportFinding(report, verdict), self._learn(known, verdict)
            self._remember(report, known)
        certain = self._is_certain(verdict, known)
        finding = finding._replace(earlier=self._earlier(report, verdict, known), certain=certain)
        return self._with_copy(finding, known, page)

    def _is_fresh(self, report: CitedReport, known: SourceState) -> bool:
        if self.options.again or known.asked is None or known.outcome == "unavailable":
            return False
        recent = timedelta(0) <= self.options.now - known.asked < FRESH
        return recent and {*known.missing, *known.said}.issuperset(report.words)

    def _page(self, report: CitedReport) -> tuple[PageVerdict, FetchedPage | None]:
        try:
            page = self.asker.get(report.address)
        except FetchError as error:
            return judge_error(error), None
        return judge_page(report.address, page, report.words), page

    def _learn(self, known: SourceState, verdict: PageVerdict) -> SourceState:
        """Return what is known after an answer."""
        now = self.options.now
        if verdict.outcome == "unavailable":
            return replace(known, outcome=verdict.outcome, note=verdict.note)
        return replace(
            known,
            asked=now,
            outcome=verdict.outcome,
            note=verdict.note,
            target=verdict.target,
            missing=verdict.missing,
            said={**known.said, **dict.fromkeys(verdict.found, now)},
            lost=(known.lost or now) if verdict.outcome in LOST else None,
        )

    def _remember(self, report: CitedReport, known: SourceState) -> None:
        if self.options.write:
            self.known.put(report.key, known)

    def _is_certain(self, verdict: PageVerdict, known: SourceState) -> bool:
        """Return whether a page is lost for sure.

        A server says so, or it has been so for a day. A host may be unknown to this computer
        alone, which is offline if no other host answers."""
        if verdict.outcome == "gone":
            return True
        long = known.lost is not None and self.options.now - known.lost >= FRESH
        return verdict.outcome in LOST and long

    def _earlier(
        self, report: CitedReport, verdict: PageVerdict, known: SourceState
    ) -> dict[str, datetime]:
        """Return when the page or a copy had words that the page does not have."""
        earlier = {words: known.said[words] for words in verdict.missing if words in known.said}

        def left() -> list[str]:
            return [words for words in verdict.missing if words not in earlier]

        for at, text in self.clipped(report.key) if left() else ():
            folded = fold(text)
            earlier.update({words: at for words in left() if has_words(folded, words)})
        for copy in {one.source.archive for one in report.citing if one.source.archive}:
            if left() and copy.url and copy.at:
                capture = Capture(copy.url, stamp_of(copy.url) or copy.at.at)
                try:
                    found = check_words(PageVerdict("there"), self.archive.read(capture), left())
                except ArchiveError:
                    continue
                earlier.update(dict.fromkeys(found.found, capture.at))
        return earlier

    # --- copies ---

    def _with_copy(
        self, finding: ReportFinding, known: SourceState, page: FetchedPage | None
    ) -> ReportFinding:
        report, options = finding.report, self.options
        copies = [one.source.archive for one in report.citing]
        digests = [copy.sha256 for copy in copies if copy and copy.sha256]
        damaged = next((one for one in digests if kept_page(self.root, one) is None), "")
        finding = finding._replace(damaged=damaged)
        if options.keep and page and _is_proof(finding.verdict) and not all(copies):
            digest = keep_page(self.root, page) if options.write else digest_of_page(page)
            finding = finding._replace(kept=digest)
        if not options.find or all(copy and copy.url for copy in copies):
            return finding
        recently = known.searched and timedelta(0) <= options.now - known.searched < FRESH
        if recently and not options.again and not known.job:
            return finding._replace(without=known.without)
        without = "no archive has a copy" + (" that says the words" if report.words else "")
        try:
            if capture := self._capture(finding, known):
                said = dict.fromkeys(finding.verdict.missing, capture.at)
                return finding._replace(copy=capture.address, earlier={**said, **finding.earlier})
        except ArchiveError as error:
            return finding._replace(without=str(error))
        known = self.known.get(report.key, report.address)
        self._remember(report, replace(known, searched=options.now, without=without))
        return finding._replace(without=without)

    def _capture(self, finding: ReportFinding, known: SourceState) -> Capture | None:
        """Return a capture that shows the report, or have one made."""
        report, options = finding.report, self.options
        for capture in self.archive.captures(report.address, report.published):
            if self._shows(capture, report):
                return capture
        may = options.save and options.write and report.public
        if not (may and _is_proof(finding.verdict)):
            return None

        def began(job: str) -> None:
            self._remember(report, replace(known, job=job))

        try:
            capture = self.archive.save(report.address, known.job, began)
        except Unfinished:
            raise
        except ArchiveError:
            self._remember(report, replace(known, job=""))
            raise
        self._remember(report, replace(known, job=""))
        return capture

    def _shows(self, capture: Capture, report: CitedReport) -> bool:
        """Return whether a capture shows the report, and not an error page."""
        if report.published and capture.at < report.published - _BEFORE:
            return False
        try:
            page = self.archive.read(capture)
        except ArchiveError:
            return False
        if not report.words:
            return shows_article(page)
        return {*check_words(PageVerdict("there"), page, report.words).found} == {*report.words}

    # --- records ---

    def _written(self, finding: ReportFinding) -> ReportFinding:
        """Write what is new into the records that cite a report."""
        verdict = finding.verdict
        if verdict.outcome in ("no-host", "unavailable"):
            self.silent.add(host_of(finding.report.address))
        else:
            self.reached = True
        if verdict.outcome == "no-host" and not self.reached:
            finding = finding._replace(certain=False)
        archive = _archive_of(finding, self.options.now)
        gone = self.options.now.astimezone(UTC).date() if finding.certain else None
        written, by_hand = [], []
        for path in dict.fromkeys(one.path for one in finding.report.citing):
            sources = [one.source for one in finding.report.citing if one.path == path]
            lacks = any(lacks_copy(source.archive, archive or {}) for source in sources)
            change = SourceChange(
                archive if lacks else None,
                gone if any(source.gone is None for source in sources) else None,
                verdict.outcome in THERE and any(source.gone for source in sources),
            )
            if not change:
                continue
            key, dry = finding.report.key, not self.options.write
            try:
                if write_change(self.root, path, key, change, dry):
                    written.append(path)
            except (EditError, OSError) as error:
                by_hand.append(str(error))
            except SluglineError as error:  # another command is changing files
                by_hand.append(f"{path}: {error}")
        return finding._replace(written=tuple(written), by_hand=tuple(by_hand))


def _is_proof(verdict: PageVerdict) -> bool:
    """Return whether a page is there and says all words, so that a copy of it proves them."""
    return verdict.outcome in THERE and not verdict.missing and not verdict.unchecked


def _archive_of(finding: ReportFinding, now: datetime) -> dict[str, str] | None:
    """Return the field `archive` of a source with its new copies."""
    found: dict[str, str] = {}
    if finding.copy:
        found["url"] = finding.copy
        if moment := stamp_of(finding.copy):
            found["at"] = moment.date().isoformat()
    if finding.kept:
        found.setdefault("at", now.astimezone(UTC).date().isoformat())
        found["sha256"] = finding.kept
    return found or None
