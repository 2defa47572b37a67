"""Where templates come from: the folder of the site, then those that come with Slugline."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.program import PACKAGE
from builder.stat import Stat, stat_of

TEMPLATES = "templates"


def starter_folder() -> Path:
    """Where the templates that come with Slugline are: in the wheel, or in the checkout."""
    packaged = PACKAGE / "starter"
    return packaged if (packaged / TEMPLATES).is_dir() else PACKAGE.parent


def template_folders(root: Path) -> tuple[Path, ...]:
    """Where templates are looked for: the site's own first."""
    return tuple(f for f in (root / TEMPLATES, starter_folder() / TEMPLATES) if f.is_dir())


def stat_of_file(file: Path) -> Stat:
    """How a file looks; zeros where there is none."""
    try:
        return stat_of(file.stat())
    except OSError:
        return (0, 0, 0, 0)


def template_stats(root: Path) -> list[tuple[bytes, Stat]]:
    """How every file of templates/ looks, the site's and Slugline's."""
    return [found for folder in template_folders(root) for found in looks_of(folder)]


def looks_of(folder: Path) -> list[tuple[bytes, Stat]]:
    """How every file below a folder looks. (Names may be in any encoding.)"""
    found: list[tuple[bytes, Stat]] = []
    seen: set[int] = set()  # links may lead in a circle
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
                looked = os.stat(path)  # noqa: PTH116
            except OSError:
                found.append((path, (0, 0, 0, 0)))
                continue
            if not stat.S_ISDIR(looked.st_mode):
                found.append((path, stat_of(looked)))
            elif looked.st_ino not in seen:
                seen.add(looked.st_ino)
                waiting.append(path)
    return found
