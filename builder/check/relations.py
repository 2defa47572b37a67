"""Check each relation that a brief states on its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from builder.diagnostics.diagnostic import Finding
from builder.ledger.ids import unknown_id
from builder.model.brief import Brief
from builder.model.relation import Relation
from builder.site.view import View


def check_relations(view: View, brief: Brief, figures: Collection[str]) -> Iterator[Finding]:
    """Yield unknown companies, sources and figures, and impossible dates.

    `figures` has the ids of the brief's figures."""
    sources = dict.fromkeys(str(source.id) for source in brief.sources)
    for n, relation in enumerate(brief.relations):
        at = f"relations.{n}"
        yield from _companies(view, relation, at)
        yield from _dates(relation, at)
        if brief.broken:
            continue  # the ids may not have been read
        if relation.source and relation.source not in sources:
            yield unknown_id(f"{at}.source", "source", relation.source, sources)
        if relation.figure and relation.figure not in figures:
            yield unknown_id(f"{at}.figure", "figure", relation.figure, figures)


def _companies(view: View, relation: Relation, at: str) -> Iterator[Finding]:
    known = True
    for field, name in (("from", relation.subject), ("to", relation.to)):
        if name and not view.meaning("companies", name):
            known = False
            if found := view.everything.names.unknown_company(f"{at}.{field}", name):
                yield found
    names = [view.company_names(name) for name in (relation.subject, relation.to) if name]
    # A company that was merged into the other later is not a mistake.
    if known and len(names) == 2 and names[0] == names[1] != ():
        message = f"the relation is between `{relation.to}` and itself"
        hint = "name two different companies"
        yield Finding(f"{at}.to", "relation-to-itself", message, hint)


def _dates(relation: Relation, at: str) -> Iterator[Finding]:
    since, until = relation.since, relation.until
    if since and until and until.on and until.on.end <= since.at:
        message = f"the relation ends ({until.iso}) before it begins ({since.iso})"
        yield Finding(f"{at}.until", "until-before-since", message, "check both dates")
    if relation.planned and until and not until.on:
        message = "the relation has not begun, but its end is already planned"
        hint = "remove `planned: true`, or write when the plan was dropped: `until: 2025-07-11`"
        yield Finding(f"{at}.until", "unclear-relation", message, hint)
