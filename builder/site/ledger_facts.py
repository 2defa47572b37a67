"""The kinds of fact that are read from ledgers: figures, relations, events, expectations."""

from __future__ import annotations

from builder.content.record import encode
from builder.ledger.calendar import EventRecord
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord, Statement
from builder.ledger.standing import Standing
from builder.ledger.track_records import Tracked
from builder.site.fact import Fact, hash_of

STANDING: Fact[Standing | None] = Fact(
    "standing",
    "what stands behind {}",
    lambda s, slug: s.site.standing.get(slug),
    of_brief=True,
)
# Of a publisher's reports: which were first, and what came of them.
TRACKED: Fact[tuple[Tracked, ...]] = Fact(
    "tracked", "what came of the reports of {}", lambda s, slug: s.tracked.get(slug, ())
)
COMPANY_FIGURES: Fact[tuple[FigureRecord, ...]] = Fact(
    "figures", "figures of the company {}", lambda s, slug: (*s.figures.of.get(slug, ()),)
)
BRIEF_FIGURES: Fact[tuple[tuple[FigureRecord, tuple[FigureRecord, ...]], ...]] = Fact(
    "values",
    "figures of {} and their rivals",
    lambda s, slug: s.figures.of_brief(slug),
    of_brief=True,
)
FIGURES: Fact[tuple[FigureRecord, ...]] = Fact("ledger", "all figures", lambda s, _: s.figures.all)
COMPANY_RELATIONS: Fact[tuple[RelationRecord, ...]] = Fact(
    "relations", "relations of the company {}", lambda s, slug: (*s.relations.of.get(slug, ()),)
)
RELATIONS_AMONG: Fact[tuple[RelationRecord, ...]] = Fact(
    "among",
    "relations among the companies related to {}",
    lambda s, slug: s.relations.among(slug),
)
BRIEF_RELATIONS: Fact[tuple[tuple[Statement, RelationRecord], ...]] = Fact(
    "stated",
    "relations that {} states",
    lambda s, slug: s.relations.of_brief(slug),
    lambda s, slug: hash_of(encode(s.relations.stated_once(slug))),
    of_brief=True,
)
RELATIONS: Fact[tuple[RelationRecord, ...]] = Fact(
    "ties", "all relations", lambda s, _: (*s.site.relations,)
)
EVENTS: Fact[tuple[EventRecord, ...]] = Fact("events", "all events", lambda s, _: (*s.site.events,))
COMPANY_EVENTS: Fact[tuple[EventRecord, ...]] = Fact(
    "agenda", "events of the company {}", lambda s, slug: (*s.events.of.get(slug, ()),)
)
BRIEF_EVENTS: Fact[tuple[EventRecord | None, ...]] = Fact(
    "scheduled", "events of {}", lambda s, slug: s.events.of_brief(slug), of_brief=True
)
EXPECTATIONS: Fact[tuple[ExpectationRecord, ...]] = Fact(
    "expectations", "all expectations", lambda s, _: (*s.site.expectations,)
)
COMPANY_EXPECTATIONS: Fact[tuple[ExpectationRecord, ...]] = Fact(
    "announced",
    "expectations of the company {}",
    lambda s, slug: (*s.expectations.of.get(slug, ()),),
)
PERSON_EXPECTATIONS: Fact[tuple[ExpectationRecord, ...]] = Fact(
    "foretold",
    "expectations of the person {}",
    lambda s, slug: (*s.expectations.by_person.get(slug, ()),),
)
# What a brief expects, and what it settles.
BRIEF_EXPECTATIONS: Fact[tuple[tuple[ExpectationRecord, ...], tuple[ExpectationRecord, ...]]] = (
    Fact(
        "expects",
        "expectations of {}",
        lambda s, slug: s.expectations.of_brief(slug),
        of_brief=True,
    )
)
WEEK_EXPECTATIONS: Fact[tuple[ExpectationRecord, ...]] = Fact(
    "due",
    "expectations that fall due in the week {}, or since the digest before",
    lambda s, week: (*s.expectations.in_digest.get(week, ()),),
)
EXPECTATION_FACTS = (
    EXPECTATIONS, COMPANY_EXPECTATIONS, PERSON_EXPECTATIONS, BRIEF_EXPECTATIONS, WEEK_EXPECTATIONS,
)  # fmt: skip
