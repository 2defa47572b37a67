"""The charts of a series of figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from builder.language.capitals import with_capital
from builder.language.dates import in_short, unbroken
from builder.language.lists import joined
from builder.language.periods import period_in_words
from builder.language.quantities import print_quantity, print_short
from builder.language.words import Words, message
from builder.ledger.numbers import FigureRecord
from builder.model.figure import FigureBasis
from builder.model.period import Span, middle_of, months_in
from builder.model.time import Moment
from builder.pages.planner import Planner
from builder.quantity.quantity import Form, Quantity, plain, unit_key, unit_parts
from builder.quantity.units import CURRENCIES, FACTORS

if TYPE_CHECKING:
    from builder.pages.svg.layout import Chart, Point, Size

# The bases of a figure, in words.
BASES: tuple[tuple[FigureBasis, str], ...] = (
    ("actual", "actual"), ("reported", "reported"), ("planned", "planned"),
    ("estimate", "estimate"), ("forecast", "forecast"), ("derived", "calculated"),
)  # fmt: skip
_BASIS = dict(BASES)


class MergedFigure(NamedTuple):
    """A figure, with the equal ones of other sources, and all that say the same."""

    value: FigureRecord
    equal: tuple[FigureRecord, ...] = ()
    same: tuple[FigureRecord, ...] = ()

    @property
    def publishers(self) -> str:
        """Return who gives it, in words."""
        return ", ".join(v.publisher for v in (self.value, *self.equal) if v.publisher)


def time_of(value: FigureRecord, language: str) -> str:
    """Return the date or period of a figure in words, if any."""
    if value.as_of and not value.is_period:
        return unbroken(value.as_of, language)
    span = Span(value.begin, value.end)
    return period_in_words(value.at, span, language) if value.is_period else ""


def draw_charts(
    plan: Planner,
    slug: str,
    name: str,
    values: Sequence[MergedFigure],
    prefix: str,
) -> Iterator[str]:
    """Yield the charts of a series as SVG, for narrow columns."""
    yield from map(draw, charts_of(plan, slug, name, values, prefix))


def charts_of(
    plan: Planner, slug: str, name: str, values: Sequence[MergedFigure], prefix: str
) -> Iterator[Chart]:
    """Yield the charts of a series, if it has enough values.

    Years, halves, quarters and months each have a chart of their own, the one with the most values
    first.
    """
    for n, kept in enumerate(_by_length(values)):
        if chart := _chart(plan, slug, name, kept, f"{prefix}-{n}" if n else prefix):
            yield chart


def draw(chart: Chart, size: Size | None = None) -> str:
    """Return a chart as SVG, by default for narrow columns.

    Values of one moment are compared in a range.
    """
    from builder.pages.svg.chart import draw_chart  # imported here because few builds draw a chart
    from builder.pages.svg.layout import NARROW, is_comparison
    from builder.pages.svg.range_chart import draw_range

    drawn = draw_range if is_comparison(chart.points) else draw_chart
    return drawn(chart, size or NARROW)


def _by_length(values: Sequence[MergedFigure]) -> list[list[MergedFigure]]:
    """Return figures whose periods have the same length; a quarter is never beside a year.

    Those with the most times come first, then the longest."""
    lengths: dict[int, list[MergedFigure]] = {}
    for merged in values:
        if merged.value.at:
            lengths.setdefault(months_of(merged.value), []).append(merged)
    return [
        lengths[months]
        for months in sorted(
            lengths,
            key=lambda months: (-len({m.value.at for m in lengths[months]}), months != 0, -months),
        )
    ]


def months_of(value: FigureRecord) -> int:
    """Return the number of months that a figure covers, or 0."""
    return months_in(Span(value.begin, value.end)) if value.is_period else 0


# How often a figure is measured, by the months of its period.
_EVERY = {
    12: message("by year", "chart"),
    6: message("by half-year", "chart"),
    3: message("by quarter", "chart"),
    1: message("by month", "chart"),
}


def _chart(
    plan: Planner, slug: str, name: str, values: Sequence[MergedFigure], prefix: str
) -> Chart | None:
    """Return the chart of comparable figures in one unit, if there is enough to draw."""
    if len(values) < 3 or len({unit_key(merged.value.value.unit) for merged in values}) != 1:
        return None
    from builder.pages.svg.layout import Chart, is_comparison, is_series, without_far

    points, far = without_far(_point(plan, merged) for merged in values)
    if not (is_series(points) or is_comparison(points)):
        return None
    unit, language = values[-1].value.value.unit, plan.language
    kept, words = _unit_of_labels(unit), plan.words
    often = _EVERY.get(months_of(values[0].value), "")
    every = words.key(often) if often else ""
    beside = _named_apart(words, unit)
    about = joined((part for part in (beside, every) if part), language)
    publishers = dict.fromkeys(m.publishers for m in values if m.publishers)
    names = dict.fromkeys(name for text in publishers for name in text.split(", "))
    return Chart(
        # Translators: {metric} is such as: Revenue.
        title=words(
            "{metric} of {company}",
            metric=with_capital(name, language),
            company=plan.company(slug).name,
        ),
        description="",
        points=points,
        values=lambda number: _on_axis(number, kept, language),
        dates=lambda at: _on_time(at, language),
        bases=tuple((basis, words.term("basis", name)) for basis, name in BASES),
        unit=with_capital(about, language),
        # Translators: {values} are values that lie far from the others.
        note=(
            words("Not drawn: {values}", values="; ".join(point.words for point in far))
            if far
            else ""
        ),
        source=words("Source: {names}", names=joined(names, language)) if names else "",
        language=language,
        prefix=prefix,
        steps=unit == "%" or unit[:1].islower(),
        shares=unit == "%",
    )


def _unit_of_labels(unit: str) -> str:
    """Return the part of a unit that the labels of a chart have: `USD` of `USD/token`."""
    of = unit_parts(unit).of
    return of if of in CURRENCIES else unit if unit in FACTORS else ""


def _named_apart(words: Words, unit: str) -> str:
    """Return what stands above a chart, because its axis would cut it off: `per token`."""
    if (kept := _unit_of_labels(unit)) == unit:
        return ""
    # Translators: {unit} is what a price is for: token.
    return words("per {unit}", unit=unit_parts(unit).per) if kept else unit


def _point(plan: Planner, merged: MergedFigure) -> Point:
    from builder.pages.svg.layout import Point

    value, language, of = merged.value, plan.language, merged.value.value
    basis = plan.words.term("basis", _BASIS[value.basis])
    amount = joined((print_quantity(of, language), time_of(value, language)), language)
    kept = _unit_of_labels(of.unit)
    label = Quantity(of.low, of.high, kept, of.bound, of.low_form, of.high_form)
    return Point(
        at=_middle(value),
        low=value.value.low,
        high=value.value.high,
        label=print_short(label, language),
        # Translators: {value} is an amount and its date, {basis} is such as: reported.
        words=plan.words("{value} ({basis})", value=amount, basis=basis),
        basis=value.basis,
        preferred=value.preferred,
        link=plan.address(value.brief),
        by=merged.publishers or basis,
    )


def _middle(value: FigureRecord) -> str:
    """Return the date at which a chart draws a figure."""
    if not value.is_period or len(value.at) == 4:
        return value.at
    return middle_of(Span(value.begin, value.end))


def _on_axis(number: Decimal, unit: str, language: str) -> str:
    scale = next((s for s in (12, 9, 6) if abs(number) >= Decimal(10) ** s), 0)
    places = max(0, -int(plain(number.scaleb(-scale)).as_tuple().exponent))
    form = Form(scale, places)
    return print_short(Quantity(number, number, unit, "exact", form, form), language)


def _on_time(at: str, language: str) -> str:
    if len(at) == 4:
        return at
    day = datetime.fromisoformat(at if len(at) == 10 else f"{at}-01").replace(tzinfo=UTC)
    return in_short(Moment(day, "day" if len(at) == 10 else "month"), language)
