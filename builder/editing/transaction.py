"""Atomic changes of files."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from builder.errors import SluglineError

# By path: a file's old and new bytes, None if the file does not exist.
Changes = dict[str, tuple[bytes | None, bytes | None]]


class EditConflict(SluglineError):
    """A file that was modified in the meantime or cannot be written; the message names it."""


def replace_files(root: Path, changes: Changes) -> None:
    """Replace the old bytes of all files, or change nothing.

    Raises EditConflict if a file no longer has its old bytes."""
    made: dict[str, Path] = {}
    done: list[str] = []
    try:
        for path, (was, data) in changes.items():
            if _read(root / path) != was:
                raise EditConflict(f"{path} was modified in the meantime; run the command again")
            if data is not None:
                made[path] = _beside(root / path)
                _write(made[path], root / path, data)
        for path, (_, data) in changes.items():
            done.append(path)
            if data is None:
                (root / path).unlink()
            else:
                made[path].replace(os.path.realpath(root / path))
    except BaseException as error:
        for path in done:
            _restore(root / path, changes[path][0])
        for left in made.values():
            left.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise EditConflict(f"nothing was changed: {error.strerror}") from error
        raise


def _beside(file: Path) -> Path:
    """Return the path of a hidden temporary file in the same folder."""
    file = Path(os.path.realpath(file))
    return file.with_name(f".{file.name}.new")


def _write(beside: Path, file: Path, data: bytes) -> None:
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.write_bytes(data)
    if file.exists():
        shutil.copymode(file, beside)


def _read(file: Path) -> bytes | None:
    with suppress(FileNotFoundError):
        return file.read_bytes()
    return None


def _restore(file: Path, data: bytes | None) -> None:
    if _read(file) == data:
        return
    if data is None:
        file.unlink(missing_ok=True)
    else:
        beside = _beside(file)
        _write(beside, file, data)
        beside.replace(os.path.realpath(file))


def replace_file(file: Path, path: str, was: bytes, data: bytes) -> None:
    """Replace the bytes of one file in one step.

    A link is never followed. Raises EditConflict if the file no longer has its old bytes or cannot
    be written; `path` names it in messages."""
    beside = file.with_name(f".{file.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        beside.unlink(missing_ok=True)
        mode = stat.S_IMODE(_regular(file, was, path))
        with os.fdopen(os.open(beside, flags, mode), "wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), mode)
        _regular(file, was, path)  # again: writing takes time
        beside.replace(file)
    except OSError as error:
        raise EditConflict(f"{path} was not changed: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _regular(file: Path, was: bytes, path: str) -> int:
    """Return the mode of a regular file with these bytes, or raise EditConflict."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode) or stream.read() != was:
            raise EditConflict(f"{path} was modified in the meantime; run the command again")
    return mode
