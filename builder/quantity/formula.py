"""The text of a formula over figures -> a tree that can be computed, and the order to do it in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from msgspec import Struct

from builder.diagnostics.misread import MisreadAt

MAX_TEXT, MAX_DEPTH = 200, 20  # characters; parentheses in each other


class FigureOperand(Struct, frozen=True, tag=True):
    """The id of a figure. Columns count from 1 within the formula; `end` is behind the last."""

    id: str
    column: int
    end: int


class Number(Struct, frozen=True, tag=True):
    """A number as it is written, or a percentage such as `100%`."""

    value: Decimal
    unit: str
    column: int
    end: int


class Operation(Struct, frozen=True, tag=True):
    operator: str
    left: FigureOperand | Number | Operation
    right: FigureOperand | Number | Operation
    column: int
    end: int


Node = FigureOperand | Number | Operation


class Formula(Struct, frozen=True):
    """A formula as it is written, and as it is computed."""

    text: str
    root: Node


# --- read --------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"(?P<id>[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)"
    r"|(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?%?)(?![0-9A-Za-z.,_])"
    r"|(?P<sign>[-+*/()])"
)
_MEANT = {"×": "*", "·": "*", "÷": "/", ":": "/", "−": "-", "–": "-", "—": "-"}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


class _Token(NamedTuple):
    kind: str
    text: str
    column: int

    @property
    def end(self) -> int:
        return self.column + len(self.text)


def _wrong(message: str, hint: str, column: int, width: int = 1) -> MisreadAt:
    return MisreadAt("invalid-formula", message, hint, column, width)


def parse_formula(text: str) -> Formula:
    """Raises MisreadAt, which says where."""
    if not text.strip():
        hint = "write one such as `spend-24 / rev-24`"
        raise MisreadAt("empty-value", "this is empty", hint, 1, len(text))
    if len(text) > MAX_TEXT:
        message = f"the formula has {len(text)} characters; {MAX_TEXT} is the limit"
        raise _wrong(message, "make a derived figure of a part of it", 1, len(text))
    parser = _Parser(text)
    root = parser.expression(0, 0)
    if rest := parser.peek():
        what = "opens no" if rest.text == ")" else "needs an operator before it"
        message = f"`{rest.text}` {what}" if rest.text != ")" else "this `)` was never opened"
        raise _wrong(message, "write + - * or / between two values", rest.column, len(rest.text))
    formula = Formula(text, root)
    if not operands(formula):
        hint = "name the figures it is computed from"
        raise _wrong("the formula names no figure", hint, root.column, root.end - root.column)
    return formula


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at = text, _tokens(text), 0

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def expression(self, strength: int, depth: int) -> Node:
        left = self.operand(depth)
        while (token := self.peek()) and STRENGTH.get(token.text, 0) > strength:
            self.at += 1
            right = self.expression(STRENGTH[token.text], depth)
            left = Operation(token.text, left, right, left.column, right.end)
        return left

    def operand(self, depth: int) -> Node:
        token = self.peek()
        if token is None:
            end = len(self.text.rstrip()) + 1
            raise _wrong("the formula ends too early", "name a figure or a number", end)
        self.at += 1
        if token.kind == "id":
            return FigureOperand(token.text, token.column, token.end)
        if token.kind == "number":
            unit = "%" if token.text.endswith("%") else ""
            return Number(Decimal(token.text.rstrip("%")), unit, token.column, token.end)
        if token.text != "(":
            message = f"`{token.text}` stands between two values"
            raise _wrong(message, "name a figure or a number before it", token.column)
        if depth == MAX_DEPTH:
            message = f"more than {MAX_DEPTH} parentheses are in each other"
            raise _wrong(message, "make a derived figure of a part of it", token.column)
        inside = self.expression(0, depth + 1)
        closing = self.peek()
        if closing is None or closing.text != ")":
            raise _wrong("this `(` is never closed", "write the `)`", token.column)
        self.at += 1
        return inside


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if not found:
            raise _not_a_token(text, at)
        if found[0] == "-" and text[at - 1 : at] + text[at + 1 : at + 2] != "  ":
            hint = "write a blank on both sides: `a - b`; `a-b` is one figure's id"
            raise _wrong("this could be a minus sign or a hyphen", hint, at + 1)
        tokens.append(_Token(str(found.lastgroup), found[0], at + 1))
        at = found.end()
    return tokens


def _not_a_token(text: str, at: int) -> MisreadAt:
    if meant := _MEANT.get(text[at]):
        return _wrong(f"`{text[at]}` is not an operator", f"write `{meant}`", at + 1)
    if word := re.compile(r"[0-9][0-9A-Za-z.,_]*").match(text, at):
        hint = "write digits only, at most 15 and 9 after the point; a quantity is a figure"
        return _wrong(f"`{word[0]}` is not a number", hint, at + 1, len(word[0]))
    shown = text[at] if text[at].isprintable() else f"U+{ord(text[at]):04X}"
    hint = "a formula has ids of figures, numbers, + - * / and parentheses"
    return _wrong(f"`{shown}` does not belong in a formula", hint, at + 1)


def operands(formula: Formula) -> tuple[FigureOperand, ...]:
    """Every figure that it names, from left to right, each time that it is named."""

    def below(node: Node) -> tuple[FigureOperand, ...]:
        match node:
            case FigureOperand():
                return (node,)
            case Operation(left=left, right=right):
                return below(left) + below(right)
        return ()

    return below(formula.root)


class FormulaCircle(MisreadAt):
    """Figures that are derived from each other."""

    def __init__(self, circle: tuple[str, ...], column: int, width: int) -> None:
        message = f"figures are derived from each other: {' → '.join((*circle, circle[0]))}"
        hint = "give one of them a value"
        super().__init__("circular-formula", message, hint, column, width)
        self.circle = circle


def order(formulas: Mapping[str, Formula]) -> list[str]:
    """The derived figures, each after those it is computed from. Raises Circle, whose position is
    in the formula of the first figure that it names."""
    wanted = {
        name: sorted({o.id for o in operands(formulas[name])} & set(formulas))
        for name in sorted(formulas)
    }
    try:
        return list(TopologicalSorter(wanted).static_order())
    except CycleError as error:
        found = error.args[1][:0:-1]  # as it says: each is derived from the next
        first = found.index(min(found))
        circle = (*found[first:], *found[:first])
        follower = circle[1 % len(circle)]
        place = next(o for o in operands(formulas[circle[0]]) if o.id == follower)
        raise FormulaCircle(circle, place.column, len(follower)) from None
