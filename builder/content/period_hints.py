"""What to write instead of a quarter, a half or nine months in the words of another language."""

from __future__ import annotations

import re

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
    r"\b(?:months|monaten?|mois|meses|mesi|maanden|måneder|månader|miesięcy|месяцев)\b|\b9\s?M",
    re.IGNORECASE,
)
_LAST = re.compile(r"(20\d\d|\b\d\d|(?<=9M)\d\d)\b\D*$", re.IGNORECASE)


def period_hint(text: str) -> str:
    """Return what to write instead of a text, if known."""
    text = text.strip()
    for part, form in _FORMS:
        found = form.fullmatch(text)
        if found and int(found["number"]) <= {"Q": 4, "H": 2}[part]:
            return f"write `{_year(found)}-{part}{found['number']}`"
    if is_span_of_months(text) and (last := _LAST.search(text)):
        year = f"20{last[1][-2:]}"
        hint = "a period of months cannot be written: write a quarter, such as"
        return f"{hint} `{year}-Q3`, or `{year}`"
    return ""


def is_span_of_months(text: str) -> bool:
    """Return whether a text names a number of months."""
    return bool(_MONTHS.search(text))


def _year(found: re.Match[str]) -> str:
    return f"20{found['year'][-2:]}"
