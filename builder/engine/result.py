"""The result of a build."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from builder.diagnostics.diagnostic import Diagnostic
from builder.output.manifest import Manifest, ManifestEntry
from builder.site.due import Due

if TYPE_CHECKING:  # a build that finds nothing changed loads none of it
    from builder.site.site import Site


class RenderedPage(NamedTuple):
    """A rendered page, why it was stale, and the changed facts."""

    url: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...] = ()


class PageInputs(NamedTuple):
    """The inputs of a page."""

    origin: str  # the file that declares it, or empty
    path: str  # its own file, relative to the output
    template: str
    facts: tuple[str, ...]  # their descriptions


class Result(NamedTuple):
    """The result of a build."""

    manifest: Manifest | None  # of the output, if there is one
    briefs: int  # published ones
    pages: int
    rendered: tuple[RenderedPage, ...]
    dropped: tuple[str, ...]  # files that were removed
    foreign: tuple[str, ...]  # files that someone else put into the output
    problems: tuple[Diagnostic, ...]  # warnings
    size: int  # bytes of the whole output
    seconds: dict[str, float]  # by stage
    parsed: int = 0  # number of files that were read and parsed
    made_of: Mapping[str, PageInputs] = MappingProxyType({})  # by page, with `explain`
    hidden: frozenset[str] = frozenset()  # files of briefs without a page, with `explain`
    allowed: tuple[tuple[Diagnostic, str], ...] = ()  # suppressed warnings and their reasons
    site: Site | None = None  # if it was linked
    # Returns the files to copy as they are now; raises SourceLost. Set if something was built. It
    # also keeps the objects of the build alive, since freeing them takes long. Nothing that it
    # keeps may refer to the result: a preview frees each result when the next one replaces it.
    copied: Callable[[], dict[str, ManifestEntry]] | None = None
    fresh: Set[str] = frozenset()  # files that were read, or whose pages were made
    due: Due | None = None  # the next scheduled change after this build
