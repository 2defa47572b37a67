"""A company -> its relations on its page, with the map of its neighbourhood."""

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
    sentence,
    share,
    told,
)
from builder.pages.planner import Planner

if TYPE_CHECKING:
    from builder.pages.svg.graph import Edge, Map, Node
    from builder.pages.svg.graph import State as Drawn

_MOST = 12  # companies on a map beside its own
_FEWEST = 3  # relations that a map is drawn for


class Relations(Struct, frozen=True, kw_only=True):
    """The relations of a company."""

    groups: Annotated[tuple[RelationGroup, ...], "What holds, or is planned, by kind."]
    formerly: Annotated[tuple[RelationLine, ...], "What is over."]
    among: Annotated[
        tuple[RelationSentence, ...], "What those on the map have to do with each other."
    ]
    narrow: Annotated[str, "A map for small screens, as SVG, or nothing; print it with |safe."]
    wide: Annotated[str, "The same for wide ones."]
    hidden: Annotated[int, "How many companies the map has no room for."]


def company_relations(plan: Planner, slug: str) -> Relations | None:
    """The relations of a company; none where no brief states one, since who owns
    it is among its facts."""
    ties = plan.view.relations_of(slug)
    if not any(tie.statements for tie in ties):
        return None
    groups, formerly = group_relations(plan, slug, ties)
    narrow, wide, hidden, among = _draw(plan, slug, ties, plan.view.relations_among(slug))
    return Relations(
        groups=groups,
        formerly=formerly,
        among=tuple(told(plan, tie) for tie in among),
        narrow=narrow,
        wide=wide,
        hidden=hidden,
    )


# --- the map -----------------------------------------------------------------------------------

_DRAWN: dict[str, Drawn] = {
    "current": "current", "planned": "planned", "ending": "planned", "former": "former",
}  # fmt: skip
_LEGEND: tuple[tuple[Drawn, str], ...] = (
    ("current", "Holds"), ("planned", "To begin or to end"), ("former", "Over"),
)  # fmt: skip


def _draw(
    plan: Planner, slug: str, ties: Sequence[RelationRecord], among: Sequence[RelationRecord]
) -> tuple[str, str, int, list[RelationRecord]]:
    """A narrow and a wide map, how many companies they leave out, and the relations among those
    that they show; nothing where there is little to draw."""
    if len(ties) + len(among) < _FEWEST:
        return "", "", 0, []
    from builder.pages.svg.graph import Map, choose_neighbours
    from builder.pages.svg.relation_map import draw_map  # many builds draw none

    name = plan.company(slug).name
    others = dict.fromkeys(tie.other(slug) for tie in ties)
    whole = Map(
        title=f"Companies around {name}",
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
    """One relation for each two companies: a margin with all of them would be hard to follow, and
    the list has them."""
    order = [*WORDINGS]
    found: dict[frozenset[str], RelationRecord] = {}
    for tie in sorted(ties, key=lambda tie: order.index(tie.type)):
        found.setdefault(frozenset((tie.of, tie.to)), tie)
    return [tie for tie in ties if tie in found.values()]


def _widened(map: Map) -> Map:
    """The same with ids of its own: both stand on one page."""
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
