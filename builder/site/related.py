"""Finds for each brief the earlier briefs that it is related to, and why.

Weights are those of the day of publication: only earlier briefs count, so publishing never changes
what an older brief is related to. In the other direction, a brief is followed up by the first few
that are related to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from builder.parallel import map_ordered
from builder.site.site import Entry
from builder.store import digest

MOST = 4  # related briefs shown in each direction
_RECENT = 60  # earlier briefs of a company or topic that are considered
_DAYS = 120.0  # the age at which a score is halved
_LEAST = 0.35  # the lowest score of a related brief
_ROUNDING = 1e-6  # scores are rounded, so that equal ones are equal on every machine


class RelatedBrief(NamedTuple):
    """A related brief, and the companies and topics that both name."""

    slug: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]


class _Name(NamedTuple):
    """A name in a brief, its weight, and its latest briefs."""

    weight: float
    kind: str
    slug: str
    recent: list[int]


class Neighbours(NamedTuple):
    """A brief's neighbours by publication, and its related briefs."""

    newer: str
    older: str
    later: tuple[RelatedBrief, ...]
    earlier: tuple[RelatedBrief, ...]


# Cached related briefs. The key is a digest of their inputs: a brief and every earlier one, with
# their days, companies and topics.
Known = dict[bytes, tuple[RelatedBrief, ...]]


def find_neighbours(
    newest_first: Sequence[Entry], known: Known, jobs: int = 1
) -> tuple[dict[str, Neighbours], Known]:
    """Return each brief's neighbours by slug, and related briefs to cache.

    Of related briefs, the nearest earlier and the earliest later ones come first. Those in `known`
    are not computed again. A translation can be related to earlier briefs, but no brief is related
    to a translation: they link to its original."""
    briefs = newest_first[::-1]
    chain, keys = b"", []
    for brief in briefs:
        when = brief.date.at.timestamp()
        about = (when, brief.slug, brief.companies, brief.topics, brief.original)
        chain = digest(chain + repr(about).encode())
        keys.append(chain)
    unknown = [number for number, key in enumerate(keys) if key not in known]
    chosen = map_ordered(_Seen(briefs).choose, unknown, jobs)
    sought = dict(zip(unknown, chosen, strict=True))
    found = {key: sought[n] if n in sought else known[key] for n, key in enumerate(keys)}
    later: dict[str, list[RelatedBrief]] = {}
    for brief, key in zip(briefs, keys, strict=True):
        for relation in found[key] if not brief.original else ():
            followers = later.setdefault(relation.slug, [])
            if len(followers) < MOST:
                followers.append(RelatedBrief(brief.slug, relation.companies, relation.topics))
    around = {}
    for n, (brief, key) in enumerate(zip(briefs, keys, strict=True)):
        newer = briefs[n + 1].slug if n + 1 < len(briefs) else ""
        older = briefs[n - 1].slug if n else ""
        followers = later.get(brief.slug, [])
        around[brief.slug] = Neighbours(newer, older, tuple(followers), found[key])
    return around, found


class _Seen:
    """The numbers of briefs by company and topic, collected lazily."""

    def __init__(self, briefs: Sequence[Entry]) -> None:
        self.briefs = briefs
        self.days = [brief.date.at.timestamp() / 86400 for brief in briefs]
        self.numbers: dict[tuple[str, str], list[int]] = {}
        self.upto = 0

    def choose(self, number: int) -> tuple[RelatedBrief, ...]:
        """Return the related earlier briefs; `number` must ascend between calls."""
        return _choose(self.briefs[number], number, self)

    def before(self, number: int) -> dict[tuple[str, str], list[int]]:
        """Return the numbers of the briefs before one, by kind and slug."""
        for n in range(self.upto, number):
            if self.briefs[n].original:
                continue
            for slug in self.briefs[n].companies:
                self.numbers.setdefault(("company", slug), []).append(n)
            for slug in self.briefs[n].topics:
                self.numbers.setdefault(("topic", slug), []).append(n)
        self.upto = number
        return self.numbers


def _choose(brief: Entry, number: int, seen: _Seen) -> tuple[RelatedBrief, ...]:
    names = _names(brief, number, seen.before(number))
    return tuple(
        RelatedBrief(
            seen.briefs[other].slug,
            tuple(n.slug for n in names if n.kind == "company" and other in n.recent),
            tuple(n.slug for n in names if n.kind == "topic" and other in n.recent),
        )
        for other in _nearest(names, number, seen.briefs, seen.days)
        if seen.briefs[other].slug != brief.original
    )


def _names(brief: Entry, earlier: int, seen: dict[tuple[str, str], list[int]]) -> list[_Name]:
    """Return the companies and topics of a brief, the heaviest first.

    Rare names weigh more than common ones (inverse document frequency), a company weighs more than
    a topic, and the first company weighs most."""
    names = []
    for kind, slugs in (("company", brief.companies), ("topic", brief.topics)):
        for n, slug in enumerate(slugs):
            before = seen.get((kind, slug), [])
            rarity = math.log(1 + (earlier + 1) / (1 + len(before)))
            worth = 0.6 if kind == "topic" else 1.0 if n else 1.5
            names.append(_Name(rarity * worth, kind, str(slug), before[-_RECENT:]))
    return sorted(names, key=lambda name: (-name.weight, name.kind, name.slug))


def _nearest(
    names: list[_Name], number: int, briefs: Sequence[Entry], days: list[float]
) -> list[int]:
    """Return the numbers of the earlier briefs with the highest scores.

    A score is the weight of the shared names, reduced by age. The search goes back from the newest
    brief until no older one can be among the best."""
    shared: dict[int, float] = {}
    for name in names:
        found = dict.fromkeys(name.recent, name.weight)
        for other in shared.keys() & found.keys():
            found[other] = shared[other] + name.weight
        shared |= found
    highest = sum(name.weight for name in names if name.recent)
    ranked: list[tuple[float, float, str, int]] = []
    today, least = days[number], _LEAST - _ROUNDING
    for other in sorted(shared, reverse=True):
        weight = shared[other]
        if weight < least:  # no score is higher than its weight
            continue
        ago = today - days[other]
        age = 1 + ago / _DAYS
        if highest / age < least:
            break
        score = weight / age
        if score >= least:
            ranked.append((-round(score, 9), ago, briefs[other].slug, other))
            if len(ranked) > MOST:
                ranked = sorted(ranked)[:MOST]
                least = max(_LEAST, -ranked[-1][0]) - _ROUNDING
    return [other for score, _, _, other in sorted(ranked)[:MOST] if -score >= _LEAST]


# --- cached for the next build -----------------------------------------------------------------

_known = msgspec.msgpack.Decoder(Known)
_raws = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_around = msgspec.msgpack.Decoder(Neighbours)


class _Cached(Mapping[str, Neighbours]):
    """Cached neighbours of briefs, decoded on access."""

    def __init__(self, raws: dict[str, msgspec.Raw]) -> None:
        self.raws = raws

    def __getitem__(self, slug: str) -> Neighbours:
        return _around.decode(self.raws[slug])

    def __iter__(self) -> Iterator[str]:
        return iter(self.raws)

    def __len__(self) -> int:
        return len(self.raws)


def decode_neighbours(data: bytes | None) -> Mapping[str, Neighbours] | None:
    """Return the cached neighbours, or None if they cannot be decoded."""
    try:
        return _Cached(_raws.decode(data)) if data else None
    except msgspec.DecodeError:
        return None


def encode_neighbours(around: Mapping[str, Neighbours]) -> bytes:
    return msgspec.msgpack.encode(around)


def read_known(data: bytes | None) -> Known:
    """Return the related briefs that an earlier build cached."""
    try:
        return _known.decode(data) if data else {}
    except msgspec.DecodeError:
        return {}


def encode_known(known: Known) -> bytes:
    return msgspec.msgpack.encode(known)
