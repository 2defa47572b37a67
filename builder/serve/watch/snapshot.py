"""The site's folder -> how all its files look, and which differ between two looks."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.content.walk import (
    CONTENT,
    TEMPLATES,
    Stat,
    is_left_behind,
    stat_of,
)

SETTINGS = "site.yaml"

Looks = dict[str, Stat]


def look_at_all(root: Path) -> Looks:
    """How each file that can change the site looks, by its path below the root."""
    looks: Looks = {}
    waiting = [CONTENT, TEMPLATES]
    _look(looks, SETTINGS, os.fspath(root / SETTINGS))
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as listing:
                for entry in listing:
                    path = f"{folder}/{entry.name}"
                    if is_left_behind(entry.name):
                        continue
                    # Links to folders may lead in a circle, and are not followed.
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        _look(looks, path, entry.path)
        except OSError:  # there is none, or not any more
            continue
    return looks


def _look(looks: Looks, path: str, place: str) -> None:
    try:
        looked = os.stat(place)  # noqa: PTH116 (a Path for each of 10,000 files is slow)
    except OSError:
        return
    if stat.S_ISREG(looked.st_mode):
        looks[path] = stat_of(looked)


def differences(before: Looks, now: Looks) -> tuple[str, ...]:
    """The files that look different, came or went; sorted."""
    if before == now:
        return ()
    return tuple(sorted(dict(before.items() ^ now.items())))
