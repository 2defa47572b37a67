"""A record as it was written -> what a proofreader says of its words, from the file alone (law 2):
amounts that no figure backs, past years in the future, words in another language than the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from builder.check.own_words import own_words, place_in
from builder.content.document import Document
from builder.diagnostics.diagnostic import Diagnostic
from builder.language.amounts_in_text import PEOPLE, mentioned
from builder.language.detect import LANGUAGES, evident_language
from builder.language.tense import in_future
from builder.model.brief import (
    Brief,
    CompanyNames,
    PlainPage,
    Record,
)
from builder.quantity.quantity import Quantity, vagueness
from builder.quantity.units import CURRENCIES, FACTORS

_MOST = 20  # amounts of one file that are told


def proofread(
    record: Record, document: Document, language: str, listed: tuple[CompanyNames, ...]
) -> Iterator[Diagnostic]:
    """Every finding about the words of a record. `listed` are the companies that it names."""
    if isinstance(record, Brief):
        yield from _unbacked(record, document, language)
        yield from _slips(record, document, language)
    if isinstance(record, (Brief, PlainPage)):
        yield from _foreign(record, document, language, listed)


# --- amounts -----------------------------------------------------------------------------------


def _unbacked(brief: Brief, document: Document, language: str) -> Iterator[Diagnostic]:
    """Amounts in the text that none of the brief's figures is.

    Only of a brief that has figures: whoever keeps one number of a story has to keep them all, and
    five lines without any stay a valid brief. An amount is backed by a figure of the same unit (of
    people: by any that is counted) whose value rounds to it: `about 17%` is backed by 17.2%, either
    end of a range by that end. So is what stands in a formula, or in words that lead to another
    brief. What is quoted, code or an address is not the brief's own. Each is told once."""
    if not brief.figures:
        return
    from builder.ledger.figures import compute

    values = [*compute(brief.figures).values.values()]
    for text in _said_elsewhere(brief, document):
        values += [mention.quantity for mention in mentioned(text, language)]
    backing = _Backing(values)
    if not any(backing.lacks(m.quantity) for m in mentioned(document.body, language)):
        return  # the text need not be taken apart
    told: set[tuple[Decimal, str]] = set()
    for mention in mentioned(own_words(document.body), language):
        amount = mention.quantity
        if not backing.lacks(amount) or (amount.low, amount.unit) in told or len(told) == _MOST:
            continue
        told.add((amount.low, amount.unit))
        written = " ".join(document.body[mention.start : mention.end].split())
        message = f"no figure of the brief is `{written}`"
        hint = "add it to `figures`; where it is no number of this story, allow it with the reason"
        place = place_in(document, mention.start, mention.end)
        yield document.problem("figure-unbacked", message, hint, place=place)


_LEADING = re.compile(r"\[\[brief:[^\[\]|\n]+\|([^\[\]\n]+)\]\]")


def _said_elsewhere(brief: Brief, document: Document) -> Iterator[str]:
    """Texts whose amounts are somebody's: the formulas, and words that lead to other briefs."""
    yield from (figure.formula for figure in brief.figures if figure.formula)
    if "[[brief:" in document.body:
        yield from _LEADING.findall(document.body)


class _Backing:
    """What the figures of a brief come to, by unit; of what is counted, together. A text says that
    sales fell 3%, and no minus."""

    def __init__(self, values: Iterable[Quantity]) -> None:
        self.ends: dict[str, set[Decimal]] = {}
        for value in values:
            of = value.unit.partition("/")[0]  # $100 backs what is written `100 USD/hour`
            counted = of not in CURRENCIES and of not in FACTORS
            self.ends.setdefault(PEOPLE if counted else of, set()).update(
                (abs(value.low), abs(value.high))
            )

    def lacks(self, amount: Quantity) -> bool:
        """Whether no value rounds to an amount."""
        ends = self.ends.get(amount.unit, set())
        if amount.low in ends or not ends:
            return not ends
        slack = vagueness(amount.low, amount.low_form)
        return all(abs(end - amount.low) > slack for end in ends)


# --- tenses ------------------------------------------------------------------------------------


def _slips(brief: Brief, document: Document, language: str) -> Iterator[Diagnostic]:
    """Years before that of the story which its text puts into the future."""
    year = brief.happened.at.year
    if not any(in_future(document.body, language, year)):
        return
    for slip in in_future(own_words(document.body), language, year):
        written = " ".join(document.body[slip.start : slip.end].split())
        message = f"`{written}` speaks of {slip.year} as if it were to come"
        hint = f"the story is of {year}: what was earned, paid or done is past"
        place = place_in(document, slip.start, slip.end)
        yield document.problem("period-past-planned", message, hint, place=place)


# --- languages ---------------------------------------------------------------------------------

_PICTURE = re.compile(r"!\[([^\]\[]*)\]\(")
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"")


def _foreign(
    record: Brief | PlainPage, document: Document, language: str, listed: tuple[CompanyNames, ...]
) -> Iterator[Diagnostic]:
    """Titles, captions and alternative texts in another language than their page. Names are of no
    language, and quoted words are in their own."""

    def tell(
        what: str, text: str, at: str = "", span: tuple[int, int] = (0, 0)
    ) -> Diagnostic | None:
        names = [name for company in listed for name in company.names]
        if isinstance(record, Brief):
            names += [*record.companies, *record.people, *record.products]
        found = evident_language(_QUOTED.sub(" ", text), language, names)
        if not found:
            return None
        page = LANGUAGES.get(language.partition("-")[0], language)
        message = f"the {what} reads as {LANGUAGES[found]}, and the page is in {page}"
        hint = f"write it in {page}"
        hint += f"; if all of it is in {LANGUAGES[found]}, add `lang: {found}`" * (what == "title")
        place = place_in(document, *span) if not at else None
        return document.problem("other-language", message, hint, at=at, place=place)

    found = [tell("title", record.title, at="title")]
    if isinstance(record, Brief) and (image := record.image):
        found.append(tell("alternative text", image.alt, at="image.alt"))
        found.append(tell("caption", image.caption, at="image.caption"))
    if "![" in document.body:
        for picture in _PICTURE.finditer(document.body):
            found.append(tell("alternative text", picture[1], span=picture.span(1)))
    yield from (diagnostic for diagnostic in found if diagnostic)
