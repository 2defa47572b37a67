"""A company's relations on its page, with a map of its neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from builder.ledger.relations import RelationRecord
from builder.pages.parts.relation_wording import WORDINGS, role
from builder.pages.parts.relations import (
    ANCHOR,
    RelationGroup,
    RelationLine,
    RelationSentence,
    group_relations,
    note,
    relation_sentence,
    sentence,
    share,
)
from builder.pages.planner import Planner

if TYPE_CHECKING:
    from builder.pages.svg.graph import Edge, Map, Node
    from builder.pages.svg.graph import State as Drawn

_MOST = 12  # companies on a map, besides the centre
_FEWEST = 3  # relations that justify a map


class Relations(Struct, frozen=True, kw_only=True):
    """The relations of a company."""

    groups: Annotated[tuple[RelationGroup, ...], "Current and planned relations, by kind."]
    formerly: Annotated[tuple[RelationLine, ...], "Relations that have ended."]
    among: Annotated[
        tuple[RelationSentence, ...], "Relations between the other companies on the map."
    ]
    narrow: Annotated[str, "A map for narrow screens, as SVG, if any; print it with |safe."]
    wide: Annotated[str, "The same map for wide screens."]
    hidden: Annotated[int, "The number of companies that do not fit on the map."]


def company_relations(plan: Planner, slug: str) -> Relations | None:
    """Return a company's relations, or None if no brief states any.

    Ownership alone is not enough, since the company's facts show it.
    """
    ties = plan.view.relations_of(slug)
    if not any(tie.statements for tie in ties):
        return None
    groups, formerly = group_relations(plan, slug, ties)
    narrow, wide, hidden, among = _draw(plan, slug, ties, plan.view.relations_among(slug))
    return Relations(
        groups=groups,
        formerly=formerly,
        among=tuple(relation_sentence(plan, tie) for tie in among),
        narrow=narrow,
        wide=wide,
        hidden=hidden,
    )


# --- the map -----------------------------------------------------------------------------------

_DRAWN: dict[str, Drawn] = {
    "current": "current", "planned": "planned", "ending": "planned", "former": "former",
}  # fmt: skip
_LEGEND: tuple[tuple[Drawn, str], ...] = (
    ("current", "Current"), ("planned", "Planned to start or end"), ("former", "Ended"),
)  # fmt: skip


def _draw(
    plan: Planner, slug: str, ties: Sequence[RelationRecord], among: Sequence[RelationRecord]
) -> tuple[str, str, int, list[RelationRecord]]:
    """Return a narrow and a wide map, and what they show.

    Returns both maps, the number of companies left out, and the relations between the others.

    These are the relations between the companies on the map. The maps are empty if there is too
    little to draw.
    """
    if len(ties) + len(among) < _FEWEST:
        return "", "", 0, []
    from builder.pages.svg.graph import Map, choose_neighbours
    from builder.pages.svg.relation_map import (
        draw_map,
    )  # imported here because few builds draw a map

    name = plan.company(slug).name
    others = dict.fromkeys(tie.other(slug) for tie in ties)
    whole = Map(
        title=f"Companies connected to {name}",
        description="",
        centre=slug,
        nodes=tuple(_node(plan, other) for other in (slug, *others)),
        edges=tuple(_edge(plan, tie) for tie in (*ties, *_foremost(among))),
        states=_LEGEND,
        language=plan.language,
        prefix="map",
    )
    map, hidden = choose_neighbours(whole, _MOST)
    shown = {node.id for node in map.nodes}
    kept = [tie for tie in among if {tie.of, tie.to} <= shown]
    return draw_map(map), draw_map(_widened(map), wide=True), hidden, kept


def _foremost(ties: Sequence[RelationRecord]) -> list[RelationRecord]:
    """Return one relation for each pair of companies.

    A margin with all of them would be hard to follow, and the list has them anyway.
    """
    order = [*WORDINGS]
    found: dict[frozenset[str], RelationRecord] = {}
    for tie in sorted(ties, key=lambda tie: order.index(tie.type)):
        found.setdefault(frozenset((tie.of, tie.to)), tie)
    return [tie for tie in ties if tie in found.values()]


def _widened(map: Map) -> Map:
    """Return the map with its own ids, since one page has both."""
    return map._replace(prefix="wide-map")


def _node(plan: Planner, slug: str) -> Node:
    from builder.pages.svg.graph import Node

    company = plan.view.company(slug)
    return Node(slug, company.name, company.kind or "", company.url)


def _edge(plan: Planner, tie: RelationRecord) -> Edge:
    from builder.pages.svg.graph import Edge

    language, wording = plan.language, WORDINGS[tie.type]
    part, dated = share(tie, tie.measured, language), note(tie, tie, language)
    label, inverse = (
        ", ".join(filter(None, (role(side, part), dated))) for side in (wording.of, wording.to)
    )
    last = tie.statements[0] if tie.statements else None
    return Edge(
        tie.of,
        tie.to,
        label,
        sentence(plan, tie, language),
        _DRAWN[tie.state],
        wording.of is wording.to,
        f"{plan.view.outline(last.brief).url}{ANCHOR}" if last else None,
        inverse,
    )
