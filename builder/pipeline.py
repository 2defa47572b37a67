"""The pipeline, read top to bottom: read, link, plan, compare, render, write.

Planning, comparing and rendering are one pass over tasks, since a worker keeps what it made: it
writes its pages into the staged tree and sends back only what the next build has to know."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from builder import parallel
from builder.again import SECTION, Inputs, remember
from builder.config import Config, read_config
from builder.content import read_content
from builder.diagnostics import ContentError, Diagnostic, with_excerpts
from builder.files import Walk
from builder.job import MadeOf, Options, Result
from builder.looks import Copies, Look, SourceLost, encode_looks
from builder.making import Made, Maker, decode_made
from builder.manifest import Entry, Manifest, program
from builder.model import PlainPage
from builder.ordering import arrange
from builder.output import Output, OutputError, refuse_foreign, why
from builder.pages import CONTEXTS, SITEMAP, Judge, list_tasks, sitemap_pages
from builder.pages.page import PageRow, Task
from builder.related import encode_around, encode_known, read_around, read_known, relate
from builder.site import Site, link
from builder.store import Index, Store
from builder.traces import State, TaskRow, read_state
from builder.view import Facts, Lists, in_words

if TYPE_CHECKING:
    from builder.render import Asset, Renderer


class _Templates(NamedTuple):
    """The templates, ready, and the files that are published with them, by name."""

    renderer: Renderer
    assets: dict[str, Asset]


class Pipeline:
    """One build from beginning to end. `began` is how the inputs looked when it began, and when
    that was (ns since 1970); `name` is where its state is kept."""

    def __init__(
        self, root: Path, options: Options, store: Store, name: str, began: tuple[Inputs, int]
    ) -> None:
        self.root, self.options, self.store = root, options, store
        self.name, self.began = name, began
        self.jobs = options.jobs or parallel.default_jobs()
        self.problems: list[Diagnostic] = []
        self.seconds: dict[str, float] = {}
        self._began = time.perf_counter()

    def run(self, walk: Walk, target: Callable[[], Output] | None, index: Index) -> Result:
        """Build into the output that `target` gives, or only check. `walk` has the files of
        content/, `index` the state that the last build left."""
        self.index = index
        try:
            return self._whole(walk, target)
        except ContentError as error:
            found = with_excerpts(self.root, error.diagnostics)
            raise ContentError(found) from None

    def _whole(self, walk: Walk, target: Callable[[], Output] | None) -> Result:
        config = read_config(self.root, self.options.base_url)
        site = self._read(walk, config)
        templates = self._templates(config)
        lists = self._arrange(site, {n: asset.url for n, asset in templates.assets.items()})
        output = target() if target else None
        self._stage("look")
        return self._make(site, lists, templates, output)

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
        content = read_content(walk, config, self.jobs, self.store, self._progress("Reading"))
        self._stage("read")
        site, problems = link(content, config, self.options.now, self.options.drafts)
        self.problems += [*config.problems, *content.problems, *problems]
        self._stage("link")
        return site

    def _templates(self, config: Config) -> _Templates:
        from builder.render import Renderer

        address = config.settings.base_url
        renderer = Renderer(self.root, address, config.base_path, self.store)
        self.problems += renderer.check()
        assets = renderer.assets()
        self._stage("templates")
        return _Templates(renderer, assets)

    def _arrange(self, site: Site, assets: Mapping[str, str]) -> Lists:
        lists = arrange(site, assets)
        index = self.store.load("relations")
        if index.get("lists") == lists.digest and (around := read_around(index.get("around"))):
            self._stage("arrange")
            return lists._replace(around=around)
        around, known = relate(site.order, read_known(index.get("known")), self.jobs)
        index.put("lists", lists.digest)
        index.put("around", encode_around(around))
        index.put("known", encode_known(known))
        self.store.save("relations", index)
        self._stage("arrange")
        return lists._replace(around=around)

    # --- plan, compare, render, write ----------------------------------------------------------

    def _make(
        self,
        site: Site,
        lists: Lists,
        templates: _Templates,
        target: Output | None,
    ) -> Result:
        tasks, facts = list_tasks(site, lists), Facts(site, lists)
        state = read_state(self.index.get("state"))
        rendering = not _errors(self.problems)
        maker = Maker(site, lists, templates.renderer, state, target, rendering)
        good, todo = maker.choose(tasks, facts)
        self._stage("compare")
        made = self._run(maker, todo, target)
        rows = {t.name: made[t.name].row if t.name in made else good[t.name] for t in tasks}
        pages = self._judged(site, lists, rows)
        sitemap = Task(SITEMAP, partial(sitemap_pages, pages))
        if SITEMAP in state.rows and not maker.moved(rows) and maker.is_good(state.rows[SITEMAP]):
            rows[SITEMAP] = good[SITEMAP] = state.rows[SITEMAP]
        else:
            made[SITEMAP] = maker.make(sitemap)
            rows[SITEMAP] = made[SITEMAP].row
        self._fail(made.values())
        self._stage("check")
        rendered = tuple(stale for found in made.values() for stale in found.rendered)
        looks = {path: look for found in made.values() for path, look in found.looks.items()}
        files = {
            page.path: Entry(page.digest, page.size) for row in rows.values() for page in row.pages
        }
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
            site=site,
        )
        if target:
            result = self._write(result, target, site, templates, maker.data, looks)
        new = state.after(good, {task: (found.trace, found.row) for task, found in made.items()})
        new.closures, new.output = maker.closures, target.digest if target else ""
        kept = (state.rows.keys(), state.closures, state.output)
        if made or kept != (new.rows.keys(), new.closures, new.output):
            self.index.put("state", new.encoded(facts))
        if self.options.explain:
            unseen = frozenset(site.outlines[slug].path for slug in site.unpublished)
            result = result._replace(made_of=dict(_made_of(new, site)), unseen=unseen)
        inputs, started = self.began
        moments, now = _moments(site), self.options.now
        echo = remember(inputs, new.output, started, now, moments, result)
        self.index.put(SECTION, echo)
        self.store.save(self.name, self.index)
        self.store.tidy("output-")
        self.store.flush()
        self._stage("remember")
        return result

    def _run(self, maker: Maker, todo: list[Task], target: Output | None) -> dict[str, Made]:
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
        made = {task.name: decode_made(data) for task, data in zip(todo, found, strict=True)}
        self._stage("make")
        return made

    def _judged(self, site: Site, lists: Lists, rows: Mapping[str, TaskRow]) -> list[PageRow]:
        """All pages, but for those whose address another has; what is wrong between them is
        reported."""
        planned = [page for row in rows.values() for page in row.pages]
        judge = Judge(site, lists.assets, planned)
        for row in rows.values():
            self.problems += row.problems
            for links in row.links:
                judge.links(links)
        judge.menu()
        self.problems += judge.problems
        return judge.pages

    def _fail(self, made: Iterable[Made]) -> None:
        """Raise ContentError when there is an error. A line of a template that failed is reported
        once, with the first page on which it did."""
        failures: dict[tuple[str, int], Diagnostic] = {}
        for found in made:
            for failure in found.failures:
                failures.setdefault((failure.path, failure.line), failure)
        self.problems = with_excerpts(self.root, sorted({*self.problems, *failures.values()}))
        if _errors(self.problems):
            raise ContentError(self.problems)

    def _write(
        self,
        result: Result,
        target: Output,
        site: Site,
        templates: _Templates,
        data: Mapping[str, bytes],
        looks: dict[str, Look],
    ) -> Result:
        old, new = target.old, result.manifest
        assert new is not None
        copies = Copies(self.index.get("copies"))
        sources = dict(_copies(site, templates))
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
            refuse_foreign(target.output, old, new, target.foreign, absent)
            pages = {path: data[path] for path in absent if path in data}
            files = {path: sources[path] for path in absent if path in sources}
            self.index.put("looks", encode_looks(target.publish(new, looks, pages, files)))
        elif target.looks_changed:
            self.index.put("looks", encode_looks(target.looks))
        self.index.put("copies", copies.encoded())
        self._stage("write")
        return result._replace(
            manifest=replace(new, digest=target.digest),
            dropped=tuple(sorted(old.files.keys() - new.files.keys())),
            foreign=tuple(path for path in target.foreign if path not in new.files),
            size=sum(entry.size for entry in new.files.values()),
        )


def _moments(site: Site) -> Iterator[datetime]:
    """When something is published, updated or expires."""
    for outline in site.outlines.values():
        for moment in (outline.date, outline.updated, outline.expires):
            if moment:
                yield moment.at
    for page in site.content.records[PlainPage]:
        if isinstance(page, PlainPage) and page.updated:
            yield page.updated.at


def _made_of(state: State, site: Site) -> Iterator[tuple[str, MadeOf]]:
    for row in state.rows.values():
        facts = tuple(sorted(in_words(site, state.names[number]) for number in row.trace))
        for page in row.pages:
            yield page.url, MadeOf(page.origin, page.path, page.template, facts)


def _errors(problems: Iterable[Diagnostic]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _copies(site: Site, templates: _Templates) -> Iterator[tuple[str, Path]]:
    """Files that are published as they are: path in the output, and source."""
    for name in sorted(site.published_media):
        yield f"media/{name}", site.media[name].source
    for asset in templates.assets.values():
        yield asset.url.lstrip("/"), asset.source
