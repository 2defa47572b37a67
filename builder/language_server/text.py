"""The text of an open document, and positions in it.

The program counts lines and characters (code points) from 1; the protocol counts from 0, and within
a line in the units that client and server have agreed on. Both end lines at CR LF, LF and CR only,
unlike `str.splitlines`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from lsprotocol import types

_LINE = re.compile(r"\r\n|\r|\n")
_MARK = "\ufeff"


class TextSpan(NamedTuple):
    """A range of a text, in characters from its beginning."""

    start: int
    end: int


class DocumentText:
    """A text with an index of its lines."""

    def __init__(self, text: str, encoding: types.PositionEncodingKind | str = "utf-16") -> None:
        self.text, self.encoding = text, encoding
        self.starts = [0, *(match.end() for match in _LINE.finditer(text))]

    @property
    def data(self) -> bytes:
        """The text as a file has it; lone surrogates are replaced."""
        return self.text.encode("utf-8", "replace")

    def line(self, number: int) -> str:
        """Return a line (from 0) without its end; empty past the last."""
        if not 0 <= number < len(self.starts):
            return ""
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : stop].rstrip("\r\n")

    def line_of(self, offset: int) -> int:
        """Return the number of the line with a character, counted from 0."""
        return bisect_right(self.starts, offset) - 1

    # --- the protocol's positions --------------------------------------------------------------

    def offset(self, position: types.Position) -> int:
        """Return the character at a position, in its line."""
        number = max(0, position.line)
        if number >= len(self.starts):
            return len(self.text)
        line = self.line(number)
        return self.starts[number] + self._characters(line, position.character)

    def position(self, offset: int) -> types.Position:
        """Return the position of a character."""
        offset = min(max(0, offset), len(self.text))
        number = self.line_of(offset)
        before = self.text[self.starts[number] : offset].rstrip("\r\n")
        return types.Position(number, self._units(before))

    def range(self, span: TextSpan) -> types.Range:
        """Return the range of a span."""
        return types.Range(self.position(span.start), self.position(span.end))

    def span(self, given: types.Range) -> TextSpan:
        """Return the span of a range."""
        start, end = self.offset(given.start), self.offset(given.end)
        return TextSpan(min(start, end), max(start, end))

    def changed(self, changes: Iterable[types.TextDocumentContentChangeEvent]) -> DocumentText:
        """Return the text after changes, made one after the other."""
        now = self
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = now.span(change.range)
                whole = now.text[:start] + change.text + now.text[end:]
            else:
                whole = change.text
            now = DocumentText(whole, self.encoding)
        return now

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "replace"))
        return len(text) + sum(character > "\uffff" for character in text)

    def _characters(self, line: str, units: int) -> int:
        """Return how many characters of a line a number of units covers."""
        if self.encoding == "utf-32" or line.isascii():
            return min(max(0, units), len(line))
        count = 0
        for character in line:
            units -= self._units(character)
            if units < 0:
                break
            count += 1
        return count

    # --- the program's places ------------------------------------------------------------------

    def place(self, line: int, column: int, width: int) -> types.Range:
        """Return the range of a place (line and column from 1).

        A byte order mark, which an editor may leave in the text, is not a column of a place."""
        first = line - 1
        if first >= len(self.starts):
            return self.range(TextSpan(len(self.text), len(self.text)))
        mark = first == 0 and self.text.startswith(_MARK)
        written = len(self.line(first))
        start = min(column - 1 + mark, written)
        end = min(start + max(1, width), max(written, start))
        base = self.starts[first]
        return self.range(TextSpan(base + start, base + end))
