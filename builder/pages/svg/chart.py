"""An SVG chart of a dated series of figures, without a script.

The shape of a mark and the line to it show the basis of a figure; colour never does.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from builder.pages.svg.axes import (
    Tick,
    middle,
    name_moments,
    precision_of,
    round_steps,
)
from builder.pages.svg.layout import (
    BASES,
    ROOM,
    Basis,
    Chart,
    Plot,
    Point,
    PointGroup,
    group_points,
    place_labels,
    worth_drawing,
)
from builder.pages.svg.shapes import (
    LINE,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    Box,
    Line,
    Text,
    clean,
    element,
    frame,
    link,
    number,
    path,
    shorten,
    text_width,
    write,
)  # fmt: skip

_HEIGHT = 150.0  # height of the plot


def draw_chart(chart: Chart) -> str:
    """Return a chart as SVG.

    Raises ValueError for points that are not `worth_drawing`, which belong in a table.
    """
    if not worth_drawing(chart.points):
        raise ValueError("a chart needs values of two dates")
    groups = group_points(chart.points)
    steps = _value_steps(chart, groups)
    plot, axis = _lay_out(chart, groups, steps)
    segments = _connect(plot, groups, chart.steps)
    labels = place_labels(plot, groups, [line for line, _ in segments])
    moments, below = _date_axis(chart, plot)
    legend, height = _legend(chart, groups, plot.box.bottom + 2 * LINE * SMALL + 8)
    lines = (_draw_line(segments, basis) for basis in BASES)
    marks = (_draw_group(plot, group, labels) for group in groups)
    return frame(
        "chart",
        WIDTH,
        height,
        (chart.title, chart.description, [p.words for g in groups for p in g.points]),
        (element("g", *axis, *moments, *below, aria_hidden="true"), *lines, *marks, legend),
        prefix=chart.prefix,
        language=chart.language,
        has_links=any(point.link for point in chart.points),
    )


# --- the frame of the data -------------------------------------------------------------------


def _value_steps(chart: Chart, groups: list[PointGroup]) -> tuple[Decimal, ...]:
    """Return the steps of the value axis.

    Amounts start at zero, so that twice as high means twice as much.
    """
    low, high = min(g.low for g in groups), max(g.high for g in groups)
    if not (chart.shares and low > 0 and high - low < high / 5):
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    return round_steps(low, high)


def _lay_out(
    chart: Chart, groups: list[PointGroup], steps: tuple[Decimal, ...]
) -> tuple[Plot, list[str]]:
    """Lay out the plot; draw grid lines with labels at the left."""
    names = [shorten(clean(chart.values(step)), SMALL, 76) for step in steps]
    left = max(text_width(name, SMALL) for name in names) + 6
    top = 42.0 if chart.unit else 24.0
    box = Box(left + ROOM, top, WIDTH - ROOM, top + _HEIGHT)
    plot = Plot(box, steps[0], steps[-1], groups[0].at, groups[-1].at)
    made = []
    if chart.unit:
        unit = shorten(clean(chart.unit), SMALL, WIDTH)
        made.append(write(Text(0, SMALL, unit), fill=SOFT))
    for step, name in zip(steps, names, strict=True):
        y = plot.y(step)
        # The baseline is drawn more strongly than the other grid lines.
        rule = "currentColor" if step == 0 else RULE
        end = f"M{number(left)} {number(y)}H{number(WIDTH)}"
        made.append(element("path", d=end, fill="none", stroke=rule))
        made.append(write(Text(left - 6, y + 4.5, name, anchor="end"), fill=SOFT))
    return plot, made


def _date_axis(chart: Chart, plot: Plot) -> tuple[list[str], list[str]]:
    baseline = plot.box.bottom + LINE * SMALL + 4

    def text(tick: Tick) -> Text:
        half = text_width(tick.name, SMALL) / 2
        x = min(max(plot.x(tick.at), half), WIDTH - half)
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
        lambda day: shorten(clean(chart.dates(day)), SMALL, WIDTH / 2),
        has_room,
    )
    notches = "".join(f"M{number(plot.x(t.at))} {number(plot.box.bottom)}v4" for t in ticks)
    drawn = [element("path", d=notches, fill="none", stroke="currentColor")] if ticks else []
    return drawn, [write(text(tick), fill=SOFT) for tick in ticks]


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


# Line width and dashes for each basis of a value.
_LINES: dict[Basis, tuple[float, str | None]] = {
    "actual": (2.25, None),
    "reported": (1.25, None),
    "derived": (1.25, "9 3 2 3"),
    "estimate": (1.25, "2 3"),
    "planned": (1.25, "6 4"),
    "forecast": (2.25, "1 4"),
}


def _draw_line(segments: list[tuple[Line, Basis]], basis: Basis) -> str:
    width, dashes = _LINES[basis]
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


def _draw_mark(basis: Basis, x: float, y: float) -> str:
    """Draw a mark: filled for a fact, open for a claim."""
    at = f"{number(x)} {number(y)}"
    shape = {
        "actual": f"M{at}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        "reported": f"M{at}m-3.75 0a3.75 3.75 0 1 0 7.5 0a3.75 3.75 0 1 0 -7.5 0z",
        "derived": f"M{at}m0 -5l5 5l-5 5l-5 -5z",
        "estimate": f"M{at}m0 -5l4.5 8h-9z",
        "planned": f"M{at}m-3.5 -3.5h7v7h-7z",
        "forecast": f"M{at}m-4 -4l8 8m0 -8l-8 8",
    }[basis]
    fill = "currentColor" if basis in ("actual", "derived") else PAPER
    return element(
        "path", d=shape, class_=f"chart-mark {basis}", fill=fill, stroke="currentColor",
        stroke_width=1.5,
    )  # fmt: skip


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
    inside = [_draw_mark(point.basis, x, plot.y(value)) for value in _values(point)]
    if label:
        inside.append(write(label, class_="chart-value", has_rim=True))
    return link(point.link, *inside, name=None if label else point.words)


# --- the legend ------------------------------------------------------------------------------


def _legend(chart: Chart, groups: list[PointGroup], top: float) -> tuple[str, float]:
    """Draw a line per basis in use; return the chart's height."""
    names, present = dict(chart.bases), {group.basis for group in groups}
    x, y, made = 0.0, top, []
    for basis in (basis for basis in BASES if basis in present):
        name = shorten(clean(names.get(basis, basis)), SMALL, WIDTH - 40)
        width = 36 + text_width(name, SMALL)
        if x and x + width > WIDTH:
            x, y = 0.0, y + LINE * SMALL + 2
        stroke, dashes = _LINES[basis]
        sample = path(f"M{number(x)} {number(y)}h28", stroke_width=stroke, stroke_dasharray=dashes)
        text = write(Text(x + 34, y + 4.5, name), fill=SOFT)
        made.append(sample + _draw_mark(basis, x + 14, y) + text)
        x += width + 14
    return element("g", *made, class_="chart-legend", aria_hidden="true"), y + 10
