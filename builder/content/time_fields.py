"""Times in fields: dates at their precision, ends, periods and days of the year."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from builder.content.line_fields import read_line
from builder.diagnostics.misread import Misread
from builder.model.expectation import DueDate
from builder.model.period import is_fiscal, read_period, span_of
from builder.model.time import (
    PLANNED,
    Ending,
    PartialDate,
    Precision,
    PublicationTime,
    ScheduledTime,
)
from builder.names.suggest import did_you_mean

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[Tt ]+(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?)?)?"
)
_DATE_HINT = "write 2025-06-13, 2025-06-13 14:39 or 2025-06-13 14:39 +07:00"


@lru_cache(maxsize=4096)  # a brief, its sources and its neighbours share dates
def read_moment(text: str, zone: tzinfo) -> PartialDate:
    """Return a date known to the year, month, day or minute.

    Raises Misread if the text is none of them."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise Misread("invalid-date", f"`{text}` is not a date", *_date_hint(text))
    part = match.groupdict()
    precision: Precision = (
        "minute" if part["hour"] else "day" if part["day"] else "month" if part["month"] else "year"
    )
    y, m, d, hour, minute, second = (int(part[key] or default) for key, default in _PARTS)
    try:
        if not 1800 <= y <= 2200:
            raise ValueError(_FAR)
        at = datetime(y, m, d, hour, minute, second).replace(
            tzinfo=_offset(part["zone"]) if part["zone"] else zone
        )
        # A fixed offset is the same on every machine and in every process.
        at = at.replace(tzinfo=timezone(at.utcoffset() or timedelta(0)))
    except ValueError as error:
        why = str(error) if str(error) in (_FAR, _NO_OFFSET) else "there is no such day or time"
        hint = "check the year" if why == _FAR else _date_hint(text)[0]
        raise Misread("invalid-date", f"`{text}` is not a date: {why}", hint) from None
    return PartialDate(at, precision)


_FAR = "the year is not between 1800 and 2200"
_NO_OFFSET = "no time zone has that offset"
_PARTS = (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(_NO_OFFSET)
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _date_hint(text: str) -> tuple[str, str]:
    """Return a hint for a misread date, and its ISO form if that is certain.

    The hint has every date that an ambiguous text may mean."""
    from builder.content.date_hints import iso_dates  # imported only for mistakes

    found = iso_dates(text)
    if len(found) > 1:
        return f"write {' or '.join(found)}, whichever you mean", ""
    if found:
        return f"write {found[0]}", found[0]
    if period := read_period(text.strip()):
        end = span_of(period, None).end
        return f"write a date such as {end}, or `period: {period}` for a period", ""
    return _DATE_HINT, ""


@lru_cache(maxsize=4096)
def read_publication(text: str, zone: tzinfo) -> PublicationTime:
    """Return a date with a day, in the site's time zone."""
    moment = read_moment(text, zone)
    if moment.precision in ("year", "month"):
        raise Misread("invalid-date", f"`{text}` has no day", _DATE_HINT)
    at = moment.at.astimezone(zone_offset(zone, moment.at))
    return PublicationTime(at, moment.precision)


@lru_cache(maxsize=4096)
def read_scheduled(text: str, zone: tzinfo) -> ScheduledTime:
    """Return a date ahead; a time is in the site's time zone."""
    moment = read_moment(text, zone)
    at = moment.at
    if moment.precision == "minute":
        at = at.astimezone(zone_offset(zone, at))
    return ScheduledTime(at, moment.precision)


def zone_offset(zone: tzinfo, at: datetime) -> timezone:
    """Return the fixed offset of a zone at a moment."""
    return timezone(at.astimezone(zone).utcoffset() or timedelta(0))


def read_ending(text: str, zone: tzinfo) -> Ending:
    """Return the end on a date, or a planned end without one."""
    if text.strip().casefold() == PLANNED:
        return Ending()
    try:
        return Ending(read_moment(text, zone))
    except Misread as misread:
        if _FAR in misread.message:
            raise
        meant = "" if misread.hint == _DATE_HINT else misread.hint
        near = did_you_mean(text.strip(), (PLANNED,))
        hint = meant or near or f"write 2025, 2025-06 or 2025-06-13, or `{PLANNED}`"
        message = f"`{text}` is neither a date nor `{PLANNED}`"
        raise Misread("invalid-date", message, hint, misread.write) from None


@lru_cache(maxsize=4096)
def read_period_field(text: str, zone: tzinfo) -> str:
    """Return the stored form of a period, or raise Misread."""
    text = read_line(text, zone)
    if period := read_period(text):
        return period
    from builder.content.period_hints import month_of, period_hint

    if month := month_of(text):
        return month
    raise Misread("invalid-period", f"`{text}` is not a period", period_hint(text))


@lru_cache(maxsize=4096)
def read_due_date(text: str, zone: tzinfo) -> DueDate:
    """Return a date by which something is expected, with its end.

    It is a year, half, quarter, month or day in the site's time zone."""
    text = read_line(text, zone)
    period = read_period(text)
    if is_fiscal(period):
        message = f"`{text}` is a fiscal period, which ends when the company says"
        hint = "write the month in which it ends, such as 2026-01"
        raise Misread("invalid-date", message, hint)
    if period:
        year, month = map(int, span_of(period, None).end.split("-"))
        after = datetime(year + month // 12, month % 12 + 1, 1)
    else:
        after, period = _day_after(text, zone)
    at = after.replace(tzinfo=zone)
    return DueDate(period, at.replace(tzinfo=zone_offset(zone, at)))


def _day_after(text: str, zone: tzinfo) -> tuple[datetime, str]:
    """Return the local midnight after a day, and the day itself."""
    try:
        moment = read_moment(text, zone)
    except Misread as misread:
        from builder.content.period_hints import month_of

        if month := month_of(text):
            raise Misread("invalid-date", misread.message, f"write {month}", month) from None
        meant = "" if misread.hint == _DATE_HINT else misread.hint
        hint = meant or "write 2025, 2025-H2, 2025-Q4, 2025-12 or 2025-12-31"
        raise Misread("invalid-date", misread.message, hint, misread.write) from None
    day = moment.at.replace(tzinfo=None)
    if moment.precision == "minute":
        message = f"`{text}` has a time; an expectation is due by the end of a day"
        raise Misread("invalid-date", message, f"write {day:%Y-%m-%d}", f"{day:%Y-%m-%d}")
    return day + timedelta(days=1), f"{day:%Y-%m-%d}"


def read_month_day(text: str, zone: tzinfo) -> str:
    """Return a month, or a month and a day: `01`, `01-28`."""
    text = read_line(text, zone)
    from builder.content.date_hints import iso_dates

    leap = "2024"  # which has a 29th of February
    if found := re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", text):
        dates = iso_dates("-".join((leap, found[1], found[2]) if found[2] else (leap, found[1])))
    else:
        dates = [] if re.search(r"\d{3}", text) else iso_dates(f"{text} {leap}")
    if len(dates) == 1 and not dates[0].endswith(" "):
        return dates[0][5:10]
    hint = "write the last month of the fiscal year, or its last day: 01 or 01-31"
    raise Misread("invalid-date", f"`{text}` is not a month or a day of the year", hint)
