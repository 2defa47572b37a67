"""The weight of each term of a brief, by BM25F (Robertson, Zaragoza: The Probabilistic Relevance
Framework, 2009) without the rarity of the term, which depends on other briefs.

The reference lengths are fixed, so one brief never changes another's weights."""

from __future__ import annotations

from collections import Counter
from functools import cache
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


def weigh(texts: tuple[str, str, str, str], language: str) -> dict[str, float]:
    """Return the BM25F frequency of each term of a brief.

    `texts` are its title, standfirst, figures and text."""
    terms = _terms(language)
    found: dict[str, float] = {}
    known = found.get
    for field, text in zip(FIELDS, texts, strict=True):
        if text:
            share = field.weight / (1 + field.length * (len(text) / field.usual - 1))
            for chunk, times in Counter(text.lower().split()).items():
                weight = share * times
                for term in terms[chunk]:
                    found[term] = known(term, 0.0) + weight
    return found


def saturated(weight: float) -> float:
    """Return what a frequency adds to a score, below 1."""
    return weight / (_SATURATION + weight)


def impacts(texts: tuple[str, str, str, str], language: str) -> dict[str, int]:
    """Return the quantised weight of each term, at least 1."""
    most = LEVELS - 1
    return {
        term: int(most * weight / (_SATURATION + weight) + 0.5) or 1
        for term, weight in weigh(texts, language).items()
    }
