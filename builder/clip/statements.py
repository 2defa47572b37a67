"""Quotations with their speakers, and responses, as an article reports them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from builder.clip.known import SiteKnowledge
from builder.clip.mentions import NameFinder
from builder.clip.plain import MAX_EXCERPT
from builder.language.lexicon import StatementWords, lexicon, lexicons
from builder.language.sentences import split_sentences
from builder.language.word_patterns import whole
from builder.model.statement import Stance

_SPACE = r"\s+"
_QUOTED = re.compile(
    r"“([^“”]{12,600})[”“]|„([^„“”]{12,600})[“”]|«\s?([^«»]{12,600}?)\s?»|»([^«»]{12,600})«"
    r"|(?<![\w\"])\"([^\"]{12,600})\"|(?<![\w‘’])‘([^‘“”]{16,600}?)’(?!\w)|「([^「」]{6,300})」"
)
_FEWEST = 4  # words of a quotation; fewer are a term
_NEAR = 130  # characters beside a quotation in which its speaker stands
_WORD = r"[^\W\d_a-zà-öø-ÿ][\w’'-]+"
_PERSON = re.compile(
    rf"(?<![\w.]){_WORD}(?:\s(?:(?:van|von|de|den|der|da|di|al|bin|la)\s)*{_WORD}){{1,3}}"
)
_MOST_QUOTES, _MOST_RESPONSES = 12, 8


class Quotation(NamedTuple):
    """Words that an article quotes; the speaker may be unknown."""

    text: str
    by: str
    of: str
    is_registered: bool  # the speaker, in the site


class FoundResponse(NamedTuple):
    """A response that an article reports."""

    sender: str
    stance: Stance
    sentence: str


class _Words(NamedTuple):
    said: re.Pattern[str]
    declined: re.Pattern[str]
    no_reply: re.Pattern[str]


@cache
def _words(language: str) -> _Words:
    """Return the patterns of a language; of one without such words, those of all."""
    found = lexicon(language).statements
    every = [found] if found.said else [one.statements for one in lexicons().values()]

    def of(key: str) -> re.Pattern[str]:
        words = dict.fromkeys(word for one in every for word in _of(one, key))
        return re.compile(whole(words, _SPACE), re.IGNORECASE)

    return _Words(of("said"), of("declined"), of("no_reply"))


def _of(words: StatementWords, key: str) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(words, key)
    return found


def find_quotations(
    paragraphs: Sequence[str], language: str, known: SiteKnowledge
) -> list[Quotation]:
    """Return the quotations of an article, with speakers."""
    words = _words(language)
    people = NameFinder(known.people)
    companies = NameFinder(known.companies)
    full_names = _full_names(paragraphs)
    found: dict[str, Quotation] = {}
    last = ""
    for paragraph in paragraphs:
        for match in _QUOTED.finditer(paragraph):
            text = next(group for group in match.groups() if group).strip(" ,")
            if len(text.split()) < _FEWEST and not match[7]:
                continue
            after = paragraph[match.end() : match.end() + _NEAR]
            before = paragraph[max(0, match.start() - _NEAR) : match.start()]
            near = _QUOTED.split(after)[0], before
            speaker = _speaker(near[0], near[1], words.said, people, full_names)
            goes_on = _goes_on(near[0][:40], words.said) or _goes_on(before[-40:], words.said)
            speaker = speaker or (last if goes_on else "")
            name = next((p.name for _, _, p in people.find(speaker)), "")
            of = _employer(name or speaker, known)
            if not of and speaker:
                beside = companies.find(f"{before} {near[0]}")
                of = beside[0][2].name if len({one.name for _, _, one in beside}) == 1 else ""
            last = speaker or last
            if len(text) <= MAX_EXCERPT:
                found.setdefault(text, Quotation(text, name or speaker, of, bool(name)))
    return [*found.values()][:_MOST_QUOTES]


def _full_names(paragraphs: Sequence[str]) -> dict[str, str]:
    """Return the full name that the last word of a name stands for later in a text."""
    found: dict[str, str] = {}
    for paragraph in paragraphs:
        for match in _PERSON.finditer(paragraph):
            found.setdefault(match[0].split()[-1], match[0])
    return found


def _speaker(
    after: str, before: str, said: re.Pattern[str], people: NameFinder, full: dict[str, str]
) -> str:
    """Return the name beside a verb of speech, behind a quotation or before it."""
    for text, is_after in ((after, True), (before, False)):
        verbs = [*said.finditer(text)]
        if not verbs:
            continue
        verb = verbs[0] if is_after else verbs[-1]
        if is_after and re.search(r"[.!?]\s", text[: verb.start()]):
            continue
        around = _beside(text, verb, is_after)
        for part in around:
            if known := people.find(part):
                return part[known[0][0] : known[0][1]]
            if match := _PERSON.search(part):
                return match[0]
            for word in re.findall(_WORD, part):
                if word in full:
                    return full[word]
    return ""


def _beside(text: str, verb: re.Match[str], is_after: bool) -> tuple[str, str]:
    """Return what stands behind a verb and before it, the likely place first."""
    behind = re.split(r"[.!?:;“”\"«»]\s?", text[verb.end() :])[0]
    ahead = re.split(r"[.!?;“”\"«»]\s?", text[: verb.start()])[-1]
    return (behind, ahead) if is_after else (ahead, behind)


def _goes_on(beside: str, said: re.Pattern[str]) -> bool:
    """Return whether a pronoun speaks, whose name stands before: he said."""
    match = said.search(beside.rpartition(". ")[2])
    return match is not None


def _employer(person: str, known: SiteKnowledge) -> str:
    """Return the company of a person, if the site knows exactly one."""
    found = [company.name for company in known.companies if person in company.people]
    own = next((p.company for p in known.people if p.name == person and p.company), "")
    if own and not found:
        found = [c.name for c in known.companies if own in (c.name, *c.names)]
    return found[0] if len(found) == 1 else ""


def find_answers(
    paragraphs: Sequence[str], language: str, known: SiteKnowledge
) -> list[FoundResponse]:
    """Return who declined to comment, and who did not reply."""
    words = _words(language)
    companies = NameFinder(known.companies, language)
    found: dict[tuple[str, str], FoundResponse] = {}
    for paragraph in paragraphs:
        for sentence in split_sentences(paragraph):
            for answer in _answers(sentence, words, companies):
                found.setdefault((answer.sender, answer.stance), answer)
    return [*found.values()][:_MOST_RESPONSES]


def _answers(sentence: str, words: _Words, companies: NameFinder) -> Iterator[FoundResponse]:
    phrases = [
        (match.start(), match.end(), stance)
        for pattern, stance in ((words.declined, "declined"), (words.no_reply, "no reply"))
        for match in pattern.finditer(sentence)
    ]
    begin = 0
    for start, end, stance in sorted(phrases):
        named = [one for at, _, one in companies.find(sentence[:start]) if at >= begin]
        for name in dict.fromkeys(one.name for one in named[-4:]) or [""]:
            yield FoundResponse(name, "declined" if stance == "declined" else "no reply", sentence)
        begin = end
