"""An amount of something: how it is kept, written by an editor and by a machine, and compared."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, NamedTuple

from msgspec import Struct

Bound = Literal["exact", "up to", "at least", "about", "more than", "less than"]


class Form(NamedTuple):
    """How a number is written: the power of ten of its scale, and its decimal places there."""

    scale: int
    places: int


class Quantity(Struct, frozen=True, array_like=True):
    """An amount of something: one number, or a range. `low` and `high` are exact and without
    scale; a percentage is kept as it is written (49 for 49%). Two that are equal are also printed
    alike: `14bn USD` and `14000m USD` are not equal, but the same amount (`same_amount`)."""

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
        """Whether it has more digits than are shown, which only a formula can give."""
        ends = ((self.low, self.low_form), (self.high, self.high_form))
        return any(rounded(value, form) != value for value, form in ends)


WRITTEN_SCALE = {0: "", 3: "k", 6: "m", 9: "bn", 12: "tn"}


class Unit(NamedTuple):
    """What is measured, and for each of what: `USD`, or `USD` for each `hour`."""

    of: str
    per: str = ""


def unit_parts(unit: str) -> Unit:
    """A unit as it is kept in a quantity, taken apart."""
    of, _, per = unit.partition("/")
    return Unit(of, per)


def unit_key(unit: str) -> str:
    """Units with the same key are one: `employee` and `Employees`; but `gw` is not `GW`."""
    parts = []
    for part in unit.split("/"):
        key = unicodedata.normalize("NFC", part)
        # Signs of physics differ by their case; words do not.
        if re.fullmatch(r"[A-Z]{3,}s", key):
            key = key[:-1]
        elif len(key) > 3 and not key.isupper():
            key = key.casefold()
            key = key[:-1] if key.endswith("s") and not key.endswith("ss") else key
        parts.append(key)
    return "/".join(parts)


# --- exact numbers -----------------------------------------------------------------------------

_DIGITS = 80  # more than any number here has, so that nothing is rounded unasked
_COMPUTED = 28  # significant digits of a quotient that never ends


def plain(value: Decimal) -> Decimal:
    """A number without an exponent or idle zeros: equal numbers are stored as equal bytes."""
    with localcontext(prec=_DIGITS):
        return Decimal(f"{value.normalize() if value else Decimal(0):f}")


def rounded(value: Decimal, form: Form) -> Decimal:
    """A number as it is shown in a form, half to even; without scale."""
    with localcontext(prec=_DIGITS):
        return value.quantize(Decimal(1).scaleb(form.scale - form.places))


def from_fraction(value: Fraction) -> Decimal:
    """Exact where the decimals end, else to 28 significant digits, half to even."""
    with localcontext(prec=_DIGITS):
        exact = Decimal(value.numerator) / value.denominator
        if Fraction(exact) == value:
            return plain(exact)
    with localcontext(prec=_COMPUTED):
        return plain(Decimal(value.numerator) / value.denominator)


# --- write -------------------------------------------------------------------------------------


class Plain(NamedTuple):
    """A quantity for machines: exact decimal numbers without scale, and the unit apart."""

    low: str
    high: str
    unit: str
    bound: Bound


def as_plain(quantity: Quantity) -> Plain:
    return Plain(f"{quantity.low:f}", f"{quantity.high:f}", quantity.unit, quantity.bound)


def at_scale(value: Decimal, form: Form) -> Decimal:
    """A number as it is written in front of its scale, with the decimal places of its form."""
    with localcontext(prec=_DIGITS):
        return rounded(value, form).scaleb(-form.scale).quantize(Decimal(1).scaleb(-form.places))


def as_written(quantity: Quantity) -> str:
    """As an editor writes it; what was written is read again as the same quantity. What a formula
    gave is written as far as it is shown."""
    low, high = quantity.low_form, quantity.high_form
    unit = quantity.unit if quantity.unit in ("%", "x") else f" {quantity.unit}"
    text = f"{at_scale(quantity.high, high):f}{WRITTEN_SCALE[high.scale]}{unit}"
    if quantity.is_range:
        first = f"{at_scale(quantity.low, low):f}{WRITTEN_SCALE[low.scale]}"
        # Without a unit of its own it would take the scale of the other end.
        first += unit if high.scale and not low.scale else ""
        text = f"{first}..{text}"
    return text if quantity.bound == "exact" else f"{quantity.bound} {text}"


# --- compare -----------------------------------------------------------------------------------


def same_amount(a: Quantity, b: Quantity) -> bool:
    """Whether two say the same, in whatever scale: `14bn USD` and `14000m USD`."""
    return (a.low, a.high, a.bound) == (b.low, b.high, b.bound) and (
        unit_key(a.unit) == unit_key(b.unit)
    )


class _Span(NamedTuple):
    """The numbers that a quantity may mean; None is without end."""

    low: Decimal | None
    high: Decimal | None
    with_low: bool = True
    with_high: bool = True


def conflict(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities of one unit cannot both be true. Ranges that touch or overlap can.

    `about` stands for what rounds to it: half a unit of the last digit that is not an idle zero,
    yet never more than a twentieth: about 14bn is 13.5bn to 14.5bn, about 200 is 190 to 210. What a
    formula gave is compared as precisely as the other is written: 17.24…% agrees with 17.2%."""
    if unit_key(a.unit) != unit_key(b.unit):
        return False
    first, second = _span(a, _last_place(b)), _span(b, _last_place(a))
    return _before(first, second) or _before(second, first)


def _before(a: _Span, b: _Span) -> bool:
    """Whether all of `a` is less than all of `b`."""
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
    """One unit of the last decimal place that is shown."""
    return max(
        Decimal(1).scaleb(form.scale - form.places)
        for form in (quantity.low_form, quantity.high_form)
    )


def vagueness(value: Decimal, form: Form) -> Decimal:
    """How far what rounds to a number may be from it: half a unit of the last digit that is not an
    idle zero, yet never more than a twentieth."""
    shown = at_scale(value, form)
    idle = 0 if form.places or not shown else int(plain(shown).normalize().as_tuple().exponent)
    unit = Decimal(1).scaleb(form.scale - form.places + idle)
    return min(unit / 2, abs(value) / 20)
