"""A formula and the values of its figures -> an exact quantity, and both in a reader's words.

Inside, numbers are fractions: what a formula gives is rounded only where its decimals never end
(`from_fraction`), and shown with as few as say it (`_places`). A range stands for every number in
it, so the result of ranges holds all that could come out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from builder.diagnostics.codes import Code
from builder.diagnostics.misread import MisreadAt
from builder.names.suggest import did_you_mean
from builder.quantity.formula import (
    FigureOperand,
    Formula,
    Node,
    Number,
    Operation,
)
from builder.quantity.quantity import (
    Bound,
    Form,
    Quantity,
    from_fraction,
    plain,
    unit_key,
    unit_parts,
)
from builder.quantity.units import CURRENCIES, FACTORS

_TOO_LARGE = 10**30


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
        raise MisreadAt("invalid-formula", message, hint, root.column, root.end - root.column)
    ends = from_fraction(value.low), from_fraction(value.high)
    scale = _scale(value)
    places = max(_places(plain(end.scaleb(-scale)), value.unit) for end in ends)
    form = Form(scale, places)
    return Quantity(*ends, value.unit, value.bound, form, form)


def _scale(value: _Value) -> int:
    """Where figures with a scale went in, the largest that leaves a digit before the point."""
    if value.unit in FACTORS or not value.scale:
        return 0
    size = max(abs(value.low), abs(value.high))
    return max((power for power in (3, 6, 9, 12) if size >= 10**power), default=0)


def _places(shown: Decimal, unit: str) -> int:
    """Decimal places: all where there are at most three, else two (one of a percentage), or as
    many as two digits of a small number need; none of what is counted by the hundred."""
    exact = max(0, -int(shown.as_tuple().exponent)) if shown else 0
    if exact <= 3:
        return exact
    parts = unit_parts(unit)
    if abs(shown) >= 100 and not parts.per and unit not in FACTORS and unit not in CURRENCIES:
        return 0  # nobody counts parts of people
    return min(max(1 if unit in FACTORS else 2, 1 - shown.adjusted()), exact, 9)


class _Computation:
    """One formula with the values of its figures."""

    def __init__(self, text: str, values: Mapping[str, Quantity]) -> None:
        self.text, self.values = text, values

    def compute(self, node: Node) -> _Value:
        match node:
            case FigureOperand():
                return self._figure(node)
            case Number(value=value, unit=unit):
                return _Value(Fraction(value), Fraction(value), unit, "exact", 0)
        left, right = self.compute(node.left), self.compute(node.right)
        unit, factor = self._unit(node, left, right)
        bound = self._bound(node, left, right)
        low, high = self._interval(node, left, right)
        return _Value(low * factor, high * factor, unit, bound, max(left.scale, right.scale))

    def _figure(self, node: FigureOperand) -> _Value:
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

    def _fail(self, code: Code, node: Node, message: str, hint: str) -> MisreadAt:
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
    # Of `GPU` and `GPUs` the plural.
    return (max(a, b, key=len), _ONE) if unit_key(a) == unit_key(b) else None


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
