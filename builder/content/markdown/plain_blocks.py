"""The blocks of a text in its plainest forms, as the tokens that markdown-it makes of them.

Paragraphs, headings, flat tight lists, quotations, tables, and footnotes of one paragraph.
Markdown-it defines the dialect: at any doubt `plain_blocks` returns None, and it parses instead."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any, Literal

from markdown_it.token import Token

from builder.content.markdown.tokens import token_of
from builder.patterns import pattern

# What a line of a paragraph begins with. Everything else may begin another block, now or together
# with the line that follows: indentation, markup, the underline of a heading, a table's second row.
_TEXT = re.compile(r"(?!\d{1,9}[.)](?: |$))[^\s#>|=:_`~<+*\\&-]|[*_]{1,2}[^\W_]|:[^\W_]")
_HEADING = pattern(r"(#{1,6}) +([^\s#](?:.*[^\s#])?)")
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)]) (?=\S)")
_FOOTNOTE = pattern(r"\[\^([^\s\]]+)\]: *(?=\S)")
_DELIMITERS = pattern(r"\|(?: *:?-+:? *\|)+")
_DOUBT = re.compile(r"[\t\r\x0b\x0c\0\x1c-\x1f\x85\u2028\u2029\ufeff]")


class _Doubt(Exception):
    """The text has something whose meaning only markdown-it knows."""


def plain_blocks(text: str, env: MutableMapping[str, Any]) -> list[Token] | None:
    """Return the tokens of a text, or None at a doubt.

    Like markdown-it, it notes the labels of footnotes in `env`."""
    text = text.removesuffix("\n")
    if _DOUBT.search(text):
        return None
    reader = _Reader(text.split("\n"))
    try:
        reader.read()
    except _Doubt:
        return None
    if reader.labels:
        env["footnotes"] = {"refs": dict.fromkeys(reader.labels, -1), "list": {}}
    return reader.tokens


class _Reader:
    """Reads lines block by block. Each method raises _Doubt if a line is not as it expects."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.end, self.at = lines, len(lines), 0
        self.tokens: list[Token] = []
        self.labels: list[str] = []

    def read(self) -> None:
        lines = self.lines
        while self.at < self.end:
            line = lines[self.at]
            if not line:
                self.at += 1
            elif _TEXT.match(line):
                if line.startswith("[^") and (note := _FOOTNOTE.match(line)):
                    self._footnote(note)
                else:
                    self._paragraph()
            elif line[0] == "#":
                self._heading(line)
            elif line[0] == ">":
                self._quotation()
            elif line[0] == "|":
                self._table()
            elif item := _ITEM.match(line):
                self._list(line, item)
            else:
                raise _Doubt

    def _paragraph(self) -> None:
        first = self.at
        self.at += 1
        while self.at < self.end and (line := self.lines[self.at]):
            if _TEXT.match(line) and not line.startswith("[^"):
                self.at += 1
            elif line[0] in "->" and line[1:2] == " " and line[2:3].strip():
                break  # a list or a quotation
            elif _HEADING.fullmatch(line):
                break
            else:
                raise _Doubt
        self._add_paragraph(self.lines[first : self.at], first, self.at, 0)

    def _add_paragraph(
        self, lines: list[str], first: int, end: int, level: int, hidden: bool = False
    ) -> None:
        text = lines[0] if len(lines) == 1 else "\n".join(lines)
        if text[0] == "[" and "]:" in text:
            raise _Doubt  # the definition of an address
        if text[-1].isspace():
            raise _Doubt  # which spaces of other scripts are trimmed depends on the version
        self.tokens += (
            _block("paragraph_open", "p", 1, level, [first, end], hidden=hidden),
            _inline(text, level + 1, [first, end]),
            _block("paragraph_close", "p", -1, level, hidden=hidden),
        )

    def _heading(self, line: str) -> None:
        match = _HEADING.fullmatch(line)
        if not match:
            raise _Doubt
        marks, first = match[1], self.at
        self.at += 1
        tag = f"h{len(marks)}"
        self.tokens += (
            _block("heading_open", tag, 1, 0, [first, self.at], marks),
            _inline(match[2], 1, [first, self.at]),
            _block("heading_close", tag, -1, 0, None, marks),
        )

    def _quotation(self) -> None:
        first = self.at
        inner: list[str] = []
        while self.at < self.end and (line := self.lines[self.at]):
            if line[0] != ">" or (len(line) > 1 and (line[1] != " " or not _TEXT.match(line, 2))):
                raise _Doubt
            inner.append(line[2:])
            self.at += 1
        if not inner[-1]:
            raise _Doubt
        self.tokens.append(_block("blockquote_open", "blockquote", 1, 0, [first, self.at], ">"))
        begin = -1
        for n, line in enumerate([*inner, ""]):
            if line and begin < 0:
                begin = n
            elif not line and begin >= 0:
                if any(text.startswith("[^") for text in inner[begin:n]):
                    raise _Doubt
                self._add_paragraph(inner[begin:n], first + begin, first + n, 1)
                begin = -1
        self.tokens.append(_block("blockquote_close", "blockquote", -1, 0, None, ">"))

    def _list(self, line: str, item: re.Match[str]) -> None:
        number, mark = item[1], item[0][-2]
        kind, tag = ("bullet_list", "ul") if number is None else ("ordered_list", "ol")
        opened = _block(f"{kind}_open", tag, 1, 0, [self.at, 0], mark)
        if number is not None and int(number) != 1:
            opened.attrs = {"start": int(number)}
        self.tokens.append(opened)
        while True:
            first = self.at
            texts = [self._item_text(line, item.end())]
            self.at += 1
            indent = " " * item.end()
            following = None
            while self.at < self.end and (line := self.lines[self.at]):
                if following := _ITEM.match(line):
                    break
                # Lazy continuation has no indentation at all.
                start = item.end() if line.startswith(indent) else 0
                texts.append(self._item_text(line, start))
                self.at += 1
            after = self.at
            if not following:
                after = self._next_text()
            opened_item = _block("list_item_open", "li", 1, 1, [first, after], mark)
            if number is not None:
                opened_item.info = item[1]
            self.tokens.append(opened_item)
            self._add_paragraph(texts, first, self.at, 2, hidden=True)
            self.tokens.append(_block("list_item_close", "li", -1, 1, None, mark))
            if not following:
                break
            if following[0][-2] != mark or (following[1] is None) != (number is None):
                raise _Doubt  # another list
            item = following
        assert opened.map
        opened.map[1] = self.at = after
        self.tokens.append(_block(f"{kind}_close", tag, -1, 0, None, mark))

    def _item_text(self, line: str, start: int) -> str:
        if not _TEXT.match(line, start) or line.startswith("[^", start):
            raise _Doubt
        return line[start:]

    def _next_text(self) -> int:
        """Return the next line with text, which must not belong to the list before it."""
        after = self.at
        while after < self.end and not self.lines[after]:
            after += 1
        if after < self.end and (self.lines[after][0] == " " or _ITEM.match(self.lines[after])):
            raise _Doubt
        return after

    def _footnote(self, note: re.Match[str]) -> None:
        first = self.at
        texts = [self._item_text(self.lines[first], note.end())]
        self.at += 1
        while self.at < self.end and (line := self.lines[self.at]):
            if _FOOTNOTE.match(line):
                break
            texts.append(self._item_text(line, 0))
            self.at += 1
        end = self.at
        after = end
        while after < self.end and not self.lines[after]:
            after += 1
        if after < self.end and self.lines[after][0] == " ":
            raise _Doubt
        self.at = after
        self.labels.append(f":{note[1]}")
        opened = Token("footnote_reference_open", "", 1)
        opened.map, opened.meta = [first, after], {"label": note[1]}
        self.tokens.append(opened)
        self._add_paragraph(texts, first, end, 1)
        self.tokens.append(Token("footnote_reference_close", "", -1))

    def _table(self) -> None:
        first, lines = self.at, self.lines
        if first + 1 >= self.end or not _DELIMITERS.fullmatch(lines[first + 1]):
            raise _Doubt
        sides = [_side(cell.strip(" ")) for cell in lines[first + 1][1:-1].split("|")]
        head = _cells(lines[first])
        if len(head) != len(sides):
            raise _Doubt
        opened = _block("table_open", "table", 1, 0, [first, 0])
        self.tokens += (opened, _block("thead_open", "thead", 1, 1, [first, first + 1]))
        self._row("th", head, sides, first)
        self.tokens.append(_block("thead_close", "thead", -1, 1))
        self.at += 2
        body = None
        while self.at < self.end and (line := lines[self.at]):
            if line[0] != "|":
                raise _Doubt
            if body is None:
                body = _block("tbody_open", "tbody", 1, 1, [self.at, 0])
                self.tokens.append(body)
            self._row("td", _cells(line), sides, self.at)
            self.at += 1
        if body is not None and body.map:
            self.tokens.append(_block("tbody_close", "tbody", -1, 1))
            body.map[1] = self.at
        self.tokens.append(_block("table_close", "table", -1, 0))
        assert opened.map
        opened.map[1] = self.at

    def _row(self, tag: str, cells: list[str], sides: list[str], at: int) -> None:
        self.tokens.append(_block("tr_open", "tr", 1, 2, [at, at + 1]))
        for n, side in enumerate(sides):
            cell = _block(f"{tag}_open", tag, 1, 3)
            if side:
                cell.attrs = {"style": f"text-align:{side}"}
            text = cells[n].strip(" ") if n < len(cells) else ""
            if text.strip() != text:
                raise _Doubt
            closed = _block(f"{tag}_close", tag, -1, 3)
            self.tokens += (cell, _inline(text, 4, [at, at + 1]), closed)
        self.tokens.append(_block("tr_close", "tr", -1, 2))


def _cells(line: str) -> list[str]:
    if "\\" in line:
        raise _Doubt
    cells = line[1:].split("|")
    if not cells[-1]:
        cells.pop()
    if not cells:
        raise _Doubt
    return cells


def _side(cell: str) -> str:
    if cell[-1] == ":":
        return "center" if cell[0] == ":" else "right"
    return "left" if cell[0] == ":" else ""


def _block(
    kind: str,
    tag: str,
    nesting: Literal[-1, 0, 1],
    level: int,
    lines: list[int] | None = None,
    mark: str = "",
    hidden: bool = False,
) -> Token:
    return token_of(kind, tag, nesting, level, lines, "", mark, None, None, True, hidden)


def _inline(text: str, level: int, lines: list[int]) -> Token:
    return token_of("inline", "", 0, level, lines, text, "", [], None, True)
