"""The ledger of expectations: their states by the time of the build and by what settles them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from builder.content.time_fields import read_due_date
from builder.diagnostics.misread import Misread
from builder.language.words import Words
from builder.ledger.expectations import (
    ExpectationRecord,
    expectation_ledger,
    expectation_moments,
    settling,
)
from builder.ledger.names import NameResolvers
from builder.model.expectation import DueDate, Outcome, Settlement
from builder.model.outline import Expected, Outline
from builder.model.time import Moment
from builder.model.values import ExpectationReference, Slug
from builder.pages.parts.expectations import due_in_words

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2025, 6, 1, tzinfo=UTC)
LINKS = NameResolvers(lambda name: name.lower(), str, lambda name: None, lambda name: name.lower())
OUTCOMES: Sequence[Outcome] = ("happened", "late", "partly", "not", "moot")


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def outline(
    slug: str,
    at: int,
    expects: tuple[Expected, ...] = (),
    settles: tuple[Settlement, ...] = (),
    translation_of: str = "",
) -> Outline:
    """A brief that is published some days after the start."""
    nothing = dict.fromkeys(("companies", "topics", "people", "speakers", "redirects", "media"), ())
    return Outline(
        path=f"content/briefs/{slug}.md", slug=slug, id=slug, broken=False, status="published",
        date=Moment(day(at), "minute"), updated=None, expires=None, event_date=None, importance=2,
        lang="en", section="", title=slug, summary="", translation_of=translation_of, pictures=(),
        publishers=(("gazette", "Gazette"),), expects=expects, settles=settles, **nothing,
    )  # fmt: skip


def expected(id: str, due: int) -> Expected:
    return Expected("expects.0", id, "It launches.", DueDate("2025", day(due)), "", "", "")


def settled(what: str, outcome: Outcome) -> Settlement:
    return Settlement(what=ExpectationReference(what), outcome=outcome, source=Slug("gazette"))


def ledger(briefs: Sequence[Outline], now: datetime) -> dict[str, ExpectationRecord]:
    """What the briefs expect that are published at a moment, by id."""
    shown = {brief.slug: brief for brief in briefs if brief.date.at <= now}
    originals = {b.slug: b.translation_of for b in shown.values() if b.translation_of in shown}
    return {record.id: record for record in expectation_ledger(shown, originals, LINKS, now)}


settlements = some.lists(
    some.tuples(some.integers(0, 60), some.sampled_from(OUTCOMES)), max_size=4
).flatmap(lambda found: some.permutations([*enumerate(found)]))


@settings(max_examples=300, deadline=None)
@given(some.integers(1, 60), settlements, some.integers(0, 70))
def test_the_state_follows_from_now_and_the_settlements_in_any_order(
    due: int, found: list[tuple[int, tuple[int, Outcome]]], at: int
) -> None:
    briefs = [
        outline("plan", 0, (expected("launch", due),)),
        *(outline(f"s{n}", when, settles=(settled("plan#launch", o),)) for n, (when, o) in found),
    ]
    record = ledger(briefs, day(at))["launch"]
    known = sorted(((when, n, o) for n, (when, o) in found if when <= at), reverse=True)
    # One of the moment of the plan itself is later if its name is: s0 comes after plan.
    assert [s.brief for s in record.settled] == [f"s{n}" for _, n, _ in known]
    assert record.outcome == (known[0][2] if known else None)
    assert record.state == ("settled" if known else "open" if at < due else "overdue")


@settings(max_examples=100, deadline=None)
@given(some.integers(1, 60), settlements)
def test_a_state_changes_only_at_a_known_moment(
    due: int, found: list[tuple[int, tuple[int, Outcome]]]
) -> None:
    plan = outline("plan", 0, (expected("launch", due),))
    later = [outline(f"s{n}", t, settles=(settled("plan#launch", o),)) for n, (t, o) in found]
    moments = {*expectation_moments(plan.expects), *(b.date.at.timestamp() for b in later)}
    before = ledger([plan, *later], day(0))
    for number in range(1, 70):
        after = ledger([plan, *later], day(number))
        assert after == before or day(number).timestamp() in moments
        before = after


def test_only_a_later_brief_of_another_story_settles() -> None:
    plan = outline("plan", 5, (expected("launch", 9), expected("own", 9)))
    own = outline("both", 6, (expected("mine", 9),), (settled("both#mine", "happened"),))
    earlier = outline("earlier", 4, settles=(settled("plan#launch", "happened"),))
    translation = outline(
        "plan-nl", 7, settles=(settled("plan#own", "not"),), translation_of="plan"
    )
    unsourced = outline("rumour", 8, settles=(Settlement(
        what=ExpectationReference("plan#launch"), outcome="late"),))  # fmt: skip
    found = ledger([plan, own, earlier, translation, unsourced], day(20))
    assert {record.state for record in found.values()} == {"overdue"}


def test_a_translation_states_nothing_twice() -> None:
    plan = outline("plan", 0, (expected("launch", 9),))
    dutch = outline(
        "plan-nl", 1, (expected("launch", 9), expected("only-here", 9)), translation_of="plan"
    )
    later = outline("later", 3, settles=(settled("plan-nl#launch", "happened"),))
    again = outline(
        "later-nl", 4, settles=(settled("plan#launch", "happened"),), translation_of="later"
    )
    found = ledger([plan, dutch, later, again], day(20))
    assert {id: (r.brief, len(r.settled)) for id, r in found.items()} == {
        "launch": ("plan", 1),
        "only-here": ("plan-nl", 0),
    }
    briefs = {brief.slug: brief for brief in (plan, dutch, later, again)}
    assert {k: [b.slug for b in v] for k, v in settling(briefs).items()} == {
        ("plan", "launch"): ["later"]
    }


@pytest.mark.parametrize(
    ("text", "iso", "over", "words"),
    [
        ("2025", "2025", "2026-01-01T00:00:00+01:00", "By the end of 2025"),
        ("2025-H1", "2025-H1", "2025-07-01T00:00:00+02:00", "By the end of H1 2025"),
        ("H2 2025", "2025-H2", "2026-01-01T00:00:00+01:00", "By the end of H2 2025"),
        ("2025-Q1", "2025-Q1", "2025-04-01T00:00:00+02:00", "By the end of Q1 2025"),
        ("third quarter of 2025", "2025-Q3", "2025-10-01T00:00:00+02:00", "By the end of Q3 2025"),
        ("2025-12", "2025-12", "2026-01-01T00:00:00+01:00", "By the end of December 2025"),
        ("2025-10-26", "2025-10-26", "2025-10-27T00:00:00+01:00", "By 26 October 2025"),
    ],
)
def test_a_date_is_over_at_its_end_in_the_time_zone_of_the_site(
    text: str, iso: str, over: str, words: str
) -> None:
    found = read_due_date(text, AMSTERDAM)
    assert (found.iso, found.over.isoformat()) == (iso, over)
    assert due_in_words(Words("en-GB"), found) == words


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2025-12-31 14:00", "write 2025-12-31"),
        ("FY2026", "write the month in which it ends, such as 2026-01"),
        ("December 2025", "write 2025-12"),
        ("31 December 2025", "write 2025-12-31"),
        ("soon", "write 2025, 2025-H2, 2025-Q4, 2025-12 or 2025-12-31"),
    ],
)
def test_what_is_no_date_has_a_hint(text: str, hint: str) -> None:
    with pytest.raises(Misread) as caught:
        read_due_date(text, AMSTERDAM)
    assert caught.value.hint == hint
