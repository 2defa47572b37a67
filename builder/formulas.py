"""A formula over figures -> an exact quantity, and the formula in a reader's words.

Inside, numbers are fractions: what a formula gives is rounded only where its decimals never end
(`from_fraction`), and shown with as few as say it (`_places`). A range stands for every number in
it, so the result of ranges holds all that could come out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from msgspec import Struct

from builder.amounts import print_quantity
from builder.measures import Bound, Form, Quantity, from_fraction, unit_key, unit_parts
from builder.names import did_you_mean
from builder.units import CURRENCIES, FACTORS, MisreadAt

MAX_TEXT, MAX_DEPTH = 200, 20  # characters; parentheses in each other
_TOO_LARGE = 10**30


class Figure(Struct, frozen=True, tag=True):
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
    left: Figure | Number | Operation
    right: Figure | Number | Operation
    column: int
    end: int


Node = Figure | Number | Operation


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
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


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
        while (token := self.peek()) and _STRENGTH.get(token.text, 0) > strength:
            self.at += 1
            right = self.expression(_STRENGTH[token.text], depth)
            left = Operation(token.text, left, right, left.column, right.end)
        return left

    def operand(self, depth: int) -> Node:
        token = self.peek()
        if token is None:
            end = len(self.text.rstrip()) + 1
            raise _wrong("the formula ends too early", "name a figure or a number", end)
        self.at += 1
        if token.kind == "id":
            return Figure(token.text, token.column, token.end)
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


def operands(formula: Formula) -> tuple[Figure, ...]:
    """Every figure that it names, from left to right, each time that it is named."""

    def below(node: Node) -> tuple[Figure, ...]:
        match node:
            case Figure():
                return (node,)
            case Operation(left=left, right=right):
                return below(left) + below(right)
        return ()

    return below(formula.root)


class Circle(MisreadAt):
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
        raise Circle(circle, place.column, len(follower)) from None


# --- compute -----------------------------------------------------------------------------------


class _Value(NamedTuple):
    """All that a part of a formula may be, and the largest scale that went into it."""

    low: Fraction
    high: Fraction
    unit: str
    bound: Bound
    scale: int

    @property
    def is_open(self) -> bool:
        return self.bound not in ("exact", "about")


_MIRRORED: dict[Bound, Bound] = {
    "exact": "exact", "about": "about", "up to": "at least", "at least": "up to",
    "less than": "more than", "more than": "less than",
}  # fmt: skip
_WEAKER: dict[frozenset[Bound], Bound] = {
    frozenset(("up to", "less than")): "less than",
    frozenset(("at least", "more than")): "more than",
}


def evaluate(formula: Formula, values: Mapping[str, Quantity]) -> Quantity:
    """Raises MisreadAt, which says where in the formula."""
    value = _Computation(formula.text, values).compute(formula.root)
    if max(abs(value.low), abs(value.high)) >= _TOO_LARGE:
        root = formula.root
        message, hint = "the result is too large to mean anything", "check the figures"
        raise _wrong(message, hint, root.column, root.end - root.column)
    ends = from_fraction(value.low), from_fraction(value.high)
    scale = _scale(value)
    places = [_places(end.scaleb(-scale), value.unit) for end in ends]
    low, high = (Form(scale, max(places)) for _ in ends)
    return Quantity(*ends, value.unit, value.bound, low, high)


def _scale(value: _Value) -> int:
    """Where figures with a scale went in, the largest that leaves a digit before the point."""
    if value.unit in FACTORS or not value.scale:
        return 0
    size = max(abs(value.low), abs(value.high))
    return max((power for power in (3, 6, 9, 12) if size >= 10**power), default=0)


def _places(shown: Decimal, unit: str) -> int:
    """Decimal places: all where there are at most three, else two (one of a percentage), or as
    many as two digits of a small number need."""
    exact = max(0, -int(shown.as_tuple().exponent)) if shown else 0
    if exact <= 3:
        return exact
    return min(max(1 if unit in FACTORS else 2, 1 - shown.adjusted()), exact, 9)


class _Computation:
    """One formula with the values of its figures."""

    def __init__(self, text: str, values: Mapping[str, Quantity]) -> None:
        self.text, self.values = text, values

    def compute(self, node: Node) -> _Value:
        match node:
            case Figure():
                return self._figure(node)
            case Number(value=value, unit=unit):
                return _Value(Fraction(value), Fraction(value), unit, "exact", 0)
        left, right = self.compute(node.left), self.compute(node.right)
        unit, factor = self._unit(node, left, right)
        bound = self._bound(node, left, right)
        low, high = self._interval(node, left, right)
        return _Value(low * factor, high * factor, unit, bound, max(left.scale, right.scale))

    def _figure(self, node: Figure) -> _Value:
        if quantity := self.values.get(node.id):
            scale = max(quantity.low_form.scale, quantity.high_form.scale)
            low, high = Fraction(quantity.low), Fraction(quantity.high)
            return _Value(low, high, quantity.unit, quantity.bound, scale)
        hint = did_you_mean(node.id, sorted(self.values))
        for dash in re.finditer("-", node.id):
            first, second = node.id[: dash.start()], node.id[dash.end() :]
            if first in self.values and second in self.values:
                hint = f"to subtract, write `{first} - {second}`"
        message = f"there is no figure `{node.id}`"
        raise MisreadAt("unknown-figure", message, hint, node.column, len(node.id))

    def _said(self, node: Node) -> str:
        return self.text[node.column - 1 : node.end - 1]

    def _fail(self, code: str, node: Node, message: str, hint: str) -> MisreadAt:
        return MisreadAt(code, message, hint, node.column, node.end - node.column)

    def _unit(self, node: Operation, left: _Value, right: _Value) -> tuple[str, Fraction]:
        """The unit of a result, and what to multiply it by for that unit."""
        a, b = left.unit, right.unit
        found = {"*": _product, "/": _quotient}.get(node.operator, _sum)(a, b)
        if found:
            return found
        hint = "both sides need the same unit"
        if node.operator in "+-" and {a, b} == {"", "%"}:
            hint = "write `100%` for the whole"
        elif a in CURRENCIES and b in CURRENCIES:
            hint = f"state both in {a}, or in {b}"
        sides = ((node.left, a), (node.right, b))
        what = [f"`{self._said(part)}` is {unit or 'a mere number'}" for part, unit in sides]
        raise self._fail("mixed-units", node, f"units do not fit: {', '.join(what)}", hint)

    def _bound(self, node: Operation, left: _Value, right: _Value) -> Bound:
        """`up to 5 + up to 6` is up to 11; `up to 5 - up to 6` is anything, and refused."""
        a = left.bound
        b = _MIRRORED[right.bound] if node.operator in "-/" else right.bound
        ranges = left.low != left.high or right.low != right.high
        signs = node.operator in "*/" and min(left.low, right.low) <= 0
        if (left.is_open or right.is_open) and (ranges or signs):
            found = None
        elif "exact" in (a, b):
            found = b if a == "exact" else a
        else:
            found = a if a == b else _WEAKER.get(frozenset((a, b)))
        if found:
            return found
        message = f"nothing follows from `{left.bound}` and `{right.bound}` here"
        raise self._fail("invalid-formula", node, message, "give a range, as in `1bn..2bn USD`")

    def _interval(self, node: Operation, a: _Value, b: _Value) -> tuple[Fraction, Fraction]:
        if node.operator == "+":
            return a.low + b.low, a.high + b.high
        if node.operator == "-":
            return a.low - b.high, a.high - b.low
        low, high = b.low, b.high
        if node.operator == "/":
            if low <= 0 <= high:
                message = f"`{self._said(node.right)}` {'is' if low == high else 'may be'} zero"
                hint = "nothing can be divided by zero"
                raise self._fail("division-by-zero", node.right, message, hint)
            low, high = 1 / high, 1 / low
        products = [x * y for x in (a.low, a.high) for y in (low, high)]
        return min(products), max(products)


_Unit = tuple[str, Fraction]
_ONE, _HUNDREDTH = Fraction(1), Fraction(1, 100)


def _sum(a: str, b: str) -> _Unit | None:
    return (a, _ONE) if unit_key(a) == unit_key(b) else None


def _product(a: str, b: str) -> _Unit | None:
    if "" in (a, b):
        return a or b, _ONE
    if "%" in (a, b):
        return (b if a == "%" else a), _HUNDREDTH
    if "x" in (a, b):
        return (b if a == "x" else a), _ONE
    for rate, count in ((unit_parts(a), b), (unit_parts(b), a)):
        if rate.per and unit_key(rate.per) == unit_key(count):
            return rate.of, _ONE
    return None


def _quotient(a: str, b: str) -> _Unit | None:
    if not b:
        return a, _ONE
    if unit_key(a) == unit_key(b):
        return "%", Fraction(100)
    if b == "%":
        return a or "x", Fraction(100)
    if b == "x":
        return a or "x", _ONE
    if a in CURRENCIES and b not in CURRENCIES and b not in FACTORS and "/" not in b:
        return f"{a}/{b}", _ONE
    return None


# --- show --------------------------------------------------------------------------------------

_PRINTED = {"*": "×", "/": "÷", "+": "+", "-": "−"}


def shown(formula: Formula, values: Mapping[str, Quantity], language: str) -> str:
    """For a reader: $150 million ÷ $870 million = 17.2%."""

    def words(node: Node, around: int) -> str:
        match node:
            case Figure():
                return print_quantity(values[node.id], language)
            case Number(value=value, unit=unit):
                form = Form(0, max(0, -int(value.as_tuple().exponent)))
                return print_quantity(Quantity(value, value, unit, "exact", form, form), language)
        strength = _STRENGTH[node.operator]
        left = words(node.left, strength - 1)
        text = f"{left} {_PRINTED[node.operator]} {words(node.right, strength)}"
        return f"({text})" if strength <= around else text

    result = evaluate(formula, values)
    return f"{words(formula.root, 0)} = {print_quantity(result, language)}"
