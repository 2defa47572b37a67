"""Refuses paragraphs that are too long, and blocks that are nested too deep."""

from __future__ import annotations

from markdown_it.rules_core import StateCore

from builder.content.limits import long_paragraph
from builder.content.markdown.work import block_place, work_of

_CONTAINERS = ("blockquote_open", "list_item_open", "footnote_open")


def check_sizes(state: StateCore) -> None:
    """Report and leave out long paragraphs; report deep nesting.

    The parser drops what is nested deeper than `maxNesting`."""
    work, deepest = work_of(state), int(state.md.options["maxNesting"])
    deep = False
    for token in state.tokens:
        if token.type in ("inline", "html_block"):
            if found := long_paragraph(len(token.content), work.limits):
                work.report("too-long", *found, block_place(work, token))
                token.content = ""
        elif token.level + 1 >= deepest and token.type in _CONTAINERS and not deep:
            deep = True
            message = "quotations and lists are nested too deep, so the text inside is not shown"
            hint = "remove the extra `>`, bullets and indentation"
            work.report("too-deep", message, hint, block_place(work, token))
