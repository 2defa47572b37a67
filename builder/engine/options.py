"""What a build is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from builder.diagnostics.diagnostic import Diagnostic
from builder.output.manifest import Manifest

# Told which stage runs, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


class Options(NamedTuple):
    """What a build is told besides the site's folder."""

    now: datetime
    base_url: str = ""  # instead of site.yaml's
    drafts: bool = False
    jobs: int = 0  # 0: as many as there are processors
    progress: Progress | None = None
    clean: bool = False  # forget what earlier builds left
    explain: bool = False  # say of every page what it is made of
    told: bool = False  # whether the moment is another than that of the build itself
    note: Callable[[str], None] | None = None  # told what an editor should know meanwhile


class Stale(NamedTuple):
    """A page that was rendered, and why: what in it changed, and what that came from."""

    url: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...] = ()


class MadeOf(NamedTuple):
    """What a page is made of."""

    origin: str  # the file that asked for it, or nothing
    path: str  # its own file, below the output
    template: str
    facts: tuple[str, ...]  # in words


Event = Literal["is published", "is updated", "expires"]


class Due(Struct, frozen=True, array_like=True):
    """Something that the site says from a moment on, and not before."""

    at: datetime  # aware
    event: Event
    title: str
    path: str

    @property
    def instant(self) -> str:
        """The moment in UTC: ISO 8601, which sorts as text."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Result(NamedTuple):
    """What a build did."""

    manifest: Manifest | None  # of the output, if there is one
    briefs: int  # that are published
    pages: int
    rendered: tuple[Stale, ...]
    dropped: tuple[str, ...]  # files that are no longer made
    foreign: tuple[str, ...]  # files that somebody else put into the output
    problems: tuple[Diagnostic, ...]  # warnings
    size: int  # bytes of the whole output
    seconds: dict[str, float]  # by stage
    parsed: int = 0  # files that were read and parsed
    made_of: Mapping[str, MadeOf] = MappingProxyType({})  # by page, where that was asked for
    unseen: frozenset[str] = frozenset()  # files of briefs that have no page now
    allowed: tuple[tuple[Diagnostic, str], ...] = ()  # warnings that are not given, and why
    site: Any = None  # the Site, where it was read
    pipeline: Any = None  # what made it, which whoever ends next need not take apart
    due: Due | None = None  # what the site says next of which a build now says nothing
