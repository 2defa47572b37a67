"""Rendering rules for paragraphs, tables and footnotes."""

from __future__ import annotations

from typing import Any

from builder.language.direction import direction


def paragraph_open(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    # Like markdown-it's own rule, without its check for the next token. Its only attribute is
    # its direction.
    token = tokens[n]
    if token.hidden:
        return ""
    tag = f'{token.tag} dir="{token.attrs["dir"]}"' if token.attrs else token.tag
    return f"\n<{tag}>" if n and tokens[n - 1].hidden else f"<{tag}>"


def paragraph_close(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return "" if tokens[n].hidden else f"</{tokens[n].tag}>\n"


def table_start(number: int) -> str:
    # A wide table scrolls in its own box, which must be reachable by keyboard (WCAG 2.1.1).
    label = f"Table {number}" if number > 1 else "Table"
    return f'<div class="table" role="region" aria-label="{label}" tabindex="0">\n<table>\n'


TABLE_END = "</table>\n</div>\n"


def table_open(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    env["work"].tables += 1
    return table_start(env["work"].tables)


def table_close(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return TABLE_END


NOTES_START = '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'


def footnotes_open(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return NOTES_START


def note_mark(number: int, again: int) -> str:
    """Return the mark of a note.

    `again` is the number of its earlier marks."""
    mark = f"{number}-{again}" if again else f"{number}"
    return f'<sup class="footnote-ref"><a href="#fn{number}" id="fnref{mark}">{number}</a></sup>'


def footnote_ref(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return note_mark(tokens[n].meta["id"] + 1, tokens[n].meta.get("subId", 0))


def note_link(number: int, again: int, language: str) -> str:
    """Return the link from a note back to its mark."""
    mark = f"{number}-{again}" if again else f"{number}"
    label = f"Back to the text of note {number}"
    arrow = "\u21aa" if direction(language) == "rtl" else "\u21a9"
    return f' <a href="#fnref{mark}" class="footnote-back" aria-label="{label}">{arrow}\ufe0e</a>'


def footnote_anchor(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    number, again = tokens[n].meta["id"] + 1, tokens[n].meta.get("subId", 0)
    return note_link(number, again, env["work"].language)
