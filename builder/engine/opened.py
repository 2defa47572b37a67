"""The published site as it is now, opened to make something from its pages besides output/."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import ContentError
from builder.engine.options import Options
from builder.engine.pipeline import Pipeline
from builder.engine.session import Session
from builder.engine.up_to_date import inputs_of
from builder.output.manifest import bytes_digest
from builder.pages.page import Page, Task
from builder.pages.planner import Planner
from builder.program import program
from builder.render.renderer import Renderer
from builder.site.edition_names import MAIN, from_root
from builder.site.site import Site
from builder.site.view import View
from builder.store import FOLDER, opened

_STATE = "opened"  # the name of its state in the store: nothing is rendered


class OpenSite(NamedTuple):
    """A site without mistakes: its facts, its tasks and its templates."""

    root: Path
    now: datetime
    site: Site
    plan: Planner
    renderer: Renderer
    tasks: Mapping[str, Task]
    base: str = ""  # where the edition begins
    others: Mapping[str, OpenSite] = MappingProxyType({})  # further editions, by language tag

    def edition(self, tag: str) -> OpenSite | None:
        """Return an edition by its language tag, or nothing."""
        usual = self.plan.language
        return self if tag.lower() in ("", usual.lower()) else self.others.get(tag)

    def page(self, task: str) -> Page | None:
        """Return the first page of a task, if there is one."""
        found = self.tasks.get(task)
        if found is None:
            return None
        self.plan.view.begin()
        page = next(iter(found.make(self.plan)))
        return page._replace(url=from_root(self.base, page.url), base=self.base)

    def written(self, task: str) -> tuple[str, str]:
        """Return the path and the digest of a built page."""
        page = self.page(task)
        assert page is not None
        data = self.renderer.render(page)
        if not isinstance(data, bytes):
            raise ContentError([data])
        return page.path, bytes_digest(data)


def open_site(root: Path, options: Options) -> OpenSite:
    """Return the published site as of `options.now`.

    Plans its pages and renders none. Raises ContentError as a build does."""
    options = options._replace(pages=False)
    with opened(root / FOLDER, program(), options.note) as store:
        started, walk = time.time_ns(), walk_content(root)
        inputs, session = inputs_of(root, walk, options), Session(store)
        pipeline = Pipeline(root, options, store, _STATE, store.load(_STATE), session)
        pipeline.run(walk, None)
        pipeline.keep((inputs, started))
    assert session.arranged and session.linked and session.templates
    renderer, found = session.templates.renderer, dict[str, OpenSite]()
    for tag, base, site, lists in session.arranged.editions:
        plan = Planner(View(site, lists, tag))
        tasks = {
            name.removeprefix(f"{tag}:"): task
            for name, task in session.arranged.tasks.all.items()
            if task.edition == tag
        }
        found[tag] = OpenSite(root, options.now, site, plan, renderer, tasks, base)
    main = found.pop(MAIN)
    return main._replace(others=found)
