"""Changed files -> a new build of the preview, again and again, in one process that keeps what did
not change.

This is the process that the command began; the one that serves is its child. It waits for what the
child tells of, builds, and tells the child what came of it."""

from __future__ import annotations

import gc
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from builder.content.config import FILE as SETTINGS
from builder.content.config import read_config
from builder.content.template_files import stat_file, stat_templates
from builder.content.walk import Walk, walk_again, walk_content
from builder.diagnostics.diagnostic import ContentError, Diagnostic
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
from builder.language.dates import with_time
from builder.output.inventory import parents, take_inventory
from builder.output.manifest import read_manifest
from builder.output.stat_cache import decode_stats
from builder.output.target import OutputError, why
from builder.parallel import WorkerDied
from builder.program import program
from builder.serve.messages import (
    Badge,
    BuildFailed,
    BuildSucceeded,
    Changed,
    DeskWanted,
    Polling,
    Progress,
    ToServer,
)
from builder.serve.preview_output import PreviewFolder
from builder.site.desk import desk_of
from builder.site.site import Site
from builder.store import (
    FOLDER,
    PREVIEW,
    Store,
    StoreDamaged,
    make_folder,
    opened,
)

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_OUTPUT = "site"  # the folder of the preview's pages
_INDEX = "output-preview"  # where the state of the preview is kept
_CALM = 1.0  # seconds without a change, after which everything is looked at once more
_IDLE = 4.0  # seconds without a change, after which what was learned is kept
_LONG = 3600.0  # seconds
_MANY = 100  # builds without a pause, after which memory is tidied all the same


class AlreadyServed(Exception):
    """Another preview of this site runs."""


class ServerEnded(Exception):
    """The process that serves ended by itself."""


def folder_of(root: Path) -> Path:
    """Where the preview's pages are."""
    return root / FOLDER / PREVIEW / _OUTPUT


@contextmanager
def held(root: Path) -> Iterator[Store]:
    """The store of the preview. Raises AlreadyServed where another preview has it."""
    try:
        make_folder(root / FOLDER)
    except OSError as error:
        why = error.strerror or "it is no folder"
        raise OutputError(f"{FOLDER}/ cannot be written ({why}), and a preview needs it") from None

    def refuse(text: str) -> None:
        if text.startswith("waiting"):
            raise AlreadyServed
        raise OutputError(text)

    with opened(root / FOLDER / PREVIEW, program(), refuse) as store:
        yield store


class Rebuilder:
    """Builds on demand, each for the present moment (`clock` tells it), or without a clock for the
    options' moment; `report` is told what came of each build, for the terminal."""

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
        self.looks: tuple[object, ...] = ()  # of what the last build read, before it did
        self.problems: tuple[Diagnostic, ...] = ()  # that the last build found
        self.failed = False  # whether it did
        self.unkept = False  # whether there is something to keep
        self._progressed = 0.0
        self._tidied = 0  # the number of the build after which memory was tidied
        self.forget()

    def forget(self) -> None:
        """Begin anew: nothing that this process knows is used any more."""
        self.session: Session | None = None
        self.folder: PreviewFolder | None = None
        self.pipeline: Pipeline | None = None
        self.index = self.store.load(_INDEX)

    def run(self) -> None:
        """Build, and then wait for changes, until the other process ends (Ended) or somebody
        interrupts."""
        # A build makes many small values and drops few: looking for cycles among them now and then
        # is enough.
        gc.disable()
        try:
            self.begin()
            self.build(None)
            while True:
                self._wait()
                if self.number - self._tidied > _MANY:
                    self._tidy()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise ServerEnded from None
        finally:
            self.close()

    # --- waiting -------------------------------------------------------------------------------

    def _wait(self) -> None:
        """Wait for something to do, and do it. Once it is calm, look whether something changed that
        nobody told of; when nothing comes after that, keep what was learned."""
        for wait, then in ((_CALM, self._look), (_IDLE - _CALM, self.settle)):
            due = self._due()
            if self.pipe.poll(min(wait, due)):
                return self._answer()
            if due <= wait:
                return self.build(())
            if self.unkept:
                then()
        due = self._due()
        if self.pipe.poll(due):
            return self._answer()
        return self.build(()) if due < _LONG else None

    def _due(self) -> float:
        """Seconds until something is published, updated or expires."""
        if self.clock is None or self.session is None or self.session.linked is None:
            return _LONG
        linked, now = self.session.linked, self._now().timestamp()
        at = bisect_right(linked.moments, linked.now.timestamp())
        next_moment = linked.moments[at] if at < len(linked.moments) else now + _LONG
        return min(_LONG, max(0.0, next_moment - now))

    def _answer(self) -> None:
        """Take in all that the other process has told so far, and act on it."""
        paths: set[str] | None = set()
        changed = False
        while self.pipe.poll(0):
            told = self.pipe.recv()
            if isinstance(told, DeskWanted):
                self._tell_desk(told.number)
            elif isinstance(told, Polling):
                self.report(told)
            elif isinstance(told, Changed):
                changed = True
                paths = None if told.paths is None or paths is None else paths | {*told.paths}
        if changed:
            self.build(paths)

    def _look(self) -> None:
        """Whether something changed that nobody told of."""
        walk = walk_content(self.root)
        if self._looks(walk) != self.looks:
            self._build(walk)

    def _looks(self, walk: Walk) -> tuple[object, ...]:
        """How everything looks that a build reads; `walk` has the content."""
        return walk, stat_templates(self.root), stat_file(self.root / SETTINGS)

    def settle(self) -> None:
        """Keep what was learned, and how everything looked: after one more build, in which nothing
        should be left to do."""
        started = time.time_ns()
        walk = walk_content(self.root)
        inputs = inputs_of(self.root, walk, self.options)
        if not self.failed or self._looks(walk) != self.looks:
            self._build(walk)
        if self.pipeline and not self.failed:
            self.pipeline.keep((inputs, started))
        self.unkept = False
        self._tidy()

    def _tidy(self) -> None:
        """Let go of what refers to itself and to which nothing else does: templates that others
        replaced, errors with their traces."""
        gc.collect()
        self._tidied = self.number

    def close(self) -> None:
        """Keep what was learned, on the way out."""
        if self.unkept and self.pipeline and self.session and self.session.whole:
            self.pipeline.keep((Inputs(b"", sys.maxsize), 0))

    # --- telling -------------------------------------------------------------------------------

    def _tell(self, message: ToServer) -> None:
        self.pipe.send(message)

    def _tell_desk(self, number: int) -> None:
        linked = self.session.linked if self.session else None
        self._tell(desk_of(number, linked, self.walk, self._now(), self.problems))

    def _progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._progressed > 0.1:
            self._progressed = now
            self._tell(Progress(stage, done, total))
        if self.options.progress:
            self.options.progress(stage, done, total)

    # --- building ------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self.clock() if self.clock else self.options.now

    def begin(self) -> None:
        """Where nothing changed since the last preview, say so before all else: what it left can be
        looked at while this process reads."""
        inputs = inputs_of(self.root, walk_content(self.root), self.options)
        echo = load_result(self.index.get(SECTION), inputs, self._now())
        folder = self._place()
        if echo and folder.digest == echo.output and folder.there == folder.old.files.keys():
            self.number += 1
            path = read_config(self.root, self.options.base_url).base_path.rstrip("/")
            self._tell(
                BuildSucceeded(self.number, 0.0, echo.pages, 0, (), {}, {}, echo.problems, path)
            )

    def _place(self) -> PreviewFolder:
        """The preview's folder, as it is."""
        if self.folder is not None and not self.folder.output.is_dir():
            self.forget()  # somebody removed it
        if self.folder is None:
            folder = folder_of(self.root)
            folder.mkdir(parents=True, exist_ok=True)
            looks, old = decode_stats(self.index.get("looks")), read_manifest(folder)
            self.folder = PreviewFolder(folder, old, looks, take_inventory(folder, old, looks))
        return self.folder

    def build(self, paths: Iterable[str] | None) -> None:
        """Build, and tell of it. `paths` are those that changed; None: any may have."""
        if paths is None:
            self._build(walk_content(self.root))
        else:
            self._build(walk_again(self.root, self.walk, paths) if paths else self.walk)

    def _build(self, walk: Walk) -> None:
        self.number += 1
        began = time.perf_counter()
        try:
            result = self._run(walk)
            told: BuildSucceeded | BuildFailed = self._built(result, time.perf_counter() - began)
        except ContentError as error:
            if self.folder:
                self.folder.abandon()  # what was rendered before the mistake was found
            told = self._failed(began, "", error.diagnostics)
        except (OutputError, WorkerDied) as error:
            told = self._failed(began, str(error))
        except (EOFError, BrokenPipeError):
            raise
        except OSError as error:
            self.forget()
            told = self._failed(began, why(error, folder_of(self.root)))
        except Exception as error:
            self.forget()
            text = f"Slugline itself failed ({type(error).__name__}: {error}); please report it"
            told = self._failed(began, text)
        self.problems = told.problems
        self._tell(told)
        self.report(told)

    def _failed(
        self, began: float, message: str, problems: tuple[Diagnostic, ...] = ()
    ) -> BuildFailed:
        self.failed = True
        return BuildFailed(self.number, time.perf_counter() - began, problems, message)

    def _run(self, walk: Walk) -> Result:
        """Build from a walk."""
        self.walk, self.looks = walk, self._looks(walk)
        try:
            result = self._pipeline(walk)
        except StoreDamaged:
            self.store.clear()
            self.forget()
            result = self._pipeline(walk)
        self.failed, self.unkept = False, True
        return result

    def _pipeline(self, walk: Walk) -> Result:
        folder = self._place()
        folder.changed = folder.gone = ()
        self.session = self.session or Session(self.store)
        options = self.options._replace(now=self._now(), progress=self._progress)
        pipeline = Pipeline(
            self.root, options, self.store, _INDEX, self.index, self.session, later=True
        )
        result = pipeline.run(walk, lambda: folder)
        self.pipeline = pipeline
        return result

    def _built(self, result: Result, seconds: float) -> BuildSucceeded:
        folder, site = self.folder, result.site
        assert folder is not None
        path = site.config.base_path.rstrip("/")
        gone = {file: _nearest(file, folder.there) for file in folder.gone}
        return BuildSucceeded(
            self.number,
            seconds,
            result.pages,
            len(result.rendered),
            folder.changed,
            gone,
            dict(_badges(site)),
            result.problems,
            path,
        )


def _badges(site: Site) -> Iterator[tuple[str, Badge]]:
    """What a reader of the real site would not see, by its file."""
    language = site.config.settings.language
    for slug, entry in site.entries.items():
        if entry.notice:
            outline = site.outlines[slug]
            date = with_time(entry.date, language) if entry.notice == "scheduled" else ""
            yield f"briefs/{slug}/index.html", Badge(entry.notice, date, outline.path)


def _nearest(file: str, there: Container[str]) -> str:
    """The address of the nearest list above a page that went."""
    for folder in parents(file.removesuffix("/index.html")):
        if f"{folder}/index.html" in there:
            return f"/{folder}/"
    return "/"
