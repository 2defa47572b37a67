"""The nearest known word to a misspelled one."""

from __future__ import annotations

from collections.abc import Iterable

from builder.names.keys import name_key


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> str:
    """Return the candidate nearest to a word, or an empty string.

    Candidates are `(name, uses)`. The distance is at most a third of the word's length; ties go to
    the most used, then to the first in alphabetical order."""
    key = name_key(word)
    limit = max(1, len(key) // 3)
    ranked = []
    for candidate, uses in candidates:
        other = name_key(candidate)
        distance = edits(key, other, limit)
        if distance <= limit and distance < len(other):
            ranked.append((distance, -uses, candidate))
        elif len(key) >= 4 and len(other) >= 4 and (key.startswith(other) or other.startswith(key)):
            ranked.append((limit + 1, -uses, candidate))
    return min(ranked)[2] if ranked else ""


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return a hint with the nearest candidate, or an empty string."""
    found = nearest(word, ((candidate, 0) for candidate in candidates))
    return f"did you mean `{found}`?" if found else ""


def edits(a: str, b: str, limit: int) -> int:
    """Return the edit distance (optimal string alignment).

    Edits are insertions, deletions, substitutions and transpositions. A distance above `limit` is
    returned as `limit + 1`."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)
