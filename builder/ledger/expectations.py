"""The ledger of expectations: what briefs announce or forecast, and the outcomes.

An expectation is one record: the brief that states it, and every later brief that settles it. Its
state follows from the time of the build: it is open until its date, then overdue, and settled from
the first brief on that reports the outcome. Of several such briefs, the latest decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from builder.ledger.calendar import KEPT, EventRecord, event_order, revisions
from builder.ledger.calendar import state_of as calendar_state
from builder.ledger.corrections import last_change
from builder.ledger.names import NameResolvers
from builder.ledger.translations import find_originals
from builder.model.expectation import DueDate, Outcome, Settlement
from builder.model.outline import Expected, Outline
from builder.model.time import Moment, week_of

# Its date is ahead; its date is over, and no brief reports the outcome; a brief does.
State = Literal["open", "overdue", "settled"]

_Key = tuple[str, str]  # the slug of a brief, and the id of what it expects


class SettlementRecord(Struct, frozen=True, array_like=True):
    """The outcome of an expectation, as one brief reports it.

    `when` is the date of the outcome, or of the event that the brief reports; `published` is when
    the brief was published. `publisher` is the printed name of the source."""

    brief: str
    outcome: Outcome
    when: Moment
    published: Moment
    publisher: str


class ExpectationRecord(Struct, frozen=True, array_like=True):
    """An expectation, and its outcome.

    `at` is its place in the brief, such as `expects.0`; it is empty in an edition whose version of
    the story does not state it. `of` is the company and `person` the person of whom it is expected
    (slugs), or empty. `expected` is when the brief was published. `settled` has what later briefs
    say, the latest first, which decides."""

    brief: str
    id: str
    at: str
    uid: str
    text: str
    by: DueDate
    of: str
    person: str
    publisher: str
    resolves: str
    expected: Moment
    importance: int
    state: State
    settled: tuple[SettlementRecord, ...]
    lang: str

    @property
    def key(self) -> _Key:
        """The brief and the id by which other briefs refer to it."""
        return self.brief, self.id

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that the latest brief reports."""
        return self.settled[0].outcome if self.settled else None

    @property
    def last_day(self) -> date:
        """The last day on which it is not overdue."""
        return last_day(self.by)

    @property
    def week(self) -> str:
        """The week in which it falls due: 2025-w24."""
        return week_of(last_day(self.by))

    def is_unsettled_on(self, day: date) -> bool:
        """Return whether no brief had reported the outcome when a day began."""
        return all(settlement.published.at.date() >= day for settlement in self.settled)


def last_day(by: DueDate) -> date:
    """Return the last day of a date by which something is expected."""
    return (by.over - timedelta(microseconds=1)).date()


def state_of(by: DueDate, settled: bool, now: datetime) -> State:
    """Return the state of an expectation at a moment."""
    return "settled" if settled else "open" if now < by.over else "overdue"


def expectation_ledger(
    briefs: Mapping[str, Outline],
    originals: Mapping[str, str],
    links: NameResolvers,
    now: datetime,
) -> tuple[ExpectationRecord, ...]:
    """Return what some briefs expect, by date.

    `originals` maps translations among the briefs to their originals. A translation expects and
    settles only what its original does not."""
    stating = [brief for brief in briefs.values() if brief.expects]
    if not stating:
        return ()
    stories = Stories(briefs, originals)
    said = settlements(briefs, stories)
    found = []
    for brief in stating:
        for expected in brief.expects:
            key = brief.slug, expected.id
            if stories.key(*key) == key:
                settled = tuple(_settlement(*pair, links) for pair in said.get(key, ()))
                found.append(_record(brief, expected, settled, links, now))
    return tuple(sorted(found, key=by_date))


def by_date(record: ExpectationRecord) -> tuple[datetime, datetime, str]:
    """Return the sort key by date.

    Of one date, what was expected first comes first."""
    return record.by.over, record.expected.at, record.uid


class Stories:
    """Which expectations are one, in briefs and their translations."""

    def __init__(self, briefs: Mapping[str, Outline], originals: Mapping[str, str]) -> None:
        self._briefs, self._originals = briefs, originals

    def key(self, slug: str, id: str) -> _Key:
        """Return the expectation that a brief and an id mean.

        That is the one of the original, if it has it."""
        original = self._originals.get(slug, "")
        stated = self._briefs.get(original)
        return (original, id) if stated and _states(stated, id) else (slug, id)

    def what(self, reference: str) -> _Key:
        """Return the expectation that a reference `brief#id` means."""
        slug, _, id = reference.partition("#")
        return self.key(slug, id)

    def is_own(self, slug: str, key: _Key) -> bool:
        """Return whether an expectation is of the brief's own story."""
        return self._originals.get(slug, slug) == self._originals.get(key[0], key[0])

    def settled_by_original(self, brief: Outline, key: _Key) -> bool:
        """Return whether the original of a translation settles an expectation too."""
        original = self._briefs.get(self._originals.get(brief.slug, ""))
        return original is not None and any(self.what(s.what) == key for s in original.settles)


def _states(brief: Outline, id: str) -> bool:
    return any(expected.id == id for expected in brief.expects)


def settlements(
    briefs: Mapping[str, Outline], stories: Stories
) -> dict[_Key, list[tuple[Outline, Settlement]]]:
    """Return the outcomes that briefs report, by expectation.

    Each brief has one, and the latest comes first. Only a later brief settles an expectation of
    another story; any other settlement is a mistake, which `check` reports."""
    said: dict[_Key, dict[str, tuple[Outline, Settlement]]] = {}
    for brief in (brief for brief in briefs.values() if brief.settles):
        for settlement in brief.settles:
            key = stories.what(settlement.what)
            about = briefs.get(key[0])
            if about is None or not is_later(brief, about) or not settlement.source:
                continue
            if not (stories.is_own(brief.slug, key) or stories.settled_by_original(brief, key)):
                said.setdefault(key, {}).setdefault(brief.slug, (brief, settlement))
    return {
        key: sorted(found.values(), key=lambda s: (s[0].date.at, s[0].slug), reverse=True)
        for key, found in said.items()
    }


def is_later(brief: Outline, other: Outline) -> bool:
    """Return whether a brief comes after another one.

    Of one moment, the order of their slugs decides."""
    return (other.date.at, other.slug) < (brief.date.at, brief.slug)


def _settlement(brief: Outline, settlement: Settlement, links: NameResolvers) -> SettlementRecord:
    publisher = dict(brief.publishers).get(settlement.source, "")
    return SettlementRecord(
        brief=brief.slug,
        outcome=settlement.outcome,
        when=settlement.when or brief.happened,
        published=brief.date,
        publisher=links.publisher(publisher) if publisher else "",
    )


def settling(briefs: Mapping[str, Outline]) -> dict[_Key, list[Outline]]:
    """Return the briefs that settle each expectation, published or scheduled."""
    found = {slug: brief for slug, brief in briefs.items() if brief.status == "published"}
    if not any(brief.settles for brief in found.values()):
        return {}
    stories = Stories(found, find_originals(found, found))
    return {key: [brief for brief, _ in said] for key, said in settlements(found, stories).items()}


def _record(
    brief: Outline,
    expected: Expected,
    settled: tuple[SettlementRecord, ...],
    links: NameResolvers,
    now: datetime,
) -> ExpectationRecord:
    of, person = _party(brief, expected, links)
    publisher = dict(brief.publishers).get(expected.source, "")
    return ExpectationRecord(
        brief=brief.slug,
        id=expected.id,
        at=expected.at,
        uid=f"{brief.identity}-expected-{expected.id}",
        text=expected.text,
        by=expected.by,
        of=of,
        person=person,
        publisher=links.publisher(publisher) if publisher else "",
        resolves=expected.resolves,
        expected=brief.date,
        importance=brief.importance,
        state=state_of(expected.by, bool(settled), now),
        settled=settled,
        lang=brief.lang,
    )


def _party(brief: Outline, expected: Expected, links: NameResolvers) -> tuple[str, str]:
    """Return the company and the person of whom something is expected, by slug."""
    if expected.person:
        company = links.company(expected.of) if expected.of else ""
        return company, links.person(expected.person)
    name = expected.of or (brief.companies[0] if brief.companies else "")
    company = links.company(name) if name else ""
    return company, links.person(name) if name and not company else ""


def with_due_dates(
    events: tuple[EventRecord, ...],
    expectations: Iterable[ExpectationRecord],
    briefs: Mapping[str, Outline],
    now: datetime,
) -> tuple[EventRecord, ...]:
    """Return the calendar with the days by which something is expected.

    What is settled has left it. An event that the same brief states under the same id, or of the
    same company on the same day, is in the calendar already."""
    stated = {statement for event in events for statement in event.stated}
    days = {(e.brief, e.of, e.date.iso[:10]) for e in events}
    found = [
        _due_day(record, briefs[record.brief], now)
        for record in expectations
        if record.by.has_day and record.state != "settled"
        if record.key not in stated and (record.brief, record.of, record.by.iso) not in days
    ]
    return tuple(sorted((*events, *found), key=event_order)) if found else events


def _due_day(record: ExpectationRecord, brief: Outline, now: datetime) -> EventRecord:
    """Return the day by which something is expected as an entry of the calendar."""
    day = datetime.fromisoformat(record.by.iso).replace(tzinfo=record.by.over.tzinfo)
    date = Moment(day, "day")
    return EventRecord(
        uid=record.uid,
        stated=(record.key,),
        title=record.text,
        date=date,
        end=None,
        of=record.of,
        where="",
        url="",
        status="expected",
        stamp=last_change(brief, now) or brief.date,
        sequence=revisions(brief, now) - 1,
        was=(),
        state=calendar_state(date, None, now),
        lang=record.lang,
        due=True,
    )


def expectation_moments(expects: Iterable[Expected]) -> Iterator[float]:
    """Yield when expectations fall due, and when their days leave calendar files.

    Both are in seconds since 1970."""
    for expected in expects:
        if expected.by.iso:
            yield expected.by.over.timestamp()
        if expected.by.has_day:
            yield (expected.by.over + KEPT).timestamp()
