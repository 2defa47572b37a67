"""Figures as pages show them: a brief's numbers, a company's series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from builder.language.direction import direction
from builder.language.formulas import shown
from builder.language.quantities import print_quantity
from builder.ledger.figures import compute
from builder.ledger.numbers import FigureRecord
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.source import Source
from builder.model.time import Moment
from builder.names.keys import slugify
from builder.pages.page import Link
from builder.pages.parts.backing import BackingLine, figure_backing, standing_of
from builder.pages.parts.evidence import reading_address
from builder.pages.parts.figure_charts import BASES, MergedFigure, draw_charts, time_of
from builder.pages.parts.known_since import earliest, known_since
from builder.pages.planner import Planner
from builder.quantity.quantity import Quantity, as_plain, unit_key

ANCHOR = "figures"  # the beginning of the anchors of series on a company's page
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
    sentence: Annotated[str, "The address of the sentence in its source, if the brief quotes it."]
    brief: Annotated[Link, "The brief that has it."]
    anchor: Annotated[str, "The anchor on its brief's page."]
    also: Annotated[tuple[Link, ...], "Other publishers or briefs that give the same figure."]
    known: Annotated[
        Moment | None, "In a series, since when it is known: the first report or last correction."
    ] = None
    rivals: Annotated[tuple[RivalLine, ...], "The figures that contradict it."]
    report: Annotated[str, "On its brief's page, where readers report an error in it, if any."] = ""
    backing: Annotated[
        BackingLine | None, "On its brief's page, what stands behind it, if there is more to tell."
    ] = None


class Series(Struct, frozen=True, kw_only=True):
    """A company's figures for one metric, in order of time."""

    name: Annotated[str, "The metric, with the company on the other side, if any."]
    anchor: Annotated[str, "Its anchor on the page."]
    lines: Annotated[tuple[FigureLine, ...], "The figures, latest first."]
    charts: Annotated[
        tuple[str, ...], "SVG charts, if there are enough values; print them with |safe."
    ]


def figure_line(
    plan: Planner,
    value: FigureRecord,
    rivals: Sequence[FigureRecord],
    language: str,
    figures: Sequence[Figure] = (),
    equal: Sequence[FigureRecord] = (),
    sentence: str = "",
    known: Moment | None = None,
) -> FigureLine:
    """Return a figure in words.

    `figures` are those of its brief, which the formula of a calculated figure needs; `equal` are
    the same figure from other sources.
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
        time=time_of(value, language),
        basis=_BASIS[value.basis],
        formula=_formula(value, figures, language),
        publisher=value.publisher,
        sentence=sentence,
        known=known,
        brief=plan.headline(value.brief),
        anchor=_anchor(value),
        also=tuple(
            Link(
                v.publisher or plan.words_in(language)("the brief"),
                f"{plan.headline(v.brief).url}#{_anchor(v)}",
            )
            for v in equal
        ),
        rivals=tuple(_rivals(plan, value, rivals, language)),
    )


def _anchor(value: FigureRecord) -> str:
    return f"figure-{value.id}"


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
    sources: dict[str, Source] = {source.id: source for source in brief.sources}
    sentences: dict[str, str] = {
        figure.id: reading_address(sources[figure.source], figure.words)
        for figure in brief.figures
        if figure.words and figure.source in sources
    }
    standing = standing_of(plan, brief)
    backings = standing.figures if standing else ()
    lines = (
        (
            value.number,
            figure_line(
                plan, value, rivals, language, brief.figures, sentence=sentences.get(value.id, "")
            ),
        )
        for value, rivals in plan.view.figures_in(brief.slug)
    )
    if not backings:
        return tuple(line for _, line in lines)
    return tuple(
        replace(line, backing=figure_backing(plan, backings[number], language))
        for number, line in lines
    )


def company_series(plan: Planner, slug: str, prefix: str = ANCHOR) -> tuple[Series, ...]:
    """Return the series of a company.

    Its own figures come first, then those that have it on the other side.
    """
    return series_of(plan, plan.view.figures_of(slug), slug, prefix)


def series_of(
    plan: Planner, values: Iterable[FigureRecord], slug: str, prefix: str, charts: bool = True
) -> tuple[Series, ...]:
    """Return the series of the figures that involve a company.

    With charts, the most important come first; otherwise they are in alphabetical order.
    """

    def subject(value: FigureRecord) -> tuple[bool, str, str]:
        return value.of != slug, value.key, value.to if value.of == slug else value.of

    found: list[tuple[tuple[Any, ...], Series]] = []
    taken: Counter[str] = Counter()
    for n, (_, group) in enumerate(groupby(sorted(values, key=subject), key=subject)):
        of_one = distinct(sorted(group, key=lambda v: (v.in_time, v.brief, v.number)))
        first = of_one[0].value
        name = first.metric
        if other := first.to if first.of == slug else first.of:
            arrow = "→" if first.of == slug else "←"
            if direction(plan.language) == "rtl":  # a mark, since both names may be Latin
                arrow = "\u200f←" if first.of == slug else "\u200f→"
            name = f"{name} {arrow} {plan.company(other).name}"
        lines = tuple(
            figure_line(
                plan, v, plan.view.rivals(v), plan.language, equal=equal,
                known=earliest(known_since(plan, one) for one in same) if charts else None,
            )
            for v, equal, same in of_one[::-1]
        )  # fmt: skip
        drawn = tuple(draw_charts(plan, slug, name, of_one, f"{prefix}-{n}")) if charts else ()
        # A dot, which no slug contains, keeps the anchors of Google's cloud revenue and Google
        # Cloud's revenue apart.
        anchor = f"{prefix}.{slugify(name)}"
        taken[anchor] += 1
        if taken[anchor] > 1:  # for names whose letters a slug drops
            anchor = f"{anchor}.{taken[anchor]}"
        series = Series(name=name, anchor=anchor, lines=lines, charts=drawn)
        times = {merged.value.at for merged in of_one if merged.value.at}
        newest = max(merged.value.in_time for merged in of_one)
        rank = (len(drawn), len(times), *(newest if times else ("", "")))
        found.append((rank if charts else (), series))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(series for _, series in found)


def distinct(values: Iterable[FigureRecord]) -> list[MergedFigure]:
    """Return equal figures of several briefs as one, the others behind it.

    A publisher counts once. A figure without a publisher is dropped if an equal one has a
    publisher.
    """
    equal: dict[tuple[object, ...], list[FigureRecord]] = {}
    for v in values:
        plain = as_plain(v.value)._replace(unit=unit_key(v.value.unit))
        subject = (v.of, v.to, v.key, v.at, v.is_period, plain, v.basis)
        equal.setdefault(subject, []).append(v)
    found = []
    for same in equal.values():
        given = {v.publisher: v for v in reversed(same)}
        if len(given) > 1:
            given.pop("", None)
        kept = sorted(given.values(), key=lambda v: (not v.preferred, same.index(v)))
        found.append(MergedFigure(kept[0], (*kept[1:],), (*same,)))
    return found
