"""What a build returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from builder.diagnostics.diagnostic import Diagnostic
from builder.output.manifest import Manifest, ManifestEntry
from builder.site.due import Due

if TYPE_CHECKING:  # a build that finds nothing changed loads none of it
    from builder.site.site import Site


class RenderedPage(NamedTuple):
    """A page that was rendered, and why: what in it changed, and what that came from."""

    url: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...] = ()


class PageInputs(NamedTuple):
    """What a page is made of."""

    origin: str  # the file that asked for it, or nothing
    path: str  # its own file, below the output
    template: str
    facts: tuple[str, ...]  # in words


class Result(NamedTuple):
    """What a build did."""

    manifest: Manifest | None  # of the output, if there is one
    briefs: int  # that are published
    pages: int
    rendered: tuple[RenderedPage, ...]
    dropped: tuple[str, ...]  # files that are no longer made
    foreign: tuple[str, ...]  # files that somebody else put into the output
    problems: tuple[Diagnostic, ...]  # warnings
    size: int  # bytes of the whole output
    seconds: dict[str, float]  # by stage
    parsed: int = 0  # files that were read and parsed
    made_of: Mapping[str, PageInputs] = MappingProxyType({})  # by page, where that was asked for
    unseen: frozenset[str] = frozenset()  # files of briefs that have no page now
    allowed: tuple[tuple[Diagnostic, str], ...] = ()  # warnings that are not given, and why
    site: Site | None = None  # if it was linked
    # What is published as it is, as it is now; raises SourceLost. Set if something was built.
    copied: Callable[[], dict[str, ManifestEntry]] | None = None
    due: Due | None = None  # what the site says next of which a build now says nothing
