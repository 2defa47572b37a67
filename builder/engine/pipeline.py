"""The pipeline, read top to bottom: read, link, plan, compare, render, write.

Planning, comparing and rendering are one pass over tasks, since a worker keeps what it made: it
writes its pages into the staged tree and sends back only what the next build has to know."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from builder import parallel
from builder.check.checks import check_pages, check_site
from builder.check.context import PageContext
from builder.check.links import page_checks_digest
from builder.check.suppressions import apply_suppressions
from builder.content.config import Config, read_config
from builder.content.template_files import stat_templates
from builder.content.walk import Walk
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.report import with_excerpts
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.engine.result import PageInputs, Result
from builder.engine.session import (
    ArrangedLists,
    LoadedTemplates,
    PageCheckResult,
    Session,
)
from builder.engine.tasks import (
    CompletedTasks,
    TaskResult,
    TaskRunner,
    decode_result,
)
from builder.engine.trace import State, encode_state, read_state
from builder.engine.up_to_date import SECTION, Inputs, save_result
from builder.hosting.headers import content_policy
from builder.hosting.servers import WRITTEN
from builder.output.manifest import Manifest, ManifestEntry
from builder.output.stat_cache import (
    CopyCache,
    FileStat,
    SourceLost,
    encode_stats,
)
from builder.output.target import OutputError, OutputTarget, why
from builder.pages.kinds import CONTEXTS, RESERVED, list_tasks
from builder.pages.page import Task
from builder.pages.sitemap import SITEMAP, sitemap_pages
from builder.program import program
from builder.site.facts import FactDigests, fact_in_words
from builder.site.lists import Lists, arrange_lists
from builder.site.related import (
    decode_neighbours,
    encode_known,
    encode_neighbours,
    find_neighbours,
    read_known,
)
from builder.site.relink import link_all, relink
from builder.site.schedule import next_due
from builder.site.site import Site
from builder.store import Index, Store


class Pipeline:
    """One build from beginning to end. `name` is where its state is kept, `index` what is there;
    `session` what this process has kept of earlier builds. With `later`, files that were read are
    remembered when `keep` is called, unless they are many."""

    def __init__(
        self,
        root: Path,
        options: Options,
        store: Store,
        name: str,
        index: Index,
        session: Session | None = None,
        later: bool = False,
    ) -> None:
        self.root, self.options, self.store = root, options, store
        self.name, self.index, self.later = name, index, later
        self.session = session or Session(store)
        self.jobs = options.jobs or parallel.default_jobs()
        self.allowed: tuple[tuple[Diagnostic, str], ...] = ()
        self._target: OutputTarget | None = None
        self._copied: tuple[str, ...] = ()  # what is published as it is
        self.problems: list[Diagnostic] = []
        self.seconds: dict[str, float] = {}
        self._began = time.perf_counter()

    def run(self, walk: Walk, target: Callable[[], OutputTarget] | None) -> Result:
        """Build into the output that `target` gives, or only check. `walk` has the files of
        content/."""
        try:
            return self._whole(walk, target)
        except ContentError as error:
            found = with_excerpts(self.root, error.diagnostics)
            raise ContentError(found) from None

    def _whole(self, walk: Walk, target: Callable[[], OutputTarget] | None) -> Result:
        config = read_config(self.root, self.options.base_url)
        if config == self.session.config:
            config = self.session.config
        self.session.config = config
        site = self._read(walk, config)
        templates = self._templates(config)
        arranged = self._arrange(site, templates)
        output = target() if target else None
        self._stage("look")
        return self._make(site, arranged, templates, output)

    def _stage(self, name: str) -> None:
        """Note how long what was done since the last stage took."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._began
        self._began = now

    def _progress(self, name: str, total: int = 0) -> Callable[[int], None] | None:
        told = self.options.progress
        return (lambda done: told(name, done, total)) if told else None

    # --- read, link ----------------------------------------------------------------------------

    def _read(self, walk: Walk, config: Config) -> Site:
        session, now, drafts = self.session, self.options.now, self.options.drafts
        content = read_content(
            walk, config, self.jobs, self.store, self._progress("Reading"), session.memory
        )
        if not self.later or content.parsed >= parallel.FEWEST:
            session.memory.keep()
        self._stage("read")
        linked = None
        if session.linked:
            moved = session.memory.moved
            linked = relink(session.linked, moved, content, config, now, drafts)
        if linked is None:
            linked, session.sure = link_all(content, config, now, drafts, check_site), False
        session.linked = linked
        self.problems += [*config.problems, *content.problems, *linked.problems]
        self._stage("link")
        return linked.site

    def _templates(self, config: Config) -> LoadedTemplates:
        looks, address = stat_templates(self.root), config.settings.base_url
        found = self.session.templates
        if found is None or found.looks != looks or found.renderer.base_url != address:
            from builder.render.renderer import Renderer

            renderer = Renderer(self.root, address, config.base_path, self.store)
            problems = tuple(renderer.check())
            found = LoadedTemplates(renderer, problems, renderer.assets(), looks)
            self.session.templates = found
        self.problems += found.problems
        self._stage("templates")
        return found

    def _arrange(self, site: Site, templates: LoadedTemplates) -> ArrangedLists:
        assets = {name: asset.url for name, asset in templates.assets.items()}
        policy = ""
        if site.config.settings.hosting in WRITTEN and not templates.problems:
            policy = content_policy(
                templates.renderer.inline(), assets, site.config.settings.trusted
            )
        found = self.session.arranged
        same = found and found.assets == assets and found.lists.policy == policy
        if found and same and found.entries is site.entries:
            self._stage("arrange")
            return found
        lists = self._related(site, arrange_lists(site, assets, policy))
        found = ArrangedLists(site.entries, assets, lists, list_tasks(site, lists))
        self.session.arranged, self.session.sure = found, False
        self._stage("arrange")
        return found

    def _related(self, site: Site, lists: Lists) -> Lists:
        index = self.store.load("relations")
        if index.get("lists") == lists.digest and (
            around := decode_neighbours(index.get("around"))
        ):
            return lists._replace(around=around)
        around, known = find_neighbours(site.order, read_known(index.get("known")), self.jobs)
        index.put("lists", lists.digest)
        index.put("around", encode_neighbours(around))
        index.put("known", encode_known(known))
        self.store.save("relations", index)
        return lists._replace(around=around)

    # --- plan, compare, render, write ----------------------------------------------------------

    def _make(
        self,
        site: Site,
        arranged: ArrangedLists,
        templates: LoadedTemplates,
        target: OutputTarget | None,
    ) -> Result:
        session, (_, _, lists, tasks) = self.session, arranged
        state = session.state = session.state or read_state(self.index.get("state"))
        facts, suspects = FactDigests(site, lists), session.suspects(site.content)
        rendering = not _errors(self.problems)
        maker = TaskRunner(site, lists, templates.renderer, state, target, rendering)
        good, todo = maker.choose(tasks, facts, suspects)
        self._stage("compare")
        made = self._run(maker, todo, target)
        gone = state.rows.keys() - {task.name for task in tasks} - {SITEMAP}
        done = CompletedTasks(tasks, good, made, gone)
        judged, faultless = self._check(site, lists, maker, done, facts, suspects is not None)
        self._fail(made.values(), site)
        self._stage("check")
        rendered = tuple(stale for one in made.values() for stale in one.rendered)
        looks = {path: look for one in made.values() for path, look in one.looks.items()}
        files = maker.files(done)
        result = Result(
            manifest=Manifest(program=program(), base_url=lists.settings.base_url, files=files),
            briefs=len(site.order),
            pages=len(files),
            rendered=rendered,
            dropped=(),
            foreign=(),
            problems=tuple(self.problems),
            size=0,
            seconds=self.seconds,
            parsed=site.content.parsed,
            allowed=self.allowed,
            site=site,
            due=next_due(session.linked, self.options.now) if session.linked else None,
        )
        session.whole = False
        if target:
            result = self._write(result, target, site, templates, maker.data, looks)
        learned = {task: (found.trace, found.outcome) for task, found in made.items()}
        after = (maker.closures, target.digest if target else "", self._copied, faultless)
        known = (state.closures, state.output, state.copied, state.faultless)
        if learned or gone or maker.numbers or after != known:
            state.learn(gone, learned, maker.numbers, facts)
            state.closures, state.output, state.copied, state.faultless = after
            session.unkept = True
        session.learned(site.content, judged)
        session.whole = True
        if self.options.explain:
            unseen = frozenset(site.outlines[slug].path for slug in site.unpublished)
            result = result._replace(made_of=dict(_made_of(state, site)), unseen=unseen)
        self._result = result
        return result

    def copied(self) -> dict[str, ManifestEntry]:
        """What is published as it is, as it lies in the site's folder now. Raises SourceLost."""
        copies, templates = CopyCache(None), self.session.templates
        assert templates is not None
        sources = _copies(self._result.site, templates)
        return {path: copies.entry(source) for path, source in sources}

    def keep(self, began: tuple[Inputs, int]) -> None:
        """Keep what the next process needs. `began` is how the inputs looked before they were read,
        and when that was (ns since 1970)."""
        session, state, target = self.session, self.session.state, self._target
        assert state is not None
        assert session.linked is not None
        session.memory.keep()
        if target and (digest := target.keep()) != state.output:
            state.output, session.unkept = digest, True
        if session.unkept:
            self.index.put("state", encode_state(state))
            session.unkept = False
        if target and target.looks_changed:
            self.index.put("looks", encode_stats(target.looks))
            target.looks_changed = False
        inputs, started = began
        now, moments = self.options.now, session.linked.moments
        echo = save_result(inputs, state.output, started, now, moments, self._result)
        self.index.put(SECTION, echo)
        self.store.save(self.name, self.index)
        self.store.tidy("output-")
        self.store.flush()
        self._stage("remember")

    def _run(
        self, maker: TaskRunner, todo: list[Task], target: OutputTarget | None
    ) -> dict[str, TaskResult]:
        """Run tasks; in several processes where there are many."""
        maker.streaming = len(todo) >= parallel.FEWEST and self.jobs > 1
        if maker.streaming and maker.rendering:
            maker.renderer.prepare(CONTEXTS)  # once, and not in every worker
            if target:
                target.prepare()
        try:
            found = parallel.map_ordered(
                maker.encoded,
                todo,
                self.jobs,
                self._progress("Rendering", len(todo)),
                lambda task: task.name,
                self.store.in_worker,
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
        maker.streaming = False  # what little comes after is written when all is known
        made = {task.name: decode_result(data) for task, data in zip(todo, found, strict=True)}
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
        """Judge what is between pages, where anything changed by which that is judged, and make the
        sitemap anew if pages moved. What was found, if it was looked for, and a digest of what
        they are judged by, if nothing is wrong. `sure`: see `Session.sure`."""
        moved = maker.moved(done)
        same = not moved and maker.same_links(done)
        by = page_checks_digest(site, facts.digest("settings"))
        judged = self.session.judged if sure and same else None
        if judged is None and not (same and maker.state.faultless == by):
            judged = self._judge(site, lists, done)
        sitemap = maker.state.rows.get(SITEMAP)
        if sitemap is None or moved or not maker.is_good(SITEMAP, sitemap):
            judged = judged or self._judge(site, lists, done)
            made = maker.make(Task(SITEMAP, partial(sitemap_pages, judged.pages)))
            done.made[SITEMAP] = made
        found = judged.problems if judged else ()
        self.problems += (*done.problems(), *found)
        return judged, b"" if found else by

    def _judge(self, site: Site, lists: Lists, done: CompletedTasks) -> PageCheckResult:
        """What is wrong between pages."""
        found = [*done.outcomes()]
        pages = [page for outcome in found for page in outcome.pages]
        links = [record for outcome in found for record in outcome.links]
        context = PageContext(site, lists.assets, pages, links, RESERVED)
        return PageCheckResult(context.pages, tuple(check_pages(context)))

    def _fail(self, made: Iterable[TaskResult], site: Site) -> None:
        """Raise ContentError when there is an error. A line of a template that failed is reported
        once, with the first page on which it did; what a file allows is not reported."""
        failures: dict[tuple[str, int], Diagnostic] = {}
        for one in made:
            for failure in one.failures:
                failures.setdefault((failure.path, failure.line), failure)
        found = sorted({*self.problems, *failures.values()})
        given, self.allowed = apply_suppressions(site, found)
        self.problems = with_excerpts(self.root, given)
        if _errors(self.problems):
            raise ContentError(self.problems)

    def _write(
        self,
        result: Result,
        target: OutputTarget,
        site: Site,
        templates: LoadedTemplates,
        data: Mapping[str, bytes],
        looks: dict[str, FileStat],
    ) -> Result:
        old, new = target.old, result.manifest
        assert new is not None
        copies = CopyCache(self.index.get("copies"))
        sources = dict(_copies(site, templates))
        self._copied = tuple(sources)
        try:
            for path, source in sources.items():
                new.files[path] = copies.entry(source)
        except SourceLost as error:
            raise OutputError(str(error)) from error
        absent = [
            path
            for path, entry in new.files.items()
            if path not in target.there or old.files[path] != entry
        ]
        if absent or not new.same(old):
            pages = {path: data[path] for path in absent if path in data}
            files = {path: sources[path] for path in absent if path in sources}
            target.publish(new, looks, pages, files)
        self._target = target
        self.index.put("copies", copies.encoded())
        self._stage("write")
        return result._replace(
            manifest=replace(new, digest=target.digest),
            dropped=tuple(sorted(old.files.keys() - new.files.keys())),
            foreign=tuple(path for path in target.foreign if path not in new.files),
            size=sum(entry.size for entry in new.files.values()),
        )


def _made_of(state: State, site: Site) -> Iterator[tuple[str, PageInputs]]:
    for row in state.rows.values():
        facts = tuple(sorted(fact_in_words(site, state.name(number)) for number in row.numbers()))
        for page in row.read().pages:
            yield page.url, PageInputs(page.origin, page.path, page.template, facts)


def _errors(problems: Iterable[Diagnostic]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _copies(site: Site, templates: LoadedTemplates) -> Iterator[tuple[str, Path]]:
    """Files that are published as they are: path in the output, and source."""
    for name in sorted(site.published_media):
        yield f"media/{name}", site.media[name].source
    for asset in templates.assets.values():
        yield asset.url.lstrip("/"), asset.source
