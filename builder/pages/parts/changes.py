"""Changes of facts in words: what was known, what is known now, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Struct

from builder.language.capitals import with_capital
from builder.language.lists import joined, list_names
from builder.language.quantities import print_quantity
from builder.language.typography import typographic
from builder.language.words import Words, without_marks
from builder.ledger.claims import StatedClaim
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.fact_change import ChangeKind, FactChange
from builder.ledger.figure_changes import EXPECTED
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord
from builder.model.time import Moment
from builder.names.keys import in_address
from builder.pages.page import FeedLink, Link
from builder.pages.parts.corrections import (
    KINDS,
    CorrectionLine,
    anchor_of,
    as_text,
    without_stop,
)
from builder.pages.parts.expectations import OUTCOMES, due_in_words, expectation_anchor
from builder.pages.parts.feed_addresses import feed_links
from builder.pages.parts.figure_charts import BASES, time_of
from builder.pages.parts.known_since import relations_known
from builder.pages.parts.record_tables import ChangeRow
from builder.pages.parts.relations import sentence
from builder.pages.planner import Planner
from builder.quantity.quantity import as_written
from builder.site.known import MONTHS
from builder.site.known_facts import CHANGED, CHANGES, NEWS

FOLDER = "changes/"  # of the feeds, in that of their subject
LINES = "changes.jsonl"
AS_KNOWN = "/known/"
_SHOWN = 5  # changes on the page of their subject


class ChangeLine(Struct, frozen=True, kw_only=True):
    """A change of a fact: what was known, and is known since."""

    at: Annotated[Moment, "Since when it is known."]
    kind: Annotated[ChangeKind, "figure, relation, claim, expectation or correction."]
    fact: Annotated[str, "What changed: `Valuation, Scale AI`, a claim; empty where `now` says it."]
    was: Annotated[str, "What was known before; may be empty."]
    now: Annotated[str, "What is known now, in words."]
    corrected: Annotated[bool, "Whether an error was corrected."]
    text: Annotated[str, "All of it in one line of text."]
    url: Annotated[str, "The address of the brief, at what it states."]
    source: Annotated[str, "The publisher that reports it, if known."]
    companies: Annotated[tuple[Link, ...], "The companies that it concerns."]
    lang: Annotated[str, "The language of what it says."]


class Changes(Struct, frozen=True, kw_only=True):
    """What changed about a subject, and how to follow it."""

    lines: Annotated[tuple[ChangeLine, ...], "The latest changes, newest first."]
    total: Annotated[int, "The number of all changes."]
    feeds: Annotated[tuple[FeedLink, ...], "The feed of changes in each format, and as JSON Lines."]
    known: Annotated[str, "The address of the list of as-known pages, if there are any."]


def relation_known(plan: Planner, tie: RelationRecord) -> Moment | None:
    """Return since when a relation is known as it stands.

    None if no brief states it."""
    found = plan.view.once(
        f"relations known {tie.of}",
        lambda: relations_known(changes_about(plan, "companies", tie.of)),
    )
    return found.get(tie.key)


def changes_about(plan: Planner, group: str, slug: str) -> tuple[FactChange, ...]:
    """Return the changes about a subject, in order of time."""
    return plan.view.read(CHANGES, f"{group} {slug}")


def feed_of_changes(plan: Planner, name: str, url: str) -> Link:
    """Return a subject's feed of changes: its name and its folder."""
    # Translators: the title of a feed; {name} is a company, a topic or a list of them.
    return Link(plan.words("{name}: changes of facts", name=name), f"{url}{FOLDER}")


def subject_changes(plan: Planner, group: str, slug: str, name: str, url: str) -> Changes | None:
    """Return what changed about a subject, if anything did."""
    found = changes_about(plan, group, slug)
    if not found:
        return None
    feed = feed_of_changes(plan, name, url)
    lines = FeedLink("JSON Lines", "application/jsonl", feed.name, f"{feed.url}{LINES}")
    return Changes(
        lines=tuple(change_line(plan, change) for change in found[: -_SHOWN - 1 : -1]),
        total=len(found),
        feeds=(*feed_links(plan.settings, feed), lines),
        known=AS_KNOWN if plan.settings.as_known and plan.view.read(CHANGED, MONTHS) else "",
    )


def change_line(plan: Planner, change: FactChange) -> ChangeLine:
    """Return a change in words."""
    return plan.view.once(
        f"change {change.guid} {change.at.iso} {change.now is None}", lambda: _line(plan, change)
    )


def _at(anchor: str) -> str:
    return f"#{in_address(anchor)}"


def _line(plan: Planner, change: FactChange) -> ChangeLine:
    now, words = change.now, plan.words
    fact, was, said, source, anchor, language = "", "", "", "", "", plan.language
    if isinstance(now, FigureRecord):
        before = change.was if isinstance(change.was, FigureRecord) else change.before
        fact, source, anchor = _subject(plan, now), now.publisher, _at(f"figure-{now.id}")
        was = _amount(plan, before) if before else ""
        said = _amount(plan, now)
        text = _figure_text(plan, fact, was, said, bool(change.correction))
    elif isinstance(now, RelationRecord):
        source, anchor = now.statements[0].publisher, "#relations"
        said = with_capital(sentence(plan, now, language), language)
        if isinstance(change.was, RelationRecord):
            was = with_capital(sentence(plan, change.was, language), language)
        # Translators: {now} and {was} are sentences about companies without a full stop.
        text = words("{now}. Before: {was}.", now=said, was=was) if was else f"{said}."
    elif isinstance(now, StatedClaim):
        language = now.lang or language
        fact = without_stop(typographic(now.text, language))
        said = _status(plan, now)
        was = words.term("claim", change.was.status) if isinstance(change.was, StatedClaim) else ""
        text = _claim_text(plan, fact, was, said)
    elif isinstance(now, ExpectationRecord):
        language, source = now.lang or language, _source(now)
        fact = without_stop(typographic(now.text, language))
        said = with_capital(_state(words, now), plan.language)
        before_state = change.was if isinstance(change.was, ExpectationRecord) else now
        was = "" if before_state.state in ("open", now.state) else _state(words, before_state)
        anchor = "" if now.settled or not now.at else _at(expectation_anchor(now.id))
        text = _claim_text(plan, fact, was, said)
    else:
        assert isinstance(now, CorrectionRecord)
        language = now.lang or language
        said = as_text(plan.words_in(language), _correction(now, language))
        text, anchor = said, _at(anchor_of(now.number))
    return ChangeLine(
        at=change.at,
        kind=change.kind,
        fact=fact,
        was=was,
        now=said,
        corrected=bool(change.correction),
        text=without_marks(text),
        url=f"{plan.address(change.brief)}{anchor}",
        source=source,
        companies=tuple(
            plan.company(slug) for slug in change.companies if plan.view.has_company(slug)
        ),
        lang=language,
    )


def _state(words: Words, record: ExpectationRecord) -> str:
    """Return the outcome of an expectation, that it is overdue, or its date."""
    if outcome := record.outcome:
        return words.term("outcome", OUTCOMES[outcome])
    if record.state == "open":
        return due_in_words(words, record.by) or words("Expected")
    return words.of("expectations", "Overdue").lower()


def _source(record: ExpectationRecord) -> str:
    return record.settled[0].publisher if record.settled else record.publisher


def _subject(plan: Planner, value: FigureRecord) -> str:
    """Return what a figure measures: Valuation, Scale AI."""
    metric = with_capital(value.metric, plan.language)
    company = plan.company(value.of).name
    if value.to:
        other = plan.company(value.to).name
        return plan.words(
            "{metric}, {company} → {other}", metric=metric, company=company, other=other
        )
    return plan.words("{metric}, {company}", metric=metric, company=company)


def _amount(plan: Planner, value: FigureRecord) -> str:
    """Return a value with its time, and whether it is expected."""
    amount, time = print_quantity(value.value, plan.language), time_of(value, plan.language)
    basis = plan.words.term("basis", dict(BASES)[value.basis])
    notes = [note for note in (time, basis if value.basis in EXPECTED else "") if note]
    if not notes:
        return amount
    # Translators: {value} is an amount, {time} its date or period: $14 billion (May 2025).
    return plan.words("{value} ({time})", value=amount, time=joined(notes, plan.language))


def _figure_text(plan: Planner, fact: str, was: str, now: str, corrected: bool) -> str:
    words = plan.words
    if corrected:
        # Translators: {fact} is such as: Valuation, Scale AI. {was} and {now} are amounts. In a
        # language from right to left, the arrow points to the left.
        return words("{fact}, corrected: {was} → {now}", fact=fact, was=was, now=now)
    if was:
        return words("{fact}: {was} → {now}", fact=fact, was=was, now=now)
    return words("{fact}: {now}", fact=fact, now=now)


def _status(plan: Planner, claim: StatedClaim) -> str:
    """Return the status of a claim, and who confirms or denies it: Denied by Google."""
    if claim.who and claim.status in ("confirmed", "denied"):
        names = list_names([plan.company(slug).name for slug in claim.who], plan.language)
        if claim.status == "confirmed":
            return plan.words("Confirmed by {names}", names=names)
        # Translators: of a claim; {names} are companies.
        return plan.words("Denied by {names}", names=names)
    return with_capital(plan.words.term("claim", claim.status), plan.language)


def _claim_text(plan: Planner, claim: str, was: str, now: str) -> str:
    if was:
        # Translators: {now} and {was} are the statuses of a claim: Denied, reported.
        return plan.words("{now} (before: {was}): {claim}", now=now, was=was, claim=claim)
    # Translators: {status} is the status of a claim: Denied.
    return plan.words("{status}: {claim}", status=now, claim=claim)


def _correction(found: CorrectionRecord, language: str) -> CorrectionLine:
    was, now, note = (typographic(text, language) for text in (found.was, found.now, found.note))
    return CorrectionLine(
        anchor=anchor_of(found.number),
        at=found.at,
        kind=KINDS[found.kind],
        was=without_stop(was),
        now=without_stop(now),
        note=note,
    )


# --- for programs ------------------------------------------------------------------------------


def as_data(plan: Planner, change: FactChange) -> dict[str, Any]:
    """Return a change as an object, in which nothing is missing."""
    line, now = change_line(plan, change), change.now
    companies = [slug for slug in change.companies if plan.view.has_company(slug)]
    found: dict[str, Any] = {
        "known": change.at.iso,
        "kind": change.kind,
        "id": change.guid,
        "companies": companies,
        "text": line.text,
        "was": None,
        "now": None,
        "corrected": line.corrected,
        "brief": change.brief,
        "url": plan.absolute(line.url),
        "source": line.source or None,
    }
    if isinstance(now, FigureRecord):
        before = change.was if isinstance(change.was, FigureRecord) else change.before
        found |= {"was": _figure_data(before) if before else None, "now": _figure_data(now)}
    elif isinstance(now, RelationRecord):
        was = change.was if isinstance(change.was, RelationRecord) else None
        found |= {"was": _relation_data(was) if was else None, "now": _relation_data(now)}
    elif isinstance(now, StatedClaim):
        was_said = change.was.status if isinstance(change.was, StatedClaim) else None
        found |= {
            "was": {"status": was_said} if was_said else None,
            "now": {"claim": line.fact, "status": now.status, "by": [*now.who]},
        }
    elif isinstance(now, ExpectationRecord):
        earlier = change.was if isinstance(change.was, ExpectationRecord) else None
        found |= {"was": _status_data(earlier) if earlier else None}
        found |= {"now": {"expected": line.fact, "due": now.by.iso or None, **_status_data(now)}}
    elif isinstance(now, CorrectionRecord):
        found |= {"was": now.was or None, "now": now.now, "corrected": True}
    return found


def _figure_data(value: FigureRecord) -> dict[str, Any]:
    return {
        "company": value.of,
        "counterparty": value.to or None,
        "metric": value.metric,
        "value": as_written(value.value),
        "as_of": (None if value.is_period else value.at) or None,
        "period": value.at if value.is_period else None,
        "basis": value.basis,
    }


def _relation_data(found: RelationRecord) -> dict[str, Any]:
    return {
        "company": found.of,
        "type": found.type,
        "counterparty": found.to,
        "state": found.state,
        "since": found.since.iso if found.since else None,
        "until": found.until.iso if found.until else None,
    }


def _status_data(record: ExpectationRecord) -> dict[str, Any]:
    date = record.settled[0].when.iso if record.settled else None
    return {"status": record.outcome or record.state, "date": date}


def change_rows(plan: Planner) -> Iterator[ChangeRow]:
    """Yield all changes for the record, by when they were known."""
    seen = set[str]()
    for change in plan.view.read(NEWS):
        if change.guid not in seen:
            seen.add(change.guid)
            row, line = as_data(plan, change), change_line(plan, change)
            yield ChangeRow(
                id=change.guid,
                known=change.at.iso,
                kind=change.kind,
                companies=" ".join(row["companies"]) or None,
                text=line.text,
                was=_short(row["was"]),
                now=_short(row["now"]) or "",
                corrected=line.corrected,
                brief=change.brief,
            )


def _short(record: dict[str, Any] | str | None) -> str | None:
    """Return the value, the state or the status of a record."""
    if isinstance(record, dict):
        found = (record[name] for name in ("value", "state", "status") if name in record)
        return next(found, None)
    return record
