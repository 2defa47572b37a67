"""Who owns less than half of whom -> where a brief writes as if one had bought the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from builder.check.context import BriefContext
from builder.check.shares import is_stake
from builder.diagnostics.diagnostic import Finding
from builder.language.word_patterns import expression, of_all, one_of, whole
from builder.ledger.figures import compute
from builder.model.brief import Brief


class Stake(NamedTuple):
    """A minority stake: of whom in whom, by their slugs or names as written, and the field that
    says so."""

    owner: str
    owned: str
    at: str


_HALF = Decimal(50)


def minority_stakes(brief: Brief) -> Iterator[Stake]:
    """The minority stakes that the relations and the figures of a brief tell of."""
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


_SENTENCE = re.compile(r"[.;:!?](?=\s|$)")


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
    """Titles, summaries and headings that call a minority stake a purchase."""
    brief = context.written
    if stakes := [*minority_stakes(brief)]:
        yield from called_purchases(_headings(brief), stakes, context.view.company_names)


def _headings(brief: Brief) -> Iterator[tuple[str, str]]:
    """What stands over a brief and its parts, each with its field."""
    yield from (("title", brief.title), ("summary", brief.summary))
    yield from (("title", heading.text) for heading in brief.body.headings)


def called_purchases(
    texts: Iterable[tuple[str, str]],
    stakes: Iterable[Stake],
    names: Callable[[str], Iterable[str]],
) -> Iterator[Finding]:
    """Every text (with its field) that calls a minority stake a purchase: `Meta acquires Scale AI`,
    `Scale AI is acquired by Meta`. `names` gives every name of a company."""
    texts = [(at, text) for at, text in texts if text]
    for stake in {(stake.owner, stake.owned): stake for stake in stakes}.values():
        pattern = _purchase(_any_of(names(stake.owner)), _any_of(names(stake.owned)))
        for at, text in texts:
            if found := next(filter(_is_told, pattern.finditer(text)), None):
                message = f"`{found[0]}`: by the brief's own word it is a stake of less than half"
                hint = "say that it takes a stake; the company is not bought"
                yield Finding(at, "acquires-minority", message, hint)


def _is_told(found: re.Match[str]) -> bool:
    """Whether a sentence says it as a fact: it does not ask, and no word says perhaps, or not."""
    text = found.string
    begin = max((end.end() for end in _SENTENCE.finditer(text, 0, found.start())), default=0)
    end = _SENTENCE.search(text, found.end())
    asks = end is not None and end[0] == "?"
    unsure = _perhaps().search(text, begin, found.end()) or _not_so().match(text, found.end())
    return not (asks or unsure)


def _purchase(owner: str, owned: str) -> re.Pattern[str]:
    """That one buys the other, or that the other is bought: by the one, or by nobody who is named.
    At most two words stand between a verb and the name that it is about. Whoever buys what is the
    company's (`Scale AI's data`) buys something else."""
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


def _any_of(names: Iterable[str]) -> str:
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    return rf"(?>{'|'.join(longest) or '(?!)'})(?!\w)"  # `Scale` of Scale AI is not tried
