"""The server's end of the build process of one site."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from builder.language_server.document import OpenDocument
from builder.language_server.index import SiteIndex
from builder.language_server.messages import BuildProgress, Built, Edited, Question, Work
from builder.language_server.workshop import NoAnswer

_DELAY = 0.15  # seconds without a change, after which a build begins
_LONGEST = 1.0  # seconds after which it begins while changes go on
_REST = 300.0  # seconds without a document, after which the process ends
_MOST_STARTS = 3  # of a process that ends by itself

# A process that is executed, not forked: the server has threads. It finds the same modules.
_START = (
    "import sys; sys.path[:] = sys.argv[3:]; from builder.language_server.workshop import run;"
    " run(int(sys.argv[1]), sys.argv[2])"
)


class Project:
    """A site with open documents, and its build process, which starts with the first one."""

    def __init__(
        self,
        root: Path,
        built: Callable[[Project, Built], None],
        progress: Callable[[Project, BuildProgress | None], None],
        failed: Callable[[str], None],
    ) -> None:
        self.root, self.built, self.progress, self.failed = root, built, progress, failed
        self.site = SiteIndex()
        self.documents: dict[str, OpenDocument] = {}
        self.has_built = False
        self._loop = asyncio.get_running_loop()
        self._edits: dict[str, Edited] = {}
        self._questions: dict[int, tuple[Question, asyncio.Future[Any]]] = {}
        self._waiting: list[Question] = []
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0  # when the first change that waits was made
        self._is_busy = self._is_asked = self._is_stale = False
        self._starts = 0
        self._pipe: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    # --- documents -----------------------------------------------------------------------------

    def open(self, document: OpenDocument) -> None:
        """Add an open document, and build."""
        self.documents[document.path] = document
        self._edit(document)
        self.build()

    def change(self, document: OpenDocument) -> None:
        """Build soon after a document has changed."""
        self._edit(document)
        self._build_soon()

    def close(self, document: OpenDocument) -> None:
        """Build without the text of a document."""
        self.documents.pop(document.path, None)
        self._edits[document.path] = Edited(document.path, document.version, None)
        self._build_soon()
        if not self.documents:
            self._loop.call_later(_REST, self._rest)

    def _edit(self, document: OpenDocument) -> None:
        self._edits[document.path] = Edited(document.path, document.version, document.text.data)

    def _build_soon(self) -> None:
        now = self._loop.time()
        if self._timer:
            self._timer.cancel()
        else:
            self._since = now
        delay = min(_DELAY, max(0.0, self._since + _LONGEST - now))
        self._timer = self._loop.call_later(delay, self.build)

    # --- work ----------------------------------------------------------------------------------

    def build(self) -> None:
        """Build now, or when the process is idle."""
        self._is_stale = True
        self._send()

    def _send(self) -> None:
        """Send the work that waits, now or when the process is idle."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._is_asked = True
        if self._is_busy:
            return
        if self._pipe is None:
            self._start()
        self._is_asked, self._is_busy = False, True
        builds = self._is_stale or bool(self._edits)
        self._is_stale = False
        waiting = [q for q in self._waiting if not self._questions[q.number][1].done()]
        work = Work(tuple(self._edits.values()), tuple(waiting), builds)
        self._edits, self._waiting = {}, []
        assert self._pipe
        with suppress(OSError):  # the reader notices that the process has ended
            self._pipe.send(work)

    async def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return the answer of the build process to a question.

        Raises NoAnswer if there is none."""
        self._number += 1
        question = Question(self._number, function, arguments)
        future: asyncio.Future[Any] = self._loop.create_future()
        self._questions[question.number] = question, future
        self._waiting.append(question)
        try:
            self._send()
            return await future
        finally:
            self._waiting = [q for q in self._waiting if q.number != question.number]
            self._questions.pop(question.number, None)

    def _receive(self, message: Built | BuildProgress) -> None:
        if isinstance(message, BuildProgress):
            self.progress(self, message)
            return
        self._is_busy, self._starts, self.has_built = False, 0, True
        if message.site is not None:
            self.site = message.site
        for answer in message.answers:
            _, future = self._questions.get(answer.number, (None, None))
            if future and not future.done():
                if answer.refusal:
                    future.set_exception(NoAnswer(answer.refusal))
                else:
                    future.set_result(answer.value)
        self.progress(self, None)
        self.built(self, message)
        if self._is_asked:
            self._send()

    # --- the process ---------------------------------------------------------------------------

    def _start(self) -> None:
        self._starts += 1
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-c", _START, str(theirs.fileno()), str(self.root), *sys.path]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=2
        )
        theirs.close()
        self._pipe = pipe = Connection(ours.detach())
        Thread(target=self._listen, args=(pipe,), daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        """Hand over what the process sends, in a thread of its own."""
        with suppress(RuntimeError):  # the loop has ended
            try:
                while True:
                    self._loop.call_soon_threadsafe(self._receive, pipe.recv())
            except (EOFError, OSError):
                self._loop.call_soon_threadsafe(self._lost, pipe)

    def _lost(self, pipe: Connection) -> None:
        """Start the process again after it has ended by itself."""
        if self._pipe is not pipe:
            return
        self._pipe.close()
        self._pipe, self._is_busy = None, False
        for _, future in self._questions.values():
            if not future.done():
                future.set_exception(NoAnswer("the build process has ended; try again"))
        self.progress(self, None)
        for document in self.documents.values():
            self._edit(document)
        if self._starts < _MOST_STARTS:
            self.build()
        else:
            self._starts = 0
            self.failed("the build process has ended several times; its errors are in the log")

    def _rest(self) -> None:
        """End the process if no document has been opened for a while."""
        if not self.documents and not self._is_busy:
            self.end()

    def end(self) -> None:
        """End the process; the next document starts it again."""
        if self._timer:
            self._timer.cancel()
        self._pipe = None
        if self._process:
            self._process.kill()  # it writes nothing; its workers end with it
            self._process.wait()
