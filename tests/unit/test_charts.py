"""A chart says what its figures say, and its texts never meet, whatever the figures are."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.pages.svg.axes import middle, round_steps
from builder.pages.svg.chart import draw_chart
from builder.pages.svg.layout import (
    BASES,
    Chart,
    Point,
    worth_drawing,
)
from support.drawings import CHARTS, MIXED, STAKE, VALUATION, chart, point
from support.drawn import HOSTILE, Drawing, compare
from support.tools import as_lines


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_as_it_was(name: str) -> None:
    svg = draw_chart(CHARTS[name])
    assert not Drawing(svg).faults()
    compare(svg, name)


def test_a_chart_says_its_values() -> None:
    drawing = Drawing(draw_chart(VALUATION))
    said = "; ".join(figure.words for figure in VALUATION.points)
    assert drawing.title == "Valuation of Scale AI"
    assert drawing.desc == f"As reported. {said}"
    shown = [text.text for text in drawing.texts]
    assert {"$7.3bn", "$13.8bn", "$29bn", "2021", "2025", "Reported"} <= {*shown}
    assert drawing.root.get("role") == "img"
    assert drawing.root.get("aria-labelledby") == "valuation-title"


def test_a_chart_with_links_hides_nothing() -> None:
    """What is inside of a picture cannot be reached."""
    first, *others = VALUATION.points
    linked = VALUATION._replace(points=(first._replace(link="/briefs/a/?b=1&c"), *others))
    drawing = Drawing(draw_chart(linked))
    assert drawing.links == ["/briefs/a/?b=1&c"]
    assert drawing.root.get("role") == "group"


def test_every_link_has_a_name() -> None:
    """A mark between others has no room for its label; its link says what the label would."""
    crowded = [point(f"2025-03-{day:02}", 5 + day / 100) for day in range(1, 9)]
    linked = [figure._replace(link="/a/") for figure in crowded]
    links = Drawing(draw_chart(chart(point("2020", 1), *linked))).root.findall(".//{*}a")
    assert len(links) == len(crowded)
    for element, figure in zip(links, crowded, strict=True):
        shown, said = "".join(element.itertext()), element.get("aria-label")
        assert (shown, said) in ((figure.label, None), ("", figure.words))
    assert any(element.get("aria-label") for element in links)


def test_one_date_is_no_chart() -> None:
    assert not worth_drawing((point("2025", 1), point("2025", 2)))
    assert not worth_drawing(())
    assert worth_drawing((point("2025", 1), point("2025-06", 1)))
    with pytest.raises(ValueError, match="two dates"):
        draw_chart(chart(point("2025", 1)))


def test_bases_differ_by_shape_and_by_line() -> None:
    svg = draw_chart(MIXED)
    shapes = {
        basis: re.sub(r"M[\d. ]+m", "", shape)
        for shape, basis in re.findall(r'<path d="([^"]*)" class="chart-mark (\w+)"', svg)
    }
    lines = re.findall(r'class="chart-line (\w+)" ([^/]*)/>', svg)
    assert {*shapes} == {*BASES}
    assert len({*shapes.values()}) == len(BASES)
    assert len({style for _, style in lines}) == len(lines) == len(BASES) - 1  # none leads to 2020


def test_only_the_bases_that_are_there_are_in_the_legend() -> None:
    shown = {text.text for text in Drawing(draw_chart(VALUATION)).texts}
    assert shown & {basis.capitalize() for basis in BASES} == {"Reported"}


def test_the_preferred_value_is_on_the_line() -> None:
    """Until one is preferred, the line passes through the middle of those that differ."""
    reports = (point("2024", 0), point("2025", 10), point("2025", 20))

    def end(*points: Point) -> str:
        found = re.search(r'd="M[^L]*L[\d.]+ ([\d.]+)" [^>]*chart-line', draw_chart(chart(*points)))
        assert found
        return found[1]

    settled = reports[0], reports[1], reports[2]._replace(preferred=True)
    assert end(*reports) == end(reports[0], point("2025", 15), point("2025", 20, "planned"))
    assert end(*settled) == end(reports[0], reports[2])


def test_an_axis_begins_at_zero() -> None:
    def lowest(drawn: Chart) -> str:
        return Drawing(draw_chart(drawn._replace(unit=""))).texts[0].text

    assert lowest(VALUATION) == "$0bn"
    assert lowest(STAKE) == "47%"
    assert lowest(STAKE._replace(shares=False)) == "0%"
    assert lowest(chart(point("2024", -3), point("2025", 4))) == "$-4bn"


def test_a_date_is_in_the_middle_of_its_period() -> None:
    assert middle("2025") == middle("2025-07-02")
    assert middle("2025-06") == middle("2025-06-15") + 0.5
    assert middle("2025-06-13 14:39") == middle("2025-06-13")


@given(st.decimals(-(10**15), 10**15, places=3), st.decimals(0, 10**15, places=3))
def test_steps_are_round_and_hold_every_value(low: Decimal, span: Decimal) -> None:
    steps = round_steps(low, low + span)
    widths = {b - a for a, b in pairwise(steps)}
    assert len(widths) == 1 and 2 <= len(steps) <= 6
    assert widths.pop().normalize().as_tuple().digits in ((1,), (2,), (5,))
    assert steps[0] <= low and low + span <= steps[-1]
    assert not any("E" in str(step) for step in steps)


days = st.one_of(
    st.integers(1801, 2199).map(str),
    st.dates().map(lambda day: f"{1900 + day.year % 200}-{day.month:02}"),
    st.integers(1, 60).map(lambda n: f"2025-{1 + n // 28:02}-{1 + n % 28:02}"),
)
amounts = st.decimals(-(10**6), 10**12, places=2)
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.just("$14bn"))


@st.composite
def points(draw: st.DrawFn) -> Point:
    low = draw(amounts)
    high = low + draw(st.one_of(st.just(Decimal(0)), st.decimals(0, 10**9, places=1)))
    link = draw(st.one_of(st.none(), words))
    basis = draw(st.sampled_from(BASES))
    return Point(draw(days), low, high, draw(words), draw(words), basis, draw(st.booleans()), link)


@settings(max_examples=60, deadline=None)
@given(st.lists(points(), min_size=2, max_size=25), words, words, st.booleans())
def test_any_chart_can_be_read(given: list[Point], title: str, unit: str, steps: bool) -> None:
    if not worth_drawing((*given,)):
        return
    drawn = chart(*given, unit=unit)._replace(title=title, steps=steps, description=title)
    svg = draw_chart(drawn)
    assert not (faults := Drawing(svg).faults()), as_lines(faults)
    # Neither the order of the figures nor the process matters, and no number is longer.
    assert draw_chart(drawn._replace(points=tuple(reversed(given)))) == svg
    assert not re.search(r' (?:d|x|y)="[^"]*\.\d{3}', svg)
