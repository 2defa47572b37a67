"""Corrections as sentences, for pages and as plain text."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from builder.language.capitals import with_capital
from builder.language.typography import quotation_marks
from builder.language.words import Words, without_marks
from builder.model.brief import Brief
from builder.model.time import Moment

# The kinds of correction, in words.
KINDS = {
    "factual": "factual error", "attribution": "misattribution",
    "translation": "translation error", "spelling": "misspelling", "omission": "omission",
    "clarification": "clarification", "withdrawn": "withdrawn",
}  # fmt: skip


class CorrectionLine(Struct, frozen=True, kw_only=True):
    """A correction: what the brief said, and what it says now."""

    anchor: Annotated[str, "The anchor on the brief's page."]
    at: Annotated[Moment, "When it was made."]
    kind: Annotated[str, "The kind: factual error, misattribution and so on, or withdrawn."]
    was: Annotated[str, "The original wording, if any."]
    now: Annotated[str, "The corrected wording; empty for a withdrawal."]
    note: Annotated[str, "A note for readers, if any; for a withdrawal, the reason."]
    report: Annotated[str, "On its brief's page, where readers report an error in it, if any."] = ""


def anchor_of(number: int) -> str:
    """Return the anchor of a correction by its number in chronological order.

    It contains a dot, which no heading's anchor does.
    """
    return f"correction.{number}"


def correction_lines(brief: Brief) -> tuple[CorrectionLine, ...]:
    """Return the corrections of a linked brief, oldest first."""
    return tuple(
        CorrectionLine(
            anchor=anchor_of(number),
            at=correction.at,
            kind=KINDS[correction.kind],
            was=without_stop(correction.was),
            now=without_stop(correction.now),
            note=correction.note,
        )
        for number, correction in enumerate(brief.corrections, 1)
    )


def without_stop(text: str) -> str:
    """Return a text without its final full stop, for use within sentences."""
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def as_text(words: Words, line: CorrectionLine) -> str:
    """Return a correction as plain text, in a sentence or two."""
    marks = quotation_marks(words.language.partition("-")[0])
    # Translators: {text} is in quotation marks.
    parts = [words("The brief said: {text}.", text=f"{marks[0]}{line.was}{marks[1]}")]
    parts = parts if line.was else []
    if line.now:
        parts.append(words("It now says: {text}.", text=f"{marks[0]}{line.now}{marks[1]}"))
    kind = with_capital(words.term("correction", line.kind), words.language)
    return without_marks(" ".join([f"{kind}.", *parts, line.note]).strip())
