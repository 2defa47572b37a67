"""The record of relations -> which statements of it cannot both be so.

A statement says that a relation *held*: until its end where that is past, else when it was said;
what is only planned says nothing of the kind. Three things cannot be:

1. One relation held at a time when, as another statement says, it was over.
2. A company has two parents at one time.
3. A company is owned whole (`parent`, `acquisition`) and in part by one other at one time.

Dates settle it: what began again after it was over, or ended before the other began, is no dispute.
Dates are compared only where they are surely apart: `2025-06` and `2025-06-13` may be one day."""

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
_HINT = "give the one that is over an `until`, or the later one a `since`"


class _Said(NamedTuple):
    """A statement with its relation."""

    tie: RelationRecord
    statement: Statement


def check_contradictions(site: Site) -> Iterator[tuple[str, Finding]]:
    """Statements about one relation, or one company, that cannot both be true.

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
    ties: Iterable[RelationRecord],
    where: Callable[[str, int], str],
    filed: Callable[[str], str],
    name: Callable[[str], str],
) -> Iterator[tuple[str, Finding]]:
    ties = [*ties]
    for tie in ties:
        yield from _ended(tie, where, filed)
    yield from _two_parents(ties, where, filed, name)
    yield from _whole_and_part(ties, where, filed)


def _ended(
    tie: RelationRecord, where: Callable[[str, int], str], filed: Callable[[str], str]
) -> Iterator[tuple[str, Finding]]:
    statements = [s for s in tie.statements[:_MOST] if not s.planned]
    for pair in combinations(statements, 2):
        later, earlier = pair
        if _over_before(later, earlier) or _over_before(earlier, later):
            says = "is over by then" if _over_before(later, earlier) else "still holds"
            other = where(earlier.brief, earlier.number)
            message = f"this {says}, and {other} says otherwise"
            yield later.brief, _finding(later, message)
    if tie.filed and statements and statements[0].state == "former":
        message = f"this is over, and {filed(tie.to)} says that it holds"
        yield statements[0].brief, _finding(statements[0], message)


def _over_before(one: Statement, other: Statement) -> bool:
    """Whether one says that it was over at a time when it held, as the other says; and the other
    does not say that it began again after that."""
    held = _held(other)
    if not (one.until and one.until.on and held):
        return False
    again = other.since and other.since.end > one.until.on.at
    return one.until.on.end <= held.at and not again


def _held(statement: Statement) -> Moment | None:
    """The last time at which it held, as a statement says."""
    said, since = statement.said, statement.since
    if statement.planned or (since and since.at >= said.end):
        return None
    over = statement.until.on if statement.until else None
    return over if over and over.at <= said.at else said


def _two_parents(
    ties: list[RelationRecord],
    where: Callable[[str, int], str],
    filed: Callable[[str], str],
    name: Callable[[str], str],
) -> Iterator[tuple[str, Finding]]:
    owned: dict[str, list[RelationRecord]] = {}
    for tie in ties:
        if tie.type == "parent":
            owned.setdefault(tie.to, []).append(tie)
    for slug, found in owned.items():
        for later, earlier in _pairs(found):
            if later.tie.of != earlier.tie.of and _overlap(later.statement, earlier.statement):
                other = where(earlier.statement.brief, earlier.statement.number)
                message = f"`{name(slug)}` has another parent at that time in {other}"
                yield later.statement.brief, _finding(later.statement, message)
        owners = [tie.of for tie in found if tie.filed]
        for tie in found:
            last = tie.statements[0] if tie.statements else None
            if last and _holds(last) and owners and owners != [tie.of]:
                message = f"`{name(slug)}` has another parent in {filed(slug)}"
                yield last.brief, _finding(last, message)


def _whole_and_part(
    ties: list[RelationRecord], where: Callable[[str, int], str], filed: Callable[[str], str]
) -> Iterator[tuple[str, Finding]]:
    between: dict[tuple[str, str], list[RelationRecord]] = {}
    for tie in ties:
        if tie.type in (*_WHOLE, _PART):
            between.setdefault((tie.of, tie.to), []).append(tie)
    for found in between.values():
        for later, earlier in _pairs(found):
            alike = (later.tie.type == _PART) == (earlier.tie.type == _PART)
            if not alike and _overlap(later.statement, earlier.statement):
                other = where(earlier.statement.brief, earlier.statement.number)
                message = f"this says `{later.tie.type}`, and {other} `{earlier.tie.type}`"
                yield later.statement.brief, _finding(later.statement, message)
        last = next((tie.statements[0] for tie in found if tie.type == _PART), None)
        if last and _holds(last) and (own := next((t for t in found if t.filed), None)):
            message = f"this says `{_PART}`, and {filed(own.to)} `{own.type}`"
            yield last.brief, _finding(last, message)


def _holds(statement: Statement) -> bool:
    return statement.state in ("current", "ending")


def _pairs(ties: Iterable[RelationRecord]) -> Iterator[tuple[_Said, _Said]]:
    """Every two statements of some relations, of each two the later one first."""
    said = [_Said(tie, s) for tie in ties for s in tie.statements if not s.planned]
    yield from combinations(
        sorted(said, key=lambda s: s.statement.in_time, reverse=True)[:_MOST], 2
    )


def _overlap(one: Statement, other: Statement) -> bool:
    """Whether what two statements say held at one time. What does not say when it began, began at
    the latest when it was said to hold."""
    return not (_apart(one, other) or _apart(other, one))


def _apart(one: Statement, other: Statement) -> bool:
    """Whether one was over when the other began."""
    begun = other.since or _held(other)
    over = one.until.on if one.until else None
    return begun is None or (over is not None and over.at < begun.end)


def _finding(statement: Statement, message: str) -> Finding:
    at = f"relations.{statement.number}"
    return Finding(at, "relations-contradict", message, _HINT)
