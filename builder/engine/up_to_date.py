"""A site in which nothing changed since the last build -> what that build told.

Nothing is read but how files look. Where one does not look as it did, or may have changed without
a new time, or where the moment lies on the other side of a publication, an update, an expiry, or
the beginning or end of a relation, the site is built."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from builder.content.template_files import stat_file, stat_templates
from builder.content.walk import Walk
from builder.diagnostics.diagnostic import Diagnostic
from builder.engine.options import Options
from builder.engine.result import Result
from builder.output.tree import Output
from builder.program import program
from builder.site.due import Due
from builder.stat import Stat, settles
from builder.store import digest

SECTION = "echo"


class Inputs(Struct, frozen=True, array_like=True):
    """A digest of how everything looks that a build reads, and of what it is told; and when none of
    it can change any more without looking different (ns since 1970)."""

    digest: bytes
    settled: int


class SavedResult(Struct, frozen=True, array_like=True):
    """What a build told, and for how long that is true: from a moment to another (seconds since
    1970), while everything looks the same."""

    inputs: bytes
    output: str  # a digest of the manifest that the build left
    since: float
    until: float
    briefs: int
    pages: int
    size: int
    problems: tuple[Diagnostic, ...]
    allowed: tuple[tuple[Diagnostic, str], ...]
    due: bytes  # as JSON, which keeps the zone of a moment


_echo = msgspec.msgpack.Decoder(SavedResult)
_due = msgspec.json.Decoder(Due | None)


def inputs_of(root: Path, walk: Walk, options: Options) -> Inputs:
    """How the inputs of the site in `root` look; `walk` has its content."""
    content = [(path, stat) for path, _, stat in walk.files]
    templates = stat_templates(root)
    settings = stat_file(root / "site.yaml")
    told = (options.base_url, options.drafts, program())
    everything = (told, settings, content, templates, walk.problems)
    stats: Iterable[Stat] = (settings, *(s for _, s in content), *(s for _, s in templates))
    settled = max(settles(modified, changed) for _, modified, changed, _ in stats)
    return Inputs(digest(msgspec.msgpack.encode(everything)), settled)


def save_result(
    inputs: Inputs,
    output: str,
    started: int,
    now: datetime,
    moments: Iterable[float],
    result: Result,
) -> bytes:
    """The echo of a build that began at `started` (ns since 1970); nothing where a file could have
    changed since without a new time. `moments` are those at which something is published, updated
    or expires, or a relation begins or ends."""
    if inputs.settled > started:
        return b""
    times, at = [*moments], now.timestamp()
    since = max((time for time in times if time <= at), default=float("-inf"))
    until = min((time for time in times if time > at), default=float("inf"))
    echo = SavedResult(
        inputs.digest,
        output,
        since,
        until,
        result.briefs,
        result.pages,
        result.size,
        result.problems,
        result.allowed,
        msgspec.json.encode(result.due),
    )
    return msgspec.msgpack.encode(echo)


def load_result(data: bytes | None, inputs: Inputs, now: datetime) -> SavedResult | None:
    """The last build's echo, if a build now would tell the same."""
    try:
        echo = _echo.decode(data or b"")
        _due.decode(echo.due)
    except msgspec.MsgspecError:
        return None
    same = echo.inputs == inputs.digest and echo.since <= now.timestamp() < echo.until
    return echo if same else None


def reuse_result(echo: SavedResult, target: Output | None) -> Result | None:
    """The result of a build that has nothing to do; none where the output is not as it was."""
    old = target.old if target else None
    if target and (target.there != target.old.files.keys() or target.digest != echo.output):
        return None
    return Result(
        manifest=old,
        briefs=echo.briefs,
        pages=echo.pages,
        rendered=(),
        dropped=(),
        foreign=target.foreign if target else (),
        problems=echo.problems,
        size=echo.size,
        seconds={},
        allowed=echo.allowed,
        due=_due.decode(echo.due),
    )
