"""Check the corrections of a brief."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.model.time import later

# Kinds that may have no text that they replace.
_NEW = ("omission", "clarification")


def check_corrections(context: BriefContext) -> Iterator[Finding]:
    """Yield the problems in the corrections of a brief."""
    brief = context.written
    for n, correction in enumerate(brief.corrections):
        at = f"corrections.{n}"
        if later(brief.date, correction.at):
            message = "the brief is corrected before it is published"
            yield Finding(f"{at}.at", "correction-before-date", message, "check both dates")
        if correction.was and correction.was == correction.now:
            hint = "write the old text in `was` and the new text in `now`"
            message = "the correction changes nothing: `was` and `now` are the same"
            yield Finding(f"{at}.now", "correction-of-nothing", message, hint)
        if not correction.was and correction.kind not in _NEW:
            hint = "add `was:` with the text before the correction"
            message = "the correction does not say what it replaces"
            yield Finding(f"{at}.kind", "correction-without-was", message, hint)
