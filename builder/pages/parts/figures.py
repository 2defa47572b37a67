"""Figures as pages show them: a brief's numbers, a company's series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from builder.language.dates import in_short, in_words, month_name
from builder.language.formulas import shown
from builder.language.quantities import print_quantity, print_short
from builder.ledger.figures import compute
from builder.ledger.numbers import FigureRecord
from builder.model.brief import Brief
from builder.model.figure import Figure, FigureBasis
from builder.model.time import Moment
from builder.names.keys import slugify
from builder.pages.page import Link
from builder.pages.planner import Planner
from builder.quantity.quantity import Form, Quantity, plain

if TYPE_CHECKING:
    from builder.pages.svg.layout import Point


# What a basis is called where it is not plainly a report.
BASES: tuple[tuple[FigureBasis, str], ...] = (
    ("actual", "actual"), ("reported", "reported"), ("planned", "planned"),
    ("estimate", "estimate"), ("forecast", "forecast"), ("derived", "worked out"),
)  # fmt: skip


_BASIS = dict(BASES)


class RivalLine(Struct, frozen=True):
    """A figure that cannot be true beside another."""

    value: Annotated[str, "How much, in words."]
    publisher: Annotated[str, "Who gives it, or nothing."]
    brief: Annotated[Link | None, "The brief that has it, where that is another."]
    preferred: Annotated[bool, "Whether it is the one that the site goes by."]


class FigureLine(Struct, frozen=True, kw_only=True):
    """A figure in a list."""

    metric: Annotated[str, "What it measures."]
    of: Annotated[Link, "Whose figure it is."]
    to: Annotated[Link | None, "The company on the other side."]
    value: Annotated[str, "How much, in words; of figures that disagree, the range of all."]
    own: Annotated[str, "What this source says, where that is one of several; else nothing."]
    state: Annotated[str, "disputed; or not ours, where the site goes by another; or nothing."]
    time: Annotated[str, "When it is true, in words, or nothing."]
    basis: Annotated[str, "actual, reported, planned, estimate, forecast or worked out."]
    formula: Annotated[str, "How it was worked out, or nothing."]
    publisher: Annotated[str, "Who gives it, or nothing."]
    brief: Annotated[Link, "The brief that has it."]
    anchor: Annotated[str, "Its anchor on its brief's page."]
    rivals: Annotated[tuple[RivalLine, ...], "Those that cannot be true beside it."]


class Series(Struct, frozen=True, kw_only=True):
    """One metric of a company in the order of time."""

    name: Annotated[str, "What is measured, with the company on the other side."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[FigureLine, ...], "The figures, the latest first."]
    chart: Annotated[str, "An SVG chart where there are two times; print it with |safe."]


def time_in_words(at: str, language: str) -> str:
    """`2024` -> 2024, `2024-Q3` -> Q3 2024, `2024-06` -> June 2024, a day as a date."""
    year, _, rest = at.partition("-")
    if not rest:
        return year
    if rest[0] in "QH":
        return f"{rest} {year}"
    if len(rest) == 2:
        return month_name(date(int(year), int(rest), 1), language)
    return at


def _when(value: FigureRecord, language: str) -> str:
    if value.as_of and not value.is_period:
        return in_words(value.as_of, language)
    return time_in_words(value.at, language) if value.at else ""


def figure_line(
    plan: Planner,
    value: FigureRecord,
    rivals: Sequence[FigureRecord],
    language: str,
    figures: Sequence[Figure] = (),
) -> FigureLine:
    """A figure in words. `figures` are those of its brief, to show how it was worked out."""
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
        state="disputed" if disputed else "not ours" if lost else "",
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
    """Each that says something else, once."""
    said = set()
    for rival in rivals:
        amount = print_quantity(rival.value, language)
        if (amount, rival.publisher) not in said:
            said.add((amount, rival.publisher))
            brief = plan.headline(rival.brief) if rival.brief != value.brief else None
            ours = rival.name == value.settled or rival.preferred
            yield RivalLine(amount, rival.publisher, brief, ours)


def _range(values: Sequence[Quantity], language: str) -> str:
    """The range of several quantities of one unit."""
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
    """The figures of a brief, in its order."""
    if not brief.figures:
        return ()  # and no fact to compare
    return tuple(
        figure_line(plan, value, rivals, language, brief.figures)
        for value, rivals in plan.view.figures_in(brief.slug)
    )


def company_series(plan: Planner, slug: str, prefix: str = "figures") -> tuple[Series, ...]:
    """What was measured of a company: its own figures, then those in which it is on the other
    side."""
    return series_of(plan, plan.view.figures_of(slug), slug, prefix)


def series_of(
    plan: Planner, values: Iterable[FigureRecord], slug: str, prefix: str, charts: bool = True
) -> tuple[Series, ...]:
    """The series of some figures that a company has a part in."""

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
        # No slug has a dot: Google's cloud revenue and Google Cloud's revenue are two anchors.
        anchor = f"{prefix}.{slugify(name)}"
        taken[anchor] += 1
        if taken[anchor] > 1:  # names whose letters no address shows
            anchor = f"{anchor}.{taken[anchor]}"
        found.append(Series(name=name, anchor=anchor, lines=lines, chart=chart))
    return tuple(found)


def _once(values: Iterable[FigureRecord]) -> list[FigureRecord]:
    """Without what several briefs give in the same words: the first of them is kept, and of one
    that does not say who gives it nothing where another does."""
    kept: dict[tuple[object, ...], FigureRecord] = {}
    for v in values:
        kept.setdefault((v.at, v.value, v.basis, v.publisher), v)
    given = {said[:-1] for said in kept if said[-1]}
    return [v for said, v in kept.items() if said[-1] or said[:-1] not in given]


def _chart(plan: Planner, slug: str, name: str, values: list[FigureRecord], prefix: str) -> str:
    """The chart of a series whose figures have one unit; nothing where there is no development."""
    values = _comparable(values)
    if len({value.at for value in values}) < 2:
        return ""
    from builder.pages.svg.chart import draw_chart  # many builds draw none
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
    """Those of one length of time: what a quarter brought is no point on a line of whole years. Of
    several lengths, the one with the most times, or else the longest."""
    lengths: dict[str, list[FigureRecord]] = {}
    for value in values:
        if value.at:
            lengths.setdefault(_length(value), []).append(value)
    return max(
        lengths.values(),
        key=lambda found: (len({v.at for v in found}), -_LENGTHS.index(_length(found[0]))),
        default=[],
    )


_LENGTHS = ("moment", "year", "half", "quarter", "month")


def _length(value: FigureRecord) -> str:
    """How long the time is for which a figure counts; what is true as of a day has no length."""
    if not value.is_period:
        return "moment"
    part = value.at[5:6]
    return {"": "year", "H": "half", "Q": "quarter"}.get(part, "month")


def _point(plan: Planner, value: FigureRecord) -> Point:
    from builder.pages.svg.layout import Point

    language = plan.language
    words = f"{print_quantity(value.value, language)}, {_when(value, language)}"
    return Point(
        at=_middle(value.at),
        low=value.value.low,
        high=value.value.high,
        label=print_short(value.value, language),
        words=f"{words} ({_BASIS[value.basis]})",
        basis=value.basis,
        preferred=value.preferred,
        link=f"/briefs/{value.brief}/",
    )


_MIDDLES = {"Q1": "02", "Q2": "05", "Q3": "08", "Q4": "11", "H1": "04", "H2": "10"}


def _middle(at: str) -> str:
    """A period as the date on which a chart draws it."""
    year, _, rest = at.partition("-")
    return f"{year}-{_MIDDLES[rest]}" if rest in _MIDDLES else at


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
