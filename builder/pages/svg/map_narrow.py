"""The narrow drawing of a map: a stem with owners above the company, the others below it."""

from __future__ import annotations

from builder.pages.svg.graph import Group, Map
from builder.pages.svg.map_parts import (
    MIDDLE,
    NAME,
    centre_of,
    draw_centre,
    draw_heading,
    draw_label,
    draw_line,
    gather,
    heading_of,
    label_of,
)
from builder.pages.svg.shapes import LINE, WIDTH, number, path

_STEM = 12.0  # from the left edge
_TEXT = 38.0  # from the left edge
_SPACE, _GROUPS = 10.0, 18.0  # between two neighbours; between two groups


def draw_narrow(map: Map) -> tuple[list[str], float]:
    """Return the drawing, 320 wide, and its height."""
    ends: list[float] = []
    owners, y = _draw_list(map, map.at("above"), 0.0, ends, above=True)
    y += _GROUPS if owners else 1.0
    centre = centre_of(map.name, WIDTH - 2)
    box, top = draw_centre(map, centre, 1.0, y), y
    rest, bottom = _draw_list(
        map, map.at("left", "right", "below"), y + centre.height, ends, above=False
    )
    first = min([*ends, top]) if owners else top + centre.height
    last = max([*ends, top])
    stem = ""
    if ends:
        way = f"M{number(_STEM)} {number(first)}V{number(last)}"
        stem = path(way, class_="map-stem", stroke_width=1.5)
    return [stem, *owners, box, *rest], bottom


def _draw_list(
    map: Map, groups: list[Group], y: float, ends: list[float], above: bool
) -> tuple[list[str], float]:
    """Draw groups below each other; return the bottom of the last.

    Adds the height of each line to `ends`."""
    made, width = [], WIDTH - _TEXT - 2
    for n, group in enumerate(groups):
        y += _GROUPS if n or not above else 2.0
        heading = heading_of(group, width)
        inside = [draw_heading(map, heading, _TEXT, y, "start")]
        y += heading.height + 3
        for neighbour in group.neighbours:
            label = label_of(neighbour, width)
            middle = y + NAME * (LINE - 0.3) - MIDDLE
            way = f"M{number(_STEM)} {number(middle)}H{number(_TEXT - 9)}"
            line = draw_line(neighbour.state, way, _TEXT - 9, middle)
            inside += [line, draw_label(label, _TEXT, y, "start")]
            ends.append(middle)
            y += label.height + _SPACE
        y -= _SPACE
        made.append(gather(group, *inside))
    return made, y
