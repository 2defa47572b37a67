"""Periods in words: Q3 2024, 3. Quartal 2024, June 2024, fiscal 2024 (to January 2024)."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from builder.language.dates import month_in_text, year_in_words
from builder.language.lexicon import lexicon
from builder.model.period import Span, is_fiscal

if TYPE_CHECKING:
    from babel.core import Locale


@cache
def _locale(language: str) -> Locale:
    from babel.core import Locale

    return Locale.parse(language, sep="-")


def period_in_words(period: str, span: Span, language: str) -> str:
    """Return a period in words, with its months if it is fiscal.

    `2024-Q3` becomes Q3 2024, `2024-06` June 2024, and `FY2024` fiscal 2024 (to January 2024)."""
    if is_fiscal(period):
        return _fiscal(period, span, language)
    year, _, part = period.partition("-")
    if not part:
        return year_in_words(year, language)
    if part[0] in "QH":
        return _part_of_year(part, year, language)
    return month_in_text(date(int(year), int(part), 1), language)


@lru_cache(maxsize=1024)
def _part_of_year(part: str, year: str, language: str) -> str:
    """Return a quarter or a half of a calendar year: Q4 2024, 4. Quartal 2024."""
    from babel.dates import format_skeleton

    if words := lexicon(language).periods:
        return words.part_of_year.format(part=_part(part, language), year=year)
    if part[0] == "H":
        return f"{part} {year}"
    month = date(int(year), 3 * int(part[1]), 1)
    return format_skeleton("yQQQQ", month, locale=_locale(language))


def _part(part: str, language: str) -> str:
    """Return the name of a quarter or a half: Q4, 4. Quartal."""
    words, number = lexicon(language).periods, int(part[1])
    if words and part[0] == "H":
        return (words.first_half, words.second_half)[number - 1]
    if words and words.quarter:
        return words.quarter.format(number)
    return str(_locale(language).quarters["format"]["wide"][number])


@lru_cache(maxsize=1024)
def _fiscal(period: str, span: Span, language: str) -> str:
    from babel.dates import format_interval, format_skeleton

    words, locale = lexicon(language).periods, _locale(language)
    year, _, part = period.removeprefix("FY").partition("-")
    first, last = (date(int(month[:4]), int(month[5:]), 1) for month in span)
    if not words:
        months = format_interval(first, last, "yMMM", locale=locale)
        return f"{part} FY{year} ({months})".strip()
    name = words.fiscal_year.format(year)
    if part:
        name = words.part_of_fiscal_year.format(part=_part(part, language), year=year)
    until = words.until.format(format_skeleton("yMMMM", last, locale=locale))
    return f"{name}（{until}）" if locale.language in ("ja", "zh") else f"{name} ({until})"
