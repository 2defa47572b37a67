"""Check the ledger of relations for statements that contradict each other.

A statement says that a relation *held*: until its end if that is past, otherwise at the time of the
statement. A statement of a plan says nothing of the kind. Three things are contradictions:

1. A relation holds at a time at which another statement says that it has ended.
2. A company has two parents at the same time.
3. A company is owned wholly (`parent`, `acquisition`) and partly by the same owner at one time.

Dates resolve them: a relation that began again after it ended, or that ended before the other
began, is not a contradiction. Only dates that certainly differ are compared: `2025-06` and
`2025-06-13` may be the same day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from builder.diagnostics.diagnostic import Finding
from builder.ledger.relations import RelationRecord, Statement
from builder.model.relation import RelationType
from builder.model.time import Moment
from builder.site.site import Site

_WHOLE: tuple[RelationType, ...] = ("acquisition", "parent")
_PART: RelationType = "minority stake"
_MOST = 50  # statements about one company or relation that are compared with each other
_HINT = "add `until` to the relation that has ended, or `since` to the later one"


class _Stated(NamedTuple):
    """A statement with its relation."""

    relation: RelationRecord
    statement: Statement


def check_contradictions(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield statements about one relation or company that cannot both be true.

    Each is reported in the brief with the later statement."""

    def where(slug: str, number: int) -> str:
        return site.content.line(site.outlines[slug].path, f"relations.{number}")

    def filed(company: str) -> str:
        return site.content.line(site.companies[company].path, "parent")

    def name(company: str) -> str:
        return site.companies[company].name

    for slug, finding in _contradictions(site.relations, where, filed, name):
        yield site.outlines[slug].path, finding


def _contradictions(
    relations: Iterable[RelationRecord],
    where: Callable[[str, int], str],
    filed: Callable[[str], str],
    name: Callable[[str], str],
) -> Iterator[tuple[str, Finding]]:
    relations = [*relations]
    for relation in relations:
        yield from _ended(relation, where, filed)
    yield from _two_parents(relations, where, filed, name)
    yield from _whole_and_part(relations, where, filed)


def _ended(
    relation: RelationRecord, where: Callable[[str, int], str], filed: Callable[[str], str]
) -> Iterator[tuple[str, Finding]]:
    statements = [s for s in relation.statements[:_MOST] if not s.planned]
    for pair in combinations(statements, 2):
        later, earlier = pair
        if _ended_before(later, earlier) or _ended_before(earlier, later):
            says = "has ended by then" if _ended_before(later, earlier) else "still holds"
            other = where(earlier.brief, earlier.number)
            message = f"the relation {says}, but {other} says otherwise"
            yield later.brief, _finding(later, message)
    if relation.filed and statements and statements[0].state == "former":
        message = f"the relation has ended, but {filed(relation.to)} says that it holds"
        yield statements[0].brief, _finding(statements[0], message)


def _ended_before(one: Statement, other: Statement) -> bool:
    """Return whether one statement ends a relation that the other says holds.

    False if the other says that the relation began again later."""
    held = _held(other)
    if not (one.until and one.until.on and held):
        return False
    again = other.since and other.since.end > one.until.on.at
    return one.until.on.end <= held.at and not again


def _held(statement: Statement) -> Moment | None:
    """Return the last time at which a statement's relation held."""
    said, since = statement.said, statement.since
    if statement.planned or (since and since.at >= said.end):
        return None
    over = statement.until.on if statement.until else None
    return over if over and over.at <= said.at else said


def _two_parents(
    relations: list[RelationRecord],
    where: Callable[[str, int], str],
    filed: Callable[[str], str],
    name: Callable[[str], str],
) -> Iterator[tuple[str, Finding]]:
    owned: dict[str, list[RelationRecord]] = {}
    for relation in relations:
        if relation.type == "parent":
            owned.setdefault(relation.to, []).append(relation)
    for slug, found in owned.items():
        for later, earlier in _pairs(found):
            same_owner = later.relation.of == earlier.relation.of
            if not same_owner and _overlap(later.statement, earlier.statement):
                other = where(earlier.statement.brief, earlier.statement.number)
                message = f"`{name(slug)}` has another parent at that time in {other}"
                yield later.statement.brief, _finding(later.statement, message)
        owners = [relation.of for relation in found if relation.filed]
        for relation in found:
            last = relation.statements[0] if relation.statements else None
            if last and _holds(last) and owners and owners != [relation.of]:
                message = f"`{name(slug)}` has another parent in {filed(slug)}"
                yield last.brief, _finding(last, message)


def _whole_and_part(
    relations: list[RelationRecord], where: Callable[[str, int], str], filed: Callable[[str], str]
) -> Iterator[tuple[str, Finding]]:
    between: dict[tuple[str, str], list[RelationRecord]] = {}
    for relation in relations:
        if relation.type in (*_WHOLE, _PART):
            between.setdefault((relation.of, relation.to), []).append(relation)
    for found in between.values():
        for later, earlier in _pairs(found):
            one, two = later.relation.type, earlier.relation.type
            alike = (one == _PART) == (two == _PART)
            if not alike and _overlap(later.statement, earlier.statement):
                other = where(earlier.statement.brief, earlier.statement.number)
                message = f"the relation is `{one}` here, but `{two}` in {other}"
                yield later.statement.brief, _finding(later.statement, message)
        last = next((r.statements[0] for r in found if r.type == _PART), None)
        if last and _holds(last) and (own := next((r for r in found if r.filed), None)):
            message = f"the relation is `{_PART}` here, but `{own.type}` in {filed(own.to)}"
            yield last.brief, _finding(last, message)


def _holds(statement: Statement) -> bool:
    return statement.state in ("current", "ending")


def _pairs(relations: Iterable[RelationRecord]) -> Iterator[tuple[_Stated, _Stated]]:
    """Yield every pair of statements about some relations, the later one first."""
    stated = [_Stated(r, s) for r in relations for s in r.statements if not s.planned]
    yield from combinations(
        sorted(stated, key=lambda s: s.statement.in_time, reverse=True)[:_MOST], 2
    )


def _overlap(one: Statement, other: Statement) -> bool:
    """Return whether what two statements say held at the same time.

    A relation without a beginning began no later than the time at which it was stated."""
    return not (_apart(one, other) or _apart(other, one))


def _apart(one: Statement, other: Statement) -> bool:
    """Return whether one relation had ended when the other began."""
    begun = other.since or _held(other)
    over = one.until.on if one.until else None
    return begun is None or (over is not None and over.at < begun.end)


def _finding(statement: Statement, message: str) -> Finding:
    at = f"relations.{statement.number}"
    return Finding(at, "relations-contradict", message, _HINT)
