"""Periods and dates are read, compared and printed; what is not one gets the date to write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from babel.dates import format_date, format_skeleton
from hypothesis import given
from hypothesis import strategies as st

from builder.content.date_hints import iso_dates
from builder.language.dates import in_short, in_words, when_in_words
from builder.language.lexicon import languages
from builder.language.periods import period_in_words
from builder.model.period import (
    FiscalYear,
    Span,
    is_fiscal,
    last_day,
    middle_of,
    months_in,
    read_period,
    span_of,
)
from builder.model.time import Moment

JANUARY = FiscalYear("01-28", "end")  # as of a chip maker
MARCH = FiscalYear("03", "start")  # as of an investor in Tokyo
READ = [
    ("2024", "2024"),
    ("2024-06", "2024-06"),
    ("2011-12", "2011-12"),
    ("2024-h1", "2024-H1"),
    ("H1 2025", "2025-H1"),
    ("1H25", "2025-H1"),
    ("2H 2025", "2025-H2"),
    ("first half of 2025", "2025-H1"),
    ("2025 Q3", "2025-Q3"),
    ("Q3 2025", "2025-Q3"),
    ("3Q25", "2025-Q3"),
    ("Q3'25", "2025-Q3"),
    ("CY2024", "2024"),
    ("calendar 2024", "2024"),
    ("FY2024", "FY2024"),
    ("FY 2024", "FY2024"),
    ("FY24", "FY2024"),
    ("fiscal 2024", "FY2024"),
    ("Fiscal Year 2024", "FY2024"),
    ("Q4 FY2024", "FY2024-Q4"),
    ("FY24 Q4", "FY2024-Q4"),
    ("4QFY24", "FY2024-Q4"),
    ("fourth quarter of fiscal 2024", "FY2024-Q4"),
    ("H1 FY2024", "FY2024-H1"),
    ("2024/25", "FY2024/25"),
    ("2024/2025", "FY2024/25"),
    ("2024–25", "FY2024/25"),
    ("Q1 2024/25", "FY2024/25-Q1"),
    ("24", ""),
    ("2024-13", ""),
    ("2024/26", ""),
    ("Q5 2024", ""),
    ("H3 2024", ""),
    ("FY2024-06", ""),
    ("2024 revenue", ""),
    ("0000-01", ""),
    ("FY0001", ""),
    ("Q1 0999", ""),
    ("FY1000", "FY1000"),
    ("FY9998", "FY9998"),
    ("9999", ""),
    ("٢٠٢٤-01", ""),
    ("FY٢٤", ""),
]


@pytest.mark.parametrize(("text", "stored"), READ)
def test_is_read(text: str, stored: str) -> None:
    assert read_period(text) == stored
    assert not stored or read_period(stored) == stored


SPANS = [
    ("2024", None, "2024-01", "2024-12"),
    ("2024-Q3", JANUARY, "2024-07", "2024-09"),
    ("FY2024", JANUARY, "2023-02", "2024-01"),
    ("FY2024-Q4", JANUARY, "2023-11", "2024-01"),
    ("FY2024-H1", JANUARY, "2023-02", "2023-07"),
    ("FY2024", MARCH, "2024-04", "2025-03"),
    ("FY2024-Q4", MARCH, "2025-01", "2025-03"),
    ("FY2024/25", JANUARY, "2024-02", "2025-01"),
    ("FY2024", FiscalYear("09", "end"), "2023-10", "2024-09"),
    ("FY2024", FiscalYear("12-31", "end"), "2024-01", "2024-12"),
    ("FY2024", FiscalYear("12", "start"), "2024-01", "2024-12"),
    ("FY2024", None, "2024-01", "2024-12"),
]


@pytest.mark.parametrize(("period", "fiscal", "begin", "end"), SPANS)
def test_covers_months(period: str, fiscal: FiscalYear | None, begin: str, end: str) -> None:
    assert span_of(period, fiscal) == Span(begin, end)


def test_ends_on_the_day_of_the_fiscal_year() -> None:
    assert last_day("FY2024", JANUARY) == last_day("FY2024-Q4", JANUARY) == "2024-01-28"
    assert last_day("FY2024-Q3", JANUARY) == "2023-10-31"
    assert last_day("2024-01", JANUARY) == "2024-01-31"


YEARS = st.integers(1900, 2100)
PARTS = st.sampled_from(["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4"])
FISCAL = st.builds(
    FiscalYear, st.integers(1, 12).map(lambda m: f"{m:02}"), st.sampled_from(["end", "start"])
)


@given(YEARS, PARTS, FISCAL)
def test_parts_of_a_fiscal_year_make_it_up(year: int, part: str, fiscal: FiscalYear) -> None:
    """Each part lies in its year, and a year ends where the next begins."""
    whole = span_of(f"FY{year}", fiscal)
    span = span_of(f"FY{year}{part}", fiscal)
    assert whole.begin <= span.begin <= middle_of(span) <= span.end <= whole.end
    assert months_in(span) == {"": 12, "H": 6, "Q": 3}[part[1:2]]
    assert months_in(Span(whole.begin, span_of(f"FY{year + 1}", fiscal).end)) == 24
    assert whole.begin[:4] == str(year) or whole.end[:4] == str(year)


@given(YEARS, PARTS, st.booleans(), st.booleans())
def test_what_is_written_is_read_again(year: int, part: str, fiscal: bool, long: bool) -> None:
    stored = f"{'FY' * fiscal}{year}{part}"
    assert read_period(stored) == stored and is_fiscal(stored) is fiscal
    assert read_period(f"{part[1:]} {'fiscal ' * fiscal}{year}") == stored
    next_year = str(year + 1)
    named = f"{year}/{next_year if long else next_year[2:]}{part}"
    assert read_period(named) == f"FY{year}/{next_year[2:]}{part}"


PRINTED = [
    ("2024-Q3", "en", "Q3 2024"),
    ("2024-06", "en", "June 2024"),
    ("FY2024", "en", "fiscal 2024 (to January 2024)"),
    ("FY2024-Q4", "en-GB", "Q4 of fiscal 2024 (to January 2024)"),
    ("FY2024/25", "en", "fiscal 2024/25 (to January 2025)"),
    ("FY2024", "nl", "boekjaar 2024 (t/m januari 2024)"),
    ("FY2024-Q4", "de", "4. Quartal des Geschäftsjahrs 2024 (bis Januar 2024)"),
    ("FY2024-Q4", "zh", "2024财年第四季度（截至2024年1月）"),
    ("FY2024", "el", "FY2024 (Φεβ 2023 – Ιαν 2024)"),
    ("2025-Q4", "nl", "4e kwartaal 2025"),
    ("2025-Q4", "de", "4. Quartal 2025"),
    ("2025-Q4", "fr", "4e trimestre 2025"),
    ("2025-Q1", "fr", "1er trimestre 2025"),
    ("2025-Q4", "es", "4.º trimestre de 2025"),
    ("2025-Q4", "pt", "4º trimestre de 2025"),
    ("2025-Q4", "ar", "الربع الرابع من عام 2025"),
    ("2025-Q4", "zh", "2025年第四季度"),
    ("2025-Q4", "ja", "2025年第4四半期"),
    ("2025-Q4", "vi", "quý 4 năm 2025"),
    ("2025-Q4", "ko", "2025년 제 4/4분기"),
    ("2026-H1", "en", "H1 2026"),
    ("2026-H1", "nl", "eerste halfjaar 2026"),
    ("2026-H1", "de", "1. Halbjahr 2026"),
    ("2026-H2", "fr", "2e semestre 2026"),
    ("2026-H1", "es", "1.er semestre de 2026"),
    ("2026-H1", "pt", "1º semestre de 2026"),
    ("2026-H1", "ar", "النصف الأول من عام 2026"),
    ("2026-H1", "zh", "2026年上半年"),
    ("2026-H2", "ja", "2026年下半期"),
    ("2026-H1", "vi", "nửa đầu năm 2026"),
    ("2026-H1", "ko", "H1 2026"),
]


@pytest.mark.parametrize(("period", "language", "words"), PRINTED)
def test_period_in_words(period: str, language: str, words: str) -> None:
    found = period_in_words(period, span_of(period, JANUARY), language)
    assert found.replace("\u2009", " ") == words


FIRST = [
    ("2025-10-01", "fr", "1er octobre 2025", "1er oct. 2025"),
    ("2025-10-11", "fr", "11 octobre 2025", "11 oct. 2025"),
    ("2025-10-01", "pt", "1º de outubro de 2025", "1º de out. de 2025"),
    ("2025-10-01", "pt-PT", "1 de outubro de 2025", "1/10/2025"),
    ("2025-10-01", "es", "1 de octubre de 2025", "1 oct 2025"),
]


@pytest.mark.parametrize(("day", "language", "long", "short"), FIRST)
def test_first_of_a_month(day: str, language: str, long: str, short: str) -> None:
    """An ordinal number in French and in Brazil."""
    moment = Moment(datetime.fromisoformat(day).replace(tzinfo=UTC), "day")
    assert (in_words(moment, language), in_short(moment, language)) == (long, short)


def test_first_of_a_month_in_a_span() -> None:
    ends = (("2025-10-01", "2025-10-07"), ("2025-09-29", "2025-10-01"))
    spans = []
    for first, last in ends:
        days = [Moment(datetime.fromisoformat(d).replace(tzinfo=UTC), "day") for d in (first, last)]
        spans.append(when_in_words(days[0], days[1], "fr").replace("\u2009", " "))
    assert spans == ["1er–7 oct. 2025", "29 sept. – 1er oct. 2025"]


# --- dates that are not in ISO 8601 --------------------------------------------------------------

DATES = [
    ("Sept 2025", ["2025-09"]),
    ("Sep. 2025", ["2025-09"]),
    ("September 2025", ["2025-09"]),
    ("13 June 2025", ["2025-06-13"]),
    ("June 13th, 2025", ["2025-06-13"]),
    ("06/13/2025", ["2025-06-13"]),
    ("06/03/2025", ["2025-03-06", "2025-06-03"]),
    ("13.06.25", ["2025-06-13"]),
    ("2025-6-3", ["2025-06-03"]),
    ("2025/6", ["2025-06"]),
    ("20250613", ["2025-06-13"]),
    ("2025年6月13日", ["2025-06-13"]),
    ("13 tháng 6 năm 2025", ["2025-06-13"]),
    ("1er juillet 2025", ["2025-07-01"]),
    ("13 de junio de 2025", ["2025-06-13"]),
    ("13 June 2025, 14:39", ["2025-06-13 14:39"]),
    ("2025-06-13 2:39 pm", ["2025-06-13 14:39"]),
    ("2025-06-13 14:39 CEST", ["2025-06-13 14:39 +02:00"]),
    ("2025-06-13 14:39 UTC+7", ["2025-06-13 14:39 +07:00"]),
    ("2025-01-13 14:39 Europe/Amsterdam", ["2025-01-13 14:39 +01:00"]),
    ("Fri, 13 Jun 2025 14:39:00 +0200", ["2025-06-13 14:39 +02:00"]),
    ("2025-06-31", []),
    ("13 pm 2025", []),
    ("2025-06-13 25:00", []),
    ("2025-06-13 14:39 soon", []),
    ("yesterday", []),
]


@pytest.mark.parametrize(("text", "meant"), DATES)
def test_is_answered_with_the_date_to_write(text: str, meant: list[str]) -> None:
    assert iso_dates(text) == meant


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(languages()))
def test_months_are_known_in_every_language(day: date, language: str) -> None:
    """As CLDR writes the day and the month; a name that means two months gives both."""
    if language in ("fa", "th", "ar"):
        return  # of other calendars or digits
    for text in (format_date(day, "long", locale=language), format_date(day, "medium", language)):
        numeric = not any(len(word) > 2 for word in re.findall(r"[^\W\d_]+", text))
        assert day.isoformat() in iso_dates(text) or numeric, text
    text = format_skeleton("yMMMM", day, locale=language)
    assert f"{day:%Y-%m}" in iso_dates(text), text


@pytest.mark.parametrize("text", ["1" * 6000, f"13 June 2025{'.' * 50}", "٢٠٢٤-01", "13 June ٢٠٢٤"])
def test_no_date_is_read_from_a_long_text_or_other_digits(text: str) -> None:
    assert iso_dates(text) == []
