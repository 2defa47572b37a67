"""A map names every company, and no text on it meets another or a line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.pages.svg.chart import draw_chart
from builder.pages.svg.graph import (
    MOST,
    PLACES,
    STATES,
    Group,
    Map,
    Neighbour,
    count_shown,
)
from builder.pages.svg.layout import LEAD
from builder.pages.svg.range_chart import draw_range
from builder.pages.svg.relation_map import draw_map
from builder.pages.svg.sides import sided
from support.drawings import CHARTS, PRICE, SCALE, VALUATION, WAYS, beside, neighbourhood
from support.drawn import HOSTILE, KEPT, Drawing, check_drawings, compare
from support.tools import REPOSITORY, as_lines


def faults(drawing: Drawing) -> list[str]:
    return drawing.faults() + drawing.crossed() + drawing.outside()


@pytest.mark.parametrize("wide", [False, True])
def test_map_is_as_it_was(wide: bool) -> None:
    svg = draw_map(SCALE, wide)
    assert not (found := faults(Drawing(svg))), as_lines(found)
    compare(svg, "map-wide.svg" if wide else "map.svg")


@pytest.mark.parametrize("wide", [False, True])
def test_every_company_is_named(wide: bool) -> None:
    drawing = Drawing(draw_map(SCALE, wide))
    shown = " ".join(text.text for text in drawing.texts)
    for group in SCALE.groups:
        assert group.heading in shown and group.more in shown
        for company in group.neighbours:
            assert company.name in shown and company.url in drawing.links
            assert company.words[0] in drawing.desc
            assert company.link in drawing.links or not company.note
    assert "#relation-list" in drawing.links, "more companies are in the list"
    assert drawing.root.get("role") == "group", "what is inside of a picture cannot be reached"
    names = [part.get("aria-label") for part in drawing.root.iter() if part.get("role") == "group"]
    assert {"Suppliers", "Customers", "Rivals"} <= {*names}
    assert drawing.box.right == (640 if wide else 320)


def test_each_kind_has_its_side() -> None:
    """Owners above, suppliers left, customers right, rivals below, around the company."""
    place = {text.text: text for text in Drawing(draw_map(SCALE, True)).texts}
    centre, rival = place["Scale AI"], place["Turing"]
    assert place["Meta"].y < centre.y < rival.y
    assert place["Remotasks"].box.right < centre.box.left
    assert place["OpenAI"].box.left > centre.box.right
    narrow = {text.text: text.y for text in Drawing(draw_map(SCALE)).texts}
    assert narrow["Meta"] < narrow["Scale AI"] < narrow["Remotasks"] < narrow["Turing"]


@pytest.mark.parametrize("wide", [False, True])
def test_states_differ_by_their_lines(wide: bool) -> None:
    svg = draw_map(SCALE, wide)
    lines = dict(re.findall(r'class="map-line (\w+)" fill="none" ([^/]*)/>', svg))
    assert {*lines} == {*STATES}
    assert len({*re.findall(r'stroke-dasharray="[^"]*"', " ".join(lines.values()))}) == 2
    assert "Planned" in svg and "Former" in svg
    plain = neighbourhood(Group("left", "Suppliers", (beside("Meta"),)))
    assert "Current" not in draw_map(plain, wide), "one kind of line needs no legend"


def test_large_groups_give_way() -> None:
    assert count_shown([3, 2], 5) == [3, 2]
    assert count_shown([20, 2], 5) == [3, 2]
    assert count_shown([9, 9, 1], 6) == [3, 2, 1]
    assert count_shown([4, 4, 4], 1) == [1, 1, 1], "each has at least one"


def test_a_company_alone_is_no_map() -> None:
    with pytest.raises(ValueError, match="neighbour"):
        draw_map(neighbourhood())


names = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=30),
    st.sampled_from(HOSTILE),
    st.sampled_from(
        ["Meta", "Scale AI", "Amalgamated Foundation Models", "Consolidated Pacific Labs"]
    ),
)


@st.composite
def neighbours(draw: st.DrawFn) -> Neighbour:
    told = (draw(names),)
    link = st.one_of(st.none(), names)
    return Neighbour(
        draw(names), draw(names), told, draw(st.sampled_from(STATES)), draw(link), draw(link)
    )


@st.composite
def maps(draw: st.DrawFn) -> Map:
    groups = []
    for place in PLACES:
        room = MOST[place]
        for _ in range(draw(st.integers(0, 3))):
            here = draw(st.lists(neighbours(), min_size=1, max_size=max(1, room)))[:room]
            if here:
                groups.append(Group(place, draw(names), (*here,), draw(names)))
                room -= len(here)
    groups = groups or [Group("left", draw(names), (draw(neighbours()),))]
    return Map(draw(names), draw(names), draw(names), (*groups,), WAYS, draw(names), draw(names))


@settings(max_examples=60, deadline=None)
@given(maps(), st.booleans())
def test_any_map_can_be_read(drawn: Map, wide: bool) -> None:
    svg = draw_map(drawn, wide)
    assert not (found := faults(Drawing(svg))), as_lines(found)
    assert draw_map(drawn, wide) == svg
    assert not re.search(
        r'="[^"]*\d\.\d{3}',
        re.sub(r'(?s)<(title|desc).*?</\1>|(href|aria-label)="[^"]*"', "", svg),
    )


DRAW = """\
import sys
sys.path[:0] = ["tests"]
from builder.pages.svg import chart, relation_map
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
        neighbourhood(
            Group("above", name, (Neighbour(name, name, (name,)),), name),
            Group("right", name, (Neighbour(name, name, (name,), "former", "/a/", "/b/"),), name),
            name=name,
        )._replace(title=name, description=name, prefix=f"map-{n}")
        for n, name in enumerate(HOSTILE)
    ]
    odd_charts = [
        VALUATION._replace(title=name, unit=name, description=name, note=name, prefix=f"chart-{n}")
        for n, name in enumerate(HOSTILE)
    ]
    drawings = [
        draw_map(SCALE),
        draw_map(SCALE._replace(prefix="wide"), True),
        *map(draw_map, hostile),
        *map(draw_chart, (*CHARTS.values(), *odd_charts)),
        draw_range(PRICE),
        draw_chart(VALUATION._replace(prefix="lead", source="Source: Reuters"), LEAD),
    ]
    assert not (found := check_drawings(tmp_path, *drawings)), as_lines(found)


# --- from right to left -----------------------------------------------------------------------


ARABIC = SCALE._replace(
    language="ar",
    groups=tuple(
        group._replace(
            heading=f"مجموعة {n}",
            neighbours=tuple(one._replace(note="49%، منذ 2023") for one in group.neighbours),
        )
        for n, group in enumerate(SCALE.groups)
    ),
)  # fmt: skip


@pytest.mark.parametrize("wide", [False, True])
def test_map_is_mirrored_from_right_to_left(wide: bool) -> None:
    """Every text is where the mirror has it, and none meets another or a line."""
    plain, arabic = Drawing(draw_map(ARABIC._replace(language="en"), wide)), draw_map(ARABIC, wide)
    drawing = Drawing(arabic)
    assert not (found := faults(drawing)), as_lines(found)
    width = 640 if wide else 320
    boxes = [(t.text, t.box.left, t.box.right) for t in plain.texts]
    mirror = [(text, pytest.approx(width - b, abs=0.02), pytest.approx(width - a, abs=0.02))
              for text, a, b in boxes]  # fmt: skip
    assert [(t.text, t.box.left, t.box.right) for t in drawing.texts] == mirror
    assert '<text x="' in arabic and ' direction="rtl"' in arabic
    names = [line for line in arabic.split("<text")[1:] if ">Google<" in line]
    assert names and all("direction=" not in name for name in names), "a Latin name has its own"


def test_time_runs_from_left_to_right_in_every_language() -> None:
    """The marks of a chart stay where they are; its unit and its legend go to the right."""
    arabic = VALUATION._replace(language="ar", unit="مليار دولار", values=lambda v: f"{v} مليار")
    svg, plain = draw_chart(arabic), draw_chart(arabic._replace(language="en"))
    marks = re.compile(r'<path d="([^"]*)"[^>]*chart-mark')
    assert marks.findall(svg) == marks.findall(plain)
    assert not (found := Drawing(svg).faults() + Drawing(svg).outside()), as_lines(found)
    unit = next(t for t in Drawing(svg).texts if t.text == "مليار دولار")
    assert unit.box.right == pytest.approx(320)


def test_comparison_begins_at_the_right() -> None:
    price = PRICE._replace(
        language="he", points=tuple(p._replace(by=f"עיתון {p.by}") for p in PRICE.points)
    )
    svg = draw_range(price)
    assert not (found := Drawing(svg).faults() + Drawing(svg).outside()), as_lines(found)
    rows = [t for t in Drawing(svg).texts if t.text.startswith("עיתון")]
    assert rows and all(row.box.right == pytest.approx(320) for row in rows)


def test_paths_are_mirrored_with_their_arcs() -> None:
    way = "M10 20h5v-5H30V7C1 2 3 4 5 6m-4 0a4 4 0 1 0 8 0l2 3c1 2 3 4 5 6z"
    mirror = "M90 20h-5v-5H70V7C99 2 97 4 95 6m4 0a4 4 0 1 1 -8 0l-2 3c-1 2 -3 4 -5 6z"
    svg = f'<path d="{way}" fill="none"/><text x="3" y="4">a</text>'
    once = f'<path d="{mirror}" fill="none"/><text x="97" y="4" text-anchor="end">a</text>'
    assert sided(svg, "ar", 100) == once and sided(once, "he", 100) == svg
    assert sided(svg, "en", 100) == svg
