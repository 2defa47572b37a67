"""The chart on the share card of a company: a line through the values of its leading figure."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from builder.pages.parts.figure_charts import charts_of
from builder.pages.parts.figures import FigureLine, distinct
from builder.pages.planner import Planner
from builder.pages.svg.axes import middle
from builder.pages.svg.layout import group_points

_LEFT, _TOP, _WIDTH, _HEIGHT = 752, 486, 352, 82  # of the plot, in pixels of the card
_FEWEST = 3  # values
_AHEAD = ("planned", "forecast")  # what has not happened is not drawn


class ChartMark(Struct, frozen=True):
    """A value on the chart."""

    x: Annotated[int, "Its place from the left, in pixels."]
    y: Annotated[int, "Its place from the top, in pixels."]


class CardChart(Struct, frozen=True, kw_only=True):
    """A line through the values of a figure, from the first to the latest."""

    marks: Annotated[tuple[ChartMark, ...], "The values, the first first."]
    first: Annotated[str, "The first value, as printed beside it."]
    since: Annotated[str, "The date of the first value."]
    until: Annotated[str, "The date of the latest value."]


def card_chart(plan: Planner, slug: str, line: FigureLine) -> CardChart | None:
    """Return the chart of a company's figure.

    It has none without values of three times."""
    values = sorted(
        (v for v in plan.view.figures_of(slug) if v.of == slug and v.metric == line.metric),
        key=lambda v: (v.in_time, v.brief, v.number),
    )
    own = [v for v in values if not v.to]
    chart = next(charts_of(plan, slug, line.metric, distinct(own), "card"), None) if own else None
    if chart is None:
        return None
    points = tuple(point for point in chart.points if point.basis not in _AHEAD)
    groups = sorted(group_points(points), key=lambda group: group.at)
    times = {group.at: group for group in groups}
    highest = max((group.value for group in times.values()), default=0)
    if len(times) < _FEWEST or highest <= 0 or min(g.value for g in times.values()) < 0:
        return None
    begin, end = min(times), max(times)
    marks = tuple(
        ChartMark(
            round(_LEFT + _WIDTH * (at - begin) / (end - begin)),
            round(_TOP + _HEIGHT * (1 - float(group.value / highest))),
        )
        for at, group in sorted(times.items())
    )
    dated = sorted(points, key=lambda point: middle(point.at))
    return CardChart(
        marks=marks,
        first=times[begin].points[0].label,
        since=chart.dates(dated[0].at[:7]),
        until=chart.dates(dated[-1].at[:7]),
    )
