"""The ledger of figures of all published briefs, with conflicts between them."""

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
_MOST = 50  # figures of one metric and year that are compared with each other, at most


class FigureRecord(Struct, frozen=True, array_like=True):
    """A figure of a brief in the ledger.

    Companies are slugs, and `number` is its index in the brief. `key` is the same for all spellings
    of a metric. `at` is the date, at its precision, or the period. `rivals` are figures (brief, id)
    that conflict with it; `settled` is the preferred one of them and itself, or None."""

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
        """Its identity: brief and id."""
        return self.brief, self.id

    @property
    def in_time(self) -> tuple[str, str]:
        """The sort key by time: end of a period, then beginning."""
        if not self.is_period:
            return self.at, self.at
        year, _, part = self.at.partition("-")
        begin, end = _MONTHS.get(part, (part, part))
        return f"{year}-{end}", f"{year}-{begin}"

    @property
    def subject(self) -> tuple[str, str, str, str, str]:
        """The key that figures share if they are compared."""
        return self.of, self.to, self.key, unit_key(self.value.unit), self.basis


def figure_ledger(
    briefs: Iterable[Outline], resolve: Callable[[str], str], publisher: Callable[[str], str]
) -> tuple[FigureRecord, ...]:
    """Return the figures of some briefs by company, metric and time.

    `resolve` returns the slug of a company or an empty string, `publisher` the printed name of a
    publisher."""
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
                publisher=publisher(name) if name else "",
                preferred=figure.preferred,
                as_of=figure.as_of,
            )


def _time(figure: Figure) -> str:
    return str(figure.period) or (figure.as_of.iso if figure.as_of else "")


def _compared(values: list[FigureRecord]) -> Iterator[tuple[FigureRecord, dict[str, Any]]]:
    """Yield each figure with its `rivals` and `settled`, if any."""
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
    """Return whether two figures have one period, or possibly one day."""
    if one.is_period:
        return one.at == other.at
    return one.at.startswith(other.at) or other.at.startswith(one.at)
