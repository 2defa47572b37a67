"""Reads lists and mappings in brackets, which may be incomplete, up to a cursor."""

from __future__ import annotations

import re
from typing import NamedTuple

_Path = tuple[str | int, ...]
_MOST = 20_000  # characters behind a cursor that are read
_PAIRS = {"]": "[", "}": "{"}


class FlowCursor(NamedTuple):
    """The scalar at a cursor in brackets, as in `cursor.Cursor`."""

    path: _Path
    in_key: bool
    start: int
    quote: str
    keys: frozenset[str]


class _Bracket:
    """An open bracket, and the key or the item that is being read."""

    def __init__(self, sign: str) -> None:
        self.sign = sign
        self.key: str | None = None
        self.number = 0
        self.keys: set[str] = set()

    @property
    def part(self) -> str | int:
        return self.number if self.sign == "[" else self.key or ""


class Flow:
    """The brackets that are open below the value at a path."""

    def __init__(self, base: _Path) -> None:
        self.base = base
        self.open: list[_Bracket] = []
        self.start = -1  # of the scalar that is being read; -1 if none has begun
        self.quote = ""
        self.is_closed = False
        self.in_comment = False
        self._text: list[str] = []  # the scalar that is being read

    def read(self, text: str, start: int) -> None:
        """Read one line, or its beginning, which begins at an offset."""
        self.in_comment = False
        self.quote = ""  # an unclosed one on the line above is being written
        at = 0
        while at < len(text) and not self.is_closed:
            sign = text[at]
            if self.quote:
                at = self._quoted(text, at)
                continue
            if sign == "#" and (at == 0 or text[at - 1] in " \t"):
                self.in_comment = True
                return
            self._sign(sign, text[at + 1 : at + 2], start + at)
            at += 1

    def _quoted(self, text: str, at: int) -> int:
        """Read on inside quotation marks, and return the next index."""
        if self.quote == '"' and text[at] == "\\":
            self._text.append(text[at : at + 2])
            return at + 2
        if text[at] == self.quote:
            if self.quote == "'" and text[at + 1 : at + 2] == "'":
                self._text.append("'")
                return at + 2
            self.quote = ""
        else:
            self._text.append(text[at])
        return at + 1

    def _sign(self, sign: str, following: str, offset: int) -> None:
        bracket = self.open[-1] if self.open else None
        if sign in "[{" and not self._text:
            self.open.append(_Bracket(sign))
            self._begin()
        elif sign in "]}":
            self._close(sign)
        elif sign == "," and bracket:
            bracket.number += 1
            bracket.key = None
            self._begin()
        elif (
            sign == ":"
            and bracket
            and bracket.sign == "{"
            and bracket.key is None
            and following in ("", " ", "\t", ",", "}", "[", "{", '"')
        ):
            bracket.key = "".join(self._text).strip()
            bracket.keys.add(bracket.key)
            self._begin()
        elif sign in "\"'" and not self._text:
            self.quote, self.start = sign, offset + 1
        elif self._text or sign not in " \t":
            if not self._text and self.start < 0:
                self.start = offset
            self._text.append(sign)

    def _begin(self) -> None:
        self._text, self.start, self.quote = [], -1, ""

    def _close(self, sign: str) -> None:
        while self.open and self.open[-1].sign != _PAIRS[sign]:
            self.open.pop()  # one that was forgotten
        if self.open:
            self.open.pop()
        self._begin()
        self.start = -2  # nothing begins before the next comma
        self.is_closed = not self.open

    def cursor(self, offset: int) -> FlowCursor | None:
        """Return the scalar at the end; None behind a value."""
        if self.is_closed or self.in_comment or not self.open or self.start == -2:
            return None
        bracket = self.open[-1]
        path = (*self.base, *(one.part for one in self.open[:-1]))
        in_key = bracket.sign == "{" and bracket.key is None
        if not in_key:
            path = (*path, bracket.part)
        keys = frozenset(bracket.keys if bracket.sign == "{" else ())
        return FlowCursor(path, in_key, self.start if self.start >= 0 else offset, self.quote, keys)

    def after(self, source: str, offset: int, quote: str) -> tuple[str, frozenset[str]]:
        """Return what follows of the scalar, and the keys behind it."""
        text = source[offset : offset + _MOST]
        line = text.partition("\n")[0]
        if quote:
            rest = line.partition(quote)[0] if quote in line else ""
        else:
            rest = re.split(r"[,\]}\[{\n]|:(?=\s|$)|\s+#|\s+$", line, maxsplit=1)[0]
        if not self.open or self.open[-1].sign != "{":
            return rest, frozenset()
        behind = text[len(rest) :].removeprefix(quote)
        follows, bracket = Flow(()), _Bracket("{")
        follows.open = [bracket]
        if self.open[-1].key is not None or re.match(r"\s*:", behind):
            bracket.key = ""  # what follows up to a comma is a value
        for number, part in enumerate(behind.split("\n")):
            if follows.is_closed or (number and part and not part[0].isspace()):
                break
            follows.read(part, 0)
        return rest, frozenset(bracket.keys)
