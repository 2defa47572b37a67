"""Runs `slugline` as a process of its own, without the 0.3 s in which Python loads the program.

A fork server, one for each process that runs tests, has loaded what most commands need. It forks a
process for each command, which then is as one that was started: with its own streams, environment,
folder, session, exit code. What Python reads from the environment as it starts (its own variables,
the locale) it has read already, so a command that needs other ones is started as a program."""

from __future__ import annotations

import json
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

# The rooms that builds and checks load; other commands load what else they need.
_LOADED = (
    "check", "content", "diagnostics", "engine", "hosting", "language", "ledger", "model", "names",
    "output", "pages", "quantity", "render", "search", "site",
)  # fmt: skip

used = 0.0  # seconds of processor time, of all commands that have ended


class Command:
    """A command that runs, with the methods of `subprocess.Popen` that tests use."""

    def __init__(
        self,
        *words: object,
        cwd: Path,
        environment: Mapping[str, str] | None = None,
        umask: int = -1,
        errors_apart: bool = False,
    ) -> None:
        self.returncode: int | None = None
        output, errors, told = os.pipe(), os.pipe() if errors_apart else None, os.pipe()
        order = {
            "words": [str(word) for word in words],
            "cwd": str(cwd),
            "environment": {**os.environ, **(environment or {})},
            "umask": umask,
        }
        theirs = [output[1], (errors or output)[1], told[1]]
        link, _ = _server(os.getpid())
        socket.send_fds(link, [json.dumps(order).encode() + b"\n"], theirs)
        for descriptor in {*theirs}:
            os.close(descriptor)
        self._told: IO[str] = os.fdopen(told[0])
        self._streams = [os.fdopen(pipe[0]) for pipe in (output, errors) if pipe]
        self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while the process runs."""
        if self.returncode is None and _readable(self._told, 0):
            self._end()
        return self.returncode

    def wait(self, timeout: float) -> int:
        if self.returncode is None:
            if not _readable(self._told, timeout):
                raise subprocess.TimeoutExpired("slugline", timeout)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What the command and its children have said, once they all have ended."""
        end = time.monotonic() + timeout
        said = dict.fromkeys(self._streams, b"")
        with selectors.DefaultSelector() as selector:
            for stream in self._streams:
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                if not (ready := selector.select(max(0, end - time.monotonic()))):
                    raise subprocess.TimeoutExpired("slugline", timeout)
                for key, _ in ready:
                    data = os.read(key.fd, 65536)
                    said[key.fileobj] += data  # type: ignore[index]
                    if not data:
                        selector.unregister(key.fileobj)
        self.wait(max(0, end - time.monotonic()))
        for stream in self._streams:
            stream.close()
        first, *others = (data.decode() for data in said.values())
        return first, "".join(others)

    def _end(self) -> None:
        global used
        status, seconds = json.loads(self._told.readline())
        self._told.close()
        self.returncode = os.waitstatus_to_exitcode(status)
        used += seconds


def _readable(stream: IO[str], timeout: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return bool(selector.select(timeout))


@cache
def _server(process: int) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start the server of a process; it ends with that process."""
    ours, theirs = socket.socketpair()
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-c", "from support.commands import serve; serve(0)"],
            stdin=theirs, stdout=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )  # fmt: skip
    return ours, server


# --- in the server ------------------------------------------------------------------------------


def serve(link: int) -> None:
    """Fork for each command that is asked for, until nobody is there to ask."""
    _load()
    with socket.socket(fileno=os.dup(link)) as server:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            data, handles, _, _ = socket.recv_fds(server, 1 << 20, 3)
            if not data:
                os._exit(0)
            if not os.fork():
                break
            for handle in handles:
                os.close(handle)
        while not data.endswith(b"\n"):
            data += server.recv(1 << 20)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _watch(json.loads(data), *handles)


def _load() -> None:
    import builder.cli.build
    import builder.cli.check

    folders = [str(Path(builder.__file__).parent / room) for room in _LOADED]
    for folder in folders:
        for module in pkgutil.iter_modules([folder]):
            __import__(f"builder.{Path(folder).name}.{module.name}")
    import pytest

    from support.quick import remember_templates
    from support.sites import compiled_templates

    remember_templates(pytest.MonkeyPatch())
    compiled_templates(None)


def _watch(order: dict[str, object], output: int, errors: int, told: int) -> None:
    """Run a command in a child; tell its number, and then how it ended and what it used."""
    command = os.fork()
    if not command:
        os.setsid()
        os.write(told, b"%d\n" % os.getpid())
        os.close(told)
        _become(order, output, errors)
    os.close(output)
    with suppress(OSError):
        os.close(errors)
    _, status, usage = os.wait4(command, 0)
    with suppress(BrokenPipeError):
        os.write(told, json.dumps([status, usage.ru_utime + usage.ru_stime]).encode() + b"\n")
    os._exit(0)


def _become(order: dict[str, object], output: int, errors: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, handle in enumerate((nothing, output, errors)):
        os.dup2(handle, number)
    os.closerange(3, max(nothing, output, errors) + 1)
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    os.chdir(order["cwd"])  # type: ignore[arg-type]
    if order["umask"] != -1:
        os.umask(order["umask"])  # type: ignore[arg-type]
    time.tzset()
    from builder.__main__ import run

    sys.argv = ["slugline", *order["words"]]  # type: ignore[misc]
    run()
