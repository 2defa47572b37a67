"""Check for notes that editors write to themselves."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import FileContext
from builder.check.own_words import place_in, without_code
from builder.content.text_fields import names_with_notes, note_finding, note_findings
from builder.diagnostics.diagnostic import Finding
from builder.language.editors_notes import find_notes, may_have_notes


def check_editors_notes(context: FileContext) -> Iterator[Finding]:
    """Yield the notes to oneself in fields and text."""
    document, language, notes = context.document, context.language, context.notes
    yield from note_findings(context.texts, document, language, notes)
    add, ignore = (notes.add, notes.ignore) if notes else ((), ())
    body = document.body
    if not may_have_notes(body, add, ignore):
        return
    if not any(find_notes(body, language, add, ignore)):
        return
    names = names_with_notes(document, language, notes)
    for start, end in find_notes(without_code(body), language, add, ignore, names):
        # An address after the brackets, which is blanked out, makes them a link.
        if body[end : end + 1] not in ("(", "[", ":") or body[start] != "[":
            yield note_finding(body[start:end], place_in(document, start, end))
