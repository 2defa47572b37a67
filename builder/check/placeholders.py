"""Check for texts of a new site that nobody has replaced yet."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import FileContext
from builder.content.starter import paragraphs, starter_paragraphs
from builder.diagnostics.diagnostic import Finding, Place

_SHOWN = 40  # characters of a text


def check_placeholders(context: FileContext) -> Iterator[Finding]:
    """Yield the first paragraph that `slugline init` wrote."""
    document, wanted = context.document, starter_paragraphs()
    for line, text in paragraphs(document.body):
        if text in wanted:
            shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
            message = f"`slugline init` wrote this text: {shown}"
            hint = "write your own, or delete the file"
            yield Finding(Place(document.body_line + line, 1, 1), "placeholder", message, hint)
            return
