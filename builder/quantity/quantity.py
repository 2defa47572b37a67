"""Quantities: their representation, written forms and comparison."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, NamedTuple

from msgspec import Struct

Bound = Literal["exact", "up to", "at least", "about", "more than", "less than"]


class Form(NamedTuple):
    """The written form of a number.

    `scale` is the power of ten; `places` is the number of decimal places at that scale."""

    scale: int
    places: int


class Quantity(Struct, frozen=True, array_like=True):
    """An exact quantity: one number, or a range.

    `low` and `high` have no scale; a percentage is stored as written (49 for 49%). Equal quantities
    print alike: `14bn USD` and `14000m USD` are not equal, but are the same amount
    (`same_amount`)."""

    low: Decimal
    high: Decimal
    unit: str
    bound: Bound
    low_form: Form
    high_form: Form

    @property
    def is_range(self) -> bool:
        return self.low != self.high

    @property
    def is_computed(self) -> bool:
        """Return whether it has more digits than its form displays.

        Only the result of a formula has."""
        ends = ((self.low, self.low_form), (self.high, self.high_form))
        return any(rounded(value, form) != value for value, form in ends)


WRITTEN_SCALE = {0: "", 3: "k", 6: "m", 9: "bn", 12: "tn"}


class Unit(NamedTuple):
    """The parts of a unit: `USD`, or `USD` per `hour`."""

    of: str
    per: str = ""


def unit_parts(unit: str) -> Unit:
    """Return the parts of the unit of a quantity."""
    of, _, per = unit.partition("/")
    return Unit(of, per)


def unit_key(unit: str) -> str:
    """Return a key that equal units share.

    `employee` and `Employees` are equal; `gw` and `GW` are not."""
    parts = []
    for part in unit.split("/"):
        key = unicodedata.normalize("NFC", part)
        # Case distinguishes symbols of physics, but not words.
        if re.fullmatch(r"[A-Z]{3,}s", key):
            key = key[:-1]
        elif len(key) > 3 and not key.isupper():
            key = key.casefold()
            key = key[:-1] if key.endswith("s") and not key.endswith("ss") else key
        parts.append(key)
    return "/".join(parts)


# --- exact numbers -----------------------------------------------------------------------------

_DIGITS = 80  # more than any number here has, so that nothing is rounded implicitly
_COMPUTED = 28  # significant digits of a quotient without a finite decimal form


def plain(value: Decimal) -> Decimal:
    """Return a number without exponent or trailing zeros.

    Equal numbers are then stored as equal bytes."""
    with localcontext(prec=_DIGITS):
        return Decimal(f"{value.normalize() if value else Decimal(0):f}")


def rounded(value: Decimal, form: Form) -> Decimal:
    """Return a number rounded to its displayed digits, half to even."""
    with localcontext(prec=_DIGITS):
        return value.quantize(Decimal(1).scaleb(form.scale - form.places))


def from_fraction(value: Fraction) -> Decimal:
    """Return a fraction as a decimal number.

    It is exact if possible, and otherwise rounded to 28 significant digits, half to even."""
    with localcontext(prec=_DIGITS):
        exact = Decimal(value.numerator) / value.denominator
        if Fraction(exact) == value:
            return plain(exact)
    with localcontext(prec=_COMPUTED):
        return plain(Decimal(value.numerator) / value.denominator)


# --- writing -----------------------------------------------------------------------------------


class Plain(NamedTuple):
    """A quantity for machines: exact numbers without scale, and the unit."""

    low: str
    high: str
    unit: str
    bound: Bound


def as_plain(quantity: Quantity) -> Plain:
    return Plain(f"{quantity.low:f}", f"{quantity.high:f}", quantity.unit, quantity.bound)


def at_scale(value: Decimal, form: Form) -> Decimal:
    """Return a number as written before its scale, rounded to its form."""
    with localcontext(prec=_DIGITS):
        return rounded(value, form).scaleb(-form.scale).quantize(Decimal(1).scaleb(-form.places))


def as_written(quantity: Quantity) -> str:
    """Return a quantity as an editor writes it.

    Parsing it again yields the same quantity. The result of a formula is rounded to its displayed
    digits."""
    low, high = quantity.low_form, quantity.high_form
    unit = quantity.unit if quantity.unit in ("%", "x") else f" {quantity.unit}"
    text = f"{at_scale(quantity.high, high):f}{WRITTEN_SCALE[high.scale]}{unit}"
    if quantity.is_range:
        first = f"{at_scale(quantity.low, low):f}{WRITTEN_SCALE[low.scale]}"
        # Without a unit of its own, the low end would take the scale of the high end.
        first += unit if high.scale and not low.scale else ""
        text = f"{first}..{text}"
    return text if quantity.bound == "exact" else f"{quantity.bound} {text}"


# --- comparing ---------------------------------------------------------------------------------


def same_amount(a: Quantity, b: Quantity) -> bool:
    """Return whether two amounts are equal at any scale.

    `14bn USD` and `14000m USD` are."""
    return (a.low, a.high, a.bound) == (b.low, b.high, b.bound) and (
        unit_key(a.unit) == unit_key(b.unit)
    )


class _Span(NamedTuple):
    """The interval of numbers that a quantity may mean; None is unbounded."""

    low: Decimal | None
    high: Decimal | None
    with_low: bool = True
    with_high: bool = True


def conflict(a: Quantity, b: Quantity) -> bool:
    """Return whether two quantities of one unit cannot both be true.

    Ranges that touch or overlap can both be true. `about` includes what rounds to the number: about
    14bn is 13.5bn to 14.5bn, and about 200 is 190 to 210 (see `vagueness`). The result of a formula
    is compared with the precision of the other quantity: 17.24…% agrees with 17.2%."""
    if unit_key(a.unit) != unit_key(b.unit):
        return False
    first, second = _span(a, _last_place(b)), _span(b, _last_place(a))
    return _before(first, second) or _before(second, first)


def _before(a: _Span, b: _Span) -> bool:
    """Return whether all of `a` is less than all of `b`."""
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and not (a.with_high and b.with_low))


def _span(quantity: Quantity, precision: Decimal) -> _Span:
    with localcontext(prec=_DIGITS):
        slack = precision / 2 if quantity.is_computed else Decimal(0)
        low, high = quantity.low - slack, quantity.high + slack
        if quantity.bound == "about":
            low = min(low, quantity.low - vagueness(quantity.low, quantity.low_form))
            high = max(high, quantity.high + vagueness(quantity.high, quantity.high_form))
    match quantity.bound:
        case "up to" | "less than":
            return _Span(None, high, with_high=quantity.bound == "up to")
        case "at least" | "more than":
            return _Span(low, None, with_low=quantity.bound == "at least")
    return _Span(low, high)


def _last_place(quantity: Quantity) -> Decimal:
    """Return one unit of the last displayed decimal place."""
    return max(
        Decimal(1).scaleb(form.scale - form.places)
        for form in (quantity.low_form, quantity.high_form)
    )


def vagueness(value: Decimal, form: Form) -> Decimal:
    """Return the largest distance of a number that rounds to `value`.

    This is half a unit of the last digit that is not a trailing zero, and at most a twentieth of
    the number."""
    shown = at_scale(value, form)
    zeros = 0 if form.places or not shown else int(plain(shown).normalize().as_tuple().exponent)
    unit = Decimal(1).scaleb(form.scale - form.places + zeros)
    return min(unit / 2, abs(value) / 20)
