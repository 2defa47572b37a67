"""Inline markup in its plainest forms.

Emphasis, links and references with plain text in them, figures and marks of footnotes. At any doubt
`plain_inline` raises Doubt, and markdown-it parses the text."""

from __future__ import annotations

import re

from builder.content.markdown.work import Doubt

_SIGNS = "*[{_"
_BEFORE = ("", " ", "\n", "(")
_AFTER = ("", " ", "\n", ".", ",", ";", ":", ")", "?")
# Every alternative begins with a character, so that the search is quick.
_MARKUP = re.compile(
    r"\*(?P<strong>\*)?(?P<emphasis>[^\s*\[\]{_](?:[^*\[\]{_]*[^\s*\[\]{_])?)\*(?(strong)\*)"
    r"|\{\{\s*figure:\s*(?P<figure>[^{}\s]+)\s*\}\}"
    r"|\[\[(?P<target>[^\[\]|\n*]+)(?:\|(?P<label>[^\[\]\n*]+))?\]\]"
    r"|\[\^(?P<note>[\w-]+)\](?![(\[:])"
    r"|\[(?P<text>[^\[\]*{_]+)\]\((?P<address>[A-Za-z0-9/:.#?=%~,;@+_&-]+)\)"
)


def plain_inline(text: str) -> tuple[list[str], list[re.Match[str]]]:
    """Return the texts between marks, and the marks."""
    texts: list[str] = []
    marks: list[re.Match[str]] = []
    at = 0
    for match in _MARKUP.finditer(text):
        start, end = match.span()
        # Where asterisks can only open, and only close (CommonMark 6.2).
        if match.lastgroup == "emphasis" and (
            text[start - 1 : start] not in _BEFORE or text[end : end + 1] not in _AFTER
        ):
            raise Doubt
        texts.append(text[at:start])
        marks.append(match)
        at = end
    texts.append(text[at:])
    left = "".join(texts)
    for sign in _SIGNS:
        if sign in left:
            raise Doubt
    return texts, marks
