"""The companies, people and topics of a site that a text names; the likely subject first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from builder.clip.known import KnownName, SiteKnowledge, names_pattern
from builder.names.mentions import TOUCHED, is_mention, plain_text

_TITLE, _LEDE = 6.0, 2.0  # weights of a mention
_INFLECTED = frozenset(("de", "nl", "sv", "da", "nb", "no"))  # languages with `Googles`


class Mentioned(NamedTuple):
    """A name of the site that a text has: how often, and its weight."""

    name: KnownName
    times: int
    weight: float
    in_title: bool


class NameFinder:
    """Finds names in texts; a longer name hides the shorter one in it."""

    def __init__(self, names: Sequence[KnownName], language: str = "") -> None:
        self._owners = {
            plain_text(called): name for name in reversed(names) for called in name.names
        }
        called = [*self._owners]
        if language in _INFLECTED:
            called += (f"{name}s" for name in self._owners if name[-1:].isalpha())
        self._pattern = names_pattern(called, TOUCHED)

    def find(self, text: str) -> list[tuple[int, int, KnownName]]:
        """Return each name with its place, in texts without spaces too."""
        text = plain_text(text)
        return [
            (m.start(), m.end(), self._owner(m[0]))
            for m in self._pattern.finditer(text)
            if is_mention(text, m.start(), m[0])
        ]

    def _owner(self, called: str) -> KnownName:
        return self._owners.get(called) or self._owners[called.removesuffix("s")]


def find_mentioned(
    names: Sequence[KnownName], title: str, paragraphs: Sequence[str], language: str
) -> list[Mentioned]:
    """Return the names that an article mentions, the likely subject first.

    A name that is also a word counts only if it stands somewhere within a sentence, or in full."""
    finder = NameFinder(names, language)
    weight: dict[KnownName, float] = {}
    times: dict[KnownName, int] = {}
    sure: set[KnownName] = set()
    titled = [name for _, _, name in finder.find(title)]
    for n, name in enumerate(dict.fromkeys(titled)):
        weight[name] = _TITLE / (n + 1) ** 0.5
        times[name] = titled.count(name)
    for n, text in enumerate(paragraphs):
        if text == title:
            continue
        for start, end, name in finder.find(text):
            weight[name] = weight.get(name, 0) + (_LEDE if n < 3 else 1)
            times[name] = times.get(name, 0) + 1
            if _is_sure(text, start, end):
                sure.add(name)
    for _start, end, name in finder.find(title):
        if _is_sure(title, _start, end):
            sure.add(name)
    found = [
        Mentioned(name, times[name], weight[name], name in titled)
        for name in weight
        if name in sure
    ]
    return sorted(found, key=lambda one: (-one.weight, one.name.name))


def _is_sure(text: str, start: int, end: int) -> bool:
    """Return whether a name is not just the first word of a sentence."""
    called = text[start:end]
    if re.search(r"[\s.&-]|\d", called) or not called[1:].islower():
        return True  # Scale AI, OpenAI, NVIDIA
    before = text[:start].rstrip(" \"'“„«‘(")
    if before and before[-1] not in ".!?:…":
        return True
    # At the beginning of a sentence, a name has a verb or a possessive behind it.
    return bool(re.match(r"['’]s?\b|,? [a-zà-ỹ]", text[end : end + 4]))


def find_topics(known: SiteKnowledge, title: str, text: str, keywords: Iterable[str]) -> list[str]:
    """Return the topics in a page's words or keywords."""
    lowered = f"{title}\n{text}".casefold()
    words = {keyword.casefold() for keyword in keywords}
    found = []
    for topic in known.topics:
        called = [name.casefold() for name in topic.names]
        pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in called)
        if words.intersection(called) or len(re.findall(pattern, lowered)) >= _OFTEN:
            found.append(topic.name)
    return found


_OFTEN = 2  # times that a text has the words of a topic
