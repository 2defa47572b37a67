"""Finds the code of a Markdown body with the renderer's rules, and hides its comments.

Which blocks are code depends on the comments before them, and what is a comment on the code."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from builder.content.comment_spans import comment_end
from builder.patterns import pattern

# A hidden comment keeps its length and its lines: all its characters but line breaks become
# `HIDDEN`, the last one `END`. No file contains either (`control-character`).
HIDDEN, END = "\0", "\x01"
_GONE = "\x02"  # a character of a comment before text on its last line
_CHARACTER = pattern(r"[^\n]")
_MAX_PARSES = 20  # of one body, to find its code

BlockKind = Literal["text", "code", "html"]
_KINDS: dict[str, BlockKind] = {
    "inline": "text",
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
}
_BLOCK_MARKS = ("```", "~~~", "    ", "\t")  # without any of these, no block is code


class Block(NamedTuple):
    """A block without blocks inside it: its first line, its end, its kind and its fence."""

    first: int
    end: int
    kind: BlockKind
    fence: str = ""


@cache
def _parser(html: bool) -> MarkdownIt:
    engine = MarkdownIt("commonmark").enable("table")
    if not html:
        engine.disable("html_block")
    return engine.use(footnote_plugin)


def _leaves(body: str, html: bool) -> dict[int, Block]:
    """Map each line of a body to the innermost block in which it is.

    `html` says whether HTML is read, as on sites with `html: safe`."""
    engine, tokens = _parser(html), list[Token]()
    engine.block.parse(body, engine, {}, tokens)
    blocks: dict[int, Block] = {}
    for token in tokens:
        if token.map and (kind := _KINDS.get(token.type)):
            fence = token.markup if token.type == "fence" else ""
            block = Block(token.map[0], token.map[1], kind, fence)
            blocks.update(dict.fromkeys(range(*token.map), block))
    return blocks


def code_lines(body: str, html: bool = False) -> set[int]:
    """Return the lines (from 0) of blocks of code; comments are hidden."""
    if not any(mark in body for mark in _BLOCK_MARKS):
        return set()
    blocks = _leaves(_shown(body), html)
    return {line for line, block in blocks.items() if block.kind == "code"}


def closed_fences(body: str) -> dict[int, int]:
    """Map each line (from 0) of closed fences to the first.

    A fence that is none on a site with `html: safe` is left out."""
    found: list[set[tuple[int, int]]] = []
    for html in (False, True):
        hidden, _ = hide(body, html)
        lines = hidden.split("\n")
        blocks = _leaves(_shown(hidden), html).items()
        found.append({(n, block.first) for n, block in blocks if _is_closed(block, lines)})
    return dict(found[0] & found[1])


def _is_closed(block: Block, lines: list[str]) -> bool:
    last = lines[block.end - 1].strip(" \t>")
    closes = set(last) == set(block.fence) and len(last) >= len(block.fence)
    return bool(block.fence) and closes and block.end - block.first > 1


def _shown(body: str) -> str:
    """Return the same lines without what is hidden in them."""
    return _REMOVED.sub("", re.sub(f"[{HIDDEN}{END}]", _GONE, body))


# --- comments ----------------------------------------------------------------------------------


def hide(body: str, html: bool) -> tuple[str, int | None]:
    """Return a body with hidden comments, and where one is not closed."""
    code, at, done = _Code(body, html), 0, 0
    kept: list[str] = []
    unclosed = None
    while unclosed is None and (start := body.find("<!--", at)) >= 0:
        if (after := code.end_of(start)) is not None:
            at = after
            continue
        end = comment_end(body, start)
        unclosed = start if end is None else None
        at = len(body) if end is None else end
        kept += (body[done:start], _CHARACTER.sub(HIDDEN, body[start : at - 1]), END)
        code.hide(start, at)
        done = at
    return "".join((*kept, body[done:])), unclosed


_TAIL = pattern(r"[^\S\n]*(\S?)")
_REMOVED = pattern(rf"(?:^|(?<=[ \t])){_GONE}+[ \t]*|{_GONE}+", re.MULTILINE)


class _Code:
    """The code in a body: fences, indented code, and spans in a line.

    It is asked for offsets in rising order."""

    def __init__(self, body: str, html: bool) -> None:
        self.body, self.html, self.parses = body, html, 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", body))]
        # Without any of these, nothing can be code.
        self.any = any(mark in body for mark in ("`", *_BLOCK_MARKS)) or (html and "\\" in body)
        self.blocks: dict[int, Block] | None = None  # by line
        self.hidden: list[tuple[int, int]] = []  # comments that are still in `body`
        self.spans = _Spans(0, 0)

    def end_of(self, at: int) -> int | None:
        """Return the end of the code, or of the escape, at an offset."""
        if not self.any:
            return at + 1 if self._escaped(at) else None
        if self.blocks is None:
            self._blank()
            self.blocks = _leaves(self._as_rendered(), self.html)
            self.parses += 1
        line = bisect_right(self.starts, at) - 1
        block = self.blocks.get(line, Block(line, line + 1, "text"))
        start, end = self._offset(block.first), self._offset(block.end)
        if block.kind == "code":
            return end
        if block.kind == "html":  # without escapes and spans
            return None
        if self._escaped(at):
            return at + 1
        if self.hidden:
            start = max(start, self.hidden[-1][1])
        if self.spans.end != end or self.spans.first > start:
            self.spans = _Spans(start, end)
        return self.spans.end_of(self.body, at)

    def hide(self, start: int, stop: int) -> None:
        """Blank out a comment; what it contains does not begin or end code."""
        if not self.any:
            return
        self.hidden.append((start, stop))
        self.spans.at = stop
        comment, tail = self.body[start:stop], self._tail(stop)
        matters = "\n" in comment or "```" in comment or "~~~" in comment or tail in ("`", "~")
        if (matters or (self.html and tail == "<")) and self.parses < _MAX_PARSES:
            self.blocks = None

    def _blank(self) -> None:
        """Blank out the comments that were hidden since the last time."""
        kept, at = list[str](), 0
        for start, stop in self.hidden:
            head, newline, last = self.body[start:stop].rpartition("\n")
            # Text after a comment is parsed as if it stood where the comment begins.
            filler = _GONE if self._tail(stop) else " "
            kept += (self.body[at:start], _CHARACTER.sub(" ", head), newline, filler * len(last))
            at = stop
        self.body = "".join((*kept, self.body[at:]))
        self.hidden = []
        self.spans = _Spans(0, 0)

    def _as_rendered(self) -> str:
        """Return a body with the same lines, but with no comment that begins a block of HTML."""
        body = self.body.replace("<!--", "x!--") if self.html else self.body
        return _REMOVED.sub("", body)

    def _tail(self, stop: int) -> str:
        """Return the first character of the text after a comment on its last line."""
        match = _TAIL.match(self.body, stop)
        return match[1] if match else ""

    def _escaped(self, at: int) -> bool:
        first = at
        while first and self.body[first - 1] == "\\":
            first -= 1
        return (at - first) % 2 == 1

    def _offset(self, line: int) -> int:
        return self.starts[line] if line < len(self.starts) else len(self.body)


# What comes first counts: an escape, an address, or a run of backticks (CommonMark 0.31, 6.1).
_TICKS = pattern(r"\\[\s\S]|<[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\x00-\x20]*>|`+")


class _Spans:
    """Reads the spans of code in a block once, from its first to its last."""

    def __init__(self, first: int, end: int) -> None:
        self.first, self.at, self.end = first, first, end
        self.unpaired: set[int] = set()  # lengths of runs that have no counterpart

    def end_of(self, body: str, at: int) -> int | None:
        """Return the end of the span in which an offset is."""
        while self.at < at and (match := _TICKS.search(body, self.at, self.end)):
            if match.start() >= at:
                return None
            self.at = match.end()
            ticks = len(match[0])
            if match[0][0] != "`" or ticks in self.unpaired:
                continue
            closing = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(body, self.at, self.end)
            if closing is None:
                self.unpaired.add(ticks)
                continue
            self.at = closing.end()
            if closing.start() > at:
                return self.at
        return None
