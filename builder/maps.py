"""A company and those that it has to do with -> an SVG map.

Tall and narrow, so that it can be read on a phone: below the company a stem, on the stem the
others, one below the other, each with its relations in words. What these have to do with each
other runs along the margin. So that the lines in the margin cross as little as can be, the order
is that in which a plane drawing of the same graph would meet them going round the company; such
a drawing is found by networkx, in whole numbers and without chance: the same on any machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from builder.drawing import (
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

State = Literal["current", "planned", "former"]
STATES: tuple[State, ...] = get_args(State)


class Node(NamedTuple):
    """A company; `kind` is printed after its name: lab, vendor, investor."""

    id: str
    name: str
    kind: str = ""
    url: str | None = None


class Edge(NamedTuple):
    """A relation. `planned` is one that is to begin, or to end; `label` says which."""

    source: str
    target: str
    label: str  # as printed beside it: minority stake, 49%, since June 2025
    words: str  # as read out: Meta: minority stake in Scale AI, 49%, since June 2025
    state: State = "current"
    mutual: bool = False  # a rival, a partner: an arrow at both ends
    link: str | None = None


class Map(NamedTuple):
    """The neighbourhood of the company whose id is `centre`."""

    title: str
    description: str
    centre: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    states: tuple[tuple[State, str], ...]  # what the page calls them
    language: str = "en"
    prefix: str = "map"  # of its ids; another one for each map of a page


class Row(NamedTuple):
    """A neighbour, its relations to the centre, and those that begin here and end elsewhere."""

    node: Node
    own: tuple[Edge, ...]
    onward: tuple[Edge, ...]


class Label(NamedTuple):
    """A relation's words; lines meet them at the height of the first of them."""

    edge: Edge
    lines: tuple[Text, ...]

    @property
    def first(self) -> float:
        return self.lines[0].y - _MIDDLE


class Cell(NamedTuple):
    """A row with a place for each of its texts."""

    row: Row
    name: tuple[Text, ...]
    kind: Text | None
    own: tuple[Label, ...]
    onward: tuple[Label, ...]


_STEM = 12.0  # from the left
_TEXT = 44.0  # where the texts begin
_NAME = 14.0  # the size of a name
_MIDDLE = 4.5  # of small letters, above the line they stand on
_LANE = 9.0  # from one line in the margin to the next
_LANES = 9  # at most; what has no lane is told in words
_SPACE = 15.0  # between two neighbours


# --- whom the map shows ----------------------------------------------------------------------


def choose_neighbours(map: Map, most: int) -> tuple[Map, int]:
    """The map with the most important neighbours only, and how many were left out.

    Important is who has the most to do with the centre now, then with the others."""
    ranks = {id: (rank, at) for at, (id, rank) in enumerate(_ranked(map))}
    chosen = sorted(ranks, key=ranks.__getitem__)[:most]
    kept = {map.centre, *chosen}
    nodes = tuple(node for node in map.nodes if node.id in kept)
    edges = tuple(e for e in map.edges if e.source in kept and e.target in kept)
    return map._replace(nodes=nodes, edges=edges), len(ranks) - len(chosen)


def _ranked(map: Map) -> list[tuple[str, tuple[int, ...]]]:
    """The neighbours by name, each with what it counts for; less is more important."""
    ranked = []
    for node in sorted(map.nodes, key=lambda node: (node.name.casefold(), node.id)):
        if node.id != map.centre:
            edges = [edge for edge in map.edges if node.id in edge[:2]]
            own = [edge.state for edge in edges if map.centre in edge[:2]]
            ranked.append((node.id, (*(-own.count(state) for state in STATES), -len(edges))))
    return ranked


# --- their order -----------------------------------------------------------------------------


def _order(map: Map) -> list[str]:
    """The neighbours in the order of a plane drawing, the most important one first."""
    ranked = sorted(_ranked(map), key=lambda pair: pair[1])
    ids = [id for id, _ in ranked]
    circle = _go_round(len(ids), _pairs(map, ids))
    start = circle.index(0) if circle else 0
    # Of the two directions the one that comes first to the second in importance.
    ways = [circle[start:] + circle[:start], circle[start::-1] + circle[:start:-1]]
    return [ids[n] for n in min(ways)]


def _pairs(map: Map, ids: list[str]) -> list[tuple[int, int]]:
    """Who has to do with whom, as places in the list of ids, the most important ones first."""
    place = {id: n for n, id in enumerate(ids)}
    pairs = {
        (min(ends), max(ends))
        for edge in map.edges
        if len(ends := {place[id] for id in edge[:2] if id in place}) == 2
    }
    return sorted(pairs, key=lambda pair: (sum(pair), pair))


def _go_round(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The neighbours 0, 1, … as they stand round the centre in a drawing without crossings.

    A relation that would have to cross another is set aside. Nodes are whole numbers because
    the order in a set of strings changes from one process to the next."""
    # Here, because loading it takes longer than most builds do, and few of them draw a map.
    from networkx import Graph, check_planarity

    graph = Graph([(-1, n) for n in range(count)])
    for pair in pairs:
        graph.add_edge(*pair)
        if not check_planarity(graph)[0]:
            graph.remove_edge(*pair)
    embedding = check_planarity(graph)[1]
    return list(embedding.neighbors_cw_order(-1)) if count else []


def _rows(map: Map) -> list[Row]:
    order = _order(map)
    nodes = {node.id: node for node in map.nodes}
    edges = sorted({*map.edges}, key=lambda e: (STATES.index(e.state), e[:4], e.link or ""))
    return [
        Row(
            nodes[id],
            tuple(e for e in edges if {*e[:2]} == {id, map.centre}),
            tuple(e for e in edges if e.source == id and e.target in set(order) - {id}),
        )
        for id in order
    ]


# --- the margin ------------------------------------------------------------------------------


def _lanes(rows: list[Row]) -> dict[Edge, int]:
    """A line of the margin for each relation between neighbours, so that no two of them meet in
    one; short ones inside. What is left without one is told in words alone."""
    place = {row.node.id: n for n, row in enumerate(rows)}
    onward = [edge for row in rows for edge in row.onward]
    spans = sorted(
        (abs(place[e.source] - place[e.target]), *sorted((place[e.source], place[e.target])), n)
        for n, e in enumerate(onward)
    )
    lanes: dict[Edge, int] = {}
    taken: list[set[int]] = [set() for _ in range(_LANES)]
    for _, first, last, number in spans:
        passed = set(range(first, last + 1))
        free = next((lane for lane, rows in enumerate(taken) if not rows & passed), None)
        if free is not None:
            lanes[onward[number]] = free
            taken[free] |= passed
    return lanes


# --- places ----------------------------------------------------------------------------------


class Sheet(NamedTuple):
    """What all cells share: where the texts end, and the lane and the names that relations need."""

    right: float
    lanes: dict[Edge, int]
    names: dict[str, str]

    def text_of(self, edge: Edge, centre: str) -> str:
        """Without a line that leads there, the other company is named."""
        if centre in edge[:2] or edge in self.lanes:
            return edge.label
        return f"{edge.label} {'↔' if edge.mutual else '→'} {self.names[edge.target]}"

    def lane(self, edge: Edge) -> float:
        return self.right + 16 + self.lanes[edge] * _LANE


def _stack(texts: list[str], top: float, size: float, is_bold: bool = False) -> tuple[Text, ...]:
    return tuple(
        Text(_TEXT, top + n * size * LINE, text, size, is_bold=is_bold)
        for n, text in enumerate(texts)
    )


def _place(rows: list[Row], sheet: Sheet, centre: str, top: float) -> list[Cell]:
    """One below the other, in the room between the stem and the margin."""
    width = sheet.right - _TEXT
    cells, y = [], top
    for row in rows:
        y += _SPACE + _NAME
        name = _stack(wrap(row.node.name, _NAME, width, 3, True), y, _NAME, True)
        y = name[-1].y
        labels = []
        for edge in row.own + row.onward:
            text = sheet.text_of(edge, centre)
            lines = _stack(wrap(text, SMALL, width, 3), y + SMALL * LINE + 1, SMALL)
            y = lines[-1].y
            labels.append(Label(edge, lines))
        own = len(row.own)
        kind = _after(name[-1], clean(row.node.kind), sheet.right)
        cells.append(Cell(row, name, kind, tuple(labels[:own]), tuple(labels[own:])))
    return cells


def _after(name: Text, kind: str, right: float) -> Text | None:
    """What kind of company it is, on the line of its name where there is room."""
    text = Text(name.box.right + 7, name.y, kind)
    return text if kind and text.box.right <= right else None


# --- the drawing -----------------------------------------------------------------------------


def draw_map(map: Map) -> str:
    """All that it names; see `choose_neighbours`. The centre alone makes no map: ValueError."""
    rows = _rows(map)
    if not rows:
        raise ValueError("a map needs a neighbour")
    lanes = _lanes(rows)
    margin = 16 + (max(lanes.values()) + 0.5) * _LANE if lanes else 0
    sheet = Sheet(WIDTH - margin, lanes, {node.id: node.name for node in map.nodes})
    head, top = _draw_centre(next(node for node in map.nodes if node.id == map.centre))
    cells = _place(rows, sheet, map.centre, top)
    labels = [label for cell in cells for label in cell.own + cell.onward]
    legend, height = _legend(map, labels, max(t.box.bottom for t in _texts(cells[-1])) + 20)
    return frame(
        "map",
        WIDTH,
        height,
        (map.title, map.description, [label.edge.words for label in labels]),
        (
            head,
            _draw_stem(cells, top),
            *(_draw_own(label, map.centre) for cell in cells for label in cell.own),
            *_draw_margin(cells, sheet),
            *(_draw_cell(cell) for cell in cells),
            legend,
        ),
        prefix=map.prefix,
        language=map.language,
        has_links=any(node.url for node in map.nodes) or any(e.link for e in map.edges),
    )


def _texts(cell: Cell) -> list[Text]:
    lines = [line for label in cell.own + cell.onward for line in label.lines]
    return [*cell.name, *([cell.kind] if cell.kind else []), *lines]


def _draw_centre(node: Node) -> tuple[str, float]:
    """Its name in a frame that the stem grows out of."""
    size, padding = 16.0, 10.0
    lines = wrap(node.name, size, WIDTH - 2 * padding - 2, 3, True)
    texts = [
        Text(padding + 1, 24 + n * size * LINE, line, size, is_bold=True)
        for n, line in enumerate(lines)
    ]
    right = max(text.box.right for text in texts) + padding
    bottom = texts[-1].y + 11
    around = element(
        "rect", x=1, y=1, width=right - 1, height=bottom - 1, fill="none",
        stroke="currentColor", stroke_width=1.5,
    )  # fmt: skip
    name = link(node.url, *(write(text, class_="map-centre") for text in texts))
    return around + name, bottom


def _draw_stem(cells: list[Cell], top: float) -> str:
    ends = [label.first for cell in cells for label in cell.own]
    if not ends:
        return ""
    way = f"M{number(_STEM)} {number(top)}V{number(max(ends))}"
    return path(way, class_="map-stem", stroke_width=1.5)


# Width, dashes and colour of a relation's line.
_LINES: dict[State, tuple[float, str | None, str]] = {
    "current": (1.5, None, "currentColor"),
    "planned": (1.5, "5 3", "currentColor"),
    "former": (1.5, "1.5 3", SOFT),
}


def _draw_edge(edge: Edge, way: str, tips: str) -> str:
    width, dashes, colour = _LINES[edge.state]
    line = element(
        "path", d=way, class_=f"map-line {edge.state}", fill="none", stroke=colour,
        stroke_width=width, stroke_dasharray=dashes,
    )  # fmt: skip
    return line + (element("path", d=tips, fill=colour) if tips else "")


def _tip(x: float, y: float, to_right: bool) -> str:
    """The head of an arrow whose point is there."""
    back = "-" if to_right else ""
    return f"M{number(x)} {number(y)}l{back}7 -3.5v7z"


def _draw_own(label: Label, centre: str) -> str:
    """From the stem to the words."""
    edge, y, right = label.edge, label.first, _TEXT - 5
    tips = ""
    if edge.mutual or edge.target == centre:
        tips += _tip(_STEM + 1.5, y, False)
    if edge.mutual or edge.source == centre:
        tips += _tip(right, y, True)
    left = _STEM + (6 if edge.mutual or edge.target == centre else 0)
    return _draw_edge(edge, f"M{number(left)} {number(y)}H{number(right - 2)}", tips)


def _draw_margin(cells: list[Cell], sheet: Sheet) -> list[str]:
    """From the words of a relation along the margin to the name of the other company."""
    arrivals = {cell.row.node.id: 0 for cell in cells}
    names = {cell.row.node.id: cell for cell in cells}
    made = []
    for label in (label for cell in cells for label in cell.onward):
        if label.edge not in sheet.lanes:
            continue
        target = names[label.edge.target]
        last = target.kind if target.kind and len(target.name) == 1 else target.name[0]
        # Lines that end at the same name end beside each other.
        shift = (0, -4, 4)[arrivals[label.edge.target] % 3]
        arrivals[label.edge.target] += 1
        x1, y1 = label.lines[0].box.right + 4, label.first
        x2, y2 = last.box.right + 5, target.name[0].y - _MIDDLE + shift
        lane = sheet.lane(label.edge)
        tips = _tip(x2, y2, False) + (_tip(x1, y1, False) if label.edge.mutual else "")
        start = x1 + (5 if label.edge.mutual else 0)
        way = f"M{number(start)} {number(y1)}H{number(lane)}V{number(y2)}H{number(x2 + 5)}"
        made.append(_draw_edge(label.edge, way, tips))
    return made


def _draw_cell(cell: Cell) -> str:
    name = link(cell.row.node.url, *(write(text, class_="map-name") for text in cell.name))
    kind = write(cell.kind, fill=SOFT) if cell.kind else ""
    labels = "".join(
        link(
            label.edge.link,
            *(
                write(text, class_="map-label", fill=SOFT if label.edge.state == "former" else None)
                for text in label.lines
            ),
        )
        for label in cell.own + cell.onward
    )
    return name + kind + labels


def _legend(map: Map, labels: list[Label], top: float) -> tuple[str, float]:
    """What the lines mean, where there is more than one kind, and the height of the drawing."""
    names, present = dict(map.states), {label.edge.state for label in labels}
    if len(present) < 2:
        return "", top - 12
    x, y, made = 0.0, top, []
    for state in (state for state in STATES if state in present):
        name = shorten(clean(names.get(state, state)), SMALL, WIDTH - 40)
        width = 36 + text_width(name, SMALL)
        if x and x + width > WIDTH:
            x, y = 0.0, y + LINE * SMALL + 2
        stroke, dashes, colour = _LINES[state]
        way = f"M{number(x)} {number(y)}h28"
        made.append(
            element(
                "path",
                d=way,
                fill="none",
                stroke=colour,
                stroke_width=stroke,
                stroke_dasharray=dashes,
            )
            + write(Text(x + 34, y + _MIDDLE, name), fill=SOFT)
        )
        x += width + 14
    return element("g", *made, class_="map-legend", aria_hidden="true"), y + 10
