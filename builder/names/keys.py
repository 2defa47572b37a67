"""The slug of a name, and the key that its spellings share."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_IGNORED = re.compile(r"[\W_]+")

# Signs that tell names apart, as words: C, C++ and C#; Disney and Disney+.
_SIGNS = {"+": "plus", "%": "percent", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_ANY_SIGN = re.compile(r"[&#*.+%$€£¥]")
_TAG = re.compile(r"(?<!\w)[#$](?=[^\W\d])")  # a hashtag or a cashtag is the name itself
_SHARP = re.compile(r"(?<=[^\W\d])#")
_STAR = re.compile(r"(?<=\w)\*(?!\w)")  # Q*; in E*Trade it joins
_DOT = re.compile(r"(?:^|(?<=\s))\.(?=[^\W\d])")  # .NET; in Node.js it joins
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.,:;/'’_‐-―-]+(?=\d)")  # 3.5, 9/11
_TRADE_MARKS = str.maketrans(dict.fromkeys("™®©℠"))  # NFKC makes letters of some
_SHARPS = str.maketrans({"♯": "#"})
# Marks that are optional or decorative. Other marks are letters, such as the vowels of Hindi.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
# Latin letters that Unicode does not decompose, as they are spelt in ASCII.
_LATIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t",
     "ŋ": "n", "ı": "i", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ə": "a", "ɛ": "e",
     "ɔ": "o", "&": " and "}
)  # fmt: skip
_KEPT = "\x01\x02\x03"  # a point between digits, a dot before a word, an asterisk after one
_PRINTED = str.maketrans({"\x01": ".", "\x02": ".", "\x03": "*", "ı": "i"})


@lru_cache(maxsize=65536)
def slugify(text: str) -> str:
    """Return the slug of a name.

    Examples are `Scale AI` -> `scale-ai` and `Báo Dân trí` -> `bao-dan-tri`. The slug is empty if
    no letter or digit has an ASCII form."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    ascii_text = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LATIN)
    return _NOT_WORD.sub("-", re.sub(r"['’]", "", ascii_text)).strip("-")


@lru_cache(maxsize=65536)
def exact_slug(name: str) -> str:
    """Return the slug of a name with its signs as words.

    `C++` -> `c-plus-plus`, `C#` -> `c-sharp`, `.NET` -> `dot-net`; most names have none."""
    return slugify(spell_signs(fold(name)))


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return the key that spellings of one name share.

    It is NFKC with case folded, without spaces and punctuation, except for what tells names apart:
    signs such as `+` and `#`, and the point between digits."""
    folded = fold(name)
    if not _ANY_SIGN.search(folded) and not _BETWEEN_DIGITS.search(folded):
        return (_IGNORED.sub("", folded) if folded.isascii() else _letters(folded)) or folded
    text = _TAG.sub("", folded).replace("&", "and")
    text = _STAR.sub("\x03", _DOT.sub("\x02", _BETWEEN_DIGITS.sub("\x01", text)))
    return _letters(text).translate(_PRINTED) or folded


def _letters(folded: str) -> str:
    """Return the letters, digits and distinguishing signs of a text."""
    return "".join(c for c in _OPTIONAL_MARKS.sub("", folded) if _is_kept(c)).replace("ı", "i")


def _is_kept(c: str) -> bool:
    if c.isalnum() or c in _SIGNS or c == "#" or c in _KEPT:
        return True
    return unicodedata.category(c) in ("Mn", "Mc")


def fold(name: str) -> str:
    """Return a name in NFKC with case folded, without trade mark signs."""
    if name.isascii():
        return name.casefold()
    plain = name.translate(_TRADE_MARKS).translate(_SHARPS)
    return unicodedata.normalize("NFKC", plain).casefold()


def signs_of(name: str) -> str:
    """Return the signs of a name that tell it apart, in order."""
    return "".join(c for c in name_key(name) if c in _SIGNS or c in "#*")


# Differences that never tell names apart, besides capitals.
_NEUTRAL = re.compile("[\\s‐-―'’,_-]+")


def plain_spelling(name: str) -> str:
    """Return a name without capitals, spaces, hyphens, apostrophes and commas."""
    return _NEUTRAL.sub("", name).casefold()


def spell_signs(folded: str) -> str:
    """Return a folded name with `&` and its distinguishing signs as words."""
    if not _ANY_SIGN.search(folded):
        return folded
    text = _TAG.sub("", folded).replace("&", " and ")
    text = _STAR.sub(" star ", _DOT.sub(" dot ", text))
    text = _SHARP.sub(" sharp ", text).replace("#", " number ")
    for sign, word in _SIGNS.items():
        text = text.replace(sign, f" {word} ")
    return text
