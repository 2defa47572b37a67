"""What briefs expect, and the outcomes that later briefs report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from builder.model.time import PartialDate
from builder.model.values import ExpectationReference, PartyName, Slug, Text

# By the date; after it; in part; by the date it had not; the question no longer arises.
Outcome = Literal["happened", "late", "partly", "not", "moot"]


class DueDate(Struct, frozen=True):
    """A year, half, quarter, month or day by whose end something is expected, or no date."""

    iso: Annotated[str, "The date as it is written: 2025, 2025-H2, 2025-Q4, 2025-12, 2025-12-31."]
    over: Annotated[datetime, "Its end: the aware moment from which the expectation is overdue."]

    @property
    def has_day(self) -> bool:
        """Return whether it is a day."""
        return len(self.iso) == 10


# That of what is expected without a date: it is open until a brief settles it.
UNDATED = DueDate("", datetime(9999, 1, 1, tzinfo=UTC))


class Expectation(Struct, frozen=True, kw_only=True):
    """What is announced, planned or forecast, and by when."""

    id: Annotated[
        Slug,
        "The id, unique among what this file expects. A later brief settles it by `brief#id`, so it"
        " never changes.",
    ]
    text: Annotated[Text, "What is expected, in one sentence: Google ends its contract."]
    by: Annotated[
        DueDate | None,
        "The date by which it is to have happened: a year, half, quarter, month or day"
        " (2025, 2025-H2, 2025-Q4, 2025-12, 2025-12-31). It is overdue once that is over; without a"
        " date, it is open until a brief settles it.",
    ] = None
    of: Annotated[
        PartyName,
        "The company or person that is to do it (default: the first in `companies`).",
    ] = PartyName("")
    says: Annotated[Slug, "The id of the source that reports the expectation."] = Slug("")
    resolves: Annotated[
        Text, "What settles it, so that readers can judge: the company's annual report says so."
    ] = Text("")


class NextStep(Struct, frozen=True, kw_only=True):
    """A development to watch; with a date, it is expected by then.

    One that is only text has no date."""

    from_text: ClassVar[tuple[str, ...]] = ("text",)

    text: Annotated[Text, "The development, in one sentence."]
    by: Annotated[
        DueDate | None,
        "The date by which it is to have happened: a year, half, quarter, month or day. A step with"
        " a date needs an `id`.",
    ] = None
    id: Annotated[
        Slug, "The id by which a later brief settles it, unique among what this file expects."
    ] = Slug("")
    of: Annotated[
        PartyName, "The company or person that it depends on (default: the first in `companies`)."
    ] = PartyName("")


class Settlement(Struct, frozen=True, kw_only=True):
    """The outcome of an expectation of an earlier brief."""

    what: Annotated[
        ExpectationReference, "The expectation of an earlier brief: `brief#id`, as in its file."
    ]
    outcome: Annotated[
        Outcome,
        "The outcome: it happened in time, late, partly or not, or the question is moot. Of several"
        " briefs, the latest decides.",
    ]
    when: Annotated[
        PartialDate | None,
        "The date on which that happened or became certain (default: that of the event).",
    ] = None
    source: Annotated[Slug, "The id of the source that reports the outcome."] = Slug("")
