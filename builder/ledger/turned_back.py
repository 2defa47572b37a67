"""What briefs state, turned back to a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec.structs import replace

from builder.diagnostics.misread import Misread
from builder.ledger.figures import compute
from builder.model.figure import Figure
from builder.model.outline import Outline
from builder.model.statement import Correction
from builder.model.time import Moment
from builder.quantity.formula import operands
from builder.quantity.parse import parse_quantity
from builder.quantity.quantity import Quantity, same_amount, unit_key


def counts(brief: Outline, at: datetime) -> bool:
    """Return whether a brief is published at a moment."""
    return brief.date.at <= at and (brief.expires is None or brief.expires.at > at)


def moments_of(brief: Outline, until: datetime, *more: Moment | None) -> list[Moment]:
    """Return when what a brief states may change, in order."""
    if not more and brief.expires is None:
        return [brief.date] if brief.date.at <= until else []
    found = {
        m.at: m for m in (*more, brief.expires, brief.date) if m and brief.date.at <= m.at <= until
    }
    return [found[at] for at in sorted(found)]


def as_known(brief: Outline, now: datetime) -> Outline:
    """Return a brief with its figures as known at a moment."""
    if not brief.corrections or not brief.figures:
        return brief
    later = [correction for correction in brief.corrections if correction.at.at > now]
    return replace(brief, figures=turned_back(brief.figures, later)) if later else brief


def turned_back(figures: tuple[Figure, ...], later: Iterable[Correction]) -> tuple[Figure, ...]:
    """Return figures as they were before some corrections, the latest undone first."""
    kept = [*figures]
    for _ in _undo(kept, later):
        pass
    return tuple(kept)


def _undo(kept: list[Figure], corrections: Iterable[Correction]) -> Iterator[tuple[int, Moment]]:
    """Undo corrections, the latest first; yield the index of each figure, and when it changed."""
    for correction in sorted(corrections, key=lambda c: c.at.at, reverse=True):
        was, now = _quantity(correction.was), _quantity(correction.now)
        found = [n for n, figure in enumerate(kept) if now and _is(figure.value, now)]
        if was and len(found) == 1:
            kept[found[0]] = replace(kept[found[0]], value=was)
            yield found[0], correction.at


def known_since(
    figures: tuple[Figure, ...], published: Moment, corrections: Iterable[Correction]
) -> dict[str, Moment]:
    """Return since when each figure of a brief is known, by id.

    That is its publication, or the last correction of the figure or of an operand of its
    formula."""
    corrected: dict[str, Moment] = {}
    since = [correction for correction in corrections if correction.at.at > published.at]
    for number, at in _undo([*figures], since):
        corrected.setdefault(figures[number].id, at)
    found: dict[str, Moment] = {
        figure.id: corrected.get(figure.id, published) for figure in figures
    }
    if corrected:
        computed = compute(figures)
        for id in computed.values:  # operands come before what they make
            if id in computed.formulas:
                given = (found[o.id] for o in operands(computed.formulas[id]) if o.id in found)
                found[id] = max(given, key=lambda moment: moment.at, default=published)
    return found


def _quantity(text: str) -> Quantity | None:
    """Return the quantity that a text consists of, if it does."""
    try:
        return parse_quantity(text.strip().removesuffix(".")) if text else None
    except Misread:
        return None


def _is(value: Quantity | None, other: Quantity) -> bool:
    same_unit = value is not None and unit_key(value.unit) == unit_key(other.unit)
    return value is not None and same_unit and same_amount(value, other)
