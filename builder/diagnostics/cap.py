"""Caps the diagnostics of a file, so that one mistake made many times is reported in few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Diagnostic

MOST = 100  # diagnostics of one code in one file


def capped(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the first diagnostics of each file and code.

    The last one counts the rest."""
    kept: list[Diagnostic] = []
    numbers: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], int] = {}
    for d in found:
        kind = d.path, d.code
        numbers[kind] += 1
        if numbers[kind] <= MOST:
            last[kind] = len(kept)
            kept.append(d)
    for (path, code), at in last.items():
        if (more := numbers[path, code] - MOST) > 0:
            message = f"{kept[at].message} (and {more:,} more of this kind in this file)"
            kept[at] = replace(kept[at], message=message)
    return kept
