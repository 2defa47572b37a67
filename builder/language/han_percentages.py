"""Finds percentages as Chinese and Japanese write them in words: 百分之49, 百分之五十, 5割."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from builder.patterns import pattern

_DIGITS = {digit: n for n, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_ONES = "".join(_DIGITS)
_NUMERAL = f"[{_ONES}十百千]"
_PERCENT = pattern(
    rf"(?:百分之|百分の)\s?(?:(?P<digits>[0-9]+(?:\.[0-9]+)?)|(?P<words>{_NUMERAL}+(?:[点點][{_ONES}]+)?))"
)
# Tenths: 5割, 三割五分. A discount (割引) and other words that begin so are none.
_TENTHS = pattern(
    rf"(?<![0-9.{_ONES}十])(?P<tenths>10|[0-9](?:\.[0-9])?|[{_ONES}十])割(?:(?P<more>[0-9{_ONES}])分)?(?![引りれらるっ合愛])"
)


def han_percentages(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Yield the start, the end and the value of each percentage."""
    if "百分" in text:
        for found in _PERCENT.finditer(text):
            value = found["digits"] and Decimal(found["digits"])
            yield found.start(), found.end(), value or _value(found["words"] or "")
    if "割" in text:
        for found in _TENTHS.finditer(text):
            more = _value(found["more"]) if found["more"] else Decimal(0)
            yield found.start(), found.end(), _value(found["tenths"]).scaleb(1) + more


def _value(numeral: str) -> Decimal:
    """Return the value of a numeral: 四十九, 一百, 十二点五, or of digits."""
    if re.fullmatch(r"[0-9.]+", numeral):
        return Decimal(numeral)
    whole, _, fraction = numeral.replace("點", "点").partition("点")
    total, last = 0, 0
    for character in whole:
        if character in _DIGITS:
            last = last * 10 + _DIGITS[character]
        else:
            total += (last or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            last = 0
    decimals = "".join(str(_DIGITS[character]) for character in fraction)
    return Decimal(f"{total + last}.{decimals}" if decimals else total + last)
