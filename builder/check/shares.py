"""Check figures that are shares of a whole for impossible values.

Growth, margins and returns may be negative or exceed 100%, so only a metric that is called a share
or a stake counts as one: by its head noun (`market share`, `share of staff`), but not in other
phrases (`growth of the share`, `share price`)."""

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
# Relations of ownership: a percentage that measures one is a stake, whatever its metric.
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
# These are not wholes: the profit of one division may exceed that of the company.
_NO_WHOLE = re.compile(
    r"profit|income|earning|ebit|loss|cash|margin|return|growth|gain|increase|rise|decline|change"
    r"|target|plan|goal|quota|budget|forecast|guidance|estimate|capacity|price|premium|discount"
    r"|winst|verlies|resultaat|groei|stijging|daling|doel|begroting|prijs"
    r"|gewinn|verlust|ergebnis|wachstum|zuwachs|rückgang|ziel|preis"
    r"|bénéfice|résultat|perte|croissance|hausse|baisse|objectif|prix",
    re.IGNORECASE,
)
# Spending and debt are given as shares of these, and may exceed them.
_MEASURE = re.compile(
    r"revenue|sales|turnover|gdp|assets|equity|valu|omzet|bbp|waarde|umsatz|bip|wert|chiffre|pib",
    re.IGNORECASE,
)


def is_stake(figure: Figure) -> bool:
    """Return whether a figure's metric is a stake in a company."""
    return name_key(figure.metric) in _STAKES


def check_shares(context: BriefContext) -> Iterator[Finding]:
    """Yield shares outside 0% to 100%, and minority stakes above half."""
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
        if _is_negative(value) or (_above(value, _WHOLE) and not may_exceed):
            message = f"`{figure.metric}` is {as_written(value)}, but a share is from 0% to 100%"
            hint = "check the number, or name the metric of a change: `change of the stake`"
            if figure.formula:
                hint = "check which figure is the numerator and which the denominator"
            field = "formula" if figure.formula else "value"
            yield Finding(f"figures.{n}.{field}", "impossible-share", message, hint)
    yield from _majorities(brief, percent)


def _majorities(brief: Brief, percent: dict[str, Quantity]) -> Iterator[Finding]:
    for n, relation in enumerate(brief.relations):
        value = percent.get(relation.figure)
        if relation.type != "minority stake" or value is None:
            continue
        if _above(value, _HALF) and not _above(value, _WHOLE):
            message = f"a minority stake is less than half, but `{relation.figure}` is"
            hint = "write `parent` for an owner with control, write `investor`, or check the figure"
            at = f"relations.{n}.figure"
            yield Finding(at, "impossible-share", f"{message} {as_written(value)}", hint)


def _is_share(figure: Figure) -> bool:
    return bool(_SHARE.fullmatch(figure.metric))


def _may_exceed(figure: Figure) -> bool:
    return not figure.to and bool(_MEASURE.search(figure.metric))


def _is_negative(value: Quantity) -> bool:
    return value.low < 0 or (value.high == 0 and value.bound == "less than")


def _above(value: Quantity, limit: Decimal) -> bool:
    """Return whether a value is certainly above a limit.

    `up to 60%` need not be above 50%."""
    if value.bound in ("up to", "less than"):
        return value.high > limit == _WHOLE
    return value.high > limit or (value.low == limit and value.bound == "more than")
