"""A preview whose builder is the test: it writes files into the preview's folder and tells the
process that serves what the real builder would tell."""

from __future__ import annotations

import multiprocessing
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from builder.diagnostics.diagnostic import Diagnostic
from builder.serve.messages import (
    Badge,
    BuildFailed,
    BuildSucceeded,
    Changed,
    DeskRequest,
    PreviewOptions,
    Progress,
    ToServer,
)
from builder.serve.server import run
from builder.serve.sockets import bind
from builder.site.desk import Desk
from support.tools import PATIENCE


def page(body: str, head: str = "") -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>A page</title>'
        f"{head}</head>\n<body><main><h1>A page</h1>{body}</main></body></html>\n"
    )


def mistake(message: str = "unknown key `titel`", line: int = 2, path: str = "a.md") -> Diagnostic:
    return Diagnostic(
        path, line, 1, "unknown-key", message, "did you mean `title`?", 5, "titel: A title"
    )


def an_empty_desk(**more: object) -> Desk:
    empty = Desk(0, "Monday 2 March 2026, 09:00", (), (), (), (), (), (), (), (), ())
    return empty._replace(**more)


def _serve(
    serving: PreviewOptions, sockets: list[socket.socket], pipe: Connection, other: Connection
):
    other.close()  # or the end of this process's parent would not be seen
    run(serving, sockets, pipe)


class Preview:
    """The building half, in the hands of a test."""

    def __init__(self, root: Path, **more: object) -> None:
        self.root = root
        self.folder = root / "preview"
        self.folder.mkdir(parents=True, exist_ok=True)
        usual = PreviewOptions(
            root, self.folder, "localhost", 0, True, True, "edit://{path}:{line}"
        )
        self.serving = usual._replace(**more)
        self.desk: Desk | None = an_empty_desk()
        self.number = 0
        self.told: queue.Queue[object] = queue.Queue()
        self.start()

    def start(self) -> None:
        """Starts the process that serves; again on the same port."""
        sockets = bind(self.serving.host, self.serving.port, tries=1 if self.serving.port else 20)
        self.serving = self.serving._replace(port=sockets[0].getsockname()[1])
        fork = multiprocessing.get_context("fork")
        self.pipe, theirs = fork.Pipe()
        given = (self.serving, sockets, theirs, self.pipe)
        self.process = fork.Process(target=_serve, args=given, daemon=True)
        self.process.start()
        theirs.close()
        for one in sockets:
            one.close()
        threading.Thread(target=self._listen, args=(self.pipe,), daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        try:
            while True:
                message = pipe.recv()
                if not isinstance(message, DeskRequest):
                    self.told.put(message)
                elif self.desk:
                    pipe.send(self.desk._replace(number=message.number))
        except (EOFError, OSError):
            pass

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def close(self) -> None:
        self.pipe.send(None)
        self.process.join(PATIENCE)
        assert self.process.exitcode == 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.serving.port}"

    def tell(self, message: ToServer) -> None:
        self.pipe.send(message)

    def build(
        self,
        files: dict[str, str | None] | None = None,
        gone: dict[str, str] | None = None,
        badges: dict[str, Badge] | None = None,
        base_path: str = "",
        policy: str = "",
    ) -> None:
        """Writes files as a build does, and tells of it."""
        for name, text in (files or {}).items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_name("." + file.name)
            fresh.write_text(text or "", "utf-8")
            fresh.replace(file)
        for name in gone or {}:
            (self.folder / name).unlink(missing_ok=True)
        self.number += 1
        changed = tuple(files or {})
        self.tell(
            BuildSucceeded(
                self.number,
                0.1,
                1,
                1,
                changed,
                gone or {},
                badges or {},
                0,
                (),
                base_path,
                policy=policy,
            )
        )

    def fail(self, *problems: Diagnostic, message: str = "") -> None:
        self.number += 1
        self.tell(BuildFailed(self.number, 0.1, problems, message))

    def progress(self, stage: str, done: int, total: int) -> None:
        self.tell(Progress(stage, done, total))

    def batches(self, last: str) -> Iterator[Changed]:
        """What it tells until it has told of a path, or that anything may have changed."""
        while True:
            message = self.told.get(timeout=PATIENCE)
            if isinstance(message, Changed):
                yield message
                if message.paths is None or last in message.paths:
                    return


@contextmanager
def previewed(root: Path, **more: object) -> Iterator[Preview]:
    preview = Preview(root, **more)
    try:
        yield preview
    finally:
        if preview.process.is_alive():
            preview.kill()  # sooner than a clean end, which tests of their own look at
