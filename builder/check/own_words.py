"""Blank out parts of a body: quotations, code, addresses and references."""

from __future__ import annotations

import re
from bisect import bisect_right

from builder.content.document import Document
from builder.diagnostics.diagnostic import Place

_CODE_AND_ADDRESSES = r"""
      ^\ {0,3}(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^\ {0,3}(?P=fence)[^\n]*$|\Z)  # code in a fence
    | (?P<ticks>`+)[^`](?:.(?!\n\n)){0,2000}?(?P=ticks)                         # code in a line
    | \{\{[^{}\n]*\}\} | \[\[[^\[\]\n]*\]\]  # a figure, printed; another record
    | (?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)                             # where a link leads
    | ^\ {0,3}\[(?!\^)[^\]\n]+\]:[^\n]* # the same, below the text
    | <?https?://[^\s>]+>?
"""
_QUOTED = r"""
    | ^\ {0,3}>[^\n]*(?:\n[^\n]+)*      # a block quotation, to the next blank line
    | “[^”]{0,2000}” | „[^“”]{0,2000}[“”] | «[^»]{0,2000}»
    | "(?:[^"\n]|\n(?!\n))*"
"""
_FLAGS = re.VERBOSE | re.MULTILINE | re.DOTALL
_NOT_ITS_OWN = re.compile(_CODE_AND_ADDRESSES + _QUOTED, _FLAGS)
_NOT_TEXT = re.compile(_CODE_AND_ADDRESSES + r" | <!--.*?(?:-->|\Z)", _FLAGS)
_LETTER = re.compile(r"[^\n]")


def own_words(body: str) -> str:
    """Return a body of the same length with only its own words."""
    return _NOT_ITS_OWN.sub(lambda match: _LETTER.sub(" ", match[0]), body)


def without_code(body: str) -> str:
    """Return a body of the same length without code, comments and addresses."""
    from markdown_it import MarkdownIt

    lines = body.split("\n")
    blocks = MarkdownIt("commonmark").disable("inline").parse(body)
    for block in blocks:  # code is indented, if it is not in a fence
        if block.type == "code_block" and block.map:
            for number in range(*block.map):
                lines[number] = " " * len(lines[number])
    return _NOT_TEXT.sub(lambda match: _LETTER.sub(" ", match[0]), "\n".join(lines))


def place_in(document: Document, start: int, end: int) -> Place:
    """Return the place of a part of a body in its file."""
    body = document.body
    starts = [0, *(match.end() for match in re.finditer("\n", body[:end]))]
    line = bisect_right(starts, start) - 1
    stop = body.find("\n", start, end)
    width = (end if stop < 0 else stop) - start
    return Place(document.body_line + line, start - starts[line] + 1, max(1, width))
