"""Hides HTML comments from checks, and removes them before a body is parsed.

A comment is text between `<!--` and `-->`, except in code and after a backslash. It may be
anywhere: in a table, across paragraphs, around a list."""

from __future__ import annotations

import re

from builder.content.document import Document
from builder.content.markdown.code import END, HIDDEN, hide
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.patterns import pattern

_COMMENT = pattern(f"{HIDDEN}[{HIDDEN}\n]*{END}")


def hide_comments(document: Document, html: str = "off") -> tuple[Document, list[Diagnostic]]:
    """Hide the comments of a body, and report one without an end.

    `html` is a setting of the site, which decides what is code."""
    if "<!--" not in document.body:
        return document, []
    body, unclosed = hide(document.body, html == "safe")
    document = document._replace(body=body)
    if unclosed is None:
        return document, []
    line = document.body_line + body.count("\n", 0, unclosed)
    place = Place(line, unclosed - (body.rfind("\n", 0, unclosed) + 1) + 1, len("<!--"))
    hint = "end it with `-->`; to show `<!--` itself, put it in backticks"
    finding = Finding(place, "comment-not-closed", "the comment that begins here has no end", hint)
    return document, [document.problem(finding)]


# --- removal -----------------------------------------------------------------------------------

_INNER = "\x02"  # a line break in a comment
_REMOVED = pattern(f"{HIDDEN}{_INNER}*{END}")
_QUOTED = pattern(r"[ \t>]*")
_ITEM = pattern(r"[ \t>]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]*")


def remove_comments(body: str) -> tuple[str, list[int]]:
    """Return a body without hidden comments, and the numbers of its lines.

    A line that only a comment filled is removed with it. A comment across lines joins the text
    before and after it. The numbers end with that of the end; without comments, there are none."""
    if HIDDEN not in body:
        return body, []
    joined = _COMMENT.sub(_joined, body).split("\n")
    kept: list[str] = []
    numbers: list[int] = []
    number = 0
    for n, line in enumerate(joined):
        text: str | None = line
        if HIDDEN in line:
            text = _without(line, joined[n + 1] if n + 1 < len(joined) else "")
        if text is not None:
            kept.append(text)
            numbers.append(number)
        number += 1 + line.count(_INNER)
    return "\n".join(kept), [*numbers, number]


def _joined(comment: re.Match[str]) -> str:
    return f"{HIDDEN}{_INNER * comment[0].count(chr(10))}{END}"


def _without(line: str, following: str) -> str | None:
    """Return a line without its comments, or None if nothing else is in it."""
    first, *rest = _REMOVED.split(line)
    if not "".join(rest).strip():
        if _QUOTED.fullmatch(first):
            return None
        # An item with nothing in it, unless its text is on the next line.
        if _ITEM.fullmatch(first) and not following.startswith(("  ", "\t")):
            return None
    text = first
    for part in rest:
        spaced = not text or text[-1].isspace() or _QUOTED.fullmatch(text)
        text += part.lstrip(" \t") if spaced else part
    return text.rstrip() if not rest[-1].strip() else text
