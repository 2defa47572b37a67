"""What one process keeps between two builds, so that what did not change is not done again.

A process that builds once begins with none of it and comes to the same: each part stands beside
what it was made of, and is used only while that is as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from builder.content.config import Config
from builder.content.content import Content
from builder.diagnostics.diagnostic import Diagnostic
from builder.engine.memory import ContentCache
from builder.engine.trace import State
from builder.model.outline import Outline
from builder.pages.page import Task
from builder.site.lists import Lists
from builder.site.page_record import PageRow
from builder.site.relink import LinkedSite
from builder.site.site import Entry
from builder.stat import Stat
from builder.store import Store

if TYPE_CHECKING:
    from builder.render.assets import Asset
    from builder.render.renderer import Renderer


class LoadedTemplates(NamedTuple):
    """The templates, ready, what is wrong with them, and the files that are published with them, by
    name; how all of these looked."""

    renderer: Renderer
    problems: tuple[Diagnostic, ...]
    assets: dict[str, Asset]
    looks: list[tuple[bytes, Stat]]


class ArrangedLists(NamedTuple):
    """Lists and tasks, and what they were made of."""

    entries: dict[str, Entry]
    assets: Mapping[str, str]
    lists: Lists
    tasks: list[Task]


class PageCheckResult(NamedTuple):
    """All pages, but for those whose address another has, and what was wrong between them."""

    pages: list[PageRow]
    problems: tuple[Diagnostic, ...]


class Session:
    """The parts, each as the last build left it."""

    def __init__(self, store: Store) -> None:
        self.memory = ContentCache(store)
        self.config: Config | None = None
        self.linked: LinkedSite | None = None
        self.templates: LoadedTemplates | None = None
        self.arranged: ArrangedLists | None = None
        self.judged: PageCheckResult | None = None
        self.state: State | None = None
        self.unkept = False  # whether that has learned something since it was kept
        self.whole = True  # whether the state and what was published are of the same build
        # Whether only facts of files that moved can differ from those that the state knows,
        self.sure = False
        self.outlines: tuple[Outline, ...] = ()  # and how briefs were outlined then.

    def suspects(self, content: Content) -> list[str] | None:
        """The facts that may have changed since the state was made; none where that can be any."""
        if not self.sure or self.state is None:
            return None
        found = [f"{kind} {path}" for path in self.memory.moved for kind in ("text", "places")]
        printed = False
        for was, now in zip(self.outlines, content.outlines, strict=True):
            if now.path in self.memory.moved:
                found.append(f"front {now.slug}")
                printed |= was != now
        if printed:  # what is said of a brief elsewhere
            found += self.state.names("reference")
        return found

    def learned(self, content: Content, judged: PageCheckResult | None) -> None:
        """The state is as everything is now."""
        self.sure, self.outlines, self.judged = True, content.outlines, judged
        self.memory.moved.clear()
