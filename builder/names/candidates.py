"""Finds pairs of similar names.

Only names that share a blocking key are compared, so the time grows linearly with their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from builder.names.normalize import (
    JOINING,
    Name,
    NameKind,
    normalize_name,
    parts_of_person,
)
from builder.names.similarity import (
    ACRONYM,
    CERTAIN,
    LONG,
    SHORTENED,
    SUGGESTED,
    VERY_LONG,
    Similarity,
    acronym_of,
    initials_of,
    similarity,
)

_LARGEST = 60  # names in a block that is compared pairwise


class CandidatePair(NamedTuple):
    """Two names, by their indexes in the list, and their similarity."""

    one: int
    other: int
    likeness: Similarity


def pairs(kind: NameKind, names: Sequence[str], least: float = SUGGESTED) -> list[CandidatePair]:
    """Return the pairs of similar names, the most similar first.

    Only names that share a blocking key are compared; a key that very many names share is
    ignored."""
    blocks: dict[str, list[int]] = {}
    for n, name in enumerate(names):
        for key in dict.fromkeys(_keys(kind, normalize_name(kind, name), least)):
            blocks.setdefault(key, []).append(n)
    found: dict[tuple[int, int], Similarity] = {}
    for block in blocks.values():
        if len(block) > _LARGEST:
            continue
        for pair in combinations(block, 2):
            if pair not in found:
                found[pair] = similarity(kind, names[pair[0]], names[pair[1]])
    similar = [
        CandidatePair(*pair, like) for pair, like in found.items() if like.confidence >= least
    ]
    times = Counter(n for p in similar if p.likeness.reason == ACRONYM for n in (p.one, p.other))
    # Drop an acronym that fits two names.
    similar = [
        p for p in similar if p.likeness.reason != ACRONYM or max(times[p.one], times[p.other]) == 1
    ]

    def rank(pair: CandidatePair) -> tuple[float, list[str]]:
        return -pair.likeness.confidence, sorted((names[pair.one], names[pair.other]))

    return sorted(similar, key=rank)


def _keys(kind: NameKind, name: Name, least: float) -> Iterator[str]:
    """Yield blocking keys; names with at least that similarity share one."""
    yield f"={name.key}"
    if kind == "people":
        yield from _people_keys(name, least)
        return
    yield f"*{''.join(name.core)}"
    yield f"*{''.join(name.spelt)}"
    if least >= CERTAIN:
        return
    yield f"~{' '.join(sorted(w for w in name.core if w not in JOINING))}"
    if kind == "companies":
        short = "".join(name.short)
        yield f"+{short}"
        if len(short) > 6 and short.endswith("ai"):
            yield f"+{short[:-2]}"
    if len(name.bare) == 1:
        if acronym := acronym_of(name):
            yield f"@{acronym}"
    else:
        yield from (f"@{initials}" for initials in initials_of(name))
    yield from _mistyped_keys(name.spelt)
    if len(name.spelt) > 1 and kind != "topics":
        yield from _mistyped_keys(("".join(name.spelt),))


def _people_keys(name: Name, least: float) -> Iterator[str]:
    parts = parts_of_person(name)
    yield f"*{''.join(name.words)}"
    if len(parts) < 2:
        return
    yield f"~{' '.join(sorted(parts))}"
    if least >= CERTAIN:
        yield f"*{''.join(parts)}"
        return
    yield f"s{parts[-1]} {SHORTENED.get(parts[0], parts[0])[0]}"
    yield f"g{' '.join(parts[:-1])} {parts[-1][0]}"


def _mistyped_keys(words: tuple[str, ...]) -> Iterator[str]:
    """Yield keys for typing errors in a long word.

    Each key omits one letter, so names within one edit share a key. Names within two edits share
    the key of their beginning or their end."""
    for n, word in enumerate(words):
        if not LONG <= len(word) <= 60:
            continue
        rest = " ".join((*words[:n], "", *words[n + 1 :]))
        yield f"-{rest} {word}"
        yield from (f"-{rest} {word[:i]}{word[i + 1 :]}" for i in range(1, len(word)))
        if len(word) >= VERY_LONG:
            yield f"<{rest} {word[:5]}"
            yield f">{rest} {word[-5:]}"
