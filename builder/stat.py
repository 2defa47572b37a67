"""The size, times and inode of a file, by which a change is noticed without reading it."""

from __future__ import annotations

import os

Stat = tuple[int, int, int, int]  # size, modified (ns), changed (ns), inode


def settles(*times: int) -> int:
    """When a file with these times (ns since 1970) can no longer change without a new one: git's
    "racy" problem. Clocks of file systems tick every few milliseconds; where a time is a whole
    second, they may tick every two (FAT)."""
    coarse = any(time % 1_000_000_000 == 0 for time in times)
    return max(times) + (2_000_000_000 if coarse else 100_000_000)


def stat_of(found: os.stat_result) -> Stat:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
