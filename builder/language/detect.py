"""A few words -> the language that they are evidently in, where that is not the one expected.

No library fits: those that are small guess at a line of five words, and those that do not guess
bring tens of megabytes, or numpy, and half a second. Here it is enough to tell Vietnamese on a
Dutch page: the words that a language cannot do without, letters that only it has, and silence
where it is not evident."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from builder.language.lexicon import DetectionWords, detections, lexicon

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 4  # words; of fewer nothing is said
_FEWEST_LETTERS = 8  # of an alphabet without capitals or spaces


def name_of(language: str) -> str:
    """Return the English name of a language, or its tag."""
    return lexicon(language).name or language


def _detection(language: str) -> DetectionWords:
    return detections().get(language.partition("-")[0].casefold(), DetectionWords())


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(_detection(language).common)


@cache
def _known() -> tuple[str, ...]:
    """Return the languages whose common words are known."""
    return tuple(tag for tag, known in detections().items() if known.common)


@cache
def _only(language: str) -> frozenset[str]:
    """Those that no other of the languages has: one of them, and no more has to be asked."""
    others = (_common(other) for other in _known() if other != language)
    return _common(language).difference(*others)


@cache
def _letters(language: str) -> re.Pattern[str] | None:
    """Return an expression for the letters that no other language of its alphabet has."""
    letters = _detection(language).letters
    return re.compile(f"[{re.escape(letters)}]") if letters else None


@cache
def _writers() -> dict[str, list[str]]:
    """Return the languages of each alphabet but the Latin one; the presumed one comes first."""
    writers: dict[str, list[str]] = {}
    for tag, known in detections().items():
        for alphabet in known.alphabets:
            others = writers.setdefault(alphabet, [])
            others.insert(0 if known.presumed else len(others), tag)
    return writers


@cache
def _decisive() -> dict[str, str]:
    """Return alphabets whose every letter proves the language, each with its language."""
    known = detections().items()
    return {alphabet: tag for tag, one in known for alphabet in one.decisive_alphabets}


def evident_language(text: str, expected: str, names: Iterable[str] = ()) -> str:
    """Return the language of a text that is evidently not as expected.

    Otherwise return nothing. Words in `names` are ignored."""
    expected = expected.partition("-")[0].casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if (found := _by_alphabet(text, expected)) is not None:
            return found
    words, only = _WORD.findall(text.casefold()), _only(expected)
    if len(words) < _FEWEST or not only or not only.isdisjoint(words):
        return ""
    own = {word for name in names for word in _WORD.findall(name.casefold())}
    return _by_words([word for word in words if word not in own], expected)


_SAMPLE = 20_000  # characters of a long text


def language_of(text: str) -> str:
    """Return the language of a text, or nothing if it is unclear.

    A text has several sentences."""
    text = unicodedata.normalize("NFC", text[:_SAMPLE])
    if (found := _by_alphabet(text, "")) is not None:
        return found
    words = _WORD.findall(text.casefold())
    hits = {name: _share(words, name) for name in _known()}
    best, second = sorted(hits, key=lambda name: -hits[name])[:2]
    clear = hits[best] >= _LEAST_SHARE * len(words) and hits[best] >= hits[second] * _CLEARLY
    return best if clear and len(words) >= _FEWEST_OF_TEXT else ""


_FEWEST_OF_TEXT = 20  # words
_LEAST_SHARE = 0.12  # of all words are common ones
_CLEARLY = 1.15  # times as many as of the next language


def _share(words: list[str], language: str) -> int:
    """Return how many words are common ones of a language, or have letters of its own."""
    common, letters = _common(language), _letters(language)
    return sum(
        word in common or (letters is not None and letters.search(word) is not None)
        for word in words
    )


def _by_words(words: list[str], expected: str) -> str:
    """The language that words are evidently in; nothing where one of them is the expected one's."""
    found = {name: _hits(words, name, expected) for name in _known() if name != expected}
    best = max(found, key=lambda name: found[name])
    hits = found[best]
    # A third of the words, or a quarter of many: `Mistral sells Le Chat, La Plateforme` has two.
    enough = hits >= 2 and hits * (3 if hits == 2 else 4) >= len(words) >= _FEWEST
    alone = [*found.values()].count(hits) == 1
    return best if enough and alone and not _hits(words, expected, best) else ""


def _hits(words: list[str], language: str, other: str) -> int:
    """How many words are a language's and not another's."""
    letters = _letters(language)
    return sum(
        (word in _common(language) and word not in _common(other))
        or (letters is not None and letters.search(word) is not None)
        for word in words
    )


def _by_alphabet(text: str, expected: str) -> str | None:
    """The language, where its alphabet tells it; nothing where the alphabet is one of the expected
    language's; None where it is the Latin one."""
    letters = Counter(
        unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()
    )
    found = {name: letters[name] for name in (*_writers(), *_decisive()) if letters[name]}
    if sum(found.values()) * 2 <= sum(letters.values()):
        return None
    if proof := next((name for name in found if name in _decisive()), None):
        spoken = [_decisive()[proof]]
    else:
        spoken = _writers()[max(found, key=lambda name: found[name])]
    known = expected in spoken or sum(found.values()) < _FEWEST_LETTERS
    return "" if known else spoken[0]
