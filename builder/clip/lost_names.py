"""Names of companies that a translation has translated: `Schaalbare AI` for Scale AI.

A machine translates what is a word in the dictionary. `name_words` of a lexicon has what becomes
of such words; where it has nothing, a phrase counts that shares a word with a name of the site, if
the page has that name elsewhere: in its address, its keywords, the descriptions of its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from builder.clip.known import KnownName, SiteKnowledge
from builder.language.lexicon import lexicon
from builder.language.word_patterns import one_of
from builder.names.keys import slugify

_SPACE = r"\s+"
_CAPITAL_NOUNS = frozenset(("de", "lb"))  # a capital tells nothing there
_GENERIC = frozenset(("ai", "labs", "lab", "group", "systems", "technologies"))


class LostName(NamedTuple):
    """What a text has in place of a company's name."""

    written: str
    name: KnownName


def find_lost_names(
    names: Sequence[KnownName], texts: Sequence[str], language: str, elsewhere: Iterable[str]
) -> list[LostName]:
    """Return the names that a text has translated.

    `elsewhere` are the address of the page and other text of it that nobody translates."""
    if language in ("", "en"):
        return []
    whole = "\n".join(texts)
    slugs = f"-{slugify(' '.join(elsewhere))}-"
    found: dict[str, LostName] = {}
    for name in names:
        if not name.kept:
            continue
        for called in name.names:
            is_there = re.search(rf"(?<!\w){re.escape(called)}(?!\w)", whole) is not None
            is_elsewhere = f"-{slugify(called)}-" in slugs
            if " " in called or is_elsewhere or language not in _CAPITAL_NOUNS:
                for written in _by_dictionary(called, whole, language):
                    found.setdefault(written.casefold(), LostName(written, name))
            if is_elsewhere and not is_there:
                for written in _by_its_other_word(called, whole):
                    found.setdefault(written.casefold(), LostName(written, name))
    own = {called.casefold() for name in names for called in name.names}
    kept = [lost for key, lost in found.items() if key not in own]
    return [lost for lost in kept if not _is_part(lost, kept)]


def with_lost_names(known: SiteKnowledge, lost: Sequence[LostName]) -> SiteKnowledge:
    """Return what a site knows, with lost names as aliases."""
    companies = tuple(
        name._replace(
            names=(*name.names, *(one.written for one in lost if one.name.name == name.name))
        )
        for name in known.companies
    )
    return known._replace(companies=companies)


def _is_part(lost: LostName, found: Sequence[LostName]) -> bool:
    """Return whether a longer phrase for the same name has it: Schaalbare in Schaalbare AI."""
    return any(
        other.name == lost.name and other is not lost and f"{lost.written} " in other.written
        for other in found
    )


def _by_dictionary(called: str, text: str, language: str) -> Iterator[str]:
    """Yield what stands for a name whose words the lexicon translates."""
    dictionary = lexicon(language).name_words
    words = called.split()
    known = [dictionary.get(word.casefold(), ()) for word in words]
    if not any(known):
        return
    parts = [
        f"(?:{one_of(forms, _SPACE)})" if forms else re.escape(word)
        for word, forms in zip(words, known, strict=True)
    ]
    pattern = re.compile(rf"(?<!\w){_SPACE.join(parts)}(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(text):
        written = match[0]
        # One word is a name only with a capital, within a sentence.
        before = text[max(0, match.start() - 3) : match.start()]
        within = len(words) > 1 or re.search(r"[^\W\d_],?\s$", before)
        if written[:1].isupper() and within and written.casefold() != called.casefold():
            yield written


def _by_its_other_word(called: str, text: str) -> Iterator[str]:
    """Yield phrases with the last word of a name, and another capitalised word before it."""
    first, _, last = called.rpartition(" ")
    if not first or last.casefold() not in _GENERIC:
        return
    pattern = re.compile(rf"(?<!\w)([^\W\d_a-z][^\W\d_]{{2,}})\s+{re.escape(last)}(?!\w)")
    for match in pattern.finditer(text):
        if match[1].casefold() != first.casefold() and _is_like(match[1], first):
            yield match[0]


def _is_like(word: str, other: str) -> bool:
    """Return whether two words share their consonants, as words of one root do."""
    a, b = _consonants(word), _consonants(other)
    return len(b) >= 2 and (a.startswith(b) or b.startswith(a)) and len(a) >= 2


def _consonants(word: str) -> str:
    text = slugify(word).replace("-", "")
    for spelt, sound in (("sch", "sk"), ("ch", "k"), ("ck", "k"), ("c", "k"), ("ph", "f")):
        text = text.replace(spelt, sound)
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyh]", "", text))
