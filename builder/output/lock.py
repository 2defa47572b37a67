"""The lock on an output folder, so that one build at a time writes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.output.swap import beside
from builder.output.target import OutputError, why
from builder.safe_files import open_lock


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the lock on an output folder.

    Raises OutputError if another build holds it. The system releases the lock of a process however
    it ends."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        lock = open_lock(beside(output, "lock"))
    except OSError as error:
        raise OutputError(why(error, output)) from error
    try:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # without this lock (Windows), concurrent builds are not detected
            pass
        except BlockingIOError:
            holder = os.pread(lock.fileno(), 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise OutputError(
                f"another build is writing {output.name}/ (process {holder}); wait until it ends"
            ) from None
        else:
            with suppress(OSError):  # on a full disk, the message cannot name the process
                os.ftruncate(lock.fileno(), 0)
                os.pwrite(lock.fileno(), str(os.getpid()).encode(), 0)
        yield
    finally:
        lock.close()
