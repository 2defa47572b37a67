"""Companies that a text names although `companies` does not list them: hints, not warnings.

Which companies a story is about is the editor's decision, so `slugline check` reports none of this.
Many names are common words as well (Meta, Scale, Handshake) or part of other names (Alan Turing).
So a name of one ordinary word counts only where it can hardly be anything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from builder.check.own_words import own_words
from builder.language_server.document import OpenDocument
from builder.language_server.index import Named, SiteIndex
from builder.language_server.text import TextSpan
from builder.model.brief import Brief
from builder.names.keys import name_key
from builder.names.mentions import has_unspaced, is_mention, plain_text

_LONGEST = 200_000  # characters of a body that is searched
# Languages that capitalise every noun.
_CAPITALISING = ("de", "lb")
_WORD = re.compile(r"[^\W_][\w’'.&-]*")


class MissingCompany(NamedTuple):
    """A company that a text names, and where it does first."""

    name: str
    span: TextSpan


def missing_companies(document: OpenDocument, site: SiteIndex) -> Iterator[MissingCompany]:
    """Yield the companies that a brief names and does not list."""
    if document.kind is not Brief or not site.companies or not document.own.places:
        return
    start = document.front_matter.end
    body = document.text.text[start : start + _LONGEST].replace("\r", "\n")
    if not body.startswith("---"):
        return  # the front matter is not closed
    language = document.own.lang or site.language
    text = own_words(body)
    listed = set(map(name_key, document.own.companies))
    names = _names(site.companies, site.people)
    seen: set[str] = set()
    for mention in _mentions(text, names):
        owner = names[mention.name]
        if owner is None or owner.slug in seen or not _is_company(mention, text, language):
            continue
        if listed.isdisjoint(map(name_key, (owner.name, *owner.names))):
            seen.add(owner.slug)
            span = TextSpan(start + mention.start, start + mention.start + len(mention.name))
            yield MissingCompany(owner.name, span)


class _Mention(NamedTuple):
    name: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.name)


@lru_cache(maxsize=8)
def _names(companies: tuple[Named, ...], people: tuple[Named, ...]) -> dict[str, Named | None]:
    """Return the companies by name; the names of people, who hide names in them, have none."""
    found: dict[str, Named | None] = {name: None for p in people for name in (p.name, *p.names)}
    for company in companies:
        found.update(dict.fromkeys((company.name, *company.names), company))
    return found


@lru_cache(maxsize=8)
def _by_first_word(names: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        if match := _WORD.match(name):
            found.setdefault(re.split(r"[.’'&-]", match[0])[0], []).append(name)
    return found


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)")


def _mentions(text: str, names: Iterable[str]) -> Iterator[_Mention]:
    """Yield the names in a text, the longest at each place."""
    if has_unspaced(text):
        plain = plain_text(text)
        for found in _pattern(tuple(names)).finditer(plain):
            if is_mention(plain, found.start(), found[0]):
                yield _Mention(found[0], found.start())
        return
    by_word = _by_first_word(tuple(names))
    end = 0
    for word in re.finditer(r"[^\W_]+", text):
        if word.start() < end:
            continue
        for name in by_word.get(word[0], ()):
            if text.startswith(name, word.start()):
                end = word.start() + len(name)
                if not text[end : end + 1].isalnum():
                    yield _Mention(name, word.start())
                    break
                end = 0


def _is_company(mention: _Mention, text: str, language: str) -> bool:
    """Return whether a name can hardly mean anything but the company."""
    if text[mention.end : mention.end + 1] == "-" or _is_in_longer_name(mention, text):
        return False
    name = mention.name
    if name.lower() == name.upper():  # a script without capitals
        return len(name) > 1
    if not name.isalpha() or name[1:] != name[1:].lower():  # Scale AI, OpenAI, xAI, NVIDIA
        return " " in name.strip() or not name.islower()
    if name.islower() or language.partition("-")[0] in _CAPITALISING:
        return False
    if _begins_sentence(mention, text):
        return False
    return not re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text)


def _is_in_longer_name(mention: _Mention, text: str) -> bool:
    """Return whether a capitalised word stands directly beside a name: Alan Turing, Meta Labs."""
    before = re.search(
        r"([^\W\d_][\w’'.-]*)[ \u00a0&-]+$", text[max(0, mention.start - 60) : mention.start]
    )
    if (
        before
        and before[1][0].isupper()
        and not _begins_sentence_at(mention.start - len(before[0]), text)
    ):
        return True
    after = re.match(r"[ \u00a0&-]+([^\W\d_])", text[mention.end : mention.end + 8])
    return bool(after and after[1].isupper())


def _begins_sentence(mention: _Mention, text: str) -> bool:
    return _begins_sentence_at(mention.start, text)


def _begins_sentence_at(start: int, text: str) -> bool:
    before = text[max(0, start - 60) : start].rstrip(" \t\u00a0*_“\"'([#>-")
    return not before or before[-1] in ".!?:;\n…|"
