"""Written names -> what they mean: spellings that share a key are one name; unknown ones get a
suggestion by edit distance and use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from builder.model.brief import name_key


class Owner(NamedTuple):
    """What a name means (a slug), as it was written, and whether a reader would be shown it."""

    slug: str
    name: str
    path: str


class Names:
    """One register of names, such as those of all companies."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._uses: dict[str, int] = {}

    def claim(self, name: str, slug: str, path: str) -> Owner | None:
        """Give `name` to `slug`. If another slug owns it already, that owner is returned."""
        owner = self._owners.setdefault(name_key(name), Owner(slug, name, path))
        return None if owner.slug == slug else owner

    def resolve(self, name: str) -> str | None:
        """The slug that `name` means."""
        owner = self._owners.get(name_key(name))
        return owner.slug if owner else None

    def count_uses(self, uses: Mapping[str, int]) -> None:
        """How often each slug is used: among names equally near, the most used is suggested."""
        self._uses = dict(uses)

    def suggest(self, name: str) -> str:
        """The registered name that was most likely meant, or nothing."""
        return nearest(
            name, ((owner.name, self._uses.get(owner.slug, 0)) for owner in self._owners.values())
        )


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> str:
    """Of `(candidate, uses)`, the one within a third of the word's length in edits; the most used
    among equals, then the first in the alphabet. Empty when none is near."""
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
    """A hint that names the nearest candidate, or nothing."""
    found = nearest(word, ((candidate, 0) for candidate in candidates))
    return f"did you mean `{found}`?" if found else ""


def edits(a: str, b: str, limit: int) -> int:
    """Edits from `a` to `b`: insertions, deletions, replacements and swaps of neighbours (optimal
    string alignment). Anything above `limit` is returned as `limit + 1`."""
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
