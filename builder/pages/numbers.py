"""Figures -> lines in words, series with their charts, and the page of all numbers with the same as
CSV and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from builder.language.dates import in_short, in_words, month_name
from builder.language.quantities import print_quantity, print_short
from builder.ledger.figures import compute
from builder.ledger.numbers import Value
from builder.model.brief import (
    Brief,
    Figure,
    FigureBasis,
    Link,
    Moment,
    slugify,
)
from builder.pages.page import (
    Data,
    Head,
    Page,
    SiteInfo,
    Task,
)
from builder.pages.parts.data_files import as_csv, as_json
from builder.pages.planner import Plan
from builder.quantity.evaluate import shown
from builder.quantity.quantity import (
    Form,
    Quantity,
    as_plain,
    plain,
)
from builder.site.link import Site
from builder.site.view import Lists

if TYPE_CHECKING:
    from builder.pages.svg.layout import Point

NUMBERS = Link("Numbers", "/numbers/")

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


class CompanyNumbers(Struct, frozen=True):
    """The numbers of one company."""

    company: Annotated[Link, "The company."]
    anchor: Annotated[str, "Its anchor on the page."]
    series: Annotated[tuple[Series, ...], "Its metrics, in the order of their names."]


class NumbersPage(Struct, frozen=True, kw_only=True):
    """All figures of the site."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    companies: Annotated[tuple[CompanyNumbers, ...], "By company."]
    metrics: Annotated[tuple[Link, ...], "What is measured, with the first place on this page."]
    total: Annotated[int, "How many figures there are."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.figures:
        yield Task("numbers", _numbers_page)


# --- in words ----------------------------------------------------------------------------------


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


def _when(value: Value, language: str) -> str:
    if value.as_of and not value.is_period:
        return in_words(value.as_of, language)
    return time_in_words(value.at, language) if value.at else ""


def figure_line(
    plan: Plan, value: Value, rivals: Sequence[Value], language: str, figures: Sequence[Figure] = ()
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
    plan: Plan, value: Value, rivals: Sequence[Value], language: str
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


def _formula(value: Value, figures: Sequence[Figure], language: str) -> str:
    if value.basis != "derived" or not figures:
        return ""
    computed = compute(tuple(figures))
    formula = computed.formulas.get(value.id)
    return shown(formula, computed.values, language) if formula else ""


def brief_figures(plan: Plan, brief: Brief, language: str) -> tuple[FigureLine, ...]:
    """The figures of a brief, in its order."""
    if not brief.figures:
        return ()  # and no fact to compare
    return tuple(
        figure_line(plan, value, rivals, language, brief.figures)
        for value, rivals in plan.view.figures_in(brief.slug)
    )


# --- series ------------------------------------------------------------------------------------


def company_series(plan: Plan, slug: str, prefix: str = "figures") -> tuple[Series, ...]:
    """What was measured of a company: its own figures, then those in which it is on the other
    side."""
    return series_of(plan, plan.view.figures_of(slug), slug, prefix)


def series_of(
    plan: Plan, values: Iterable[Value], slug: str, prefix: str, charts: bool = True
) -> tuple[Series, ...]:
    """The series of some figures that a company has a part in."""

    def subject(value: Value) -> tuple[bool, str, str]:
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
            figure_line(plan, v, plan.view.figures_beside(v), plan.language) for v in of_one[::-1]
        )
        chart = _chart(plan, slug, name, of_one, f"{prefix}-{n}") if charts else ""
        # No slug has a dot: Google's cloud revenue and Google Cloud's revenue are two anchors.
        anchor = f"{prefix}.{slugify(name)}"
        taken[anchor] += 1
        if taken[anchor] > 1:  # names whose letters no address shows
            anchor = f"{anchor}.{taken[anchor]}"
        found.append(Series(name=name, anchor=anchor, lines=lines, chart=chart))
    return tuple(found)


def _once(values: Iterable[Value]) -> list[Value]:
    """Without what several briefs give in the same words: the first of them is kept, and of one
    that does not say who gives it nothing where another does."""
    kept: dict[tuple[object, ...], Value] = {}
    for v in values:
        kept.setdefault((v.at, v.value, v.basis, v.publisher), v)
    given = {said[:-1] for said in kept if said[-1]}
    return [v for said, v in kept.items() if said[-1] or said[:-1] not in given]


def _chart(plan: Plan, slug: str, name: str, values: list[Value], prefix: str) -> str:
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


def _comparable(values: Iterable[Value]) -> list[Value]:
    """Those of one length of time: what a quarter brought is no point on a line of whole years. Of
    several lengths, the one with the most times, or else the longest."""
    lengths: dict[str, list[Value]] = {}
    for value in values:
        if value.at:
            lengths.setdefault(_length(value), []).append(value)
    return max(
        lengths.values(),
        key=lambda found: (len({v.at for v in found}), -_LENGTHS.index(_length(found[0]))),
        default=[],
    )


_LENGTHS = ("moment", "year", "half", "quarter", "month")


def _length(value: Value) -> str:
    """How long the time is for which a figure counts; what is true as of a day has no length."""
    if not value.is_period:
        return "moment"
    part = value.at[5:6]
    return {"": "year", "H": "half", "Q": "quarter"}.get(part, "month")


def _point(plan: Plan, value: Value) -> Point:
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


# --- the ledger --------------------------------------------------------------------------------


def _numbers_page(plan: Plan) -> Iterator[Page]:
    values = plan.view.figures()
    by_company: dict[str, list[Value]] = {}
    for value in values:
        by_company.setdefault(value.of, []).append(value)
    companies = tuple(
        CompanyNumbers(
            plan.company(slug), slug, series_of(plan, by_company[slug], slug, slug, charts=False)
        )
        for slug in plan.view.companies()
        if slug in by_company
    )
    places: dict[str, str] = {}
    for company in companies:
        for series in company.series:
            places.setdefault(series.lines[0].metric, f"#{series.anchor}")
    context = NumbersPage(
        site=plan.info,
        head=plan.head(
            NUMBERS.url,
            NUMBERS.name,
            description=f"Every figure in {plan.settings.title}: whose, of when, and who says so.",
        ),
        companies=companies,
        metrics=tuple(Link(name, url) for name, url in sorted(places.items())),
        total=len(values),
    )
    anchors = ("content", *(c.anchor for c in companies),
               *(s.anchor for c in companies for s in c.series))  # fmt: skip
    yield Page(NUMBERS.url, "numbers.html", context, anchors=anchors)
    rows = [_row(plan, value) for value in values]
    yield Page(f"{NUMBERS.url}numbers.csv", "data.txt", Data(as_csv(rows)), listed=False)
    yield Page(
        f"{NUMBERS.url}numbers.json", "data.txt", Data(as_json("figures", rows)), listed=False
    )


def _row(plan: Plan, value: Value) -> dict[str, str]:
    """A figure for machines: numbers exact, without scale; companies by name and address."""
    exact = as_plain(value.value)
    base = plan.settings.base_url
    return {
        "company": plan.company(value.of).name,
        "company_url": base + plan.company(value.of).url,
        "metric": value.metric,
        "to": plan.company(value.to).name if value.to else "",
        "low": exact.low,
        "high": exact.high,
        "unit": exact.unit,
        "bound": exact.bound,
        "as_of": "" if value.is_period else value.at,
        "period": value.at if value.is_period else "",
        "basis": value.basis,
        "source": value.publisher,
        "preferred": "yes" if value.preferred else "",
        "disputed": "yes" if value.rivals else "",
        "brief_url": f"{base}/briefs/{value.brief}/",
    }
