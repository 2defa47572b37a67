"""The result of a build."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from builder.check.verdicts import FileVerdicts, Suppressed
from builder.diagnostics.reported import Reported
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
    problems: Reported  # warnings
    size: int  # bytes of the whole output
    seconds: dict[str, float]  # by stage
    parsed: int = 0  # number of files that were read and parsed
    made_of: Mapping[str, PageInputs] = MappingProxyType({})  # by page, with `explain`
    hidden: frozenset[str] = frozenset()  # files of briefs without a page, with `explain`
    allowed: Suppressed = Suppressed()  # suppressed diagnostics and their reasons
    verdicts: tuple[FileVerdicts, ...] = ()  # of which both are made
    site: Site | None = None  # if it was linked
    # Returns the files to copy as they are now; raises SourceLost. Set if something was built. It
    # also keeps the objects of the build alive, since freeing them takes long. Nothing that it
    # keeps may refer to the result: a preview frees each result when the next one replaces it.
    copied: Callable[[], dict[str, ManifestEntry]] | None = None
    fresh: Set[str] = frozenset()  # files that were read, or whose pages were made
    due: Due | None = None  # the next scheduled change after this build
    # The digest of the manifest before, if this build has the linked site of the last one.
    resumed: str = ""

    def decode(self, whole: bool) -> None:
        """Decode the diagnostics to show.

        These are all, or the first of each code in fresh files. Later the store may be closed.
        Raises StoreDamaged."""
        decode_shown(self.problems if whole else self.problems.within(self.fresh), whole)
        _ = list(self.allowed) if whole else self.allowed.errors()


def decode_shown(problems: Reported, whole: bool) -> None:
    """Decode diagnostics, which stay decoded: all, or the first of each code."""
    from builder.diagnostics.report import limited

    _ = list(problems) if whole else limited(problems)
