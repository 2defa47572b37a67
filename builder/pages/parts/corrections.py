"""Corrections -> lines in the wording of newspapers, and as plain text."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from builder.model.brief import Brief
from builder.model.time import Moment

# What a kind of correction is called.
KINDS = {
    "factual": "error of fact", "attribution": "wrong attribution",
    "translation": "error of translation", "spelling": "wrong spelling", "omission": "omission",
    "clarification": "clarification", "withdrawn": "withdrawn",
}  # fmt: skip


class CorrectionLine(Struct, frozen=True, kw_only=True):
    """A correction: what a brief said and what it says."""

    anchor: Annotated[str, "Its anchor on the page of its brief."]
    at: Annotated[Moment, "When it was made."]
    kind: Annotated[str, "error of fact, wrong attribution, …; or withdrawn."]
    was: Annotated[str, "What stood there before, or nothing."]
    now: Annotated[str, "What stands there now; nothing of what was withdrawn."]
    note: Annotated[str, "What a reader should know of it, or nothing; why it was withdrawn."]


def anchor_of(number: int) -> str:
    """The anchor of a correction by its place in the order of time. No heading has a dot in its
    own."""
    return f"correction.{number}"


def correction_lines(brief: Brief) -> tuple[CorrectionLine, ...]:
    """The corrections of a linked brief, which are in the order of time."""
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
    """A text to stand before a full stop: without its own."""
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def as_text(line: CorrectionLine) -> str:
    """A correction in a sentence or two, for those who read no HTML."""
    parts = [f"It said: “{line.was}”."] if line.was else []
    if line.now:
        parts.append(f"It now says: “{line.now}”.")
    return " ".join([f"{line.kind[:1].upper()}{line.kind[1:]}.", *parts, line.note]).strip()
