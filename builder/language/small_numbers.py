"""Small whole numbers as prose spells them."""

from __future__ import annotations

_ENGLISH = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def spelled(number: int, language: str) -> str | int:
    """Return a small number in English words, or the number itself.

    Other languages use digits here, since number words agree with what is counted."""
    english = language.split("-")[0] == "en"
    return _ENGLISH[number] if english and 0 <= number < len(_ENGLISH) else number
