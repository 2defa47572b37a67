"""Hides HTML comments from checks, and removes them before a body is parsed.

A comment is text between `<!--` and `-->`, except in code and after a backslash. It may be
anywhere: in a table, across paragraphs, around a list."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from builder.content.document import Document
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place

# A hidden comment keeps its length and its lines: all its characters but line breaks become
# `_HIDDEN`, the last one `_END`. No file contains either (`control-character`).
_HIDDEN, _END = "\0", "\x01"
_COMMENT = re.compile(f"{_HIDDEN}[{_HIDDEN}\n]*{_END}")
_CHARACTER = re.compile(r"[^\n]")
_MAX_PARSES = 20  # of one body, to find its code


def hide_comments(document: Document) -> tuple[Document, list[Diagnostic]]:
    """Hide the comments of a body, and report one without an end."""
    if "<!--" not in document.body:
        return document, []
    body, unclosed = _hide(document.body)
    document = document._replace(body=body)
    if unclosed is None:
        return document, []
    line = document.body_line + body.count("\n", 0, unclosed)
    place = Place(line, unclosed - (body.rfind("\n", 0, unclosed) + 1) + 1, len("<!--"))
    hint = "end it with `-->`; to show `<!--` itself, put it in backticks"
    finding = Finding(place, "comment-not-closed", "the comment that begins here has no end", hint)
    return document, [document.problem(finding)]


def _hide(body: str) -> tuple[str, int | None]:
    """Return a body with hidden comments, and the offset of one without an end."""
    code, at = _Code(body), 0
    while (start := body.find("<!--", at)) >= 0:
        if (after := code.end_of(start)) is not None:
            at = after
            continue
        end = body.find("-->", start + 2)
        stop = len(body) if end < 0 else end + len("-->")
        hidden = _CHARACTER.sub(_HIDDEN, body[start : stop - 1]) + _END
        code.hide(start, body[start:stop])
        body = f"{body[:start]}{hidden}{body[stop:]}"
        if end < 0:
            return body, start
        at = stop
    return body, None


class _Block(NamedTuple):
    """A block without blocks inside it: its lines, and whether it is code."""

    first: int
    end: int
    code: bool


class _Code:
    """The code in a body: fences, indented code, and spans in a line."""

    def __init__(self, body: str) -> None:
        self.body, self.parses = body, 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", body))]
        # Without any of these, nothing can be code.
        self.any = any(mark in body for mark in ("`", "~~~", "    ", "\t"))
        self.blocks: dict[int, _Block] | None = None  # by line

    def end_of(self, at: int) -> int | None:
        """Return the end of the code, or of the escape, at an offset."""
        if self._escaped(at):
            return at + 1
        if not self.any:
            return None
        if self.blocks is None:
            self.blocks = _leaves(self.body)
            self.parses += 1
        line = bisect_right(self.starts, at) - 1
        block = self.blocks.get(line, _Block(line, line + 1, False))
        start, end = self._offset(block.first), self._offset(block.end)
        if block.code:
            return end
        for first, after in _spans(self.body, start, end):
            if first < at < after:
                return after
        return None

    def hide(self, start: int, comment: str) -> None:
        """Blank out a comment; what it contains does not begin or end code."""
        if not self.any:
            return
        stop = start + len(comment)
        line_end = self.body.find("\n", stop)
        tail = self.body[stop : line_end if line_end >= 0 else len(self.body)].strip()
        # Where text is left on the last line, that line must not seem to be indented code.
        head, newline, last = comment.rpartition("\n")
        blank = _CHARACTER.sub(" ", head) + newline + (len(last) * "x" if tail else len(last) * " ")
        self.body = self.body[:start] + blank + self.body[stop:]
        matters = "\n" in comment or "```" in comment or "~~~" in comment or tail[:1] in ("`", "~")
        if matters and self.parses < _MAX_PARSES:
            self.blocks = None

    def _escaped(self, at: int) -> bool:
        before = self.body[:at] if at < 100 else self.body[at - 100 : at]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def _offset(self, line: int) -> int:
        return self.starts[line] if line < len(self.starts) else len(self.body)


@cache
def _parser() -> MarkdownIt:
    engine = MarkdownIt("commonmark").enable("table").disable("html_block")
    return engine.use(footnote_plugin)


def _leaves(body: str) -> dict[int, _Block]:
    """Map each line of a body to the innermost block in which it is."""
    engine, tokens = _parser(), list[Token]()
    engine.block.parse(body, engine, {}, tokens)
    blocks: dict[int, _Block] = {}
    for token in tokens:
        if token.map and token.type in ("inline", "fence", "code_block"):
            block = _Block(token.map[0], token.map[1], token.type != "inline")
            blocks.update(dict.fromkeys(range(*token.map), block))
    return blocks


_TICKS = re.compile(r"\\[\s\S]|`+")


def _spans(body: str, at: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of code in a block (CommonMark 0.31, 6.1)."""
    found: list[tuple[int, int]] = []
    unpaired: set[int] = set()  # lengths of runs that have no counterpart
    while match := _TICKS.search(body, at, end):
        at = match.end()
        ticks = len(match[0])
        if match[0][0] == "\\" or ticks in unpaired:
            continue
        closing = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(body, at, end)
        if closing:
            at = closing.end()
            found.append((match.start(), at))
        else:
            unpaired.add(ticks)
    return found


# --- removal -----------------------------------------------------------------------------------

_INNER = "\x02"  # a line break in a comment
_REMOVED = re.compile(f"{_HIDDEN}{_INNER}*{_END}")
_QUOTED = re.compile(r"[ \t>]*")
_ITEM = re.compile(r"[ \t>]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]*")


def remove_comments(body: str) -> tuple[str, list[int]]:
    """Return a body without hidden comments, and the numbers of its lines.

    A line that only a comment filled is removed with it. A comment across lines joins the text
    before and after it. The numbers end with that of the end; without comments, there are none."""
    if _HIDDEN not in body:
        return body, []
    joined = _COMMENT.sub(_joined, body).split("\n")
    kept: list[str] = []
    numbers: list[int] = []
    number = 0
    for n, line in enumerate(joined):
        text: str | None = line
        if _HIDDEN in line:
            text = _without(line, joined[n + 1] if n + 1 < len(joined) else "")
        if text is not None:
            kept.append(text)
            numbers.append(number)
        number += 1 + line.count(_INNER)
    return "\n".join(kept), [*numbers, number]


def _joined(comment: re.Match[str]) -> str:
    return f"{_HIDDEN}{_INNER * comment[0].count(chr(10))}{_END}"


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
