"""Runs tasks: plans their pages, compares them with the last build, renders stale ones.

A worker writes its pages directly into the staged tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from builder.diagnostics.diagnostic import Diagnostic
from builder.engine.result import RenderedPage
from builder.engine.session import ArrangedEdition
from builder.engine.trace import (
    FactNumbers,
    Fingerprints,
    Outcome,
    State,
    TaskRow,
    Trace,
    page_row,
    reasons,
)
from builder.output.manifest import Manifest, ManifestEntry, bytes_digest
from builder.output.stat_cache import FileStat
from builder.output.target import OutputTarget
from builder.pages.kinds import CONTEXTS, Tasks
from builder.pages.page import Page, Task, languages_of
from builder.pages.planner import Planner
from builder.pages.sitemap import SITEMAP
from builder.program import program
from builder.site.edition_names import from_root
from builder.site.fact_digests import FactDigests, fact_in_words
from builder.site.page_record import PageRow, RecordLinks
from builder.site.site import Site
from builder.site.view import View
from builder.store import Store

if TYPE_CHECKING:
    from builder.render.renderer import Renderer


class TaskResult(NamedTuple):
    """A task's trace and outcome, its rendered pages, and the files written."""

    trace: Trace
    outcome: Outcome
    rendered: tuple[RenderedPage, ...]
    failures: tuple[Diagnostic, ...]
    stats: dict[str, FileStat]


_made = msgspec.msgpack.Decoder(TaskResult)


def decode_result(data: bytes) -> TaskResult:
    """Decode the result that a worker returned."""
    return _made.decode(data)


class CompletedTasks(NamedTuple):
    """All tasks of a build in order, whether up to date or run.

    `known` has the rows of the last build, and `faulty` the tasks that found problems then."""

    tasks: Tasks
    known: Mapping[str, TaskRow]
    faulty: Set[str]
    made: dict[str, TaskResult]
    removed: Set[str]

    def outcomes(self) -> Iterator[Outcome]:
        for task in self.tasks.all:
            made = self.made.get(task)
            yield made.outcome if made else self.known[task].read()

    def problems(self) -> Iterator[Diagnostic]:
        faulty = self.made.keys() | self.faulty
        for task in (name for name in self.tasks.names if name in faulty):
            made = self.made.get(task)
            yield from made.outcome.problems if made else self.known[task].problems


def files_of(outcomes: Iterable[Outcome]) -> dict[str, ManifestEntry]:
    """Return the files of pages by path."""
    return {p.path: ManifestEntry(p.digest, p.size) for outcome in outcomes for p in outcome.pages}


def _placed(page: Page, base: str) -> Page:
    """Return a page of an edition below the edition's address."""
    return page._replace(url=from_root(base, page.url), base=base)


def _links(view: View, base: str) -> list[RecordLinks]:
    return [links._replace(base=base) for links in view.links] if base else view.links


class TaskRunner:
    """Runs the tasks of a build."""

    def __init__(
        self,
        site: Site,
        editions: Sequence[ArrangedEdition],
        renderer: Renderer,
        state: State,
        facts: FactDigests,
        target: OutputTarget | None,
        rendering: bool,
    ) -> None:
        self.plans = {e.tag: Planner(View(e.site, e.lists, e.tag)) for e in editions}
        self.bases = {edition.tag: edition.base for edition in editions}
        self.renderer, self.state, self.target, self.rendering = renderer, state, target, rendering
        self.fingerprints = Fingerprints()
        self.facts, self.fact_numbers = facts, FactNumbers(0)
        # Templates that have changed; whether every file of the output is unchanged.
        renderer.speak(site.content.messages)
        self.closures = {t: renderer.closure(t) for t in CONTEXTS} if rendering else {}
        self._other = {t for t, known in self.closures.items() if state.closures.get(t) != known}
        self._intact = target is None or (
            state.output == target.old.digest and target.there == target.old.files.keys()
        )
        self.site = site
        self.changed: set[str] = set()  # names of changed facts
        self.numbers: set[int] = set()  # numbers of changed facts
        self.stale: set[str] = set()  # tasks that read one of them
        self.streaming = False
        self.data: dict[str, bytes] = {}

    # --- what is up to date --------------------------------------------------------------------

    def choose(self, names: Iterable[str], candidates: Iterable[str] | None) -> list[str]:
        """Return the names of the tasks to run.

        With `candidates`, no other fact can have changed."""
        self.numbers = self.state.changed(self.facts, candidates)
        self.changed = {self.state.name(number) for number in self.numbers}
        self.stale = self.state.traces.readers(self.numbers)
        rows = self.state.rows
        known, intact = rows.keys(), self._intact and not self._other
        doubtful = self.stale | self.state.faulty.keys() if intact else known
        return [
            task
            for task in names
            if task not in known or (task in doubtful and not self.is_good(task, rows[task]))
        ]

    def is_good(self, task: str, row: TaskRow) -> bool:
        """Return whether a task and its written pages are up to date."""
        if task in self.stale or row.has_error:
            return False
        return (self._intact and not self._other) or all(
            page.template not in self._other and self._is_there(page) for page in row.read().pages
        )

    def _is_there(self, page: PageRow) -> bool:
        """Return whether a page is in the output, unchanged."""
        if self.target is None:
            return True
        entry = self.target.old.files.get(page.path)
        return page.path in self.target.there and entry is not None and entry.digest == page.digest

    def pages_changed(self, done: CompletedTasks) -> bool:
        """Return whether pages were added, removed or changed for other pages."""
        return bool(done.removed) or any(
            [page.shown for page in found.outcome.pages]
            != [page.shown for page in self._prior(task).pages]
            for task, found in done.made.items()
        )

    def same_links(self, done: CompletedTasks) -> bool:
        """Return whether all links that page checks look at are unchanged."""
        made = done.made.items()
        return all(found.outcome.links == self._prior(task).links for task, found in made)

    def _prior(self, task: str) -> Outcome:
        """Return a task's outcome in the last build, or an empty one."""
        row = self.state.rows.get(task)
        return row.read() if row else Outcome()

    def files(self, done: CompletedTasks) -> dict[str, ManifestEntry]:
        """Return the files of all pages."""
        state, target = self.state, self.target
        # If the output is unchanged, its manifest has the unchanged pages.
        if target is None or not self._intact or not state.output:
            sitemap = done.made.get(SITEMAP)
            last = sitemap.outcome if sitemap else self._prior(SITEMAP)
            return files_of((*done.outcomes(), last))
        files = dict(target.old.files)
        for path in state.copied:
            files.pop(path, None)
        for task in (*done.removed, *done.made):
            for page in self._prior(task).pages:
                files.pop(page.path, None)
        return files | files_of(found.outcome for found in done.made.values())

    def fresh(self, made: Mapping[str, TaskResult]) -> set[str]:
        """Return the files in which tasks found something new.

        A task that runs again only because of an error finds nothing new."""
        found = set()
        for task, result in made.items():
            rendered = {page.url for page in result.rendered}
            found |= {page.origin for page in result.outcome.pages if page.url in rendered}
            if task in self.stale or task not in self.state.rows:
                found |= {problem.path for problem in result.outcome.problems}
        return found

    def learn(
        self,
        made: Mapping[str, TaskResult],
        removed: Set[str],
        output: str,
        copied: tuple[str, ...],
        passed: bytes,
    ) -> bool:
        """Update the state after a build; return whether it has changed."""
        state = self.state
        learned = {task: (found.trace, found.outcome) for task, found in made.items()}
        after = (self.closures, output, copied, passed)
        if not (learned or removed or self.numbers) and after == (
            state.closures, state.output, state.copied, state.passed
        ):  # fmt: skip
            return False
        state.learn(removed, learned, self.numbers, self.facts)
        state.closures, state.output, state.copied, state.passed = after
        return True

    # --- running -------------------------------------------------------------------------------

    def make(self, task: Task) -> TaskResult:
        """Run a task: plan its pages, and render those that are stale."""
        plan, base = self.plans[task.edition], self.bases[task.edition]
        view = plan.view
        view.begin()
        planned = [_placed(page, base) if base else page for page in task.make(plan)]
        spoken = [languages_of(page.context) for page in planned]
        for language in {tag for tags in spoken for tag in tags}:
            view.words(language)  # a page depends on all that its template may say
        trace = view.trace()
        found = (fact_in_words(self.site, name) for name in trace if name in self.changed)
        causes = tuple(sorted(found)) if task.name in self.state.rows else ()
        rows, rendered, failures, stats = [], [], [], {}
        before = {page.url: page for page in self._prior(task.name).pages}
        for page, tags in zip(planned, spoken, strict=True):
            words = self.renderer.words_digest(page.template, tags) if self.rendering else b""
            row = page_row(page, self.fingerprints.of(page, words))
            prior = before.get(page.url) or self._before.get(page.url)
            why = self._reasons(page, prior, row)
            if prior is not None and not why:
                rows.append(replace(row, digest=prior.digest, size=prior.size))
                continue
            if self.rendering:
                data = self.renderer.render(page)
                if isinstance(data, Diagnostic):
                    failures.append(data)
                    continue
                row = replace(row, digest=bytes_digest(data), size=len(data))
                rendered.append(RenderedPage(page.url, tuple(why), causes))
                if stat := self._write(row, data):
                    stats[page.path] = stat
            rows.append(row)
        return TaskResult(
            self.fact_numbers.trace(trace, self.facts),
            Outcome(tuple(rows), tuple(_links(view, base)), tuple(view.problems)),
            tuple(rendered),
            tuple(failures),
            stats,
        )

    def in_worker(self, store: Store, number: int) -> None:
        """Prepare a worker; the first has the number 1."""
        store.in_worker(number)
        self.fact_numbers = FactNumbers(number)

    def encoded(self, task: Task) -> bytes:
        """Run a task, and encode its result to return from a worker."""
        return msgspec.msgpack.encode(self.make(task))

    @cached_property
    def _before(self) -> dict[str, PageRow]:
        """All pages of the last build by address, including other tasks'."""
        return {page.url: page for row in self.state.rows.values() for page in row.read().pages}

    def _reasons(self, page: Page, prior: PageRow | None, row: PageRow) -> list[str]:
        names = page.context.__struct_fields__
        found = reasons(prior, row, names, page.template in self._other)
        old = self.target.old if self.target else Manifest()
        if prior is None and page.path in old.files:
            found = ["it is not cached"]
            if old.program != program():
                found = ["the program changed"]
        elif prior is not None and self.target and not self._is_there(prior):
            found.append("its file was missing or modified")
        return found

    def _write(self, row: PageRow, data: bytes) -> FileStat | None:
        """Write or keep a page's bytes, unless the output already has them."""
        target = self.target
        if target is None:
            return None
        old = target.old.files.get(row.path)
        if row.path in target.there and old is not None and old.digest == row.digest:
            return None
        if self.streaming:
            return target.write(row.path, data)
        self.data[row.path] = data
        return None
