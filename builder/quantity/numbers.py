"""Reads a number with its decimal and thousands separators, or says what is unclear."""

from __future__ import annotations

import re
from decimal import Decimal

from builder.diagnostics.misread import MisreadAt
from builder.patterns import pattern

MAX_WHOLE, MAX_PLACES = 15, 9  # digits before and after the point, as written
_BLANKS = r"_ \u00a0\u202f'’"
NUMBER = pattern(rf"[-−–+]?[0-9]+(?:[{_BLANKS}]+[0-9]+)*(?:[.,][0-9]+)*")
_GROUPED = pattern(rf"[0-9]{{1,3}}(?:([{_BLANKS}])[0-9]{{3}})(?:\1[0-9]{{3}})*|[0-9]+")


def read_number(text: str, column: int) -> tuple[Decimal, int]:
    """Return a number and its decimal places.

    The text matches NUMBER. Raises MisreadAt if it is ambiguous or misgrouped."""
    negative = text[0] in "-−–"
    sign, digits = "-" if negative else "", text.lstrip("-−–+")
    whole, fraction = _split(digits, sign, text, column)
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
        raise _ambiguous(text, sign, whole, fraction, column)
    value = Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
    return (value if value else Decimal(0)), len(fraction)


def _split(digits: str, sign: str, text: str, column: int) -> tuple[str, str]:
    """Return the digits before and after the decimal separator.

    Thousands separators become spaces. `1,200.5` and `1.200,5` are clear, and so are `1,200,000`,
    `22,1` and `1,000`; but `1,200` may be 1200 or 1.2."""
    first, *rest = re.split("[.,]", digits)
    marks = re.findall("[.,]", digits)
    if marks == [","] and rest == ["000"] and len(first) <= 3 and first != "0":
        return f"{first} 000", ""  # nobody writes three decimals that are zero
    if marks == [","] and len(rest[0]) == 3 and re.fullmatch("[1-9][0-9]{0,2}", first):
        raise _ambiguous(text, sign, first, rest[0], column)
    if len(marks) <= 1:
        return first, "".join(rest)
    decimal = marks[-1] != marks[-2]
    groups, fraction = (rest[:-1], rest[-1]) if decimal else (rest, "")
    if len({*marks[: len(groups)]}) > 1 or not first.isdigit():
        first = "?"  # no way to group digits
    return " ".join([first, *groups]), fraction


def _ambiguous(text: str, sign: str, whole: str, fraction: str, column: int) -> MisreadAt:
    short = f"{whole}.{fraction}".rstrip("0").rstrip(".")
    message = f"`{text}` could be thousands or decimals, depending on the language"
    hint = f"write `{sign}{whole}{fraction}` or `{sign}{short}`, whichever you mean"
    return _wrong(message, hint, column, len(text))


def _wrong(message: str, hint: str, column: int, width: int) -> MisreadAt:
    return MisreadAt("invalid-quantity", message, hint, column, width)
