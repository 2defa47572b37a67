"""An SVG chart of values that disagree about one moment: a row for each who gives one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from builder.pages.svg.around import draw_foot, draw_head, finish
from builder.pages.svg.axes import round_steps
from builder.pages.svg.layout import (
    BASES,
    NARROW,
    Chart,
    Point,
    Size,
    is_comparison,
)
from builder.pages.svg.marks import draw_mark
from builder.pages.svg.shapes import (
    LINE,
    RULE,
    SMALL,
    SOFT,
    Box,
    Text,
    clean,
    element,
    link,
    number,
    path,
    shorten,
    text_width,
    write,
)
from builder.pages.svg.sides import sided

_ROW = 30.0  # height of a row
_AXIS = LINE * SMALL + 20  # height of the value axis
_ROOM = 10.0  # left of the first mark and right of the last


def draw_range(chart: Chart, size: Size = NARROW) -> str:
    """Return a chart of the values for one moment, the lowest first.

    Raises ValueError for points that are not `is_comparison`, which belong in a table.
    """
    if not is_comparison(chart.points):
        raise ValueError("a comparison needs three values of one moment")
    every = sorted(dict.fromkeys(chart.points), key=_rank)
    head, top = draw_head(chart, size)
    used = {point.basis for point in every}
    row = _ROW
    points = every
    if size.height:
        room = size.height - top + 16 - _AXIS - draw_foot(chart, size, used, 0)[1]
        most = max(2, int(room / 17))
        points = every if len(every) <= most else [*every[: most - 1], every[-1]]
        row = min(_ROW, room / len(points))
    names = [shorten(clean(p.by) or " ", SMALL, 0.36 * size.width) for p in points]
    left = max(text_width(name, SMALL) for name in names) + 10 + _ROOM
    low, high = min(p.low for p in points), max(p.high for p in points)
    if not (low > 0 and high - low < high / 2):
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    steps = round_steps(low, high)
    right = size.width - max(_ROOM, text_width(clean(chart.values(steps[-1])), SMALL) / 2)
    box = Box(left, top - 16, right, top - 16 + row * len(points))
    span = steps[-1] - steps[0]

    def x(value: Decimal) -> float:
        return box.left + float((value - steps[0]) / span) * (box.right - box.left)

    rows = [
        _draw_row(point, name, box.top + row * (n + 0.5), x, size.width)
        for n, (point, name) in enumerate(zip(points, names, strict=True))
    ]
    foot, bottom = draw_foot(chart, size, used, box.bottom + _AXIS)
    axis = element("g", *_axis(chart, box, steps, x, size.width), aria_hidden="true")
    drawn = [sided(part, chart.language, size.width) for part in (axis, *rows)]
    return finish(chart, size, bottom, [p.words for p in every], (head, *drawn, foot))


def _rank(point: Point) -> tuple[Any, ...]:
    return point.low, point.high, BASES.index(point.basis), point.by, point.words, point.link or ""


def _axis(
    chart: Chart,
    box: Box,
    steps: tuple[Decimal, ...],
    x: Callable[[Decimal], float],
    width: float,
) -> list[str]:
    """Draw a grid line for each step, and the labels that fit below."""
    made, end = [], -10.0
    for step in steps:
        rule = "currentColor" if step == 0 else RULE
        way = f"M{number(x(step))} {number(box.top)}V{number(box.bottom)}"
        made.append(element("path", d=way, fill="none", stroke=rule))
        name = shorten(clean(chart.values(step)), SMALL, 130)
        half = text_width(name, SMALL) / 2
        text = Text(min(max(x(step), half), width - half), box.bottom + 17, name, anchor="middle")
        if text.box.left >= end + 8:
            made.append(write(text, fill=SOFT))
            end = text.box.right
    return made


def _draw_row(
    point: Point, name: str, y: float, x: Callable[[Decimal], float], width: float
) -> str:
    """Draw who gives a value, and the value with its label."""
    low, high = x(point.low), x(point.high)
    beside, before = width - high - 10, low - text_width(name, SMALL) - 14
    on_bar = high - low - 24
    room = max(beside, before, on_bar)
    text = shorten(clean(point.label), SMALL, room, True)
    to_right = text_width(text, SMALL, True) <= beside
    at = Text(high + 9, y + 4.5, text, is_bold=True)
    if room == on_bar and not to_right:  # a range from edge to edge has its label on it
        at = Text((low + high) / 2, y + 4.5, text, anchor="middle", is_bold=True)
    elif not to_right:
        at = Text(low - 9, y + 4.5, text, anchor="end", is_bold=True)
    bar = ""
    if low != high:
        way = f"M{number(low)} {number(y)}H{number(high)}"
        bar = path(way, class_="chart-range", stroke_width=5, stroke_opacity=0.3)
    marks = [draw_mark(point.basis, place, y) for place in dict.fromkeys((low, high))]
    label = write(at, class_="chart-value", has_rim=True) if text else ""
    who = write(Text(0, y + 4.5, name), class_="chart-row") if clean(name) else ""
    return link(point.link, who, bar, *marks, label, name=None if text else point.words)
