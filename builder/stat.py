"""The stat of a file, which reveals changes without reading it."""

from __future__ import annotations

import os
from collections.abc import Iterable

Stat = tuple[int, int, int, int]  # size, modified (ns), changed (ns), inode


def settles(*times: int) -> int:
    """Return the time (ns) from which any change alters the stat.

    Until then, a file with these times may change without a new time stamp, as in Git's "racy"
    problem: the clocks of file systems tick every few milliseconds, or every two seconds (FAT) if
    all times are whole seconds."""
    coarse = any(time % 1_000_000_000 == 0 for time in times)
    return max(times) + (2_000_000_000 if coarse else 100_000_000)


def stat_of(found: os.stat_result) -> Stat:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def settled_at(stats: Iterable[Stat], read: int) -> bool:
    """Return whether any change after a read alters one of the stats.

    `read` is the time (ns) before the files were read. A later time would be wrong: a busy machine
    may read a file long before it comes to ask."""
    return all(settles(modified, changed) < read for _, modified, changed, _ in stats)
