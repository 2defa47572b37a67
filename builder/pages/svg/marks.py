"""The marks and lines of a chart, which show the basis of a figure."""

from __future__ import annotations

from builder.pages.svg.layout import Basis
from builder.pages.svg.shapes import PAPER, element, number

# Line width and dashes for each basis of a value.
LINES: dict[Basis, tuple[float, str | None]] = {
    "actual": (2.25, None),
    "reported": (1.75, None),
    "derived": (1.5, "9 3 2 3"),
    "estimate": (1.5, "2 3"),
    "planned": (1.5, "6 4"),
    "forecast": (1.75, "1 4"),
}


def draw_mark(basis: Basis, x: float, y: float) -> str:
    """Draw a mark: filled for measured values, open for expected ones."""
    at = f"{number(x)} {number(y)}"
    round = f"M{at}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
    square = f"M{at}m-3.5 -3.5h7v7h-7z"
    shape = {
        "actual": square,
        "reported": round,
        "derived": f"M{at}m0 -5l5 5l-5 5l-5 -5z",
        "estimate": f"M{at}m0 -5l4.5 8h-9z",
        "planned": square,
        "forecast": round,
    }[basis]
    fill = "currentColor" if basis in ("actual", "reported", "derived") else PAPER
    return element(
        "path", d=shape, class_=f"chart-mark {basis}", fill=fill, stroke="currentColor",
        stroke_width=1.5,
    )  # fmt: skip
