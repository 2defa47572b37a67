"""The charts and the map that the tests of drawings draw."""

from __future__ import annotations

from decimal import Decimal

from builder.pages.svg.graph import STATES, Group, Map, Neighbour, State
from builder.pages.svg.layout import BASES, Basis, Chart, Point


def point(at: str, low: float, basis: Basis = "reported", high: float | None = None) -> Point:
    top = low if high is None else high
    label = f"${low}bn" if high is None else f"${low}bn–${high}bn"
    words = f"{label} in {at} ({basis})"
    return Point(at, Decimal(str(low)), Decimal(str(top)), label, words, basis)


def chart(*points: Point, unit: str = "Billion US dollars", prefix: str = "chart") -> Chart:
    names = tuple((basis, basis.capitalize()) for basis in BASES)
    return Chart(
        "Valuation of Scale AI", "As reported", points, lambda v: f"${v}bn", lambda day: day, names,
        unit=unit, prefix=prefix,
    )  # fmt: skip


VALUATION = chart(
    point("2021", 7.3), point("2024-05", 13.8), point("2025-06-13", 29), prefix="valuation"
)
# Every basis, a range, and two reports of one day that differ.
MIXED = chart(
    point("2020", 1, "actual"),
    point("2021", 2, "derived"),
    point("2022-06", 3, "estimate"),
    point("2023-01-15", 4.5, "reported"),
    point("2023-01-15", 6, "reported"),
    point("2024", 7, "planned"),
    point("2025", 6, "forecast", 9),
    unit="",
    prefix="mixed",
)
# A stake: shares in a narrow band, each held until the next.
STAKE = chart(point("2024-01", 47), point("2024-09", 49), point("2025-02", 48), prefix="stake")
STAKE = STAKE._replace(shares=True, steps=True, values=lambda v: f"{v}%")
CHARTS = {"valuation.svg": VALUATION, "mixed.svg": MIXED, "stake.svg": STAKE}
# What three sources say of one moment.
PRICE = chart(
    point("2025-06-12", 14.3)._replace(by="CNBC, Reuters"),
    point("2025-06-12", 14.8)._replace(by="Cybernews"),
    point("2025-06", 12, "estimate", 15)._replace(by="The Information"),
    prefix="price",
)


WAYS = tuple((state, state.capitalize()) for state in STATES)


def beside(name: str, note: str = "", state: State = "current") -> Neighbour:
    slug = name.lower().replace(" ", "-")
    words = (f"{name}: {note or state}",)
    return Neighbour(name, note, words, state, f"/companies/{slug}/", f"/briefs/{slug}/")


def neighbourhood(*groups: Group, name: str = "Scale AI") -> Map:
    return Map(f"Around {name}", "", name, groups, WAYS, list_url="#relation-list")


SCALE = neighbourhood(
    Group(
        "above", "Owners and investors",
        (
            beside("Meta", "49% owner, since June 2025, also customer"),
            beside("Example Capital", "investor, until 2024", "former"),
        ),
    ),
    Group("left", "Suppliers", (beside("Remotasks"), beside("Outlier"))),
    Group(
        "right", "Customers",
        (
            beside("OpenAI"), beside("Microsoft", "until June 2025", "former"),
            beside("Google", "due to end", "planned"), beside("xAI", "due to end", "planned"),
        ),
        "and 3 more",
    ),
    Group("below", "Owns", (beside("Amalgamated Models", "dropped May 2025", "former"),)),
    Group("below", "Rivals", (beside("Turing"), beside("Handshake"))),
)  # fmt: skip
