"""The round values and dates that an axis names."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Literal, NamedTuple

Precision = Literal["year", "month", "day"]


class Tick(NamedTuple):
    """A labelled tick of the time axis, with its position in days."""

    at: float
    name: str


def round_steps(low: Decimal, high: Decimal, most: int = 4) -> tuple[Decimal, ...]:
    """Return round steps that span some values.

    The steps are multiples of 1, 2 or 5 times a power of ten, at most `most` steps and one more: 0,
    10, 20, 30 for 7.3 to 29.
    """
    with localcontext() as context:
        context.prec = 80
        span = high - low or abs(high) or Decimal(1)
        unit = Decimal(1).scaleb((span / most).adjusted())
        step = next(unit * n for n in (1, 2, 5, 10) if unit * n >= span / most)
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
        count = int(last - first) + 1
        # In plain notation: 1500, not 1.5E+3, and 47, not 47.0.
        return tuple(Decimal(f"{(step * (first + n)).normalize():f}") for n in range(count))


def precision_of(day: str) -> Precision:
    """Return an ISO date without its time of day.

    2025, 2025-06 or 2025-06-13.
    """
    return "year" if len(day) < 7 else "month" if len(day) < 10 else "day"


def middle(day: str) -> float:
    """Return the middle of an ISO date's period, in days."""
    year, month, number = (int(part or 1) for part in (day[:4], day[5:7], day[8:10]))
    start = date(year, month, number).toordinal()
    match precision_of(day):
        case "year":
            return start + (date(year, 12, 31).toordinal() - start + 1) / 2
        case "month":
            return start + monthrange(year, month)[1] / 2
        case _:
            return start + 0.5


# From fine to coarse; for months and years, only multiples are named.
_GRAINS: tuple[tuple[Precision, int], ...] = (
    *(("day", n) for n in (1, 2, 3, 4, 7, 14)),
    *(("month", n) for n in (1, 3, 6)),
    *(("year", n) for n in (1, 2, 5, 10, 20, 50, 100)),
)


def _periods(grain: Precision, every: int, first: float, last: float) -> Iterator[str]:
    """Yield the ISO dates of a grain with middles between two moments."""
    year, end = date.fromordinal(int(first)).year, date.fromordinal(int(last)).year
    if grain == "year":
        days = [f"{y:04}" for y in range(year, end + 1) if y % every == 0]
    elif grain == "month":
        days = [f"{y:04}-{m:02}" for y in range(year, end + 1) for m in range(1, 13, every)]
    else:
        start, count = date.fromordinal(int(first)), int(last - first) // every + 2
        days = [(start + timedelta(every * n)).isoformat() for n in range(count)]
    return (day for day in days if first <= middle(day) <= last)


def name_moments(
    first: float,
    last: float,
    finest: Precision,
    name: Callable[[str], str],
    has_room: Callable[[list[Tick]], bool],
) -> list[Tick]:
    """Return the finest periods between two moments whose labels all fit.

    Returns at least two periods if it returns any.
    """
    grains, found = ("day", "month", "year"), list[Tick]()
    for grain, every in _GRAINS:
        # More than thirty labels never fit.
        days = 30 if grain == "month" else 365 if grain == "year" else 1
        if grains.index(grain) < grains.index(finest) or (last - first) / days / every > 30:
            continue
        ticks = [Tick(middle(day), name(day)) for day in _periods(grain, every, first, last)]
        if len(ticks) > len(found) and has_room(ticks):
            found = ticks
        if len(found) > 1:
            break
    return found
