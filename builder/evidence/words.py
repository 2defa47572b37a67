"""Whether a text has some words, whatever its typography."""

from __future__ import annotations

import re
import unicodedata

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# What stays between digits, where it makes another number: 14.8, 14,8, 5-10, 10:30, 1/2. Each is
# marked by a character of its own until all others are removed.
_IN_NUMBER = re.compile(rf"(?<=\d)([.,:/]|[{re.escape(_DASHES)}])(?=\d)")
_MARKS = dict(zip(".,:/", "\ue000\ue001\ue002\ue003", strict=True))
_DASH = "\ue004"
_OMISSION = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*")
_KEPT = "%‰+=§°#"


class _Folding(dict[int, str | None]):
    """What each character becomes: itself, or nothing."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        # Signs of currencies; vowels and accents that are characters of their own.
        stays = sign.isalnum() or sign in _KEPT or unicodedata.category(sign) in ("Sc", "Mn", "Mc")
        found = self[code] = sign if stays else None
        return found


_FOLDING = _Folding({ord(mark): sign for sign, mark in _MARKS.items()} | {ord(_DASH): "-"})


def fold(text: str) -> str:
    """Return a text without case, spaces, punctuation and hyphenation.

    Letters, digits, and the signs that change a number or an amount remain."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFC", text)
    text = _IN_NUMBER.sub(lambda match: _MARKS.get(match[1], _DASH), text)
    return text.translate(_FOLDING)


def parts_of(words: str) -> tuple[str, ...]:
    """Return the folded parts of words, between the marks of omissions."""
    return tuple(part for part in map(fold, _OMISSION.split(words)) if part)


def has_words(folded: str, words: str) -> bool:
    """Return whether a folded text has words, their parts in order."""
    at = 0
    for part in parts_of(words):
        found = folded.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
