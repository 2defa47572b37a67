"""The weight of each term of a brief, by BM25F (Robertson, Zaragoza: The Probabilistic Relevance
Framework, 2009) without the rarity of the term, which depends on other briefs.

The reference lengths are fixed, so one brief never changes another's weights."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain
from typing import NamedTuple

from builder.search.words import Terms

LEVELS = 45  # of quantised weights; 0 is for special terms, which only filter
_SATURATION = 1.2  # k1: how soon more occurrences stop mattering


class WeightedField(NamedTuple):
    """A part of a brief: its weight, its usual length (characters), and how far length matters."""

    weight: float
    usual: int
    length: float  # b: from 0, not at all, to 1


TITLE, STANDFIRST, FIGURES = (
    WeightedField(6, 70, 0.3),
    WeightedField(2.5, 130, 0.3),
    WeightedField(1.5, 60, 0.3),
)
TEXT = WeightedField(1, 2500, 0.6)
FIELDS = (TITLE, STANDFIRST, FIGURES, TEXT)


@cache
def _terms(language: str) -> Terms:
    return Terms(language)


def impacts(texts: tuple[str, str, str, str], language: str) -> dict[str, int]:
    """Return the quantised weight of each term, at least 1.

    `texts` are a brief's title, standfirst, figures and text."""
    # Most terms are in the text alone, where all that occur equally often weigh the same.
    counts, share = _count(texts[-1], language), _share(TEXT, texts[-1])
    levels = {times: _quantised(share * times) for times in {*counts.values()}}
    found = {term: levels[times] for term, times in counts.items()}
    for term, weight in _weights(texts[:-1], language).items():
        found[term] = _quantised(weight + share * counts.get(term, 0))
    return found


def _weights(texts: tuple[str, ...], language: str) -> dict[str, float]:
    """Return the BM25F frequencies of the terms of the first fields."""
    found: dict[str, float] = {}
    for field, text in zip(FIELDS, texts, strict=False):
        if text:
            share = _share(field, text)
            for term, times in _count(text, language).items():
                found[term] = found.get(term, 0.0) + share * times
    return found


def _share(field: WeightedField, text: str) -> float:
    """Return what one occurrence in a field adds."""
    return field.weight / (1 + field.length * (len(text) / field.usual - 1))


def _count(text: str, language: str) -> dict[str, int]:
    """Return how often a text has each of its terms."""
    terms = _terms(language)
    return Counter(chain.from_iterable(map(terms.__getitem__, text.lower().split())))


def _quantised(weight: float) -> int:
    return int((LEVELS - 1) * weight / (_SATURATION + weight) + 0.5) or 1
