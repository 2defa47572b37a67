"""What happens in the site's folder -> batches of changed paths."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from builder.serve.messages import Changed, Polling
from builder.serve.watch.gather import FOLDERS, MANY, Gatherer
from builder.serve.watch.snapshot import differences, take_snapshot

_TENDED = 1.0  # whether all folders are still watched
_POLLED = 1.0  # between two looks at all files


Tell = Callable[[Changed | Polling], None]


def watch(root: Path, poll: bool, tell: Tell, ended: threading.Event) -> None:
    """Tells of changes below a site's folder until `ended` is set: by the system's events, or
    where there are none, or with `poll`, by looking. First it tells that anything may have
    changed before it began."""
    root = root.resolve()
    if not poll:
        try:
            _watch_events(root, tell, ended)
            return
        except Exception as error:  # whatever it is, the editor's next save has to be seen
            if ended.is_set():
                return
            tell(Polling(str(error) or type(error).__name__))
    _look_again_and_again(root, tell, ended)


def _watch_events(root: Path, tell: Tell, ended: threading.Event) -> None:
    """By events. Whatever goes wrong with them is raised."""
    from builder.serve.watch.events import start_watch  # what it needs is not there everywhere

    gatherer = Gatherer()
    watch = start_watch(root, gatherer)
    try:
        tended = 0.0
        while not ended.is_set():
            batch = gatherer.take(_TENDED)
            # A folder that came or was replaced is watched before it is told of.
            if batch is None or batch.paths is None or set(batch.paths) & set(FOLDERS):
                watch.tend()
                tended = time.monotonic()
            if batch is not None:
                tell(batch)
            if time.monotonic() - tended > _TENDED:
                watch.tend()
                tended = time.monotonic()
    finally:
        watch.stop()


def _look_again_and_again(root: Path, tell: Tell, ended: threading.Event) -> None:
    """By looking at all files. It takes a tenth of the time at most."""
    looks = take_snapshot(root)
    tell(Changed(None))
    pause = _POLLED
    while not ended.wait(pause):
        started = time.monotonic()
        now = take_snapshot(root)
        paths = differences(looks, now)
        looks = now
        if paths:
            tell(Changed(paths if len(paths) <= MANY else None))
        pause = max(_POLLED, 10 * (time.monotonic() - started))


def start_watching(root: Path, poll: bool, tell: Tell) -> threading.Event:
    """Watches in a thread of its own until the event that is returned is set."""
    ended = threading.Event()
    thread = threading.Thread(
        target=watch, args=(root, poll, tell, ended), name="watch", daemon=True
    )
    thread.start()
    return ended
