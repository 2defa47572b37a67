"""Reads and writes the program's own files, never through a symbolic link.

A repository can carry links where the program expects its own files and folders. A file is written
under a random name inside a folder that is held open, and then renamed: a link in its place is
replaced, and its target is left alone."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

# The end of the name of a file that is being written. A killed process leaves such a file.
UNFINISHED = ".new"
_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
# Do not follow links, and do not wait for pipes.
PLAIN = _LINKS | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CAN_HOLD = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd


def plain_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file that is not a link.

    Raises OSError for anything else, and never waits for a pipe."""
    return _bytes(path, PLAIN)


def regular_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file, to which links may lead.

    Raises OSError for anything else, and never waits for a pipe."""
    return _bytes(path, PLAIN & ~getattr(os, "O_NOFOLLOW", 0))


def _bytes(path: Path, flags: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | flags)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return stream.read()


def replace_file(place: Path, parts: Iterable[bytes]) -> None:
    """Write a file, whole or not at all.

    Raises OSError, also if the folder is a symbolic link."""
    with _held(place.parent) as folder:
        name = f".{place.name}.{os.urandom(8).hex()}{UNFINISHED}"
        descriptor = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN, 0o644)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.writelines(parts)
            folder.rename(name, place.name)
        except BaseException:
            with suppress(OSError):
                folder.unlink(name)
            raise


def create_file(place: Path, data: bytes) -> None:
    """Write a file that does not exist, whole or not at all.

    Raises FileExistsError if anything has its name, even a broken link, and OSError as
    `replace_file` does."""
    with _held(place.parent) as folder:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN
        with os.fdopen(folder.open(place.name, flags, 0o644), "wb") as stream:
            try:
                stream.write(data)
                stream.flush()
            except BaseException:
                with suppress(OSError):
                    folder.unlink(place.name)
                raise


def open_lock(place: Path) -> IO[bytes]:
    """Open a file to lock, and create it if necessary.

    Raises OSError if something other than a regular file has its name."""
    with _held(place.parent) as folder:
        descriptor = folder.open(place.name, os.O_RDWR | os.O_CREAT | PLAIN, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(place))
    return os.fdopen(descriptor, "r+b", 0)


def make_folders(base: Path, below: str) -> Path:
    """Create folders below an existing one, and return the last.

    Raises OSError if one of them is a symbolic link or a file."""
    for name in below.split("/"):
        base = base / name
        with suppress(FileExistsError):
            base.mkdir()
        if not stat.S_ISDIR(base.lstat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "a symbolic link or a file", str(base))
    return base


# --- names ---------------------------------------------------------------------------------------

_AT_FDCWD = -100
# Linux: renameat2(2). macOS: renamex_np(2), with RENAME_SWAP and RENAME_EXCL.
_EXCHANGE, _NEW = 2, 4 if sys.platform == "darwin" else 1
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP)


def exchange_names(a: str | Path, b: str | Path) -> bool:
    """Exchange the names of two files or folders in one step.

    Returns False if that did not succeed, mostly because the system cannot do it."""
    return _rename(a, b, _EXCHANGE) == 0


def rename_new(source: Path, target: Path) -> None:
    """Rename a file to a name that is free.

    Raises FileExistsError if it is not, and OSError."""
    code = _rename(source, target, _NEW)
    if code == 0:
        return
    if code not in _UNSUPPORTED:
        raise OSError(code, os.strerror(code), str(target))
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        os.rename(source, target)  # noqa: PTH104
    else:
        os.unlink(source)  # noqa: PTH108


def _rename(a: str | Path, b: str | Path, flags: int) -> int:
    """Return 0, or the error of the system."""
    import ctypes  # slow to import

    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            code = library.renamex_np(os.fsencode(a), os.fsencode(b), flags)
        else:
            code = library.renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), flags)
        return ctypes.get_errno() if code else 0
    except (AttributeError, OSError, TypeError):
        return errno.ENOSYS


def is_disk_full(error: OSError) -> bool:
    """Return whether a disk, a quota or a file is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _Folder:
    """A folder that is held open: its path may come to mean another one."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path, self.descriptor = path, descriptor

    def _name(self, name: str) -> str:
        return name if self.descriptor is not None else str(self.path / name)

    def open(self, name: str, flags: int, mode: int) -> int:
        return os.open(self._name(name), flags, mode, dir_fd=self.descriptor)

    def rename(self, name: str, target: str) -> None:
        os.replace(
            self._name(name),
            self._name(target),
            src_dir_fd=self.descriptor,
            dst_dir_fd=self.descriptor,
        )

    def unlink(self, name: str) -> None:
        os.unlink(self._name(name), dir_fd=self.descriptor)


@contextmanager
def _held(path: Path) -> Iterator[_Folder]:
    if not _CAN_HOLD:  # Windows
        if path.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, "a symbolic link", str(path))
        yield _Folder(path, None)
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _LINKS)
    try:
        yield _Folder(path, descriptor)
    finally:
        os.close(descriptor)
