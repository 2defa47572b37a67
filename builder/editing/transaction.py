"""Files as they are and as they should be -> files as they should be, all of them or none."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from builder.errors import SluglineError

# By path: a file's bytes as they are and as they should be; nothing where there is no file.
Changes = dict[str, tuple[bytes | None, bytes | None]]


class EditConflict(SluglineError):
    """A file has been changed by somebody else, or cannot be written. The message says which."""


def replace_files(root: Path, changes: Changes) -> None:
    """Change files from what they were to what they will be (nothing: there is no such file), all
    or none. Raises CannotExchange where one has been changed by somebody else since."""
    made: dict[str, Path] = {}
    done: list[str] = []
    try:
        for path, (was, data) in changes.items():
            if _read(root / path) != was:
                raise EditConflict(f"{path} has been changed meanwhile; run the command again")
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
    """Where a file's new bytes are written first: beside it, and hidden."""
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
