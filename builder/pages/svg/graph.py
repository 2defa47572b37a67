"""The graph of a map: its companies, their order, its lines.

The lines between neighbours run along a margin. To keep crossings few, neighbours are in the order
in which a planar embedding of the graph meets them around the centre. networkx finds an embedding
with integers only and without randomness, so it is the same on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

State = Literal["current", "planned", "former"]
STATES: tuple[State, ...] = get_args(State)

_LANES = 9  # in a margin; relations that do not fit appear as text only


class Node(NamedTuple):
    """A company; its `kind` is printed after its name: lab, vendor, investor."""

    id: str
    name: str
    kind: str = ""
    url: str | None = None


class Edge(NamedTuple):
    """A relation; `planned` also covers one that is due to end."""

    source: str
    target: str
    label: str  # as printed beside it: minority stake, 49%, since June 2025
    words: str  # as read out: Meta: minority stake in Scale AI, 49%, since June 2025
    state: State = "current"
    mutual: bool = False  # a rival or partner: arrows at both ends
    link: str | None = None
    inverse: str = ""  # the label beside the target: customer, for a supplier

    def seen_from(self, id: str) -> str:
        """Return the label as seen from one of the two companies."""
        return self.label if id == self.source else self.inverse or self.label


class Map(NamedTuple):
    """The neighbourhood of the company with the id `centre`."""

    title: str
    description: str
    centre: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    states: tuple[tuple[State, str], ...]  # the states in the words of the legend
    language: str = "en"
    prefix: str = "map"  # prefix of ids, which must differ between the maps of a page


class Row(NamedTuple):
    """A neighbour, with its relations to the centre and later neighbours."""

    node: Node
    own: tuple[Edge, ...]
    onward: tuple[Edge, ...]


# --- whom the map shows ----------------------------------------------------------------------


def choose_neighbours(map: Map, most: int) -> tuple[Map, int]:
    """Return the map with only the most important neighbours.

    Also returns how many were left out. A neighbour's importance is the number of its current
    relations with the centre, then with the others.
    """
    ranks = {id: (rank, at) for at, (id, rank) in enumerate(_ranked(map))}
    chosen = sorted(ranks, key=ranks.__getitem__)[:most]
    kept = {map.centre, *chosen}
    nodes = tuple(node for node in map.nodes if node.id in kept)
    edges = tuple(e for e in map.edges if e.source in kept and e.target in kept)
    return map._replace(nodes=nodes, edges=edges), len(ranks) - len(chosen)


def _ranked(map: Map) -> list[tuple[str, tuple[int, ...]]]:
    """Return the neighbours by name, each with its rank, lowest first."""
    ranked = []
    for node in sorted(map.nodes, key=lambda node: (node.name.casefold(), node.id)):
        if node.id != map.centre:
            edges = [edge for edge in map.edges if node.id in edge[:2]]
            own = [edge.state for edge in edges if map.centre in edge[:2]]
            ranked.append((node.id, (*(-own.count(state) for state in STATES), -len(edges))))
    return ranked


# --- their order -----------------------------------------------------------------------------


def _order(map: Map) -> list[str]:
    """Return the neighbours in embedding order, the most important one first."""
    ranked = sorted(_ranked(map), key=lambda pair: pair[1])
    ids = [id for id, _ in ranked]
    circle = _go_round(len(ids), _pairs(map, ids))
    start = circle.index(0) if circle else 0
    # Of the two directions, take the one that meets the second most important neighbour first.
    ways = [circle[start:] + circle[:start], circle[start::-1] + circle[:start:-1]]
    return [ids[n] for n in min(ways)]


def _pairs(map: Map, ids: list[str]) -> list[tuple[int, int]]:
    """Return the pairs of related companies as indices, most important first."""
    place = {id: n for n, id in enumerate(ids)}
    pairs = {
        (min(ends), max(ends))
        for edge in map.edges
        if len(ends := {place[id] for id in edge[:2] if id in place}) == 2
    }
    return sorted(pairs, key=lambda pair: (sum(pair), pair))


def _go_round(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return the neighbours 0, 1, … in order around the centre.

    The order is that of a drawing without crossings; relations that would cross another are
    dropped. Nodes are integers, because the order of a set of strings differs between processes.
    """
    # Imported here, because loading it takes longer than most builds, and few builds draw a map.
    from networkx import Graph, check_planarity

    graph = Graph([(-1, n) for n in range(count)])
    for pair in pairs:
        graph.add_edge(*pair)
        if not check_planarity(graph)[0]:
            graph.remove_edge(*pair)
    embedding = check_planarity(graph)[1]
    return list(embedding.neighbors_cw_order(-1)) if count else []


def line_up(map: Map) -> list[Row]:
    order = _order(map)
    place = {id: n for n, id in enumerate(order)}
    nodes = {node.id: node for node in map.nodes}
    # The caller's order decides between relations in the same state.
    edges = sorted(dict.fromkeys(map.edges), key=lambda edge: STATES.index(edge.state))
    onward: list[list[tuple[int, int, Edge]]] = [[] for _ in order]
    for n, edge in enumerate(edges):
        first, last = sorted(place.get(id, -1) for id in edge[:2])
        if first >= 0 and first != last:
            # The one that leads farthest comes first: its line passes outside the others.
            onward[first].append((-last, n, edge))
    return [
        Row(
            nodes[id],
            tuple(edge for edge in edges if {*edge[:2]} == {id, map.centre}),
            tuple(edge for *_, edge in sorted(relations)),
        )
        for id, relations in zip(order, onward, strict=True)
    ]


# --- the margin ------------------------------------------------------------------------------


def find_lanes(rows: list[Row]) -> dict[Edge, int]:
    """Assign a lane to each relation between neighbours, without overlaps.

    Short lines are inside. A relation without a lane appears as text only.
    """
    place = {row.node.id: n for n, row in enumerate(rows)}
    onward = [e for row in rows for e in row.onward if {*e[:2]} <= {*place}]
    spans = sorted(
        (abs(place[e.source] - place[e.target]), *sorted((place[e.source], place[e.target])), n)
        for n, e in enumerate(onward)
    )
    lanes: dict[Edge, int] = {}
    taken: list[set[int]] = [set() for _ in range(_LANES)]
    for _, first, last, which in spans:
        passed = set(range(first, last + 1))
        free = next((lane for lane, others in enumerate(taken) if not others & passed), None)
        if free is not None:
            lanes[onward[which]] = free
            taken[free] |= passed
    return lanes


def part(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Divide the rows into two columns of similar height, cutting few lines."""

    def cost(at: int) -> tuple[float, int]:
        left = {row.node.id for row in rows[:at]}
        cut = sum((e.target in left) != (e.source in left) for row in rows for e in row.onward)
        heights = [
            sum(1.5 + len(r.own + r.onward) for r in side) for side in (rows[:at], rows[at:])
        ]
        return max(heights) + 2 * cut, -at

    best = min(range(1, len(rows)), key=cost, default=len(rows))
    return rows[:best], rows[best:]
