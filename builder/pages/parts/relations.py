"""Relations in words, as a brief states them or by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.collation import sort_key
from builder.language.dates import unbroken
from builder.language.periods import period_in_words
from builder.language.quantities import print_quantity
from builder.language.words import ENGLISH, Words, in_language, message
from builder.ledger.relations import RelationRecord, Statement
from builder.model.brief import Brief
from builder.model.relation import RelationType
from builder.model.time import Moment
from builder.names.keys import slugify
from builder.pages.page import Link
from builder.pages.parts.dated import (
    DROPPED,
    MEASURED,
    PLANNED_FROM,
    PLANNED_SINCE,
    SINCE,
    UNTIL,
    dated,
    precision,
)
from builder.pages.parts.relation_wording import (
    STATES,
    WORDINGS,
    SentencePart,
    Side,
    sentence_parts,
)
from builder.pages.planner import Planner

ANCHOR = "#relations"
INDEX = Link(message("Relations"), "/relations/")


class CitedBrief(Struct, frozen=True):
    """A brief that states a relation."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "The address of the statement on its page."]
    date: Annotated[Moment, "The date of the event that it reports."]
    lang: Annotated[str, "Its language tag."]


class RelationPart(Struct, frozen=True):
    """A part of a relation as a sentence."""

    kind: Annotated[str, "`company`, `verb` (the words that join the companies) or `text`."]
    text: Annotated[str, "The words, or the name of the company."]
    url: Annotated[str, "The address of the company, or of all relations of the kind; or empty."]


class RelationLine(Struct, frozen=True, kw_only=True):
    """A relation on the page of one of its companies."""

    company: Annotated[Link, "The other company."]
    parts: Annotated[tuple[RelationPart, ...], "The relation as a sentence, in parts."]
    lang: Annotated[str, "The language of the words between the companies."]
    state: Annotated[str, "planned, ending or over; empty for a current relation."]
    note: Annotated[str, "When it began and when it ended or is to end, if known."]
    figure: Annotated[str, "The figure that measures it, such as 49%, if any."]
    briefs: Annotated[
        tuple[CitedBrief, ...],
        "The briefs that state it, latest first; none if only a profile does.",
    ]
    known: Annotated[Moment | None, "Since when it is known as it stands, if a brief states it."]


class RelationGroup(Struct, frozen=True):
    """The relations of one kind on a company's page."""

    kind: Annotated[
        Link, "What the other companies are to it, such as Customers, with the page of the kind."
    ]
    lines: Annotated[tuple[RelationLine, ...], "The relations, by the name of the other company."]


class RelationSentence(Struct, frozen=True, kw_only=True):
    """A relation as a sentence."""

    first: Annotated[Link, "The company that begins the sentence."]
    second: Annotated[Link, "The other company."]
    parts: Annotated[tuple[RelationPart, ...], "The sentence in parts, in their order."]
    lang: Annotated[str, "The language of the words between the companies."]
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
    said = between(plan, tie, statement, statement.turned, language)
    return RelationSentence(
        first=said.first,
        second=said.second,
        parts=said.parts,
        lang=said.lang,
        note=note(plan, tie, statement, language),
        figure=measure(plan, tie, statement, language, dated=False),
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
    """The two companies of a sentence, and the sentence in parts."""

    first: Link
    second: Link
    parts: tuple[RelationPart, ...]
    lang: str


def between(
    plan: Planner,
    tie: RelationRecord,
    of: RelationRecord | Statement,
    turned: bool,
    language: str,
    linked: bool = True,
) -> Between:
    """Return a relation, or a statement of it, seen from one side.

    If `linked`, its words lead to all relations of its kind."""
    wording = WORDINGS[tie.type]
    measured = of if isinstance(of, Statement) else of.measured
    part, words = share(tie, measured, language), plan.words_in(language)
    side = wording.to if turned else wording.of
    ends = (plan.company(tie.of), plan.company(tie.to))
    first, second = ends[::-1] if turned else ends
    found, missing = sentence_parts(words, side, of.state, of.planned, part)
    url = kind_url(tie.type) if linked else ""
    parts = tuple(_part(part, first, second, url) for part in found)
    return Between(first, second, parts, ENGLISH if missing else language)


def _part(part: SentencePart, first: Link, second: Link, url: str) -> RelationPart:
    if part.kind in ("first", "second"):
        company = first if part.kind == "first" else second
        return RelationPart("company", company.name, company.url)
    return RelationPart(part.kind, part.text, url if part.kind == "verb" else "")


def sentence(plan: Planner, tie: RelationRecord, language: str) -> str:
    """Return a relation in words: Google is a customer of Scale AI."""
    said, words = between(plan, tie, tie, False, language), plan.words_in(language)
    text = "".join(part.text for part in said.parts)
    text = in_language(text, said.lang) if said.lang != language else text
    dated = note(plan, tie, tie, language)
    # Translators: {relation} is a sentence: Google is a customer of Scale AI. {note} is when: since
    # June 2025.
    return words("{relation}, {note}", relation=text, note=dated) if dated else text


def relation_sentence(
    plan: Planner, tie: RelationRecord, among_its_kind: bool = False
) -> RelationSentence:
    """Return a relation as it stands, with the brief that states it."""
    language = plan.language
    last = tie.statements[0] if tie.statements else None
    said = between(plan, tie, tie, False, language, linked=not among_its_kind)
    return RelationSentence(
        first=said.first,
        second=said.second,
        parts=said.parts,
        lang=said.lang,
        note=note(plan, tie, tie, language),
        figure=measure(plan, tie, tie.measured, language),
        now="",
        brief=plan.headline(last.brief) if last else None,
    )


# --- in words ----------------------------------------------------------------------------------


def share(tie: RelationRecord, measured: Statement | None, language: str) -> str:
    """Return the percentage to print inside the words of a stake."""
    value = measured.value if measured else None
    if value is None or value.unit != "%" or WORDINGS[tie.type].of.shares is None:
        return ""
    return print_quantity(value, language)


def measure(
    plan: Planner,
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
    amount, words = print_quantity(value, language), plan.words_in(language)
    period, date = "", ""
    if measured.period:
        period = period_in_words(measured.period, measured.span, language)
    elif dated and tie.measured_apart:
        date = _measured_on(measured, language)
    if value.unit == "%":
        if not (tie.measured_apart and dated):
            return amount
        # Translators: {amount} is such as 49%, {period} such as Q3 2024.
        return (
            words("{amount} {period}", amount=amount, period=period)
            if period
            else (words("{amount}, {date}", amount=amount, date=date) if date else amount)
        )
    metric = measured.metric
    if period:
        # Translators: {metric} is such as: revenue. {period} is such as Q3 2024.
        return words("{metric} {period}: {amount}", metric=metric, period=period, amount=amount)
    if date:
        return words("{metric}, {date}: {amount}", metric=metric, date=date, amount=amount)
    return words("{metric}: {amount}", metric=metric, amount=amount)


def _measured_on(measured: Statement, language: str) -> str:
    """Return the date of a figure, or that of the event that was reported with it."""
    return unbroken(measured.as_of or measured.said, language)


def note(plan: Planner, tie: RelationRecord, of: RelationRecord | Statement, language: str) -> str:
    """Return when a relation began, and when it ended or will end."""
    words = plan.words_in(language)
    since = unbroken(of.since, language) if of.since else ""
    until = unbroken(of.until.on, language) if of.until and of.until.on else ""
    once = WORDINGS[tie.type].once
    match of.state:
        case "former" if of.planned:
            return _both(
                words, dated(words, PLANNED_SINCE, of.since), dated(words, DROPPED, ending(of))
            )
        case "former":
            # Translators: when a relation between companies began and ended.
            both = words("{since} to {until}", since=since, until=until) if since else ""
            return both or dated(words, UNTIL, ending(of))
        case "planned" if not since:
            return words("planned")
        case "planned":
            return dated(words, PLANNED_SINCE if of.planned else PLANNED_FROM, of.since)
        case "ending":
            began = since if once else dated(words, SINCE, of.since)
            if until or not began:
                return _both(words, began, dated(words, UNTIL, ending(of)) or words("due to end"))
            # Translators: {since} is such as: since June 2025.
            return words("{since}, due to end", since=began)
    measured = tie.measured
    if since and of is tie and measured and tie.measured_apart and share(tie, measured, language):
        # The words before have the share, which is newer than the relation.
        parts = {"date": _measured_on(measured, language), "since": dated(words, SINCE, of.since)}
        return words.key(MEASURED[precision(measured.as_of or measured.said)], parts)
    return since if once else dated(words, SINCE, of.since)


def ending(of: RelationRecord | Statement) -> Moment | None:
    """Return when a relation ended or is to end, if known."""
    return of.until.on if of.until else None


def _both(words: Words, began: str, ended: str) -> str:
    """Return when a relation began and when it ended, of which one may be unknown."""
    if not began or not ended:
        return began or ended
    # Translators: {since} is such as: since June 2025. {until} is such as: until 2 July 2025.
    return words("{since}, {until}", since=began, until=ended)


# --- by kind ---------------------------------------------------------------------------------


def kind_url(type: RelationType) -> str:
    """Return the address of all relations of a kind."""
    return f"{INDEX.url}{slugify(type)}/"


def group_relations(
    plan: Planner,
    slug: str,
    ties: Sequence[RelationRecord],
    known: Mapping[tuple[str, str, str], Moment],
) -> tuple[tuple[RelationGroup, ...], tuple[RelationLine, ...]]:
    """Return a company's relations by kind, and those that have ended.

    Kinds follow the order of `WORDINGS`; `known` is since when each is known, by key.
    """
    order = [*WORDINGS]
    by_kind = sorted(ties, key=lambda tie: (order.index(tie.type), tie.of != slug))
    groups: dict[Link, list[RelationLine]] = {}
    formerly = []
    for tie in by_kind:
        side = _side(tie, slug)
        line = _line(plan, tie, slug, known.get(tie.key))
        if tie.state == "former":
            formerly.append(line)
        else:
            groups.setdefault(Link(plan.words.key(side.group), kind_url(tie.type)), []).append(line)
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


def _line(plan: Planner, tie: RelationRecord, slug: str, known: Moment | None) -> RelationLine:
    language, measured = plan.language, tie.measured
    said = between(plan, tie, tie, tie.of != slug, language)
    return RelationLine(
        company=plan.company(tie.other(slug)),
        parts=said.parts,
        lang=said.lang,
        state=STATES[tie.state],
        note=note(plan, tie, tie, language),
        figure=measure(plan, tie, measured, language, apart=tie.state != "former"),
        briefs=cited_briefs(plan, tie),
        known=known,
    )


def cited_briefs(plan: Planner, tie: RelationRecord) -> tuple[CitedBrief, ...]:
    """Return the briefs that state a relation, once each."""
    said = {s.brief: s.said for s in reversed(tie.statements)}
    found = []
    for slug in tie.briefs:
        brief = plan.headline(slug)
        found.append(CitedBrief(brief.name, f"{brief.url}{ANCHOR}", said[slug], brief.lang))
    return tuple(found)
