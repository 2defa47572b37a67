"""Ends a command within a second of Ctrl-C, wherever it is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_GRACE = 0.7  # seconds in which a command cleans up
_INTERRUPTED = 130  # the exit code of shells for a program that Ctrl-C ended


@contextmanager
def ends_at_once() -> Iterator[None]:
    """Let an interrupt end this process and its workers within a second.

    Whatever is left undone is mended by the next build, as after a power cut. A regular expression
    lets an interrupt through; no other call into C takes long, because sizes are limited."""

    def interrupt(number: int, frame: object) -> None:
        timer = threading.Timer(_GRACE, _end)
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end() -> None:
    import multiprocessing

    for worker in multiprocessing.active_children():
        with suppress(OSError):
            worker.kill()
    os._exit(_INTERRUPTED)
