"""Words and terms: what of a text can be found, and by which key.

The search script of a page (`templates/assets/`) has the same rules; `tests/search/words.tsv` has
cases that both must pass.

A word is stemmed as it is spelled, since accents are part of suffixes (`avaliação`), and its stem
is folded. Many readers type without accents, so a word with accents has a second term: the stem of
what it would be without them. A query has both terms too."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from builder.patterns import pattern
from builder.search.stem import Stem, stemmer

LONGEST = 32  # characters of a term
# Combining marks that belong to a word, besides letters and digits; whole blocks of scripts in
# which vowels are marks. (Python's `\w` has no marks.)
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0963"
    "\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u1000-\u1049\u1780-\u17d3\u3099\u309a"
)
# Scripts without spaces between words: Thai, Lao, Myanmar, Khmer, kana, Han.
UNSPACED = (
    "\u0e01-\u0e4e\u0e80-\u0ecd\u1000-\u1049\u1780-\u17d3\u3041-\u3096\u3099\u309a\u309d-\u30fa"
    "\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Points of Hebrew and Arabic, and the tatweel, which are optional.
POINTS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
# Letters that Unicode does not decompose, and two that are written interchangeably.
LETTERS = {
    "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "đ": "d", "ø": "o", "ł": "l", "ħ": "h",
    "ŧ": "t", "ŋ": "n", "ı": "i", "ς": "σ", "ё": "е", ",": "",
}  # fmt: skip

_LETTER = rf"(?:[^\W_]|[{MARKS}])"
_WORD = pattern(rf"[0-9]+(?:[.,][0-9]+)+{_LETTER}*|[a-z](?:\+\+|#)(?!{_LETTER})|{_LETTER}+")
# The same for ASCII: the one above takes longer to compile than to read a brief with it.
_ASCII_WORD = pattern(r"[0-9]+(?:[.,][0-9]+)+[a-z0-9]*|[a-z](?:\+\+|#)(?![a-z0-9])|[a-z0-9]+")
_RUNS = pattern(rf"([{UNSPACED}]+)")
# An accent on a Cyrillic letter makes another letter (й), except a stress.
_ACCENTS = pattern(rf"[\u0300\u0301{POINTS}]|(?<![\u0400-\u04ff])[\u0302-\u036f]")
_LETTERS = str.maketrans(LETTERS)
_UNSTEMMED = pattern(r"[0-9.+#]")
_SHORTEST = 3  # characters of a word that is stemmed
_DROPPED = "s"  # what is left of `OpenAI's`
_CAPACITY = 100_000  # cached words of a language; hostile texts have any number


def fold(word: str) -> str:
    """Return a lower-case word without accents and variants of letters."""
    if word.isascii():
        return word.replace(",", "")
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word).lower())
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def is_unspaced(text: str) -> bool:
    """Return whether a text begins in a script without spaces."""
    return not text.isascii() and _RUNS.match(text) is not None


def words(text: str) -> Iterator[str]:
    """Yield the folded words of a text, in order.

    A run of a script without spaces is split into pairs of characters."""
    return (word for word, _ in spelled_words(text))


def spelled_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a text, folded and as they are spelled."""
    expression = _ASCII_WORD if text.isascii() else _WORD
    for found in expression.findall(text.lower()):
        if found.isascii():
            word = fold(found)[:LONGEST]
            yield word, word
            continue
        folded = _WORD.findall(fold(found))
        parts = [part for word in folded for part in _parts(word)]
        if len(folded) == len(parts) == 1:
            yield parts[0], unicodedata.normalize("NFKC", found).lower()
        else:  # `½` becomes two words, a run of Chinese becomes pairs
            yield from ((part, part) for part in parts)


def _parts(word: str) -> Iterator[str]:
    for n, part in enumerate(_RUNS.split(word)):
        if n % 2 == 0:
            if part:
                yield part[:LONGEST]
        elif len(part) == 1:
            yield part
        else:
            yield from (part[at : at + 2] for at in range(len(part) - 1))


def terms(word: str, spelled: str, stem: Stem | None) -> Iterator[str]:
    """Yield the terms of a word.

    `word` is folded, `spelled` is as it is spelled."""
    if word == _DROPPED:
        return
    if stem is None or len(word) < _SHORTEST or _UNSTEMMED.search(word) or is_unspaced(word):
        yield word
        return
    bare = stem(word)[:LONGEST]
    if word != spelled and (accented := fold(stem(spelled))[:LONGEST]) not in ("", bare):
        yield accented
    yield bare


class Terms(dict[str, tuple[str, ...]]):
    """The terms of texts between white space in a language, each found once."""

    def __init__(self, language: str) -> None:
        self._stem = stemmer(language)

    def __missing__(self, text: str) -> tuple[str, ...]:
        if len(self) >= _CAPACITY:
            self.clear()
        found = tuple(
            term
            for word, spelled in spelled_words(text)
            for term in terms(word, spelled, self._stem)
        )
        self[text] = found
        return found
