"""The build process of one site: builds what the editor shows, and answers questions about it.

It is the preview's pipeline and session without an output. Its store only reads what builds have
left in .slugline/, so nothing that is not saved can enter it. A process of its own keeps the server
responsive during a build, and may fork workers since it has no threads."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from builder.check.verdicts import as_checked
from builder.content.walk import Walk, walk_content, with_unsaved
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.reported import Reported
from builder.edit_lock import wait_for_edits
from builder.engine.options import Options
from builder.engine.pipeline import Pipeline
from builder.engine.session import Session
from builder.errors import SluglineError
from builder.language_server.index import SiteIndex, index_site, is_indexed_alike
from builder.language_server.messages import (
    BuildProgress,
    Built,
    Edited,
    Question,
    QuestionAnswer,
    Work,
)
from builder.program import program
from builder.site.site import Site
from builder.store import FOLDER, StoreDamaged, borrowed

_STATE = "check"  # the saved state from which the first build starts
_PAUSE = 0.2  # seconds between two reports of progress


class NoAnswer(SluglineError):
    """A question that has no answer; the message says why."""


class Workshop:
    """The open documents of a site, and its last build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unsaved: dict[str, bytes] = {}
        self.versions: dict[str, int] = {}
        self.found: Reported = Reported()
        self._indexed: tuple[Site, SiteIndex] | None = None
        self.report: Connection | None = None  # to which progress is sent
        self._reported = 0.0
        self._begin()

    def _begin(self) -> None:
        self.store = borrowed(self.root / FOLDER, program())
        self.session = Session(self.store)
        self.state = self.store.load(_STATE)

    @property
    def site(self) -> Site | None:
        """The site as last linked."""
        return self.session.linked.site if self.session.linked else None

    def walk(self) -> Walk:
        """List the content, with what is not saved."""
        return with_unsaved(walk_content(self.root), self.unsaved)

    def found_in(self, path: str) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of a document, as `slugline check` decides them."""
        try:
            return tuple(map(as_checked, self.found.within({path})))
        except StoreDamaged:
            return ()

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, saved or not. Raises OSError."""
        unsaved = self.unsaved.get(path)
        return (self.root / path).read_bytes() if unsaved is None else unsaved

    # --- work ----------------------------------------------------------------------------------

    def do(self, work: Work) -> Built:
        """Build, and answer the questions."""
        for edit in work.edits:
            self._edit(edit)
        failure = self._build() if work.builds else ""
        found = {path: self.found_in(path) for path in self.unsaved}
        answers = tuple(self._answer(question) for question in work.questions)
        return Built(dict(self.versions), found, self._index(), answers, failure)

    def _edit(self, edit: Edited) -> None:
        if edit.data is None:
            self.unsaved.pop(edit.path, None)
            self.versions.pop(edit.path, None)
        else:
            self.unsaved[edit.path] = edit.data
            self.versions[edit.path] = edit.version

    def _build(self) -> str:
        """Build, and return what kept the build from its end."""
        try:
            wait_for_edits(self.root)
            try:
                self.found = self._run()
            except StoreDamaged:
                self.store.clear()
                self._begin_empty()
                self.found = self._run()
        except Exception as error:
            self._begin_empty()
            if isinstance(error, (OSError, SluglineError)):
                return str(error)
            return f"this is a bug in Slugline: {type(error).__name__}: {error}; please report it"
        return ""

    def _begin_empty(self) -> None:
        """Forget what this process has kept, and what it has read from the folder."""
        self.store.clear()
        self.session, self.state = Session(self.store), self.store.load(_STATE)

    def _run(self) -> Reported:
        options = Options(
            datetime.now(UTC), progress=self._progress, pages=False, unsaved=dict(self.unsaved)
        )
        pipeline = Pipeline(
            self.root, options, self.store, _STATE, self.state, self.session, later=True
        )
        try:
            return Reported.of(pipeline.run(walk_content(self.root), None).problems)
        except ContentError as error:
            return Reported.of(error.diagnostics)

    def _progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self.report and now - self._reported > _PAUSE:
            self._reported = now
            self.report.send(BuildProgress(stage, done, total))

    def _index(self) -> SiteIndex | None:
        """Return the index of the site if it is not the one that was sent."""
        site, before = self.site, self._indexed
        if site is None or (before and is_indexed_alike(site, before[0])):
            return None
        found = index_site(site, before)
        self._indexed = site, found
        return None if before and found == before[1] else found

    def _answer(self, question: Question) -> QuestionAnswer:
        try:
            return QuestionAnswer(question.number, question.function(self, *question.arguments))
        except (SluglineError, OSError) as error:
            return QuestionAnswer(question.number, None, str(error) or "this is not possible here")
        except Exception as error:
            what = f"this is a bug in Slugline: {type(error).__name__}: {error}; please report it"
            return QuestionAnswer(question.number, None, what)


def run(descriptor: int, folder: str) -> None:
    """Build and answer until the other end of a socket is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server
    pipe = Connection(descriptor)
    workshop = Workshop(Path(folder))
    workshop.report = pipe
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(workshop.do(pipe.recv()))
