"""The amounts of an article, each with its sentence and the company that it is likely of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from builder.clip.known import SiteKnowledge
from builder.clip.mentions import NameFinder
from builder.language.amounts_in_text import PEOPLE, mentioned
from builder.language.sentences import split_sentences
from builder.quantity.quantity import Quantity, as_written

_MOST = 20


class Amount(NamedTuple):
    """An amount, as an editor writes it; the company may be unknown."""

    value: str
    of: str
    sentence: str
    written: str  # in the page


def find_amounts(
    title: str, paragraphs: Sequence[str], language: str, known: SiteKnowledge, subject: str
) -> list[Amount]:
    """Return the amounts of an article, each once.

    Sentences of the text come before the headline."""
    companies = NameFinder(known.companies, language)
    found: dict[str, Amount] = {}
    for paragraph in (*(text for text in paragraphs if text != title), title):
        last = subject
        for sentence in split_sentences(paragraph):
            names = companies.find(sentence)
            for one in mentioned(sentence, language):
                before = [name.name for start, _, name in names if start < one.start]
                behind = [name.name for start, _, name in names if start > one.start]
                of = (before[-1:] or behind[:1] or [last])[0]
                value = as_written(_exact(one.quantity))
                written = " ".join(sentence[one.start : one.end].split())
                found.setdefault(value, Amount(value, of, sentence, written))
            last = names[-1][2].name if names else last
    return [*found.values()][:_MOST]


def _exact(quantity: Quantity) -> Quantity:
    """Return a quantity without a bound, at the largest scale that keeps its digits."""
    form = quantity.high_form
    while form.scale in (3, 6, 9) and abs(quantity.high) >= 10 ** (form.scale + 3):
        digits = f"{quantity.high.scaleb(-form.scale - 3):f}"
        places = len(digits.partition(".")[2].rstrip("0"))
        form = form._replace(scale=form.scale + 3, places=places)
    unit = quantity.unit or PEOPLE
    return replace(quantity, bound="exact", unit=unit, low_form=form, high_form=form)
