"""The ledger of relations between companies, from published briefs and company files.

Each relation has its present state and every statement behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from builder.ledger.figures import compute
from builder.ledger.names import NameResolvers
from builder.model.entity import Company
from builder.model.outline import Outline
from builder.model.period import NO_SPAN, Span, span_of
from builder.model.relation import Relation, RelationType
from builder.model.time import Ending, Moment, event_time
from builder.quantity.quantity import Quantity

# It holds; it will begin; it holds, but will end; it has ended.
State = Literal["current", "planned", "ending", "former"]

# Symmetric types: their companies are in the order of slugs.
MUTUAL: tuple[RelationType, ...] = ("partner", "rival")


class Statement(Struct, frozen=True, array_like=True):
    """What one brief says about a relation.

    `number` is its index in the brief. `turned` is whether the brief names the other company first.
    `said` is when the reported event happened, `published` when the brief was published. `original`
    is the brief that this one translates, or empty; both times are those of the original. `state`
    is the present state according to this statement alone."""

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
    span: Span  # the first and the last month of the period
    as_of: Moment | None  # the date of the figure, where it has one
    value: Quantity | None

    @property
    def in_time(self) -> tuple[datetime, datetime, bool, str, int]:
        """The sort key by event, then by publication.

        A translation precedes its original, so that the original is the latest statement."""
        time = event_time(self.said, self.published)
        return time.at, self.published.at, not self.original, self.brief, self.number


class RelationRecord(Struct, frozen=True, array_like=True):
    """A relation: what the company `of` is to the company `to` (slugs).

    The latest statement decides its state; a beginning or a figure that it lacks comes from the
    latest statement that has one. `filed` is whether the file of `to` states the relation too."""

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
        """The key that all statements of one relation share."""
        return self.of, self.type, self.to

    @property
    def measured(self) -> Statement | None:
        """The latest statement with a figure."""
        return next((s for s in self.statements if s.value is not None), None)

    @property
    def measured_apart(self) -> bool:
        """Return whether its figure and its beginning are from different statements.

        A stake of 2026 does not date from the year in which a smaller one began."""
        measured = self.measured
        return bool(self.since and measured and measured.since != self.since)

    @property
    def briefs(self) -> tuple[str, ...]:
        """The briefs that state it, the latest first, without translations of another."""
        found = dict.fromkeys(s.brief for s in self.statements)
        return tuple(dict.fromkeys(s.brief for s in self.statements if s.original not in found))

    def other(self, slug: str) -> str:
        """Return the company on the other side."""
        return self.to if slug == self.of else self.of


def state_of(since: Moment | None, until: Ending | None, planned: bool, now: datetime) -> State:
    """Return the state of a relation.

    It has ended from the first moment of `until` on; an `until` without a date is in the future. It
    is planned if it says so, or if `since` is in the future."""
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
    """Return the relations that briefs and company files state, by both companies.

    `originals` maps translations among the briefs to their originals."""
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
    found = [
        fold_statements(key, in_order(said.get(key, ())), key in filed, now)
        for key in said.keys() | filed
    ]
    whole = {(r.of, r.to) for r in found if r.type == "acquisition" and r.state == "current"}
    # After an acquisition, `parent` in the company's file adds nothing to the brief about it.
    kept = [r for r in found if r.statements or (r.of, r.to) not in whole]
    return tuple(sorted(kept, key=lambda relation: relation.key))


def _statements(
    brief: Outline, original: Outline | None, links: NameResolvers, now: datetime
) -> Iterator[tuple[tuple[str, RelationType, str], Statement]]:
    publishers = dict(brief.publishers)
    values = compute(brief.figures).values
    figures = {figure.id: figure for figure in brief.figures}
    for n, relation in enumerate(brief.relations):
        of, to = links.company(relation.subject), links.company(relation.to)
        if not of or not to or of == to:
            continue  # reported when the brief is linked, or one was merged into the other
        type, turned = canonical(relation.type, of, to)
        publisher = publishers.get(relation.source, "")
        figure = figures.get(relation.figure)
        period = figure.period if figure else ""
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
            period=period,
            span=span_of(period, links.fiscal_year(figure.of)) if figure and period else NO_SPAN,
            as_of=figure.as_of if figure else None,
            value=values.get(relation.figure),
        )
        yield ((to, type, of) if turned else (of, type, to)), statement


def canonical(type: RelationType, of: str, to: str) -> tuple[RelationType, bool]:
    """Return a relation's stored type, and whether its sides are swapped.

    A supplier is stored as a customer with the sides swapped."""
    if type == "supplier":
        return "customer", True
    return type, type in MUTUAL and to < of


def fold_statements(
    key: tuple[str, RelationType, str],
    latest_first: Sequence[Statement],
    filed: bool,
    now: datetime,
) -> RelationRecord:
    """Return the relation that some statements make at a moment."""
    of, type, to = key
    if not latest_first:
        return RelationRecord(of, type, to, "current", False, None, None, filed, ())
    last = latest_first[0]
    # A company's file says that the relation holds; a brief may add when it will end.
    held = filed and state_of(last.since, last.until, last.planned, now) != "ending"
    planned, until = (False, None) if held else (last.planned, last.until)
    # The date of a plan is not the beginning of what it planned.
    since = next((s.since for s in latest_first if s.since and s.planned == planned), None)
    state = state_of(since, until, planned, now)
    return RelationRecord(of, type, to, state, planned, since, until, filed, (*latest_first,))


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Return statements, what happened last first."""
    return sorted(statements, key=lambda statement: statement.in_time, reverse=True)


def moments_of(relations: Iterable[Relation]) -> Iterator[float]:
    """Yield when relations begin and end (seconds since 1970)."""
    for relation in relations:
        for moment in (relation.since, relation.until and relation.until.on):
            if moment:
                yield moment.at.timestamp()
