"""Finds where a text says whose report it passes on: according to Reuters, Bron: ANP.

Only publishers that are given count: `according to` precedes much else than a publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from builder.language.lexicon import ReportingWords, lexicon, lexicons
from builder.language.word_patterns import NEVER, is_elided, one_of, whole

_SPACE = r"\s+"
_NEAR = 90  # characters beside a name
_LONGEST_CREDIT = 240  # characters of a line that only names its source
_FEW = 7  # words behind `via`, without a colon


class PublisherMention(NamedTuple):
    """A publisher that a sentence names as its source."""

    name: str
    start: int
    end: int
    is_first: bool  # whether it had the news before all others


class _Words(NamedTuple):
    before: re.Pattern[str]
    after: re.Pattern[str]
    first: re.Pattern[str]
    credit: re.Pattern[str]
    picture: re.Pattern[str]
    translated: re.Pattern[str]
    machine: re.Pattern[str]


def _together(words: Iterable[ReportingWords]) -> ReportingWords:
    every = [*words]
    return ReportingWords(
        **{
            key: tuple(dict.fromkeys(word for one in every for word in getattr(one, key)))
            for key in ReportingWords.__struct_fields__
        }
    )


@cache
def _words(language: str) -> _Words:
    """Return the patterns of a language; of one without such words, those of all."""
    found = lexicon(language).reporting
    if not found.before:
        found = _together(one.reporting for one in lexicons().values())
    lead = r"(?:\s+[^\W\d_][\w'’-]*){0,3}?"  # told (the) (news) (agency) Reuters
    return _Words(
        re.compile(rf"{_before(found.before)}{lead}\s*[«“\"'(]?$", re.IGNORECASE),
        re.compile(
            rf"^[»”\"')]?(?:['’]s)?(?:\s+[^\W\d_]+){{0,2}}?\s+{whole(found.after, _SPACE)}",
            re.IGNORECASE,
        ),
        re.compile(whole(found.first, _SPACE), re.IGNORECASE),
        re.compile(
            rf"^[\W_]*(?:{one_of(found.credits, _SPACE)})\b\s*(?P<colon>[:：])?\s*(?P<rest>\S.*)$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:^|[\s(/|])(?i:{one_of(found.pictures, _SPACE)})\s*[:：©(/-]|©|\(c\)|[A-Z]{{3,}}/"
            rf"|\b(?:Getty|iStock|Shutterstock)\b"
        ),
        re.compile(whole(found.translated, _SPACE), re.IGNORECASE),
        re.compile(whole(found.machine, _SPACE), re.IGNORECASE),
    )


def _before(words: tuple[str, ...]) -> str:
    """Return an expression for words before a name; an elided one touches it."""
    plain = one_of((word for word in words if not is_elided(word)), _SPACE)
    elided = one_of(filter(is_elided, words), _SPACE)
    found = rf"\b(?:{plain})\b(?=\s)"
    return found if elided == NEVER else rf"(?:{found}|\b(?:{elided}))"


def attributions(
    sentence: str, names: re.Pattern[str], language: str
) -> Iterator[PublisherMention]:
    """Yield the publishers that a sentence names as its source.

    `names` matches the names of publishers, case included."""
    words = _words(language.partition("-")[0])
    is_first = words.first.search(sentence) is not None
    for match in names.finditer(sentence):
        start, end = match.span()
        left, right = sentence[max(0, start - _NEAR) : start], sentence[end : end + _NEAR]
        if words.before.search(left) or words.after.search(right):
            yield PublisherMention(match[0], start, end, is_first)


def credit_of(line: str, language: str) -> str:
    """Return what a line gives as the source, or nothing.

    `Bron: https://dantri.com.vn/…` and `Via Reuters` do; `Theo Reuters, Google …` does not."""
    line = " ".join(line.split())
    if len(line) > _LONGEST_CREDIT or is_picture_credit(line, language):
        return ""
    found = _words(language.partition("-")[0]).credit.match(line.strip("()[]*_ "))
    if not found:
        return ""
    rest = found["rest"].strip(" .)]")
    if found["colon"]:
        return rest
    few = len(rest.split()) <= _FEW and not re.search(r"[,;:]\s", rest)
    return rest if few and (rest[:1].isupper() or "." in rest) else ""


def is_picture_credit(line: str, language: str) -> bool:
    """Return whether a line says who took a picture."""
    return bool(_words(language.partition("-")[0]).picture.search(line.strip()[:80]))


def translation_note(text: str, language: str) -> tuple[str, bool]:
    """Return the words by which a text says that it is translated.

    And whether it says that a machine did it. Empty if it says nothing."""
    words = _words(language.partition("-")[0])
    if found := words.machine.search(text):
        return found[0], True
    found = words.translated.search(text)
    return (found[0], False) if found else ("", False)
