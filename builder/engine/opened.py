"""The published site as it is now, opened to make something from its pages besides output/."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
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

    def page(self, task: str) -> Page | None:
        """Return the first page of a task, if there is one."""
        found = self.tasks.get(task)
        if found is None:
            return None
        self.plan.view.begin()
        return next(iter(found.make(self.plan)))

    def written(self, task: str) -> tuple[str, str]:
        """Return the path and the digest of a built page."""
        page = self.page(task)
        assert page is not None
        data = self.renderer.render(page)
        if not isinstance(data, bytes):
            raise ContentError([data])
        return f"{page.url.lstrip('/')}index.html", bytes_digest(data)


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
    arranged, main = session.arranged, session.arranged.editions[0]
    plan = Planner(View(main.site, main.lists))
    tasks = {task.name: task for task in arranged.tasks if not task.edition}
    return OpenSite(root, options.now, main.site, plan, session.templates.renderer, tasks)
