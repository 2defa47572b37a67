"""Paths that changed -> batches, each ended when nothing has changed for a moment."""

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


# In seconds. An editor saves in several steps, some milliseconds apart.
_QUIET = 0.025  # after the last event of a batch


_LONGEST = 0.15  # after the first one, should the events not end


_AGAIN = 0.35  # a new folder may have been filled before the system was asked about it


MANY = 500  # paths of a batch; with more, everything is looked at


_FLOOD = 5000  # events of a batch: the system may have dropped some


def path_of_interest(root: Path, place: str) -> str | None:
    """A place that an event names -> its path below the root, if it can change the site."""
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
    """Gathers events into batches. Threads of the system's put paths in, one takes batches out;
    what comes after a batch was taken is in the next one, so the last event is never lost."""

    def __init__(self) -> None:
        self._come = threading.Condition()
        self._paths: set[str] = set()
        self._again: set[str] = set()
        self._again_at = 0.0
        self._all = False
        self._events = 0
        self._first = self._last = 0.0

    def put(self, paths: Iterable[str], folder: bool = False) -> None:
        """Files or folders that changed. A new folder is told once more a moment later."""
        with self._come:
            self._note()
            for path in paths:
                self._paths.add(path)
                if folder:
                    self._again.add(path)
                    self._again_at = time.monotonic() + _AGAIN
            self._come.notify()

    def put_all(self) -> None:
        """Something changed, and it is not known what."""
        with self._come:
            self._note()
            self._all = True
            self._come.notify()

    def take(self, longest: float) -> Changed | None:
        """The next batch, when its events have come to an end; None where there is none after
        `longest` seconds."""
        until = time.monotonic() + longest
        with self._come:
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
                self._come.wait(max(0.001, min(due, until) - now))

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
        if flood:  # once more when it has ended
            self._again.update(FOLDERS)
            self._again_at = time.monotonic() + _AGAIN
        return batch
