"""Moments, partial dates and weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Struct

Precision = Literal["year", "month", "day", "minute"]


_DIGITS = {"year": 4, "month": 7, "day": 10}  # of an ISO 8601 date, by precision


class Moment(Struct, frozen=True):
    """A point in time with a precision.

    `at` is aware: the start of the year, month or day, or the minute itself, at a fixed offset from
    UTC."""

    at: Annotated[datetime, "An aware date and time; filters print it."]
    precision: Annotated[Precision, "How much of the date is known."] = "day"

    @property
    def iso(self) -> str:
        """Return the known parts in ISO 8601.

        These are `2025`, `2025-06`, `2025-06-13`, or a full time with its offset. Each is a valid
        HTML `datetime` value."""
        at, precision = self.at, self.precision
        if precision == "minute":
            return _iso(at, at.tzinfo, at.fold)
        return at.date().isoformat()[: _DIGITS[precision]]

    @property
    def end(self) -> datetime:
        """Return the end of the year, month or day; a minute itself."""
        at = self.at
        if self.precision == "year":
            return at.replace(year=at.year + 1)
        if self.precision == "month":
            return at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
        return at + timedelta(days=1) if self.precision == "day" else at


@lru_cache(maxsize=8192)  # the same in a second zone is equal as a time, but another text
def _iso(at: datetime, zone: tzinfo | None, fold: int) -> str:
    return at.isoformat()


class PublicationTime(Moment, frozen=True):
    """A date with the precision of a day or a minute."""


# What stands in for a date that is missing or unreadable: no date that an editor can write.
NO_DATE = PublicationTime(datetime(1970, 1, 1, microsecond=1, tzinfo=UTC))


class PartialDate(Moment, frozen=True):
    """A date that may be only a year or a month."""


class ScheduledTime(Moment, frozen=True):
    """A date ahead, as precise as it is known; a time is in the site's time zone."""


class Ending(Struct, frozen=True, array_like=True):
    """The end of something, at the first moment of `on`.

    Without a date, the end is planned."""

    on: PartialDate | None = None

    @property
    def iso(self) -> str:
        """Return the date, or `planned` without one."""
        return self.on.iso if self.on else PLANNED


PLANNED = "planned"


def event_time(happened: Moment, published: Moment) -> Moment:
    """Return the moment by which an event is sorted.

    If only its month or year is known, this is the publication date, if that is in it."""
    vague = happened.precision in ("year", "month") and published.iso.startswith(happened.iso)
    return published if vague else happened


def later(a: Moment, b: Moment) -> bool:
    """Return whether `a` is certainly later than `b`.

    If one of them has only a day, this means on a later day."""
    if a.precision in ("year", "month") or b.precision in ("year", "month"):
        length = min(len(a.iso[:10]), len(b.iso[:10]))
        return a.iso[:length] > b.iso[:length]
    if "day" in (a.precision, b.precision):
        # Compare local calendar days: a report of the 14th in Hanoi is not a day late.
        return a.at.date() > b.at.date()
    return a.at > b.at


def week_of(at: date) -> str:
    """Return the ISO 8601 week of a day, such as `2025-w24`."""
    year, week, _ = at.isocalendar()
    return f"{year}-w{week:02}"


def days_of(week: str) -> tuple[date, date]:
    """Return the Monday and the Sunday of a week such as `2025-w24`.

    Raises ValueError if there is no such week."""
    year, _, number = week.partition("-w")
    if not (len(year) == 4 and len(number) == 2 and (year + number).isdecimal()):
        raise ValueError(week)
    return date.fromisocalendar(int(year), int(number), 1), date.fromisocalendar(
        int(year), int(number), 7
    )
