"""Parses quantities as editors write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from builder.diagnostics.misread import MisreadAt
from builder.names.suggest import did_you_mean
from builder.patterns import pattern
from builder.quantity.numbers import NUMBER, read_number
from builder.quantity.quantity import (
    WRITTEN_SCALE,
    Bound,
    Form,
    Quantity,
    plain,
)
from builder.quantity.units import (
    CURRENCIES,
    FACTORS,
    SIGNS,
    read_scale,
    read_unit,
    sign_hint,
    unclear_unit,
)
from builder.quantity.vague import digits_for

# Accepted spellings of each bound; `as_written` uses the names of the bounds.
_BOUNDS: dict[str, Bound] = {
    "up to": "up to", "at most": "up to", "no more than": "up to", "≤": "up to", "<=": "up to",
    "at least": "at least", "no less than": "at least", "≥": "at least", ">=": "at least",
    "about": "about", "around": "about", "approximately": "about", "roughly": "about",
    "circa": "about", "some": "about", "ca.": "about", "approx.": "about", "~": "about",
    "≈": "about", "as much as": "up to", "as many as": "up to",
    "more than": "more than", "over": "more than", "above": "more than", ">": "more than",
    "less than": "less than", "under": "less than", "below": "less than", "<": "less than",
}  # fmt: skip
_BOUND = pattern(
    "|".join(
        re.escape(word).replace(r"\ ", r"\s+") + (r"(?![^\W\d_])" if word[0].isalpha() else "")
        for word in sorted(_BOUNDS, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
_VAGUE = {"nearly", "almost", "close to", "just under"}
MAX_TEXT = 120  # characters
_EXAMPLE = "write a quantity such as `14bn USD`, `49%`, `3x` or `200 people`"


_BLANKS = "\t\u00a0\u202f"
_PLAIN = r"[0-9]+(?:[._][0-9]+)*"
# Patterns that are refused anywhere in a quantity, each with a function for message and hint.
_REFUSED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
    (
        pattern(r"(?i)(?<!\w)[+-]?(?:nan|inf|infinity)(?!\w)|∞"),
        lambda m: (f"`{m[0]}` is not a number", _EXAMPLE),
    ),
    (
        pattern(r"(?<!\w)[0-9.]+[eE][+-]?[0-9]+(?!\w)"),
        lambda m: (f"`{m[0]}` has an exponent", "write a scale, as in `14bn USD`"),
    ),
    (
        pattern(r"(?<![\w.])[0-9]+[OolI][0-9OolI]*(?!\w)"),
        lambda m: (f"`{m[0]}` has a letter among its digits", "retype the digits"),
    ),
    (
        pattern(rf"(?<![\w.])({_PLAIN}[a-z]*)\+"),
        lambda m: ("a plus sign does not state how much more", f"write `at least {m[1]}`"),
    ),
    (
        pattern(r"(?<![\w.,])\.[0-9]+"),
        lambda m: ("a number begins with a digit", f"write `0{m[0]}`"),
    ),
    (pattern(r"\.{3,}|…"), lambda m: ("a range is written with two dots", "write `..`")),
)
_SIGN = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
_CODE = "|".join((*sorted(CURRENCIES), "RMB"))
_LEAD = rf"(?P<minus>[-−–+]?)(?:(?P<code>[A-Z]{{3}})\s*|(?P<sign>{_SIGN})\s*)"
_LEADING = pattern(rf"{_LEAD}(?=[-−–+0-9])")
# A range may also be written `10–12bn USD`, `$10bn to $12bn` or `between 10 and 12bn USD`: only
# directly between two numbers, since `GPT-4 users` are not a range.
_BETWEEN = pattern(r"(?:between|from)\s+(?=\S)", re.IGNORECASE)
_DASHED = pattern(
    rf"\s*(?:[-−–+]?(?:(?:{_CODE})\s*|{_SIGN})\s*)?{NUMBER.pattern}"
    rf"(?:\s?(?i:k|m|b|t|mn|bn|tn|mln|mld|mrd|mio|thousand|[mbtr]+illion|miljoen|miljard))?"
    rf"(?:\s?(?:%|x|pp|{_SIGN}|{_CODE}))?"
    rf"(?P<to>\s*[-–—−]\s*|\s+(?i:to|and)\s+)(?=[-−–]?(?:(?:{_CODE})\s*|{_SIGN})?\s*[0-9])"
)


class _Side(NamedTuple):
    """One number of a quantity, with its scale and unit.

    Positions are columns, from 1."""

    number: Decimal
    places: int
    scale: int | None
    unit: str
    unit_at: int
    unit_behind: bool
    begin: int
    end: int


def _wrong(message: str, hint: str, column: int, width: int = 1) -> MisreadAt:
    return MisreadAt("invalid-quantity", message, hint, column, width)


def parse_quantity(text: str) -> Quantity:
    """Parse a quantity.

    Raises MisreadAt, with the place in the text."""
    begin = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if begin >= end:
        raise MisreadAt("empty-value", "the value is empty", _EXAMPLE, 1, len(text))
    if end - begin > MAX_TEXT:
        message = f"the value has {end - begin} characters; the limit is {MAX_TEXT}"
        raise _wrong(message, _EXAMPLE, begin + 1, end - begin)
    _refuse(text[:end])
    bound: Bound = "exact"
    bound_at = begin
    if found := _BOUND.match(text, begin):
        bound = _BOUNDS[" ".join(found[0].casefold().split())]
        begin = found.end()
    text, between = text[:end], _BETWEEN.match(text, begin)
    stop, start = _split(text, between.end() if between else begin)
    low = _read_side(text, between.end() if between and start else begin, stop)
    if not start:
        return _single(low, bound)
    high = _read_side(text, start, end)
    if bound not in ("exact", "about"):
        message = f"`{bound}` cannot be combined with a range"
        raise _wrong(message, "remove one of them", bound_at + 1, begin - bound_at)
    return _range(low, high, bound)


def _split(text: str, begin: int) -> tuple[int, int]:
    """Return the end of the first number, and the beginning of the second, or 0."""
    at = text.find("..", begin)
    if at >= 0:
        again = text.find("..", at + 2)
        if again >= 0:
            hint = "write a range such as `1bn..2bn USD`"
            raise _wrong("a range has two ends", hint, again + 1, 2)
        return at, at + 2
    found = _DASHED.match(text, begin)
    return found.span("to") if found else (len(text), 0)


def _refuse(text: str) -> None:
    for index, char in enumerate(text):
        if char.isnumeric() and not char.isascii() and not char.isalpha():
            value = unicodedata.numeric(char)
            exact = value * 1000 == int(value * 1000)
            hint = f"write `{value:g}`" if exact else "write it as a decimal number"
            raise _wrong(f"`{char}` is not a digit from 0 to 9", hint, index + 1)
        if unicodedata.category(char) == "Sc" and char not in SIGNS:
            message = f"`{char}` stands for more than one currency"
            raise _wrong(message, sign_hint(char), index + 1)
        if not (char.isprintable() or char in _BLANKS):
            message = f"the character U+{ord(char):04X} is not allowed in a quantity"
            raise _wrong(message, "remove it", index + 1)
    for refused, explain in _REFUSED:
        if found := refused.search(text):
            message, hint = explain(found)
            raise _wrong(message, hint, found.start() + 1, len(found[0]))


def _read_side(text: str, begin: int, stop: int) -> _Side:
    """Return one side of a quantity."""
    at = begin + len(text[begin:stop]) - len(text[begin:stop].lstrip())
    code, code_at, minus = "", at, ""
    if found := _LEADING.match(text, at, stop):
        code = SIGNS[found["sign"]] if found["sign"] else read_unit(found["code"], at + 1)
        at, minus = found.end(), found["minus"]
    number = NUMBER.match(text, at, stop)
    if not number:
        raise _no_number(text, at, stop)
    if minus and not number[0][0].isdigit():
        raise _wrong("a number has only one sign", "remove one", at + 1)
    value, places = read_number(number[0], at + 1)
    value = -value if minus and minus != "+" and value else value
    after, rest = _behind(text, number.end(), stop)
    scale = None
    first = re.match(r"[^\W\d_]+", rest)
    if first:
        scale = read_scale(first[0], after + 1)
        if scale is not None:
            dot = rest[first.end() : first.end() + 1] == "."  # of an abbreviation, such as `mln.`
            after, rest = _behind(text, after + first.end() + dot, stop)
            again = re.match(r"[^\W\d_]+", rest)
            if again and read_scale(again[0], after + 1) is not None:
                raise _wrong("a number has only one scale", "remove one", after + 1, again.end())
    unit, unit_at = (code, code_at) if code else ("", after)
    if code and re.match(r"/|per\s", rest):
        unit = read_unit(f"{code}{'' if rest[0] == '/' else ' '}{rest}", after + 1 - len(code))
    elif code and rest:
        message = f"`{code}` and `{rest}` are two units"
        raise _wrong(message, "remove one of them", after + 1, len(rest))
    elif rest:
        unit = read_unit(rest, after + 1)
    end = after + len(rest)
    if scale is not None and unit in FACTORS:
        raise _wrong(f"`{unit}` does not take a scale", "write the whole number", at + 1, end - at)
    return _Side(value, places, scale, unit, unit_at + 1, bool(rest) and not code, begin + 1, end)


def _behind(text: str, at: int, stop: int) -> tuple[int, str]:
    """Return the stripped text from `at` to `stop`, and its offset."""
    rest = text[at:stop]
    return at + len(rest) - len(rest.lstrip()), rest.strip()


def _no_number(text: str, at: int, stop: int) -> MisreadAt:
    rest = text[at:stop].strip()
    if meant := digits_for(rest):
        message, hint = f"`{meant[0]}` is not a number in digits", f"write {meant[1]}"
        return _wrong(message, hint, at + 1, len(meant[0]))
    words = re.match(r"[^\W\d_]+(?:\s+[^\W\d_]+)?", rest)
    if not rest:
        what = "a range has two ends" if ".." in text else "the number is missing"
        hint = "write a range such as `1bn..2bn USD`" if ".." in text else _EXAMPLE
        return _wrong(what, hint, at + 1)
    if words and re.search(r"\d", rest[words.end() :]):
        if unclear := unclear_unit(words[0].split()[0], at + 1):
            return unclear
        for vague in (words[0], words[0].split()[0]):
            if vague.casefold() in _VAGUE:
                hint = "write `about` or `less than`"
                return _wrong(f"`{vague}` is not exact enough", hint, at + 1, len(vague))
        word = words[0].strip()
        hint = did_you_mean(word, [w for w in _BOUNDS if w[0].isalpha()] + sorted(CURRENCIES))
        hint = hint or "write only a currency, or words such as `up to`, before a number"
        return _wrong(f"`{word}` is not a known word here", hint, at + 1, len(word))
    return _wrong("the number is missing", _EXAMPLE, at + 1, len(rest))


def _need_unit(side: _Side, unit: str) -> None:
    if not unit:
        width = side.end - side.begin + 1
        number = f"{side.number:f}{WRITTEN_SCALE[side.scale or 0]}"
        hint = f"add what is measured, as in `{number} USD` or `{number} users`"
        if not side.scale:
            hint += f", or `{number}%`"
        raise _wrong("the number has no unit", hint, side.begin, width)


def _single(side: _Side, bound: Bound) -> Quantity:
    _need_unit(side, side.unit)
    form = Form(side.scale or 0, side.places)
    value = plain(side.number.scaleb(form.scale))
    return Quantity(value, value, side.unit, bound, form, form)


def _range(low: _Side, high: _Side, bound: Bound) -> Quantity:
    unit = high.unit or low.unit
    _need_unit(high, unit)
    if low.unit and high.unit and low.unit != high.unit:
        message = f"a range from {low.unit} to {high.unit} mixes units"
        hint = "use the same unit for both ends"
        raise MisreadAt("mixed-units", message, hint, high.unit_at, len(high.unit))
    # `1..2bn USD` begins at 1bn; `500 USD..2bn USD` does not begin at 500bn.
    shared = low.scale is None and not low.unit_behind
    scale = (high.scale if shared else low.scale) or 0
    if scale and unit in FACTORS:
        raise _wrong(f"`{unit}` does not take a scale", "write the whole number", low.begin)
    forms = Form(scale, low.places), Form(high.scale or 0, high.places)
    values = [
        plain(side.number.scaleb(form.scale)) for side, form in zip((low, high), forms, strict=True)
    ]
    if values[0] >= values[1]:
        same = values[0] == values[1]
        message = "both ends of the range are the same" if same else "the range runs backwards"
        hint = "write the number once" if same else "write the smaller number first"
        if shared and high.scale:
            hint += f"; the scale `{WRITTEN_SCALE[high.scale]}` applies to both"
        raise _wrong(message, hint, low.begin, high.end - low.begin + 1)
    return Quantity(values[0], values[1], unit, bound, *forms)
