"""Rendered bytes -> output/: a second tree beside the first, then one exchange of names.

Nothing under output/ changes until everything is there; a kill at any moment leaves the old site
or the new one. The second tree shares the files that did not change, by hard links, and stays: at
the next build it lags behind by what changed in two, and is brought up to date at that price. Where
a file system has no hard links, files are copied; where it cannot exchange two names in one step,
they are exchanged in two, and a build that was killed in between is mended by the next.

Only what the manifest lists is ever dropped: a file that someone else put into output/ is taken
along and reported. This is the only module that writes output/."""

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
    read_manifest,
)
from builder.output.ownership import refuse_foreign
from builder.output.stat_cache import FileStat, Looks
from builder.output.swap import beside, exchange, link, spare_of
from builder.output.target import OutputError, why
from builder.stat import settles
from builder.store import remove

# --- the two trees -----------------------------------------------------------------------------


class Output:
    """An output folder and the tree beside it: `found` is what a survey found there, and `lags`
    tells by what the second tree lags behind."""

    def __init__(
        self,
        output: Path,
        old: Manifest,
        looks: Looks,
        found: Inventory,
        lags: Callable[[], SpareDifference | None],
    ) -> None:
        self.output, self.old, self.looks, self.found, self.lags = output, old, looks, found, lags
        self.staged = spare_of(output)
        self.digest = old.digest  # of the manifest that is in the output
        # The files of the manifest that are there as they were written.
        self.there: Set[str] = old.files.keys() - found.absent if found.absent else old.files.keys()
        self.looks_changed = bool(found.looks or found.times)
        looks.files.update(found.looks)
        with suppress(OSError):
            looks.folders.setdefault(os.lstat(output).st_ino, {}).update(found.times)
        self.foreign = found.foreign
        self.exchanging = beside(output, "exchanging")  # there while late files may be lost
        if self.exchanging.exists():
            self._rescue()
        self._lags = SpareDifference(frozenset(), frozenset())
        self._fresh = False  # whether the staged tree was made from nothing
        self._ready = False
        self._made: set[str] = set()  # folders of the staged tree that are surely there
        self._touched: set[str] = {""}  # and those in which something changed

    # --- the new tree --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the staged tree what the output is, as far as it can be known: call it before
        `write` and before processes fork."""
        if self._ready:
            return
        try:
            self._prepare()
        except OSError as error:
            raise OutputError(why(error, self.output)) from error
        self._ready = True

    def _prepare(self) -> None:
        found = self.lags() if self.there else None
        if found is not None:
            try:
                # From here on it is nothing that could be trusted, until it is published.
                (self.staged / FILE).unlink()
            except FileNotFoundError:
                pass
            else:
                self._lags = found
                for path in self.looks.foreign:
                    remove_file(self.staged, os.fsdecode(path).rstrip("/"))
                return
        remove(self.staged)
        if os.path.lexists(self.staged):
            raise OutputError(f"{self.staged} is in the way and cannot be removed; remove it")
        self.staged.mkdir(parents=True)
        self._fresh = True

    def _rescue(self) -> None:
        """A build was killed right after it exchanged the trees: bring what others had put into the
        output meanwhile, which it could not bring any more."""
        manifest = read_manifest(self.staged)
        if manifest.files and self.output.is_dir():
            late = find_foreign(self.staged, manifest, Looks({}, {})).paths
            self.foreign = tuple(sorted({*self.foreign, *self._bring(late)}))
        remove(self.exchanging)

    def _bring(self, paths: Iterable[str]) -> Iterator[str]:
        """Put files of the second tree into the output, where nothing is in their place."""
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
        """Write a file into the staged tree, and tell how it looks."""
        self._folder_of(path)
        target = f"{self.staged}/{path}"
        if not self._fresh:
            # It may be the very file that is in the output: never write into it.
            with suppress(FileNotFoundError):
                unlink(target)
        return put_file(target, data)

    def _copy(self, path: str, source: Path, entry: ManifestEntry) -> FileStat:
        self._folder_of(path)
        remove(self.staged / path)
        return copy_file(source, self.staged / path, entry.digest)

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
        """Make the output what `new` lists, in one step."""
        absent = {*written, *data, *copies}
        refuse_foreign(self.output, self.old, new, self.foreign, absent)
        self.prepare()
        try:
            changed = dict(written)
            for path, content in data.items():
                changed[path] = self.write(path, content)
            for path, source in copies.items():
                changed[path] = self._copy(path, source, new.files[path])
            self.looks = self._publish(new, changed)
            self.looks_changed = True
        except OSError as error:
            self.abandon()
            raise OutputError(why(error, self.output)) from error
        except OutputError:
            self.abandon()
            raise

    def _publish(self, new: Manifest, changed: Mapping[str, FileStat]) -> Looks:
        for path in changed:
            self._touch(path)
        if not self._fresh:
            for path in (self.old.files.keys() | self._lags.extra) - new.files.keys():
                remove_file(self.staged, path)
                self._touch(path)
        for path in new.files if self._fresh else self._lags.behind:
            if path in new.files and path not in changed:
                self._take(path)
        if unreadable := self.found.unreadable:
            raise OutputError(
                f"{self.output.name}/{unreadable} cannot be read, and what is in it could not be"
                " kept; make it readable, or move it away"
            )
        for path in self.foreign:
            if path.endswith("/"):
                (self.staged / path).mkdir(parents=True, exist_ok=True)
            elif not os.path.lexists(self.staged / path):
                self._take(path)
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
        (self.staged / FILE).write_bytes(data)
        altered = self.found.absent
        looks = self._looks_after(new, changed)
        self.exchanging.touch()
        exchanged = exchange(self.staged, self.output)
        self.digest = digest
        if exchanged:
            looks.spare = os.lstat(self.staged).st_ino
            with suppress(OSError):
                looks.manifest = seal(self.staged / FILE)
            late = {*find_foreign(self.staged, self.old, self.looks).paths} - {*self.foreign}
            if late:  # they came while this build ran
                self.foreign = tuple(sorted({*self.foreign, *self._bring(sorted(late))}))
                looks.foreign = tuple(os.fsencode(path) for path in self.foreign)
        self.exchanging.unlink()
        if exchanged and (altered or late):
            # A file that somebody altered is still in it.
            remove(self.staged)
        elif not exchanged:
            self._twin(new, data, looks)
        return looks

    def _twin(self, new: Manifest, manifest: bytes, looks: Looks) -> None:
        """Make the second tree along with the first, so that the next build has one. Without it
        that build would make it."""
        try:
            remove(self.staged)
            self.staged.mkdir()
            for folder in sorted(folders_of(new)[1:]):
                os.mkdir(f"{self.staged}/{folder}")  # noqa: PTH102
            for path in new.files:
                link(f"{self.output}/{path}", f"{self.staged}/{path}")
            (self.staged / FILE).write_bytes(manifest)
            looks.spare = os.lstat(self.staged).st_ino
            looks.manifest = seal(self.staged / FILE)
            looks.folders[looks.spare] = self._times(new, time.time_ns())
        except OSError:
            remove(self.staged)

    def _touch(self, path: str) -> None:
        self._touched.update(parents(path))

    def _take(self, path: str) -> None:
        """The same file as in the output."""
        self._folder_of(path)
        self._touch(path)
        target = f"{self.staged}/{path}"
        if not self._fresh:
            with suppress(FileNotFoundError):
                unlink(target)
        link(f"{self.output}/{path}", target)

    def _looks_after(self, new: Manifest, changed: Mapping[str, FileStat]) -> Looks:
        now = time.time_ns()
        files = {path: look for path, look in self.looks.files.items() if path in new.files}
        for path, look in changed.items():
            files.pop(path, None)
            if settles(look[1]) < now:
                files[path] = look
        times = {} if self.foreign or self.looks.foreign else self._times(new, now)
        folders = {os.lstat(self.staged).st_ino: times}
        with suppress(OSError):
            inode = os.lstat(self.output).st_ino
            folders[inode] = self.looks.folders.get(inode, {})
        return Looks(files, folders, tuple(os.fsencode(path) for path in self.foreign))

    def _times(self, new: Manifest, now: int) -> dict[str, int]:
        """When each folder of the staged tree last changed, but for those that may yet change
        without a new time."""
        known = self.looks.folders.get(os.lstat(self.staged).st_ino, {})
        folders = {*folders_of(new)}
        found = {folder: known[folder] for folder in folders & (known.keys() - self._touched)}
        for folder in folders - found.keys():
            with suppress(OSError):
                at = os.lstat(f"{self.staged}/{folder}").st_mtime_ns
                if settles(at) < now:
                    found[folder] = at
        return found

    def keep(self) -> str:
        """The digest of the manifest, which is in the output already."""
        return self.digest

    def abandon(self) -> None:
        """Leave the output as it is."""
        remove(self.staged)
        self._ready, self._fresh, self._made = False, False, set()
