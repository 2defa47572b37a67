"""Normalises names for comparison.

Differences between spellings are folded away; digits and versions, which distinguish names, are
kept separately."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from builder.names.keys import fold, name_key, spell_signs
from builder.patterns import pattern

NameKind = Literal["topics", "people", "companies", "publishers"]

# Lower-case letters of other alphabets that look like Latin ones (Unicode TR 39).
LOOKS = str.maketrans("авеіјкмнорсѕтухԁԛԝαεικνορτυχ", "abeijkmhopcstyxdqwaeikvoptux")
# Latin letters without a canonical decomposition.
_LATIN = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Marks that spellings leave out: accents of Latin and Greek letters, the stress of Cyrillic ones,
# points of Hebrew and Arabic, the nukta of India. Others make another letter: й, ガ.
_ACCENTS = pattern(
    "[\u0300\u0301\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c]"
    "|(?<![\u0400-\u04ff])[\u0302-\u036f]"
)
_INTERCHANGED = str.maketrans({"ё": "е", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا"})
# Katakana of foreign names: エヌヴィディア or エヌビディア, コンピューター or コンピュータ.
_VU_AS_BU = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ"}
_VU = pattern("ヴ[ァィェォ]?")
_LONG_VOWEL = pattern("(?<=[ァ-ヺー]{4})ー(?![ァ-ヺー])")
# Legal forms that are written without a space, before a name or behind it.
_JOINED_LEGAL = pattern(
    "^(?:株式会社|有限会社|合同会社|주식회사)(?=..)"
    "|(?<=..)(?:株式会社|有限会社|合同会社|주식회사|(?:股份|集团|集團)?有限(?:责任|責任)?公司|公司)$"
)
_LEGAL = frozenset(
    (
        *("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc"),
        *("llp", "lp", "plc", "gmbh", "ag", "kg", "se", "sa", "sas", "sarl", "srl", "spa", "nv"),
        *("ооо", "оао", "зао", "ао", "пао", "тов", "בעמ", "株", "주", "株式会社", "주식회사", "ае"),
        *("bv", "ab", "as", "asa", "oy", "oyj", "kk", "pty", "pte", "pvt", "private", "dd", "doo"),
    )
)
# Those that stand before a name.
_LEADING = frozenset(("ооо", "оао", "зао", "ао", "пао", "тов", "株式会社", "주식회사", "شركه"))
# Words that are often added to a company's name or left out.
DESCRIBING = frozenset(
    ("ai", "lab", "labs", "technologies", "technology", "systems", "group", "holdings", "com", "hq")
)
JOINING = frozenset(("of", "the", "and", "for"))
DIRECTED = frozenset(("to", "vs", "from", "versus", "into", "by", "over"))
GENERATION = frozenset(("jr", "sr", "ii", "iii", "iv"))
ROMAN = frozenset(("ii", "iii", "iv", "vi", "vii", "viii", "ix"))
# Letters and digits, and marks that are letters, such as the vowels of Hindi and Thai.
WORD = pattern(
    r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    r"\u0ec8-\u0ecd\u1000-\u1049\u1780-\u17d3])+"
)
_INITIALS = pattern(r"\b(?:[^\W\d_]\.\s?)+[^\W\d_]\b\.?")  # N.V., S. A., L.P
_NUMBER = pattern(r"(?<![a-z])[a-z]{1,2}(?=\d)|\d+(?:[.,]\d+)*[a-z]*")
DIGITS = pattern(r"\d+(?:[.,]\d+)*")
_BRACKET = pattern(r"\s*\(([^()]+)\)\s*")


def _folded(name: str) -> str:
    """Return a folded name without apostrophes."""
    return fold(name).replace("’", "'").replace("'", "")


def _plain(folded: str) -> str:
    """Return a name without diacritics and with look-alikes replaced."""
    if folded.isascii():
        return folded
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", folded.translate(_LATIN)))
    text = unicodedata.normalize("NFC", text).translate(_INTERCHANGED)
    text = _LONG_VOWEL.sub("", _VU.sub(lambda vu: _VU_AS_BU[vu[0]], text))
    # Keep names wholly in Cyrillic or Greek; in a Latin name, a look-alike is a mistake.
    return text.translate(LOOKS) if re.search("[a-z]", text) else text


class Name(NamedTuple):
    """A normalised name.

    `words` are the words to compare, and `numbers` distinguish names. The remaining fields fold
    more and more differences away."""

    name: str
    key: str
    folded: str
    plain: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    bare: tuple[str, ...]  # `words` without the article and the legal form
    spelt: tuple[str, ...]  # `bare` in American spelling
    core: tuple[str, ...]  # `spelt` in the singular
    short: tuple[str, ...]  # `bare` without descriptive words


@lru_cache(maxsize=65536)
def normalize_name(kind: NameKind, name: str) -> Name:
    folded = _folded(_without_own_acronym(name) if "(" in name else name)
    plain = _INITIALS.sub(_join_initials, folded) if "." in folded else folded
    plain = _plain(spell_signs(plain))
    words = tuple(WORD.findall(plain))
    bare = _bare(kind, words)
    spelt = bare if kind == "people" else tuple(map(one_spelling, bare))
    core = spelt
    if kind == "topics" or (kind != "people" and len(core) > 1):
        core = tuple(map(_singular, core))
    short = core
    if kind == "companies":
        short = bare
        while len(short) > 1 and short[-1] in DESCRIBING:
            short = short[:-1]
    numbers = tuple(_NUMBER.findall(plain)) if DIGITS.search(plain) else ()
    return Name(name, name_key(name), folded, plain, words, numbers, bare, spelt, core, short)


def _join_initials(match: re.Match[str]) -> str:
    return re.sub(r"[.\s]", "", match[0]) + " "


def _without_own_acronym(name: str) -> str:
    """Return `Safe Superintelligence (SSI)` without its own acronym."""
    found = _BRACKET.search(name)
    if not found or found.start() == 0:
        return name
    rest = name[: found.start()] + " " + name[found.end() :]
    initials = "".join(w[0] for w in WORD.findall(rest) if w.casefold() not in JOINING)
    return rest.strip() if initials.casefold() == found[1].casefold() else name


def _bare(kind: NameKind, words: tuple[str, ...]) -> tuple[str, ...]:
    if kind == "people":
        return words
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if kind in ("companies", "publishers"):
        words = tuple(_JOINED_LEGAL.sub("", word) if not word.isascii() else word for word in words)
        while len(words) > 1 and words[0] in _LEADING:
            words = words[1:]
        whole = words
        while len(words) > 1 and words[-1] in _LEGAL:
            words = words[:-1]
        if len(words) > 1 and words != whole and words[-1] in ("and", "plus"):
            words = words[:-1]  # Smith & Co; but Disney+ is not Disney
    return words


_BRITISH = tuple(
    (pattern(british), american)
    for british, american in (
        (r"^(\w{3,})is(e|ed|es|er|ers|ing|ation|ations|ational)$", r"\1iz\2"),
        (r"^(\w{3,})ys(e|ed|er|ers|ing)$", r"\1yz\2"),
        (r"^(\w{2,}[^aeiou])our(|s|ed|ing|al|able|ite|ites|hood|ly)$", r"\1or\2"),
        (r"^(\w{3,}[aeiou])ll(ing|ed|er|ers)$", r"\1l\2"),
        (r"^(cent|theat|fib|met|lit|calib|spect)re(|s|d)$", r"\1er\2"),
        (r"^(def|off|pret|lic)ence(|s|d)$", r"\1ense\2"),
        (r"^(\w{3,}l)ogue(|s|d)$", r"\1og\2"),
        (r"^(program)me(|s)$", r"\1\2"),
        (r"^(judg|acknowledg)ement(|s)$", r"\1ment\2"),
        (r"^artefact(|s)$", r"artifact\1"),
        (r"^grey(|s)$", r"gray\1"),
        (r"^sceptic(\w*)$", r"skeptic\1"),
    )
)

_MAYBE_BRITISH = pattern("is|ys|our|ll|re|nce|ogue|mme|gement|artefact|scept")


@lru_cache(maxsize=65536)
def one_spelling(word: str) -> str:
    """Return a word in American spelling if a rule converts it."""
    if (len(word) < 6 and word != "grey") or not _MAYBE_BRITISH.search(word):
        return word
    for british, american in _BRITISH:
        found = british.sub(american, word)
        if found != word and (len(word) >= 8 or "ll" not in word):
            return found
    return word


def _singular(word: str) -> str:
    if len(word) < 4 or word[-1] != "s" or word.endswith(("ss", "us", "is", "ics", "news")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1]


def parts_of_person(name: Name) -> list[str]:
    """Return the parts of a person's name; `Fei-Fei` is one part."""
    text = name.plain
    if "-" in text and " " in text.replace("_", " ").strip():  # not: sam-altman
        text = re.sub(r"(?<=\w)-(?=\w)", "", text)
    return [word for word in WORD.findall(text) if word not in GENERATION]
