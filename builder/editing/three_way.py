"""The three-way merge of lines of text (Khanna, Kunal, Pierce: A Formal Investigation of Diff3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class Merged(NamedTuple):
    """A merged text, and the number of its conflicts."""

    text: str
    conflicts: int


def merge_texts(base: str, ours: str, theirs: str, names: tuple[str, str]) -> Merged:
    """Return a text with the changes of two versions.

    Where both changed the same lines differently, both stand between conflict markers with the
    `names` of the versions."""
    lines: list[str] = []
    conflicts = 0
    split = [text.splitlines(keepends=True) for text in (base, ours, theirs)]
    for was, our, their in _chunks(*split):
        if our in (was, their):
            lines += their
        elif their == was:
            lines += our
        else:
            conflicts += 1
            marked = ([f"<<<<<<< {names[0]}\n"], our, ["=======\n"], their)
            lines += [_ended(line) for part in marked for line in part]
            lines.append(f">>>>>>> {names[1]}\n")
    return Merged("".join(lines), conflicts)


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n"


_Lines = Sequence[str]


def _chunks(base: _Lines, ours: _Lines, theirs: _Lines) -> Iterator[tuple[_Lines, _Lines, _Lines]]:
    """Yield the same part of the three versions, unchanged and changed ones by turns."""
    at = our_at = their_at = 0
    for start, our_start, their_start, size in _common(base, ours, theirs):
        yield base[at:start], ours[our_at:our_start], theirs[their_at:their_start]
        at, our_at, their_at = start + size, our_start + size, their_start + size
        yield base[start:at], ours[our_start:our_at], theirs[their_start:their_at]


def _common(base: _Lines, ours: _Lines, theirs: _Lines) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of lines that all three have: their starts and their size.

    The last range is empty and at the end."""
    first = SequenceMatcher(None, base, ours, autojunk=False).get_matching_blocks()
    second = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(first) and j < len(second):
        a, b = first[i], second[j]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield start, a.b + start - a.a, b.b + start - b.a, end - start
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1
    yield len(base), len(ours), len(theirs), 0
