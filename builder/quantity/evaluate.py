"""Evaluates formulas with the values of their figures.

Evaluation uses fractions. A result is rounded only if it has no finite decimal form
(`from_fraction`), and is displayed with few decimal places (`_places`). Ranges are intervals, so a
result contains every possible value."""

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
_BITS = 1000  # of a numerator or denominator: each multiplication can double their length


class _Value(NamedTuple):
    """The interval, unit and bound of a part of a formula.

    `scale` is the largest scale of its operands."""

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
    """Return the value of a formula.

    Raises MisreadAt, with the place in the formula."""
    value = _as_ratio(formula, _Computation(formula.text, values).compute(formula.root))
    if max(abs(value.low), abs(value.high)) >= _TOO_LARGE:
        root = formula.root
        message, hint = "the result is too large", "check the figures"
        raise MisreadAt("invalid-formula", message, hint, root.column, root.end - root.column)
    ends = from_fraction(value.low), from_fraction(value.high)
    scale = _scale(value)
    places = max(_places(plain(end.scaleb(-scale)), value.unit) for end in ends)
    form = Form(scale, places)
    return Quantity(*ends, value.unit, value.bound, form, form)


_RATIOS = {"": Fraction(1), "x": Fraction(1), "%": Fraction(100)}
_TIMES = 1000  # the percentage from which a quotient is printed as 10 times


def _as_ratio(formula: Formula, value: _Value) -> _Value:
    """Return the result of a formula in the unit of ratios that it asks for.

    Without one, a quotient of 1000% or more is in times, because nobody reads 2,053.2%."""
    root, unit = formula.root, formula.unit
    if not unit:
        is_quotient = isinstance(root, Operation) and root.operator == "/"
        if not (is_quotient and value.unit == "%" and value.low >= _TIMES):
            return value
        unit = "x"
    if value.unit not in _RATIOS:
        message = f"the result is not a ratio: its unit is {value.unit}"
        raise MisreadAt(
            "mixed-units", message, "remove `unit`", root.column, root.end - root.column
        )
    factor = _RATIOS[unit] / _RATIOS[value.unit]
    return value._replace(low=value.low * factor, high=value.high * factor, unit=unit)


def _scale(value: _Value) -> int:
    """Return the largest scale that leaves a digit before the point.

    It is 0 if no operand has a scale."""
    if value.unit in FACTORS or not value.scale:
        return 0
    size = max(abs(value.low), abs(value.high))
    return max((power for power in (3, 6, 9, 12) if size >= 10**power), default=0)


def _places(shown: Decimal, unit: str) -> int:
    """Return the number of decimal places to display.

    These are all if there are at most three; otherwise two (one of a percentage), or enough for two
    digits of a small number; and none for a hundred or more of something that is counted. A ratio
    in times has fewer: 20.5 times."""
    exact = max(0, -int(shown.as_tuple().exponent)) if shown else 0
    if unit == "x" and abs(shown) >= 1:
        return min(exact, 1 if abs(shown) >= 10 else 2)
    if exact <= 3:
        return exact
    parts = unit_parts(unit)
    if abs(shown) >= 100 and not parts.per and unit not in FACTORS and unit not in CURRENCIES:
        return 0  # a hundred people or more are counted in whole numbers
    return min(max(1 if unit in FACTORS else 2, 1 - shown.adjusted()), exact, 9)


class _Computation:
    """The evaluation of one formula."""

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
        low, high = (end * factor for end in self._interval(node, left, right))
        if any(
            max(e.numerator.bit_length(), e.denominator.bit_length()) > _BITS for e in (low, high)
        ):
            hint = "check the figures, or give the result as a figure of its own"
            raise self._fail("invalid-formula", node, "the result has too many digits", hint)
        return _Value(low, high, unit, bound, max(left.scale, right.scale))

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

    def _source(self, node: Node) -> str:
        return self.text[node.column - 1 : node.end - 1]

    def _fail(self, code: Code, node: Node, message: str, hint: str) -> MisreadAt:
        return MisreadAt(code, message, hint, node.column, node.end - node.column)

    def _unit(self, node: Operation, left: _Value, right: _Value) -> tuple[str, Fraction]:
        """Return the unit of a result, and the factor for it."""
        a, b = left.unit, right.unit
        found = {"*": _product, "/": _quotient}.get(node.operator, _sum)(a, b)
        if found:
            return found
        hint = "use the same unit on both sides"
        if node.operator in "+-" and {a, b} == {"", "%"}:
            hint = "write `100%` for the whole"
        elif a in CURRENCIES and b in CURRENCIES:
            hint = f"use {a} for both, or {b}"
        sides = ((node.left, a), (node.right, b))
        what = [f"`{self._source(part)}` is {unit or 'a plain number'}" for part, unit in sides]
        raise self._fail("mixed-units", node, f"the units do not match: {', '.join(what)}", hint)

    def _bound(self, node: Operation, left: _Value, right: _Value) -> Bound:
        """Return the bound of a result.

        `up to 5 + up to 6` is up to 11; `up to 5 - up to 6` could be anything, and is refused."""
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
        message = f"`{left.bound}` and `{right.bound}` cannot be combined here"
        raise self._fail("invalid-formula", node, message, "use a range, such as `1bn..2bn USD`")

    def _interval(self, node: Operation, a: _Value, b: _Value) -> tuple[Fraction, Fraction]:
        if node.operator == "+":
            return a.low + b.low, a.high + b.high
        if node.operator == "-":
            return a.low - b.high, a.high - b.low
        low, high = b.low, b.high
        if node.operator == "/":
            if low <= 0 <= high:
                verb = "is" if low == high else "may be"
                message = f"division by zero: `{self._source(node.right)}` {verb} zero"
                hint = "check the divisor"
                raise self._fail("division-by-zero", node.right, message, hint)
            low, high = 1 / high, 1 / low
        products = [x * y for x in (a.low, a.high) for y in (low, high)]
        return min(products), max(products)


_Unit = tuple[str, Fraction]
_ONE, _HUNDREDTH = Fraction(1), Fraction(1, 100)


def _sum(a: str, b: str) -> _Unit | None:
    # The longer of `GPU` and `GPUs` is the plural.
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
