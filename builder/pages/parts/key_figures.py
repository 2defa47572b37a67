"""The figures that lead a company's page."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from builder.pages.parts.figures import FigureLine, Series

_FEW = 6  # metrics that a page shows without folding any
_LEADING = 4
_EXPECTED = ("planned", "forecast", "estimate")  # what has not happened yet, or is not known


class KeyFigure(Struct, frozen=True, kw_only=True):
    """The latest value of a metric."""

    name: Annotated[str, "The metric."]
    anchor: Annotated[str, "The anchor of all its values on the page."]
    line: Annotated[FigureLine, "The figure; a forecast only if nothing else is known."]


def leading_series(
    series: tuple[Series, ...], url: str
) -> tuple[tuple[Series, ...], tuple[Series, ...]]:
    """Return a company's most important metrics, and the others.

    Important are its own, before those that involve another company. `url` is the company's.
    """
    if len(series) <= _FEW:
        return series, ()
    own = [s for s in series if s.lines[0].of.url == url and not s.lines[0].to]
    leading = (own or series)[:_LEADING]
    return tuple(leading), tuple(s for s in series if s not in leading)


def key_figures(series: tuple[Series, ...]) -> tuple[KeyFigure, ...]:
    """Return the latest figure of each leading metric.

    One or two metrics have none: the page shows them at once.
    """
    if len(series) <= _LEADING // 2:
        return ()
    return tuple(
        KeyFigure(name=s.name, anchor=s.anchor, line=latest_known(s.lines))
        for s in series[:_LEADING]
    )


def latest_known(lines: tuple[FigureLine, ...]) -> FigureLine:
    """Return the latest figure that is not a forecast, if any.

    A figure to which another is preferred counts only if there is no other.
    """
    used = [line for line in lines if line.state != "not preferred"] or lines
    return next((line for line in used if line.basis not in _EXPECTED), used[0])
