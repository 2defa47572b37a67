"""A company's relations on its page, with a map of its neighbourhood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from msgspec import Struct

from builder.language.collation import SortKey, sort_key
from builder.language.dates import in_short
from builder.language.lists import joined
from builder.language.words import Words, message
from builder.ledger.relations import RelationRecord
from builder.model.relation import RelationType
from builder.model.time import Moment
from builder.pages.parts.changes import changes_about
from builder.pages.parts.dated import DROPPED, SINCE, UNTIL, dated
from builder.pages.parts.known_since import relations_known
from builder.pages.parts.relation_wording import WORDINGS, role
from builder.pages.parts.relations import (
    ANCHOR,
    RelationGroup,
    RelationLine,
    RelationSentence,
    ending,
    group_relations,
    relation_sentence,
    sentence,
    share,
)
from builder.pages.planner import Planner

if TYPE_CHECKING:
    from builder.pages.svg.graph import Group, Neighbour, Place
    from builder.pages.svg.graph import State as Drawn

_FEWEST = 3  # companies that justify a map
LIST = "relation-list"  # the anchor of the list


class Relations(Struct, frozen=True, kw_only=True):
    """The relations of a company."""

    groups: Annotated[tuple[RelationGroup, ...], "Current and planned relations, by kind."]
    formerly: Annotated[tuple[RelationLine, ...], "Relations that have ended."]
    among: Annotated[
        tuple[RelationSentence, ...], "Relations between the other companies on the map."
    ]
    narrow: Annotated[str, "A map for narrow screens, as SVG, if any; print it with |safe."]
    wide: Annotated[str, "The same map for wide screens."]


def company_relations(plan: Planner, slug: str) -> Relations | None:
    """Return a company's relations, or None if no brief states any.

    Ownership alone is not enough, since the company's facts show it.
    """
    ties = plan.view.relations_of(slug)
    if not any(tie.statements for tie in ties):
        return None
    known = relations_known(changes_about(plan, "companies", slug))
    groups, formerly = group_relations(plan, slug, ties, known)
    narrow, wide, shown = _draw(plan, slug, ties)
    among = [tie for tie in plan.view.relations_among(slug) if {tie.of, tie.to} <= shown]
    return Relations(
        groups=groups,
        formerly=formerly,
        among=tuple(relation_sentence(plan, tie) for tie in among),
        narrow=narrow,
        wide=wide,
    )


# --- the map -----------------------------------------------------------------------------------

Side = Literal["owners", "suppliers", "customers", "partners", "others", "owned", "rivals"]

_DRAWN: dict[str, Drawn] = {
    "current": "current", "planned": "planned", "ending": "planned", "former": "former",
}  # fmt: skip
_LEGEND: tuple[tuple[Drawn, str], ...] = (
    ("current", message("Current", "map")),
    ("planned", message("Planned to start or end", "map")),
    ("former", message("Ended", "map")),
)
# The side of the other company, if the relation is from the centre to it, and if it is the reverse.
_SIDES: dict[RelationType, tuple[Side, Side]] = {
    "parent": ("owned", "owners"),
    "acquisition": ("owned", "owners"),
    "minority stake": ("owned", "owners"),
    "investor": ("owned", "owners"),
    "customer": ("suppliers", "customers"),
    "partner": ("partners", "partners"),
    "rival": ("rivals", "rivals"),
}
_HEADINGS: dict[Side, str] = {
    "owners": message("Owners and investors", "map"),
    "owned": message("Owns or invests in", "map"),
    "suppliers": message("Suppliers", "map"),
    "customers": message("Customers", "map"),
    "partners": message("Partners", "map"),
    "rivals": message("Rivals", "map"),
    "others": message("Other ties", "map"),
}
# Narrower headings, if all relations of a side are of one of these kinds.
_NARROWER: tuple[tuple[Side, frozenset[RelationType], str], ...] = (
    ("owners", frozenset(("investor",)), message("Investors", "map")),
    ("owners", frozenset(("parent", "acquisition")), message("Owned by", "map")),
    ("owners", frozenset(("minority stake",)), message("Part-owned by", "map")),
    ("owned", frozenset(("investor",)), message("Invests in", "map")),
    ("owned", frozenset(("parent", "acquisition")), message("Owns", "map")),
    ("owned", frozenset(("minority stake",)), message("Holds stakes in", "map")),
)


class _Beside(NamedTuple):
    """A company beside the centre, its relations with it, and its side."""

    slug: str
    ties: tuple[RelationRecord, ...]  # the most important first
    side: Side


def _draw(
    plan: Planner, slug: str, ties: Sequence[RelationRecord]
) -> tuple[str, str, frozenset[str]]:
    """Return a narrow and a wide map, and the companies that they show.

    The maps are empty if there is too little to draw.
    """
    if len({tie.other(slug) for tie in ties}) < _FEWEST:
        return "", "", frozenset()
    from builder.pages.svg.graph import Map
    from builder.pages.svg.relation_map import draw_map  # few builds draw a map

    groups, shown = _groups(plan, slug, _neighbours(plan, slug, ties))
    company = plan.view.company(slug)
    map = Map(
        title=plan.words("Companies connected to {company}", company=company.name),
        description="",
        name=company.name,
        groups=groups,
        states=tuple((state, plan.words.key(text)) for state, text in _LEGEND),
        list_url=f"#{LIST}",
        language=plan.language,
        prefix="map",
    )
    # One page has both, so their ids differ.
    return draw_map(map), draw_map(map._replace(prefix="wide-map"), wide=True), shown


def _neighbours(plan: Planner, slug: str, ties: Iterable[RelationRecord]) -> list[_Beside]:
    """Return the other companies, the most important first.

    Each is where its most important relation is: a current one before others, and ownership before
    trade before rivalry.
    """
    states, kinds = ("current", "ending", "planned", "former"), [*WORDINGS]
    by_company: dict[str, list[RelationRecord]] = {}
    for tie in ties:
        by_company.setdefault(tie.other(slug), []).append(tie)
    found = []
    for other, own in by_company.items():
        own.sort(key=lambda t: (states.index(t.state), kinds.index(t.type), t.of != slug))
        sides = _SIDES.get(own[0].type, ("others", "others"))
        found.append(_Beside(other, (*own,), sides[own[0].of != slug]))

    def rank(one: _Beside) -> tuple[int, int, SortKey, str]:
        current = sum(tie.state == "current" for tie in one.ties)
        name = plan.company(one.slug).name
        return states.index(one.ties[0].state), -current, sort_key(name, plan.language), one.slug

    return sorted(found, key=rank)


def _groups(
    plan: Planner, slug: str, beside: Sequence[_Beside]
) -> tuple[tuple[Group, ...], frozenset[str]]:
    """Return the groups around a company, and the companies that the map shows."""
    from builder.pages.svg.graph import MOST, PLACES, Group, count_shown

    sides = {side: [one for one in beside if one.side == side] for side in _HEADINGS}
    found: list[Group] = []
    shown: set[str] = set()
    places = _places(sides)
    for place in PLACES:
        here = [side for side in _HEADINGS if places[side] == place and sides[side]]
        counts = count_shown([len(sides[side]) for side in here], MOST[place])
        for side, count in zip(here, counts, strict=True):
            kept, left = sides[side][:count], len(sides[side]) - count
            names_role = len({one.ties[0].type for one in sides[side]}) > 1
            neighbours = tuple(_neighbour(plan, slug, one, names_role) for one in kept)
            # Translators: after the names of companies on a map.
            more = plan.words.many("and {n} more", "and {n} more", left) if left else ""
            found.append(
                Group(place, plan.words.key(_heading(side, sides[side])), neighbours, more)
            )
            shown |= {one.slug for one in kept}
    return tuple(found), frozenset(shown)


def _places(sides: dict[Side, list[_Beside]]) -> dict[Side, Place]:
    """Return the place of each side; partners and others go to the shorter column."""
    places: dict[Side, Place] = {
        "owners": "above", "suppliers": "left", "customers": "right", "owned": "below",
        "rivals": "below",
    }  # fmt: skip
    left, right = len(sides["suppliers"]), len(sides["customers"])
    for side in ("partners", "others"):
        shorter: Place = "left" if left < right else "right"
        places[side] = shorter
        left += len(sides[side]) * (shorter == "left")
        right += len(sides[side]) * (shorter == "right")
    return places


def _heading(side: Side, here: Sequence[_Beside]) -> str:
    kinds = {one.ties[0].type for one in here}
    narrower = (text for of, only, text in _NARROWER if of == side and kinds <= only)
    return next(narrower, _HEADINGS[side])


def _neighbour(plan: Planner, slug: str, one: _Beside, names_role: bool) -> Neighbour:
    from builder.pages.svg.graph import Neighbour

    language, first = plan.language, one.ties[0]
    part = share(first, first.measured, language)
    what = _role(plan, first, slug) if names_role or one.side == "others" else part
    notes = [what, _dated(plan.words, first, language)]
    if others := [text for tie in one.ties[1:] if (text := _also(plan, tie, slug))]:
        # Translators: {roles} are further relations: supplier, rival.
        notes.append(plan.words("also {roles}", roles=joined(dict.fromkeys(others), language)))
    company = plan.view.company(one.slug)
    last = first.statements[0] if first.statements else None
    return Neighbour(
        name=company.name,
        note=joined((note for note in notes if note), language),
        words=tuple(sentence(plan, tie, language) for tie in one.ties),
        state=_DRAWN[first.state],
        url=company.url,
        link=f"{plan.view.entry(last.brief).url}{ANCHOR}" if last else None,
    )


def _role(plan: Planner, tie: RelationRecord, slug: str) -> str:
    """Return the other company's role towards the centre."""
    wording = WORDINGS[tie.type]
    side = wording.to if tie.of == slug else wording.of
    return role(plan.words, side, share(tie, tie.measured, plan.language))


def _also(plan: Planner, tie: RelationRecord, slug: str) -> str:
    """Return a further role of the other company; those that have ended are in the list."""
    if tie.state == "former":
        return ""
    words = _role(plan, tie, slug)
    if tie.state == "planned":
        return plan.words("{role} (planned)", role=words)
    return plan.words("{role} (ending)", role=words) if tie.state == "ending" else words


def _dated(words: Words, tie: RelationRecord, language: str) -> str:
    """Return when a relation began or ended, to the month."""
    until = ending(tie)
    match tie.state:
        case "planned":
            return words("planned")
        case "ending" if not until:
            return words("due to end")
        case "former" if tie.planned:
            return dated(words, DROPPED, until, short=True)
        case "ending" | "former":
            return dated(words, UNTIL, until, short=True)
    if WORDINGS[tie.type].once:
        return _month(tie.since, language)
    return dated(words, SINCE, tie.since, short=True)


def _month(moment: Moment | None, language: str) -> str:
    if not moment:
        return ""
    return in_short(Moment(moment.at, "year" if moment.precision == "year" else "month"), language)
