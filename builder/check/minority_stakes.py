"""Check for headings that call a minority stake a purchase."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from builder.check.context import BriefContext
from builder.check.shares import is_stake
from builder.diagnostics.diagnostic import Finding
from builder.ledger.figures import compute
from builder.model.brief import Brief


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


# Buying a whole company, in English, Dutch, German and French: before its name, and after it.
_BUYS = (
    "acquires?|acquired|acquiring|buys?|bought|buying|takes? over|took over|taking over"
    "|snaps? up|snapped up|agree[sd]? to (?:acquire|buy)"
    "|koopt|kocht|kauft|kaufte|übernimmt|übernahm|achète|rachète|acquiert"
    r"|(?:a|va)\s+(?:racheter|rachet[ée]|achet[ée]|acheter|acquis|acquérir)"
)
_BOUGHT = (
    "acquired|bought|taken over|overgenomen|gekocht|opgekocht|übernommen|gekauft|rachetée?|acquise?"
)
_BY = "by|door|von|durch|par"
_IS = "is|was|wordt|werd|wird|wurde|ist"  # before the buyer: `wird von Meta übernommen`
_PURCHASE = "acquisition|takeover|purchase|buyout|overname|Übernahme|Kauf|rachat"
_DONE = "announces?|announced|closes?|closed|completes?|completed"
# Words before a purchase that make it possible, wanted or denied.
_PERHAPS = re.compile(
    r"\b(?:can|could|may|might|should|would|if|unless|whether|possibl[ey]|potential|rumou?red|talks"
    r"|considers?|considered|considering|denie[sd]|never|no|not|rule[sd]? out|wants?|without"
    r"|kan|kunnen|mag|wil|willen|zou|zouden|als|indien|eventuele|misschien|mogelijke?|overweegt"
    r"|ontkent|geen|niet|nooit|zonder"
    r"|kann|könnten?|soll|sollen|würden?|falls|ob|wenn|vielleicht|möglich\w*|erwägt|dementiert"
    r"|kein\w*|nicht|nie|ohne"
    r"|peut|pourrai(?:en)?t|aurai(?:en)?t|veut|voudrait|si|éventuel(?:le)?|envisage|dément|jamais"
    r"|ne|pas|sans)\b|\bn['’]",
    re.IGNORECASE,
)
_NOT_SO = re.compile(r"\s+(?:\S+\s+)?(?:not|niet|nicht|nooit|nie)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;:!?](?=\s|$)")
# Words for a part of a company: before its name, and after it.
_PART = (
    "stakes?|shares?|part|half|minority|of|in|belang|aandeel|aandelen|Anteile?|Beteiligung"
    "|participation|actions?|contracts?|assets?|customers?"
)
# Words that show that something else is bought, or nothing: `buys data from …`, `buys into …`.
_ELSE = (
    "from|into|for|with|at|on|to|through|via|over|against|as|while|after|before|because|and|or|but"
    "|van|voor|bij|met|aan|uit|op|en|als|terwijl|na|von|für|bei|mit|aus|und|oder|nach"
    "|à|chez|pour|avec|et|ou|not|never|niet|nooit|nicht|nie|pas"
)
# Words that make a company's name part of another name: `Scale AI rival Turing`.
_NOT_IT = (
    "rivals?|competitors?|challengers?|suppliers?|investors?|partners?|founders?|spin-?offs?"
    "|talent|staff|employees|engineers|data|labels|services|technology|chips|software|licen[cs]es?"
    "|concurrent(?:en)?|rivaal|leverancier|personeel|Konkurrent(?:en)?|Rivalen?"
)


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
        pattern = _purchase(_any_of(names(stake.owner)), _any_of(names(stake.owned)))
        for at, text in texts:
            if found := next(filter(_is_asserted, pattern.finditer(text)), None):
                message = f"`{found[0]}` calls a minority stake a purchase"
                hint = "write that it takes a stake"
                yield Finding(at, "acquires-minority", message, hint)


def _is_asserted(found: re.Match[str]) -> bool:
    """Return whether a sentence states a match as a fact.

    A question, a negation or a word such as `could` does not."""
    text = found.string
    begin = max((end.end() for end in _SENTENCE.finditer(text, 0, found.start())), default=0)
    end = _SENTENCE.search(text, found.end())
    asks = end is not None and end[0] == "?"
    unsure = _PERHAPS.search(text, begin, found.end()) or _NOT_SO.match(text, found.end())
    return not (asks or unsure)


def _purchase(owner: str, owned: str) -> re.Pattern[str]:
    """Return a pattern that matches a purchase of one company by another.

    It matches the active, the passive (with or without the buyer) and nouns. At most two words may
    stand between a verb and its object. A purchase from a company (`Scale AI's data`) does not
    match."""
    few = rf"(?:\s+(?!(?:{_PART}|{_ELSE})\b)[^\s.;:!?%]+){{0,2}}?\s+"
    whole = rf"(?!['’]|-?\s*(?:{_PART}|{_NOT_IT})\b)"
    itself = rf"(?!\s+(?:{_PART}|{_NOT_IT})\b)"
    noun = rf"(?:{_PURCHASE})\s+(?:of|van|von|de)\s+{owned}{whole}"
    return re.compile(
        rf"(?<!\w){owner}(?:\s+\w+)??\s+(?:{_BUYS}){few}{owned}{whole}"
        rf"|(?<!\w){owned}{itself}{few}(?:{_BOUGHT})(?=\s+(?:{_BY})\s+{owner}|\s*(?:$|[.,;:!?]))"
        rf"|(?<!\w){owned}\s+(?:{_BOUGHT})(?=\s+(?:{_BY})\s+{owner}|\s*(?:$|[.,;:!?]))"
        rf"|(?<!\w){owned}\s+(?:{_IS})\s+(?:(?:{_BOUGHT})\s+(?:{_BY})\s+{owner}"
        rf"|(?:{_BY})\s+{owner}\s+(?:{_BOUGHT})\b)"
        rf"|(?<!\w){owner}\s+(?:neemt|nam)\s+{owned}(?:\s+\w+)??\s+over\b"
        rf"|(?<!\w){owner}['’]s(?:\s+[^\s.;:!?%]+){{0,2}}?\s+{noun}"
        rf"|(?<!\w){owner}\s+(?:{_DONE})(?:\s+[^\s.;:!?%]+){{0,2}}?\s+{noun}"
        rf"|\b{noun}\s+(?:{_BY})\s+{owner}",
        re.IGNORECASE,
    )


def _any_of(names: Iterable[str]) -> str:
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    return rf"(?>{'|'.join(longest) or '(?!)'})(?!\w)"  # `Scale` of Scale AI is not tried
