"""Checks of unpublished records other than briefs, which have no page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from builder.pages.page import Kind, Page, Task
from builder.pages.planner import Planner, Text
from builder.site.lists import Lists
from builder.site.site import Site


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for path, record in site.waiting.items():
        if record.body.html:
            yield Task(f"unpublished {path}", partial(_check, path))


def _check(path: str, plan: Planner) -> Iterator[Page]:
    """Check the text of a record without making a page."""
    record = plan.view.waiting(path)
    assert record is not None
    plan.text(cast(Text, record))
    return iter(())


KIND = Kind(tasks, {}, once=True)
