"""The figures of all briefs that are out -> one record of numbers: what was measured of whom, when,
who says so, and what cannot both be true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from builder.ledger.figures import compute
from builder.model.figure import Figure, FigureBasis
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.names.keys import name_key
from builder.quantity.quantity import (
    Quantity,
    conflict,
    unit_key,
)

# The first and the last month of the parts of a year; a month is its own.
_MONTHS = {
    "": ("01", "12"), "H1": ("01", "06"), "H2": ("07", "12"),
    "Q1": ("01", "03"), "Q2": ("04", "06"), "Q3": ("07", "09"), "Q4": ("10", "12"),
}  # fmt: skip
_MOST = 50  # figures of one metric and year that are compared with each other


class FigureRecord(Struct, frozen=True, array_like=True):
    """A figure of a brief as the record has it: companies are slugs, `number` is its place in the
    brief. `key` is what spellings of one metric share; `at` is when it is true: a date as precisely
    as it is known, or a period. `rivals` are figures (brief, id) that cannot be true beside it;
    `settled` is the one of the same time that is preferred to them, or nothing."""

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
    rivals: tuple[tuple[str, str], ...] = ()
    settled: tuple[str, str] | None = None

    @property
    def name(self) -> tuple[str, str]:
        """By which it is known: its brief and its id."""
        return self.brief, self.id

    @property
    def in_time(self) -> tuple[str, str]:
        """Its place in the order of time: a period stands where it ends, behind those that end
        with it and began earlier."""
        if not self.is_period:
            return self.at, self.at
        year, _, part = self.at.partition("-")
        begin, end = _MONTHS.get(part, (part, part))
        return f"{year}-{end}", f"{year}-{begin}"

    @property
    def subject(self) -> tuple[str, str, str, str, str]:
        """What figures have to share to be compared."""
        return self.of, self.to, self.key, unit_key(self.value.unit), self.basis


def figure_ledger(
    briefs: Iterable[Outline], resolve: Callable[[str], str], publisher: Callable[[str], str]
) -> tuple[FigureRecord, ...]:
    """Return the figures of some briefs by company, metric and time.

    `resolve` returns the slug of a company or nothing, `publisher` a publisher's name as it is
    printed."""
    found = [v for brief in briefs if brief.figures for v in _values(brief, resolve, publisher)]
    found.sort(key=lambda v: (v.of, v.key, v.to, v.in_time, v.brief, v.number))
    return tuple(replace(v, **beside) if beside else v for v, beside in _compared(found))


def _values(
    brief: Outline, resolve: Callable[[str], str], publisher: Callable[[str], str]
) -> Iterator[FigureRecord]:
    values = compute(brief.figures).values
    names = dict(brief.publishers)
    seen = set()
    for n, figure in enumerate(brief.figures):
        of, to = resolve(figure.of), resolve(figure.to) if figure.to else ""
        if figure.id in values and figure.id not in seen and of and bool(to) == bool(figure.to):
            seen.add(figure.id)
            name = names.get(figure.source, "")
            yield FigureRecord(
                of=of,
                to=to if to != of else "",  # one became part of the other
                key=name_key(figure.metric),
                metric=figure.metric,
                at=_time(figure),
                is_period=bool(figure.period),
                value=values[figure.id],
                basis=figure.basis,
                brief=brief.slug,
                number=n,
                id=figure.id,
                publisher=publisher(name) if name else "",
                preferred=figure.preferred,
                as_of=figure.as_of,
            )


def _time(figure: Figure) -> str:
    return str(figure.period) or (figure.as_of.iso if figure.as_of else "")


def _compared(values: list[FigureRecord]) -> Iterator[tuple[FigureRecord, dict[str, Any]]]:
    """Each figure with what comparing it with others of its subject and time tells."""
    groups: dict[tuple[str, ...], list[FigureRecord]] = {}
    for value in values:
        if value.at:
            kind = "period" if value.is_period else "day"
            groups.setdefault((*value.subject, kind, value.at[:4]), []).append(value)
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
    """Whether two are of the same time: of the same period, or of days that may be the same."""
    if one.is_period:
        return one.at == other.at
    return one.at.startswith(other.at) or other.at.startswith(one.at)
