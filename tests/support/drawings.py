"""The charts and the map that the tests of drawings draw."""

from __future__ import annotations

from decimal import Decimal

from builder.pages.svg.graph import STATES, Edge, Map, Node, State
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


WAYS = tuple((state, state.capitalize()) for state in STATES)


def node(name: str, kind: str = "lab") -> Node:
    return Node(name.lower(), name, kind, f"/companies/{name.lower().replace(' ', '-')}/")


def edge(
    source: str, label: str, target: str, state: State = "current", both: bool = False
) -> Edge:
    words = f"{source}: {label}, {target} ({state})"
    return Edge(source.lower(), target.lower(), label, words, state, both, f"/briefs/{label[:4]}/")


def neighbourhood(edges: list[Edge], *names: str) -> Map:
    return Map(
        "Around Scale AI", "", "scale ai", (*map(node, ("Scale AI", *names)),), (*edges,), WAYS
    )


SCALE = neighbourhood(
    [
        edge("Meta", "minority stake, 49%, since June 2025", "Scale AI"),
        edge("Meta", "customer", "Scale AI"),
        edge("Google", "customer, plans to leave", "Scale AI", "planned"),
        edge("OpenAI", "customer", "Scale AI"),
        edge("xAI", "customer, looking to leave", "Scale AI", "planned"),
        edge("Microsoft", "customer, until June 2025", "Scale AI", "former"),
        edge("Scale AI", "rival", "Turing", both=True),
        edge("Scale AI", "rival", "Handshake", both=True),
        edge("Turing", "rival", "Handshake", both=True),
        edge("Google", "rival", "Meta", both=True),
        edge("Microsoft", "investor, since 2019", "OpenAI"),
    ],
    *("Meta", "Google", "OpenAI", "xAI", "Microsoft", "Turing", "Handshake"),
)
