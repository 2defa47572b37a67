"""Check figures against the brief's text, its date, and the figures of other briefs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from builder.check.context import BriefContext, FileContext
from builder.check.own_words import own_words, place_in
from builder.content.document import Document
from builder.diagnostics.diagnostic import Finding
from builder.language.amounts_in_text import mentioned
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.period import is_fiscal, last_day
from builder.patterns import pattern
from builder.quantity.quantity import Quantity, as_written, vagueness
from builder.quantity.units import CURRENCIES, FACTORS, PEOPLE
from builder.site.site import Site


def check_plans(context: BriefContext) -> Iterator[Finding]:
    """Yield plans and forecasts for a time that ended before the story.

    The day of `as_of` is when the plan was made, so an earlier one may be quoted with its date."""
    brief = context.brief
    for n, figure in enumerate(brief.figures):
        if figure.basis not in ("planned", "forecast"):
            continue
        if not figure.period and figure.as_of and len(figure.as_of.iso) >= len("2025-06-13"):
            continue
        until = str(figure.period) or (figure.as_of.iso[:10] if figure.as_of else "")
        if until and _last_day(context, figure) < brief.happened.iso[:10]:
            message = f"{until} ended before {brief.happened.iso[:10]}, but the figure is still"
            message += " a plan" if figure.basis == "planned" else " a forecast"
            hint = "write the outcome as `actual` or `reported`, or check the date"
            yield Finding(f"figures.{n}.basis", "period-past-planned", message, hint)


def _last_day(context: BriefContext, figure: Figure) -> str:
    """Return the last day of a figure's time, to compare it.

    It is in ISO 8601, and every month ends on the 31st."""
    if figure.period:
        fiscal = context.view.fiscal_year(figure.of) if is_fiscal(figure.period) else None
        return last_day(figure.period, fiscal)
    time = figure.as_of.iso[:10] if figure.as_of else ""
    return f"{time}-12-31" if len(time) == 4 else time if time.count("-") > 1 else f"{time}-31"


def check_fiscal_years(context: BriefContext) -> Iterator[Finding]:
    """Yield fiscal periods of a company whose fiscal year is unknown."""
    names = context.view.everything.names
    for n, figure in enumerate(context.written.figures):
        if not is_fiscal(figure.period) or context.view.fiscal_year(figure.of):
            continue
        company = names.all_companies.get(context.view.meaning("companies", figure.of))
        if company and not company.broken:  # otherwise, it has its own error
            message = (
                f"`{figure.period}` is fiscal, but the fiscal year of {company.name} is unknown"
            )
            hint = f"add the last month or day of its fiscal year to {company.path}:"
            hint += " `fiscal_year_end: 01` or `fiscal_year_end: 01-31`"
            yield Finding(f"figures.{n}.period", "fiscal-year-unknown", message, hint)


_MOST = 20  # amounts of one file that are reported


def check_amounts(context: FileContext) -> Iterator[Finding]:
    """Yield amounts in the text that match none of the brief's figures.

    Only briefs with figures are checked: an editor who records one number of a story has to record
    all of them, but a short brief without any is valid. An amount is backed by a figure with the
    same unit (people: by any count) whose value rounds to it: 17.2% backs `about 17%`, and either
    end of a range backs an amount. Amounts in formulas and in the text of links to other briefs are
    backed too. Quotations, code and addresses are exempt. Each amount is reported once."""
    brief, document, language = context.record, context.document, context.language
    if not isinstance(brief, Brief) or not brief.figures:
        return
    from builder.ledger.figures import compute

    values = [*compute(brief.figures).values.values()]
    for text in _said_elsewhere(brief, document):
        values += [mention.quantity for mention in mentioned(text, language)]
    backing = _Backing(values)
    if not any(backing.lacks(m.quantity) for m in mentioned(document.body, language)):
        return  # without looking for quotations, code and addresses
    reported: set[tuple[Decimal, str]] = set()
    for mention in mentioned(own_words(document.body), language):
        amount = mention.quantity
        key = amount.low, amount.unit
        if not backing.lacks(amount) or key in reported or len(reported) == _MOST:
            continue
        reported.add(key)
        written = " ".join(document.body[mention.start : mention.end].split())
        message = f"`{written}` matches none of this brief's figures"
        hint = "add it to `figures`, or suppress the warning with `allow` and a reason"
        place = place_in(document, mention.start, mention.end)
        yield Finding(place, "figure-unbacked", message, hint)


_LEADING = pattern(r"\[\[brief:[^\[\]|\n]+\|([^\[\]\n]+)\]\]")


def _said_elsewhere(brief: Brief, document: Document) -> Iterator[str]:
    """Yield texts whose amounts are backed: formulas, and links to other briefs."""
    yield from (figure.formula for figure in brief.figures if figure.formula)
    if "[[brief:" in document.body:
        yield from _LEADING.findall(document.body)


class _Backing:
    """The values of a brief's figures by unit, counts of anything together.

    Signs are dropped, since a text says that sales fell 3%."""

    def __init__(self, values: Iterable[Quantity]) -> None:
        self.ends: dict[str, set[Decimal]] = {}
        for value in values:
            of = value.unit.partition("/")[0]  # `100 USD/hour` backs `$100`
            counted = of not in CURRENCIES and of not in FACTORS
            self.ends.setdefault(PEOPLE if counted else of, set()).update(
                (abs(value.low), abs(value.high))
            )

    def lacks(self, amount: Quantity) -> bool:
        """Return whether no value rounds to an amount."""
        ends = self.ends.get(amount.unit, set())
        if amount.low in ends or not ends:
            return not ends
        slack = vagueness(amount.low, amount.low_form)
        return all(abs(end - amount.low) > slack for end in ends)


def check_rivals(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield figures that conflict with another of the same metric and time.

    A conflict in which one figure is `preferred` is settled."""
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
                f"`{value.metric}` is {as_written(value.value)} here, but"
                f" {as_written(other.value)} in {where}"
            )
            hint = "add `preferred: true` to the one to print, or give them different dates"
            finding = Finding(f"figures.{value.number}.value", "figures-differ", message, hint)
            yield site.outlines[value.brief].path, finding
