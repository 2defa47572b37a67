"""Measures a command: wall time, CPU time and memory (Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.02  # seconds between two samples of memory


@dataclass(frozen=True)
class Sample:
    """One run of a command.

    `largest` is the peak memory of its largest process in bytes (ru_maxrss).
    """

    wall: float
    cpu: float
    largest: int


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Sample:
    """Run a command to its end, undisturbed.

    Exits if the command fails. The CPU time includes every process that the command started and
    waited for.
    """
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = _start(command, folder, variables, said.fileno())
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def peak_memory(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> int:
    """Return the peak memory of all processes of a command, in bytes.

    Shared memory is counted once (PSS). Sampling takes time, so this needs a run of its own.
    """
    process = _start(command, folder, variables, subprocess.DEVNULL)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(_INTERVAL):
            peak = max(peak, memory_of_group(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    done.set()
    watcher.join()
    return peak


def memory_of_group(leader: int) -> int:
    """Return the memory of a process group in bytes.

    Shared memory is counted once.
    """
    return sum(_memory(pid) for pid in _group(leader))


def _start(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], said: int
) -> subprocess.Popen[bytes]:
    # Python keeps compiled code, as it does unless it is told not to.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,  # a process group of its own, to identify its processes
    )


def _group(leader: int) -> list[int]:
    """Return the processes of a process group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(state[2]) == leader:
                found.append(int(entry.name))
    return found


def _memory(pid: int) -> int:
    """Return a process's share of memory in bytes; 0 if ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(s.split()[1]) * 1024 for s in text.splitlines() if s.startswith("Pss:")), 0)
