"""Exchanges two trees in one step, and repairs an interrupted exchange."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from builder.safe_files import exchange_names
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


def exchange(staged: Path, output: Path) -> bool:
    """Exchange two trees, and return whether there was an old output.

    The exchange is one step if the system supports it (Linux renameat2, macOS renamex_np),
    otherwise two renames."""
    if not output.exists():
        staged.rename(output)
        return False
    if exchange_names(staged, output):
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


def heal(output: Path) -> None:
    """Repair an exchange whose build was killed between its two steps."""
    aside = beside(output, "old")
    if aside.is_dir() and not output.exists():
        aside.rename(output)
    for what in ("old", "next"):  # earlier versions staged in "next"
        remove(beside(output, what))
