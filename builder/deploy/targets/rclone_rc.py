"""Calls to rclone through its remote control (rclone.org/rc).

One rclone process answers all calls of a deploy through a socket, and keeps its connections between
them."""

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

_NOT_INSTALLED = (
    '`kind: rclone` needs rclone, which is not installed; run `pip install "slugline[rclone]"`'
)
_START_TIMEOUT = 60  # seconds, for a busy machine
_CALL_TIMEOUT = 1800  # seconds for a command, such as to list a whole target
_STALL_TIMEOUT = 300  # seconds without progress of a transfer
# rclone's own waits and tries (rclone.org/docs). Its environment variables change them.
_LIMITS = {"contimeout": "15s", "timeout": "60s", "low-level-retries": "3"}
_PR_SET_PDEATHSIG = 1  # prctl(2)


class RcloneError(DeployError):
    """An error that rclone reports.

    `missing` is true if a file or folder does not exist."""

    def __init__(self, message: str, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


def find_rclone() -> str:
    """Return the path of rclone.

    Prefers the one that is installed with this Python. Raises DeployError if there is none."""
    ours = Path(sysconfig.get_path("scripts")) / f"rclone{'.exe' if os.name == 'nt' else ''}"
    found = str(ours) if ours.is_file() else shutil.which("rclone")
    if found is None:
        raise DeployError(_NOT_INSTALLED)
    return found


class Daemon:
    """A running rclone process and a folder for temporary files."""

    def __init__(self) -> None:
        program = find_rclone()
        self.folder = Path(tempfile.mkdtemp(prefix="slugline-"))  # for this user only
        self._socket = self.folder / "rc"
        self._log = (self.folder / "log").open("w+b")
        words = [program, "rcd", "--rc-addr", f"unix://{self._socket}", "--rc-no-auth"]
        # Warnings and the errors of single files are only in the log.
        words += ["--log-level", "NOTICE"]
        words += [
            f"--{option}={value}"
            for option, value in _LIMITS.items()
            if f"RCLONE_{option.upper().replace('-', '_')}" not in os.environ
        ]
        # Ctrl-C must not end rclone before this process asks it to end, and rclone must not go on
        # sending when this process is killed.
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            process_group=0,
            preexec_fn=_die_with_parent() if sys.platform == "linux" else None,
        )
        self.pid = self._process.pid
        self._wait_for_start()

    def _wait_for_start(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(DeployError):
                self._request("rc/noop", {}, _START_TIMEOUT)
                return
            time.sleep(0.01)
        reason = self.last_error()
        self.close()
        raise DeployError(f"rclone does not start: {reason or 'it gives no reason'}")

    def call(self, command: str, **arguments: Any) -> Any:
        """Return rclone's response. Raises RcloneError if rclone reports an error."""
        return self._request(command, arguments, _CALL_TIMEOUT)

    def _request(self, command: str, arguments: Mapping[str, Any], seconds: float) -> Any:
        from http.client import HTTPConnection, HTTPException

        try:
            with closing(HTTPConnection("rclone")) as connection:
                connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                connection.sock.settimeout(seconds)
                connection.sock.connect(str(self._socket))
                headers = {"Content-Type": "application/json"}
                connection.request("POST", f"/{command}", json.dumps(arguments), headers)
                response = connection.getresponse()
                found = json.loads(response.read() or b"{}")
        except TimeoutError:
            raise DeployError(
                f"rclone has not answered {command} within {seconds:g} seconds"
            ) from None
        except (OSError, HTTPException) as error:
            raise DeployError(f"rclone has ended: {self.last_error() or error}") from error
        if response.status != 200:
            raise RcloneError(str(found.get("error", response.status)), response.status == 404)
        return found

    def run(self, command: str, report: Callable[[int], None], **arguments: Any) -> None:
        """Run a long command; `report` gets the number of finished files.

        Raises RcloneError if rclone reports an error or transfers nothing for a while."""
        job = self.call(command, _async=True, **arguments)["jobid"]
        known: dict[str, Any] = {}
        pause, since = 0.005, time.monotonic()
        while True:
            status = self.call("job/status", jobid=job)
            if status["finished"]:
                break
            with suppress(DeployError):
                found = self.call("core/stats", group=f"job/{job}")
                report(found.get("transfers", 0))
                moved = {name: found.get(name) for name in ("bytes", "transfers", "checks")}
                if moved != known:
                    known, since = moved, time.monotonic()
            if time.monotonic() - since > _STALL_TIMEOUT:
                self.call("job/stop", jobid=job)
                raise RcloneError(f"nothing was transferred for {_STALL_TIMEOUT:g} seconds")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2)
        stats = self.call("core/stats", group=f"job/{job}")
        report(stats.get("transfers", 0))
        with suppress(DeployError):
            self.call("core/stats-delete", group=f"job/{job}")
        if not status["success"] or stats.get("errors"):
            raise RcloneError(status.get("error") or stats.get("lastError") or self.last_error())

    def log(self) -> str:
        """Return what rclone has logged so far."""
        return (self.folder / "log").read_text("utf-8", "replace").strip()

    def last_error(self) -> str:
        """Return the message of the last line of the log."""
        lines = self.log().splitlines()
        return lines[-1].partition(" : ")[2] or lines[-1] if lines else ""

    def close(self) -> None:
        """End rclone and remove its temporary files."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _die_with_parent() -> Callable[[], None] | None:
    """Return a function that ties a process to its parent (prctl(2))."""
    import ctypes

    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def headers(found: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the headers of an upload in the form that rclone expects."""
    return [{"Key": name, "Value": value} for name, value in found.items() if value]
