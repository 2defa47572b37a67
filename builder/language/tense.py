"""A text -> where it puts a year that is over into the future, as machines do that translate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from builder.language.lexicon import lexicon
from builder.language.word_patterns import NEVER, expression, of_all, one_of
from builder.patterns import pattern


class FutureTense(NamedTuple):
    """Where it stands, in words, and the year."""

    start: int
    end: int
    year: int


_BETWEEN = 8  # words from the verb to the year, or back
_YEAR = r"(?:19|20)[0-9]{2}\b(?!['’]s\b)"
_ANY_YEAR = pattern("(?:19|20)[0-9]{2}")


@cache
def _signs(language: str) -> tuple[str, ...]:
    """Return the signs of the future, with both forms of an apostrophe.

    A text without any of them has no verb of the future."""
    future = lexicon(language).future
    signs = [f"{sign} " for sign in future.signs] if future else []
    return tuple(dict.fromkeys(form for s in signs for form in (s, s.replace("'", "’"))))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    future = lexicon(language).future
    assert future is not None
    if future.patterns:
        return re.compile("|".join(future.patterns).replace("YEAR", f"({_ANY_YEAR.pattern})"))
    leads = one_of(future.leads)
    word = rf"(?!(?:{_any(future.breaks, future.break_patterns)})\b)"
    if future.articles:
        word += rf"(?!(?:{one_of(future.articles)})\s+(?:{leads})\s+{_YEAR})"
    if future.participles or future.participle_patterns:
        done = _any(future.participles, future.participle_patterns)
        word += rf"(?!{_not_behind()}(?:{done})\b)"
    word += r"(?:[^\s.;:!?()]|(?<=[0-9])\.(?=[0-9]))+"
    # `Will` with a capital is a name, or asks.
    verbs = [_any(future.verbs, future.verb_patterns)]
    if future.verb_endings:
        endings = one_of(future.verb_endings)
        verbs.append(rf"(?!{one_of(future.not_verbs)})[^\W\d]{{2,}}(?:{endings})")
    verb = rf"(?-i:{'|'.join(verbs)})"
    led = rf"(?:{leads})\s+"
    bare = f"|{future.bare_pattern}" if future.bare_pattern else ""
    beside = rf"|\s+{future.bare_pattern}" if future.bare_pattern else ""
    back = rf"(?!\s+(?:\S+\s+){{0,2}}?(?:{one_of(future.looking_back)})\b)"
    past = back if future.looking_back else ""
    ahead = rf"\b{verb}(?:(?:\s+{word}){{0,{_BETWEEN}}}?\s+{led}{beside})(?P<y>{_YEAR}){past}"
    # A year that comes first opens the sentence, or it belongs to something else in it.
    opened = r"(?:^|(?<=[.!?]\s)|(?<=\n))"
    behind = rf"{opened}(?:{led}{bare})(?P<z>{_YEAR}),?(?:\s+{word}){{0,3}}?\s+{verb}\b"
    return re.compile(f"{ahead}|{behind}", re.IGNORECASE)


def _any(words: Iterable[str], patterns: Iterable[str]) -> str:
    return "|".join((*map(expression, words), *patterns)) or NEVER


def _not_behind() -> str:
    """Return lookbehinds: a participle behind an auxiliary says what is to be done."""
    heads = of_all(lambda one: one.future.auxiliaries if one.future else ())
    endings = of_all(lambda one: one.future.adverb_endings if one.future else ())
    return "".join(
        (
            *(rf"(?<!\b{expression(head)}\s)" for head in heads),
            *(rf"(?<!{expression(ending)}\s)" for ending in endings),
        )
    )


def in_future(text: str, language: str, now: int) -> Iterator[FutureTense]:
    """Yield places where a year before `now` is in the future."""
    language = language.partition("-")[0]
    future = lexicon(language).future
    if not future or ("19" not in text and "20" not in text):
        return
    if not future.patterns and not any(sign in text for sign in _signs(language)):
        return
    for start, end in _paragraphs_with(text, now):
        for match in _pattern(language).finditer(text, start, end):
            year = int(next(filter(None, match.groups())))
            if year < now:
                yield FutureTense(match.start(), match.end(), year)


def _paragraphs_with(text: str, now: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each paragraph that has a year before `now`."""
    end = 0
    for year in _ANY_YEAR.finditer(text):
        if int(year[0]) < now and year.start() >= end:
            start = text.rfind("\n\n", end, year.start()) + 1
            start, end = start or end, text.find("\n\n", year.end())
            if end < 0:
                end = len(text)
            yield start, end
