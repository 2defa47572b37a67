"""Says what to write instead of a period in words, in many languages."""

from __future__ import annotations

import re

from builder.content.date_hints import iso_dates
from builder.model.period import read_period

_QUARTER = (
    "quartal trimestre trimestres trimestr trimester kvartal kvartál kwartaal kwartał квартал"
    " τρίμηνο negyedév quarter kvartalet"
)
_HALF = (
    "halbjahr semestre semestres semester halvår halfjaar półrocze pololetí полугодие півріччя"
    " εξάμηνο félév half halvåret"
)
_ORDINAL = r"(?P<number>[1-4])\s*(?:\.|[-:]?[a-zåäºªª°йеèñα]{1,3}\b\.?|[ºª°])?\s*"
_YEAR = r"\s*(?:(?:de|del|do|of|von|van|of the|roku|года)\b)?\s*[’']?(?P<year>20\d\d|\d\d)\b"


def _words(names: str) -> str:
    return "|".join(names.split())


_FORMS = tuple(
    (part, re.compile(form + _YEAR, re.IGNORECASE))
    for part, form in (
        ("Q", rf"{_ORDINAL}(?:{_words(_QUARTER)})"),
        ("Q", r"(?:T\s?(?P<number>[1-4]))"),
        ("Q", r"(?P<number>[1-4])\s?T"),
        ("H", rf"{_ORDINAL}(?:{_words(_HALF)})"),
        ("H", r"S\s?(?P<number>[12])"),
        ("H", r"(?P<number>[12])\s?S"),
    )
)
_MONTHS = re.compile(
    r"\b(?:months|monaten?|mois|meses|mesi|maanden|måneder|månader|miesięcy|месяцев)\b|\b[369]\s?M(?![a-z])",
    re.IGNORECASE,
)
_LAST = re.compile(r"(20\d\d|\b\d\d|(?<=[369]M)\d\d)\b\D*$", re.IGNORECASE)
_GENERAL = (
    "write a year, half, quarter or month: 2024, 2024-H1, 2024-Q3, 2024-06,"
    " or one of a fiscal year: FY2024, FY2024-Q4"
)
_LONGEST = 60  # the forms backtrack, and no period is longer


def month_of(text: str) -> str:
    """Return the month that a text names, such as `June 2025`."""
    dates = _dates(text)
    return read_period(dates[0]) if len(dates) == 1 and len(dates[0]) == 7 else ""


def period_hint(text: str) -> str:
    """Return what to write instead of a misread period."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return _GENERAL
    dates = _dates(text)
    if len(dates) == 1 and len(dates[0]) != 7:
        return f"write `as_of: {dates[0]}`"
    for part, form in _FORMS:
        found = form.fullmatch(text)
        if found and int(found["number"]) <= {"Q": 4, "H": 2}[part]:
            return f"write `{_year(found)}-{part}{found['number']}`"
    if _MONTHS.search(text) and (last := _LAST.search(text)):
        year = f"20{last[1][-2:]}"
        hint = "a period of months cannot be written: write a quarter, such as"
        return f"{hint} `{year}-Q3`, or `{year}`"
    return _GENERAL


def _dates(text: str) -> list[str]:
    return [] if _MONTHS.search(text) else iso_dates(text)


def _year(found: re.Match[str]) -> str:
    return f"20{found['year'][-2:]}"
