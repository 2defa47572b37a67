"""The output folder of a preview, which is updated file by file.

All changed files are staged first and then moved into place. A preview that was killed meanwhile
recovers at its next start: it trusts a file's manifest entry only if the file's stat or its bytes
still match."""

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
from builder.safe_files import replace_file
from builder.stat import settles
from builder.store import remove


class PreviewFolder:
    """The output folder of a preview, which no other process may write.

    `changed` and `gone` are the files that the last build wrote and deleted."""

    def __init__(self, folder: Path, old: Manifest, stats: TreeStats, found: Inventory) -> None:
        self.output, self.old, self.stats = folder, old, stats
        self.staged = folder.with_name(f"{folder.name}.staged")
        self.stats_changed = bool(found.stats)
        stats.files.update(found.stats)
        self.there = {*old.files} - found.absent
        # Left by a preview that was killed, or by a stranger: a link would be written through.
        for path in (*found.links, *found.foreign):
            remove(folder / path.rstrip("/"))
        self.foreign: tuple[str, ...] = ()
        self.digest = old.digest
        self.changed: tuple[str, ...] = ()
        self.gone: tuple[str, ...] = ()
        self._builds = 0
        self._ready = False
        self._made: set[str] = set()  # folders that exist in the staged tree

    def prepare(self) -> None:
        """Create an empty staged tree."""
        if self._ready:
            return
        try:
            remove(self.staged)
            self.staged.mkdir(parents=True)
        except OSError as error:
            raise OutputError(why(error, self.output)) from error
        self._ready, self._made = True, set()

    def write(self, path: str, data: bytes) -> FileStat:
        """Write a file to the staged tree and return its stat."""
        self._make_folder(path)
        return put_file(f"{self.staged}/{path}", data)

    def _make_folder(self, path: str) -> None:
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
        """Move changed files into place, and delete obsolete ones."""
        self.prepare()
        try:
            changed = dict(written)
            for path, content in data.items():
                changed[path] = self.write(path, content)
            for path, source in copies.items():
                self._make_folder(path)
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
            # No manifest describes this file until all files are in place.
            self.there.discard(path)
            target = f"{self.output}/{path}"
            if os.path.isdir(target):  # noqa: PTH112 (a file replaces a folder)
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
        """Delete a file and the folders that this leaves empty."""
        with suppress(OSError):
            (self.output / path).unlink()
            for folder in parents(path):
                (self.output / folder).rmdir()

    def keep(self) -> str:
        """Write the manifest for the next preview, and return its digest."""
        data = encode_manifest(replace(self.old, digest=""))
        with suppress(OSError):
            replace_file(self.output / FILE, [data])
        now = time.time_ns()
        files = self.stats.files
        self.stats.files = {path: look for path, look in files.items() if settles(look[1]) < now}
        self.digest = bytes_digest(data)
        self.old = replace(self.old, digest=self.digest)
        return self.digest

    def abandon(self) -> None:
        """Discard the staged files."""
        remove(self.staged)
        self._ready = False
