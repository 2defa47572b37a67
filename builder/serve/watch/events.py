"""File system events in a site's folder, passed on as paths."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from builder.content.template_files import TEMPLATES
from builder.content.walk import CONTENT
from builder.serve.watch.gather import Gatherer, path_of_interest

# Without events for opening and reading, which every build causes.
_KINDS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]


class _Handler(FileSystemEventHandler):
    """An event handler that puts paths into a gatherer."""

    def __init__(self, root: Path, gatherer: Gatherer) -> None:
        self._root = root
        self._gatherer = gatherer

    def dispatch(self, event: FileSystemEvent) -> None:
        places = [os.fsdecode(place) for place in (event.src_path, event.dest_path) if place]
        found = (path_of_interest(self._root, place) for place in places)
        if paths := [path for path in found if path is not None]:
            is_new_folder = event.is_directory and not isinstance(event, DirDeletedEvent)
            self._gatherer.put(paths, is_new_folder)


class _Watched:
    """A watched folder, with its inode to detect a replacement of the same name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.watch: ObservedWatch | None = None
        self.identity: tuple[int, int] | None = None


class EventWatch:
    """A watch on content/ and templates/, recursively, and on the site's folder."""

    def __init__(self, root: Path, gatherer: Gatherer) -> None:
        self._root = root
        self._gatherer = gatherer
        self._handler = _Handler(root, gatherer)
        self._observer = Observer()
        self._folders = (_Watched(CONTENT), _Watched(TEMPLATES))

    def start(self) -> None:
        """Start watching; raise OSError if the system's watch limit is reached."""
        self._watch_log()
        self._observer.start()
        self.tend()
        # Last, so that this watch fails if the limit was reached in a subfolder, which the library
        # ignores.
        self._observer.schedule(self._handler, str(self._root), event_filter=_KINDS)
        self._gatherer.put_all()  # files may have changed before all watches existed

    def tend(self) -> None:
        """Watch new and replaced folders; raise OSError if events have stopped."""
        if not self._observer.is_alive() or not _reads_events(self._observer):
            raise OSError("file system events have stopped")
        alive = {emitter.watch for emitter in self._observer.emitters if emitter.is_alive()}
        for folder in self._folders:
            identity = _identity(self._root / folder.name)
            if identity == folder.identity and (identity is None or folder.watch in alive):
                continue
            if folder.watch is not None:
                with contextlib.suppress(KeyError):  # already ended
                    self._observer.unschedule(folder.watch)
            folder.watch = folder.identity = None
            if identity is not None:
                folder.watch = self._schedule(folder.name)
                folder.identity = identity if folder.watch else None
                self._gatherer.put([folder.name])

    def stop(self) -> None:
        """Stop watching."""
        self._observer.stop()

    def _schedule(self, name: str) -> ObservedWatch | None:
        place = str(self._root / name)
        try:
            return self._observer.schedule(
                self._handler, place, recursive=True, event_filter=_KINDS
            )
        except FileNotFoundError:  # deleted again
            return None

    def _watch_log(self) -> None:
        """Detect dropped events, which the library reports only in its log."""
        if sys.platform == "linux":
            from watchdog.observers import inotify, inotify_c

            def intercept(record: object) -> bool:
                self._gatherer.put_all()
                return False  # keep the terminal clean

            for module in (inotify, inotify_c):
                module.logger.setLevel("WARNING")
                module.logger.addFilter(intercept)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return the device and inode of a folder, or None if it does not exist."""
    try:
        found = folder.stat()  # of the folder to which a link leads
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if folder.is_dir() else None


def _reads_events(observer: threading.Thread) -> bool:
    """Return whether the thread that reads events is alive (a second one on Linux)."""
    reader = getattr(observer, "_inotify_fd", None)
    return reader is None or reader.is_alive()


def start_watch(root: Path, gatherer: Gatherer) -> EventWatch:
    """Return a started watch; raise OSError if it cannot start."""
    watch = EventWatch(root, gatherer)
    try:
        watch.start()
    except BaseException:
        watch.stop()
        raise
    return watch
