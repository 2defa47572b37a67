"""The blocks of a text in their plainest forms, with the HTML around each.

Paragraphs, headings, flat tight lists, quotations, tables, and footnotes of one paragraph.
Markdown-it defines the dialect: at any doubt `plain_blocks` raises Doubt, and it parses instead."""

from __future__ import annotations

import re
from typing import NamedTuple

from builder.content.markdown.html import TABLE_END, table_start
from builder.content.markdown.work import Doubt
from builder.language.dates import month_names
from builder.language.direction import direction
from builder.patterns import pattern

# What a line of a paragraph begins with. Everything else may begin another block, now or together
# with the line that follows: indentation, markup, the underline of a heading, a table's second row.
_TEXT = re.compile(r"(?!\d{1,9}[.)](?: |$))[^\s#>|=:_`~<+*\\&-]|\*\S|:[^\W_]")
_HEADING = pattern(r"(#{2,6}) +([^\s#](?:.*[^\s#])?)")
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)]) (?=\S)")
_FOOTNOTE = pattern(r"\[\^([\w-]+)\]: *(?=\S)")
_DELIMITERS = pattern(r"\|(?: *:?-+:? *\|)+")
_ATTRIBUTION = "— ", "– "
_WORD = pattern(r"[^\W\d_]+")
_STROKE = "\0"  # stands for `\|` in a cell, which divides no cells
ESCAPED = -2  # the column of a cell that has one
_MOST_STEPS = 99  # a list that begins later may be a sentence, which is reported


class PlainBlock(NamedTuple):
    """A text with the HTML before and after it.

    `line` counts from 0, and `column` is that of a cell; other text ends with its line. `level` is
    that of a heading, otherwise 0."""

    before: str
    content: str
    after: str
    line: int
    column: int = -1
    level: int = 0
    attribution: bool = False  # of a quotation


class PlainBlocks(NamedTuple):
    """The blocks of a text, the HTML after the last, its lines, and its footnotes by label."""

    blocks: list[PlainBlock]
    end: str
    lines: list[str]
    notes: dict[str, PlainBlock]


def plain_blocks(text: str, language: str) -> PlainBlocks:
    """Return the blocks of a text, or raise Doubt."""
    lines = text.split("\n")
    reader = _Reader(lines, language)
    reader.read()
    return PlainBlocks(reader.blocks, reader.before, lines, reader.notes)


class _Reader:
    """Reads lines block by block. Each method raises Doubt if a line is not as it expects."""

    def __init__(self, lines: list[str], language: str) -> None:
        self.lines, self.end, self.at = lines, len(lines), 0
        self.language, self.tables = language, 0
        # The side on which texts begin, which needs no class.
        self.start = "right" if direction(language) == "rtl" else "left"
        self.blocks: list[PlainBlock] = []
        self.notes: dict[str, PlainBlock] = {}
        self.before = ""  # HTML that stands before the next block

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
                raise Doubt

    def _add(self, before: str, text: str, after: str, line: int) -> None:
        self.blocks.append(PlainBlock(self.before + before, _checked(text), after, line))
        self.before = ""

    def _paragraph(self) -> None:
        first = self.at
        self.at += 1
        while self.at < self.end and (line := self.lines[self.at]):
            if _TEXT.match(line):
                self.at += 1
            elif line[0] in "->" and line[1:2] == " " and line[2:3].strip():
                break  # a list or a quotation
            elif _HEADING.fullmatch(line):
                break
            else:
                raise Doubt
        self._add("<p>", "\n".join(self.lines[first : self.at]), "</p>\n", first)

    def _heading(self, line: str) -> None:
        match = _HEADING.fullmatch(line)
        if not match:
            raise Doubt
        text, level = _checked(match[2]), len(match[1])
        self.blocks.append(PlainBlock(self.before, text, f"</h{level}>\n", self.at, level=level))
        self.before = ""
        self.at += 1

    def _quotation(self) -> None:
        first = self.at
        inner: list[str] = []
        while self.at < self.end and (line := self.lines[self.at]):
            if line[0] != ">" or (len(line) > 1 and (line[1] != " " or not _TEXT.match(line, 2))):
                raise Doubt
            inner.append(line[2:])
            self.at += 1
        self.before += "<blockquote>\n"
        count, begin = len(self.blocks), -1
        for n, line in enumerate([*inner, ""]):
            if line and begin < 0:
                begin = n
            elif not line and begin >= 0:
                self._add("<p>", "\n".join(inner[begin:n]), "</p>\n", first + begin)
                begin = -1
        if len(self.blocks) == count:
            raise Doubt
        last = self.blocks[-1]
        if len(self.blocks) > count + 1 and last.content.startswith(_ATTRIBUTION):
            self.blocks[-1] = last._replace(
                before="<footer>", after="</footer>\n", attribution=True
            )
        self.before = "</blockquote>\n"

    def _list(self, line: str, item: re.Match[str]) -> None:
        number, mark = item[1], item[0][-2]
        tag = "ul" if number is None else "ol"
        start = "" if number is None or int(number) == 1 else f' start="{int(number)}"'
        self.before += f"<{tag}{start}>\n"
        if number is not None and mark == ".":
            self._check_number(int(number), line[item.end() :])
        while True:
            first = self.at
            texts = [_item_text(line, item.end())]
            self.at += 1
            indent = " " * item.end()
            following = None
            while self.at < self.end and (line := self.lines[self.at]):
                if following := _ITEM.match(line):
                    break
                # Lazy continuation has no indentation at all.
                texts.append(_item_text(line, item.end() if line.startswith(indent) else 0))
                self.at += 1
            self._add("<li>", "\n".join(texts), "</li>\n", first)
            if not following:
                break
            if following[0][-2] != mark:
                raise Doubt  # another list
            item = following
        self.before = f"</{tag}>\n"
        self.at = after = self._next_text()
        if after < self.end and _ITEM.match(self.lines[after]):
            raise Doubt  # it belongs to the list

    def _check_number(self, number: int, text: str) -> None:
        """Leave a list that may be a sentence, as in `numbered`."""
        word = _WORD.match(text)
        if number > _MOST_STEPS or (word and word[0].casefold() in month_names(self.language)):
            raise Doubt

    def _next_text(self) -> int:
        """Return the next line with text."""
        after = self.at
        while after < self.end and not self.lines[after]:
            after += 1
        return after

    def _footnote(self, note: re.Match[str]) -> None:
        first = self.at
        texts = [_item_text(self.lines[first], note.end())]
        self.at += 1
        while self.at < self.end and (line := self.lines[self.at]):
            if _FOOTNOTE.match(line):
                break
            texts.append(_item_text(line, 0))
            self.at += 1
        self.at = self._next_text()
        self.notes[note[1]] = PlainBlock("", _checked("\n".join(texts)), "", first)

    def _table(self) -> None:
        first, lines = self.at, self.lines
        if first + 1 >= self.end or not _DELIMITERS.fullmatch(lines[first + 1]):
            raise Doubt
        classes = [
            _class(cell.strip(" "), self.start) for cell in lines[first + 1][1:-1].split("|")
        ]
        self.tables += 1
        self.before += f"{table_start(self.tables)}<thead>\n"
        self._row("th", classes, first)
        self.before += "</thead>\n"
        self.at += 2
        opening = "<tbody>\n"
        while self.at < self.end and (line := lines[self.at]):
            if line[0] != "|":
                raise Doubt
            self.before += opening
            opening = ""
            self._row("td", classes, self.at)
            self.at += 1
        self.before += TABLE_END if opening else f"</tbody>\n{TABLE_END}"

    def _row(self, tag: str, classes: list[str], at: int) -> None:
        line = self.lines[at]
        cells = line[1:].replace("\\|", _STROKE).split("|")
        if not cells[-1]:
            cells.pop()
        if not cells or len(cells) > len(classes) or (tag == "th" and len(cells) < len(classes)):
            raise Doubt
        self.before += "<tr>\n"
        column = 1
        for n, attribute in enumerate(classes):
            cell = cells[n] if n < len(cells) else ""
            text = cell.strip(" ")
            if text.strip() != text or text.startswith("#"):
                raise Doubt
            kind = "td" if not text else tag
            before, after = f"{self.before}<{kind}{attribute}>", f"</{kind}>\n"
            start = column + len(cell) - len(cell.lstrip(" "))
            if _STROKE in text:
                text, start = text.replace(_STROKE, "|"), ESCAPED
                if text in line:
                    raise Doubt  # which of the two it is
            self.blocks.append(PlainBlock(before, text, after, at, start))
            column += len(cell) + 1 + cell.count(_STROKE)
            self.before = ""
        self.before = "</tr>\n"


def _checked(text: str) -> str:
    """Return the text of a paragraph, unless its meaning depends on more than itself."""
    if text[-1].isspace() or "\\" in text:
        raise Doubt  # which spaces of other scripts are trimmed depends on the version
    return text


def _item_text(line: str, start: int) -> str:
    if not _TEXT.match(line, start):
        raise Doubt
    return line[start:]


def _class(delimiter: str, start: str) -> str:
    """Return the attribute of a column's cells."""
    side = "left" if delimiter[0] == ":" else start
    if delimiter[-1] == ":":
        side = "center" if delimiter[0] == ":" else "right"
    return "" if side == start else f' class="{side}"'
