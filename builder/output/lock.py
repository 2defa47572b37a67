"""The lock on an output folder, so that one build at a time writes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.output.swap import beside
from builder.output.target import OutputError, why


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the lock on an output folder.

    Raises OutputError if another build holds it. The system releases the lock of a process however
    it ends."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(beside(output, "lock"), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(why(error, output)) from error
    try:
        try:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # without this lock (Windows), concurrent builds are not detected
            pass
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise OutputError(
                f"another build is writing {output.name}/ (process {holder}); wait until it ends"
            ) from None
        else:
            with suppress(OSError):  # on a full disk, the message cannot name the process
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
