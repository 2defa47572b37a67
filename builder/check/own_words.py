"""Blank out parts of a body: quotations, code, addresses and references."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from builder.content.document import Document
from builder.content.markdown.code import code_lines
from builder.diagnostics.diagnostic import Place
from builder.patterns import pattern

_CODE_AND_ADDRESSES = r"""
      (?<!`)(?P<ticks>`{1,9})(?!`)(?:(?!\n\n).){1,2000}?(?<!`)(?P=ticks)(?!`)  # code in a line
    | (?<!`)`{10,}+
    | \{\{[^{}\n]*\}\} | \[\[[^\[\]\n]*\]\]  # a figure, printed; another record
    | (?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)                             # where a link leads
    | ^\ {0,3}\[(?!\^)[^\]\n]+\]:[^\n]* # the same, below the text
    | <?https?://[^\s>]+>?
"""
_QUOTED = r"""
    | ^\ {0,3}>[^\n]*(?:\n[^\n]+)*      # a block quotation, to the next blank line
    | "(?:[^"\n]|\n(?!\n))*"
    | (?P<mark>[“„«])                   # a quotation, to the mark that closes it
"""
_CLOSERS = {"“": "”", "„": "“”", "«": "»"}
_LONGEST = 2000  # characters of a quotation
_FLAGS = re.VERBOSE | re.MULTILINE | re.DOTALL
_NOT_ITS_OWN = pattern(_CODE_AND_ADDRESSES + _QUOTED, _FLAGS)
_NOT_TEXT = pattern(_CODE_AND_ADDRESSES, _FLAGS)
_LETTER = pattern(r"[^\n]")


def own_words(body: str) -> str:
    """Return a body of the same length with only its own words."""
    return _blank(_NOT_ITS_OWN, _without_blocks(body))


def without_code(body: str) -> str:
    """Return a body of the same length without code, comments and addresses."""
    return _blank(_NOT_TEXT, _without_blocks(body))


def _without_blocks(body: str) -> str:
    """Return a body of the same length without blocks of code."""
    lines = body.split("\n")
    for number in code_lines(body):
        if number < len(lines):
            lines[number] = " " * len(lines[number])
    return "\n".join(lines)


def _blank(pattern: re.Pattern[str], body: str) -> str:
    parts: list[str] = []
    at = done = 0
    closers = _Closers(body)
    while match := pattern.search(body, at):
        start, at = match.span()
        if match.lastgroup == "mark":
            end = closers.after(match[0], at)
            if not 0 <= end - at <= _LONGEST:
                continue
            at = end + 1
        parts += body[done:start], _LETTER.sub(" ", body[start:at])
        done = at
    return "".join([*parts, body[done:]])


class _Closers:
    """Finds the mark that closes a quotation, in time linear in the text for all together."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._next: dict[str, int] = {}  # the last place found of each mark

    def after(self, opening: str, start: int) -> int:
        """Return where a quotation is closed, or -1. Must be called with rising places."""
        found = [place for mark in _CLOSERS[opening] if (place := self._find(mark, start)) >= 0]
        return min(found, default=-1)

    def _find(self, mark: str, start: int) -> int:
        known = self._next.get(mark, 0)
        if 0 <= known < start:
            known = self._next[mark] = self._body.find(mark, start)
        return known


def place_in(document: Document, start: int, end: int) -> Place:
    """Return the place of a part of a body in its file."""
    starts = _line_starts(document.body)
    line = bisect_right(starts, start) - 1
    stop = document.body.find("\n", start, end)
    width = (end if stop < 0 else stop) - start
    return Place(document.body_line + line, start - starts[line] + 1, max(1, width))


@lru_cache(maxsize=1)  # the findings of a body come one after the other
def _line_starts(body: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", body))]
