"""A map names every relation, and no text on it meets another or a line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.pages.svg.chart import draw_chart
from builder.pages.svg.graph import (
    STATES,
    Edge,
    Map,
    Node,
    choose_neighbours,
    line_up,
)
from builder.pages.svg.relation_map import draw_map
from support.drawings import CHARTS, SCALE, VALUATION, WAYS, edge, neighbourhood, node
from support.drawn import HOSTILE, KEPT, Drawing, check_drawings, compare
from support.tools import REPOSITORY, as_lines


@pytest.mark.parametrize("wide", [False, True])
def test_map_is_as_it_was(wide: bool) -> None:
    svg = draw_map(SCALE, wide)
    drawing = Drawing(svg)
    assert not (faults := drawing.faults() + drawing.crossed()), as_lines(faults)
    compare(svg, "map-wide.svg" if wide else "map.svg")


@pytest.mark.parametrize("wide", [False, True])
def test_every_company_and_relation_is_told(wide: bool) -> None:
    drawing = Drawing(draw_map(SCALE, wide))
    shown = " ".join(text.text for text in drawing.texts)
    for company in SCALE.nodes:
        assert company.name in shown
        assert company.url in drawing.links
    for relation in SCALE.edges:
        assert relation.words in drawing.desc
        assert relation.link in drawing.links
    assert drawing.root.get("role") == "group", "what is inside of a picture cannot be reached"
    assert drawing.box.right == (640 if wide else 320)


def test_states_differ_by_their_lines() -> None:
    svg = draw_map(SCALE)
    lines = dict(re.findall(r'class="map-line (\w+)" fill="none" ([^/]*)/>', svg))
    assert {*lines} == {*STATES}
    assert len({*re.findall(r'stroke-dasharray="[^"]*"', " ".join(lines.values()))}) == 2
    assert "Planned" in svg and "Former" in svg
    plain = neighbourhood([edge("Meta", "customer", "Scale AI")], "Meta")
    assert "Current" not in draw_map(plain), "one kind of line needs no legend"


def test_arrows_show_the_direction() -> None:
    def points(relation: Edge) -> list[tuple[str, str]]:
        """Where the heads of arrows are, and whether they point to the right."""
        svg = draw_map(neighbourhood([relation], "Meta"))
        return re.findall(r"M([\d.]+) [\d.]+l(-?)7 -3.5v7z", svg)

    at_stem, at_name = ("13.5", ""), ("39", "-")
    assert points(edge("Meta", "customer", "Scale AI")) == [at_stem]
    assert points(edge("Scale AI", "customer", "Meta")) == [at_name]
    assert points(edge("Meta", "rival", "Scale AI", both=True)) == [at_stem, at_name]


def test_words_fit_the_company_that_they_stand_beside() -> None:
    supplier = edge("Scale AI", "customer", "Meta")._replace(inverse="supplier")
    shown = {text.text for text in Drawing(draw_map(neighbourhood([supplier], "Meta"))).texts}
    assert "supplier" in shown and "customer" not in shown


def test_what_has_no_line_is_told_in_words() -> None:
    """Between any two of a dozen companies there would be too many lines for a margin."""
    names = [f"Lab {n:02}" for n in range(12)]
    ties = [edge(a, "partner", b, both=True) for a, b in combinations(names, 2)]
    drawing = Drawing(draw_map(neighbourhood(ties, *names)))
    lines = sum("map-line" in part.get("class", "") for part in drawing.root.iter())
    told = sum("↔" in text.text for text in drawing.texts)
    assert 0 < lines < len(ties) and lines + told == len(ties)
    assert drawing.root.find(".//*[@class='map-stem']") is None, "none is the centre's"


def test_the_most_important_are_chosen() -> None:
    chosen, left_out = choose_neighbours(SCALE, 3)
    assert [company.name for company in chosen.nodes] == ["Scale AI", "Meta", "OpenAI", "Handshake"]
    assert left_out == 4
    assert all({*e[:2]} <= {"scale ai", "meta", "openai", "handshake"} for e in chosen.edges)
    assert choose_neighbours(SCALE, 7) == (SCALE, 0)


def test_a_company_alone_is_no_map() -> None:
    with pytest.raises(ValueError, match="neighbour"):
        draw_map(neighbourhood([]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=23))
def test_lines_cross_only_where_they_have_to(parents: list[int]) -> None:
    """Relations in the form of a tree need not cross, whatever the tree."""
    names = [f"Company {n:02}" for n in range(len(parents) + 1)]
    ties = [edge(names[n + 1], "partner", names[p % (n + 1)]) for n, p in enumerate(parents)]
    drawn = neighbourhood([*ties, *(edge(name, "customer", "Scale AI") for name in names)], *names)
    place = {row.node.id: n for n, row in enumerate(line_up(drawn))}
    spans = [sorted(place[id] for id in tie[:2]) for tie in ties]
    assert not [
        (one, two)
        for one, two in combinations(sorted(spans), 2)
        if one[0] < two[0] < one[1] < two[1]
    ]


names = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=30),
    st.sampled_from(HOSTILE),
    st.sampled_from(
        ["Meta", "Scale AI", "Amalgamated Foundation Models", "Consolidated Pacific Labs"]
    ),
)


@st.composite
def maps(draw: st.DrawFn) -> Map:
    count = draw(st.integers(2, 25))
    ids = [f"id{n}" for n in range(count)]
    nodes = tuple(Node(id, draw(names), draw(names), draw(names) or None) for id in ids)
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    pairs = [(id, ids[0]) for id in ids[1:] if draw(st.integers(0, 5))]
    pairs += draw(st.lists(ends, max_size=40))
    edges = tuple(
        Edge(a, b, draw(names), draw(names), draw(st.sampled_from(STATES)), draw(st.booleans()))
        for a, b in pairs
    )
    return Map(draw(names), draw(names), ids[0], nodes, edges, WAYS)


@settings(max_examples=60, deadline=None)
@given(maps(), st.booleans())
def test_any_map_can_be_read(drawn: Map, wide: bool) -> None:
    svg = draw_map(drawn, wide)
    drawing = Drawing(svg)
    assert not (faults := drawing.faults() + drawing.crossed()), as_lines(faults)
    assert draw_map(drawn._replace(nodes=tuple(reversed(drawn.nodes))), wide) == svg
    assert not re.search(
        r'="[^"]*\d\.\d{3}', re.sub(r"(?s)<(title|desc).*?</\1>|href=\S*", "", svg)
    )


DRAW = """\
import sys
sys.path[:0] = ["tests"]
from builder.pages.svg import chart, relation_map
assert "networkx" not in sys.modules, "loaded before there is a map to draw"
from support.drawings import SCALE, VALUATION
sys.stdout.write(relation_map.draw_map(SCALE) + "\\n" + chart.draw_chart(VALUATION) + "\\n")
"""


def test_every_process_draws_the_same() -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-c", DRAW]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        ran = subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )
        kept = [(KEPT / name).read_text("utf-8") for name in ("map.svg", "valuation.svg")]
        assert (ran.stderr, ran.stdout) == ("", "".join(kept))


def test_drawings_are_valid(tmp_path: Path) -> None:
    hostile = [
        neighbourhood([edge("a", name, "b"), edge("a", name, "Scale AI")], "a", "b")._replace(
            nodes=(node("Scale AI"), Node("a", name), Node("b", name)),
            title=name, description=name, prefix=f"map-{n}",
        )
        for n, name in enumerate(HOSTILE)
    ]  # fmt: skip
    odd_charts = [
        VALUATION._replace(title=name, unit=name, description=name, prefix=f"chart-{n}")
        for n, name in enumerate(HOSTILE)
    ]
    drawings = [
        draw_map(SCALE),
        draw_map(SCALE._replace(prefix="wide"), True),
        *map(draw_map, hostile),
        *map(draw_chart, (*CHARTS.values(), *odd_charts)),
    ]
    assert not (found := check_drawings(tmp_path, *drawings)), as_lines(found)
