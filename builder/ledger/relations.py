"""What briefs that are out, and the files of companies, say of how companies stand to each other ->
one record of relations, each as it is at this moment, with every brief behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from builder.ledger.figures import compute
from builder.model.entity import Company
from builder.model.outline import Outline
from builder.model.relation import Relation, RelationType
from builder.model.time import Ending, Moment, told_at
from builder.quantity.quantity import Quantity

# As it is: it holds, it is to begin, it is to end, it is over.
State = Literal["current", "planned", "ending", "former"]

# What is the same from both sides; its companies stand in the order of their slugs.
MUTUAL: tuple[RelationType, ...] = ("partner", "rival")


class Statement(Struct, frozen=True, array_like=True):
    """What one brief says of a relation. `number` is its place in the brief; `turned` tells that
    the brief names the other company first; `said` is when what it reports happened, `published`
    when it was told; `original` is the brief that this one translates (of which both times are),
    or nothing; `state` is what would be so at this moment, had nobody said anything else."""

    brief: str
    original: str
    number: int
    turned: bool
    said: Moment
    published: Moment
    since: Moment | None
    until: Ending | None
    planned: bool
    state: State
    publisher: str
    metric: str  # of the figure that measures it, or nothing
    period: str  # that the figure covers, where it is one
    value: Quantity | None

    @property
    def in_time(self) -> tuple[datetime, datetime, bool, str, int]:
        """Its place in the order of events; of what happened at one time, in that of publication.
        A translation stands before its original, which so has the last word."""
        told = told_at(self.said, self.published)
        return told.at, self.published.at, not self.original, self.brief, self.number


class RelationRecord(Struct, frozen=True, array_like=True):
    """A relation: what the company `of` is to the company `to` (slugs). The statement of what
    happened last decides how it stands; a beginning or figure that this one lacks is the one given
    last before. `filed` tells that the file of the company `to` says so too."""

    of: str
    type: RelationType
    to: str
    state: State
    planned: bool
    since: Moment | None
    until: Ending | None
    filed: bool
    statements: tuple[Statement, ...]  # what happened last comes first

    @property
    def key(self) -> tuple[str, RelationType, str]:
        """What several statements share that are of one relation."""
        return self.of, self.type, self.to

    @property
    def measured(self) -> Statement | None:
        """The latest statement with a figure."""
        return next((s for s in self.statements if s.value is not None), None)

    @property
    def briefs(self) -> tuple[str, ...]:
        """The briefs that state it, once each, the latest first; not what only translates one of
        them."""
        found = dict.fromkeys(s.brief for s in self.statements)
        return tuple(dict.fromkeys(s.brief for s in self.statements if s.original not in found))

    def other(self, slug: str) -> str:
        """The company on the other side."""
        return self.to if slug == self.of else self.of


class NameResolvers(NamedTuple):
    """What names mean: the slug of a company, after mergers (nothing where it is none), and a
    publisher's name as it is printed."""

    company: Callable[[str], str]
    publisher: Callable[[str], str]


def state_of(since: Moment | None, until: Ending | None, planned: bool, now: datetime) -> State:
    """How a relation stands. It is over from the first moment of its end on; without a date its end
    is to come. What has not begun is planned, whether it says so or its beginning is to come."""
    if until and until.on and until.on.at <= now:
        return "former"
    if planned or (since and since.at > now):
        return "planned"
    return "ending" if until else "current"


def relation_ledger(
    briefs: Mapping[str, Outline],
    originals: Mapping[str, str],
    companies: Mapping[str, Company],
    links: NameResolvers,
    now: datetime,
) -> tuple[RelationRecord, ...]:
    """The record of what some briefs and companies say, by the companies on both sides. `originals`
    are the briefs that translations among them translate."""
    said: dict[tuple[str, RelationType, str], list[Statement]] = {}
    for brief in briefs.values():
        if brief.relations:
            original = briefs.get(originals.get(brief.slug, ""))
            for key, statement in _statements(brief, original, links, now):
                said.setdefault(key, []).append(statement)
    filed: set[tuple[str, RelationType, str]] = {
        (company.parent, "parent", slug)
        for slug, company in companies.items()
        if company.parent in companies and company.parent != slug
    }
    ties = [_tie(key, said.get(key, []), key in filed, now) for key in said.keys() | filed]
    whole = {(t.of, t.to) for t in ties if t.type == "acquisition" and t.state == "current"}
    # Who was bought is owned: the file of a company adds nothing to the brief that says so.
    kept = [t for t in ties if t.statements or (t.of, t.to) not in whole]
    return tuple(sorted(kept, key=lambda tie: tie.key))


def _statements(
    brief: Outline, original: Outline | None, links: NameResolvers, now: datetime
) -> Iterator[tuple[tuple[str, RelationType, str], Statement]]:
    publishers = dict(brief.publishers)
    values = compute(brief.figures).values
    figures = {figure.id: figure for figure in brief.figures}
    for n, relation in enumerate(brief.relations):
        of, to = links.company(relation.subject), links.company(relation.to)
        if not of or not to or of == to:
            continue  # reported where the brief is linked, or one became part of the other
        type, turned = canonical(relation.type, of, to)
        publisher = publishers.get(relation.source, "")
        figure = figures.get(relation.figure)
        statement = Statement(
            brief=brief.slug,
            original=original.slug if original else "",
            number=n,
            turned=turned,
            said=(original or brief).happened,
            published=(original or brief).date,
            since=relation.since,
            until=relation.until,
            planned=relation.planned,
            state=state_of(relation.since, relation.until, relation.planned, now),
            publisher=links.publisher(publisher) if publisher else "",
            metric=figure.metric if figure else "",
            period=figure.period if figure else "",
            value=values.get(relation.figure),
        )
        yield ((to, type, of) if turned else (of, type, to)), statement


def canonical(type: RelationType, of: str, to: str) -> tuple[RelationType, bool]:
    """The type under which a relation is kept, and whether its sides are changed for that: whoever
    has a supplier is its customer."""
    if type == "supplier":
        return "customer", True
    return type, type in MUTUAL and to < of


def _tie(
    key: tuple[str, RelationType, str], statements: list[Statement], filed: bool, now: datetime
) -> RelationRecord:
    of, type, to = key
    latest_first = sorted(statements, key=lambda s: s.in_time, reverse=True)
    if not latest_first:
        return RelationRecord(of, type, to, "current", False, None, None, filed, ())
    last = latest_first[0]
    # The file of a company says that it holds; when it is to end, a brief may add.
    held = filed and last.state != "ending"
    planned, until = (False, None) if held else (last.planned, last.until)
    # When a plan was made is not when what it planned began.
    since = next((s.since for s in latest_first if s.since and s.planned == planned), None)
    state = state_of(since, until, planned, now)
    return RelationRecord(of, type, to, state, planned, since, until, filed, tuple(latest_first))


def moments_of(relations: Iterable[Relation]) -> Iterator[float]:
    """When one of some relations begins or ends (seconds since 1970)."""
    for relation in relations:
        for moment in (relation.since, relation.until and relation.until.on):
            if moment:
                yield moment.at.timestamp()
