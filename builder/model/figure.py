"""Figures: numbers with an owner, a metric, a time and a source."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.time import PartialDate
from builder.model.values import CompanyName, Formula, Line, Period, Slug
from builder.quantity.quantity import Quantity

# What a figure rests on. A derived one is worked out from others by its formula.
FigureBasis = Literal["actual", "reported", "planned", "estimate", "forecast", "derived"]


class Figure(Struct, frozen=True, kw_only=True):
    """A figure of a brief: a number with whose it is, what it measures, when, and who says so."""

    id: Annotated[Slug, "A short name, unique in this file: `{{figure:id}}` prints it."]
    of: Annotated[CompanyName, "The company that it is a figure of."]
    metric: Annotated[Line, "What it measures: valuation, revenue, stake price."]
    value: Annotated[
        Quantity | None, "How much: `14bn USD`, `49%`, `200 people`, `1bn..2bn USD`."
    ] = None
    formula: Annotated[
        Formula, "Instead of a value: how it follows from others of this file, `spend / revenue`."
    ] = Formula("")
    to: Annotated[CompanyName, "The company on the other side: who is paid, who is owned."] = (
        CompanyName("")
    )
    as_of: Annotated[PartialDate | None, "The day, month or year for which it is true."] = None
    period: Annotated[Period, "The time that it covers: 2024, 2024-H1, 2024-Q3, 2024-06."] = Period(
        ""
    )
    basis: Annotated[FigureBasis, "Whether it is a fact, a report, a plan or a guess."] = "reported"
    source: Annotated[Slug, "The id of the source that gives it."] = Slug("")
    preferred: Annotated[bool, "Whether it is the one to print where briefs differ."] = False
