"""Similarity of names: the confidence that two are one, and why.

Digits, versions and single letters distinguish names: `GPT-4` and `GPT-5`, or `Series A` and
`Series B`, are never similar. Differences that are certain enough to be merged without review are
limited to typography, transliteration, spelling and legal forms."""

from __future__ import annotations

import re
from typing import NamedTuple

from builder.names.keys import signs_of
from builder.names.normalize import (
    DESCRIBING,
    DIGITS,
    DIRECTED,
    GENERATION,
    JOINING,
    LOOKS,
    ROMAN,
    Name,
    NameKind,
    normalize_name,
    parts_of_person,
)
from builder.names.suggest import edits

CERTAIN = 0.9  # `slugline names --apply --yes` merges these, and `check` reports them
SUGGESTED = 0.5  # shown to an editor
LONG, VERY_LONG = 7, 12  # lengths of words in which one or two letters may be wrong
ACRONYM = "an acronym"


class Similarity(NamedTuple):
    """The confidence (0 to 1) that two names are one, and why."""

    confidence: float
    reason: str


_NOTHING = Similarity(0.0, "")


def similarity(kind: NameKind, one: str, other: str) -> Similarity:
    """Return the similarity of two names; 0 if they differ."""
    a, b = sorted((normalize_name(kind, one), normalize_name(kind, other)))
    if a.name == b.name:
        return Similarity(1.0, "the same")
    if a.key == b.key:
        same = DIGITS.findall(a.folded) == DIGITS.findall(b.folded)
        return Similarity(1.0, _mechanical(a, b)) if same else _NOTHING
    if a.numbers != b.numbers or not a.words or not b.words:
        return _NOTHING
    for compare in (_same_letters, _people if kind == "people" else _things):
        found = compare(kind, a, b)
        if found.confidence:
            return found
    return _NOTHING


def _mechanical(a: Name, b: Name) -> str:
    if a.name.casefold() == b.name.casefold():
        return "capitals"
    if ("&" in a.name) != ("&" in b.name):
        return "`&` or `and`"
    if " ".join(a.name.split("-")).casefold() == " ".join(b.name.split("-")).casefold():
        return "a hyphen or a space"
    return "spaces and punctuation"


def _same_letters(kind: NameKind, a: Name, b: Name) -> Similarity:
    """Compare names that may differ in typography or legal form."""
    joined_a, joined_b = "".join(a.words), "".join(b.words)
    if joined_a == joined_b:
        if _mixed(a, b):
            return Similarity(0.97, "look-alike letters of another alphabet")
        if "&" in a.name + b.name:
            return Similarity(0.95, "`&` or `and`")
        if signs_of(a.name) != signs_of(b.name):
            return Similarity(0.95, "a sign or its name")
        if "(" in a.name + b.name:
            return Similarity(0.93, "an acronym in parentheses")
        return Similarity(0.98, "diacritics")
    if kind == "people":
        return _NOTHING
    if "".join(a.bare) == "".join(b.bare) and a.bare:
        article = (a.words[0] == "the") != (b.words[0] == "the")
        ended = _ending(a) != _ending(b)
        return Similarity(0.95, "`The`" if article and not ended else "the legal form")
    return _NOTHING


def _ending(name: Name) -> tuple[str, ...]:
    words = name.words[1:] if name.words[0] == "the" else name.words
    return words[len(name.bare) :]


def _mixed(a: Name, b: Name) -> bool:
    """Return whether a name mixes Latin letters and look-alikes."""
    return any(
        re.search("[a-z]", n.folded) and n.folded.translate(LOOKS) != n.folded for n in (a, b)
    )


def _things(kind: NameKind, a: Name, b: Name) -> Similarity:
    """Compare the words of topics, companies or publishers."""
    if _distinguishing(a) != _distinguishing(b):
        return _acronym(a, b)
    core_a, core_b = "".join(a.core), "".join(b.core)
    if "".join(a.spelt) == "".join(b.spelt):
        return Similarity(0.93, "British and American spelling")
    if core_a == core_b:
        return Similarity(0.92 if kind == "topics" else 0.75, "singular and plural")
    found = _reordered(kind, a, b)
    if not found.confidence and kind == "companies":
        found = _described(a, b)
    if not found.confidence:
        found = _acronym(a, b)
    return found if found.confidence else _mistyped(kind, a.spelt, b.spelt)


def _distinguishing(name: Name) -> list[str]:
    """Return distinguishing words: Series A, Plan B, World War II."""
    return sorted(w for w in name.bare[1:] if (len(w) == 1 and not w.isdigit()) or w in ROMAN)


def _reordered(kind: NameKind, a: Name, b: Name) -> Similarity:
    if len(a.core) < 2 or DIRECTED & {*a.words, *b.words}:
        return _NOTHING  # "text to image" is not "image to text"
    one, other = ([w for w in n.core if w not in JOINING] for n in (a, b))
    if sorted(one) != sorted(other):
        return _NOTHING
    if {*a.words, *b.words} & JOINING:
        return Similarity(0.8, "another word order")
    # "Model pricing" and "pricing models" are two topics, but "AI education" is "education AI".
    if kind == "topics" and "ai" not in one:
        return _NOTHING
    return Similarity(0.75, "another word order")


def _described(a: Name, b: Name) -> Similarity:
    """Compare a company's name with and without descriptive words."""
    short, long = sorted((a.bare, b.bare), key=len)
    more = long[len(short) :]
    if "".join(long) == f"{''.join(short)}ai" and len("".join(short)) > 4:
        more = ("ai",)
    elif not more or long[: len(short)] != short or not DESCRIBING.issuperset(more):
        return _NOTHING
    return Similarity(0.6, f"with and without `{' '.join(more)}`")


def _acronym(a: Name, b: Name) -> Similarity:
    short, long = sorted((a, b), key=lambda n: len(n.bare))
    if len(short.bare) != 1 or len(long.bare) < 2:
        return _NOTHING
    if (acronym := acronym_of(short)) and acronym in initials_of(long):
        return Similarity(0.5, ACRONYM)
    return _NOTHING


def acronym_of(name: Name) -> str:
    """Return an acronym in lower case, or an empty string.

    All letters but one are capitals, as in MoE and LLMs."""
    written = name.name.replace(".", "")
    written = written[:-1] if len(written) > 3 and written[-1] == "s" else written
    small = sum(not c.isupper() for c in written)
    fits = 2 <= len(written) <= 8 and written[0].isupper() and small <= (len(written) > 2)
    return written.casefold() if fits else ""


def initials_of(name: Name) -> tuple[str, str]:
    whole = "".join(word[0] for word in name.bare)
    return whole, "".join(word[0] for word in name.bare if word not in JOINING)


def _mistyped(kind: NameKind, a: tuple[str, ...], b: tuple[str, ...]) -> Similarity:
    """Compare names that differ in one letter of one long word.

    A very long word may differ in two letters. The first letter never differs."""
    if len(a) != len(b):
        if kind == "topics" or 1 not in (len(a), len(b)):
            return _NOTHING
        a, b = ("".join(a),), ("".join(b),)  # one of them is written as one word
    differing = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(differing) != 1:
        return _NOTHING
    short, long = sorted(differing[0], key=len)
    if len(short) < LONG or short[0] != long[0] or not short.isalpha():
        return _NOTHING
    limit = 2 if len(short) >= VERY_LONG else 1
    # Additional letters at the end make another word: Cohere, Coherent.
    if long.startswith(short) or edits(short, long, limit) > limit:
        return _NOTHING
    return Similarity(0.7 if len(short) >= 10 else 0.6, "one or two letters")


# --- people ------------------------------------------------------------------------------------

# Short forms of given names that are not prefixes of them.
SHORTENED = {
    "bill": "william", "will": "william", "bob": "robert", "rob": "robert", "dick": "richard",
    "mike": "michael", "jim": "james", "jack": "john", "jeff": "jeffrey", "geoff": "geoffrey",
    "tony": "anthony", "andy": "andrew", "ted": "edward", "liz": "elizabeth", "beth": "elizabeth",
    "kate": "katherine", "peggy": "margaret", "maggie": "margaret", "steve": "stephen",
    "dave": "david", "joe": "joseph", "larry": "lawrence", "sasha": "alexander", "tom": "thomas",
    "chuck": "charles", "hank": "henry", "harry": "henry", "nick": "nicholas", "ken": "kenneth",
    "becky": "rebecca", "sue": "susan", "vicky": "victoria", "jen": "jennifer", "jenny": "jennifer",
    "pat": "patrick", "bobby": "robert", "billy": "william", "johnny": "john", "jimmy": "james",
    "danny": "daniel", "charlie": "charles", "freddie": "frederick", "eddie": "edward",
}  # fmt: skip


def _people(kind: NameKind, a: Name, b: Name) -> Similarity:
    one, other = parts_of_person(a), parts_of_person(b)
    if {*a.words} & GENERATION != {*b.words} & GENERATION:
        return _NOTHING
    if len(one) < 2 or len(other) < 2:
        return _NOTHING
    if sorted(one) == sorted(other):
        return Similarity(0.9, "another word order")
    if one[-1] == other[-1]:
        return _given(one[:-1], other[:-1])
    if one[:-1] == other[:-1] and len(one[0]) > 1:
        return _surnames(one[-1], other[-1], len("".join(one[:-1])))
    return _NOTHING


def _given(one: list[str], other: list[str]) -> Similarity:
    """Compare given names before the same family name."""
    first = _given_name(one[0], other[0])
    middle_a, middle_b = one[1:], other[1:]
    if not first.confidence:
        if "".join(one) == "".join(other):
            return Similarity(0.95, "a hyphen or a space")
        return _NOTHING
    if middle_a and middle_b:
        if len(middle_a) != len(middle_b):
            return _NOTHING
        inner = [_given_name(x, y) for x, y in zip(middle_a, middle_b, strict=True)]
        return min(first, *inner)
    if middle_a or middle_b:
        return min(first, Similarity(0.85, "a middle name"))
    return first


def _given_name(x: str, y: str) -> Similarity:
    if x == y:
        return Similarity(0.99, "the same given name")
    short, long = sorted((x, y), key=len)
    if len(short) == 1:
        return Similarity(0.7, "an initial") if long.startswith(short) else _NOTHING
    if SHORTENED.get(x, x) == SHORTENED.get(y, y):
        return Similarity(0.7, "a shortened given name")
    if len(short) >= 3 and len(long) >= len(short) + 2 and long.startswith(short):
        return Similarity(0.65, "a shortened given name")
    if len(short) < 6 or short[0] != long[0] or edits(x, y, 1) > 1:
        return _NOTHING
    # Andrea and Andreas, Daniel and Daniela, or Christina and Christine are different people.
    return _NOTHING if short[:-1] == long[: len(short) - 1] else Similarity(0.7, "one letter")


def _surnames(x: str, y: str, given: int) -> Similarity:
    """Compare long family names that differ in one letter."""
    short, long = sorted((x, y), key=len)
    if len(short) < 6 or given < 4 or short[0] != long[0] or edits(x, y, 1) > 1:
        return _NOTHING
    return Similarity(0.7, "one letter")
