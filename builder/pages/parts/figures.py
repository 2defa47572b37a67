"""Figures as pages show them: a brief's numbers, a company's series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from builder.language.dates import in_short, in_words
from builder.language.formulas import shown
from builder.language.periods import period_in_words
from builder.language.quantities import print_quantity, print_short
from builder.ledger.figures import compute
from builder.ledger.numbers import FigureRecord
from builder.model.brief import Brief
from builder.model.figure import Figure, FigureBasis
from builder.model.period import Span, middle_of, months_in
from builder.model.time import Moment
from builder.names.keys import slugify
from builder.pages.page import Link
from builder.pages.planner import Planner
from builder.quantity.quantity import Form, Quantity, plain

if TYPE_CHECKING:
    from builder.pages.svg.layout import Point


# The bases of a figure, in words.
BASES: tuple[tuple[FigureBasis, str], ...] = (
    ("actual", "actual"), ("reported", "reported"), ("planned", "planned"),
    ("estimate", "estimate"), ("forecast", "forecast"), ("derived", "calculated"),
)  # fmt: skip


_BASIS = dict(BASES)


class RivalLine(Struct, frozen=True):
    """A figure that contradicts another."""

    value: Annotated[str, "The value, in words."]
    publisher: Annotated[str, "The publisher that gives it, if known."]
    brief: Annotated[Link | None, "The brief that has it, if it is another one."]
    preferred: Annotated[bool, "Whether this is the preferred figure."]


class FigureLine(Struct, frozen=True, kw_only=True):
    """A figure in a list."""

    metric: Annotated[str, "The metric."]
    of: Annotated[Link, "The company that the figure is about."]
    to: Annotated[Link | None, "The company on the other side, if any."]
    value: Annotated[str, "The value in words; if figures disagree, the range of all of them."]
    own: Annotated[str, "This source's own value if figures disagree; otherwise empty."]
    state: Annotated[str, "disputed, not preferred if another figure is preferred, or empty."]
    time: Annotated[str, "The date or period in words, if any."]
    basis: Annotated[str, "The basis: actual, reported, planned, estimate, forecast or calculated."]
    formula: Annotated[str, "The formula with its values, if it is calculated."]
    publisher: Annotated[str, "The publisher that gives it, if known."]
    brief: Annotated[Link, "The brief that has it."]
    anchor: Annotated[str, "The anchor on its brief's page."]
    rivals: Annotated[tuple[RivalLine, ...], "The figures that contradict it."]


class Series(Struct, frozen=True, kw_only=True):
    """A company's figures for one metric, in order of time."""

    name: Annotated[str, "The metric, with the company on the other side, if any."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[FigureLine, ...], "The figures, latest first."]
    chart: Annotated[str, "An SVG chart if there are at least two dates; print it with |safe."]


def _when(value: FigureRecord, language: str) -> str:
    if value.as_of and not value.is_period:
        return in_words(value.as_of, language)
    span = Span(value.begin, value.end)
    return period_in_words(value.at, span, language) if value.is_period else ""


def figure_line(
    plan: Planner,
    value: FigureRecord,
    rivals: Sequence[FigureRecord],
    language: str,
    figures: Sequence[Figure] = (),
) -> FigureLine:
    """Return a figure in words.

    `figures` are those of its brief, which the formula of a calculated figure needs.
    """
    own = printed = print_quantity(value.value, language)
    disputed = bool(rivals) and not value.settled
    if disputed:
        printed = _range([v.value for v in (value, *rivals)], language)
    lost = any(v.name == value.settled for v in rivals)
    return FigureLine(
        metric=value.metric,
        of=plan.company(value.of),
        to=plan.company(value.to) if value.to else None,
        value=printed,
        own=own if own != printed else "",
        state="disputed" if disputed else "not preferred" if lost else "",
        time=_when(value, language),
        basis=_BASIS[value.basis],
        formula=_formula(value, figures, language),
        publisher=value.publisher,
        brief=plan.headline(value.brief),
        anchor=f"figure-{value.id}",
        rivals=tuple(_rivals(plan, value, rivals, language)),
    )


def _rivals(
    plan: Planner, value: FigureRecord, rivals: Sequence[FigureRecord], language: str
) -> Iterator[RivalLine]:
    """Yield each contradicting figure once."""
    said = set()
    for rival in rivals:
        amount = print_quantity(rival.value, language)
        if (amount, rival.publisher) not in said:
            said.add((amount, rival.publisher))
            brief = plan.headline(rival.brief) if rival.brief != value.brief else None
            ours = rival.name == value.settled or rival.preferred
            yield RivalLine(amount, rival.publisher, brief, ours)


def _range(values: Sequence[Quantity], language: str) -> str:
    """Return the range of several quantities of one unit."""
    low, high = min(values, key=lambda q: q.low), max(values, key=lambda q: q.high)
    whole = Quantity(low.low, high.high, low.unit, "exact", low.low_form, high.high_form)
    return print_quantity(whole, language)


def _formula(value: FigureRecord, figures: Sequence[Figure], language: str) -> str:
    if value.basis != "derived" or not figures:
        return ""
    computed = compute(tuple(figures))
    formula = computed.formulas.get(value.id)
    return shown(formula, computed.values, language) if formula else ""


def brief_figures(plan: Planner, brief: Brief, language: str) -> tuple[FigureLine, ...]:
    """Return the figures of a brief, in its order."""
    if not brief.figures:
        return ()  # so this task depends on no such fact
    return tuple(
        figure_line(plan, value, rivals, language, brief.figures)
        for value, rivals in plan.view.figures_in(brief.slug)
    )


def company_series(plan: Planner, slug: str, prefix: str = "figures") -> tuple[Series, ...]:
    """Return the series of a company.

    Its own figures come first, then those that have it on the other side.
    """
    return series_of(plan, plan.view.figures_of(slug), slug, prefix)


def series_of(
    plan: Planner, values: Iterable[FigureRecord], slug: str, prefix: str, charts: bool = True
) -> tuple[Series, ...]:
    """Return the series of the figures that involve a company."""

    def subject(value: FigureRecord) -> tuple[bool, str, str]:
        return value.of != slug, value.key, value.to if value.of == slug else value.of

    found: list[Series] = []
    taken: Counter[str] = Counter()
    for n, (_, group) in enumerate(groupby(sorted(values, key=subject), key=subject)):
        of_one = _once(sorted(group, key=lambda v: (v.in_time, v.brief, v.number)))
        first = of_one[0]
        name = first.metric
        if other := first.to if first.of == slug else first.of:
            arrow = "→" if first.of == slug else "←"
            name = f"{name} {arrow} {plan.company(other).name}"
        lines = tuple(
            figure_line(plan, v, plan.view.rivals(v), plan.language) for v in of_one[::-1]
        )
        chart = _chart(plan, slug, name, of_one, f"{prefix}-{n}") if charts else ""
        # A dot, which no slug contains, keeps the anchors of Google's cloud revenue and Google
        # Cloud's revenue apart.
        anchor = f"{prefix}.{slugify(name)}"
        taken[anchor] += 1
        if taken[anchor] > 1:  # for names whose letters a slug drops
            anchor = f"{anchor}.{taken[anchor]}"
        found.append(Series(name=name, anchor=anchor, lines=lines, chart=chart))
    return tuple(found)


def _once(values: Iterable[FigureRecord]) -> list[FigureRecord]:
    """Return figures without duplicates from other briefs.

    The first of several equal figures stays. A figure without a publisher is dropped if an equal
    one has a publisher.
    """
    kept: dict[tuple[object, ...], FigureRecord] = {}
    for v in values:
        kept.setdefault((v.at, v.value, v.basis, v.publisher), v)
    given = {said[:-1] for said in kept if said[-1]}
    return [v for said, v in kept.items() if said[-1] or said[:-1] not in given]


def _chart(plan: Planner, slug: str, name: str, values: list[FigureRecord], prefix: str) -> str:
    """Return the chart of a series, or an empty string.

    A chart needs figures in one unit and at least two dates.
    """
    values = _comparable(values)
    if len({value.at for value in values}) < 2:
        return ""
    from builder.pages.svg.chart import draw_chart  # imported here because few builds draw a chart
    from builder.pages.svg.layout import Chart, worth_drawing

    units = {value.value.unit for value in values}
    points = tuple(_point(plan, value) for value in values if value.at)
    if len(units) != 1 or not worth_drawing(points):
        return ""
    unit, language = units.pop(), plan.language
    company = plan.company(slug).name
    chart = Chart(
        title=f"{name[:1].upper()}{name[1:]} of {company}",
        description="",
        points=points,
        values=lambda number: _on_axis(number, unit, language),
        dates=lambda at: _on_time(at, language),
        bases=BASES,
        language=language,
        prefix=prefix,
        steps=unit == "%" or unit[:1].islower(),
        shares=unit == "%",
    )
    return draw_chart(chart)


def _comparable(values: Iterable[FigureRecord]) -> list[FigureRecord]:
    """Return the figures whose periods have the same length.

    A quarter cannot share a line with whole years. Of several lengths, the one with the most dates
    wins, then the longest.
    """
    lengths: dict[int, list[FigureRecord]] = {}
    for value in values:
        if value.at:
            lengths.setdefault(months_of(value), []).append(value)
    return max(
        lengths.values(),
        key=lambda found: (len({v.at for v in found}), -_LENGTHS.index(months_of(found[0]))),
        default=[],
    )


# Months of a period, from the longest; a day has none.
_LENGTHS = (0, 12, 6, 3, 1)


def months_of(value: FigureRecord) -> int:
    """Return the number of months that a figure covers, or 0."""
    return months_in(Span(value.begin, value.end)) if value.is_period else 0


def _point(plan: Planner, value: FigureRecord) -> Point:
    from builder.pages.svg.layout import Point

    language = plan.language
    words = f"{print_quantity(value.value, language)}, {_when(value, language)}"
    return Point(
        at=_middle(value),
        low=value.value.low,
        high=value.value.high,
        label=print_short(value.value, language),
        words=f"{words} ({_BASIS[value.basis]})",
        basis=value.basis,
        preferred=value.preferred,
        link=f"/briefs/{value.brief}/",
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
