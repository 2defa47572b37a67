"""Scheduled events that briefs state."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.time import ScheduledTime
from builder.model.values import CompanyName, EventReference, Line, Slug, Url

# Set by its organiser; only expected; called off.
EventStatus = Literal["scheduled", "expected", "cancelled"]


class Event(Struct, frozen=True, kw_only=True):
    """A scheduled event: a hearing, a launch, a deadline, the end of a contract."""

    id: Annotated[
        Slug,
        "The id, unique in this file. Calendars know the event by it, so it never changes.",
    ]
    title: Annotated[Line, "The event in a few words: Anthropic reports its third quarter."]
    date: Annotated[
        ScheduledTime,
        "The date, as precise as it is known: a year, a month, a day, or a day and a time. Only an"
        " event with a day is in the calendar files.",
    ]
    end: Annotated[
        ScheduledTime | None,
        "The last day, month or year of an event that takes several, or the time of its end.",
    ] = None
    of: Annotated[
        CompanyName, "The company that it concerns (default: the first in `companies`)."
    ] = CompanyName("")
    where: Annotated[Line, "The place: Paris; online."] = Line("")
    url: Annotated[Url, "The address of its announcement or programme."] = Url("")
    status: Annotated[
        EventStatus,
        "Whether it is scheduled by those who hold it, only expected by others, or cancelled.",
    ] = "scheduled"
    changes: Annotated[
        EventReference,
        "The event of an earlier brief that this one moves, cancels or confirms: `brief#id`. Both"
        " are then one event with the date and status of the later brief.",
    ] = EventReference("")
    source: Annotated[Slug, "The id of the source that reports the event."] = Slug("")
