"""Writes output/: stages a complete spare tree, then exchanges the two.

Nothing under output/ changes until everything is staged; a build that is killed at any moment
leaves the old site or the new one. The spare tree shares unchanged files with the output by hard
links and is kept: the next build only updates what the last two builds changed. Without hard links,
files are copied. Without an atomic exchange, there are two renames, and the next build repairs an
interrupted one.

Only files in the manifest are ever deleted: a file that someone else put into output/ is kept and
reported. This is the only module that writes output/."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from pathlib import Path

from builder.output.files import copy_file, make_folder_in, put_file, remove_file, unlink
from builder.output.inventory import (
    Inventory,
    SpareDifference,
    exchanging,
    find_foreign,
    folders_of,
    parents,
    seal,
)
from builder.output.manifest import (
    FILE,
    Manifest,
    ManifestEntry,
    bytes_digest,
    encode_manifest,
)
from builder.output.ownership import refuse_foreign
from builder.output.stat_cache import FileStat, TreeStats
from builder.output.swap import exchange, link, spare_of
from builder.output.target import OutputError, why
from builder.safe_files import create_file
from builder.stat import settles
from builder.store import remove

# --- the two trees -----------------------------------------------------------------------------


class Output:
    """An output folder and its spare tree.

    `found` is the inventory of the folder; `compare` returns how the spare tree differs from it."""

    def __init__(
        self,
        output: Path,
        old: Manifest,
        stats: TreeStats,
        found: Inventory,
        compare: Callable[[], SpareDifference | None],
    ) -> None:
        self.output, self.old, self.stats, self.found, self.compare = (
            output,
            old,
            stats,
            found,
            compare,
        )
        self.staged = spare_of(output)
        self.digest = old.digest  # of the manifest in the output
        # The files of the manifest that are unchanged.
        self.there: Set[str] = old.files.keys() - found.absent if found.absent else old.files.keys()
        self.stats_changed = bool(found.stats or found.times)
        stats.files.update(found.stats)
        with suppress(OSError):
            stats.folders.setdefault(os.lstat(output).st_ino, {}).update(found.times)
        self.foreign = found.foreign
        self.exchanging = exchanging(output)
        if self.exchanging.exists():
            self._rescue()
        self._difference = SpareDifference(frozenset(), frozenset())
        self._fresh = False  # whether the staged tree was created empty
        self._ready = False
        self._created: set[str] = set()  # folders of the staged tree that certainly exist
        self._touched: set[str] = {""}  # folders in which something changed

    # --- the staged tree -----------------------------------------------------------------------

    def prepare(self) -> None:
        """Prepare the staged tree; call it before `write` and before processes fork."""
        if self._ready:
            return
        try:
            self._prepare()
        except OSError as error:
            raise OutputError(why(error, self.output)) from error
        self._ready = True

    def _prepare(self) -> None:
        found = self.compare() if self.there else None
        if found is not None:
            try:
                # Without a manifest, the tree is not trusted until it is published.
                (self.staged / FILE).unlink()
            except FileNotFoundError:
                pass
            else:
                self._difference = found
                for path in self.stats.foreign:
                    remove_file(self.staged, os.fsdecode(path).rstrip("/"))
                return
        remove(self.staged)
        if os.path.lexists(self.staged):
            raise OutputError(f"{self.staged} is in the way and cannot be removed; remove it")
        self.staged.mkdir(parents=True)
        self._fresh = True

    def _rescue(self) -> None:
        """Restore foreign files that came while the last build exchanged the trees."""
        late = self.found.late if self.output.is_dir() else ()
        self.foreign = tuple(sorted({*self.foreign, *self._restore(late)}))
        for path in late:
            remove_file(self.staged, path.rstrip("/"))
        self.stats_changed |= bool(late)
        remove(self.exchanging)

    def _restore(self, paths: Iterable[str]) -> Iterator[str]:
        """Link files of the spare tree into the output at free paths."""
        for path in paths:
            target = self.output / path
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                if path.endswith("/"):
                    target.mkdir()
                else:
                    link(f"{self.staged}/{path}", str(target))
                yield path

    def write(self, path: str, data: bytes) -> FileStat:
        """Write a file into the staged tree, and return its stat."""
        self._create_folder_of(path)
        target = f"{self.staged}/{path}"
        if not self._fresh:
            # It may be a hard link to the file in the output, which must not be written.
            with suppress(FileNotFoundError):
                unlink(target)
        return put_file(target, data)

    def _copy(self, path: str, source: Path, entry: ManifestEntry) -> FileStat:
        self._create_folder_of(path)
        remove(self.staged / path)
        return copy_file(source, self.staged / path, entry.digest)

    def _create_folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._created:
            make_folder_in(self.staged, folder)
            self._created.add(folder)

    def publish(
        self,
        new: Manifest,
        written: Mapping[str, FileStat],
        data: Mapping[str, bytes],
        copies: Mapping[str, Path],
    ) -> None:
        """Make the output match the manifest `new`, in one step."""
        absent = {*written, *data, *copies}
        refuse_foreign(self.output, self.old, new, self.foreign, absent)
        self.prepare()
        try:
            changed = dict(written)
            for path, content in data.items():
                changed[path] = self.write(path, content)
            for path, source in copies.items():
                changed[path] = self._copy(path, source, new.files[path])
            self.stats = self._publish(new, changed)
            self.stats_changed = True
        except OSError as error:
            self.abandon()
            raise OutputError(why(error, self.output)) from error
        except OutputError:
            self.abandon()
            raise

    def _publish(self, new: Manifest, changed: Mapping[str, FileStat]) -> TreeStats:
        for path in changed:
            self._touch(path)
        if not self._fresh:
            for path in (self.old.files.keys() | self._difference.extra) - new.files.keys():
                remove_file(self.staged, path)
                self._touch(path)
        for path in new.files if self._fresh else self._difference.behind:
            if path in new.files and path not in changed:
                self._link(path)
        if unreadable := self.found.unreadable:
            raise OutputError(
                f"{self.output.name}/{unreadable} cannot be read, so its files would be lost;"
                " make it readable, or move it away"
            )
        for path in self.foreign:
            if path.endswith("/"):
                (self.staged / path).mkdir(parents=True, exist_ok=True)
            elif not os.path.lexists(self.staged / path):
                self._link(path)
        theirs = {path.rpartition("/")[0] for path in self.foreign}
        if theirs:  # (an empty folder's own path ends with the slash)
            theirs -= {*folders_of(new)}
        with suppress(OSError):
            for folder in theirs:
                shutil.copystat(self.output / folder, self.staged / folder)
        with suppress(OSError):
            shutil.copymode(self.output, self.staged)
        data = encode_manifest(new)
        digest = bytes_digest(data)
        create_file(self.staged / FILE, data)
        altered = self.found.absent
        stats = self._stats_after(new, changed)
        remove(self.exchanging)
        create_file(self.exchanging, b"")
        exchanged = exchange(self.staged, self.output)
        self.digest = digest
        if exchanged:
            stats.spare = os.lstat(self.staged).st_ino
            with suppress(OSError):
                stats.manifest = seal(self.staged / FILE)
            # A file that someone else created during this build is there now. The next build looks
            # for it, and restores it: a search here would take longer than an edit.
        if exchanged and altered:  # it still contains a file that someone else modified
            late = {*find_foreign(self.staged, self.old, self.stats).paths} - {*self.foreign}
            self.foreign = tuple(sorted({*self.foreign, *self._restore(sorted(late))}))
            stats.foreign = tuple(os.fsencode(path) for path in self.foreign)
            remove(self.staged)
            self.exchanging.unlink()
        elif not exchanged:
            self.exchanging.unlink()
            self._create_spare(new, data, stats)
        return stats

    def _create_spare(self, new: Manifest, manifest: bytes, stats: TreeStats) -> None:
        """Create the spare tree early, so that the next build has one."""
        try:
            remove(self.staged)
            self.staged.mkdir()
            for folder in sorted(folders_of(new)[1:]):
                os.mkdir(f"{self.staged}/{folder}")  # noqa: PTH102
            for path in new.files:
                link(f"{self.output}/{path}", f"{self.staged}/{path}")
            create_file(self.staged / FILE, manifest)
            stats.spare = os.lstat(self.staged).st_ino
            stats.manifest = seal(self.staged / FILE)
            stats.folders[stats.spare] = self._times(new, time.time_ns())
        except OSError:
            remove(self.staged)

    def _touch(self, path: str) -> None:
        self._touched.update(parents(path))

    def _link(self, path: str) -> None:
        """Link a file of the output into the staged tree."""
        self._create_folder_of(path)
        self._touch(path)
        target = f"{self.staged}/{path}"
        if not self._fresh:
            with suppress(FileNotFoundError):
                unlink(target)
        link(f"{self.output}/{path}", target)

    def _stats_after(self, new: Manifest, changed: Mapping[str, FileStat]) -> TreeStats:
        now = time.time_ns()
        same = new.files.keys() == self.old.files.keys()
        known = self.stats.files
        files = {**known} if same else {p: s for p, s in known.items() if p in new.files}
        for path, stat in changed.items():
            files.pop(path, None)
            if settles(stat[1]) < now:
                files[path] = stat
        times = {} if self.foreign or self.stats.foreign else self._times(new, now)
        folders = {os.lstat(self.staged).st_ino: times}
        with suppress(OSError):
            inode = os.lstat(self.output).st_ino
            folders[inode] = self.stats.folders.get(inode, {})
        return TreeStats(files, folders, tuple(os.fsencode(path) for path in self.foreign))

    def _times(self, new: Manifest, now: int) -> dict[str, int]:
        """Return the modification times of the staged tree's folders.

        Folders that may still change without a new time are left out."""
        known = self.stats.folders.get(os.lstat(self.staged).st_ino, {})
        if known and not self._difference.extra and new.files.keys() == self.old.files.keys():
            folders = self._touched  # as after most edits, the others are the known ones
            found = {folder: at for folder, at in known.items() if folder not in folders}
        else:
            folders = {*folders_of(new)}
            found = {folder: known[folder] for folder in folders & (known.keys() - self._touched)}
        for folder in folders - found.keys():
            with suppress(OSError):
                at = os.lstat(f"{self.staged}/{folder}").st_mtime_ns
                if settles(at) < now:
                    found[folder] = at
        return found

    def keep(self) -> str:
        """Return the digest of the manifest, which is already in the output."""
        return self.digest

    def abandon(self) -> None:
        """Discard the staged tree; the output is unchanged."""
        remove(self.staged)
        self._ready, self._fresh, self._created = False, False, set()
