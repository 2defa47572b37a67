"""The stat of a file, which reveals changes without reading it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

Stat = tuple[int, int, int, int]  # size, modified (ns), changed (ns), inode

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_COARSE = 2_000_000_000  # ns between two ticks of the slowest clock


def settles(*times: int) -> int:
    """Return the time (ns) from which any change alters the stat.

    Until then, a file with these times may change without a new time stamp, as in Git's "racy"
    problem: the clocks of file systems tick every few milliseconds, or every two seconds (FAT) if
    all times are whole seconds."""
    coarse = any(time % 1_000_000_000 == 0 for time in times)
    return max(times) + (_COARSE if coarse else 100_000_000)


def last_settled(stats: Iterable[Stat]) -> int:
    """Return the time (ns) from which any change alters a stat."""
    times = [stat[1:3] for stat in stats]
    newest = max(map(max, times), default=0)
    # What is older by more than the slowest clock's tick has settled before the newest does.
    return max((settles(*found) for found in times if max(found) > newest - _COARSE), default=0)


def stat_of(found: os.stat_result) -> Stat:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def settled_at(stats: Iterable[Stat], read: int) -> bool:
    """Return whether any change after a read alters one of the stats.

    `read` is the time (ns) before the files were read. A later time would be wrong: a busy machine
    may read a file long before it comes to ask."""
    return all(settles(modified, changed) < read for _, modified, changed, _ in stats)


@contextmanager
def lstat_in(folder: Path | str) -> Iterator[Callable[[str], os.stat_result]]:
    """Yield `lstat` of the paths in a folder, which is held open.

    That is quicker for thousands of files than to look up their whole paths."""
    try:
        descriptor = os.open(folder, _FOLDER) if os.stat in os.supports_dir_fd else -1
    except OSError:
        descriptor = -1
    if descriptor < 0:
        yield lambda path: os.lstat(f"{folder}/{path}")
        return
    try:
        yield partial(os.stat, dir_fd=descriptor, follow_symlinks=False)
    finally:
        os.close(descriptor)
