"""Dates in words by CLDR (Babel), and in machine-readable formats.

Babel is imported when a date is first formatted, so a build that renders nothing never loads it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from builder.language.lists import comma
from builder.model.time import NO_DATE, Moment, days_of
from builder.patterns import pattern

if TYPE_CHECKING:
    from babel.core import Locale


@cache
def _locale(language: str) -> Locale:
    from babel.core import Locale

    return Locale.parse(language, sep="-")


# Days and months as newspapers write them, where they differ from CLDR: 12/6/2025, tháng 6/2025.
_FORMS = {"vi": ("d/M/y", "'tháng' M/y")}
# What a year ends with where it never stands alone.
_YEAR = {"ja": "年", "zh": "年", "ko": "년"}
# The first of a month where it is an ordinal number, which CLDR lacks; in Portugal it is not.
_FIRST = {"fr": "1er", "pt": "1º"}
_ONE = pattern(r"(?<!\d)1(?=\s[^\W\d]|\s?–\s?\d)")


def _with_first(text: str, language: str) -> str:
    """Return a date with the first of a month as an ordinal number: 1er octobre."""
    first = _FIRST.get(_locale(language).language, "") if language != "pt-PT" else ""
    return _ONE.sub(first, text) if first else text


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    from babel.dates import format_date

    form = _FORMS.get(_locale(language).language, ("long", ""))[0]
    return _with_first(format_date(day, form, locale=_locale(language)), language)


@lru_cache(maxsize=1024)
def month_in_text(day: date, language: str) -> str:
    """Return a month and its year within a text: juin 2025."""
    from babel.dates import format_date, format_skeleton

    if form := _FORMS.get(_locale(language).language):
        return format_date(day, form[1], locale=_locale(language))
    return format_skeleton("yMMMM", day, locale=_locale(language))


def year_in_words(year: str, language: str) -> str:
    """Return a year that stands alone: 2025, 2025年."""
    return f"{year}{_YEAR.get(_locale(language).language, '')}"


def month_name(day: date, language: str) -> str:
    """Return a month and its year as a heading: Juin 2025."""
    text = month_in_text(day, language)
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def _short(day: date, language: str) -> str:
    from babel.dates import format_skeleton

    if _locale(language).language in _FORMS:
        return _day(day, language)
    return _with_first(format_skeleton("yMMMd", day, locale=_locale(language)), language)


@cache
def month_names(language: str) -> frozenset[str]:
    """Return the names of months in a language, with case folded."""
    months = _locale(language).months
    names = (months[use]["wide"].values() for use in ("format", "stand-alone"))
    return frozenset(name.casefold() for group in names for name in group)


def _start(moment: Moment) -> date:
    return moment.at.date()


@lru_cache(maxsize=1024)
def week_in_words(week: str, language: str) -> str:
    """Return the days of a week: 9–15 June 2025."""
    first, last = days_of(week)
    return _span(first, last, "yMMMMd", language)


def in_words(moment: Moment, language: str) -> str:
    """Return a date as precisely as known, without time of day.

    13 June 2025, June 2025 or 2025.
    """
    if moment.at == NO_DATE.at:
        return "no date"  # only in a preview
    if moment.precision == "year":
        return year_in_words(str(moment.at.year), language)
    if moment.precision == "month":
        return month_in_text(_start(moment), language)
    return _day(_start(moment), language)


def unbroken(moment: Moment, language: str) -> str:
    """Return a date like `in_words` that never breaks across lines."""
    return in_words(moment, language).replace(" ", "\u00a0")


def in_short(moment: Moment, language: str) -> str:
    """Return a date like `in_words`, with the month abbreviated: 13 Jun 2025."""
    at = moment.at
    if moment.precision in ("year", "month") or at.microsecond:
        return in_words(moment, language)
    return _short(at.date(), language)


def with_time(moment: Moment, language: str) -> str:
    """Return a date like `in_words`, with any time: 13 June 2025, 14:39."""
    words = in_words(moment, language)
    if moment.precision != "minute":
        return words
    return f"{words}{_before_time(language)}{_time(moment.at.time(), language)}"


@cache
def _before_time(language: str) -> str:
    """Return what stands between a date and its time: a comma, or a space in Chinese."""
    between = comma(language)
    return " " if between.strip() == "、" else between


@lru_cache(maxsize=4096)
def _time(at: time, language: str) -> str:
    # The local time without its zone. Noon in Amsterdam and 10:00 in London are equal as moments,
    # so a cache by moment would print one as the other.
    from babel.dates import format_time

    return format_time(at, "short", locale=_locale(language))


def as_rfc822(moment: Moment) -> str:
    """Return the date of an RSS 2.0 feed (RFC 822, four-digit year).

    Sun, 15 Jun 2025 09:00:00 +0200
    """
    # Cached by text: equal moments in two zones are two dates here, and feeds share their items.
    return _rfc822(moment.at.isoformat())


@lru_cache(maxsize=4096)
def _rfc822(iso: str) -> str:
    from email.utils import format_datetime

    return format_datetime(datetime.fromisoformat(iso))


def as_rfc3339(moment: Moment) -> str:
    """Return the date of an Atom or JSON feed (RFC 3339): 2025-06-15T09:00:00+02:00."""
    return moment.at.isoformat()


def as_w3c(moment: Moment) -> str:
    """Return a sitemap's date as precisely as it is known.

    See W3C Date and Time Formats.
    """
    return moment.iso


def when_in_words(start: Moment, end: Moment | None, language: str) -> str:
    """Return when something takes place: 9–15 November 2026; 12 November 2026, 14:00–16:00."""
    if end is None or end == start:
        return with_time(start, language)
    first, last = start.at, end.at
    if "minute" in (start.precision, end.precision):
        if first.date() == last.date() and start.precision == end.precision:
            return f"{with_time(start, language)}–{_time(last.time(), language)}"
        return f"{with_time(start, language)} – {with_time(end, language)}"
    if start.precision != end.precision:
        return f"{in_words(start, language)} – {in_words(end, language)}"
    return _span(first.date(), last.date(), _SKELETONS[start.precision], language)


_SKELETONS = {"year": "y", "month": "yMMMM", "day": "yMMMMd"}


@lru_cache(maxsize=4096)
def _span(first: date, last: date, skeleton: str, language: str) -> str:
    from babel.dates import format_interval

    return _with_first(format_interval(first, last, skeleton, locale=_locale(language)), language)
