"""The nearest known word to a misspelled one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from builder.names.keys import name_key

_LONGEST = 100  # characters of a key that is compared
_MOST = 400  # candidates that are compared with one word


class Suggestions:
    """Known words, in an order in which the nearest to a word are found quickly.

    Candidates are `(name, uses)`. Of more than 400, only those next to a word in alphabetical
    order are compared with it, from the first letter or from the last: a typing error leaves the
    beginning or the end intact."""

    def __init__(self, candidates: Iterable[tuple[str, int]]) -> None:
        self._rows = [
            (key, uses, name)
            for name, uses in candidates
            if len(key := name_key(name[: 2 * _LONGEST])) <= _LONGEST
        ]
        self._forward: list[tuple[str, int]] = []
        self._backward: list[tuple[str, int]] = []
        if len(self._rows) > _MOST:
            self._forward = sorted((row[0], n) for n, row in enumerate(self._rows))
            self._backward = sorted((row[0][::-1], n) for n, row in enumerate(self._rows))

    def nearest(self, word: str) -> str:
        """Return the candidate nearest to a word, or an empty string.

        The distance is at most a third of the word's length; ties go to the most used, then to the
        first in alphabetical order."""
        key = name_key(word[: 2 * _LONGEST])
        if len(key) > _LONGEST:
            return ""
        limit = max(1, len(key) // 3)
        ranked = []
        for other, uses, candidate in self._near(key):
            distance = edits(key, other, limit)
            if distance <= limit and distance < len(other):
                ranked.append((distance, -uses, candidate))
            elif (
                len(key) >= 4
                and len(other) >= 4
                and (key.startswith(other) or other.startswith(key))
            ):
                ranked.append((limit + 1, -uses, candidate))
        return min(ranked)[2] if ranked else ""

    def _near(self, key: str) -> Sequence[tuple[str, int, str]]:
        if not self._forward:
            return self._rows
        numbers = {*_around(self._forward, key), *_around(self._backward, key[::-1])}
        return [self._rows[n] for n in sorted(numbers)]


def _around(rows: list[tuple[str, int]], key: str) -> list[int]:
    at = bisect_left(rows, (key, -1))
    return [n for _, n in rows[max(0, at - _MOST // 4) : at + _MOST // 4]]


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> str:
    """Return the candidate nearest to a word, or an empty string.

    For several words and many candidates, use Suggestions."""
    return Suggestions(candidates).nearest(word)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return a hint with the nearest candidate, or an empty string."""
    found = _suggestions(tuple(candidates)).nearest(word)
    return f"did you mean `{found}`?" if found else ""


@lru_cache(maxsize=8)  # many words are compared with the same candidates
def _suggestions(candidates: tuple[str, ...]) -> Suggestions:
    return Suggestions((candidate, 0) for candidate in candidates)


def edits(a: str, b: str, limit: int) -> int:
    """Return the edit distance (optimal string alignment).

    Edits are insertions, deletions, substitutions and transpositions. A distance above `limit` is
    returned as `limit + 1`. A column of the table of distances is one number, bit by bit, so the
    time grows with the length of `b` (Hyyrö, A Bit-Vector Algorithm for Computing Levenshtein and
    Damerau Edit Distances, 2003)."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    if not a:
        return len(b)
    places: dict[str, int] = {}
    for n, character in enumerate(a):
        places[character] = places.get(character, 0) | 1 << n
    every, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    distance, rising, falling, diagonal, before = len(a), every, 0, 0, 0
    for left, character in zip(range(len(b) - 1, -1, -1), b, strict=True):
        same = places.get(character, 0)
        swapped = ((~diagonal & same) << 1) & before
        diagonal = (((same & rising) + rising) ^ rising) | same | falling | swapped
        more, fewer = falling | (every & ~(diagonal | rising)), diagonal & rising
        distance += bool(more & last) - bool(fewer & last)
        if distance - left > limit:  # each character that is left takes off one at most
            return limit + 1
        more = more << 1 | 1
        rising, falling = (fewer << 1 | ~(diagonal | more)) & every, more & diagonal & every
        diagonal, before = diagonal & every, same
    return min(distance, limit + 1)
