"""Ends a command within a second of Ctrl-C, wherever it is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_GRACE = 0.7  # seconds in which a command cleans up
_INTERRUPTED = 130


@contextmanager
def ends_at_once() -> Iterator[None]:
    """Let an interrupt end this process and its workers within a second.

    Whatever is left undone is mended by the next build, as after a power cut. A regular expression
    lets an interrupt through; no other call into C takes long, because sizes are limited."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(_GRACE, _end)
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    with _handled(interrupt):
        yield


@contextmanager
def ends_tidily() -> Iterator[None]:
    """Let an interrupt raise KeyboardInterrupt, for commands that clean up.

    Before, while its modules load, an interrupt ends the program at once (`builder.__main__`)."""
    with _handled(signal.default_int_handler):
        yield


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Handle interrupts, unless a script made this a job in the background that ignores them."""
    before = signal.getsignal(signal.SIGINT)
    ignored = before is signal.SIG_IGN
    if ignored or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, handler)
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
