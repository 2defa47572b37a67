"""A name -> the name taken apart: what may differ between two spellings is folded away, and what
decides (digits, versions) is set beside it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from builder.names.keys import name_key

NameKind = Literal["topics", "people", "companies", "publishers"]

# Letters of other alphabets that look like Latin ones, lower case (Unicode TR 39).
LOOKS = str.maketrans("авеіјкмнорсѕтухԁԛԝαεικνορτυχ", "abeijkmhopcstyxdqwaeikvoptux")
# Latin letters that do not decompose into a base and a mark.
_LATIN = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_LEGAL = frozenset(
    (
        *("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc"),
        *("llp", "lp", "plc", "gmbh", "ag", "kg", "se", "sa", "sas", "sarl", "srl", "spa", "nv"),
        *("bv", "ab", "as", "asa", "oy", "oyj", "kk", "pty", "pte", "pvt", "private", "dd", "doo"),
    )
)
# What a company's name is often given and often spared.
DESCRIBING = frozenset(
    ("ai", "lab", "labs", "technologies", "technology", "systems", "group", "holdings", "com", "hq")
)
JOINING = frozenset(("of", "the", "and", "for"))
DIRECTED = frozenset(("to", "vs", "from", "versus", "into", "by", "over"))
GENERATION = frozenset(("jr", "sr", "ii", "iii", "iv"))
ROMAN = frozenset(("ii", "iii", "iv", "vi", "vii", "viii", "ix"))
WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?)+[^\W\d_]\b\.?")  # N.V., S. A., L.P
_NUMBER = re.compile(r"(?<![a-z])[a-z]{1,2}(?=\d)|\d+(?:[.,]\d+)*[a-z]*")
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_BRACKET = re.compile(r"\s*\(([^()]+)\)\s*")


def _folded(name: str) -> str:
    """Compatibility forms and case aside (Unicode NFKC, case folding)."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return text.replace("’", "'").replace("'", "")


def _plain(folded: str) -> str:
    """Without marks on letters, and look-alikes as what they look like."""
    if folded.isascii():
        return folded
    text = folded.translate(_LATIN)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    # A wholly Cyrillic or Greek name is one; a Latin one with a foreign letter is a mistake.
    return text.translate(LOOKS) if re.search("[a-z]", text) else text


class Name(NamedTuple):
    """A name taken apart: `words` as they are compared, `numbers` and single letters, which
    decide, and `core`: the words without what may differ, in order and in one spelling."""

    name: str
    key: str
    folded: str
    plain: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    bare: tuple[str, ...]  # without article, joining words and legal form
    spelt: tuple[str, ...]  # the same in American spelling
    core: tuple[str, ...]  # and in the singular
    short: tuple[str, ...]  # the same without what describes a company


@lru_cache(maxsize=65536)
def taken_apart(kind: NameKind, name: str) -> Name:
    folded = _folded(_without_own_acronym(name) if "(" in name else name)
    plain = _INITIALS.sub(_closed, folded) if "." in folded else folded
    plain = _plain(plain.replace("&", " and ").replace("+", " plus "))
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


def _closed(match: re.Match[str]) -> str:
    return re.sub(r"[.\s]", "", match[0]) + " "


def _without_own_acronym(name: str) -> str:
    """`Safe Superintelligence (SSI)` without the bracket, where it says nothing new."""
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
        while len(words) > 1 and (words[-1] in _LEGAL or words[-1] in ("and", "plus")):
            words = words[:-1]  # Smith & Co
    return words


_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
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

_MAYBE_BRITISH = re.compile("is|ys|our|ll|re|nce|ogue|mme|gement|artefact|scept")


@lru_cache(maxsize=65536)
def one_spelling(word: str) -> str:
    """A word in American spelling, where British differs by a rule."""
    if (len(word) < 6 and word != "grey") or not _MAYBE_BRITISH.search(word):
        return word
    for pattern, american in _BRITISH:
        found = pattern.sub(american, word)
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
    """The parts of a person's name; a double given name is one: Fei-Fei, Jean-Baptiste."""
    text = name.plain
    if "-" in text and " " in text.replace("_", " ").strip():  # not: sam-altman
        text = re.sub(r"(?<=\w)-(?=\w)", "", text)
    return [word for word in WORD.findall(text) if word not in GENERATION]
