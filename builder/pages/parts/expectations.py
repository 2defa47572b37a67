"""What briefs expect, and the outcomes, as pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace

from builder.language.dates import in_words
from builder.language.periods import period_in_words
from builder.language.typography import typographic
from builder.language.words import Words
from builder.ledger.expectations import ExpectationRecord, SettlementRecord, State, last_day
from builder.model.brief import Brief
from builder.model.expectation import DueDate, Outcome
from builder.model.outline import Expected, expected_of
from builder.model.period import span_of
from builder.model.time import Moment
from builder.pages.page import Link
from builder.pages.parts.dated import DUE
from builder.pages.planner import Planner
from builder.site.ledger_facts import BRIEF_EXPECTATIONS
from builder.site.lists import EXPECTED

_LATEST = 12  # outcomes on the page of a company or a person
# The outcomes in words, in the order in which counts have them.
OUTCOMES: Mapping[Outcome, str] = {
    "happened": "happened",
    "late": "happened late",
    "partly": "happened in part",
    "not": "did not happen",
    "moot": "no longer applies",
}


class OutcomeLine(Struct, frozen=True, kw_only=True):
    """The outcome of an expectation, as a later brief reports it."""

    outcome: Annotated[
        str,
        "happened, happened late, happened in part, did not happen or no longer applies; print it"
        ' with |term("outcome").',
    ]
    when: Annotated[Moment, "The date of the outcome."]
    brief: Annotated[Link, "The brief that says so; without a name on the page of that brief."]
    source: Annotated[str, "The publisher that reported it, if given."]


class ExpectationLine(Struct, frozen=True, kw_only=True):
    """Something that a brief expects, and its outcome."""

    anchor: Annotated[str, "Its anchor on the page of the brief."]
    text: Annotated[str, "What is expected."]
    lang: Annotated[str, "The language tag of the text."]
    by: Annotated[
        str, "By when it is expected, in words: By the end of Q4 2025; empty if no date is known."
    ]
    last_day: Annotated[str, "The last day of that date, in ISO 8601."]
    company: Annotated[Link | None, "The company that is to do it, if it has a page."]
    person: Annotated[Link | None, "The person who is to do it, or who forecast it, if any."]
    source: Annotated[str, "The publisher that reported it, if given."]
    resolves: Annotated[str, "What settles it, if given."]
    expected: Annotated[Moment, "When the brief was published."]
    brief: Annotated[Link, "The brief that states it, at the expectation."]
    state: Annotated[State, "open, overdue or settled."]
    outcome: Annotated[
        OutcomeLine | None, "The outcome that the latest brief on it reports, if any."
    ]
    before: Annotated[
        OutcomeLine | None, "The outcome that an earlier brief reported, if it is another."
    ]


class OutcomeCount(Struct, frozen=True):
    """How many expectations had one outcome."""

    outcome: Annotated[str, 'The outcome, as in a line; print it with |term("outcome").']
    count: Annotated[int, "The number of expectations."]


class BriefExpectations(Struct, frozen=True, kw_only=True):
    """What a brief expects, and what it settles."""

    expected: Annotated[
        tuple[ExpectationLine, ...], "What is expected, by the brief, and how that turned out."
    ] = ()
    settled: Annotated[
        tuple[ExpectationLine, ...],
        "What earlier briefs expected, of which it reports the outcome.",
    ] = ()
    texts: Annotated[
        tuple[str, ...], "What the brief itself expects, with its date, as lines of text."
    ] = ()


_NOTHING = BriefExpectations()


class ExpectationTable(Struct, frozen=True, kw_only=True):
    """What is expected of a company or a person, and how it turned out."""

    pending: Annotated[tuple[ExpectationLine, ...], "What is overdue, then what is open, by date."]
    settled: Annotated[tuple[ExpectationLine, ...], "The latest outcomes, the latest first."]
    outcomes: Annotated[tuple[OutcomeCount, ...], "How many of all had which outcome."]


def expectation_anchor(id: str) -> str:
    """Return the anchor of an expectation on the page of its brief."""
    return f"expected.{id}"  # no heading has a dot in its anchor


def due_in_words(words: Words, by: DueDate) -> str:
    """Return by when something is expected: By 31 December 2025."""
    if not by.iso:
        return ""
    if by.has_day:
        day = Moment(datetime.fromisoformat(by.iso), "day")
        return words.key(DUE["day"], {"date": in_words(day, words.language)})
    _, _, part = by.iso.partition("-")
    length = {"": "year", "Q": "quarter", "H": "half"}.get(part[:1], "month")
    date = period_in_words(by.iso, span_of(by.iso, None), words.language)
    return words.key(DUE[length], {"date": date})


def expectation_line(
    plan: Planner, record: ExpectationRecord, text: str = "", lang: str = ""
) -> ExpectationLine:
    """Return an expectation as pages in the site's language show it.

    `text` is what the brief on whose page it stands says itself, `lang` the language there."""
    view, page = plan.view, lang or plan.language
    said = page if text else record.lang or plan.language
    brief, anchor = plan.headline(record.brief), expectation_anchor(record.id)
    known = bool(record.of) and view.has_company(record.of)
    outcomes = [_outcome(plan, settlement) for settlement in record.settled]
    outcome = outcomes[0] if outcomes else None
    return ExpectationLine(
        anchor=anchor,
        text=typographic(text or record.text, said),
        lang=said,
        by=due_in_words(plan.words_in(page), record.by),
        last_day=last_day(record.by).isoformat(),
        company=plan.company(record.of) if known else None,
        person=plan.person(record.person) if record.person else None,
        source=record.publisher,
        resolves=typographic(record.resolves, said),
        expected=record.expected,
        brief=Link(brief.name, f"{brief.url}#{anchor}" if record.at else brief.url, brief.lang),
        state=record.state,
        outcome=outcome,
        before=next((o for o in outcomes if outcome and o.outcome != outcome.outcome), None),
    )


def _outcome(plan: Planner, settlement: SettlementRecord) -> OutcomeLine:
    return OutcomeLine(
        outcome=OUTCOMES[settlement.outcome],
        when=settlement.when,
        brief=plan.headline(settlement.brief),
        source=settlement.publisher,
    )


def brief_expectations(plan: Planner, brief: Brief, lang: str) -> BriefExpectations:
    """Return what a linked brief expects, and what it settles.

    A translation takes both from its original, in its own words where it has them."""
    stated = expected_of(brief)
    if not (stated or brief.settles or plan.view.entry(brief.slug).original):
        return _NOTHING  # so that a brief without any depends on no such fact
    texts = {expected.id: expected.text for expected in stated}
    expected, settled = plan.view.read(BRIEF_EXPECTATIONS, brief.slug)
    return BriefExpectations(
        expected=tuple(expectation_line(plan, r, texts.get(r.id, ""), lang) for r in expected),
        settled=tuple(_settled_by(plan, brief, record, lang) for record in settled),
        texts=expected_texts(plan, brief, lang),
    )


def expected_texts(plan: Planner, brief: Brief, lang: str) -> tuple[str, ...]:
    """Return what a linked brief itself expects, as lines of text."""
    stated = expected_of(brief)
    return tuple(_text(plan.words_in(lang), expected) for expected in stated)


def feed_of_expectations(plan: Planner) -> Link:
    """Return the title and folder of the feed of expectations."""
    return Link(plan.words("{site}: Expected", site=plan.settings.title), EXPECTED)


def _text(words: Words, expected: Expected) -> str:
    """Return a stated expectation with its date."""
    return expectation_text(words, typographic(expected.text, words.language), expected.by)


def expectation_text(words: Words, text: str, by: DueDate) -> str:
    """Return an expectation with its date: By 31 December 2025: It launches."""
    due = due_in_words(words, by)
    if not due:
        return words("Expected: {text}", text=text)
    # Translators: {due} is by when something is expected: By the end of 2025.
    return words("{due}: {text}", due=due, text=text)


def undated_steps(brief: Brief) -> tuple[str, ...]:
    """Return the texts of the next steps that have no date."""
    return tuple(step.text for step in brief.whats_next if not (step.by and step.id))


def _settled_by(
    plan: Planner, brief: Brief, record: ExpectationRecord, lang: str
) -> ExpectationLine:
    """Return an expectation; its outcome has no link to the same brief."""
    line = expectation_line(plan, record, lang=lang)
    if line.outcome and line.outcome.brief.url == plan.headline(brief.slug).url:
        return replace(line, outcome=replace(line.outcome, brief=Link("", brief.url)))
    return line


def record_of(plan: Planner, records: Sequence[ExpectationRecord]) -> ExpectationTable | None:
    """Return what is expected of someone, and how that turned out."""
    if not records:
        return None
    pending = [*(r for r in records if r.state == "overdue")][::-1]
    pending += [r for r in records if r.state == "open"]
    return ExpectationTable(
        pending=tuple(expectation_line(plan, record) for record in pending),
        settled=tuple(expectation_line(plan, r) for r in latest_outcome_first(records)[:_LATEST]),
        outcomes=outcome_counts(records),
    )


def outcome_counts(records: Iterable[ExpectationRecord]) -> tuple[OutcomeCount, ...]:
    """Return how many expectations had each outcome, in a fixed order."""
    counted = Counter(record.outcome for record in records if record.outcome)
    return tuple(OutcomeCount(OUTCOMES[o], counted[o]) for o in OUTCOMES if counted[o])


def latest_outcome_first(records: Iterable[ExpectationRecord]) -> list[ExpectationRecord]:
    """Return settled expectations in the order of their outcomes, the latest first."""
    settled = [record for record in records if record.settled]
    return sorted(settled, key=lambda r: (r.settled[0].when.at, r.by.over, r.uid), reverse=True)
