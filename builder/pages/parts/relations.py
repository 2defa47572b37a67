"""Relations in words, as a brief states them or by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.collation import sort_key
from builder.language.dates import unbroken
from builder.language.periods import period_in_words
from builder.language.quantities import print_quantity
from builder.ledger.relations import RelationRecord, Statement
from builder.model.brief import Brief
from builder.model.relation import RelationType
from builder.model.time import Moment
from builder.names.keys import slugify
from builder.pages.page import Link
from builder.pages.parts.relation_wording import (
    STATES,
    WORDINGS,
    Side,
    verb,
)
from builder.pages.planner import Planner

ANCHOR = "#relations"
INDEX = Link("Relations", "/relations/")


class CitedBrief(Struct, frozen=True):
    """A brief that states a relation."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "The address of the statement on its page."]
    date: Annotated[Moment, "The date of the event that it reports."]
    lang: Annotated[str, "Its language tag."]


class RelationLine(Struct, frozen=True, kw_only=True):
    """A relation on the page of one of its companies."""

    company: Annotated[Link, "The other company."]
    verb: Annotated[str, "The words that join this company to the other: is a customer of."]
    state: Annotated[str, "planned, ending or over; empty for a current relation."]
    note: Annotated[str, "When it began and when it ended or is to end, if known."]
    figure: Annotated[str, "The figure that measures it, such as 49%, if any."]
    briefs: Annotated[
        tuple[CitedBrief, ...],
        "The briefs that state it, latest first; none if only a profile does.",
    ]


class RelationGroup(Struct, frozen=True):
    """The relations of one kind on a company's page."""

    kind: Annotated[
        Link, "What the other companies are to it, such as Customers, with the page of the kind."
    ]
    lines: Annotated[tuple[RelationLine, ...], "The relations, by the name of the other company."]


class RelationSentence(Struct, frozen=True, kw_only=True):
    """A relation as a sentence."""

    first: Annotated[Link, "The company that begins the sentence."]
    verb: Annotated[str, "The words between the companies."]
    kind: Annotated[str, "The address of all relations of this kind; empty on that page."]
    second: Annotated[Link, "The other company."]
    note: Annotated[str, "When it began and when it ended or is to end, if known."]
    figure: Annotated[str, "The figure that measures it, if any."]
    now: Annotated[str, "The relation as a later brief states it, if that differs."]
    brief: Annotated[
        Link | None,
        "That later brief; elsewhere than on a brief's page, the one that states the relation.",
    ]


# --- a brief -----------------------------------------------------------------------------------


def brief_relations(plan: Planner, brief: Brief, language: str) -> tuple[RelationSentence, ...]:
    """Return the relations that a brief states, as it states them."""
    if not brief.relations:
        return ()  # so this task depends on no such fact
    return tuple(
        _stated(plan, statement, tie, language)
        for statement, tie in plan.view.relations_in(brief.slug)
    )


def _stated(
    plan: Planner, statement: Statement, tie: RelationRecord, language: str
) -> RelationSentence:
    last = tie.statements[0]
    overtaken = last.brief != statement.brief and not _stands(tie, statement, language)
    first, words, second = between(plan, tie, statement, statement.turned, language)
    return RelationSentence(
        first=first,
        verb=words,
        kind=kind_url(tie.type),
        second=second,
        note=note(tie, statement, language),
        figure=measure(tie, statement, language, dated=False),
        now=sentence(plan, tie, language) if overtaken else "",
        brief=plan.headline(last.brief) if overtaken else None,
    )


def _stands(tie: RelationRecord, statement: Statement, language: str) -> bool:
    """Return whether a relation still is as a brief states it."""
    stated = (statement.state, statement.planned, statement.until)
    part = share(tie, statement, language)
    same = not part or part == share(tie, tie.measured, language)
    return same and stated == (tie.state, tie.planned, tie.until)


class Between(NamedTuple):
    """The two companies of a sentence and the words between them."""

    first: Link
    verb: str
    second: Link


def between(
    plan: Planner, tie: RelationRecord, of: RelationRecord | Statement, turned: bool, language: str
) -> Between:
    """Return a relation, or a statement of it, seen from one side."""
    wording = WORDINGS[tie.type]
    measured = of if isinstance(of, Statement) else of.measured
    part = share(tie, measured, language)
    if turned:
        words = verb(wording.to, of.state, of.planned, part)
        return Between(plan.company(tie.to), words, plan.company(tie.of))
    words = verb(wording.of, of.state, of.planned, part)
    return Between(plan.company(tie.of), words, plan.company(tie.to))


def sentence(plan: Planner, tie: RelationRecord, language: str) -> str:
    """Return a relation in words: Google is a customer of Scale AI."""
    first, words, second = between(plan, tie, tie, False, language)
    text = f"{first.name} {words} {second.name}"
    dated = note(tie, tie, language)
    return f"{text}, {dated}" if dated else text


def relation_sentence(
    plan: Planner, tie: RelationRecord, among_its_kind: bool = False
) -> RelationSentence:
    """Return a relation as it stands, with the brief that states it."""
    language = plan.language
    last = tie.statements[0] if tie.statements else None
    first, words, second = between(plan, tie, tie, False, language)
    return RelationSentence(
        first=first,
        verb=words,
        kind="" if among_its_kind else kind_url(tie.type),
        second=second,
        note=note(tie, tie, language),
        figure=measure(tie, tie.measured, language),
        now="",
        brief=plan.headline(last.brief) if last else None,
    )


# --- in words ----------------------------------------------------------------------------------


def share(tie: RelationRecord, measured: Statement | None, language: str) -> str:
    """Return the percentage to print inside the words of a stake."""
    value = measured.value if measured else None
    if value is None or value.unit != "%" or "{part}" not in WORDINGS[tie.type].of.holds:
        return ""
    return print_quantity(value, language)


def measure(
    tie: RelationRecord,
    measured: Statement | None,
    language: str,
    apart: bool = False,
    dated: bool = True,
) -> str:
    """Return the figure that measures a relation.

    Empty if the words between the companies contain it, unless `apart`. If `dated`, it has its own
    date where the relation began at another time.
    """
    value = measured.value if measured else None
    if measured is None or value is None or (not apart and share(tie, measured, language)):
        return ""
    amount, time = print_quantity(value, language), ""
    if measured.period:
        time = f" {period_in_words(measured.period, measured.span, language)}"
    elif dated and tie.measured_apart:
        time = f", {_measured_on(measured, language)}"
    if value.unit == "%":
        return f"{amount}{time}" if tie.measured_apart and dated else amount
    return f"{measured.metric}{time}: {amount}"


def _measured_on(measured: Statement, language: str) -> str:
    """Return the date of a figure, or that of the event that was reported with it."""
    return unbroken(measured.as_of or measured.said, language)


def note(tie: RelationRecord, of: RelationRecord | Statement, language: str) -> str:
    """Return when a relation began, and when it ended or will end."""
    since = unbroken(of.since, language) if of.since else ""
    until = unbroken(of.until.on, language) if of.until and of.until.on else ""
    if of.state == "former" and of.planned:
        return f"planned since {since}, dropped {until}" if since else f"dropped {until}"
    if of.state == "former":
        return f"{since} to {until}" if since else f"until {until}"
    if of.state == "planned":
        word = "since" if of.planned else "from"
        return f"planned {word} {since}" if since else "planned"
    begun = since if WORDINGS[tie.type].once else f"since {since}"
    measured = tie.measured
    if of is tie and measured and tie.measured_apart and share(tie, measured, language):
        # The words before have the share, which is newer than the relation.
        begun = f"on {_measured_on(measured, language)}; an owner since {since}"
    ending = (f"until {until}" if until else "due to end") if of.state == "ending" else ""
    parts = [begun if since else "", ending]
    return ", ".join(part for part in parts if part)


# --- by kind ---------------------------------------------------------------------------------


def kind_url(type: RelationType) -> str:
    """Return the address of all relations of a kind."""
    return f"{INDEX.url}{slugify(type)}/"


def group_relations(
    plan: Planner, slug: str, ties: Sequence[RelationRecord]
) -> tuple[tuple[RelationGroup, ...], tuple[RelationLine, ...]]:
    """Return a company's relations by kind, and those that have ended.

    Kinds follow the order of `WORDINGS`.
    """
    order = [*WORDINGS]
    by_kind = sorted(ties, key=lambda tie: (order.index(tie.type), tie.of != slug))
    groups: dict[Link, list[RelationLine]] = {}
    formerly = []
    for tie in by_kind:
        side = _side(tie, slug)
        line = _line(plan, tie, slug, side)
        if tie.state == "former":
            formerly.append(line)
        else:
            groups.setdefault(Link(side.group, kind_url(tie.type)), []).append(line)
    return (
        tuple(
            RelationGroup(kind, _by_name(lines, plan.language)) for kind, lines in groups.items()
        ),
        tuple(formerly),
    )


def _by_name(lines: Iterable[RelationLine], language: str) -> tuple[RelationLine, ...]:
    """Return relations in the order of an index in a language."""
    return tuple(sorted(lines, key=lambda line: sort_key(line.company.name, language)))


def _side(tie: RelationRecord, slug: str) -> Side:
    """Return the side of a relation that is a company's."""
    wording = WORDINGS[tie.type]
    return wording.of if tie.of == slug else wording.to


def _line(plan: Planner, tie: RelationRecord, slug: str, side: Side) -> RelationLine:
    language, measured = plan.language, tie.measured
    return RelationLine(
        company=plan.company(tie.other(slug)),
        verb=verb(side, tie.state, tie.planned, share(tie, measured, language)),
        state=STATES[tie.state],
        note=note(tie, tie, language),
        figure=measure(tie, measured, language, apart=tie.state != "former"),
        briefs=cited_briefs(plan, tie),
    )


def cited_briefs(plan: Planner, tie: RelationRecord) -> tuple[CitedBrief, ...]:
    """Return the briefs that state a relation, once each."""
    said = {s.brief: s.said for s in reversed(tie.statements)}
    found = []
    for slug in tie.briefs:
        brief = plan.headline(slug)
        found.append(CitedBrief(brief.name, f"{brief.url}{ANCHOR}", said[slug], brief.lang))
    return tuple(found)
