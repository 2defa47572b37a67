"""Transliterates names into the letters a to z, for addresses.

Latin letters only lose their marks. Other scripts go through the tables of `anyascii`, with what a
table by character cannot know: syllables of Han, the sounds of kana, the vowels of India."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from builder.patterns import pattern

# Latin letters that Unicode does not decompose, as they are spelt in ASCII.
LATIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t",
     "ŋ": "n", "ı": "i", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ə": "a", "ɛ": "e",
     "ɔ": "o", "&": " and "}
)  # fmt: skip
# Scripts whose words touch those of others, and those whose letters depend on their neighbours.
_RUN = pattern(
    "(?P<han>[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
    "|(?P<kana>[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff]+)"
    "|(?P<hangul>[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]+)"
    "|(?P<unspaced>[\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u1049\u1780-\u17d3]+)"
    "|(?P<india>[\u0900-\u0963\u0966-\u0dff]+)"
)
_NOT_LETTER = pattern("[^a-z0-9]+")
_MODIFIERS = range(0x2B0, 0x300)  # Latin ones: they separate, as in Hawaiʻi


def to_ascii(folded: str) -> str:
    """Return a text with case folded in ASCII.

    What has no letter in ASCII stays as it is, or becomes a hyphen."""
    bare = without_marks(folded)
    if bare.isascii():
        return bare
    text = unicodedata.normalize("NFKC", folded)
    found: list[str] = []
    at = 0
    for run in _RUN.finditer(text):
        found += map(_letter, text[at : run.start()])
        found.append(f"-{_SCRIPTS[run.lastgroup or ''](run[0])}-")
        at = run.end()
    return "".join((*found, *map(_letter, text[at:])))


def without_marks(text: str) -> str:
    """Return a folded text with the plain forms of Latin letters."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(LATIN)


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    if (bare := without_marks(character)).isascii():
        return bare
    if ord(character) in _MODIFIERS or unicodedata.category(character)[0] not in "LMN":
        return "-"
    return _table(character)


@lru_cache(maxsize=16384)
def _table(character: str) -> str:
    from anyascii import anyascii

    return _NOT_LETTER.sub("", anyascii(character).lower())


def _han(text: str) -> str:
    """Return the syllables: `谷歌` -> `gu-ge`."""
    return "-".join(map(_table, re.sub(r"(.)々", r"\1\1", text)))


_SMALL = frozenset("ゃゅょャュョ")
_VOWELS = frozenset("ぁぃぅぇぉァィゥェォ")
_STOPS = frozenset("っッ")


def _kana(text: str) -> str:
    """Return kana by their sounds: `しゃ` -> `sha`, `ティ` -> `ti`, `ッカ` -> `kka`."""
    found = ""
    doubled = False
    for kana in text:
        if kana in _STOPS:
            doubled = True
            continue
        sound = _table(kana)
        if kana in _SMALL and found.endswith("i"):
            found = found[:-1] + (sound[1:] if found.endswith(("shi", "chi", "ji")) else sound)
        elif kana in _VOWELS and found[-2:-1].isalpha() and found[-2:-1] not in "aiueon":
            found = found[:-1] + sound
        else:
            found += sound[:1] * doubled + sound
        doubled = False
    return found


def _india(text: str) -> str:
    """Return letters with the vowel that a consonant has without a sign: `कंपनी` -> `kampani`.

    The nine scripts have their letters at the same places of blocks of 128."""
    found = []
    for at, character in enumerate(text):
        found.append(_table(character))
        after = ord(text[at + 1]) & 0x7F if at + 1 < len(text) else -1
        if after == 0x3C and at + 2 < len(text):  # the nukta
            after = ord(text[at + 2]) & 0x7F
        consonant = 0x15 <= ord(character) & 0x7F <= 0x39 or 0x58 <= ord(character) & 0x7F <= 0x5F
        if consonant and after != -1 and not 0x3E <= after <= 0x4D:
            found.append("a")
    return "".join(found)


def _whole(text: str) -> str:
    return "".join(map(_table, text))


_SCRIPTS = {"han": _han, "kana": _kana, "hangul": _whole, "unspaced": _whole, "india": _india}
