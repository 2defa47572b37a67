"""Rendered bytes -> the preview's own folder, page by page, for the one reader who is at work.

Everything is written aside first, and put in its place when all of it is there. A preview that is
killed in between heals at its next start: a file is taken for what its manifest says only while it
looks as it did, or holds those very bytes."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from builder.output.files import copy_file, make_folder_in, put_file
from builder.output.inventory import Inventory, parents
from builder.output.manifest import FILE, Manifest, bytes_digest, encode_manifest
from builder.output.stat_cache import FileStat, TreeStats
from builder.output.target import OutputError, why
from builder.stat import settles
from builder.store import remove


class PreviewFolder:
    """The preview's folder, which nobody else may write. `changed` and `gone` are the files that
    the last build changed there."""

    def __init__(self, folder: Path, old: Manifest, stats: TreeStats, found: Inventory) -> None:
        self.output, self.old, self.stats = folder, old, stats
        self.staged = folder.with_name(f"{folder.name}.staged")
        self.stats_changed = bool(found.stats)
        stats.files.update(found.stats)
        self.there = {*old.files} - found.absent
        for path in found.foreign:  # of a preview that was killed
            remove(folder / path.rstrip("/"))
        self.foreign: tuple[str, ...] = ()
        self.digest = old.digest
        self.changed: tuple[str, ...] = ()
        self.gone: tuple[str, ...] = ()
        self._builds = 0
        self._ready = False
        self._made: set[str] = set()  # folders of the staged tree that are there

    def prepare(self) -> None:
        """Make the staged tree, empty."""
        if self._ready:
            return
        try:
            remove(self.staged)
            self.staged.mkdir(parents=True)
        except OSError as error:
            raise OutputError(why(error, self.output)) from error
        self._ready, self._made = True, set()

    def write(self, path: str, data: bytes) -> FileStat:
        """Write a file into the staged tree, and tell how it looks."""
        self._folder_of(path)
        return put_file(f"{self.staged}/{path}", data)

    def _folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            make_folder_in(self.staged, folder)
            self._made.add(folder)

    def publish(
        self,
        new: Manifest,
        written: Mapping[str, FileStat],
        data: Mapping[str, bytes],
        copies: Mapping[str, Path],
    ) -> None:
        """Put every changed file into its place, and remove what is no longer made."""
        self.prepare()
        try:
            changed = dict(written)
            for path, content in data.items():
                changed[path] = self.write(path, content)
            for path, source in copies.items():
                self._folder_of(path)
                changed[path] = copy_file(source, self.staged / path, new.files[path].digest)
            self._place(new, changed)
        except OSError as error:
            self.abandon()
            raise OutputError(why(error, self.output)) from error
        except OutputError:
            self.abandon()
            raise
        self._ready = False

    def _place(self, new: Manifest, changed: Mapping[str, FileStat]) -> None:
        gone = self.old.files.keys() - new.files.keys()
        for path in gone:
            self.there.discard(path)
            self.stats.files.pop(path, None)
            self._remove(path)
        folders: set[str] = set()
        for path, look in changed.items():
            folder = path.rpartition("/")[0]
            if folder not in folders:
                make_folder_in(self.output, folder)
                folders.add(folder)
            # Until all are in their places, none is known to be what any manifest says.
            self.there.discard(path)
            target = f"{self.output}/{path}"
            if os.path.isdir(target):  # noqa: PTH112 (what was a folder is a file now)
                shutil.rmtree(target)
            os.replace(f"{self.staged}/{path}", target)  # noqa: PTH105
            self.stats.files[path] = look
        self.there |= changed.keys()
        self.stats_changed = True
        self._builds += 1
        self.digest = f"build {self._builds}"
        self.old = replace(new, digest=self.digest)
        self.changed, self.gone = tuple(sorted(changed)), tuple(sorted(gone))

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that it leaves empty."""
        with suppress(OSError):
            (self.output / path).unlink()
            for folder in parents(path):
                (self.output / folder).rmdir()

    def keep(self) -> str:
        """Write the manifest, so that the next preview knows the folder; a digest of it."""
        data = encode_manifest(replace(self.old, digest=""))
        unfinished = self.output.with_name(f"{self.output.name}.manifest")
        with suppress(OSError):
            unfinished.write_bytes(data)
            unfinished.replace(self.output / FILE)
        now = time.time_ns()
        files = self.stats.files
        self.stats.files = {path: look for path, look in files.items() if settles(look[1]) < now}
        self.digest = bytes_digest(data)
        self.old = replace(self.old, digest=self.digest)
        return self.digest

    def abandon(self) -> None:
        """Leave what is not in its place."""
        remove(self.staged)
        self._ready = False
