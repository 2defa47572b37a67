"""Finds the ISO form of dates that editors write otherwise, in any language with a lexicon."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from functools import cache

from builder.content.time_zones import load_zone
from builder.language.lexicon import languages

_TIME = re.compile(
    r"(?P<date>.*?\d\S*?)(?:[T ,]+|\s+(?:at|om|um|à|a las|alle)\s+)(?P<hour>\d{1,2})"
    r"(?:[.:h](?P<minute>\d{2}))(?::\d{2}(?:\.\d+)?)?\s*(?P<half>[aApP]\.?[mM]\.?)?\s*(?P<zone>.*)",
)
_LONGEST = 60  # characters of a date with its time and time zone
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")  # of another script, as in ٢٠٢٥
_OFFSETS = {
    "UTC": "+00:00", "GMT": "+00:00", "WET": "+00:00", "BST": "+01:00", "CET": "+01:00",
    "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "EST": "-05:00", "EDT": "-04:00",
    "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
    "JST": "+09:00", "KST": "+09:00", "HKT": "+08:00", "SGT": "+08:00", "Z": "+00:00",
}  # fmt: skip
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-−])(\d{1,2})(?::?(\d{2}))?")


def iso_dates(text: str) -> list[str]:
    """Return the dates that a text may mean, in ISO 8601.

    Empty if it is not a date; several if it is ambiguous, as `06/03/2025` is."""
    text = " ".join(text.split())
    if len(text) > _LONGEST or _OTHER_DIGIT.search(text):
        return []
    found = list(_dates(text))
    if not found and (time := _TIME.fullmatch(text)):
        clock = _clock(time)
        for day in _dates(time["date"].rstrip(",")) if clock else ():
            if len(day) == 10 and (offset := _offset(time["zone"].strip(), day)) is not None:
                found.append(f"{day} {clock}{offset}")
    return list(dict.fromkeys(found))


def _clock(time: re.Match[str]) -> str:
    hour, minute = int(time["hour"]), int(time["minute"])
    if half := time["half"]:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + 12 * (half[0] in "pP")
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def _offset(zone: str, day: str) -> str | None:
    """Return the UTC offset that a text means on a day; None if it is not one."""
    if not zone:
        return ""
    if zone.upper() in _OFFSETS:
        return f" {_OFFSETS[zone.upper()]}"
    if found := _OFFSET.fullmatch(zone):
        sign = "-" if found[1] == "−" else found[1]
        return f" {sign}{int(found[2]):02}:{found[3] or '00'}"
    place: tzinfo | None = load_zone(zone) if "/" in zone else None
    if place is None:
        return None
    at = datetime.fromisoformat(day).replace(tzinfo=place).isoformat()
    return f" {at[-6:]}"


def _dates(text: str) -> Iterator[str]:
    """Yield the days, or months, that a text without a time may mean."""
    if found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})", text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
        yield from _days(((year, second, first), (year, first, second)))
    elif found := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text
    ):
        yield from _days(((int(found[1]), int(found[2]), int(found[3])),))
    elif found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})", text):
        yield from _month(int(found[1] or found[4]), int(found[2] or found[3]))
    elif found := re.fullmatch(
        r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?", text
    ):
        yield from _spelt(int(found[1]), [int(found[2])], int(found[3] or 0))
    else:
        yield from _in_words(text)


def _in_words(text: str) -> Iterator[str]:
    """Yield the dates in a text with a month in words: 13 June 2025, juin 2025."""
    # Vietnamese counts its months: 13 tháng 6 năm 2025.
    text = re.sub(r"\b(?:tháng|thg)\s*(\d{1,2})\b", r"tháng_\1", text.casefold())
    words = re.findall(r"[^\W\d_](?:[^\W\d_]|['’.׳]|[\u0300-\u036f\u0900-\u0d7f])*", text)
    named = [int(n) for n in re.findall(r"tháng_(\d{1,2})", text) if 1 <= int(n) <= 12]
    numbers = re.findall(r"(?<![\d_])\d+", text)
    months = named or [month for word in words for month in _months(word.rstrip("."))]
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) <= 2]
    if len(years) == 1 and len(days) == len(numbers) - 1 <= 1:
        yield from _spelt(years[0], months, days[0] if days else 0)


def _months(word: str) -> tuple[int, ...]:
    # In Hebrew, the preposition is part of the word.
    return _names().get(word) or _names().get(word.removeprefix("ב"), ())


def _spelt(year: int, months: Iterable[int], day: int) -> Iterator[str]:
    for month in dict.fromkeys(months):
        yield from _days(((year, month, day),)) if day else _month(year, month)


def _days(found: Iterable[tuple[int, int, int]]) -> Iterator[str]:
    for year, month, day in found:
        with suppress(ValueError):
            yield datetime(year, month, day).date().isoformat()


def _month(year: int, month: int) -> Iterator[str]:
    if 1 <= month <= 12:
        yield f"{year:04}-{month:02}"


@cache
def _names() -> dict[str, tuple[int, ...]]:
    """Return the months that each name and abbreviation means in any language."""
    found: dict[str, dict[int, None]] = {"sept": {9: None}}
    for language in languages():
        for number, name in _names_in(language):
            found.setdefault(name.casefold().rstrip("."), {})[number] = None
    return {name: (*numbers,) for name, numbers in found.items()}


def _names_in(language: str) -> Iterator[tuple[int, str]]:
    """Yield the number and each name of the months in a language.

    They come from Babel's files: `Locale` keeps all data of each language for good, which is 23 MB
    for all of them. What refers to other data (an `Alias`) has names that come anyway."""
    from babel import localedata  # slow to load, and needed only for mistakes

    with open(localedata.resolve_locale_filename(language), "rb") as file:  # noqa: PTH123
        months = pickle.load(file)["months"]
    for use in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            names = months.get(use, {}).get(width)
            yield from names.items() if isinstance(names, dict) else ()
