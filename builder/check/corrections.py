"""The corrections of a brief."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.model.time import later

# Kinds that may have nothing to say of what stood there before.
_NEW = ("omission", "clarification")


def check_corrections(context: BriefContext) -> Iterator[Finding]:
    """What a standards editor says of the corrections of a brief."""
    brief = context.written
    for n, correction in enumerate(brief.corrections):
        at = f"corrections.{n}"
        if later(brief.date, correction.at):
            message = "it is corrected before it is published"
            yield Finding(f"{at}.at", "correction-before-date", message, "check both dates")
        if correction.was and correction.was == correction.now:
            hint = "say what stood there, and what stands there"
            message = "this corrects nothing: it said the same before"
            yield Finding(f"{at}.now", "correction-of-nothing", message, hint)
        if not correction.was and correction.kind not in _NEW:
            hint = "add `was:`; a correction is not made in silence"
            message = "a correction says what stood there before"
            yield Finding(f"{at}.kind", "correction-without-was", message, hint)
