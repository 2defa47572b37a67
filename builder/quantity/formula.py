"""Parses formulas of figures into trees, and orders them for evaluation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from msgspec import Struct

from builder.diagnostics.misread import MisreadAt
from builder.patterns import pattern

MAX_TEXT, MAX_DEPTH = 200, 20  # characters; nested parentheses
_SHOWN = 6  # figures of a circle in a message


class FigureOperand(Struct, frozen=True, tag=True):
    """The id of a figure.

    Columns count from 1 within the formula; `end` is the column after the last."""

    id: str
    column: int
    end: int


class Number(Struct, frozen=True, tag=True):
    """A number as written, or a percentage such as `100%`."""

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
    """A formula as written, and its tree.

    `unit` is the unit of a ratio that an editor asks for: `%`, `x` or nothing."""

    text: str
    root: Node
    unit: str = ""


# --- parsing -----------------------------------------------------------------------------------

_TOKEN = pattern(
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


def parse_formula(text: str, unit: str = "") -> Formula:
    """Parse a formula; `unit` is that of its result, a ratio.

    Raises MisreadAt, with the place in the text."""
    if not text.strip():
        hint = "write a formula such as `spend-24 / rev-24`"
        raise MisreadAt("empty-value", "the formula is empty", hint, 1, len(text))
    if len(text) > MAX_TEXT:
        message = f"the formula has {len(text)} characters; the limit is {MAX_TEXT}"
        raise _wrong(message, "move a part of it to another derived figure", 1, len(text))
    parser = _Parser(text)
    root = parser.expression(0, 0)
    if rest := parser.peek():
        message, hint = f"`{rest.text}` needs an operator before it", "add + - * or / before it"
        if rest.text == ")":
            message, hint = "this `)` has no matching `(`", "add the `(`, or remove the `)`"
        raise _wrong(message, hint, rest.column, len(rest.text))
    formula = Formula(text, root, unit)
    if not operands(formula):
        hint = "name the figures from which it is computed"
        raise _wrong("the formula names no figure", hint, root.column, root.end - root.column)
    return formula


class _Parser:
    """A precedence-climbing parser for one formula."""

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
            raise _wrong("the formula is incomplete", "add a figure or a number", end)
        self.at += 1
        if token.kind == "id":
            return FigureOperand(token.text, token.column, token.end)
        if token.kind == "number":
            unit = "%" if token.text.endswith("%") else ""
            return Number(Decimal(token.text.rstrip("%")), unit, token.column, token.end)
        if token.text != "(":
            message = f"`{token.text}` needs a value before it"
            raise _wrong(message, "add a figure or a number before it", token.column)
        if depth == MAX_DEPTH:
            message = f"parentheses are nested more than {MAX_DEPTH} levels deep"
            raise _wrong(message, "move a part of it to another derived figure", token.column)
        inside = self.expression(0, depth + 1)
        closing = self.peek()
        if closing is None or closing.text != ")":
            raise _wrong("this `(` is not closed", "add the `)`", token.column)
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
            hint = "put spaces around a minus sign, as in `a - b`; `a-b` is the id of one figure"
            raise _wrong("this could be a minus sign or a hyphen", hint, at + 1)
        tokens.append(_Token(str(found.lastgroup), found[0], at + 1))
        at = found.end()
    return tokens


def _not_a_token(text: str, at: int) -> MisreadAt:
    if meant := _MEANT.get(text[at]):
        return _wrong(f"`{text[at]}` is not an operator", f"write `{meant}`", at + 1)
    if word := re.compile(r"[0-9][0-9A-Za-z.,_]*").match(text, at):
        hint = "write up to 15 digits and 9 decimal places; declare a quantity as a figure"
        return _wrong(f"`{word[0]}` is not a number", hint, at + 1, len(word[0]))
    shown = text[at] if text[at].isprintable() else f"U+{ord(text[at]):04X}"
    hint = "use ids of figures, numbers, + - * / and parentheses"
    return _wrong(f"`{shown}` is not allowed in a formula", hint, at + 1)


def operands(formula: Formula) -> tuple[FigureOperand, ...]:
    """Return every reference to a figure, from left to right."""

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
        shown = circle if len(circle) <= _SHOWN else (*circle[: _SHOWN - 1], "…")
        message = f"figures are derived from each other: {' → '.join((*shown, circle[0]))}"
        hint = "give one of them a value"
        super().__init__("circular-formula", message, hint, column, width)
        self.circle = circle


def order(formulas: Mapping[str, Formula]) -> list[str]:
    """Return the derived figures, each after its operands.

    Raises Circle, whose place is in the formula of the first figure in the circle."""
    wanted = {
        name: sorted({o.id for o in operands(formulas[name])} & set(formulas))
        for name in sorted(formulas)
    }
    try:
        return list(TopologicalSorter(wanted).static_order())
    except CycleError as error:
        found = error.args[1][:0:-1]  # reversed, so that each is derived from the next
        first = found.index(min(found))
        circle = (*found[first:], *found[:first])
        follower = circle[1 % len(circle)]
        place = next(o for o in operands(formulas[circle[0]]) if o.id == follower)
        raise FormulaCircle(circle, place.column, len(follower)) from None
