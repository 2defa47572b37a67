"""Finds notes that editors write to themselves: `TK`, `TODO`, `[check]`, lorem ipsum.

A word in capitals is a note only in capitals, because `todo` is a Spanish word; any other note is
found in any case. Each matches whole words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from builder.language.lexicon import lexicon
from builder.patterns import pattern

USUAL = (
    "TK", "TKTK", "TKTKTK", "TODO", "FIXME", "XXX", "XXXX", "PLACEHOLDER", "lorem ipsum",
    "[check]", "[check this]", "[citation needed]", "[source?]", "[add source]", "[add link]",
    "[tbc]", "[tbd]", "[to come]",
)  # fmt: skip


def find_notes(
    text: str,
    language: str,
    add: Iterable[str] = (),
    ignore: Iterable[str] = (),
    names: Iterable[str] = (),
) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each note in a text.

    `add` and `ignore` change the list of words; a part of one of the `names` is not a note."""
    spans = [m.span() for name in names for m in re.finditer(re.escape(name), text)]
    for match in _pattern(tuple(add), tuple(ignore)).finditer(text):
        if match[0] in ("TK", "XXX") and _is_name(text, match):
            continue
        if match[0].isupper() and not _is_note(text, match, language):
            continue
        if not any(start <= match.start() and match.end() <= end for start, end in spans):
            yield match.span()


def may_have_notes(text: str, add: Iterable[str] = (), ignore: Iterable[str] = ()) -> bool:
    """Return whether a text may have a note; False is certain.

    Most texts have none, and this takes a hundredth of the time of a search."""
    as_written, lower, is_certain = _leads(tuple(add), tuple(ignore))
    if not is_certain:
        return True
    for lead in as_written:
        if lead in text:
            return True
    folded = text.lower()
    if not text.isascii():
        for character, letter in _SAME_LETTER.items():
            folded = folded.replace(character, letter)
    for lead in lower:  # noqa: SIM110 - `any` takes twice as long
        if lead in folded:
            return True
    return False


# What `re.IGNORECASE` takes for an ASCII letter, in lower case.
_SAME_LETTER = {"ſ": "s", "ı": "i", "i\u0307": "i"}


def _is_note(text: str, match: re.Match[str], language: str) -> bool:
    """Return whether a word in capitals is a note.

    A common word of the language is one only in brackets or before a colon."""
    if match[0].casefold() not in lexicon(language).detection.common:
        return True
    return text[match.start() - 1 : match.start()] in ("[", "(") or bool(
        re.match(r"\s*:", text[match.end() :])
    )


# Well-known names only: `Google XXX` and `TK Google` are more often notes than names.
_BEFORE = pattern(r"\b(?:Super[ -]Bowl|WrestleMania|UFC)\s$", re.IGNORECASE)
_AFTER = {"TK": pattern(r"\s(?:Maxx|Elevators?)\b|-\d"), "XXX": pattern(r"\sOlympi")}


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Return whether a word is part of a name: `TK Maxx`, `TK-421`, `Super Bowl XXX`."""
    start, end = match.span()
    if _AFTER[match[0]].match(text, end):
        return True
    return match[0] == "XXX" and bool(_BEFORE.search(text[max(0, start - 40) : start]))


@cache
def _pattern(add: tuple[str, ...], ignore: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first: `TKTK` is one note.
    parts = [_expression(word) for word in sorted(_words(add, ignore), key=len, reverse=True)]
    return re.compile("|".join(parts) or r"(?!)")


def _words(add: Iterable[str], ignore: Iterable[str]) -> list[str]:
    ignored = {word.casefold() for word in ignore}
    return [word for word in dict.fromkeys((*USUAL, *add)) if word.casefold() not in ignored]


@cache
def _leads(
    add: tuple[str, ...], ignore: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return texts, one of which every note has: as written, and in lower case.

    The last value is False if there is a note that none of them finds."""
    as_written, lower, is_certain = list[str](), list[str](), True
    for word in _words(add, ignore):
        first = word.split()[0] if word.split() else ""
        if first and _is_in_capitals(word):
            as_written.append(first)
        elif first and first.isascii():
            lower.append(first.lower().removesuffix("]"))
        else:
            is_certain = False
    return _shortest(as_written), _shortest(lower), is_certain


def _shortest(leads: list[str]) -> tuple[str, ...]:
    """Return the leads that contain no other one."""
    return tuple(
        lead
        for lead in dict.fromkeys(leads)
        if not any(other != lead and other in lead for other in leads)
    )


def _is_in_capitals(word: str) -> bool:
    return not word.startswith("[") and word.upper() == word and word.lower() != word


def _expression(word: str) -> str:
    inner = r"\s+".join(re.escape(part) for part in word.split())
    if word.startswith("["):  # `[check](…)` and `[check]: …` are links
        closed = inner.replace(r"\]", r"\\?\]")
        return rf"(?i:(?<![\]!])\\?{closed}(?![(\[:]))"
    found = rf"(?<!\w){inner}(?!\w)" if word[0].isalnum() else inner
    return found if _is_in_capitals(word) else f"(?i:{found})"
