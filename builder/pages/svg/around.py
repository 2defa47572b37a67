"""What stands around the plot of a chart: its title, unit, legend, notes and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from builder.pages.svg.layout import BASES, Basis, Chart, Size
from builder.pages.svg.marks import LINES, draw_mark
from builder.pages.svg.shapes import (
    LINE,
    PAPER,
    SMALL,
    SOFT,
    Text,
    clean,
    element,
    frame,
    number,
    path,
    shorten,
    text_width,
    wrap,
    write,
)
from builder.pages.svg.sides import directed, sided

_HEADROOM = 24.0  # above the plot, for the label of its highest value


def draw_head(chart: Chart, size: Size) -> tuple[str, float]:
    """Draw the unit and any title; return the plot's top."""
    made, y = [], 0.0
    if size.title:
        for line in wrap(chart.title, size.title, size.width, 2, True):
            y += size.title * LINE
            text = Text(0, y - 0.3 * size.title, line, size.title, is_bold=True)
            made.append(write(text, class_="chart-title"))
        y += 2
    most = 1 if size.height else 2
    for line in wrap(chart.unit, SMALL, size.width, most) if clean(chart.unit) else ():
        y += SMALL * LINE
        made.append(write(Text(0, y - 0.25 * SMALL, line), class_="chart-unit", fill=SOFT))
    drawn = element("g", *made, aria_hidden="true") if made else ""
    return sided(drawn, chart.language, size.width), y + _HEADROOM


def draw_foot(chart: Chart, size: Size, used: Collection[Basis], top: float) -> tuple[str, float]:
    """Draw the legend, notes and sources; return the bottom."""
    legend, y = _draw_legend(chart, size, used, top)
    made = []
    source = chart.source if size.title else ""
    most = 1 if size.height else 3
    for text in (chart.note, source):
        for line in wrap(text, SMALL, size.width, most) if clean(text) else ():
            made.append(write(Text(0, y + 0.8 * SMALL, line), class_="chart-note", fill=SOFT))
            y += SMALL * LINE
    drawn = legend + (element("g", *made, aria_hidden="true") if made else "")
    return sided(drawn, chart.language, size.width), y


def _draw_legend(
    chart: Chart, size: Size, used: Collection[Basis], top: float
) -> tuple[str, float]:
    """Draw a line per basis in use; none if all values are reported, or all actual."""
    if len(used) == 1 and {*used} <= {"actual", "reported"}:
        return "", top - 8
    names = dict(chart.bases)
    x, y, made = 0.0, top, []
    for basis in (basis for basis in BASES if basis in used):
        name = shorten(clean(names.get(basis, basis)), SMALL, size.width - 40)
        width = 36 + text_width(name, SMALL)
        if x and x + width > size.width:
            x, y = 0.0, y + LINE * SMALL + 2
        stroke, dashes = LINES[basis]
        sample = path(f"M{number(x)} {number(y)}h28", stroke_width=stroke, stroke_dasharray=dashes)
        text = write(Text(x + 34, y + 4.5, name), fill=SOFT)
        made.append(sample + draw_mark(basis, x + 14, y) + text)
        x += width + 14
    return element("g", *made, class_="chart-legend", aria_hidden="true"), y + 12


def finish(
    chart: Chart, size: Size, bottom: float, words: Sequence[str], inside: Iterable[str]
) -> str:
    """Return the whole drawing of a chart."""
    height = size.height or bottom
    background = ""
    if size.title:  # it stands alone, on any ground
        edge, width = number(-size.margin), number(size.width + 2 * size.margin)
        way = f"M{edge} {edge}h{width}v{number(height + 2 * size.margin)}h-{width}z"
        background = element("path", d=way, class_="chart-ground", fill=PAPER)
    return frame(
        "chart",
        size.width,
        height,
        (chart.title, chart.description, [*words, chart.note]),
        (background, *(directed(part, chart.language) for part in inside)),
        prefix=chart.prefix,
        language=chart.language,
        has_links=any(point.link for point in chart.points),
        scale=size.scale,
        margin=size.margin,
    )
