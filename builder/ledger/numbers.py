"""The ledger of figures of all published briefs, with conflicts between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from builder.ledger.figures import compute
from builder.ledger.names import NameResolvers
from builder.model.figure import Figure, FigureBasis
from builder.model.outline import Outline
from builder.model.period import NO_SPAN, span_of
from builder.model.time import Moment
from builder.names.keys import name_key
from builder.quantity.quantity import (
    Quantity,
    conflict,
    unit_key,
)

_MOST = 50  # figures of one metric and year that are compared with each other, at most


class FigureRecord(Struct, frozen=True, array_like=True):
    """A figure of a brief in the ledger.

    Companies are slugs, and `number` is its index in the brief. `key` is the same for all spellings
    of a metric. `at` is the date, at its precision, or the period, whose first and last month are
    `begin` and `end`. `rivals` are figures (brief, id)
    that conflict with it; `settled` is the preferred one of them and itself, or None. `first` is
    the figure of another version of its story that says the same since before, if any."""

    of: str
    to: str
    key: str
    metric: str
    at: str
    is_period: bool
    value: Quantity
    basis: FigureBasis
    brief: str
    number: int
    id: str
    publisher: str
    preferred: bool
    as_of: Moment | None
    begin: str = ""
    end: str = ""
    rivals: tuple[tuple[str, str], ...] = ()
    settled: tuple[str, str] | None = None
    first: tuple[str, str] | None = None

    @property
    def name(self) -> tuple[str, str]:
        """Its identity: brief and id."""
        return self.brief, self.id

    @property
    def in_time(self) -> tuple[str, str]:
        """The sort key by time: end of a period, then beginning."""
        if not self.is_period:
            return self.at, self.at
        return self.end, self.begin

    @property
    def series(self) -> tuple[str, str, str]:
        """The key of its metric, whose latest value replaces the earlier ones."""
        return self.of, self.to, self.key

    @property
    def subject(self) -> tuple[str, str, str, str, str]:
        """The key that figures share if they are compared."""
        return self.of, self.to, self.key, unit_key(self.value.unit), self.basis


def figure_ledger(briefs: Iterable[Outline], names: NameResolvers) -> tuple[FigureRecord, ...]:
    """Return the figures of some briefs by company, metric and time."""
    return compare_figures(v for brief in briefs if brief.figures for v in _values(brief, names))


def compare_figures(found: Iterable[FigureRecord]) -> tuple[FigureRecord, ...]:
    """Return figures by company, metric and time, each with its rivals."""
    ordered = sorted(found, key=lambda v: (v.of, v.key, v.to, v.in_time, v.brief, v.number))
    return tuple(replace(v, **beside) if beside else v for v, beside in _compared(ordered))


def _values(brief: Outline, names: NameResolvers) -> Iterator[FigureRecord]:
    values = compute(brief.figures).values
    publishers = dict(brief.publishers)
    seen = set()
    for n, figure in enumerate(brief.figures):
        of, to = names.company(figure.of), names.company(figure.to) if figure.to else ""
        if figure.id in values and figure.id not in seen and of and bool(to) == bool(figure.to):
            seen.add(figure.id)
            name = publishers.get(figure.source, "")
            span = NO_SPAN
            if figure.period:
                span = span_of(figure.period, names.fiscal_year(figure.of))
            yield FigureRecord(
                of=of,
                to=to if to != of else "",  # one was merged into the other
                key=name_key(figure.metric),
                metric=figure.metric,
                at=_time(figure),
                is_period=bool(figure.period),
                value=values[figure.id],
                basis=figure.basis,
                brief=brief.slug,
                number=n,
                id=figure.id,
                publisher=names.publisher(name) if name else "",
                preferred=figure.preferred,
                as_of=figure.as_of,
                begin=span.begin,
                end=span.end,
            )


def _time(figure: Figure) -> str:
    return str(figure.period) or (figure.as_of.iso if figure.as_of else "")


def _compared(values: list[FigureRecord]) -> Iterator[tuple[FigureRecord, dict[str, Any]]]:
    """Yield each figure with its `rivals` and `settled`, if any."""
    groups: dict[tuple[str, ...], list[FigureRecord]] = {}
    for value in values:
        if value.at:
            kind = "period" if value.is_period else "day"
            year = (value.end or value.at)[:4]
            groups.setdefault((*value.subject, kind, year), []).append(value)
    beside: dict[tuple[str, str], dict[str, Any]] = {}
    for group in groups.values():
        for value in group[:_MOST]:
            same = [v for v in group[:_MOST] if v is not value and _same_time(v, value)]
            rivals = [v.name for v in same if conflict(v.value, value.value)]
            if rivals:
                chosen = [v for v in (value, *same) if v.preferred]
                agreed = not any(conflict(a.value, b.value) for a in chosen for b in chosen)
                settled = chosen[0].name if chosen and agreed else None
                beside[value.name] = {"rivals": tuple(sorted(rivals)), "settled": settled}
    for value in values:
        yield value, beside.get(value.name, {})


def _same_time(one: FigureRecord, other: FigureRecord) -> bool:
    """Return whether two figures have one period, or possibly one day."""
    if one.is_period:
        return (one.begin, one.end) == (other.begin, other.end)
    return one.at.startswith(other.at) or other.at.startswith(one.at)
