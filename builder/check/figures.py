"""Figures of a brief against its own text, against time, and against figures of other briefs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from builder.check.context import BriefContext, FileContext
from builder.check.own_words import own_words, place_in
from builder.content.document import Document
from builder.diagnostics.diagnostic import Finding
from builder.language.amounts_in_text import PEOPLE, mentioned
from builder.model.brief import Brief
from builder.quantity.quantity import Quantity, as_written, vagueness
from builder.quantity.units import CURRENCIES, FACTORS
from builder.site.site import Site


def check_plans(context: BriefContext) -> Iterator[Finding]:
    """What was planned or expected for a time that is over by the day of the story: it has happened
    by then, or it has not."""
    brief = context.brief
    for n, figure in enumerate(brief.figures):
        if figure.basis not in ("planned", "forecast"):
            continue
        until = str(figure.period) or (figure.as_of.iso[:10] if figure.as_of else "")
        if until and _last_day(until) < brief.happened.iso[:10]:
            message = f"{until} is over by {brief.happened.iso[:10]}, and the figure is still"
            message += " a plan" if figure.basis == "planned" else " a forecast"
            hint = "write what came of it: `actual` or `reported`; or check the time"
            yield Finding(f"figures.{n}.basis", "period-past-planned", message, hint)


def _last_day(time: str) -> str:
    """The last day of a date or period, in ISO 8601; of a month, whichever: they are compared."""
    year, _, part = time.partition("-")
    last = {"H1": "06-30", "H2": "12-31", "Q1": "03-31", "Q2": "06-30", "Q3": "09-30"}
    if part in last:
        return f"{year}-{last[part]}"
    if not part or part == "Q4":
        return f"{year}-12-31"
    return time if part.count("-") else f"{time}-31"


_MOST = 20  # amounts of one file that are told


def check_amounts(context: FileContext) -> Iterator[Finding]:
    """Amounts in the text that none of the brief's figures is.

    Only of a brief that has figures: whoever keeps one number of a story has to keep them all, and
    five lines without any stay a valid brief. An amount is backed by a figure of the same unit (of
    people: by any that is counted) whose value rounds to it: `about 17%` is backed by 17.2%, either
    end of a range by that end. So is what stands in a formula, or in words that lead to another
    brief. What is quoted, code or an address is not the brief's own. Each is told once."""
    brief, document, language = context.record, context.document, context.language
    if not isinstance(brief, Brief) or not brief.figures:
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
        yield Finding(place, "figure-unbacked", message, hint)


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


def check_rivals(site: Site) -> Iterator[tuple[str, Finding]]:
    """Two figures of one thing and time that differ, while neither is preferred to the other."""
    known = {value.name: value for value in site.figures}
    for value in site.figures:
        for rival in value.rivals:
            other = known[rival]
            if rival < value.name or value.settled or other.settled:
                continue  # reported at the other, or settled
            where = site.content.line(
                site.outlines[other.brief].path, f"figures.{other.number}.value"
            )
            message = (
                f"`{value.metric}` is {as_written(value.value)} here, and"
                f" {as_written(other.value)} in {where}"
            )
            hint = "write `preferred: true` at the one to print, or date them apart"
            finding = Finding(f"figures.{value.number}.value", "figures-differ", message, hint)
            yield site.outlines[value.brief].path, finding
