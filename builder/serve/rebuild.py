"""The build loop of a preview, which keeps unchanged results in memory.

It runs in the main process. The server process, its child, reports modified files; this process
builds and sends back the result."""

from __future__ import annotations

import gc
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from builder.check.verdicts import reported
from builder.content.config import FILE as SETTINGS
from builder.content.config import read_config
from builder.content.template_files import stat_file, stat_templates
from builder.content.walk import Walk, walk_again, walk_content
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.edit_lock import wait_for_edits
from builder.engine.options import Options
from builder.engine.pipeline import Pipeline
from builder.engine.result import Result
from builder.engine.session import Session
from builder.engine.up_to_date import (
    SECTION,
    Inputs,
    inputs_of,
    load_result,
)
from builder.errors import SluglineError
from builder.hosting.headers import content_policy
from builder.model.settings import Settings
from builder.output.inventory import take_inventory
from builder.output.manifest import read_manifest
from builder.output.stat_cache import decode_stats
from builder.output.target import OutputError, why
from builder.parallel import WorkerDied
from builder.program import program
from builder.safe_files import make_folders
from builder.serve.messages import (
    BuildFailed,
    BuildSucceeded,
    Changed,
    DeskRequest,
    Polling,
    Progress,
    ToServer,
)
from builder.serve.page_sources import badges, nearest_list, sources
from builder.serve.preview_output import PreviewFolder
from builder.site.desk import desk_of
from builder.stat import Stat, settled_at
from builder.store import (
    FOLDER,
    PREVIEW,
    Store,
    StoreDamaged,
    make_folder,
    opened,
    remove,
)

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_POLICY = "policy"  # the section of the index with the policy of the site's pages
_OUTPUT = "site"  # the folder of the preview's output
_INDEX = "output-preview"  # the name of the preview's state in the store
_RECHECK = 1.0  # seconds without a change, after which all files are checked once more
_IDLE = 4.0  # seconds without a change, after which the state is saved
_LONG = 3600.0  # seconds
# Without a pause, garbage is collected after this many builds, or replacements of the templates:
# these form cycles of almost a megabyte.
_MANY = 100
_MANY_TEMPLATES = 8


class AlreadyServed(SluglineError):
    """Another preview of the same site that is already running."""


class ServerEnded(SluglineError):
    """An unexpected end of the server process."""


def preview_folder(root: Path) -> Path:
    """Return the output folder of a site's preview."""
    return root / FOLDER / PREVIEW / _OUTPUT


def _make_output(root: Path) -> Path:
    """Create the output folder of a site's preview, in place of a link if there is one.

    What else is in it is removed, so it must not be somebody's folder. Raises OSError."""
    folder = preview_folder(root)
    if folder.is_symlink():
        remove(folder)
    return make_folders(root, f"{FOLDER}/{PREVIEW}/{folder.name}")


@contextmanager
def preview_store(root: Path) -> Iterator[Store]:
    """Yield the locked store of a site's preview.

    Raises AlreadyServed if another preview holds the lock."""
    try:
        make_folder(root / FOLDER)
        make_folders(root / FOLDER, PREVIEW)
    except OSError as error:
        why = error.strerror or "it is not a folder"
        raise OutputError(f"cannot write {FOLDER}/, which a preview needs: {why}") from None

    def refuse(text: str) -> None:
        if text.startswith("waiting"):
            raise AlreadyServed
        raise OutputError(text)

    with opened(root / FOLDER / PREVIEW, program(), refuse) as store:
        yield store


class InputStats(NamedTuple):
    """The stats of all inputs of a build."""

    content: Walk
    templates: list[tuple[bytes, Stat]]
    settings: Stat

    def each(self) -> Iterator[Stat]:
        yield from (stat for _, _, stat in self.content.files)
        yield from (stat for _, stat in self.templates)
        yield self.settings


class Rebuilder:
    """A loop that rebuilds the site whenever something changes.

    Each build is as of now, according to `clock`, or without a clock as of the time in the options.
    `report` receives the result of each build, for the terminal."""

    def __init__(
        self,
        root: Path,
        options: Options,
        store: Store,
        pipe: Connection,
        report: Callable[[BuildSucceeded | BuildFailed | Polling], None],
        clock: Callable[[], datetime] | None,
    ) -> None:
        self.root, self.options, self.store, self.pipe = root, options, store, pipe
        self.report, self.clock = report, clock
        self.number = 0
        self.walk = Walk([], [])
        self.stats = InputStats(self.walk, [], (0, 0, 0, 0))  # taken before the last build
        self.started = 0  # when they were taken (ns since 1970)
        self.problems: Sequence[Diagnostic] = ()  # from the last build
        self.failed = False  # whether the last build failed
        self.unsaved = False  # whether there is state to save
        self.unsettled = False  # whether a build, even a failed one, is yet to be checked
        self._progressed = 0.0
        self._collected = 0  # the build after which garbage was last collected
        self._replaced = 0  # how often templates were replaced since
        self.session: Session | None = None
        self.forget()

    def forget(self) -> None:
        """Discard everything that this process has kept in memory."""
        self._replaced += self.session is not None
        self.session = None
        self.folder: PreviewFolder | None = None
        self.pipeline: Pipeline | None = None
        self.index = self.store.load(_INDEX)

    def run(self) -> None:
        """Build on every change until interrupted.

        Raises ServerEnded if the server process ends."""
        # A build creates many small objects and frees few: collect cycles only in pauses.
        gc.disable()
        try:
            self.begin()
            self.build(None)
            while True:
                self._wait()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise ServerEnded from None
        finally:
            self.close()

    # --- waiting -------------------------------------------------------------------------------

    def _wait(self) -> None:
        """Wait for the next message or scheduled change, and handle it.

        After a pause, check for missed changes; after a longer one, save the state."""
        for wait, then in ((_RECHECK, self._recheck), (_IDLE - _RECHECK, self.settle)):
            due = self._due()
            if self.pipe.poll(min(wait, due)):
                return self._receive()
            if due <= wait:
                return self.build(())
            if self.unsettled:
                then()
        due = self._due()
        if self.pipe.poll(due):
            return self._receive()
        return self.build(()) if due < _LONG else None

    def _due(self) -> float:
        """Return the seconds until the next scheduled change."""
        if self.clock is None or self.session is None or self.session.linked is None:
            return _LONG
        linked, now = self.session.linked, self._now().timestamp()
        at = bisect_right(linked.moments, linked.now.timestamp())
        next_moment = linked.moments[at] if at < len(linked.moments) else now + _LONG
        return min(_LONG, max(0.0, next_moment - now))

    def _receive(self) -> None:
        """Handle all messages that the server process has sent so far."""
        paths: set[str] | None = set()
        changed = False
        while self.pipe.poll(0):
            message = self.pipe.recv()
            if isinstance(message, DeskRequest):
                self._send_desk(message.number)
            elif isinstance(message, Polling):
                self.report(message)
            elif isinstance(message, Changed):
                changed = True
                if message.paths is None or paths is None:
                    paths = None
                else:
                    paths |= {*message.paths}
        if changed:
            self.build(paths)

    def _recheck(self) -> None:
        """Build if any input has changed without a message."""
        walk = walk_content(self.root)
        if self._may_differ(walk):
            self._build(walk)

    def _may_differ(self, walk: Walk) -> bool:
        """Return whether an input may have changed since the last build began to read it.

        `walk` covers the content. A change in the moment of the last one does not alter a stat."""
        stats = self._stats(walk)
        return stats != self.stats or not settled_at(stats.each(), self.started)

    def _stats(self, walk: Walk) -> InputStats:
        return InputStats(walk, stat_templates(self.root), stat_file(self.root / SETTINGS))

    def settle(self) -> None:
        """Build once more if anything has changed, and save the state."""
        started = time.time_ns()
        walk = walk_content(self.root)
        inputs = inputs_of(self.root, walk, self.options)
        if not self.failed or self._may_differ(walk):
            self._build(walk)
        if self.pipeline and not self.failed:
            self.pipeline.keep((inputs, started))
        self.unsaved = self.unsettled = False
        self._collect_garbage()

    def _collect_garbage(self) -> None:
        """Free objects in reference cycles, such as replaced templates and old errors."""
        gc.collect()
        self._collected, self._replaced = self.number, 0

    def close(self) -> None:
        """Save the state before the process ends."""
        if self.unsaved and self.pipeline and self.session and self.session.whole:
            self.pipeline.keep((Inputs(b"", sys.maxsize), 0))

    # --- messages ------------------------------------------------------------------------------

    def _send(self, message: ToServer) -> None:
        self.pipe.send(message)

    def _send_desk(self, number: int) -> None:
        linked = self.session.linked if self.session else None
        self._send(desk_of(number, linked, self.walk, self._now(), self._decoded()))

    def _decoded(self) -> tuple[Diagnostic, ...]:
        """Return the problems of the last build; if they are damaged, build again."""
        try:
            return tuple(self.problems)
        except StoreDamaged:
            self.store.clear()
            self.forget()
            self.build(None)
            return tuple(self.problems)

    def _progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._progressed > 0.1:
            self._progressed = now
            self._send(Progress(stage, done, total))
        if self.options.progress:
            self.options.progress(stage, done, total)

    # --- building ------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self.clock() if self.clock else self.options.now

    def begin(self) -> None:
        """Serve the last preview's pages at once, if up to date."""
        inputs = inputs_of(self.root, walk_content(self.root), self.options)
        echo = load_result(self.index.get(SECTION), inputs, self._now())
        folder = self._output()
        policy = (self.index.get(_POLICY) or b"").decode()
        same = echo and folder.digest == echo.output and folder.there == folder.old.files.keys()
        if echo and same and policy:
            found = reported(self.root, echo.verdicts, self.store.value)
            try:
                held = found.held()
            except StoreDamaged:
                return
            self.number += 1
            path = read_config(self.root, self.options.base_url).base_path.rstrip("/")
            sent = BuildSucceeded(
                self.number, 0.0, echo.pages, 0, (), {}, {}, len(found), held, path, {}, policy
            )
            self._send(sent)

    def _output(self) -> PreviewFolder:
        """Return the output folder, after reading its state if necessary."""
        if self.folder is not None and not self.folder.output.is_dir():
            self.forget()  # deleted by somebody
        if self.folder is None:
            folder = _make_output(self.root)
            looks, old = decode_stats(self.index.get("stats")), read_manifest(folder)
            self.folder = PreviewFolder(folder, old, looks, take_inventory(folder, old, looks))
        return self.folder

    def build(self, paths: Iterable[str] | None) -> None:
        """Build after changes to `paths` (None: any), and send the result."""
        wait_for_edits(self.root)
        if paths is None:
            self._build(walk_content(self.root))
        else:
            self._build(walk_again(self.root, self.walk, paths) if paths else self.walk)

    def _build(self, walk: Walk) -> None:
        self.number += 1
        self.unsettled = True
        began = time.perf_counter()
        self.problems = ()
        try:
            result = self._run(walk)
            outcome: BuildSucceeded | BuildFailed = self._built(result, time.perf_counter() - began)
        except ContentError as error:
            if self.folder:
                self.folder.abandon()  # pages rendered before the error was found
            outcome = self._failed(began, "", tuple(error.diagnostics))
        except (OutputError, WorkerDied) as error:
            outcome = self._failed(began, str(error))
        except (EOFError, BrokenPipeError):
            raise
        except OSError as error:
            self.forget()
            outcome = self._failed(began, why(error, preview_folder(self.root)))
        except Exception as error:
            self.forget()
            text = f"this is a bug in Slugline: {type(error).__name__}: {error}; please report it"
            outcome = self._failed(began, text)
        self._send(outcome)
        self.report(outcome)
        if self.number - self._collected > _MANY or self._replaced > _MANY_TEMPLATES:
            self._collect_garbage()

    def _failed(
        self, began: float, message: str, problems: tuple[Diagnostic, ...] = ()
    ) -> BuildFailed:
        self.failed, self.problems = True, problems
        linked = self.session.linked if self.session else None
        found = sources(linked.site, problems) if linked else {}
        seconds = time.perf_counter() - began
        return BuildFailed(self.number, seconds, problems, message, found)

    def _run(self, walk: Walk) -> Result:
        """Build the content that a walk found."""
        self.started = time.time_ns()
        self.walk, self.stats = walk, self._stats(walk)
        try:
            result = self._pipeline(walk)
        except StoreDamaged:
            self.store.clear()
            self.forget()
            result = self._pipeline(walk)
        self.failed, self.unsaved = False, True
        return result

    def _pipeline(self, walk: Walk) -> Result:
        folder = self._output()
        folder.changed = folder.gone = ()
        self.session = session = self.session or Session(self.store)
        templates = session.templates
        options = self.options._replace(now=self._now(), progress=self._progress)
        pipeline = Pipeline(self.root, options, self.store, _INDEX, self.index, session, later=True)
        try:
            result = pipeline.run(walk, lambda: folder)
        finally:
            self._replaced += templates is not session.templates
        result.problems.held()  # decoded here, where a damaged store is repaired
        self.pipeline = pipeline
        return result

    def _built(self, result: Result, seconds: float) -> BuildSucceeded:
        folder, site = self.folder, result.site
        assert folder is not None and site is not None
        path = site.config.base_path.rstrip("/")
        gone = {file: nearest_list(file, folder.there) for file in folder.gone}
        held = result.problems.held()
        self.problems = result.problems
        return BuildSucceeded(
            self.number,
            seconds,
            result.pages,
            len(result.rendered),
            folder.changed,
            gone,
            dict(badges(site)),
            len(result.problems),
            held,
            path,
            sources(site, held),
            self._policy(site.config.settings),
        )

    def _policy(self, settings: Settings) -> str:
        """Return the policy of the site's pages, and keep it for the next preview."""
        assert self.session is not None and self.session.templates is not None
        templates = self.session.templates
        scripts = {name: asset.integrity for name, asset in templates.assets.items()}
        inline = templates.renderer.inline()
        may = (settings.trusted, settings.frames, settings.forms)
        policy = content_policy(inline, scripts, *may)
        self.index.put(_POLICY, policy.encode())
        return policy
