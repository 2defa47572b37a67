"""The amounts of an article, each with its sentence and the company that it is likely of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from builder.clip.known import SiteKnowledge
from builder.clip.mentions import NameFinder
from builder.language.amounts_in_text import mentioned
from builder.language.lexicon import lexicon
from builder.language.sentences import split_sentences
from builder.language.word_patterns import whole
from builder.quantity.quantity import Bound, Quantity, as_written
from builder.quantity.units import PEOPLE

_MOST = 20


class Amount(NamedTuple):
    """An amount, as an editor writes it; the company may be unknown."""

    value: str
    of: str
    sentence: str
    metric: str = ""


def find_amounts(
    title: str,
    paragraphs: Sequence[str],
    language: str,
    known: SiteKnowledge,
    subject: str,
) -> list[Amount]:
    """Return the amounts of an article, each once.

    Sentences of the text come before the headline."""
    companies = NameFinder(known.companies, language)
    site_language = known.settings.language
    found: dict[str, Amount] = {}
    for paragraph in (*(text for text in paragraphs if text != title), title):
        last = subject
        for sentence in split_sentences(paragraph):
            names = companies.find(sentence)
            for one in mentioned(sentence, language):
                before = [name.name for start, _, name in names if start < one.start]
                behind = [name.name for start, _, name in names if start > one.start]
                of = (before[-1:] or behind[:1] or [last])[0]
                bound = _bound(sentence[: one.start], language)
                value = as_written(_plainly(one.quantity, bound))
                metric = _metric(sentence, one.start, one.end, language, site_language)
                found.setdefault(value, Amount(value, of, sentence, metric))
            last = names[-1][2].name if names else last
    return [*found.values()][:_MOST]


def _bound(before: str, language: str) -> Bound:
    """Return the bound that a text has before an amount: about, more than."""
    words = before.rstrip().casefold().replace("'", "’")
    for bound, template in lexicon(language).quantities.bounds.items():
        lead = template.partition("{}")[0].strip().casefold().replace("'", "’")
        if lead and re.search(rf"(?<!\w){re.escape(lead)}$", words):
            return bound
    return "exact"


@cache
def _metrics(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the measures that a language has words for, each with its pattern."""
    return tuple(
        (name, re.compile(whole(words, r"\s+"), re.IGNORECASE))
        for name, words in lexicon(language).metrics.items()
    )


def _metric(sentence: str, start: int, end: int, language: str, site: str) -> str:
    """Return the measure that an amount is probably of, in the language of the site.

    It is the one whose word is nearest to the amount, if any."""
    near = [
        (min(abs(match.start() - end), abs(start - match.end())), name)
        for name, pattern in _metrics(language)
        for match in pattern.finditer(sentence)
    ]
    distance, name = min(near, default=(_FAR, ""))
    called = next((words for key, words in lexicon(site).metrics.items() if key == name), ())
    return (called[0] if called else name) if distance < _FAR else ""


_FAR = 60  # characters between an amount and its measure


def _plainly(quantity: Quantity, bound: Bound) -> Quantity:
    """Return a quantity with a bound, at the largest scale that keeps its digits."""
    form = quantity.high_form
    while form.scale in (3, 6, 9) and abs(quantity.high) >= 10 ** (form.scale + 3):
        digits = f"{quantity.high.scaleb(-form.scale - 3):f}"
        places = len(digits.partition(".")[2].rstrip("0"))
        form = form._replace(scale=form.scale + 3, places=places)
    unit = quantity.unit or PEOPLE
    return replace(quantity, bound=bound, unit=unit, low_form=form, high_form=form)
