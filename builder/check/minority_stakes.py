"""Who owns less than half of whom -> where a brief writes as if one had bought the other."""

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


# To buy a whole company, in English, Dutch, German and French: before its name, and behind it.
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
_IS = "is|was|wordt|werd|wird|wurde|ist"  # before who buys: `wird von Meta übernommen`
_PURCHASE = "acquisition|takeover|purchase|buyout|overname|Übernahme|Kauf|rachat"
_DONE = "announces?|announced|closes?|closed|completes?|completed"
# What says before a purchase that it is possible, wanted or denied.
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
# What says that only a part is bought: before the name, and behind it.
_PART = (
    "stakes?|shares?|part|half|minority|of|in|belang|aandeel|aandelen|Anteile?|Beteiligung"
    "|participation|actions?|contracts?|assets?|customers?"
)
# What says that something else is bought: `buys data from …`, `buys into …`, `… and`; or nothing.
_ELSE = (
    "from|into|for|with|at|on|to|through|via|over|against|as|while|after|before|because|and|or|but"
    "|van|voor|bij|met|aan|uit|op|en|als|terwijl|na|von|für|bei|mit|aus|und|oder|nach"
    "|à|chez|pour|avec|et|ou|not|never|niet|nooit|nicht|nie|pas"
)
# What makes a company's name part of another thing's: `Scale AI rival Turing`.
_NOT_IT = (
    "rivals?|competitors?|challengers?|suppliers?|investors?|partners?|founders?|spin-?offs?"
    "|talent|staff|employees|engineers|data|labels|services|technology|chips|software|licen[cs]es?"
    "|concurrent(?:en)?|rivaal|leverancier|personeel|Konkurrent(?:en)?|Rivalen?"
)


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
    unsure = _PERHAPS.search(text, begin, found.end()) or _NOT_SO.match(text, found.end())
    return not (asks or unsure)


def _purchase(owner: str, owned: str) -> re.Pattern[str]:
    """That one buys the other, or that the other is bought: by the one, or by nobody who is named.
    At most two words stand between a verb and the name that it is about. Whoever buys what is the
    company's (`Scale AI's data`) buys something else."""
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
