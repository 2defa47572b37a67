"""Answers amounts in words with the digits to write."""

from __future__ import annotations

import re

from builder.patterns import pattern
from builder.quantity.units import PEOPLE

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_LARGE = {"hundred": "00", "thousand": "k", "million": "m", "billion": "bn", "trillion": "tn"}
_PLURAL = {"dozens": "24", "tens": "20"} | {
    f"{word}s": f"2{scale}" for word, scale in _LARGE.items()
}
_WORDS = pattern(
    rf"(?P<lead>half )?(?:a |an )?(?:few |couple of |several )?"
    rf"(?:(?P<plural>{'|'.join(_PLURAL)})(?: of (?P<of>{'|'.join(_LARGE)})s)?"
    rf"|(?P<large>{'|'.join(_LARGE)})"
    rf"|(?P<small>{'|'.join(_SMALL)})(?: (?P<scale>{'|'.join(_LARGE)}))?)\b",
    re.IGNORECASE,
)
_SEVERAL = pattern(r"(?:a )?(?:few|couple|several)\b", re.IGNORECASE)


def digits_for(text: str) -> tuple[str, str] | None:
    """Return an amount in words, and how to write it.

    For `a dozen people` these are `a dozen` and `` `12 people` ``. None for any other text."""
    found = _WORDS.match(" ".join(text.split()))
    if not found:
        return None
    part = {name: (word or "").casefold() for name, word in found.groupdict().items()}
    rest = " ".join(text.split())[found.end() :].strip().removeprefix("of ") or PEOPLE
    if part["plural"] or _SEVERAL.match(found[0]):
        least = _PLURAL.get(part["plural"]) or f"2{_LARGE.get(part['large'], '')}"
        least += _LARGE.get(part["of"], "")
        return found[0], f"the least that it means: `at least {least} {rest}`"
    if part["large"]:
        number = "0.5" if part["lead"] else "1"
        scale = _LARGE[part["large"]]
        number = {"0.500": "50", "100": "100"}.get(number + scale, number + scale)
    else:
        number = f"{_SMALL[part['small']]}{_LARGE.get(part['scale'], '')}"
        number = "6" if part["lead"] and part["small"] == "dozen" else number
    return found[0], f"`{number} {rest}`, or `about {number} {rest}` if it is not exact"
