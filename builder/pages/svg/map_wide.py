"""The wide drawing of a map: the company in the middle, the others around it.

Owners are in a row above, rivals and stakes in a row below, suppliers and customers in columns.
Lines to a row rise from the company and spread in a band that has no text; lines to a column
spread in the gap beside the company. So no line crosses a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from builder.pages.svg.graph import Group, Map
from builder.pages.svg.map_parts import (
    MIDDLE,
    NAME,
    Centre,
    centre_of,
    draw_centre,
    draw_heading,
    draw_label,
    draw_line,
    gather,
    heading_of,
    label_of,
)
from builder.pages.svg.shapes import LINE, WIDTH, number

_WIDE = 2 * WIDTH
_COLUMN = 192.0  # width of the texts of a column
_BOX = 168.0  # width of the centre's frame, at most
_BAND = 46.0  # height in which the lines to a row spread
_CELL = 190.0  # width of a neighbour in a row, at most
_SPACE, _GROUPS = 12.0, 20.0  # between two neighbours; between two groups


class _Frame(NamedTuple):
    """The frame of the centre."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def draw_wide(map: Map) -> tuple[list[str], float]:
    """Return the drawing, 640 wide, and its height."""
    above, left, right, below = (map.at(place) for place in ("above", "left", "right", "below"))
    centre = centre_of(map.name, _BOX)
    head = _row_height(above) + _BAND if above else 1.0
    columns = [_column_height(groups) for groups in (left, right)]
    zone = max(*columns, centre.height)
    frame = _place_centre(centre, head + (zone - centre.height) / 2)
    made = [draw_centre(map, centre, frame.left, frame.top)]
    if above:
        made += _draw_row(map, above, 0.0, frame, head, above=True)
    for groups, height, to_right in zip((left, right), columns, (False, True), strict=True):
        made += _draw_column(map, groups, head + (zone - height) / 2, frame, to_right)
    bottom = head + zone
    if below:
        made += _draw_row(map, below, bottom + _BAND, frame, bottom, above=False)
        bottom += _BAND + _row_height(below)
    return made, bottom


def _place_centre(centre: Centre, top: float) -> _Frame:
    left = WIDTH - centre.width / 2
    return _Frame(left, top, left + centre.width, top + centre.height)


def _spread(count: int, length: float) -> list[float]:
    """Return the places at which lines leave a side of the frame, from its middle."""
    step = min(9.0, (length - 16) / max(1, count - 1))
    return [(n - (count - 1) / 2) * step for n in range(count)]


# --- rows --------------------------------------------------------------------------------------


def _cell(groups: Sequence[Group]) -> float:
    """Return the width of a neighbour in a row."""
    return min(_CELL, _WIDE / max(1, sum(len(group.neighbours) for group in groups)))


def _parts(groups: Sequence[Group]) -> tuple[float, float]:
    """Return the heights of the headings and of the neighbours of a row."""
    cell = _cell(groups)
    headings = [heading_of(group, cell * len(group.neighbours) - 12) for group in groups]
    labels = [label_of(n, cell - 12) for group in groups for n in group.neighbours]
    return max(h.height for h in headings), max(label.height for label in labels)


def _row_height(groups: Sequence[Group]) -> float:
    headings, labels = _parts(groups)
    return headings + 8 + labels


def _draw_row(
    map: Map, groups: Sequence[Group], top: float, frame: _Frame, edge: float, above: bool
) -> list[str]:
    """Draw a row of neighbours, with its headings outside and its lines inside.

    `edge` is where the lines begin to spread."""
    cell, (headings, labels) = _cell(groups), _parts(groups)
    count = sum(len(group.neighbours) for group in groups)
    starts = _spread(count, frame.right - frame.left)
    x, n, made = WIDTH - cell * count / 2, 0, []
    inner = top + headings + 8 + labels + 7 if above else top - 7
    begin = frame.top if above else frame.bottom
    for group in groups:
        width = cell * len(group.neighbours)
        heading = heading_of(group, width - 12)
        at = top + headings - heading.height if above else top + labels + 8
        inside = [draw_heading(map, heading, x + width / 2, at, "middle")]
        for neighbour in group.neighbours:
            label, middle = label_of(neighbour, cell - 12), x + cell / 2
            start, half = frame.middle[0] + starts[n], (edge + inner) / 2
            way = (
                f"M{number(start)} {number(begin)}V{number(edge)}C{number(start)} {number(half)} "
                f"{number(middle)} {number(half)} {number(middle)} {number(inner)}"
            )
            block = top + headings + 8 + labels - label.height if above else top
            inside.append(draw_line(neighbour.state, way, middle, inner))
            inside.append(draw_label(label, middle, block, "middle"))
            x, n = x + cell, n + 1
        made.append(gather(group, *inside))
    return made


# --- columns -----------------------------------------------------------------------------------


def _column_height(groups: Sequence[Group]) -> float:
    height = 0.0
    for n, group in enumerate(groups):
        labels = [label_of(neighbour, _COLUMN).height for neighbour in group.neighbours]
        height += heading_of(group, _COLUMN).height + 5 + sum(labels)
        height += _SPACE * (len(labels) - 1) + (_GROUPS if n else 0)
    return height


def _draw_column(
    map: Map, groups: Sequence[Group], y: float, frame: _Frame, to_right: bool
) -> list[str]:
    """Draw neighbours below each other, with lines from the side of the frame."""
    x, anchor = (_WIDE - _COLUMN, "start") if to_right else (_COLUMN, "end")
    begin, end = (frame.right, x - 9) if to_right else (frame.left, x + 9)
    starts = _spread(sum(len(group.neighbours) for group in groups), frame.bottom - frame.top)
    n, made = 0, []
    for group in groups:
        y += _GROUPS if n else 0
        heading = heading_of(group, _COLUMN)
        inside = [draw_heading(map, heading, x, y, anchor)]
        y += heading.height + 5
        for neighbour in group.neighbours:
            label = label_of(neighbour, _COLUMN)
            start, middle = frame.middle[1] + starts[n], y + NAME * (LINE - 0.3) - MIDDLE
            half = number((begin + end) / 2)
            way = (
                f"M{number(begin)} {number(start)}C{half} {number(start)} "
                f"{half} {number(middle)} {number(end)} {number(middle)}"
            )
            inside.append(draw_line(neighbour.state, way, end, middle))
            inside.append(draw_label(label, x, y, anchor))
            y, n = y + label.height + _SPACE, n + 1
        y -= _SPACE
        made.append(gather(group, *inside))
    return made
