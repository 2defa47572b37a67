"""What one process keeps in memory between builds, to avoid repeated work.

A build without it has the same result: each part is stored with its inputs and reused only while
they are unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from builder.content.config import Config
from builder.diagnostics.diagnostic import Diagnostic
from builder.engine.memory import PRINTED, ContentCache
from builder.engine.trace import State
from builder.model.settings import Settings
from builder.pages.kinds import Tasks
from builder.search.segments import SearchIndex
from builder.site.facts import FACTS
from builder.site.lists import Lists
from builder.site.page_record import PageRow
from builder.site.relink import LinkedSite
from builder.site.site import Entry, Site
from builder.stat import Stat
from builder.store import Store

if TYPE_CHECKING:
    from builder.render.assets import Asset
    from builder.render.renderer import Renderer

# The kinds of facts that may change with the title, summary or text of any brief.
_OF_TEXTS = tuple(fact.kind for fact in FACTS if fact.texts)


class LoadedTemplates(NamedTuple):
    """The compiled templates, with their problems, assets and file stats.

    `media` has the files of content/media/ that they name, each with the diagnostic in case that it
    does not exist. `settled` is whether any change after the files were read alters the stats.
    `said` has the messages of the site's own templates; it is None if one has a mistake."""

    renderer: Renderer
    problems: tuple[Diagnostic, ...]
    assets: dict[str, Asset]
    media: dict[str, Diagnostic]
    stats: list[tuple[bytes, Stat]]
    settled: bool
    said: frozenset[str] | None = None

    def current(self, stats: list[tuple[bytes, Stat]], settings: Settings) -> bool:
        """Return whether files with these stats would load the same templates."""
        return self.settled and self.stats == stats and self.renderer.settings == settings

    @property
    def faulty(self) -> bool:
        """Whether a template has a mistake."""
        return any(problem.severity == "error" for problem in self.problems)

    def missing_media(self, media: Mapping[str, object]) -> Iterator[Diagnostic]:
        """Yield the problems of missing media files that templates name."""
        return (problem for name, problem in self.media.items() if name not in media)


class ArrangedEdition(NamedTuple):
    """An edition of the site: its projection of the record, and its lists."""

    tag: str  # empty for the main one
    base: str  # where it begins, such as /nl
    site: Site
    lists: Lists


class ArrangedLists(NamedTuple):
    """Lists and tasks, and their inputs; `editions` begins with the main one."""

    entries: Mapping[str, Entry]
    assets: Mapping[str, str]
    editions: tuple[ArrangedEdition, ...]
    tasks: Tasks

    @property
    def lists(self) -> Lists:
        """The lists of the main edition."""
        return self.editions[0].lists


class PageCheckResult(NamedTuple):
    """All pages with a unique address, and the problems between them."""

    pages: list[PageRow]
    problems: tuple[Diagnostic, ...]


class Session:
    """The parts, each from the last build."""

    def __init__(self, store: Store) -> None:
        self.memory = ContentCache(store)
        self.config: Config | None = None
        self.linked: LinkedSite | None = None
        self.templates: LoadedTemplates | None = None
        self.arranged: ArrangedLists | None = None
        self.search: dict[str, SearchIndex] = {}  # by edition
        self.page_checks: PageCheckResult | None = None
        self.state: State | None = None
        self.unkept = False  # whether the state has changed since it was saved
        self.whole = True  # whether the state and the published pages are of the same build
        # Whether only facts of changed files can differ from those in the state.
        self.sure = False

    def candidates(self) -> list[str] | None:
        """Return the facts that may have changed, or None if any may."""
        if not self.sure or self.state is None:
            return None
        memory, drafts = self.memory, bool(self.linked and self.linked.drafts)
        found, printed = [], []
        for path, level in memory.levels.items():
            found += [f"{kind} {path}" for kind in ("text", "length", "places")]
            if brief := memory.outlines.get(path):
                found.append(f"front {brief.slug}")
                if level >= PRINTED:  # on pages that refer to the brief
                    printed += [f"reference brief {brief.slug}", f"reference file {path}"]
        tags = self._tags()
        found += [f"{tag}{name}" for tag in tags[1:] for name in found]
        for tag in tags:
            for kind in ("messages", *_OF_TEXTS):
                found += self.state.names(f"{tag}{kind}")
            if self.search:
                for kind in ("shard", "searched"):
                    found += self.state.names(f"{tag}{kind}")
            if drafts:  # a brief may have another slug than in its file
                found += self.state.names(f"{tag}reference")
            found += [f"{tag}{name}" for name in printed]
        return found

    def _tags(self) -> tuple[str, ...]:
        """Return the prefix of the facts of each edition, the main one first."""
        editions = self.arranged.editions if self.arranged else ()
        return ("", *(f"{edition.tag}:" for edition in editions[1:]))

    def learned(self, page_checks: PageCheckResult | None) -> None:
        """Note that the state is up to date."""
        self.sure, self.page_checks = True, page_checks
        self.whole = True
        self.memory.levels.clear()
