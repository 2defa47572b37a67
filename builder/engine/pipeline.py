"""The build pipeline, top to bottom: read, link, plan, compare, render, write.

Planning, comparing and rendering are one pass over the tasks: a worker writes its pages into the
staged tree and returns only what the next build needs to cache."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from builder import parallel
from builder.check.checks import check_pages, check_site
from builder.check.context import PageContext
from builder.check.links import page_checks_digest
from builder.check.messages import check_messages
from builder.check.severity import Severities
from builder.check.verdicts import FileVerdicts, Suppressed, reported
from builder.content.config import Config, for_preview
from builder.content.content import Content
from builder.content.walk import Walk, with_unsaved
from builder.diagnostics.cap import capped
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.report import with_excerpts
from builder.diagnostics.reported import Reported
from builder.engine.arranging import Arranger, facts_of
from builder.engine.copies import Copy, list_copies, present_copies, write_cleaned
from builder.engine.empty import refuse_empty
from builder.engine.made_of import made_of
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.engine.pictures import MadePictures, PictureStore
from builder.engine.result import Result, decode_shown
from builder.engine.resumed import Resumed, keep_linked, resume
from builder.engine.session import (
    ArrangedLists,
    LoadedTemplates,
    PageCheckResult,
    Session,
)
from builder.engine.settings import config_of
from builder.engine.tasks import CompletedTasks, TaskResult, TaskRunner, decode_result
from builder.engine.templates import compile_meanwhile, load_templates
from builder.engine.trace import keep_state, read_state
from builder.engine.up_to_date import SECTION, Inputs, save_result
from builder.output.manifest import FORMAT, Manifest
from builder.output.stat_cache import CopyCache, SourceLost, encode_stats
from builder.output.target import OutputError, OutputTarget, why
from builder.pages.kinds import CONTEXTS, RESERVED
from builder.pages.page import Task
from builder.pages.sitemap import SITEMAP, sitemap_pages
from builder.program import program
from builder.sections import Index
from builder.site.due import Due
from builder.site.fact_digests import FactDigests
from builder.site.lists import Lists
from builder.site.relink import LinkedSite, link_all, relink
from builder.site.schedule import next_due
from builder.site.site import Site
from builder.store import Store


class Pipeline:
    """One build from beginning to end.

    `name` is the key of its cached state and `index` the state; `session` has what this process
    keeps between builds. With `later`, records are saved only by `keep`, unless there are many. The
    only build of a process `resumes` from the linked site that the last one has kept."""

    def __init__(
        self,
        root: Path,
        options: Options,
        store: Store,
        name: str,
        index: Index,
        session: Session | None = None,
        later: bool = False,
        resumes: bool = False,
    ) -> None:
        self.root, self.options, self.store = root, options, store
        self.name, self.index, self.later, self.resumes = name, index, later, resumes
        self.resumed: Resumed | None = None
        self.session = session or Session(store)
        self.jobs = options.jobs or parallel.default_jobs()
        self.verdicts: tuple[FileVerdicts, ...] = ()
        self._target: OutputTarget | None = None
        self._copied: tuple[str, ...] = ()  # files that are published unchanged
        self.problems: list[Diagnostic] = []
        self.seconds: dict[str, float] = {}
        self._began = time.perf_counter()

    def run(self, walk: Walk, target: Callable[[], OutputTarget] | None) -> Result:
        """Build into the output that `target` returns, or only check without one.

        `walk` has the files of content/."""
        try:
            return self._whole(walk, target)
        except ContentError as error:
            if isinstance(error.diagnostics, Reported):
                raise
            found = with_excerpts(self.root, error.diagnostics)
            raise ContentError(found) from None

    def _whole(self, walk: Walk, target: Callable[[], OutputTarget] | None) -> Result:
        unsaved = self.options.unsaved
        assert not unsaved or self.store.folder is None, "nothing unsaved may be stored"
        walk, config = with_unsaved(walk, unsaved), config_of(self.root, self.options)
        if self.later:
            config = for_preview(config)
        if config == self.session.config:
            config = self.session.config
        self.session.config = config
        site = self._link(self._read(walk, config), config)
        templates = self._templates(config)
        self.problems += templates.missing_media(site.media)
        self.problems += check_messages(site, templates.said)
        arranged = self._arrange(site, templates)
        output = target() if target else None
        if not self.later:  # a preview publishes nothing
            self.problems += refuse_empty(site, self.root, output, self.options)
        self._stage("look")
        return self._make(site, arranged, templates, output)

    def _renders(self, site: Site, severities: Severities) -> bool:
        stored = site.content.stored_problems()
        return self.options.pages and not severities.stop(self.problems, stored)

    def _stage(self, name: str) -> None:
        """Add the time since the last stage to a stage."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._began
        self._began = now

    def _progress(self, name: str, total: int = 0) -> Callable[[int], None] | None:
        report = self.options.progress
        return (lambda done: report(name, done, total)) if report else None

    # --- read, link ----------------------------------------------------------------------------

    def _read(self, walk: Walk, config: Config) -> Content:
        session, jobs = self.session, self.jobs
        with compile_meanwhile(self.root, config, self.store, jobs, session.templates):
            reading = self._progress("Reading")
            content = read_content(
                walk, config, jobs, self.store, reading, session.memory, self.resumes
            )
        if not self.later or content.parsed >= parallel.FEWEST:
            session.memory.keep()
        self._stage("read")
        return content

    def _link(self, content: Content, config: Config) -> Site:
        session, now, drafts = self.session, self.options.now, self.options.drafts
        linked = None
        if session.linked:
            changed = session.memory.changed_paths
            linked = relink(session.linked, changed, content, config, now, drafts)
        elif self.resumes:
            linked = self._resume(content, config)
        if linked is None:
            linked, session.sure = link_all(content, config, now, drafts, check_site), False
        session.linked = linked
        self.problems += [*config.problems, *content.problems, *linked.problems]
        self._stage("link")
        return linked.site

    def _resume(self, content: Content, config: Config) -> LinkedSite | None:
        """Return the linked site of the last build, if it is still valid."""
        session = self.session
        session.state = read_state(self.index)
        self.resumed = resume(
            self.store,
            self.name,
            self.index,
            session.memory,
            session.state,
            content,
            config,
            self.options,
        )
        return self.resumed.linked if self.resumed else None

    def _templates(self, config: Config) -> LoadedTemplates:
        found = load_templates(self.root, config, self.store, self.session.templates)
        self.session.templates = found
        self.problems += found.problems
        self._stage("templates")
        return found

    def _arrange(self, site: Site, templates: LoadedTemplates) -> ArrangedLists:
        arrange = Arranger(self.session, self.store, self.options, self.jobs, self.resumed)
        found = arrange.whole(site, templates)
        self._stage("arrange")
        return found

    def _pictures(self, site: Site) -> MadePictures:
        """Make the variants of shown pictures."""
        if not site.published_media.shown and not self.store.folder:
            return MadePictures()
        self.pictures = PictureStore(self.root if self.store.folder else None)
        found = self.pictures.make(site, self.name, self.jobs, self.options.progress)
        self.problems += found.problems
        self._stage("pictures")
        return found

    # --- plan, compare, render, write ----------------------------------------------------------

    def _make(
        self,
        site: Site,
        arranged: ArrangedLists,
        templates: LoadedTemplates,
        target: OutputTarget | None,
    ) -> Result:
        session, lists, tasks = self.session, arranged.lists, arranged.tasks
        state = session.state = session.state or read_state(self.index)
        facts, candidates = facts_of(arranged.editions), session.candidates()
        severities, given = Severities(site), lists.settings
        rendering = self._renders(site, severities)
        pictures = self._pictures(site) if rendering else MadePictures()
        maker = TaskRunner(
            site, arranged.editions, templates.renderer, state, facts, target, rendering
        )
        stale = maker.choose(tasks.names, candidates)
        self._stage("compare")
        made = self._run(maker, tasks.find(stale), target)
        removed = state.rows.keys() - {*tasks.names} - {SITEMAP}
        done = CompletedTasks(tasks, state.rows, state.faulty.keys(), made, removed)
        page_checks, passed = self._check(site, lists, maker, done, facts, candidates is not None)
        problems = self._decide(made.values(), severities, self.later != (target is None))
        self._stage("check")
        files = maker.files(done)
        result = Result(
            manifest=Manifest(FORMAT, program(), given.base_url, given.preview, files),
            briefs=len(site.order),
            pages=len(files),
            rendered=tuple(page for one in made.values() for page in one.rendered),
            dropped=(),
            foreign=(),
            problems=problems,
            size=0,
            seconds=self.seconds,
            parsed=site.content.parsed,
            allowed=Suppressed(self.verdicts, self.store.value),
            verdicts=self.verdicts,
            site=site,
            copied=partial(present_copies, session, site, pictures.copies),
            due=self._due(),
            resumed=state.output if self.resumed else "",
            fresh=session.memory.changed_paths | maker.fresh(made),
        )
        result.decode(whole=target is None and not self.later)
        session.whole = False
        if target:
            copies = list_copies(site, templates, pictures.copies)
            result = self._write(result, target, copies, maker.data, made.values())
        output = target.digest if target else ""
        session.unkept |= maker.learn(made, removed, output, self._copied, passed)
        session.learned(page_checks)
        if self.options.explain:
            hidden = frozenset(site.outlines[slug].path for slug in site.unpublished)
            result = result._replace(made_of=dict(made_of(state, site)), hidden=hidden)
        self._result = result
        return result

    def _due(self) -> Due | None:
        linked = self.session.linked
        find = partial(next_due, linked, self.options.now) if linked else lambda: None
        return self.resumed.due(find) if self.resumed else find()

    def keep(self, began: tuple[Inputs, int]) -> None:
        """Save what the next process needs.

        `began` has the stats of the inputs before they were read, and that time (ns since 1970)."""
        session, state, target = self.session, self.session.state, self._target
        assert state is not None
        assert session.linked is not None
        inputs, started = began
        trusted = inputs.trusted(started, partial(session.memory.settle, self.root))
        session.memory.keep()
        for index in session.search.values():
            index.save()
        if target and (digest := target.keep()) != state.output:
            state.output, session.unkept = digest, True
        if self.resumes and session.arranged:
            keep_linked(
                self.store,
                self.name,
                self.index,
                session.memory,
                session.linked,
                session.arranged,
                session.search,
                self._result.due,
                self.options,
                self.resumed,
            )
        if session.unkept:
            keep_state(self.index, state)
            session.unkept = False
        if target and target.stats_changed:
            self.index.put("stats", encode_stats(target.stats))
            target.stats_changed = False
        now, moments = self.options.now, session.linked.moments
        saved = save_result(inputs, state.output, trusted, now, moments, self._result)
        self.index.put(SECTION, saved)
        self.store.save(self.name, self.index)
        for prefix in ("output-", "linked-"):
            self.store.tidy(prefix)
        self.store.flush()
        self._stage("remember")

    def _run(
        self, maker: TaskRunner, todo: list[Task], target: OutputTarget | None
    ) -> dict[str, TaskResult]:
        """Run tasks, in several processes if there are many."""
        maker.streaming = len(todo) >= parallel.FEWEST and self.jobs > 1
        if maker.streaming and maker.rendering:
            maker.renderer.prepare(CONTEXTS)  # once instead of in every worker
            if target:
                target.prepare()
        try:
            found = parallel.map_ordered(
                maker.encoded,
                todo,
                self.jobs,
                self._progress("Rendering", len(todo)),
                lambda task: task.name,
                partial(maker.in_worker, self.store),
                warm=parallel.WARM,
                take=decode_result,
            )
        except OSError as error:
            if target is None:
                raise
            target.abandon()
            raise OutputError(why(error, target.output)) from error
        except parallel.WorkerDied:
            if target:
                target.abandon()
            raise
        maker.streaming = False  # the sitemap is written at the end
        results = cast("list[TaskResult]", found)
        made = {task.name: result for task, result in zip(todo, results, strict=True)}
        self._stage("make")
        return made

    def _check(
        self,
        site: Site,
        lists: Lists,
        maker: TaskRunner,
        done: CompletedTasks,
        facts: FactDigests,
        sure: bool,
    ) -> tuple[PageCheckResult | None, bytes]:
        """Run page checks if their inputs changed, and update the sitemap.

        Returns the result of the checks, if they ran, and a digest of their inputs, if they passed.
        For `sure`, see `Session.sure`."""
        changed = maker.pages_changed(done)
        same = not changed and maker.same_links(done)
        by = page_checks_digest(site, facts.digest("settings"))
        page_checks = self.session.page_checks if sure and same else None
        if page_checks is None and not (same and maker.state.passed == by):
            page_checks = self._run_page_checks(site, lists, done)
        sitemap = maker.state.rows.get(SITEMAP)
        if sitemap is None or changed or not maker.is_good(SITEMAP, sitemap):
            page_checks = page_checks or self._run_page_checks(site, lists, done)
            made = maker.make(Task(SITEMAP, partial(sitemap_pages, page_checks.pages)))
            done.made[SITEMAP] = made
        found = page_checks.problems if page_checks else ()
        self.problems += (*done.problems(), *found)
        return page_checks, b"" if found else by

    def _run_page_checks(self, site: Site, lists: Lists, done: CompletedTasks) -> PageCheckResult:
        """Run the checks of all pages."""
        found = [*done.outcomes()]
        pages = [page for outcome in found for page in outcome.pages]
        links = [record for outcome in found for record in outcome.links]
        context = PageContext(site, lists.assets, pages, links, RESERVED)
        return PageCheckResult(context.pages, tuple(capped(check_pages(context))))

    def _decide(self, made: Iterable[TaskResult], severities: Severities, whole: bool) -> Reported:
        """Decide all severities, and raise ContentError if there is an error.

        A template line that fails on several pages is reported once, with the first page."""
        failures: dict[tuple[str, int], Diagnostic] = {}
        for one in made:
            for failure in one.failures:
                failures.setdefault((failure.path, failure.line), failure)
        found = (*self.problems, *failures.values())
        stored = severities.site.content.stored_problems()
        self.verdicts = severities.decide(found, stored)
        problems = reported(self.root, self.verdicts, self.store.value)
        if problems.number("error"):
            decode_shown(problems, whole)
            raise ContentError(problems, ready=True)
        return problems

    def _write(
        self,
        result: Result,
        target: OutputTarget,
        copied: Iterable[Copy],
        data: Mapping[str, bytes],
        made: Iterable[TaskResult],
    ) -> Result:
        old, new = target.old, result.manifest
        assert new is not None
        copies = CopyCache(self.index.get("copies"))
        published = {copy.path: copy for copy in copied}
        self._copied = tuple(published)
        try:
            for path, copy in published.items():
                new.files[path] = copy.entry or copies.entry(copy.source)
        except SourceLost as error:
            raise OutputError(str(error)) from error
        absent = [
            path
            for path, entry in new.files.items()
            if path not in target.there or old.files[path] != entry
        ]
        if absent or not new.same(old):
            pages = {path: data[path] for path in absent if path in data}
            new_copies = [published[path] for path in absent if path in published]
            files = {copy.path: copy.source for copy in new_copies if copy.clean is None}
            stats = {path: stat for one in made for path, stat in one.stats.items()}
            stats |= write_cleaned((copy for copy in new_copies if copy.clean), target)
            target.publish(new, stats, pages, files)
        self._target = target
        self.index.put("copies", copies.encoded())
        self._stage("write")
        return result._replace(
            manifest=replace(new, digest=target.digest),
            dropped=tuple(sorted(old.files.keys() - new.files.keys())),
            foreign=tuple(path for path in target.foreign if path not in new.files),
            size=sum(entry.size for entry in new.files.values()),
        )
