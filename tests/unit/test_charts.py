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
    LEAD,
    NARROW,
    WIDE,
    Chart,
    Point,
    is_comparison,
    is_series,
    without_far,
)
from builder.pages.svg.range_chart import draw_range
from support.drawings import CHARTS, MIXED, PRICE, STAKE, VALUATION, chart, point
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
    assert {"$7.3bn", "$13.8bn", "$29bn", "2021", "2025"} <= {*shown}
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


def test_two_times_are_no_series() -> None:
    two = (point("2024", 1), point("2025-06", 2))
    assert not is_series(()) and not is_series(two)
    assert not is_series((*two, point("2025-06-12", 3))), "June and a day in June are one time"
    assert is_series((*two, point("2026", 3)))
    with pytest.raises(ValueError, match="three times"):
        draw_chart(chart(*two))


def test_rivals_of_one_moment_are_compared() -> None:
    """A row for each, the lowest first, with who gives it; no line through them."""
    drawing = Drawing(draw_range(PRICE))
    assert not drawing.faults()
    compare(draw_range(PRICE), "price.svg")
    place = {text.text: text.y for text in drawing.texts}
    assert place["The Information"] < place["CNBC, Reuters"] < place["Cybernews"]
    assert place["CNBC, Reuters"] == place["$14.3bn"]
    assert place["The Information"] == place["$12bn–$15bn"], "a wide range has its label on it"
    assert "chart-line" not in draw_range(PRICE)
    assert not is_comparison(PRICE.points[:2]), "two values are two rows of a table"
    assert not is_comparison(VALUATION.points)
    many = [point("2025", n)._replace(by=f"Paper {n}") for n in range(1, 30)]
    for size in (NARROW, LEAD):
        drawn = Drawing(
            draw_range(chart(*many)._replace(source="Source: many", note="A note"), size)
        )
        assert not (faults := drawn.faults()), as_lines(faults)
        assert {"Paper 1", "Paper 29"} <= {text.text for text in drawn.texts}
    with pytest.raises(ValueError, match="three values"):
        draw_range(VALUATION)


def test_what_is_expected_flattens_nothing() -> None:
    """It is drawn if it is near, and left out if it is far ahead or far above."""
    measured = (point("2023", 1), point("2024", 3), point("2025", 4))
    near, far = point("2026", 6, "forecast"), point("2030", 6, "forecast")
    high = point("2026", 70, "planned")
    assert without_far((*measured, near, far, high)) == ((*measured, near), (far, high))
    only = (near, far, point("2028", 300, "forecast"))
    assert without_far(only) == (only, ())
    noted = VALUATION._replace(note="Not drawn: $70bn, 2028 (forecast)")
    drawing = Drawing(draw_chart(noted))
    assert noted.note in " ".join(t.text for t in drawing.texts) and noted.note in drawing.desc


def test_a_long_unit_is_not_cut() -> None:
    unit = "customers that spend more than a million dollars a year on the platform"
    for size in (NARROW, WIDE, LEAD):
        drawn = VALUATION._replace(unit=unit, values=str)
        shown = [text.text for text in Drawing(draw_chart(drawn, size)).texts]
        assert unit in " ".join(shown) and not any("…" in text for text in shown)


def test_a_drawing_that_stands_alone_says_what_it_is() -> None:
    lead = VALUATION._replace(source="Source: Reuters, Example Times")
    drawing = Drawing(draw_chart(lead, LEAD))
    assert not drawing.faults()
    assert (drawing.root.get("width"), drawing.root.get("height")) == ("1200", "630")
    shown = [text.text for text in drawing.texts]
    assert lead.title in shown and lead.source in shown
    assert not {lead.title, lead.source} & {t.text for t in Drawing(draw_chart(lead)).texts}
    assert Drawing(draw_chart(lead, WIDE)).box.right == 640
    compare(draw_chart(lead, LEAD), "lead.svg")


def test_an_axis_without_room_for_two_periods_names_the_ends() -> None:
    drawn = chart(point("2025-09-02", 13), point("2026-02-12", 30), point("2026-05-28", 65))
    drawn = drawn._replace(dates=lambda at: at if len(at) == 10 else f"some time in {at}, or so")
    shown = [text.text for text in Drawing(draw_chart(drawn)).texts]
    assert {"2025-09-02", "2026-05-28"} <= {*shown} and "or so" not in "".join(shown)


def test_bases_differ_by_shape_and_by_line() -> None:
    svg = draw_chart(MIXED)
    marks = dict(re.findall(r'class="chart-mark (\w+)" (fill="[^"]*")', svg))
    shapes = {
        basis: (re.sub(r"M[\d. ]+m", "", shape), marks[basis])
        for shape, basis in re.findall(r'<path d="([^"]*)" class="chart-mark (\w+)"', svg)
    }
    assert all("paper" in marks[basis] for basis in ("planned", "forecast")), "they are open"
    lines = re.findall(r'class="chart-line (\w+)" ([^/]*)/>', svg)
    assert {*shapes} == {*BASES}
    assert len({*shapes.values()}) == len(BASES)
    assert len({style for _, style in lines}) == len(lines) == len(BASES) - 1  # none leads to 2020


def test_only_the_bases_that_are_there_are_in_the_legend() -> None:
    shown = {text.text for text in Drawing(draw_chart(VALUATION)).texts}
    assert not shown & {basis.capitalize() for basis in BASES}, "a report needs no legend"
    mixed = chart(*VALUATION.points, point("2026", 30, "forecast"))
    shown = {text.text for text in Drawing(draw_chart(mixed)).texts}
    assert shown & {basis.capitalize() for basis in BASES} == {"Reported", "Forecast"}


def test_the_preferred_value_is_on_the_line() -> None:
    """Until one is preferred, the line passes through the middle of those that differ."""
    reports = (point("2024", 0), point("2025", 10), point("2025", 20))
    before = point("2023", 0)

    def end(*points: Point) -> str:
        svg = draw_chart(chart(before, *points))
        found = re.search(r'd="M[^"]*L[\d.]+ ([\d.]+)" [^>]*chart-line', svg)
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
    assert lowest(chart(point("2024", -3), point("2025", 4), point("2026", 2))) == "$-4bn"


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
    said = draw(words), draw(words), basis, draw(st.booleans()), link, draw(words)
    return Point(draw(days), low, high, *said)


@settings(max_examples=60, deadline=None)
@given(st.lists(points(), min_size=2, max_size=25), words, words, st.booleans())
def test_any_chart_can_be_read(given: list[Point], title: str, unit: str, steps: bool) -> None:
    draw = draw_chart if is_series(given) else draw_range if is_comparison(given) else None
    if not draw:
        return
    drawn = chart(*given, unit=unit)._replace(
        title=title, steps=steps, description=title, note=title, source=unit
    )
    for size in (NARROW, LEAD):
        svg = draw(drawn, size)
        assert not (faults := Drawing(svg).faults()), as_lines(faults)
        # Neither the order of the figures nor the process matters, and no number is longer.
        assert draw(drawn._replace(points=tuple(reversed(given))), size) == svg
        assert not re.search(r' (?:d|x|y)="[^"]*\.\d{3}', svg)
