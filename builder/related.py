"""Briefs in order -> for each, the earlier briefs that it relates to, and why.

Weights are those of its day: only what was published before a brief counts, so publishing never
changes what an older one relates to. Backwards, a brief is followed up by the first few that
relate to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from builder.model import Brief

MOST = 4  # related briefs shown in each direction
_RECENT = 60  # how many earlier briefs of a company or topic are looked at
_DAYS = 120.0  # after so many days nearness in time counts half
_LEAST = 0.35  # below this score a brief is not related at all


class Relation(NamedTuple):
    """Another brief, and the companies and topics (slugs) that both name, the rarest first."""

    slug: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]


def relate(
    newest_first: Sequence[Brief],
) -> tuple[dict[str, tuple[Relation, ...]], dict[str, tuple[Relation, ...]]]:
    """By slug: the earlier briefs that each relates to (the nearest first), and the later ones
    that follow it up (the earliest first)."""
    earlier: dict[str, tuple[Relation, ...]] = {}
    later: dict[str, list[Relation]] = {}
    seen: dict[tuple[str, str], list[Brief]] = {}
    for number, brief in enumerate(reversed(newest_first)):
        chosen = _choose(brief, seen, number)
        earlier[brief.slug] = chosen
        for relation in chosen:
            followers = later.setdefault(relation.slug, [])
            if len(followers) < MOST:
                followers.append(relation._replace(slug=brief.slug))
        for key in _keys(brief):
            seen.setdefault(key, []).append(brief)
    return earlier, {slug: tuple(found) for slug, found in later.items()}


def _keys(brief: Brief) -> list[tuple[str, str]]:
    companies = [("company", str(slug)) for slug in brief.companies]
    return companies + [("topic", str(slug)) for slug in brief.topics]


def _choose(
    brief: Brief, seen: dict[tuple[str, str], list[Brief]], earlier: int
) -> tuple[Relation, ...]:
    shared: dict[str, list[tuple[float, str, str]]] = {}
    dates: dict[str, Brief] = {}
    for kind, slug in _keys(brief):
        before = seen.get((kind, slug), ())
        # Rare names tell more than common ones (inverse document frequency).
        rarity = math.log(1 + (earlier + 1) / (1 + len(before)))
        weight = rarity * (1.0 if kind == "company" else 0.6)
        if kind == "company" and brief.companies[0] == slug:
            weight *= 1.5  # the subject
        for other in before[-_RECENT:]:
            shared.setdefault(other.slug, []).append((weight, kind, slug))
            dates[other.slug] = other
    ranked = []
    for slug, reasons in shared.items():
        days = (brief.date.at - dates[slug].date.at).total_seconds() / 86400
        score = sum(weight for weight, _, _ in reasons) / (1 + days / _DAYS)
        if score >= _LEAST:
            ranked.append((-round(score, 9), days, slug, sorted(reasons, reverse=True)))
    return tuple(
        Relation(
            slug,
            tuple(name for _, kind, name in reasons if kind == "company"),
            tuple(name for _, kind, name in reasons if kind == "topic"),
        )
        for _, _, slug, reasons in sorted(ranked)[:MOST]
    )
