"""The slug of a name, and the key that its spellings share."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, unquote

from builder.names.transliterate import to_ascii, without_marks
from builder.patterns import pattern

SlugStyle = Literal["ascii", "unicode"]  # `slugs` in site.yaml

_NOT_WORD = pattern(r"[^a-z0-9]+")
_APOSTROPHE = pattern("['’＇]")
_IGNORED = pattern(r"[\W_]+")

# Signs that tell names apart, as words: C, C++ and C#; Disney and Disney+.
_SIGNS = {"+": "plus", "%": "percent", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_ANY_SIGN = pattern(r"[&#*.+%$€£¥]")
_TAG = pattern(r"(?<!\w)[#$](?=[^\W\d])")  # a hashtag or a cashtag is the name itself
_SHARP = pattern(r"(?<=[^\W\d])#")
_STAR = pattern(r"(?<=\w)\*(?!\w)")  # Q*; in E*Trade it joins
_DOT = pattern(r"(?:^|(?<=\s))\.(?=[^\W\d])")  # .NET; in Node.js it joins
_BETWEEN_DIGITS = pattern(r"(?<=\d)[\s.,:;/'’_‐-―-]+(?=\d)")  # 3.5, 9/11
_TRADE_MARKS = str.maketrans(dict.fromkeys("™®©℠"))  # NFKC makes letters of some
_SHARPS = str.maketrans({"♯": "#"})
# Marks that are optional or decorative. Other marks are letters, such as the vowels of Hindi.
_OPTIONAL_MARKS = pattern(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
# Letters that are written for one another: hamza on alef, the yeh and kaf of Persian, and ё. The
# tatweel only widens a word.
_INTERCHANGED = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ё": "е",
        "ـ": "",
        "ı": "i",
    }
)
_KEPT = "\x01\x02\x03"  # a point between digits, a dot before a word, an asterisk after one
_PRINTED = str.maketrans({"\x01": ".", "\x02": ".", "\x03": "*", "ı": "i"})


@lru_cache(maxsize=65536)
def slugify(text: str, style: SlugStyle = "ascii") -> str:
    """Return the slug of a name.

    Examples are `Scale AI` -> `scale-ai`, `Báo Dân trí` -> `bao-dan-tri` and `谷歌` -> `gu-ge`; in
    Unicode, `báo-dân-trí` and `谷歌`. The slug is empty if there is no letter or digit."""
    if style == "unicode" and not text.isascii():
        return _in_any_script(text)
    return _NOT_WORD.sub("-", to_ascii(_APOSTROPHE.sub("", text).casefold())).strip("-")


# Characters without a shape of their own: soft hyphens, joiners within words, marks of direction.
_INVISIBLE = pattern("[\u00ad\u034f\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SEPARATOR = "-"


def _in_any_script(text: str) -> str:
    """Return a slug with the letters, vowel marks and digits of any script, in NFC."""
    plain = _INVISIBLE.sub("", _APOSTROPHE.sub("", text)).replace("&", " and ")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    folded = unicodedata.normalize("NFC", _OPTIONAL_MARKS.sub("", folded).replace("ـ", ""))
    found = ""
    for c in folded:
        if c.isalnum() or (found[-1:] not in ("", _SEPARATOR) and _is_mark(c)):
            found += c
        elif found[-1:] != _SEPARATOR:
            found += _SEPARATOR
    return found.strip(_SEPARATOR)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


def in_address(slug: str) -> str:
    """Return a slug or a fragment as addresses have it: percent-encoded."""
    return slug if slug.isascii() else quote(slug)


@lru_cache(maxsize=65536)
def page_address(folder: str, slug: str) -> str:
    """Return the address of a record's page: /companies/scale-ai/."""
    return f"/{folder}/{in_address(slug)}/"


def as_read(address: str) -> str:
    """Return an address of this site as people read it: decoded."""
    return unquote(address) if "%" in address else address


def in_nfc(text: str) -> str:
    """Return a text with its accents composed (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def shorten_slug(slug: str, most: int = 80) -> str:
    """Return as many whole words of a slug as fit.

    A letter outside ASCII counts as the bytes that it has in a file system, halved."""
    if _length(slug) <= most:
        return slug
    kept = 0
    while _length(slug[: kept + 1]) <= most:
        kept += 1
    head = slug[: kept + 1].rpartition("-")[0]
    if _length(head) > most // 2:
        return head
    while kept and _is_mark(slug[kept]):  # a mark belongs to the letter before it
        kept -= 1
    return slug[:kept].strip("-")


def _length(slug: str) -> int:
    return len(slug) if slug.isascii() else -(-len(slug.encode()) // 2)


@lru_cache(maxsize=65536)
def exact_slug(name: str, style: SlugStyle = "ascii") -> str:
    """Return the slug of a name with its signs as words.

    `C++` -> `c-plus-plus`, `C#` -> `c-sharp`, `.NET` -> `dot-net`; most names have none."""
    return slugify(spell_signs(fold(name)), style)


def slug_of_name(name: str, style: SlugStyle = "ascii") -> str:
    """Return the slug of a name, if possible with signs as words."""
    return exact_slug(name, style) or slugify(name, style)


@lru_cache(maxsize=65536)
def transliterated(name: str) -> str:
    """Return the key of a name in other letters, or nothing.

    Names with one slug, such as `José` and `Jose`, are spellings of one name; `谷歌` and `古格` are
    not."""
    is_latin = name.isascii() or without_marks(fold(name)).isascii()
    return "" if is_latin else name_key(name)


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
    plain = _OPTIONAL_MARKS.sub("", folded).translate(_INTERCHANGED)
    return "".join(c for c in plain if _is_kept(c))


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
_NEUTRAL = pattern("[\\s‐-―'’,_-]+")


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
