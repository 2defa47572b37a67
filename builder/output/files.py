"""Writes, copies and removes the files of a tree."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from builder.output.inventory import parents
from builder.output.stat_cache import FileStat, new_hash
from builder.output.target import OutputError
from builder.safe_files import PLAIN

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN


def put_file(place: str, data: bytes) -> FileStat:
    """Write a new file, and return its stat."""
    descriptor = os.open(place, _NEW, 0o666)  # half the time of a stream
    try:
        written = os.write(descriptor, data)
        while written < len(data):
            written += os.write(descriptor, data[written:])
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return found.st_size, found.st_mtime_ns, found.st_ino


def copy_file(source: Path, target: Path, digest: str) -> FileStat:
    """Copy a file. Raises OutputError if its digest is not `digest`."""
    shutil.copyfile(source, target)
    with target.open("rb") as stream:
        found = hashlib.file_digest(stream, new_hash).hexdigest()
    if found != digest:
        raise OutputError(f"{source} changed while being copied; build again")
    stat = target.lstat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def make_folder_in(tree: Path, folder: str) -> None:
    """Create a folder of a tree, and its parents."""
    place = f"{tree}/{folder}"
    try:
        os.makedirs(place, exist_ok=True)  # noqa: PTH103
    except (FileExistsError, NotADirectoryError):  # a former file is now a folder
        for parent in (folder, *parents(folder)):
            if os.path.lexists(tree / parent) and not (tree / parent).is_dir():
                (tree / parent).unlink()
        os.makedirs(place, exist_ok=True)  # noqa: PTH103


def unlink(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except (IsADirectoryError, PermissionError):
        if not os.path.isdir(path):  # noqa: PTH112
            raise
        shutil.rmtree(path)


def remove_file(base: Path, path: str) -> None:
    """Remove a file, and the folders that become empty."""
    place = base / path
    with suppress(OSError):
        place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()
    for folder in parents(path):
        try:
            (base / folder).rmdir()
        except OSError:
            return
