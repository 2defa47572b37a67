"""Shards: files with the postings of some terms, of the briefs of one year.

All terms that begin with the same letters are in one shard, so that one file a year also has what
a word that is still being typed may become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from builder.search.postings import BITS, encode_postings, patch_postings
from builder.search.words import is_unspaced

MOST = 1024  # shards of a year
_POSTINGS = 4800  # in a shard on average, at most: some 5 KB
_PREFIX = 3  # letters
_PRIME, _BASIS = 16777619, 2166136261  # of FNV-1a, 32 bits

_decode = msgspec.json.Decoder(dict[str, str]).decode
_encode = msgspec.json.encode
# The changes in a shard: by term and brief the new weight, or None to remove it.
Changes = Mapping[str, Mapping[int, int | None]]


def count_shards(postings: int) -> int:
    """Return the number of shards of a year: a power of two."""
    shards = 1
    while shards < MOST and shards * _POSTINGS < postings:
        shards *= 2
    return shards


def shard_key(term: str) -> str:
    """Return what terms of one shard have in common."""
    if ":" in term:
        return term
    if not term.isascii() and is_unspaced(term):
        return term[0]
    return term[:_PREFIX]


@lru_cache(maxsize=65536)
def _hash(key: str) -> int:
    found = _BASIS
    for byte in key.encode():
        found = (found ^ byte) * _PRIME & 0xFFFFFFFF
    return found


def shard_of(term: str, shards: int) -> int:
    """Return the number of the shard of a term."""
    return _hash(shard_key(term)) % shards


def build_shards(briefs: Iterable[tuple[int, Mapping[str, int]]], shards: int) -> list[bytes]:
    """Return the shards of a year as JSON.

    `briefs` have the key of each brief, ascending, and the weights of its terms."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, weights in briefs:
        above = key << BITS
        for term, weight in weights.items():
            found[term].append(above | weight)
    parts: list[dict[str, str]] = [{} for _ in range(shards)]
    for term in sorted(found):
        parts[shard_of(term, shards)][term] = encode_postings(found[term])
    return [_encode(part) for part in parts]


def patch_shard(shard: bytes, changes: Changes) -> bytes:
    """Return a shard with some postings changed."""
    terms = _decode(shard)
    for term, weights in changes.items():
        postings = patch_postings(terms.get(term, ""), weights)
        if postings:
            terms[term] = postings
        else:
            terms.pop(term, None)
    return _encode(dict(sorted(terms.items())))


def changes_by_shard(
    changes: Iterable[tuple[int, Mapping[str, int], Mapping[str, int]]], shards: int
) -> dict[int, dict[str, dict[int, int | None]]]:
    """Return the changes in each shard that has any.

    `changes` have the key of each brief, and its weights before and now."""
    found: dict[int, dict[str, dict[int, int | None]]] = {}
    for key, was, now in changes:
        for term, weight in _differing(was, now):
            part = found.setdefault(shard_of(term, shards), {})
            part.setdefault(term, {})[key] = weight
    return found


def _differing(was: Mapping[str, int], now: Mapping[str, int]) -> Iterator[tuple[str, int | None]]:
    for term in was.keys() - now.keys():
        yield term, None
    for term, weight in now.items():
        if was.get(term) != weight:
            yield term, weight


def terms_of(shard: bytes) -> dict[str, str]:
    """Return the postings of each term of a shard."""
    return _decode(shard)
