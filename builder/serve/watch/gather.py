"""Collection of changed paths into batches, each ended by a short pause."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from builder.content.template_files import TEMPLATES
from builder.content.walk import CONTENT, is_left_behind
from builder.serve.messages import Changed
from builder.serve.watch.snapshot import SETTINGS

FOLDERS = (CONTENT, TEMPLATES)

# In seconds. Text editors save in several steps, some milliseconds apart.
_QUIET = 0.025  # after the last event of a batch
_LONGEST = 0.15  # after the first event of a batch
_AGAIN = 0.35  # a new folder may have been filled before it was watched

MANY = 500  # paths in a batch; with more, all files are checked
_FLOOD = 5000  # events in a batch; with more, the system may have dropped some


def path_of_interest(root: Path, place: str) -> str | None:
    """Return the relative path of an input, or None for other files."""
    try:
        parts = Path(place).relative_to(root).parts
    except ValueError:
        return None
    if parts == (SETTINGS,) or (len(parts) == 1 and parts[0] in FOLDERS):
        return parts[0]
    if len(parts) < 2 or parts[0] not in FOLDERS or any(map(is_left_behind, parts)):
        return None
    return "/".join(parts)


class Gatherer:
    """A queue that collects changed paths into batches.

    Watcher threads put paths in, one thread takes batches out. Paths that arrive after a batch was
    taken go into the next one, so no event is lost."""

    def __init__(self) -> None:
        self._arrival = threading.Condition()
        self._paths: set[str] = set()
        self._again: set[str] = set()
        self._again_at = 0.0
        self._all = False
        self._events = 0
        self._first = self._last = 0.0

    def put(self, paths: Iterable[str], folder: bool = False) -> None:
        """Add changed files or folders; report a new `folder` twice."""
        with self._arrival:
            self._note()
            for path in paths:
                self._paths.add(path)
                if folder:
                    self._again.add(path)
                    self._again_at = time.monotonic() + _AGAIN
            self._arrival.notify()

    def put_all(self) -> None:
        """Note that any file may have changed."""
        with self._arrival:
            self._note()
            self._all = True
            self._arrival.notify()

    def take(self, longest: float) -> Changed | None:
        """Return the next complete batch, or None after `longest` seconds."""
        until = time.monotonic() + longest
        with self._arrival:
            while True:
                now = time.monotonic()
                if self._again and now >= self._again_at:
                    self._note()
                    self._paths |= self._again
                    self._again.clear()
                due = min(self._last + _QUIET, self._first + _LONGEST) if self._events else until
                if self._events and now >= due:
                    return self._batch()
                if now >= until:
                    return None
                due = min(due, self._again_at) if self._again else due
                self._arrival.wait(max(0.001, min(due, until) - now))

    def _note(self) -> None:
        self._last = time.monotonic()
        self._first = self._first if self._events else self._last
        self._events += 1

    def _batch(self) -> Changed:
        flood = self._events > _FLOOD
        everything = self._all or flood or len(self._paths) > MANY
        batch = Changed(None if everything else tuple(sorted(self._paths)))
        self._paths.clear()
        self._all = False
        self._events = 0
        if flood:  # check again when it has ended
            self._again.update(FOLDERS)
            self._again_at = time.monotonic() + _AGAIN
        return batch
