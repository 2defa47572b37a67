"""A scheduled change of the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct

# How long a brief is news (Google, "Create a News sitemap": articles of the last two days).
NEWS = timedelta(days=2)
Event = Literal[
    "is published", "is updated", "expires", "leaves the news sitemap", "is over in the calendar",
    "leaves the calendar", "is overdue",
]  # fmt: skip


class Due(Struct, frozen=True, array_like=True):
    """A scheduled change: something that the site shows from a moment on."""

    at: datetime  # aware
    event: Event
    title: str
    path: str

    @property
    def instant(self) -> str:
        """The moment in UTC: ISO 8601, which sorts as text."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
