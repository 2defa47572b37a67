"""An SVG map of a company and the companies related to it.

A stem grows from the company. Beside it the others are listed below each other, with their
relations to it in words; their relations to each other run along the margin, in the order that
`graph` computes. Texts never overlap, and a phone shows all of a narrow map. A wide map has
companies on both sides.
"""

from __future__ import annotations

from builder.pages.svg.columns import (
    MIDDLE,
    STEM,
    TEXT,
    Cell,
    ColumnSide,
    Label,
    place_column,
    texts_of,
)
from builder.pages.svg.graph import (
    STATES,
    Map,
    Node,
    State,
    find_lanes,
    line_up,
    part,
)
from builder.pages.svg.shapes import (
    LINE,
    SMALL,
    SOFT,
    WIDTH,
    Text,
    clean,
    element,
    frame,
    link,
    number,
    path,
    shorten,
    text_width,
    wrap,
    write,
)


def draw_map(map: Map, wide: bool = False) -> str:
    """Return a map of all its companies as SVG; see `choose_neighbours`.

    A narrow map is 320 wide, a wide one 640. Raises ValueError if the centre has no neighbours.
    """
    rows = line_up(map)
    if not rows:
        raise ValueError("a map needs a neighbour")
    names = {node.id: node.name for node in map.nodes}
    two = wide and len(rows) > 1
    halves = part(rows) if two else (rows, [])
    stem, width = WIDTH if two else STEM, 2 * WIDTH if wide else WIDTH
    sides = [
        ColumnSide(stem, to_right, half, find_lanes(half), names)
        for half, to_right in zip(halves, (not two, two), strict=True)
        if half
    ]
    head, top = _draw_centre(next(n for n in map.nodes if n.id == map.centre), stem, two)
    cells = [place_column(side, top) for side in sides]
    labels = [label for column in cells for cell in column for label in cell.own + cell.onward]
    bottom = max(text.box.bottom for column in cells for text in texts_of(column[-1]))
    legend, height = _legend(map, {label.edge.state for label in labels}, bottom + 20, width)
    return frame(
        "map wide" if wide else "map",
        width,
        height,
        (map.title, map.description, [label.edge.words for label in labels]),
        (
            head,
            _draw_stem(stem, top, [cell for column in cells for cell in column]),
            *(
                part
                for side, column in zip(sides, cells, strict=True)
                for part in _draw_side(side, column, map.centre)
            ),
            legend,
        ),
        prefix=map.prefix,
        language=map.language,
        has_links=any(node.url for node in map.nodes) or any(e.link for e in map.edges),
    )


# --- the drawing -----------------------------------------------------------------------------


def _draw_centre(node: Node, stem: float, two: bool) -> tuple[str, float]:
    """Draw the centre's name in a frame; return the frame's bottom."""
    size, padding = 16.0, 11.0
    lines = wrap(node.name, size, WIDTH - 2 * padding - 2, 3, True)
    width = max(text_width(line, size, True) for line in lines) + 2 * padding
    left = stem - width / 2 if two else 1.0
    texts = [
        Text(left + width / 2, 24 + n * size * LINE, line, size, "middle", True)
        for n, line in enumerate(lines)
    ]
    bottom = texts[-1].y + 11
    way = f"M{number(left)} 1h{number(width)}V{number(bottom)}h{number(-width)}z"
    around = path(way, class_="map-frame", stroke_width=1.5)
    name = link(node.url, *(write(text, class_="map-centre") for text in texts))
    return around + name, bottom


def _draw_stem(stem: float, top: float, cells: list[Cell]) -> str:
    ends = [label.height for cell in cells for label in cell.own]
    if not ends:
        return ""
    return path(
        f"M{number(stem)} {number(top)}V{number(max(ends))}", class_="map-stem", stroke_width=1.5
    )


# Width, dashes and colour of a relation's line.
_LINES: dict[State, tuple[float, str | None, str]] = {
    "current": (1.5, None, "currentColor"),
    "planned": (1.5, "5 3", "currentColor"),
    "former": (1.5, "1.5 3", SOFT),
}


def _draw_line(state: State, way: str, tips: str = "") -> str:
    width, dashes, colour = _LINES[state]
    line = element(
        "path",
        d=way,
        class_=f"map-line {state}",
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_dasharray=dashes,
    )
    return line + (element("path", d=tips, fill=colour) if tips else "")


def _tip(x: float, y: float, to_right: bool) -> str:
    """Return the path of an arrowhead with its tip at a point."""
    return f"M{number(x)} {number(y)}l{'-' if to_right else ''}7 -3.5v7z"


def _draw_side(side: ColumnSide, cells: list[Cell], centre: str) -> list[str]:
    own = [_draw_own(side, label, centre) for cell in cells for label in cell.own]
    return [*own, *_draw_margin(side, cells), *(_draw_cell(cell) for cell in cells)]


def _draw_own(side: ColumnSide, label: Label, centre: str) -> str:
    """Draw the lines from the stem to the words."""
    edge, y, tips = label.edge, label.height, ""
    begin, end = 0.0, TEXT - 5
    if edge.mutual or edge.target == centre:
        tips += _tip(side.x(1.5), y, not side.to_right)
        begin = 6.0
    if edge.mutual or edge.source == centre:
        tips += _tip(side.x(end), y, side.to_right)
        end -= 6
    way = f"M{number(side.x(begin))} {number(y)}H{number(side.x(end))}"
    return _draw_line(edge.state, way, tips)


def _draw_margin(side: ColumnSide, cells: list[Cell]) -> list[str]:
    """Draw lines along the margin, from words to the other company's name."""
    lines = [(label, cell.row.node.id) for cell in cells for label in cell.onward]
    lines = sorted(
        (x for x in lines if x[0].edge in side.lanes), key=lambda x: side.lane(x[0].edge)
    )
    made = []
    for cell in cells:
        id = cell.row.node.id
        arriving = [label for label, own in lines if id in label.edge[:2] and id != own]
        for count, label in enumerate(arriving):
            # Lines that end at the same name end below each other, the outer ones lower.
            shift = 8 * (count + 0.5) / len(arriving) - 4 if len(arriving) > 1 else 0
            made.append(_draw_onward(side, label, cell, shift))
    return made


def _draw_onward(side: ColumnSide, label: Label, to: Cell, shift: float) -> str:
    edge, y = label.edge, to.name[0].y - MIDDLE + shift
    box = (to.kind if to.kind and len(to.name) == 1 else to.name[0]).box
    end = abs((box.right if side.to_right else box.left) - side.stem) + 5
    begin, tips = side.end + 4, ""
    arrives = edge.mutual or edge.target == to.row.node.id
    if edge.mutual or not arrives:
        tips += _tip(side.x(side.end + 3), label.height, not side.to_right)
        begin += 4
    if arrives:
        tips += _tip(side.x(end), y, not side.to_right)
        end += 6
    lane = number(side.x(side.lane(edge)))
    way = (
        f"M{number(side.x(begin))} {number(label.height)}H{lane}V{number(y)}H{number(side.x(end))}"
    )
    return _draw_line(edge.state, way, tips)


def _draw_cell(cell: Cell) -> str:
    name = link(cell.row.node.url, *(write(text, class_="map-name") for text in cell.name))
    kind = write(cell.kind, class_="map-kind", fill=SOFT) if cell.kind else ""
    return name + kind + "".join(map(_draw_label, cell.own + cell.onward))


def _draw_label(label: Label) -> str:
    fill = SOFT if label.edge.state == "former" else None
    lines = (write(text, class_="map-label", fill=fill) for text in label.lines)
    return link(label.edge.link, *lines)


def _legend(map: Map, present: set[State], top: float, right: float) -> tuple[str, float]:
    """Draw the legend, if needed; return the drawing's height."""
    if len(present) < 2:
        return "", top - 12
    names = dict(map.states)
    x, y, made = 0.0, top, []
    for state in (state for state in STATES if state in present):
        name = shorten(clean(names.get(state, state)), SMALL, WIDTH - 40)
        width = 36 + text_width(name, SMALL)
        if x and x + width > right:
            x, y = 0.0, y + LINE * SMALL + 2
        line = _draw_line(state, f"M{number(x)} {number(y)}h28")
        made.append(line + write(Text(x + 34, y + MIDDLE, name), fill=SOFT))
        x += width + 14
    return element("g", *made, class_="map-legend", aria_hidden="true"), y + 10
