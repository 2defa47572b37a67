"""A command -> how long it took, how much processor time, and how much memory (Linux)."""

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

_INTERVAL = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Sample:
    """One run. `largest` is the peak memory of its largest process in bytes (ru_maxrss)."""

    wall: float
    cpu: float
    largest: int


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Sample:
    """Run a command to its end, undisturbed. Ends this program when the command fails. The
    processor time is that of the command and of every process that it started and waited for."""
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
    """The most memory in bytes that all processes of a command have at a time, memory that they
    share counted once (PSS). Looking takes time of its own, so it is a run for nothing else."""
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
    """The memory in bytes of all processes of a process group, shared memory counted once."""
    return sum(_memory(pid) for pid in _group(leader))


def _start(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], said: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,  # a process group of its own, to know its processes by
    )


def _group(leader: int) -> list[int]:
    """The processes of a process group."""
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
    """The share of a process in the memory, in bytes; 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(s.split()[1]) * 1024 for s in text.splitlines() if s.startswith("Pss:")), 0)
