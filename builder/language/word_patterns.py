"""Words of lexicons -> regular expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from builder.language.lexicon import Lexicon, lexicons
from builder.patterns import pattern

Item = TypeVar("Item")

_UNSPACED = pattern("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u9fff]")  # Thai, kana, Han
NEVER = "(?!)"  # matches nothing
_APOSTROPHES = ("'", "’")
_NOTATION = {
    ord(sign): pattern
    for sign, pattern in (
        *((apostrophe, "['’]") for apostrophe in _APOSTROPHES),
        *(("*", r"\w*"), ("(", "(?:"), (")", ")?"), (".", r"\b\.?")),
    )
}


def of_all(pick: Callable[[Lexicon], Iterable[Item]]) -> list[Item]:
    """Return what `pick` returns for each lexicon, together and each once."""
    items: list[Item] = []
    for lexicon in lexicons().values():
        items += (item for item in pick(lexicon) if item not in items)
    return items


def expression(word: str, space: str = " ") -> str:
    """Return the regular expression for a word of a lexicon.

    `space` is the expression for a space in it."""
    return word.translate(_NOTATION).replace(" ", space)


def one_of(words: Iterable[str], space: str = " ") -> str:
    """Return an expression with the words as alternatives, without a group."""
    return "|".join(expression(word, space) for word in words) or NEVER


def whole(words: Iterable[str], space: str = " ") -> str:
    """Return an expression for any of some words as whole words.

    An elided one, such as `n'`, may run into the next word, and words of a script without spaces
    have no bounds."""
    words = [*words]
    elided = [word for word in words if is_elided(word)]
    unspaced = [word for word in words if _UNSPACED.match(word)]
    bounded = [word for word in words if word not in elided and word not in unspaced]
    found = rf"\b(?:{one_of(bounded, space)})\b"
    if elided:
        found = rf"{found}|\b(?:{one_of(elided, space)})"
    return f"{found}|{one_of(unspaced, space)}" if unspaced else found


def is_elided(word: str) -> bool:
    """Return whether a word ends in an apostrophe, as `d'` does."""
    return word.endswith(_APOSTROPHES)
