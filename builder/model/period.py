"""Periods that figures cover: years, halves, quarters and months, calendar or fiscal."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from msgspec import Struct

from builder.patterns import pattern

# A fiscal year has the name of the calendar year in which it ends, or in which it starts.
NamedBy = Literal["end", "start"]


class FiscalYear(Struct, frozen=True, array_like=True):
    """When a company's fiscal years end, and how they are named.

    `end` is a month (`01`), or a month and a day (`01-28`)."""

    end: str
    named_by: NamedBy


class Span(NamedTuple):
    """The first and the last month of a period: `2023-02` and `2024-01`."""

    begin: str
    end: str


NO_SPAN = Span("", "")
YEARS = range(1000, 9999)  # a fiscal year also has months of the year before or after
_LENGTHS = {"Y": 12, "H": 6, "Q": 3}
# As it is stored: 2024, 2024-H1, 2024-Q3, 2024-06; FY2024, FY2024-Q4; FY2024/25, FY2024/25-H1.
_STORED = pattern(
    r"(?P<fiscal>FY)?(?P<year>[0-9]{4})(?:/(?P<next>[0-9][0-9]))?"
    r"(?:-(?:(?P<part>[HQ])(?P<number>[0-9])|(?P<month>[0-9][0-9])))?"
)
_WORDS = (
    (r"(?:the )?(?:fiscal|financial|business) (?:year )?", "fy"),
    (r"calendar (?:year )?|cy ?(?=[0-9])", ""),
    (r"(?:the )?first half(?: of)?", "h1"), (r"(?:the )?second half(?: of)?", "h2"),
    (r"(?:the )?first quarter(?: of)?", "q1"), (r"(?:the )?second quarter(?: of)?", "q2"),
    (r"(?:the )?third quarter(?: of)?", "q3"), (r"(?:the )?fourth quarter(?: of)?", "q4"),
)  # fmt: skip
_YEAR = r"(?P<fiscal>fy)?(?P<year>[0-9]{4}|[0-9][0-9])(?:[/–-](?P<next>[0-9][0-9]|[0-9]{4}))?"
_PART = r"(?:(?P<part>[hq])(?P<number>[0-9])|(?P<number2>[0-9])(?P<part2>[hq]))"
_FORMS = (
    pattern(_YEAR),
    pattern(rf"{_YEAR}[-,/]?{_PART}"),
    pattern(rf"{_PART}(?:of|[-,/])?{_YEAR}"),
)


def read_period(text: str) -> str:
    """Return a period in its stored form; empty if it is none.

    Read are `FY2024`, `fiscal 2024`, `Q4 FY24`, `H1 2025`, `1H25`, `2025 Q3`, `2024/25` and the
    stored forms, but no months in words and no years outside of `YEARS`."""
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        return text if int(text[:4]) in YEARS else ""
    plain = text.casefold()
    for words, meant in _WORDS:
        plain = re.sub(rf"\b(?:{words})", meant, plain)
    plain = re.sub(r"[\s'’_]", "", plain)
    for form in _FORMS:
        if (found := form.fullmatch(plain)) and (stored := _stored(found)):
            return stored
    return ""


def _stored(found: re.Match[str]) -> str:
    part = {name: value or "" for name, value in found.groupdict().items()}
    half_or_quarter = (part.get("part", "") or part.get("part2", "")).upper()
    number = int(part.get("number", "") or part.get("number2", "") or 0)
    if half_or_quarter and not 1 <= number <= {"H": 2, "Q": 4}[half_or_quarter]:
        return ""
    year, after = part["year"], part["next"]
    if len(year) == 2:
        if not (part["fiscal"] or half_or_quarter) or after:
            return ""
        year = f"20{year}"
    if int(year) not in YEARS:
        return ""
    if after:
        following = str(int(year) + 1)
        if after not in (following, following[2:]):
            return ""
        year = f"{year}/{following[2:]}"
    fiscal = "FY" if part["fiscal"] or after else ""
    return f"{fiscal}{year}" + (f"-{half_or_quarter}{number}" if half_or_quarter else "")


def is_fiscal(period: str) -> bool:
    """Return whether a stored period needs a company's fiscal year."""
    return period.startswith("FY")


def span_of(period: str, fiscal: FiscalYear | None) -> Span:
    """Return the months of a stored period.

    Without the company's fiscal year, a fiscal period has those of the calendar year."""
    found = _STORED.fullmatch(period)
    assert found is not None
    year = int(found["year"])
    if found["month"]:
        return Span(period, period)
    last = int(fiscal.end[:2]) if found["fiscal"] and fiscal else 12
    named_by = "start" if found["next"] else fiscal.named_by if fiscal else "end"
    # Months are counted from January of the year 0.
    begin = (year - 1) * 12 + last
    if last != 12 and named_by == "start":
        begin += 12
    months = _LENGTHS[found["part"] or "Y"]
    begin += months * (int(found["number"] or 1) - 1)
    return Span(_month(begin), _month(begin + months - 1))


def _month(count: int) -> str:
    return f"{count // 12:04}-{count % 12 + 1:02}"


def last_day(period: str, fiscal: FiscalYear | None) -> str:
    """Return the last day of a stored period, to compare it.

    It is in ISO 8601; every month ends on the 31st, unless the fiscal year ends within it."""
    end = span_of(period, fiscal).end
    day = fiscal.end[3:] if fiscal and is_fiscal(period) and fiscal.end[:2] == end[5:] else ""
    return f"{end}-{day or '31'}"


def months_in(span: Span) -> int:
    """Return the number of months of a span."""
    (first, one), (last, other) = (map(int, month.split("-")) for month in span)
    return (last - first) * 12 + other - one + 1


def middle_of(span: Span) -> str:
    """Return the middle month of a span, or the later of two."""
    year, month = map(int, span.begin.split("-"))
    return _month(year * 12 + month - 1 + months_in(span) // 2)
