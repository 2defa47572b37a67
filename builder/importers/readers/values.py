"""Reads values of foreign front matter and exports: texts, lists, truths, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

from builder.importers.bad_archive import BadPost
from builder.importers.post import OldDate

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[Tt,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*(?:(Z|z|UTC|GMT)|([+-]\d{1,2}:?\d{2}))?)?"
    r"(?:\s*\[[\w/+-]+\])?"
)
# Dates as words: `Jul 08 2022`, `8 July 2022`, `Friday, July 8, 2022`.
_WORDS = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
_YEARS = range(1800, 2201)  # what front matter takes


def as_text(value: Any) -> str:
    """Return a value as one text, empty for a list."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, date, time)):
        return str(value)
    return ""


def as_texts(value: Any, separator: str = "") -> tuple[str, ...]:
    """Return a value as texts without repetitions; `separator` divides a single one."""
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        text = as_text(value)
        value = re.split(separator, text) if separator else [text]
    found = []
    for item in value:
        if isinstance(item, Mapping):
            item = item.get("name") or item.get("title") or item.get("slug") or ""
        found.append(" ".join(as_text(item).split()))
    return tuple(dict.fromkeys(text for text in found if text))


def is_true(value: Any) -> bool:
    """Return whether a value is true."""
    return as_text(value).casefold() in ("true", "yes", "on", "1")


def as_date(value: Any, zone: tzinfo, what: str = "date") -> OldDate | None:
    """Return a date, or None for no value.

    A time without an offset is in `zone`. Raises BadPost if there is no such day or time."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return _checked(value if value.tzinfo else value.replace(tzinfo=zone), what, str(value))
    if isinstance(value, date):
        return _checked(datetime.combine(value, time(), zone), what, str(value), True)
    text = as_text(value)
    if match := _ISO.fullmatch(text):
        return _iso(match, zone, what, text)
    plain = re.sub(r"^[A-Za-z]+(?:,\s*|\s+(?=[A-Za-z]))", "", text)
    plain = " ".join(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[.,]", " ", plain).split())
    for form in _WORDS:
        try:
            return _checked(datetime.strptime(plain, form).replace(tzinfo=zone), what, text, True)
        except ValueError:
            continue
    try:
        if re.search(r"\b00\d\d\b", text):  # which the parser reads as a year of this century
            raise ValueError(text)
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise BadPost(f"`{_short(text)}` is not a {what}") from None
    return _checked(at if at.tzinfo else at.replace(tzinfo=UTC), what, text)


def _iso(match: re.Match[str], zone: tzinfo, what: str, text: str) -> OldDate:
    year, month, day, hour, minute, second, utc, offset = match.groups()
    clock = (int(hour or 0), int(minute or 0), min(59, int(second or 0)))
    try:
        at = datetime(int(year), int(month), int(day), *clock)
        if utc:
            at = at.replace(tzinfo=UTC)
        elif offset:
            hours, minutes = offset[1:].replace(":", "")[:-2], offset[-2:]
            shift = timedelta(hours=int(hours), minutes=int(minutes))
            at = at.replace(tzinfo=timezone(-shift if offset[0] == "-" else shift))
        else:
            at = at.replace(tzinfo=zone)
    except ValueError:
        raise BadPost(f"`{_short(text)}` is not a {what}: there is no such day or time") from None
    return _checked(at, what, text, hour is None)


def _checked(at: datetime, what: str, text: str, is_day: bool = False) -> OldDate:
    """Return a date with an offset that front matter can write."""
    try:
        shift = at.utcoffset() or timedelta(0)
        if shift.seconds % 60 or abs(shift) > timedelta(hours=14):
            at, shift = at.astimezone(UTC), timedelta(0)
        at = at.replace(tzinfo=timezone(shift), microsecond=0)
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPost(f"`{_short(text)}` is not a {what}") from None
    if at.year not in _YEARS:
        raise BadPost(f"`{_short(text)}` is not a {what}: the year is not between 1800 and 2200")
    return OldDate(at, is_day)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
