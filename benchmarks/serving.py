"""Measures how soon `slugline serve` and `hugo server` show a saved change.

    make bench ARGS=--serve             # 10,000 briefs
    make bench ARGS=--serve BRIEFS=1000

The two run one after the other on the same machine. A page counts as shown when an HTTP response
has the new text. docs/performance.md has results.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from measure import memory_of_group

_LONGEST = 240.0  # maximum seconds to wait for anything
_PAUSE = 0.002  # seconds between two requests
_REST = 1.5  # seconds between two saves, as an editor reads


@dataclass
class Server:
    """A preview server: its command (with `{port}`), folder and cache."""

    name: str
    command: Sequence[str]
    folder: Path
    state: tuple[Path, ...] = ()
    times: dict[str, list[float]] = field(default_factory=dict)
    memory: int = 0  # bytes, of all its processes

    def note(self, what: str, seconds: float) -> None:
        self.times.setdefault(what, []).append(seconds)


class Brief:
    """A brief to edit: its file, its address, and a list with its title."""

    def __init__(self, file: Path, listed: str) -> None:
        self.file, self.text = file, file.read_text("utf-8")
        self.url, self.listed = f"/briefs/{file.stem}/", listed

    def body(self, mark: str) -> None:
        self.file.write_text(f"{self.text}\nThe desk added {mark}.\n", "utf-8")

    def title(self, mark: str) -> None:
        title = re.compile(r"^(title: .*?)([\"']?)$", re.MULTILINE)
        self.file.write_text(title.sub(rf"\1 {mark}\2", self.text, count=1), "utf-8")

    def mend(self) -> None:
        self.file.write_text(self.text, "utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(server: Server, port: int, variables: Mapping[str, str]) -> Iterator[int]:
    """Yield a server's process group while it runs."""
    command = [part.format(port=port) for part in server.command]
    process = subprocess.Popen(
        command, cwd=server.folder, env={**os.environ, **variables}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, path: str, test: Callable[[int, str], bool]) -> None:
    """Request a page until its response (status and text) passes a test."""
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            if test(answer.status, answer.read().decode("utf-8", "replace")):
                return
        except (OSError, http.client.HTTPException):  # the page is being replaced
            pass
        finally:
            connection.close()
        time.sleep(_PAUSE)
    raise SystemExit(f"{path} was not shown in {_LONGEST:.0f} s")


def begin(server: Server, what: str, brief: Brief, variables: Mapping[str, str]) -> None:
    """Time a start, until the first page is served."""
    port = free_port()
    started = time.perf_counter()
    with running(server, port, variables):
        wait_for(port, brief.url, lambda status, text: status == 200 and "</html>" in text)
        server.note(what, time.perf_counter() - started)
        time.sleep(3 * _REST)  # lets it store what it has learned


def edit(server: Server, brief: Brief, rounds: int, variables: Mapping[str, str]) -> None:
    """Time saves of a body and a title until they are served."""
    port = free_port()
    with running(server, port, variables) as group:
        for path in (brief.url, brief.listed):
            wait_for(port, path, lambda status, _: status == 200)
        time.sleep(6 * _REST)
        for number in range(rounds + 1):  # the first one warms up
            for what, save, path in (
                ("body", brief.body, brief.url), ("title", brief.title, brief.listed),
            ):  # fmt: skip
                mark = f"mark{what}{number}x"
                started = time.perf_counter()
                save(mark)
                wait_for(port, path, lambda _, text, mark=mark: mark in text)  # type: ignore[misc]
                if number:
                    server.note(what, time.perf_counter() - started)
                time.sleep(_REST)
        server.memory = memory_of_group(group)
    brief.mend()


def rows(servers: Sequence[Server]) -> list[list[str]]:
    """Return the rows of seconds and memory; ratios are of medians."""
    names = {
        "cold": "start to the first page, nothing kept",
        "again": "start to the first page, as yesterday left it",
        "body": "a body is saved, to its page",
        "title": "a title is saved, to a list that shows it",
    }
    first, *others = servers
    table = [
        ["", first.name, *(cell for other in others for cell in (other.name, f"÷ {other.name}"))]
    ]
    for what, text in names.items():
        own = median(first.times[what])
        row = [f"{text}, s", f"{own:.3f}"]
        for other in others:
            theirs = median(other.times[what])
            row += [f"{theirs:.3f}", f"{own / theirs:.3f}"]
        table.append(row)
    row = ["memory after the edits, MB", f"{first.memory / 1e6:.0f}"]
    for other in others:
        row += [f"{other.memory / 1e6:.0f}", f"{first.memory / other.memory:.3f}"]
    return [*table, row]
