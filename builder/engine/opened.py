"""The published site as it is now, opened to make something from its pages besides output/."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from builder.content.walk import walk_content
from builder.engine.options import Options
from builder.engine.pipeline import Pipeline
from builder.engine.session import Session
from builder.output.manifest import ManifestEntry
from builder.pages.page import Page, Task
from builder.pages.planner import Planner
from builder.program import program
from builder.render.renderer import Renderer
from builder.site.site import Site
from builder.site.view import View
from builder.store import FOLDER, opened


class OpenSite(NamedTuple):
    """A site without mistakes: its facts, its tasks and its templates.

    `files` has the digest of every page, as a build now would write it."""

    root: Path
    now: datetime
    site: Site
    plan: Planner
    renderer: Renderer
    tasks: Mapping[str, Task]
    files: Mapping[str, ManifestEntry]

    def page(self, task: str) -> Page | None:
        """Return the first page of a task, if there is one."""
        found = self.tasks.get(task)
        if found is None:
            return None
        self.plan.view.begin()
        return next(iter(found.make(self.plan)))


def open_site(root: Path, options: Options) -> OpenSite:
    """Return the published site as of `options.now`.

    Raises ContentError as a build does."""
    with opened(root / FOLDER, program(), options.note) as store:
        session = Session(store)
        pipeline = Pipeline(root, options, store, "check", store.load("check"), session)
        result = pipeline.run(walk_content(root), None)
    assert session.arranged and session.linked and session.templates and result.manifest
    site, arranged = session.linked.site, session.arranged
    plan = Planner(View(site, arranged.lists))
    tasks = {task.name: task for task in arranged.tasks}
    renderer = session.templates.renderer
    return OpenSite(root, options.now, site, plan, renderer, tasks, result.manifest.files)
