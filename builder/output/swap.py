"""Exchanges two trees in one step, and repairs an interrupted exchange."""

from __future__ import annotations

import ctypes.util
import errno
import os
import shutil
import sys
from pathlib import Path

from builder.store import remove


def beside(output: Path, what: str) -> Path:
    return output.with_name(f".{output.name}.{what}")


def spare_of(output: Path) -> Path:
    """Return the path of the spare tree."""
    return beside(output, "spare")


_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)


def link(source: str, target: str) -> None:
    """Create a hard link, or a copy if links are not supported."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


_RENAME_EXCHANGE = 2  # linux/fs.h; the same number as macOS's RENAME_SWAP (stdio.h)


_AT_FDCWD = -100


def exchange(staged: Path, output: Path) -> bool:
    """Exchange two trees, and return whether there was an old output.

    The exchange is one step if the system supports it (Linux renameat2, macOS renamex_np),
    otherwise two renames."""
    if not output.exists():
        staged.rename(output)
        return False
    if _swap(os.fsencode(staged), os.fsencode(output)):
        return True
    aside = beside(output, "old")
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
    """Repair an exchange whose build was killed between its two steps."""
    aside = beside(output, "old")
    if aside.is_dir() and not output.exists():
        aside.rename(output)
    for what in ("old", "next"):  # earlier versions staged in "next"
        remove(beside(output, what))
