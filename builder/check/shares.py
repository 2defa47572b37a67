"""Check figures that are shares of a whole for impossible values.

Growth, margins and returns may be negative or exceed 100%, so only a metric that is called a share
or a stake counts as one: by its head noun (`market share`, `share of staff`), but not in other
phrases (`growth of the share`, `share price`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.language.word_patterns import is_elided, of_all, one_of
from builder.ledger.figures import compute
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.relation import RelationType
from builder.names.keys import name_key
from builder.quantity.quantity import Quantity, as_written

# What one owns of another; a figure in percent that measures it is a stake, whatever it is called.
_OWNED: tuple[RelationType, ...] = ("minority stake", "acquisition", "parent")
_WHOLE, _HALF = Decimal(100), Decimal(50)


@cache
def _stakes() -> frozenset[str]:
    """Return the keys of metrics that say how much of a company is owned."""
    return frozenset(map(name_key, of_all(lambda one: one.shares.stakes)))


@cache
def _share() -> re.Pattern[str]:
    """Return a pattern of metrics that measure a part."""
    of = of_all(lambda one: one.shares.of)
    return re.compile(
        rf"(?:(?!(?:{one_of(of_all(lambda one: one.shares.leads))})\b)[^\s]+\s+){{0,3}}?"
        rf"(?:{one_of(of_all(lambda one: one.shares.nouns))})"
        rf"(?:\s+(?:{one_of(word for word in of if not is_elided(word))})\s.*"
        rf"|\s+(?:{one_of(filter(is_elided, of))}).*)?",
        re.IGNORECASE,
    )


@cache
def _no_whole() -> re.Pattern[str]:
    """Return a pattern of metrics that do not add up to a whole.

    The profit of one division may exceed that of the company."""
    return re.compile(one_of(of_all(lambda one: one.shares.not_wholes)), re.IGNORECASE)


@cache
def _measure() -> re.Pattern[str]:
    """Return a pattern of metrics that may be less than what is measured by them.

    A company may spend or owe more than its revenue."""
    return re.compile(one_of(of_all(lambda one: one.shares.measures)), re.IGNORECASE)


def is_stake(figure: Figure) -> bool:
    """Return whether a figure's metric is a stake in a company."""
    return name_key(figure.metric) in _stakes()


def check_shares(context: BriefContext) -> Iterator[Finding]:
    """Yield shares outside 0% to 100%, and minority stakes above half."""
    brief = context.written
    values = compute(brief.figures).values
    parts = {figure.id for figure in brief.figures if not _no_whole().search(figure.metric)}
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
    return bool(_share().fullmatch(figure.metric))


def _may_exceed(figure: Figure) -> bool:
    return not figure.to and bool(_measure().search(figure.metric))


def _is_negative(value: Quantity) -> bool:
    return value.low < 0 or (value.high == 0 and value.bound == "less than")


def _above(value: Quantity, limit: Decimal) -> bool:
    """Return whether a value is certainly above a limit.

    `up to 60%` need not be above 50%."""
    if value.bound in ("up to", "less than"):
        return value.high > limit == _WHOLE
    return value.high > limit or (value.low == limit and value.bound == "more than")
