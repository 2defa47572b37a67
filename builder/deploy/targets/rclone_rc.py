"""Calls to rclone: one process of it, which this one begins, asks through a socket and ends.

rclone's remote control is documented at rclone.org/rc. One process keeps its connections between
calls, where a command each would begin anew."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from builder.deploy.target import DeployError

_MISSING = (
    "a target of kind `rclone` needs the program rclone, and it is not there;"
    ' `pip install "slugline[rclone]"` brings it'
)
_PATIENCE = 60  # seconds for it to begin, on a machine that is busy
_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


class RcloneError(DeployError):
    """What rclone says when a call does not succeed. `missing`: what was asked for is not there."""

    def __init__(self, message: str, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


def find_rclone() -> str:
    """The program: the one installed with this Python, or else the system's. Raises DeployError
    when there is none."""
    beside = Path(sysconfig.get_path("scripts")) / f"rclone{'.exe' if os.name == 'nt' else ''}"
    found = str(beside) if beside.is_file() else shutil.which("rclone")
    if found is None:
        raise DeployError(_MISSING)
    return found


class Daemon:
    """rclone, as long as it is needed."""

    def __init__(self) -> None:
        program = find_rclone()
        self.folder = Path(tempfile.mkdtemp(prefix="slugline-"))  # for this user alone
        self._socket = self.folder / "rc"
        self._log = (self.folder / "log").open("w+b")
        words = [program, "rcd", "--rc-addr", f"unix://{self._socket}", "--rc-no-auth"]
        # Errors of single files, which a call does not tell, are in the log; and warnings.
        words += ["--log-level", "NOTICE"]
        # A key of the terminal that ends this process must not end that one before it is asked to;
        # and it must not go on sending when this one is killed.
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            process_group=0,
            preexec_fn=_die_with_parent() if sys.platform == "linux" else None,
        )
        self.pid = self._process.pid
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(DeployError):
                self.call("rc/noop")
                return
            time.sleep(0.01)
        said = self.said()
        self.close()
        raise DeployError(f"rclone does not begin: {said or 'it says nothing'}")

    def call(self, command: str, **arguments: Any) -> Any:
        """What rclone answers. Raises Failed with what it says is wrong."""
        from http.client import HTTPConnection, HTTPException

        try:
            with closing(HTTPConnection("rclone")) as connection:
                connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                connection.sock.connect(str(self._socket))
                headers = {"Content-Type": "application/json"}
                connection.request("POST", f"/{command}", json.dumps(arguments), headers)
                answer = connection.getresponse()
                told = json.loads(answer.read() or b"{}")
        except (OSError, HTTPException) as error:
            raise DeployError(f"rclone has ended: {self.said() or error}") from error
        if answer.status != 200:
            raise RcloneError(str(told.get("error", answer.status)), answer.status == 404)
        return told

    def run(self, command: str, told: Callable[[int], None], **arguments: Any) -> None:
        """A call that may take long: `told` hears how many files are done. Raises Failed."""
        job = self.call(command, _async=True, **arguments)["jobid"]
        pause = 0.005
        while True:
            status = self.call("job/status", jobid=job)
            if status["finished"]:
                break
            with suppress(DeployError):
                told(self.call("core/stats", group=f"job/{job}").get("transfers", 0))
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2)
        stats = self.call("core/stats", group=f"job/{job}")
        told(stats.get("transfers", 0))
        with suppress(DeployError):
            self.call("core/stats-delete", group=f"job/{job}")
        if not status["success"] or stats.get("errors"):
            raise RcloneError(status.get("error") or stats.get("lastError") or self.said())

    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "log").read_text("utf-8", "replace").strip()

    def said(self) -> str:
        """The last thing that it said was wrong."""
        lines = self.log().splitlines()
        return lines[-1].partition(" : ")[2] or lines[-1] if lines else ""

    def close(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _die_with_parent() -> Callable[[], None] | None:
    """What makes a process end with the one that began it (Linux, prctl(2))."""
    import ctypes

    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_DEATH, signal.SIGKILL)


def headers(found: Mapping[str, str]) -> list[dict[str, str]]:
    """Headers of an upload as rclone wants them."""
    return [{"Key": name, "Value": value} for name, value in found.items() if value]
