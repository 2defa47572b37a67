"""Figures: quantities with a company, a metric, a time and a source."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.time import PartialDate
from builder.model.values import CompanyName, Formula, Line, Period, Slug, SourceWords
from builder.quantity.quantity import Quantity

# The basis of a figure. A formula computes a derived figure from others.
FigureBasis = Literal["actual", "reported", "planned", "estimate", "forecast", "derived"]

# How a ratio is printed: 20.5 times, or 2,050%.
RatioUnit = Literal["percent", "times"]


class Figure(Struct, frozen=True, kw_only=True):
    """A quantity in a brief, with its company, metric, time and source."""

    of: Annotated[CompanyName, "The company that the figure describes."]
    metric: Annotated[Line, "The measure: valuation, revenue, stake price."]
    id: Annotated[
        Slug,
        "The id, unique in this file; `{{figure:id}}` prints the figure (default: the slug of the"
        " metric; of several equal ones `revenue-1`, `revenue-2`).",
    ] = Slug("")
    value: Annotated[
        Quantity | None, "The quantity: `14bn USD`, `49%`, `200 people`, `1bn..2bn USD`."
    ] = None
    formula: Annotated[
        Formula, "A formula of other figures in this file, instead of a value: `spend / revenue`."
    ] = Formula("")
    unit: Annotated[
        RatioUnit | None,
        "How to print a ratio that a formula computes: `times` (20.5 times) or `percent` (17.2%);"
        " by default, a quotient of 10 or more is in times.",
    ] = None
    to: Annotated[CompanyName, "The other company: the one that is paid or owned."] = CompanyName(
        ""
    )
    as_of: Annotated[PartialDate | None, "The day, month or year for which the figure is true."] = (
        None
    )
    period: Annotated[
        Period,
        "The period that the figure covers: 2024, 2024-H1, 2024-Q3, 2024-06, FY2024, FY2024-Q4.",
    ] = Period("")
    basis: Annotated[FigureBasis, "Whether the figure is a fact, a report, a plan or a guess."] = (
        "reported"
    )
    source: Annotated[Slug, "The id of the source that reports the figure."] = Slug("")
    also: Annotated[
        tuple[Slug, ...], "The ids of further sources that report the figure themselves."
    ] = ()
    words: Annotated[
        SourceWords,
        "The sentence of the source with the figure, in its language, of at most 300 characters.",
    ] = SourceWords("")
    preferred: Annotated[bool, "Whether to print this figure if briefs differ."] = False
