"""The lock on what editors write: one command at a time changes the files of a site."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from builder.errors import SluglineError
from builder.safe_files import PLAIN, open_lock
from builder.store import FOLDER, make_folder

_LOCK = "edits.lock"
LOCK_WAIT = 10.0  # seconds
_PAUSE = 0.02  # seconds


class EditLocked(SluglineError):
    """Another command is changing the files; the message names its process."""


@contextmanager
def edit_lock(root: Path) -> Iterator[None]:
    """Hold the lock on what editors write.

    Raises EditLocked if another process still holds it after 10 seconds, and OSError. The system
    releases the lock of a process however it ends."""
    make_folder(root / FOLDER)
    with open_lock(root / FOLDER / _LOCK) as lock:
        if not _wait(lock, exclusive=True):
            holder = os.pread(lock.fileno(), 20, 0).decode("ascii", "replace").strip()
            raise EditLocked(
                f"another command is changing the files of this site (process"
                f" {holder or 'unknown'}); run the command again when it has ended"
            )
        with suppress(OSError):  # on a full disk, the message cannot name the process
            os.ftruncate(lock.fileno(), 0)
            os.pwrite(lock.fileno(), str(os.getpid()).encode(), 0)
        yield


def wait_for_edits(root: Path) -> None:
    """Wait, at most 10 seconds, until no command is changing files."""
    with suppress(OSError):
        descriptor = os.open(root / FOLDER / _LOCK, os.O_RDONLY | PLAIN)
        with os.fdopen(descriptor, "rb") as lock:
            _wait(lock, exclusive=False)


def _wait(lock: IO[bytes], exclusive: bool) -> bool:
    """Lock a file once that is possible; return whether it was in time."""
    try:
        import fcntl
    except ImportError:  # this system has no such locks
        return True
    how = fcntl.LOCK_NB | (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
    deadline = time.monotonic() + LOCK_WAIT
    while True:
        try:
            fcntl.flock(lock, how)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True
