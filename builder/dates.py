"""Moments -> words in a language, by CLDR (Babel); and the formats that machines read."""

from __future__ import annotations

from datetime import date, datetime
from email.utils import format_datetime as rfc_2822
from functools import cache, lru_cache

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time

from builder.model import Moment


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale=_locale(language))


@lru_cache(maxsize=1024)
def month_name(day: date, language: str) -> str:
    """A month and its year: June 2025."""
    text = format_skeleton("yMMMM", day, locale=_locale(language))
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def _short(day: date, language: str) -> str:
    return format_skeleton("yMMMd", day, locale=_locale(language))


def _start(moment: Moment) -> date:
    return moment.at.date()


def in_words(moment: Moment, language: str) -> str:
    """As precisely as it is known, without the time of day: 13 June 2025, June 2025, 2025."""
    if moment.precision == "year":
        return str(moment.at.year)
    if moment.precision == "month":
        return month_name(_start(moment), language)
    return _day(_start(moment), language)


def in_short(moment: Moment, language: str) -> str:
    """As `in_words`, with the month cut short: 13 Jun 2025."""
    if moment.precision in ("year", "month"):
        return in_words(moment, language)
    return _short(_start(moment), language)


def with_time(moment: Moment, language: str) -> str:
    """As `in_words`, and the time of day where it is known: 13 June 2025, 14:39."""
    words = in_words(moment, language)
    if moment.precision != "minute":
        return words
    return f"{words}, {_time(moment.at, language)}"


@lru_cache(maxsize=4096)
def _time(at: datetime, language: str) -> str:
    return format_time(at.time(), "short", locale=_locale(language))


def as_rfc822(moment: Moment) -> str:
    """The date of an RSS 2.0 feed: Sun, 15 Jun 2025 09:00:00 +0200 (RFC 822, four-digit year)."""
    return rfc_2822(moment.at)


def as_w3c(moment: Moment) -> str:
    """The date of a sitemap, as precisely as it is known (W3C Date and Time Formats)."""
    return moment.iso
