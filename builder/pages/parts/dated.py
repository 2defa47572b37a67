"""Words before a date, which in many languages depend on whether it is a day, a month or a year."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from builder.language.dates import in_short, unbroken
from builder.language.words import Words, message
from builder.model.time import Moment

Dated = Mapping[str, str]  # the messages for a day, a month, a year and other periods

# Translators: when a relation between companies began. {date} is a day, a month or a year, as the
# context says.
SINCE: Dated = MappingProxyType(
    {
        "day": message("since {date}", "day"),
        "month": message("since {date}", "month"),
        "year": message("since {date}", "year"),
    }
)
# Translators: when a relation between companies ended.
UNTIL: Dated = MappingProxyType(
    {
        "day": message("until {date}", "day"),
        "month": message("until {date}", "month"),
        "year": message("until {date}", "year"),
    }
)
# Translators: a relation that is only planned; the plan was made then.
PLANNED_SINCE: Dated = MappingProxyType(
    {
        "day": message("planned since {date}", "day"),
        "month": message("planned since {date}", "month"),
        "year": message("planned since {date}", "year"),
    }
)
# Translators: a relation that is planned to begin then.
PLANNED_FROM: Dated = MappingProxyType(
    {
        "day": message("planned from {date}", "day"),
        "month": message("planned from {date}", "month"),
        "year": message("planned from {date}", "year"),
    }
)
# Translators: a planned relation; the plan was given up then.
DROPPED: Dated = MappingProxyType(
    {
        "day": message("dropped {date}", "day"),
        "month": message("dropped {date}", "month"),
        "year": message("dropped {date}", "year"),
    }
)
# Translators: after “owns 49% of …”. The share is of {date}; {since} is such as: since June 2025.
MEASURED: Dated = MappingProxyType(
    {
        "day": message("on {date}; an owner {since}", "day"),
        "month": message("in {date}; an owner {since}", "month"),
        "year": message("in {date}; an owner {since}", "year"),
    }
)
# Translators: something is expected to happen by then; {date} is a day, a month, a quarter, half a
# year or a year, as the context says.
DUE: Dated = MappingProxyType(
    {
        "day": message("By {date}", "day"),
        "month": message("By the end of {date}", "month"),
        "quarter": message("By the end of {date}", "quarter"),
        "half": message("By the end of {date}", "half"),
        "year": message("By the end of {date}", "year"),
    }
)


def precision(moment: Moment) -> str:
    """Return which of some dated words a moment takes."""
    return moment.precision if moment.precision in ("year", "month") else "day"


def dated(words: Words, said: Dated, moment: Moment | None, short: bool = False) -> str:
    """Return the words of a date, or nothing.

    If `short`, the month is abbreviated, and a day is left out."""
    if moment is None:
        return ""
    if not short:
        return words.key(said[precision(moment)], {"date": unbroken(moment, words.language)})
    month = Moment(moment.at, "year" if precision(moment) == "year" else "month")
    return words.key(said[month.precision], {"date": in_short(month, words.language)})
