"""An SVG chart of a dated series of figures, without a script.

The shape of a mark and the line to it show the basis of a figure; colour never does.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from builder.pages.svg.around import draw_foot, draw_head, finish
from builder.pages.svg.axes import Tick, middle, name_moments, precision_of, round_steps
from builder.pages.svg.layout import (
    BASES,
    NARROW,
    ROOM,
    Basis,
    Chart,
    Plot,
    Point,
    PointGroup,
    Size,
    group_points,
    is_series,
    place_labels,
)
from builder.pages.svg.marks import LINES, draw_mark
from builder.pages.svg.shapes import (
    LINE,
    RULE,
    SMALL,
    SOFT,
    Box,
    Line,
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

_AXIS = 2 * LINE * SMALL + 8  # height of the time axis


def draw_chart(chart: Chart, size: Size = NARROW) -> str:
    """Return a chart as SVG.

    Raises ValueError for points that are not `is_series`, which belong in a table.
    """
    if not is_series(chart.points):
        raise ValueError("a chart needs values of three times")
    groups = group_points(chart.points)
    head, top = draw_head(chart, size)
    used = {group.basis for group in groups}
    height = size.plot
    if size.height:
        height = size.height - top - _AXIS - draw_foot(chart, size, used, 0)[1]
    steps = _value_steps(chart, groups, most=4 if height > 100 else 2)
    plot, axis = _lay_out(chart, size, groups, steps, top, height)
    segments = _connect(plot, groups, chart.steps)
    labels = place_labels(plot, groups, [line for line, _ in segments])
    moments, below = _date_axis(chart, plot, size.width)
    foot, bottom = draw_foot(chart, size, used, plot.box.bottom + _AXIS)
    lines = (_draw_line(segments, basis) for basis in BASES)
    marks = (_draw_group(plot, group, labels) for group in groups)
    drawn = (element("g", *axis, *moments, *below, aria_hidden="true"), *lines, *marks)
    words = [point.words for group in groups for point in group.points]
    return finish(chart, size, bottom, words, (head, *drawn, foot))


# --- the frame of the data -------------------------------------------------------------------


def _value_steps(chart: Chart, groups: list[PointGroup], most: int) -> tuple[Decimal, ...]:
    """Return the steps of the value axis.

    Amounts start at zero, so that twice as high means twice as much.
    """
    low, high = min(g.low for g in groups), max(g.high for g in groups)
    if not (chart.shares and low > 0 and high - low < high / 5):
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    return round_steps(low, high, most)


def _lay_out(
    chart: Chart,
    size: Size,
    groups: list[PointGroup],
    steps: tuple[Decimal, ...],
    top: float,
    height: float,
) -> tuple[Plot, list[str]]:
    """Lay out the plot; draw grid lines with labels at the left."""
    names = [shorten(clean(chart.values(step)), SMALL, 130) for step in steps]
    left = max(text_width(name, SMALL) for name in names) + 6
    box = Box(left + ROOM, top, size.width - ROOM, top + height)
    plot = Plot(box, steps[0], steps[-1], groups[0].at, groups[-1].at)
    made = []
    for step, name in zip(steps, names, strict=True):
        y = plot.y(step)
        # The baseline is drawn more strongly than the other grid lines.
        rule = "currentColor" if step == 0 else RULE
        end = f"M{number(left)} {number(y)}H{number(size.width)}"
        made.append(element("path", d=end, fill="none", stroke=rule))
        made.append(write(Text(left - 6, y + 4.5, name, anchor="end"), fill=SOFT))
    return plot, made


def _date_axis(chart: Chart, plot: Plot, width: float) -> tuple[list[str], list[str]]:
    baseline = plot.box.bottom + LINE * SMALL + 4

    def text(tick: Tick) -> Text:
        half = text_width(tick.name, SMALL) / 2
        x = min(max(plot.x(tick.at), half), width - half)
        return Text(x, baseline, tick.name, anchor="middle")

    def has_room(ticks: list[Tick]) -> bool:
        boxes = [text(tick).box for tick in ticks]
        return boxes[0].left >= 0 and all(not a.meets(b, 10) for a, b in pairwise(boxes))

    finest = min((precision_of(p.at) for p in chart.points), key=("day", "month", "year").index)
    margin = ROOM / (plot.box.right - plot.box.left) * (plot.last - plot.first)
    ticks = name_moments(
        plot.first - margin,
        plot.last + margin,
        finest,
        lambda day: _date(chart, day, width),
        has_room,
    )
    if len(ticks) < 2:  # then the ends of the line say more than one period between them
        first, *_, last = sorted(chart.points, key=lambda point: (middle(point.at), point.at))
        ends = [Tick(middle(p.at), _date(chart, p.at, width)) for p in (first, last)]
        ticks = ends if has_room(ends) else ticks
    notches = "".join(f"M{number(plot.x(t.at))} {number(plot.box.bottom)}v4" for t in ticks)
    drawn = [element("path", d=notches, fill="none", stroke="currentColor")] if ticks else []
    return drawn, [write(text(tick), fill=SOFT) for tick in ticks]


def _date(chart: Chart, day: str, width: float) -> str:
    return shorten(clean(chart.dates(day)), SMALL, width / 2)


# --- the data --------------------------------------------------------------------------------


def _connect(plot: Plot, groups: list[PointGroup], steps: bool) -> list[tuple[Line, Basis]]:
    """Draw lines from each date to the next.

    If a date has several bases, the line passes through the firmest one.
    """
    firm: dict[float, PointGroup] = {}
    for group in groups:
        firm.setdefault(group.at, group)
    lines: list[tuple[Line, Basis]] = []
    for a, b in pairwise(firm.values()):
        x1, y1, x2, y2 = plot.x(a.at), plot.y(a.value), plot.x(b.at), plot.y(b.value)
        if steps:
            lines += [(Line(x1, y1, x2, y1), b.basis), (Line(x2, y1, x2, y2), b.basis)]
        else:
            lines.append((Line(x1, y1, x2, y2), b.basis))
    return lines


def _draw_line(segments: list[tuple[Line, Basis]], basis: Basis) -> str:
    width, dashes = LINES[basis]
    way, end = "", None
    for line, own in segments:
        if own == basis:
            start = f"M{number(line.x1)} {number(line.y1)}"
            way += ("" if end == (line.x1, line.y1) else start) + (
                f"L{number(line.x2)} {number(line.y2)}"
            )
            end = (line.x2, line.y2)
    if not way:
        return ""
    kind = f"chart-line {basis}"
    return path(way, class_=kind, stroke_width=width, stroke_dasharray=dashes)


def _values(point: Point) -> tuple[Decimal, ...]:
    return (point.low,) if point.low == point.high else (point.low, point.high)


def _draw_group(plot: Plot, group: PointGroup, labels: dict[Point, Text]) -> str:
    x, low, high = plot.x(group.at), plot.y(group.low), plot.y(group.high)
    bar = ""
    if group.low != group.high:
        way = f"M{number(x)} {number(low)}V{number(high)}"
        bar = path(way, class_="chart-range", stroke_width=5, stroke_opacity=0.3)
    return bar + "".join(_draw_point(plot, point, labels.get(point)) for point in group.points)


def _draw_point(plot: Plot, point: Point, label: Text | None) -> str:
    x = plot.x(middle(point.at))
    inside = [draw_mark(point.basis, x, plot.y(value)) for value in _values(point)]
    if label:
        inside.append(write(label, class_="chart-value", has_rim=True))
    return link(point.link, *inside, name=None if label else point.words)
