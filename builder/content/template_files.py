"""Finds template files: the site's first, then Slugline's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.program import PACKAGE
from builder.stat import Stat, stat_of

TEMPLATES = "templates"
STARTER = PACKAGE / "starter"  # what `slugline init` copies, without the templates


def starter_folder() -> Path:
    """Return the folder of Slugline's own templates, in the wheel or checkout."""
    return STARTER if (STARTER / TEMPLATES).is_dir() else PACKAGE.parent


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders to search for templates, the site's own first."""
    return tuple(f for f in (root / TEMPLATES, starter_folder() / TEMPLATES) if f.is_dir())


def stat_file(file: Path) -> Stat:
    """Return the stat of a file; zeros if there is none."""
    try:
        return stat_of(file.stat())
    except OSError:
        return (0, 0, 0, 0)


def stat_templates(root: Path) -> list[tuple[bytes, Stat]]:
    """Return the stat of each template, the site's and Slugline's."""
    return [found for folder in template_folders(root) for found in stat_folder(folder)]


def stat_folder(folder: Path) -> list[tuple[bytes, Stat]]:
    """Return the path (bytes) and stat of each file below a folder."""
    found: list[tuple[bytes, Stat]] = []
    seen: set[int] = set()  # symbolic links may form a circle
    waiting = [os.fsencode(folder)]
    while waiting:
        place = waiting.pop()
        try:
            names = sorted(os.listdir(place))  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            path = place + b"/" + name
            try:
                status = os.stat(path)  # noqa: PTH116
            except OSError:
                found.append((path, (0, 0, 0, 0)))
                continue
            if not stat.S_ISDIR(status.st_mode):
                found.append((path, stat_of(status)))
            elif status.st_ino not in seen:
                seen.add(status.st_ino)
                waiting.append(path)
    return found
