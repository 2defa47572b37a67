"""The layout of a chart: positions of figures and of labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal, NamedTuple, get_args

from builder.pages.svg.axes import middle
from builder.pages.svg.shapes import (
    SMALL,
    WIDTH,
    Box,
    Line,
    Text,
    clean,
    shorten,
    text_width,
)

# In order of precedence among the bases of one date.
Basis = Literal["actual", "reported", "derived", "estimate", "planned", "forecast"]
BASES: tuple[Basis, ...] = get_args(Basis)


class Point(NamedTuple):
    """A figure; `at` is the ISO date of a year, month, day."""

    at: str
    low: Decimal
    high: Decimal  # equal to `low`, except for a range
    label: str  # as printed beside it: $14bn
    words: str  # as read out: $14bn in May 2025 (reported)
    basis: Basis
    preferred: bool = False
    link: str | None = None
    by: str = ""  # who gives it: the label of a row where values are compared


class Chart(NamedTuple):
    """A metric of a company, with functions that format its axes."""

    title: str
    description: str
    points: tuple[Point, ...]
    values: Callable[[Decimal], str]  # prints a value on the axis
    dates: Callable[[str], str]  # prints 2025, 2025-06 or 2025-06-13 on the axis
    bases: tuple[tuple[Basis, str], ...]  # the bases in the words of the legend
    unit: str = ""  # what the values are, where the axis does not say it: million people
    note: str = ""  # what the chart does not draw
    source: str = ""  # printed in a drawing that stands alone
    language: str = "en"
    prefix: str = "chart"  # prefix of ids, which must differ between the charts of a page
    steps: bool = False  # a value holds until the next one, such as a head count or a stake
    shares: bool = False  # percentages, whose axis may start above zero


class PointGroup(NamedTuple):
    """The figures of one date and basis; several values form a range."""

    at: float
    basis: Basis
    points: tuple[Point, ...]

    @property
    def low(self) -> Decimal:
        return min(point.low for point in self.points)

    @property
    def high(self) -> Decimal:
        return max(point.high for point in self.points)

    @property
    def value(self) -> Decimal:
        """The value that the line passes through.

        The preferred value, or the middle of a range.
        """
        chosen = [point for point in self.points if point.preferred] or self.points
        return (min(p.low for p in chosen) + max(p.high for p in chosen)) / 2


class Plot(NamedTuple):
    """The plot area, with the values and days of its edges."""

    box: Box
    low: Decimal
    high: Decimal
    first: float
    last: float

    def x(self, at: float) -> float:
        span = self.last - self.first
        return self.box.left + (at - self.first) / span * (self.box.right - self.box.left)

    def y(self, value: Decimal) -> float:
        share = float((value - self.low) / (self.high - self.low))
        return self.box.bottom - share * (self.box.bottom - self.box.top)


class Size(NamedTuple):
    """The size of a drawing, in units of its view box.

    One with a title stands alone: it also has its sources, and a background."""

    width: float
    plot: float  # height of the plot, if the drawing's height follows from its parts
    height: float = 0.0  # of a drawing whose height is given
    title: float = 0.0  # font size of the title; 0 if the page has it
    margin: float = 0.0
    scale: float = 1.0  # pixels of a unit


NARROW = Size(WIDTH, 150)
WIDE = Size(2 * WIDTH, 220)
LEAD = Size(560, 0, height=275, title=21, margin=20, scale=2)  # 1200 × 630 pixels

ROOM = 18.0  # left of the first mark and right of the last
_MANY = 8  # dates; with more, some values have no label
_REACH = 5.0  # half a mark, with the white space around it


_FEWEST = 3  # times that are a series, or values that are a comparison
_EXPECTED: tuple[Basis, ...] = ("planned", "forecast")


def moments_of(points: Iterable[Point]) -> frozenset[str]:
    """Return the distinct times; June 2025 includes 12 June 2025."""
    found = {point.at[:10] for point in points}
    return frozenset(at for at in found if not any(o != at and o.startswith(at) for o in found))


def is_series(points: Iterable[Point]) -> bool:
    """Return whether the points have values of at least three times."""
    given = tuple(points)
    return len(moments_of(given)) >= _FEWEST and len({middle(p.at) for p in given}) > 1


def is_comparison(points: Iterable[Point]) -> bool:
    """Return whether the points are at least three values for one moment."""
    given = tuple(points)
    return len(moments_of(given)) == 1 and len({(p.low, p.high) for p in given}) >= _FEWEST


def without_far(points: Iterable[Point]) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return the points to draw, and those that would flatten them.

    The latter are expected values: more than three times as high as what has been measured, or
    farther ahead than the measured values reach back."""
    given = tuple(points)
    measured = [point for point in given if point.basis not in _EXPECTED]
    if not measured:
        return given, ()
    times = [middle(point.at) for point in measured]
    last, span = max(times), max(max(times) - min(times), 366.0)
    highest = max(max(abs(point.low), abs(point.high)) for point in measured)

    def is_far(point: Point) -> bool:
        size = max(abs(point.low), abs(point.high))
        return point.basis in _EXPECTED and (
            size > 3 * highest or middle(point.at) > last + 1.5 * span
        )

    return tuple(p for p in given if not is_far(p)), tuple(p for p in given if is_far(p))


def group_points(points: tuple[Point, ...]) -> list[PointGroup]:
    """Return points grouped by date and basis, the firmest basis first."""

    def key(point: Point) -> tuple[float, int]:
        return middle(point.at), BASES.index(point.basis)

    def rank(point: Point) -> tuple[Any, ...]:
        return *key(point), *point[1:5], not point.preferred, point.link or "", point.at, point.by

    ordered = sorted(dict.fromkeys(points), key=rank)
    return [PointGroup(at, BASES[n], (*found,)) for (at, n), found in groupby(ordered, key)]


# --- the labels ------------------------------------------------------------------------------


class Mark(NamedTuple):
    """A figure to be labelled: its place and its free side."""

    point: Point
    x: float
    top: float
    bottom: float
    is_lowest: bool


def _around(mark: Mark, text: str, limits: Box) -> list[Text]:
    """Yield places for a label, best first.

    Above or below its mark, beside it, farther off.
    """
    x, width = mark.x, text_width(text, SMALL, True)
    shifted = min(max(x, limits.left + width / 2), limits.right - width / 2)
    found = []
    for far in (0.0, 12.0):
        above, below = mark.top - _REACH - 5 - far, mark.bottom + _REACH + SMALL + far
        for y in (below, above) if mark.is_lowest else (above, below):
            found += [
                Text(shifted, y, text, anchor="middle", is_bold=True),
                Text(x + 4, y, text, anchor="end", is_bold=True),
                Text(x - 4, y, text, is_bold=True),
            ]
        found += [
            Text(x - _REACH - 3 - far, mark.top + 4.5, text, anchor="end", is_bold=True),
            Text(x + _REACH + 3 + far, mark.bottom + 4.5, text, is_bold=True),
        ]
    return found


def _to_label(plot: Plot, groups: list[PointGroup]) -> list[Mark]:
    """Return the figures to label: preferred values and the ends of ranges.

    With many dates, only the first, the last, the highest and the lowest. The newest comes first,
    then the oldest, then the highest.
    """
    ends = [groups[-1].at, groups[0].at]
    marks = []
    for group in groups:
        lowest, highest = min(group.points, key=_low), max(group.points, key=_high)
        for p in dict.fromkeys(p for p in group.points if p.preferred or p in (lowest, highest)):
            place = plot.x(group.at), plot.y(p.high), plot.y(p.low)
            marks.append(Mark(p, *place, p is lowest and p is not highest))
    if len({group.at for group in groups}) > _MANY:
        extremes = (max(p.high for g in groups for p in g.points), min(g.low for g in groups))
        marks = [
            m
            for m in marks
            if middle(m.point.at) in ends or {m.point.low, m.point.high} & {*extremes}
        ]

    def rank(mark: Mark) -> tuple[int, bool, Decimal, str, str]:
        at = middle(mark.point.at)
        end = ends.index(at) if at in ends else 2
        return end, not mark.point.preferred, -mark.point.high, mark.point.at, mark.point.label

    return sorted(marks, key=rank)


def _low(point: Point) -> Decimal:
    return point.low


def _high(point: Point) -> Decimal:
    return point.high


def place_labels(plot: Plot, groups: list[PointGroup], lines: list[Line]) -> dict[Point, Text]:
    """Label each mark that has room.

    The text alternative has all values anyway.
    """
    box = plot.box
    limits = Box(box.left - ROOM + 2, box.top - ROOM, box.right + ROOM - 1, box.bottom - 2)
    taken = []
    for group in groups:
        x, top, bottom = plot.x(group.at), plot.y(group.high), plot.y(group.low)
        taken.append(Box(x - _REACH, top - _REACH, x + _REACH, bottom + _REACH))
    placed: dict[Point, Text] = {}
    for mark in _to_label(plot, groups):
        text = shorten(clean(mark.point.label), SMALL, 120, True)
        free = [
            label
            for label in _around(mark, text, limits)
            if text and label.box.is_inside(limits) and not any(map(label.box.meets, taken))
        ]
        clear = [label for label in free if not any(label.box.is_crossed(line) for line in lines)]
        for label in (clear or free)[:1]:
            placed[mark.point] = label
            taken.append(label.box)
    return placed
