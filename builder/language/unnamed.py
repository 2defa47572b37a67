"""Unnamed people in words: five people familiar with the matter, a partner at Example Capital.

A description either follows the word "people" (`familiar with the matter`) or names them itself
(`a partner at Example Capital`, `former employees`). Only English descriptions are classified.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from builder.patterns import pattern

# English prose spells out numbers up to ten; other languages use digits here.
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

# What a description says: nothing that counts, one person, several, or a number of its own.
_Sort = Literal["quality", "one", "bare", "several", "counted"]

_ONE = frozenset(("a", "an", "one", "another"))
_COUNTED = frozenset((
    *_NUMBERS[1:], "several", "some", "many", "few", "both", "dozens", "hundreds", "multiple",
))  # fmt: skip
_DEFINITE = frozenset(("the", "its", "their", "his", "her", "these", "those"))
# Words that end the part of a description in which its noun stands.
_AFTER = frozenset((
    "about", "above", "across", "after", "against", "among", "around", "as", "at", "before",
    "behind", "between", "by", "close", "during", "for", "from", "in", "inside", "into", "near",
    "of", "off", "on", "outside", "over", "to", "under", "who", "whose", "whom", "which", "that",
    "with", "within", "without",
))  # fmt: skip
# Adjectives that look like a noun.
_NOT_NOUNS = frozenset(["former", "senior", "junior", "other", "prior", "either", "minor", "major"])
_PERSON = pattern(
    r"(?:er|or|ee|ist|yst|man|woman|person|ian|ive|official|consultant|lawyer|source|aide|member|accountant|participant)$"
)
_NOT_PERSONS = pattern(r"(?:supportive|sensitive|attentive|protective|active|critical)$")


class Unnamed(NamedTuple):
    """Unnamed people in words, and whether they are one person."""

    words: str
    is_one: bool


def unnamed_people(number: int, description: str, language: str) -> Unnamed:
    """Return unnamed people in words: two unnamed people.

    `number` is 0 if it is unknown."""
    english = language.split("-")[0] == "en"
    count = _NUMBERS[number - 1] if english and 0 < number <= len(_NUMBERS) else str(number or "")
    sort = _sort(description) if english and description else "quality"
    people = "person" if number == 1 else "people"
    quality = _joined(count, "" if description else "unnamed", people, description)
    match sort, number:
        case "quality", _:
            return Unnamed(quality, number == 1)
        case "one" | "bare", 0 | 1:
            words = description if sort == "one" else with_article(description)
            return Unnamed(_joined(count, description) if sort == "bare" and count else words, True)
        case "one" | "bare", _:
            return Unnamed(f"{count} people, each described as {with_article(description)}", False)
        case "several", 0:
            return Unnamed(description, False)
        case "several", _ if _first(description) in _DEFINITE:
            return Unnamed(f"{count} of {description}", number == 1)
        case "several", 1:
            return Unnamed(f"one of the {description}", True)
        case "several", _:
            return Unnamed(f"{count} {description}", False)
    return Unnamed(description, False)  # it has a number of its own


def with_article(description: str) -> str:
    """Return a description of one person, with an article."""
    if _sort(description) != "bare":
        return description
    return f"{'an' if description[:1].casefold() in 'aeiou' else 'a'} {description}"


def _sort(description: str) -> _Sort:
    words = re.findall(r"[\w'’-]+", description.casefold())
    if not words:
        return "quality"
    if words[0] in _ONE:
        return "one"
    if words[0] in _COUNTED or words[0].isdigit():
        return "counted"
    head = words
    for n, word in enumerate(words):
        if word in _AFTER:
            head = words[:n]
            break
    noun = head[-1] if head else ""
    if noun in ("people", "staff") or re.search(r"[^s'’]s$", noun):
        return "several"
    if head and words[0] in _DEFINITE:
        return "one"
    is_person = _PERSON.search(noun) and not _NOT_PERSONS.search(noun) and noun not in _NOT_NOUNS
    return "bare" if is_person else "quality"


def _first(description: str) -> str:
    return description.partition(" ")[0].casefold()


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
