"""Rendered bytes -> output/: a second tree beside the first, then one exchange of names.

Nothing under output/ changes until everything is there; a kill at any moment leaves the old site
or the new one. The second tree shares the files that did not change, by hard links, and stays: at
the next build it lags behind by what changed in two, and is brought up to date at that price. Where
a file system has no hard links, files are copied; where it cannot exchange two names in one step,
they are exchanged in two, and a build that was killed in between is mended by the next.

Only what the manifest lists is ever dropped: a file that someone else put into output/ is taken
along and reported. This is the only module that writes output/."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from builder.content.walk import settles
from builder.output.inventory import (
    Lags,
    Survey,
    folders_of,
    holds,
    parents,
    seal,
    strangers,
)
from builder.output.manifest import (
    FILE,
    Entry,
    Manifest,
    bytes_digest,
    encode_manifest,
    read_manifest,
)
from builder.output.stat_cache import Look, Looks, new_hash
from builder.store import remove


class OutputError(Exception):
    """The output could not be written; what was there is untouched. The message says why."""


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the lock on an output folder. Raises OutputError when another build holds it; the
    system lets go of the lock of a process that ends in any way."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(_beside(output, "lock"), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(why(error, output)) from error
    try:
        try:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # no such lock on this system: two builds at once are not noticed
            pass
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise OutputError(
                f"another build is writing {output.name}/ (process {holder}); wait for it to end"
            ) from None
        else:
            with suppress(OSError):  # a full disk: then nobody is told who holds it
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _beside(output: Path, what: str) -> Path:
    return output.with_name(f".{output.name}.{what}")


def spare_of(output: Path) -> Path:
    """Where the second tree is."""
    return _beside(output, "spare")


class Target(Protocol):
    """Where a build puts its pages."""

    @property
    def output(self) -> Path:
        """The folder."""

    @property
    def old(self) -> Manifest:
        """What the last build put there."""

    @property
    def there(self) -> Set[str]:
        """The files of that which are as they were written."""

    @property
    def foreign(self) -> tuple[str, ...]:
        """Files that somebody else put there, and empty folders, with a slash at the end."""

    @property
    def digest(self) -> str:
        """Of the manifest that is there now."""

    @property
    def looks(self) -> Looks:
        """How everything looks that is there now."""

    looks_changed: bool  # whether that is not what the last build kept

    def prepare(self) -> None:
        """Make ready for `write`; call it before processes fork."""

    def write(self, path: str, data: bytes) -> Look:
        """Write a file where nobody sees it yet, and tell how it looks."""

    def publish(
        self,
        new: Manifest,
        written: Mapping[str, Look],
        data: Mapping[str, bytes],
        copies: Mapping[str, Path],
    ) -> None:
        """Make the folder what `new` lists: `written` are files that were written for it already,
        `data` and `copies` others that are not as they were. Raises OutputError when that fails,
        with everything as it was."""

    def keep(self) -> str:
        """Write what the next process has to find, where it is not written; a digest of it."""

    def abandon(self) -> None:
        """Leave everything as it was."""


# --- the two trees -----------------------------------------------------------------------------


class Output:
    """An output folder and the tree beside it: `found` is what a survey found there, and `lags`
    tells by what the second tree lags behind."""

    def __init__(
        self,
        output: Path,
        old: Manifest,
        looks: Looks,
        found: Survey,
        lags: Callable[[], Lags | None],
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
        self.exchanging = _beside(output, "exchanging")  # there while late files may be lost
        if self.exchanging.exists():
            self._rescue()
        self._lags = Lags(frozenset(), frozenset())
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
                    _remove_file(self.staged, os.fsdecode(path).rstrip("/"))
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
            late = strangers(self.staged, manifest, Looks({}, {})).paths
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
                    _link(f"{self.staged}/{path}", str(target))
                yield path

    def write(self, path: str, data: bytes) -> Look:
        """Write a file into the staged tree, and tell how it looks."""
        self._folder_of(path)
        target = f"{self.staged}/{path}"
        if not self._fresh:
            # It may be the very file that is in the output: never write into it.
            with suppress(FileNotFoundError):
                _unlink(target)
        return put_file(target, data)

    def _copy(self, path: str, source: Path, entry: Entry) -> Look:
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
        written: Mapping[str, Look],
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

    def _publish(self, new: Manifest, changed: Mapping[str, Look]) -> Looks:
        for path in changed:
            self._touch(path)
        if not self._fresh:
            for path in (self.old.files.keys() | self._lags.extra) - new.files.keys():
                _remove_file(self.staged, path)
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
        exchanged = _exchange(self.staged, self.output)
        self.digest = digest
        if exchanged:
            looks.spare = os.lstat(self.staged).st_ino
            with suppress(OSError):
                looks.manifest = seal(self.staged / FILE)
            late = {*strangers(self.staged, self.old, self.looks).paths} - {*self.foreign}
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
                _link(f"{self.output}/{path}", f"{self.staged}/{path}")
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
                _unlink(target)
        _link(f"{self.output}/{path}", target)

    def _looks_after(self, new: Manifest, changed: Mapping[str, Look]) -> Looks:
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


def put_file(place: str, data: bytes) -> Look:
    """Write a file that is not there, and tell how it looks."""
    with open(place, "xb") as stream:  # noqa: PTH123 (10,000 Paths are slow)
        stream.write(data)
        stream.flush()
        looked = os.fstat(stream.fileno())
    return looked.st_size, looked.st_mtime_ns, looked.st_ino


def copy_file(source: Path, target: Path, digest: str) -> Look:
    """Copy a file. Raises OutputError when it is not what it was."""
    shutil.copyfile(source, target)
    with target.open("rb") as stream:
        found = hashlib.file_digest(stream, new_hash).hexdigest()
    if found != digest:
        raise OutputError(f"{source} changed while it was read; build again")
    looked = target.lstat()
    return looked.st_size, looked.st_mtime_ns, looked.st_ino


def make_folder_in(tree: Path, folder: str) -> None:
    """Make a folder of a tree, and those that it is in."""
    place = f"{tree}/{folder}"
    try:
        os.makedirs(place, exist_ok=True)  # noqa: PTH103
    except (FileExistsError, NotADirectoryError):  # what was a file is a folder now
        for parent in (folder, *parents(folder)):
            if os.path.lexists(tree / parent) and not (tree / parent).is_dir():
                (tree / parent).unlink()
        os.makedirs(place, exist_ok=True)  # noqa: PTH103


def _unlink(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except (IsADirectoryError, PermissionError):
        if not os.path.isdir(path):  # noqa: PTH112
            raise
        shutil.rmtree(path)


def _remove_file(base: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    place = base / path
    with suppress(OSError):
        place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()
    for folder in parents(path):
        try:
            (base / folder).rmdir()
        except OSError:
            return


def refuse_foreign(
    output: Path,
    old: Manifest,
    new: Manifest,
    foreign: Iterable[str] = (),
    absent: Iterable[str] = (),
) -> None:
    """Raise OutputError where a new page would take the place of a file that is not ours: of one in
    `foreign`, or of a folder with something in it where one of the `absent` was."""
    for path in absent:
        place = output / path
        if path in old.files and place.is_dir() and not place.is_symlink() and any(place.iterdir()):
            raise OutputError(
                f"{output.name}/{path} is a folder with something in it, and a page of the site"
                " belongs there; move it away"
            )
    if not old.files and ((output / FILE).exists() or not output.exists()):
        return  # there is nothing; or these are probably what the manifest, now unread, listed
    added = new.files.keys() - old.files.keys()
    folders = {parent for path in added for parent in parents(path)}
    for path in sorted(added | folders):
        file = output / path
        if path in folders:
            taken = os.path.lexists(file) and (file.is_symlink() or not file.is_dir())
        elif file.is_dir() and not file.is_symlink():
            taken = any(other.startswith(f"{path}/") for other in foreign)
        else:
            taken = os.path.lexists(file) and not holds(file, new.files[path].digest)
        if taken and path not in old.files:
            raise OutputError(
                f"{output.name}/{path} is not Slugline's, and a page of the site belongs there;"
                " move it away"
            )


def check_place(output: Path) -> None:
    """Refuse to replace what is not ours: a folder with folders and no manifest is somebody's.
    (Files alone may have been put there for the site: a CNAME, a .nojekyll.)"""
    if output.is_symlink():
        raise OutputError(f"{output} is a symbolic link; name a folder with --output")
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is not a folder; name another with --output")
    ours = not output.is_dir() or (output / FILE).exists()
    if not ours and any(entry.is_dir() for entry in output.iterdir()):
        raise OutputError(
            f"{output} holds something that Slugline did not make; empty it, or name another folder"
            " with --output"
        )


_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)


def _link(source: str, target: str) -> None:
    """The same file under another name; a copy where the file system knows no hard links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


_RENAME_EXCHANGE = 2  # linux/fs.h; the same number as macOS's RENAME_SWAP (stdio.h)
_AT_FDCWD = -100


def _exchange(staged: Path, output: Path) -> bool:
    """Put `staged` in the place of `output` and `output` in that of `staged`, in one step where
    the system can (Linux renameat2, macOS renamex_np), else in two. Whether there is an old
    output."""
    if not output.exists():
        staged.rename(output)
        return False
    if _swap(os.fsencode(staged), os.fsencode(output)):
        return True
    aside = _beside(output, "old")
    shutil.rmtree(aside, ignore_errors=True)
    output.rename(aside)
    try:
        staged.rename(output)
    except OSError:
        aside.rename(output)
        raise
    aside.rename(staged)
    return True


def _swap(a: bytes, b: bytes) -> bool:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(library.renamex_np(a, b, _RENAME_EXCHANGE) == 0)
        return bool(library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _RENAME_EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


def heal(output: Path) -> None:
    """Tidy up after a build that was killed: bring back a site that it left aside between the two
    steps of an exchange."""
    aside = _beside(output, "old")
    if aside.is_dir() and not output.exists():
        aside.rename(output)
    for what in ("old", "next"):  # "next" is where earlier versions worked
        remove(_beside(output, what))


def why(error: OSError, output: Path) -> str:
    """An error of the system in words that say what to do."""
    if error.errno == errno.ENOSPC:
        return f"the disk is full; {output.name}/ is as it was"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or output} may not be written; {output.name}/ is as it was"
    return f"{output.name}/ could not be written, and is as it was: {error}"
