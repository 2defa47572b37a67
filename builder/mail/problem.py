"""Why a message cannot be made or sent."""

from __future__ import annotations

from builder.errors import SluglineError


class MailError(SluglineError):
    """A message that cannot be made or sent; the text says what to do."""


class UnknownOutcome(MailError):
    """A request was sent, and no answer says whether the service has carried it out."""
