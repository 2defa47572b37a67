"""Finds names in texts of any script, with spaces between words or without."""

from __future__ import annotations

from builder.patterns import pattern

# What a text has instead of the spaces, hyphens and letters of a name: one character for each.
_PLAIN: dict[int, str | int] = {ord(space): " " for space in "\n\u00a0\u2007\u2009\u202f\u3000"}
_PLAIN |= {ord("’"): "'", ord("\u2011"): "-"}
_PLAIN |= {n: n - 0xFEE0 for n in range(0xFF01, 0xFF5F)}  # full width

_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"
# Scripts without spaces between words, and Hangul, in which particles follow a name at once.
_OPEN = (
    f"\u0e01-\u0e4e\u0e80-\u0ecd\u1000-\u1049\u1780-\u17d3\u3005-\u3007\u3041-\u3096{_KATAKANA}"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_IS_OPEN = pattern(f"[{_OPEN}]")
# What a name may touch, if `is_mention` agrees: what else is a letter or a digit bounds no name.
TOUCHED = f"{_OPEN}\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3"
_IS_KATAKANA = pattern(f"[{_KATAKANA}]")
_IS_HANGUL = pattern("[\uac00-\ud7a3]")
_IS_SEMITIC = pattern("[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3]")
# Marks that belong to the letter before them: vowels and tones of Thai, Lao, Khmer and Burmese.
_IS_MARK = pattern(
    "[\u0e31\u0e33-\u0e3a\u0e45\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3]"
)
_PARTICLES = pattern(
    "(?:은|는|이|가|을|를|의|에|와|과|도|로|만|으로|에서|에게|에는|에도|까지|부터|보다|처럼|측|측은|사)"
    "(?![\uac00-\ud7a3])"
)
# `and`, `in`, `for`, `with`, `as`, which Arabic and Hebrew write at the beginning of a word. A
# short name behind one may be another word.
_PREFIXES = frozenset("وفبلكובלמשכה")
_LONG_ENOUGH = 4


def plain_text(text: str) -> str:
    """Return a text as names are written, at the same offsets.

    Spaces that do not break, typographic apostrophes and full-width letters become plain."""
    return text.replace("\n", " ") if text.isascii() else text.translate(_PLAIN)


def find_name(text: str, name: str, start: int = 0) -> int:
    """Return the offset of a name's next mention, or -1.

    A mention is a whole word, as far as the script of the text has words."""
    while (at := text.find(name, start)) >= 0:
        if is_mention(text, at, name):
            break
        start = at + 1
    return at


def has_unspaced(text: str) -> bool:
    """Return whether a text has letters of a script without spaces."""
    return not text.isascii() and _IS_OPEN.search(text) is not None


def is_mention(text: str, at: int, name: str) -> bool:
    """Return whether a name at an offset is a whole word."""
    return _begins(text, at, name) and _ends(text, at + len(name), name)


def _begins(text: str, at: int, name: str) -> bool:
    if not at or not _is_word(before := text[at - 1]):
        return True
    if before.isascii() and name[0].isascii():
        return False
    if _touch(before, name[0]):
        return True
    return (
        len(name) >= _LONG_ENOUGH
        and before in _PREFIXES
        and _IS_SEMITIC.match(name) is not None
        and (at == 1 or not _is_word(text[at - 2]))
    )


def _ends(text: str, end: int, name: str) -> bool:
    if end >= len(text) or not (_is_word(after := text[end]) or _IS_MARK.match(after)):
        return True
    if after.isascii() and name[-1].isascii():
        return False
    if _IS_HANGUL.match(after) and _IS_HANGUL.match(name[-1]):
        return _PARTICLES.match(text, end) is not None
    return not _IS_MARK.match(after) and _touch(name[-1], after)


def _touch(one: str, other: str) -> bool:
    """Return whether a word may end, and the next begin, between two letters."""
    if _IS_SEMITIC.match(one) or _IS_SEMITIC.match(other):
        return one.isascii() or other.isascii() or "ـ" in (one, other)
    if _IS_KATAKANA.match(one) and _IS_KATAKANA.match(other):
        return False
    if _IS_HANGUL.match(one) and _IS_HANGUL.match(other):
        return False
    return bool(_IS_OPEN.match(one) or _IS_OPEN.match(other))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
