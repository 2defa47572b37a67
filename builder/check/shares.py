"""A brief's figures -> those that tell how large a part of a whole is, and what no part can be.

A growth, a margin or a return may be negative or more than the whole, so only what is called a
share or a stake is taken for one: by its last noun (`market share`, `share of staff`), and not
where something else is said of it (`growth of the share`, `share price`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.ledger.figures import compute
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.relation import RelationType
from builder.names.keys import name_key
from builder.quantity.quantity import Quantity, as_written

_STAKES = frozenset(map(name_key, ("stake", "belang", "Beteiligung", "Anteil", "participation")))
# What one owns of another; a figure in percent that measures it is a stake, whatever it is called.
_OWNED: tuple[RelationType, ...] = ("minority stake", "acquisition", "parent")
_WHOLE, _HALF = Decimal(100), Decimal(50)

_LEADS = (
    "of|in|on|by|per|as|to|from|with|van|aan|op|voor|an|am|im|von|vom|der|des|du|de|d['’]|à|par"
)
_SHARE = re.compile(
    rf"(?:(?!(?:{_LEADS})\b)[^\s]+\s+){{0,3}}?"
    r"(?:stakes?|share|portion|\w*belang|\w*aandeel|\w*beteiligung|\w*anteil|part|participation)"
    r"(?:\s+(?:of|in|van|aan|an|am|im|von|vom|der|des|du|de)\s.*|\s+d['’].*)?",
    re.IGNORECASE,
)
# What may be lost or missed is no whole: one division's profit may be more than that of all.
_NO_WHOLE = re.compile(
    r"profit|income|earning|ebit|loss|cash|margin|return|growth|gain|increase|rise|decline|change"
    r"|target|plan|goal|quota|budget|forecast|guidance|estimate|capacity|price|premium|discount"
    r"|winst|verlies|resultaat|groei|stijging|daling|doel|begroting|prijs"
    r"|gewinn|verlust|ergebnis|wachstum|zuwachs|rückgang|ziel|preis"
    r"|bénéfice|résultat|perte|croissance|hausse|baisse|objectif|prix",
    re.IGNORECASE,
)
# What a company spends or owes is measured by these, and may be more.
_MEASURE = re.compile(
    r"revenue|sales|turnover|gdp|assets|equity|valu|omzet|bbp|waarde|umsatz|bip|wert|chiffre|pib",
    re.IGNORECASE,
)


def is_stake(figure: Figure) -> bool:
    """Whether it tells by its name how much of a company is owned."""
    return name_key(figure.metric) in _STAKES


def check_shares(context: BriefContext) -> Iterator[Finding]:
    """Shares below nothing or above the whole; minority stakes of more than half."""
    brief = context.written
    values = compute(brief.figures).values
    parts = {figure.id for figure in brief.figures if not _NO_WHOLE.search(figure.metric)}
    percent = {name: it for name, it in values.items() if it.unit == "%" and name in parts}
    if not percent:
        return
    owned = {r.figure for r in brief.relations if r.type in _OWNED}
    for n, figure in enumerate(brief.figures):
        value = percent.get(figure.id)
        if value is None or not (figure.id in owned or _is_share(figure)):
            continue
        may_exceed = _may_exceed(figure) and figure.id not in owned
        if _below_nothing(value) or (_above(value, _WHOLE) and not may_exceed):
            message = f"`{figure.metric}` is {as_written(value)}, and a share is from 0% to 100%"
            hint = "check the number; how a share changed is another metric: `change of the stake`"
            if figure.formula:
                hint = "check which figure is divided by which"
            field = "formula" if figure.formula else "value"
            yield Finding(f"figures.{n}.{field}", "impossible-share", message, hint)
    yield from _majorities(brief, percent)


def _majorities(brief: Brief, percent: dict[str, Quantity]) -> Iterator[Finding]:
    for n, relation in enumerate(brief.relations):
        value = percent.get(relation.figure)
        if relation.type != "minority stake" or value is None:
            continue
        if _above(value, _HALF) and not _above(value, _WHOLE):
            message = f"a minority stake is less than half, and `{relation.figure}` is"
            hint = "write `parent` for who has the say, or `investor`; or check the figure"
            at = f"relations.{n}.figure"
            yield Finding(at, "impossible-share", f"{message} {as_written(value)}", hint)


def _is_share(figure: Figure) -> bool:
    return bool(_SHARE.fullmatch(figure.metric))


def _may_exceed(figure: Figure) -> bool:
    return not figure.to and bool(_MEASURE.search(figure.metric))


def _below_nothing(value: Quantity) -> bool:
    return value.low < 0 or (value.high == 0 and value.bound == "less than")


def _above(value: Quantity, limit: Decimal) -> bool:
    """Whether it is surely more: what is at most 60% need not be."""
    if value.bound in ("up to", "less than"):
        return value.high > limit == _WHOLE
    return value.high > limit or (value.low == limit and value.bound == "more than")
