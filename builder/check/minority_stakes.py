"""Check for headings that call a minority stake a purchase."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from builder.check.context import BriefContext
from builder.check.shares import is_stake
from builder.diagnostics.diagnostic import Finding
from builder.language.word_patterns import NEVER, expression, of_all, one_of, whole
from builder.ledger.figures import compute
from builder.model.brief import Brief
from builder.patterns import pattern


class Stake(NamedTuple):
    """A minority stake: both companies, and the field that states it."""

    owner: str
    owned: str
    at: str


_HALF = Decimal(50)


def minority_stakes(brief: Brief) -> Iterator[Stake]:
    """Yield the minority stakes in the relations and figures of a brief."""
    for n, relation in enumerate(brief.relations):
        if relation.type == "minority stake":
            yield Stake(relation.subject, relation.to, f"relations.{n}.type")
    if not any(map(is_stake, brief.figures)):
        return
    values = compute(brief.figures).values
    for n, figure in enumerate(brief.figures):
        value = values.get(figure.id)
        if value is None or not figure.to or not is_stake(figure):
            continue
        if (
            value.unit == "%"
            and value.high < _HALF
            and value.bound not in ("at least", "more than")
        ):
            yield Stake(figure.of, figure.to, f"figures.{n}.value")


_SENTENCE = pattern(r"[.;:!?؟](?=\s|$)|[。；！？]")


@cache
def _perhaps() -> re.Pattern[str]:
    """Return a pattern of words by which a purchase is possible, wanted or denied."""
    return re.compile(whole(of_all(lambda one: one.purchase.hedges)), re.IGNORECASE)


@cache
def _not_so() -> re.Pattern[str]:
    """Return a pattern of what denies a purchase behind it."""
    return re.compile(rf"\s+(?:\S+\s+)?(?:{_words('denials')})\b", re.IGNORECASE)


@cache
def _words(key: str) -> str:
    """Return an expression for the words of a key in the section `purchase` of any lexicon."""
    return one_of(of_all(lambda one: getattr(one.purchase, key)), r"\s+")


@cache
def _split_verbs() -> dict[str, str]:
    """Return expressions for verbs of two parts, by that for their second part."""
    verbs: dict[str, list[str]] = {}
    for verb in of_all(lambda one: one.purchase.split_verbs):
        first, second = verb.split(" … ")
        verbs.setdefault(expression(second), []).append(first)
    return {second: one_of(firsts) for second, firsts in verbs.items()}


def check_minority_stakes(context: BriefContext) -> Iterator[Finding]:
    """Yield titles, summaries and headings that call a minority stake a purchase."""
    brief = context.written
    if stakes := [*minority_stakes(brief)]:
        yield from called_purchases(_headings(brief), stakes, context.view.company_names)


def _headings(brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield a brief's title, summary and headings, each with its field."""
    yield from (("title", brief.title), ("summary", brief.summary))
    yield from (("title", heading.text) for heading in brief.body.headings)


def called_purchases(
    texts: Iterable[tuple[str, str]],
    stakes: Iterable[Stake],
    names: Callable[[str], Iterable[str]],
) -> Iterator[Finding]:
    """Yield texts that call a minority stake a purchase.

    An example is `Meta acquires Scale AI`. Each of `texts` has its field; `names` returns every
    name of a company."""
    texts = [(at, text) for at, text in texts if text]
    for stake in {(stake.owner, stake.owned): stake for stake in stakes}.values():
        owner, owned = (*names(stake.owner),), (*names(stake.owned),)
        patterns = _purchase(_any_of(owner), _any_of(owned)), _phrase(owner, owned)
        for at, text in texts:
            matches = (match for pattern in patterns for match in pattern.finditer(text))
            if found := next(filter(_is_asserted, matches), None):
                message = f"`{found[0]}` calls a minority stake a purchase"
                hint = "write that it takes a stake"
                yield Finding(at, "acquires-minority", message, hint)


def _is_asserted(found: re.Match[str]) -> bool:
    """Return whether a sentence states a match as a fact.

    A question, a negation or a word such as `could` does not."""
    text = found.string
    begin = max((end.end() for end in _SENTENCE.finditer(text, 0, found.start())), default=0)
    end = _SENTENCE.search(text, found.end())
    asks = end is not None and end[0] in "?？؟"
    unsure = _perhaps().search(text, begin, found.end()) or _not_so().match(text, found.end())
    return not (asks or unsure)


def _purchase(owner: str, owned: str) -> re.Pattern[str]:
    """Return a pattern that matches a purchase of one company by another.

    It matches the active, the passive (with or without the buyer) and nouns. At most two words may
    stand between a verb and its object. A purchase from a company (`Scale AI's data`) does not
    match."""
    parts, buys, bought = _words("parts"), _words("verbs"), _words("participles")
    by, nouns = _words("by"), rf"(?:{_words('nouns')})\s+(?:{_words('of')})"
    few = rf"(?:\s+(?!(?:{parts}|{_words('elsewhere')})\b)[^\s.;:!?%]+){{0,2}}?\s+"
    alone = rf"(?!['’]|-?\s*(?:{parts}|{_words('other_things')})\b)"
    itself = rf"(?!\s+(?:{parts}|{_words('other_things')})\b)"
    noun = rf"{nouns}\s+{owned}{alone}"
    split = "".join(
        rf"|(?<!\w){owner}\s+(?:{first})\s+{owned}(?:\s+\w+)??\s+{second}\b"
        for second, first in _split_verbs().items()
    )
    return re.compile(
        rf"(?<!\w){owner}(?:\s+\w+)??\s+(?:{buys}){few}{owned}{alone}"
        rf"|(?<!\w){owned}{itself}{few}(?:{bought})(?=\s+(?:{by})\s+{owner}|\s*(?:$|[.,;:!?]))"
        rf"|(?<!\w){owned}\s+(?:{bought})(?=\s+(?:{by})\s+{owner}|\s*(?:$|[.,;:!?]))"
        rf"|(?<!\w){owned}\s+(?:{_words('passive')})\s+(?:(?:{bought})\s+(?:{by})\s+{owner}"
        rf"|(?:{by})\s+{owner}\s+(?:{bought})\b){split}"
        rf"|(?<!\w){owner}(?:{_words('possessive')})(?:\s+[^\s.;:!?%]+){{0,2}}?\s+{noun}"
        rf"|(?<!\w){owner}\s+(?:{_words('announcing')})(?:\s+[^\s.;:!?%]+){{0,2}}?\s+{noun}"
        rf"|\b{noun}\s+(?:{by})\s+{owner}",
        re.IGNORECASE,
    )


def _phrase(owner: Iterable[str], owned: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of what lexicons say of a purchase in phrases of their own.

    Their `OWNER` and `OWNED` stand for names, beside which a script without spaces goes on."""
    buyer, bought = (
        rf"(?<![A-Za-z0-9])(?>{_longest_first(names)})(?![A-Za-z0-9])" for names in (owner, owned)
    )
    alone = rf"{bought}(?!['’]|-?\s*(?:{_words('parts')}|{_words('other_things')})\b)"
    phrases = "|".join(of_all(lambda one: one.purchase.patterns)) or NEVER
    return re.compile(phrases.replace("OWNER", buyer).replace("OWNED", alone), re.IGNORECASE)


def _longest_first(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)"


def _any_of(names: Iterable[str]) -> str:
    return rf"(?>{_longest_first(names)})(?!\w)"  # `Scale` of Scale AI is not tried
