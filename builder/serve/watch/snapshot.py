"""Snapshots of the stats of all input files, and their differences."""

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
    """Return the stat of each input file, by its relative path."""
    stats: Snapshot = {}
    waiting = [CONTENT, TEMPLATES]
    _add(stats, SETTINGS, os.fspath(root / SETTINGS))
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as listing:
                for entry in listing:
                    path = f"{folder}/{entry.name}"
                    if is_left_behind(entry.name):
                        continue
                    # Links to folders are not followed, because they may form a cycle.
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        _add(stats, path, entry.path)
        except OSError:  # missing or deleted
            continue
    return stats


def _add(stats: Snapshot, path: str, place: str) -> None:
    try:
        found = os.stat(place)  # noqa: PTH116 (a Path for each of 10,000 files is slow)
    except OSError:
        return
    if stat.S_ISREG(found.st_mode):
        stats[path] = stat_of(found)


def differences(before: Snapshot, now: Snapshot) -> tuple[str, ...]:
    """Return the sorted paths of modified, new and deleted files."""
    if before == now:
        return ()
    return tuple(sorted(dict(before.items() ^ now.items())))
