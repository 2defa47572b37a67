"""Parses quantities as editors write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from builder.diagnostics.misread import MisreadAt
from builder.names.suggest import did_you_mean
from builder.quantity.quantity import (
    WRITTEN_SCALE,
    Bound,
    Form,
    Quantity,
    plain,
)
from builder.quantity.units import CURRENCIES, FACTORS, read_scale, read_unit, symbol_hint

# Accepted spellings of each bound; `as_written` uses the names of the bounds.
_BOUNDS: dict[str, Bound] = {
    "up to": "up to", "at most": "up to", "no more than": "up to", "≤": "up to", "<=": "up to",
    "at least": "at least", "no less than": "at least", "≥": "at least", ">=": "at least",
    "about": "about", "around": "about", "approximately": "about", "roughly": "about",
    "circa": "about", "some": "about", "~": "about", "≈": "about",
    "more than": "more than", "over": "more than", "above": "more than", ">": "more than",
    "less than": "less than", "under": "less than", "below": "less than", "<": "less than",
}  # fmt: skip
_BOUND = re.compile(
    "|".join(
        re.escape(word).replace(r"\ ", r"\s+") + (r"(?![^\W\d_])" if word[0].isalpha() else "")
        for word in sorted(_BOUNDS, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
_VAGUE = {"nearly", "almost", "close to", "just under"}
MAX_TEXT = 120  # characters
MAX_WHOLE, MAX_PLACES = 15, 9  # digits before and after the point, as written
_EXAMPLE = "write a quantity such as `14bn USD`, `49%`, `3x` or `200 people`"


def _comma(match: re.Match[str]) -> tuple[str, str]:
    whole, *groups = re.split("[,.]", match[0])
    message = "a comma is ambiguous: it separates thousands or decimals, depending on the language"
    if len(groups) > 1 and match[0].count(".") == 0:
        return message, f"write `{' '.join([whole, *groups])}`"
    if len(groups) == 1 and len(groups[0]) == 3:
        small = f"{whole}.{groups[0]}".rstrip("0").rstrip(".")
        return message, f"write `{whole}{groups[0]}` or `{small}`, whichever you mean"
    return message, f"write `{whole}.{groups[0]}`" if len(groups) == 1 else "remove the comma"


def _hyphen(match: re.Match[str]) -> tuple[str, str]:
    return "a range is written with two dots", f"write `{match[1]}..{match[2]}`"


_BLANKS = "\t\u00a0\u202f"
_PLAIN = r"[0-9]+(?:[._][0-9]+)*"
# Patterns that are refused anywhere in a quantity, each with a function for message and hint.
_REFUSED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
    (
        re.compile(r"(?i)(?<!\w)[+-]?(?:nan|inf|infinity)(?!\w)|∞"),
        lambda m: (f"`{m[0]}` is not a number", _EXAMPLE),
    ),
    (
        re.compile(r"(?<!\w)[0-9.]+[eE][+-]?[0-9]+(?!\w)"),
        lambda m: (f"`{m[0]}` has an exponent", "write a scale, as in `14bn USD`"),
    ),
    (re.compile(r"[0-9]+(?:[,.][0-9]+)*,[0-9]+(?:[,.][0-9]+)*"), _comma),
    (
        re.compile(r"[0-9]+(?:\.[0-9]+){2,}"),
        lambda m: ("a number has at most one decimal point", f"write `{m[0].replace('.', ' ')}`"),
    ),
    (
        re.compile(rf"(?<![\w.])({_PLAIN}[a-z%]*)\s*[-–—]\s*({_PLAIN}[a-z%]*)"),
        _hyphen,
    ),
    (
        re.compile(r"(?<![\w.])[0-9]+[OolI][0-9OolI]*(?!\w)"),
        lambda m: (f"`{m[0]}` has a letter among its digits", "retype the digits"),
    ),
    (
        re.compile(rf"(?<![\w.])({_PLAIN}[a-z]*)\+"),
        lambda m: ("a plus sign does not state how much more", f"write `at least {m[1]}`"),
    ),
    (
        re.compile(r"\+[0-9]"),
        lambda m: ("a plus sign is not needed", f"write `{m[0][1:]}`"),
    ),
    (
        re.compile(r"(?<![\w.])\.[0-9]+"),
        lambda m: ("a number begins with a digit", f"write `0{m[0]}`"),
    ),
    (re.compile(r"\.{3,}|…"), lambda m: ("a range is written with two dots", "write `..`")),
)
_NUMBER = re.compile(r"[-−]?[0-9]+(?:[_ \u00a0\u202f]+[0-9]+)*(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([_ \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+")


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
    low, at = _read_side(text[:end], begin)
    if at == end:
        return _single(low, bound)
    high, at = _read_side(text[:end], at + 2)
    if at != end:
        raise _wrong("a range has two ends", "write a range such as `1bn..2bn USD`", at + 1, 2)
    if bound not in ("exact", "about"):
        message = f"`{bound}` cannot be combined with a range"
        raise _wrong(message, "remove one of them", bound_at + 1, begin - bound_at)
    return _range(low, high, bound)


def _refuse(text: str) -> None:
    for index, char in enumerate(text):
        if char.isnumeric() and not char.isascii() and not char.isalpha():
            value = unicodedata.numeric(char)
            hint = f"write `{value:.0f}`" if value == int(value) else "write it as a decimal number"
            raise _wrong(f"`{char}` is not a digit from 0 to 9", hint, index + 1)
        if unicodedata.category(char) == "Sc":
            raise _wrong(
                f"`{char}` stands for more than one currency", symbol_hint(char), index + 1
            )
        if not (char.isprintable() or char in _BLANKS):
            message = f"the character U+{ord(char):04X} is not allowed in a quantity"
            raise _wrong(message, "remove it", index + 1)
    for pattern, explain in _REFUSED:
        if found := pattern.search(text):
            message, hint = explain(found)
            raise _wrong(message, hint, found.start() + 1, len(found[0]))


def _read_side(text: str, begin: int) -> tuple[_Side, int]:
    """Return one side of a quantity, and the offset of its end.

    A side ends at `..` or at the end of the text."""
    stop = text.find("..", begin)
    stop = len(text) if stop < 0 else stop
    at = begin + len(text[begin:stop]) - len(text[begin:stop].lstrip())
    code, code_at = "", at
    if found := re.compile(r"([A-Z]{3})\s*(?=[-−0-9])").match(text, at, stop):
        code, at = read_unit(found[1], at + 1), found.end()
    number = _NUMBER.match(text, at, stop)
    if not number:
        raise _no_number(text, at, stop)
    value, places = _read_number(number[0], at + 1)
    after, rest = _behind(text, number.end(), stop)
    scale = None
    first = re.match(r"[^\W\d_]+", rest)
    if first:
        scale = read_scale(first[0], after + 1)
        if scale is not None:
            after, rest = _behind(text, after + first.end(), stop)
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
    side = _Side(value, places, scale, unit, unit_at + 1, bool(rest) and not code, begin + 1, end)
    return side, stop


def _behind(text: str, at: int, stop: int) -> tuple[int, str]:
    """Return the stripped text from `at` to `stop`, and its offset."""
    rest = text[at:stop]
    return at + len(rest) - len(rest.lstrip()), rest.strip()


def _no_number(text: str, at: int, stop: int) -> MisreadAt:
    rest = text[at:stop].strip()
    words = re.match(r"[^\W\d_]+(?:\s+[^\W\d_]+)?", rest)
    if not rest:
        what = "a range has two ends" if ".." in text else "the number is missing"
        hint = "write a range such as `1bn..2bn USD`" if ".." in text else _EXAMPLE
        return _wrong(what, hint, at + 1)
    if words and re.search(r"\d", rest[words.end() :]):
        for vague in (words[0], words[0].split()[0]):
            if vague.casefold() in _VAGUE:
                hint = "write `about` or `less than`"
                return _wrong(f"`{vague}` is not exact enough", hint, at + 1, len(vague))
        word = words[0].strip()
        hint = did_you_mean(word, [w for w in _BOUNDS if w[0].isalpha()] + sorted(CURRENCIES))
        hint = hint or "write only a currency, or words such as `up to`, before a number"
        return _wrong(f"`{word}` is not a known word here", hint, at + 1, len(word))
    return _wrong("the number is missing", _EXAMPLE, at + 1, len(rest))


def _read_number(text: str, column: int) -> tuple[Decimal, int]:
    sign, digits = ("-", text[1:]) if text[0] in "-−" else ("", text)
    whole, _, fraction = digits.partition(".")
    if not _GROUPED.fullmatch(whole):
        hint = "separate groups of three by one space or `_`: `14 000 000`"
        raise _wrong(f"the digits of `{text}` are not in groups of three", hint, column, len(text))
    grouped, whole = not whole.isdigit(), re.sub(r"\D", "", whole)
    if len(whole) > MAX_WHOLE or len(fraction) > MAX_PLACES:
        message = f"a number has at most {MAX_WHOLE} digits before the point and {MAX_PLACES} after"
        raise _wrong(message, "use a scale such as bn", column, len(text))
    if len(whole) > 1 and whole[0] == "0":
        raise _wrong("a number does not begin with 0", "remove the 0", column, len(text))
    if not grouped and whole != "0" and len(whole) <= 3 and re.fullmatch("[0-9]{2}0", fraction):
        short = f"{whole}.{fraction}".rstrip("0").rstrip(".")
        message = f"`{text}` could be thousands in some languages"
        hint = f"write `{sign}{short}` or `{sign}{whole}{fraction}`, whichever you mean"
        raise _wrong(message, hint, column, len(text))
    value = Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
    return (value if value else Decimal(0)), len(fraction)


def _need_unit(side: _Side, unit: str) -> None:
    if not unit:
        width = side.end - side.begin + 1
        hint = "add what is measured, as in `14bn USD`, `870m users` or `49%`"
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
