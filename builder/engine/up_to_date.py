"""Returns the last build's result if no input has changed since.

Only the stats of files are read. The site is built if a stat has changed, if a file may have
changed without a new time, or if something has been published, updated, expired, begun or ended
between the two moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from builder.check.verdicts import FileVerdicts, Suppressed, reported
from builder.content.template_files import stat_file, stat_templates
from builder.content.walk import Walk
from builder.engine.options import Options
from builder.engine.result import Result
from builder.language.catalogs import stat_catalogs
from builder.output.tree import Output
from builder.program import program
from builder.site.due import Due
from builder.stat import Stat, last_settled, settles
from builder.store import Store, StoreDamaged, digest

SECTION = "result"
_FEW = 1000  # files that may be read twice


class Inputs(Struct, frozen=True, array_like=True):
    """A digest of the input stats and the options of a build.

    After `settled` (ns since 1970), no input can change without a new stat. `content` has the stats
    of the files of content/, and `others` is when all other files are settled."""

    digest: bytes
    settled: int
    content: Sequence[tuple[str, Stat]] = ()
    others: int = 0

    def trusted(self, started: int, same: Callable[[list[tuple[str, Stat]]], bool]) -> bool:
        """Return whether any later change of an input alters its stat.

        For a few files of content/ that were modified just before it `started`, `same` returns
        whether they have settled since then, and are as they were read."""
        if self.settled <= started or self.others > started:
            return self.settled <= started
        fresh = [(path, stat) for path, stat in self.content if settles(*stat[1:3]) > started]
        return len(fresh) <= _FEW and same(fresh)


class SavedResult(Struct, frozen=True, array_like=True):
    """The result of a build, valid for unchanged inputs between two moments.

    The moments are in seconds since 1970."""

    inputs: bytes
    output: str  # the digest of the manifest
    since: float
    until: float
    briefs: int
    pages: int
    size: int
    verdicts: tuple[FileVerdicts, ...]
    due: bytes  # as JSON, which keeps the time zone


_saved = msgspec.msgpack.Decoder(SavedResult)
_due = msgspec.json.Decoder(Due | None)


def inputs_of(root: Path, walk: Walk, options: Options) -> Inputs:
    """Return the state of a site's inputs; `walk` has its content."""
    content = [(path, stat) for path, _, stat in walk.files]
    templates = stat_templates(root)
    settings = stat_file(root / "site.yaml")
    given = (options.base_url, options.drafts, options.preview, program())
    catalogs = stat_catalogs()
    everything = (given, settings, content, templates, catalogs, walk.problems)
    others = last_settled((settings, *(stat for _, stat in (*templates, *catalogs))))
    settled = max(others, last_settled(stat for _, stat in content))
    return Inputs(digest(msgspec.msgpack.encode(everything)), settled, content, others)


def save_result(
    inputs: Inputs,
    output: str,
    trusted: bool,
    now: datetime,
    moments: Iterable[float],
    result: Result,
) -> bytes:
    """Encode the result of a build.

    Empty unless any change since alters a stat (`trusted`). At `moments`, something is
    published, updated or expires, or a relation begins or ends."""
    if not trusted:
        return b""
    times, at = [*moments], now.timestamp()
    since = max((time for time in times if time <= at), default=float("-inf"))
    until = min((time for time in times if time > at), default=float("inf"))
    saved = SavedResult(
        inputs.digest,
        output,
        since,
        until,
        result.briefs,
        result.pages,
        result.size,
        result.verdicts,
        msgspec.json.encode(result.due),
    )
    return msgspec.msgpack.encode(saved)


def load_result(data: bytes | None, inputs: Inputs, now: datetime) -> SavedResult | None:
    """Return the last build's result if it is still valid."""
    try:
        saved = _saved.decode(data or b"")
        _due.decode(saved.due)
    except msgspec.MsgspecError:
        return None
    valid = saved.inputs == inputs.digest and saved.since <= now.timestamp() < saved.until
    return saved if valid else None


def reuse_result(
    saved: SavedResult, root: Path, store: Store, target: Output | None
) -> Result | None:
    """Return a saved result, or None if output or store differ."""
    old = target.old if target else None
    if target and (target.there != target.old.files.keys() or target.digest != saved.output):
        return None
    result = Result(
        manifest=old,
        briefs=saved.briefs,
        pages=saved.pages,
        rendered=(),
        dropped=(),
        foreign=target.foreign if target else (),
        problems=reported(root, saved.verdicts, store.value),
        size=saved.size,
        seconds={},
        allowed=Suppressed(saved.verdicts, store.value),
        due=_due.decode(saved.due),
    )
    try:
        result.decode(whole=target is None)
    except StoreDamaged:
        return None
    return result
