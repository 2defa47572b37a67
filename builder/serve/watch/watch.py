"""Watching of a site's folder, which reports batches of changed paths."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from builder.serve.messages import Changed, Polling
from builder.serve.watch.gather import FOLDERS, MANY, Gatherer
from builder.serve.watch.snapshot import differences, take_snapshot

# In seconds.
_TEND_EVERY = 1.0  # between checks that all folders are still watched
_POLL_EVERY = 1.0  # between snapshots of all files


Report = Callable[[Changed | Polling], None]


def watch(root: Path, poll: bool, report: Report, ended: threading.Event) -> None:
    """Report changes in a site's folder until `ended` is set.

    Uses file system events, or polling if events are unavailable or `poll` is set. Reports first
    that any file may have changed, because changes before the start are unknown."""
    root = root.resolve()
    if not poll:
        try:
            _watch_events(root, report, ended)
            return
        except Exception as error:  # whatever it is, the next save must be noticed
            if ended.is_set():
                return
            report(Polling(str(error) or type(error).__name__))
    _poll(root, report, ended)


def _watch_events(root: Path, report: Report, ended: threading.Event) -> None:
    """Report changes from file system events; raise any error."""
    from builder.serve.watch.events import start_watch  # not available on every system

    gatherer = Gatherer()
    watch = start_watch(root, gatherer)
    try:
        tended = 0.0
        while not ended.is_set():
            batch = gatherer.take(_TEND_EVERY)
            # Watch a new or replaced folder before reporting it.
            if batch is None or batch.paths is None or set(batch.paths) & set(FOLDERS):
                watch.tend()
                tended = time.monotonic()
            if batch is not None:
                report(batch)
            if time.monotonic() - tended > _TEND_EVERY:
                watch.tend()
                tended = time.monotonic()
    finally:
        watch.stop()


def _poll(root: Path, report: Report, ended: threading.Event) -> None:
    """Report changes from snapshots, using at most a tenth of the time."""
    before = take_snapshot(root)
    report(Changed(None))
    pause = _POLL_EVERY
    while not ended.wait(pause):
        started = time.monotonic()
        now = take_snapshot(root)
        paths = differences(before, now)
        before = now
        if paths:
            report(Changed(paths if len(paths) <= MANY else None))
        pause = max(_POLL_EVERY, 10 * (time.monotonic() - started))


def start_watching(root: Path, poll: bool, report: Report) -> threading.Event:
    """Watch in a new thread until the returned event is set."""
    ended = threading.Event()
    thread = threading.Thread(
        target=watch, args=(root, poll, report, ended), name="watch", daemon=True
    )
    thread.start()
    return ended
