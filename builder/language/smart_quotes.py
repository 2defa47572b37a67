"""Replaces straight quotation marks by typographic ones, in time linear in the text.

The rules are those of markdown-it's `smartquotes`, which takes quadratic time: it copies the text
for each mark, and searches all open marks for each closing one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.token import Token

from builder.patterns import pattern

_MARK = pattern(r"['\"]")
_CJK = pattern(
    "[\u2e80-\u303f\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]"
)
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


class _Open(NamedTuple):
    """A mark that may open a quotation: its token, its offset there, and its level."""

    token: int
    offset: int
    level: int
    single: bool


class Unclosed(NamedTuple):
    """An opening mark without a closing one in its block."""

    token: Token
    offset: int


def replace_quotes(tokens: Sequence[Token], marks: Sequence[str]) -> Unclosed | None:
    """Replace the quotation marks in the texts of one block.

    `marks` are an opening and a closing one, then the same inside a quotation. Return the first
    double mark that opens a quotation and stays as it is, if there is one."""
    quoted = [
        token
        for token in tokens
        if ("'" in token.content or '"' in token.content) and token.type == "text"
    ]
    if not quoted:
        return None
    whole = len(tokens) == 1
    plain = [replace_plain_quotes(token.content, marks, whole) for token in quoted]
    if None in plain:
        return _Quotes(tokens, marks).replace()
    for token, text in zip(quoted, plain, strict=True):
        token.content = text or ""
    return None


# Marks that can only open and only close, with no other between them, and apostrophes in words.
# (Each expression begins with the mark, which is rare, and looks behind it afterwards.)
_PAIR = pattern(
    r'"(?<=[ \n(]")(?=[^\W_])([^"]*)'
    r'"(?:(?<=[^\W_]")(?=[ \n.,;:!?)])|(?<=[.,!?]")(?=[ \n]))'
)
_PAIR_OF_BLOCK = pattern(
    r'"(?<![^ \n(]")(?=[^\W_])([^"]*)'
    r'"(?:(?<=[^\W_]")(?=[ \n.,;:!?)]|\Z)|(?<=[.,!?]")(?=[ \n]|\Z))'
)
_IN_WORD = pattern(r"'(?<=[^\W_]')(?=[^\W_])")


def replace_plain_quotes(text: str, marks: Sequence[str], whole: bool) -> str | None:
    """Replace plain marks; return None if there are others.

    `whole` says whether the text is all of its block."""
    if "'" in text:
        text = _IN_WORD.sub(_APOSTROPHE, text)
        if "'" in text:
            return None
    if '"' in text:
        pairs = _PAIR_OF_BLOCK if whole else _PAIR
        text = pairs.sub(lambda pair: f"{marks[0]}{pair[1]}{marks[1]}", text)
    return None if '"' in text else text


def continue_quotation(unclosed: Unclosed, tokens: Sequence[Token], marks: Sequence[str]) -> None:
    """Set an opening mark that the next paragraph repeats."""
    head = tokens[0].content[:1] if tokens and tokens[0].type == "text" else ""
    text, at = unclosed.token.content, unclosed.offset
    if head and head in ('"', marks[0][0]) and text[at : at + 1] == '"':
        unclosed.token.content = f"{text[:at]}{marks[0]}{text[at + 1 :]}"


class _Quotes:
    """The quotation marks of one block.

    Each character of a text is a cell, which a replacement of any length fills. Marks that are
    open have rising levels, so the only one that a closing mark can match is the last of its
    kind."""

    def __init__(self, tokens: Sequence[Token], marks: Sequence[str]) -> None:
        self.tokens, self.marks = tokens, marks
        self.cells: dict[int, list[str]] = {}
        self.open: list[_Open] = []
        self.last: dict[bool, list[int]] = {False: [], True: []}  # of each kind, in `open`
        self.after = _first_characters(tokens)

    def replace(self) -> Unclosed | None:
        before = " "
        for n, token in enumerate(self.tokens):
            while self.open and self.open[-1].level > token.level:
                self._pop()
            if token.type == "text":
                self._text(n, token, before)
            if token.type in ("softbreak", "hardbreak"):
                before = " "
            elif n in self.cells:
                before = self.cells[n][-1][-1]
            elif token.content:
                before = token.content[-1]
        for n, cells in self.cells.items():
            self.tokens[n].content = "".join(cells)
        for mark in self.open:
            if not mark.single:
                at = sum(map(len, self.cells[mark.token][: mark.offset]))
                return Unclosed(self.tokens[mark.token], at)
        return None

    def _pop(self) -> _Open:
        found = self.open.pop()
        self.last[found.single].pop()
        return found

    def _text(self, n: int, token: Token, before: str) -> None:
        text = token.content
        if not _MARK.search(text):
            return
        cells = self.cells[n] = list(text)
        for match in _MARK.finditer(text):
            at = match.start()
            left = cells[at - 1][-1] if at else before
            right = text[at + 1] if at + 1 < len(text) else self.after[n]
            self._mark(_Open(n, at, token.level, match[0] == "'"), left, right)

    def _mark(self, mark: _Open, left: str, right: str) -> None:
        opens, closes = _sides(left, right)
        if right == '"' and not mark.single and "0" <= left <= "9":
            opens = closes = False  # 1"": the first one means inches
        if opens and closes and not mark.single and (_CJK.match(left) or _CJK.match(right)):
            closes, opens = bool(self.last[False]), not self.last[False]  # no spaces tell which
        elif opens and closes:  # inside punctuation, but not inside a word
            opens, closes = _is_punctuation(left), _is_punctuation(right)
        if closes and self._close(mark):
            return
        if opens:
            self.last[mark.single].append(len(self.open))
            self.open.append(mark)
        elif mark.single:
            self.cells[mark.token][mark.offset] = _APOSTROPHE

    def _close(self, mark: _Open) -> bool:
        """Close the last open mark of the same kind and level, if there is one."""
        places = self.last[mark.single]
        if not places or self.open[places[-1]].level != mark.level:
            return False
        at, first = places[-1], 2 * mark.single
        opening = self.open[at]
        self.cells[mark.token][mark.offset] = self.marks[first + 1]
        self.cells[opening.token][opening.offset] = self.marks[first]
        while len(self.open) > at:
            self._pop()
        return True


def _first_characters(tokens: Sequence[Token]) -> list[str]:
    """Return the first character after each token: a space at a line break or the end."""
    found, after = [" "] * len(tokens), " "
    for n in range(len(tokens) - 1, -1, -1):
        found[n] = after
        if tokens[n].type in ("softbreak", "hardbreak"):
            after = " "
        elif tokens[n].content:
            after = tokens[n].content[0]
    return found


@lru_cache(maxsize=4096)
def _sides(left: str, right: str) -> tuple[bool, bool]:
    """Return whether a mark between two characters can open, and can close, a quotation."""
    spaces = isWhiteSpace(ord(left)), isWhiteSpace(ord(right))
    signs = _is_punctuation(left), _is_punctuation(right)
    opens = not spaces[1] and not (signs[1] and not (spaces[0] or signs[0]))
    closes = not spaces[0] and not (signs[0] and not (spaces[1] or signs[1]))
    return opens, closes


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
