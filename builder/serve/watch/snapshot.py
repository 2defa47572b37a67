"""The site's folder -> how all its files look, and which differ between two looks."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.content.template_files import TEMPLATES
from builder.content.walk import CONTENT, is_left_behind
from builder.stat import Stat, stat_of

SETTINGS = "site.yaml"

Snapshot = dict[str, Stat]


def take_snapshot(root: Path) -> Snapshot:
    """How each file that can change the site looks, by its path below the root."""
    looks: Snapshot = {}
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


def _look(looks: Snapshot, path: str, place: str) -> None:
    try:
        looked = os.stat(place)  # noqa: PTH116 (a Path for each of 10,000 files is slow)
    except OSError:
        return
    if stat.S_ISREG(looked.st_mode):
        looks[path] = stat_of(looked)


def differences(before: Snapshot, now: Snapshot) -> tuple[str, ...]:
    """The files that look different, came or went; sorted."""
    if before == now:
        return ()
    return tuple(sorted(dict(before.items() ^ now.items())))
