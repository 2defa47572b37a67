"""The system's events below a site's folder -> paths in a gatherer."""

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

# Not what is opened and read: a build reads all the time.
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
    """Puts the paths of events into a gatherer."""

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
    """A folder with its watch, and which folder it was: another may take its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.watch: ObservedWatch | None = None
        self.identity: tuple[int, int] | None = None


class EventWatch:
    """Watches content/ and templates/ with all below them, and the site's folder itself."""

    def __init__(self, root: Path, gatherer: Gatherer) -> None:
        self._root = root
        self._gatherer = gatherer
        self._handler = _Handler(root, gatherer)
        self._observer = Observer()
        self._folders = (_Watched(CONTENT), _Watched(TEMPLATES))

    def start(self) -> None:
        """OSError where the system has no watches left."""
        self._listen_to_library()
        self._observer.start()
        self.tend()
        # Last: where the watches ran out on a folder deep inside, which is passed over in
        # silence, this one fails.
        self._observer.schedule(self._handler, str(self._root), event_filter=_KINDS)
        self._gatherer.put_all()  # for what changed before everything was watched

    def tend(self) -> None:
        """Watches the folders that came or were replaced. OSError where events come no more."""
        if not self._observer.is_alive() or not _reads_events(self._observer):
            raise OSError("the watching of files has ended")
        alive = {emitter.watch for emitter in self._observer.emitters if emitter.is_alive()}
        for folder in self._folders:
            identity = _identity(self._root / folder.name)
            if identity == folder.identity and (identity is None or folder.watch in alive):
                continue
            if folder.watch is not None:
                with contextlib.suppress(KeyError):  # it has ended by itself
                    self._observer.unschedule(folder.watch)
            folder.watch = folder.identity = None
            if identity is not None:
                folder.watch = self._schedule(folder.name)
                folder.identity = identity if folder.watch else None
                self._gatherer.put([folder.name])

    def stop(self) -> None:
        self._observer.stop()

    def _schedule(self, name: str) -> ObservedWatch | None:
        place = str(self._root / name)
        try:
            return self._observer.schedule(
                self._handler, place, recursive=True, event_filter=_KINDS
            )
        except FileNotFoundError:  # it has gone again
            return None

    def _listen_to_library(self) -> None:
        """The library writes into its log, and nowhere else, that events were dropped."""
        if sys.platform == "linux":
            from watchdog.observers import inotify, inotify_c

            def hear(record: object) -> bool:
                self._gatherer.put_all()
                return False  # an editor's terminal is not the place for it

            for module in (inotify, inotify_c):
                module.logger.setLevel("WARNING")
                module.logger.addFilter(hear)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder it is; None where there is none."""
    try:
        looked = folder.lstat()
    except OSError:
        return None
    return (looked.st_dev, looked.st_ino) if folder.is_dir() else None


def _reads_events(observer: threading.Thread) -> bool:
    """Whether the thread that the system hands its events to is alive (Linux has one more)."""
    reader = getattr(observer, "_inotify_fd", None)
    return reader is None or reader.is_alive()


def start_watch(root: Path, gatherer: Gatherer) -> EventWatch:
    """A watch that has started. OSError where there can be none."""
    watch = EventWatch(root, gatherer)
    try:
        watch.start()
    except BaseException:
        watch.stop()
        raise
    return watch
