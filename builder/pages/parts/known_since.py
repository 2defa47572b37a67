"""Since when figures and relations are known: the second clock beside when they were so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.ledger.fact_change import FactChange
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord
from builder.ledger.turned_back import known_since as known_values
from builder.ledger.turned_back import turned_back
from builder.model.time import Moment
from builder.pages.planner import Planner


def known_since(plan: Planner, value: FigureRecord) -> Moment:
    """Return when a brief stated a figure, or last corrected it.

    Of the versions of a story, that is the one whose change the feeds of changes tell."""
    brief, id = value.first or value.name
    outline, entry = plan.view.outline(brief), plan.view.entry(brief)
    if not entry.corrected:
        return outline.date
    known = plan.view.once(f"known {brief}", lambda: _known_in(plan, brief))
    return known.get(id, outline.date)


def _known_in(plan: Planner, slug: str) -> Mapping[str, Moment]:
    outline, shown = plan.view.outline(slug), plan.view.entry(slug).corrected
    later = [c for n, c in enumerate(outline.corrections) if n not in shown]
    figures = turned_back(outline.figures, later)
    return known_values(figures, outline.date, [outline.corrections[n] for n in shown])


def earliest(moments: Iterable[Moment]) -> Moment:
    """Return the first of some moments."""
    return min(moments, key=lambda moment: moment.at)


def relations_known(changes: Iterable[FactChange]) -> dict[tuple[str, str, str], Moment]:
    """Return since when each relation is known as it stands.

    `changes` are in order of time. That its date has come is not news: a relation that ended as
    announced is known since it was announced."""
    found: dict[tuple[str, str, str], Moment] = {}
    stated: dict[tuple[str, str, str], tuple[object, ...]] = {}
    for change in changes:
        now = change.now
        if isinstance(now, RelationRecord):
            measured = now.measured.value if now.measured else None
            says = (now.planned, now.since, now.until, measured)
            if stated.get(now.key) != says:
                stated[now.key], found[now.key] = says, change.at
    return found
