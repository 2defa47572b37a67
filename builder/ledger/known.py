"""Two clocks: when something was so, and since when we knew it.

When it was so is in the record: `event_date`, `as_of`, `period`, `since`, `until`. When we knew it
is the publication of the brief that says so, or the `at` of the correction. `changes` turns the
records of briefs into dated changes, each known from one moment on; what was known at a moment is
the fold of the changes until then (`known_at`), and equals what a build with `--at` says.

What is turned back to a moment:

- A brief counts from its `date` until it expires. Drafts and withdrawn briefs never count: a
  withdrawn brief states nothing any more, so no record of an earlier time repeats what it stated.
- A figure that was corrected later has its former value, if the correction can be read: `was` and
  `now` are each one quantity, and `now` is the value of exactly one figure of the brief. Of several
  corrections, the latest is undone first. Figures that a formula derives follow. A build with
  `--at` makes its ledgers from the same figures (`turned_back.as_known`).
- A relation has the state that follows from the statements until then and from that day's date.
- A claim has the status that the latest brief with the same text gave it, or one that confirms or
  denies it.
- An expectation has the state that follows from that day and from the briefs until then.

What is not turned back: texts, titles and summaries; relations and claims that a correction
rewrites; corrections in prose, which are shown as such from their `at` on; `updated`, which only
says that something changed; company files, which have no dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

from msgspec import Struct
from msgspec.structs import replace

from builder.ledger.claims import StatedClaim, claim_changes
from builder.ledger.corrections import CorrectionRecord, correction_ledger
from builder.ledger.expectation_changes import expectation_changes
from builder.ledger.expectations import ExpectationRecord, by_date
from builder.ledger.figures import compute
from builder.ledger.names import NameResolvers
from builder.ledger.numbers import FigureRecord, compare_figures
from builder.ledger.relations import (
    RelationRecord,
    Statement,
    fold_statements,
    in_order,
    state_of,
)
from builder.ledger.turned_back import as_known, counts
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.quantity.quantity import as_plain, unit_key

ChangeKind = Literal["correction", "claim", "expectation", "relation", "figure"]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)  # of one moment, the most telling last
State = FigureRecord | RelationRecord | StatedClaim | ExpectationRecord | CorrectionRecord

EXPECTED = ("planned", "forecast", "estimate")  # bases of what is not known to be so


class FactChange(Struct, frozen=True, array_like=True):
    """A change of what is known, from one moment on.

    `key` identifies the fact, and `guid` the change. One of the pairs has its record before and
    after; None where it was not or is no longer known. `before` is the figure that a new one
    replaces as the latest of its metric. `news` is whether it says anything new: not if it only
    repeats what was known."""

    at: Moment
    kind: ChangeKind
    key: tuple[str, ...]
    guid: str
    brief: str
    companies: tuple[str, ...]
    figures: tuple[FigureRecord | None, FigureRecord | None] | None = None
    relations: tuple[RelationRecord | None, RelationRecord | None] | None = None
    claims: tuple[StatedClaim | None, StatedClaim | None] | None = None
    corrections: tuple[CorrectionRecord | None, CorrectionRecord | None] | None = None
    expectations: tuple[ExpectationRecord | None, ExpectationRecord | None] | None = None
    before: FigureRecord | None = None
    correction: int = 0  # the number of the correction behind it
    news: bool = True

    @property
    def was(self) -> State | None:
        """The record before."""
        return self._pair[0]

    @property
    def now(self) -> State | None:
        """The record after."""
        return self._pair[1]

    @property
    def _pair(self) -> tuple[State | None, State | None]:
        of_facts = self.figures or self.relations or self.claims or self.expectations
        return of_facts or self.corrections or _NOTHING

    @property
    def in_time(self) -> tuple[datetime, int, str, int, tuple[str, ...]]:
        """The sort key by time, kind, brief and place in it."""
        return self.at.at, KINDS.index(self.kind), self.brief, *self._place

    @property
    def _place(self) -> tuple[int, tuple[str, ...]]:
        record = self.now or self.was
        if isinstance(record, StatedClaim | CorrectionRecord):
            return record.number, self.key
        return 0, self.key if isinstance(record, RelationRecord) else ()


_NOTHING = (None, None)


class KnownFacts(NamedTuple):
    """What was known at a moment."""

    figures: tuple[FigureRecord, ...]
    relations: tuple[RelationRecord, ...]
    claims: tuple[StatedClaim, ...]
    expectations: tuple[ExpectationRecord, ...]
    corrections: tuple[CorrectionRecord, ...]


# --- changes -----------------------------------------------------------------------------------


class Records(NamedTuple):
    """Some briefs, none a draft or withdrawn, and their ledgers."""

    briefs: Mapping[str, Outline]
    figures: Iterable[FigureRecord]
    relations: Iterable[RelationRecord]
    claims: Iterable[StatedClaim]  # of each brief
    originals: Mapping[str, str]  # of translations among the briefs
    names: NameResolvers
    stories: Mapping[str, str]  # the originals, whatever version an edition shows


def changes(
    records: Records, companies: Callable[[Outline], tuple[str, ...]], until: datetime
) -> tuple[FactChange, ...]:
    """Return the changes until a moment, in order of time.

    `companies` returns the companies (slugs) that a brief is about."""
    maker = _Maker(records, companies, until)
    found = [*maker.figures(), *maker.relations(), *maker.claims(), *maker.corrections()]
    found += maker.expectations()
    return tuple(sorted(found, key=lambda change: change.in_time))


class _Maker:
    """Makes the changes of some briefs."""

    def __init__(
        self, records: Records, companies: Callable[[Outline], tuple[str, ...]], until: datetime
    ) -> None:
        self.records, self.briefs, self.until = records, records.briefs, until
        self.companies = companies
        self.versions: dict[str, list[Outline]] = {}  # of each original, with itself
        for slug, original in records.originals.items():
            versions = self.versions.setdefault(original, [self.briefs[original]])
            versions.append(self.briefs[slug])

    def _moments(self, brief: Outline, *more: Moment | None) -> list[Moment]:
        """Return when what a brief states may change, in order of time."""
        if not more and brief.expires is None:
            return [brief.date] if brief.date.at <= self.until else []
        found = {
            m.at: m
            for m in (*more, brief.expires, brief.date)
            if m and brief.date.at <= m.at <= self.until
        }
        return [found[at] for at in sorted(found)]

    # --- figures -------------------------------------------------------------------------------

    def figures(self) -> Iterator[FactChange]:
        """Yield what became known about figures, in order of time."""
        stated: dict[str, list[FigureRecord]] = {}
        for record in self.records.figures:
            plain = replace(record, rivals=(), settled=None) if record.rivals else record
            stated.setdefault(record.brief, []).append(plain)
        found = [one for slug in stated for one in self._figures_of(slug, stated[slug])]
        found.sort(key=lambda pair: (pair[0].at.at, pair[1].in_time, pair[0].brief, pair[0].key))
        series: dict[tuple[str, ...], _Series] = {}
        for change, record in found:
            yield series.setdefault(record.series, _Series()).add(change, record)

    def _figures_of(
        self, slug: str, records: Sequence[FigureRecord]
    ) -> Iterator[tuple[FactChange, FigureRecord]]:
        """Yield the versions of a brief's figures, each as a change."""
        brief = self.briefs[slug]
        versions: dict[str, FigureRecord] = {}
        for moment in self._moments(brief, *(c.at for c in brief.corrections)):
            found = _versions(brief, records, moment.at) if counts(brief, moment.at) else {}
            for id in (*found, *(id for id in versions if id not in found)):
                was, now = versions.get(id), found.get(id)
                if was == now:
                    continue
                record = now or was
                assert record
                number = _number(brief, moment) if was and now else 0
                guid = f"{brief.identity}-figure-{id}"
                if number or not now:
                    guid += f"-corrected-{number}" if number else "-expired"
                parties = tuple(slug for slug in (record.of, record.to) if slug)
                key = (brief.slug, id)
                change = FactChange(
                    moment, "figure", key, guid, slug, parties, (was, now), correction=number
                )
                yield change, record
            versions = found

    # --- relations -----------------------------------------------------------------------------

    def relations(self) -> Iterator[FactChange]:
        """Yield the states of relations, each from one moment on."""
        for relation in self.records.relations:
            moments: dict[datetime, tuple[Moment, str]] = {}
            for statement in relation.statements:
                brief = self.briefs[statement.brief]
                ends = (statement.since, statement.until.on if statement.until else None)
                more = [moment for moment in ends if moment]
                if statement.value is not None:
                    more += [correction.at for correction in brief.corrections]
                for version in self.versions.get(statement.original, ()):
                    more += [m for m in (version.date, version.expires) if m]
                for moment in self._moments(brief, *more):
                    first = moment is brief.date and not statement.original
                    if moment.at not in moments or first:
                        moments[moment.at] = (moment, brief.slug)
            yield from self._states(relation, moments)

    def _states(
        self, relation: RelationRecord, moments: Mapping[datetime, tuple[Moment, str]]
    ) -> Iterator[FactChange]:
        """Yield the states of a relation at some moments."""
        translated = any(statement.original for statement in relation.statements)
        was: RelationRecord | None = None
        for at in sorted(moments):
            moment, slug = moments[at]
            found = [
                self._as_known(statement, at)
                for statement in relation.statements
                if counts(self.briefs[statement.brief], at)
            ]
            found = in_order(found) if translated else found
            now = None
            if found:
                now = essential(fold_statements(relation.key, found, relation.filed, at), at)
            if now != was:
                slug = (
                    slug
                    if moment is self.briefs[slug].date
                    else (found or [*relation.statements])[0].brief
                )
                guid = f"{'-'.join(relation.key)}-{moment.at.astimezone(UTC):%Y%m%dT%H%MZ}"
                news = now is not None and (was is None or _visible(was) != _visible(now))
                yield FactChange(
                    moment, "relation", relation.key, guid.replace(" ", "-"), slug,
                    (relation.of, relation.to), relations=(was, now), news=news,
                )  # fmt: skip
            was = now

    def _as_known(self, statement: Statement, at: datetime) -> Statement:
        """Return a statement as its brief made it at a moment."""
        brief = self.briefs[statement.brief]
        if statement.original and not counts(self.briefs[statement.original], at):
            # Another version stands for the original, as in `find_originals`.
            shown = [v for v in self.versions[statement.original] if counts(v, at)]
            first = min(shown, key=lambda version: (version.date.at, version.slug))
            original = "" if first is brief else first.slug
            statement = replace(
                statement, original=original, said=first.happened, published=first.date
            )
        if statement.value is not None and (known := as_known(brief, at)) is not brief:
            value = compute(known.figures).values.get(brief.relations[statement.number].figure)
            statement = replace(statement, value=value)
        return statement

    # --- claims and corrections ----------------------------------------------------------------

    def claims(self) -> Iterator[FactChange]:
        """Yield the statuses of claims, each from one moment on."""
        for at, was, now in claim_changes(self.records.claims, self.until):
            record = now or was
            assert record
            guid = f"{self.briefs[record.brief].identity}-claim-{record.number + 1}"
            if record.denies and record.status == "denied":
                guid += "-denies"  # beside the claim itself
            guid += "" if now else "-expired"
            parties = dict.fromkeys((*record.companies, *(was.companies if was else ())))
            yield FactChange(
                at, "claim", (record.key,), guid, record.brief, (*parties,),
                claims=(was, now), news=_is_news(was, now),
            )  # fmt: skip

    def expectations(self) -> Iterator[FactChange]:
        """Yield the states of expectations, each from one moment on."""
        of = self.records
        for found in expectation_changes(of.briefs, of.stories, of.names, self.until):
            yield FactChange(
                found.at, "expectation", found.key, found.guid, found.brief, found.companies,
                expectations=(found.was, found.now), news=found.news,
            )  # fmt: skip

    def corrections(self) -> Iterator[FactChange]:
        """Yield the corrections of briefs."""
        for brief in self.briefs.values():
            if not brief.corrections:
                continue
            known: dict[str, CorrectionRecord] = {}
            for moment in self._moments(brief, *(c.at for c in brief.corrections)):
                ledger = correction_ledger([brief], moment.at) if counts(brief, moment.at) else ()
                found = {record.guid: record for record in ledger}
                for guid in (*found, *(guid for guid in known if guid not in found)):
                    was, now = known.get(guid), found.get(guid)
                    if was != now:
                        yield FactChange(
                            moment, "correction", (guid,), guid, brief.slug,
                            self.companies(brief), corrections=(was, now),
                            correction=now.number if now else 0, news=was is None,
                        )  # fmt: skip
                known = found


class _Series:
    """The known figures of a metric, while changes are made."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], FigureRecord] = {}
        self.latest: FigureRecord | None = None
        self.said: Counter[tuple[object, ...]] = Counter()

    def add(self, change: FactChange, record: FigureRecord) -> FactChange:
        """Return a change with the figure that it replaces, if it does."""
        repeated, before = bool(self.said[_said(record)]), self.latest
        if change.was is not None:
            self.said[_said(self.known.pop(change.key))] -= 1
        if change.now is not None:
            self.known[change.key] = record
            self.said[_said(record)] += 1
        if change.was is None:
            leads = before is None or (not repeated and _by_time(record) >= _by_time(before))
            self.latest = record if leads else before
            if before and leads and _said(record) != _said(before):
                return replace(change, before=before, news=not repeated)
            return replace(change, news=not repeated)
        self.latest = max(self.known.values(), key=_by_time, default=None)
        return replace(change, news=change.now is not None)


def essential(record: RelationRecord, now: datetime) -> RelationRecord:
    """Return a relation with only its latest statement and its measure."""
    kept = [record.statements[0]]
    if record.measured and record.measured is not kept[0]:
        kept.append(record.measured)
    stated = (replace(s, state=state_of(s.since, s.until, s.planned, now)) for s in kept)
    return replace(record, statements=tuple(stated))


def _versions(
    brief: Outline, records: Sequence[FigureRecord], at: datetime
) -> dict[str, FigureRecord]:
    """Return a brief's figures by id, as known at a moment."""
    known = as_known(brief, at)
    if known is brief:
        return {record.id: record for record in records}
    values = compute(known.figures).values
    return {r.id: replace(r, value=values[r.id]) for r in records if r.id in values}


def _said(record: FigureRecord) -> tuple[object, ...]:
    """Return what a figure says, the same for all that repeat it."""
    value = as_plain(record.value)
    amount = value.low, value.high, value.bound, unit_key(record.value.unit)
    return record.at, record.is_period, record.basis, amount


def _by_time(record: FigureRecord) -> tuple[bool, tuple[str, str]]:
    """Return a figure's rank: what is known, then the latest."""
    return record.basis not in EXPECTED, record.in_time


def _number(brief: Outline, moment: Moment) -> int:
    """Return the number of the correction of a brief at a moment."""
    times = sorted(correction.at.at for correction in brief.corrections)
    return times.index(moment.at) + 1 if moment.at in times else 0


def _visible(record: RelationRecord) -> tuple[object, ...]:
    """Return what readers see of a relation."""
    measured = record.measured
    value = measured.value if measured else None
    return record.state, record.planned, record.since, record.until, value


def _is_news(was: StatedClaim | None, now: StatedClaim | None) -> bool:
    """Return whether a claim's status is new and not only reported, or who confirms it."""
    if was is None or now is None:
        return now is not None and now.status in ("confirmed", "disputed", "denied")
    return was.status != now.status or not {*now.who} <= {*was.who}


# --- what was known ----------------------------------------------------------------------------


def known_at(found: Iterable[FactChange], at: datetime) -> KnownFacts:
    """Return what was known at a moment, by folding the changes."""
    states: dict[tuple[str, ...], State] = {}
    for change in found:
        if change.at.at > at:
            break
        key = (change.kind, *change.key)
        if change.now is None:
            states.pop(key, None)
        else:
            states[key] = change.now
    expected = sorted((s for s in states.values() if isinstance(s, ExpectationRecord)), key=by_date)
    return KnownFacts(
        compare_figures(s for s in states.values() if isinstance(s, FigureRecord)),
        tuple(
            sorted(
                (s for s in states.values() if isinstance(s, RelationRecord)), key=lambda r: r.key
            )
        ),
        tuple(
            sorted((s for s in states.values() if isinstance(s, StatedClaim)), key=lambda c: c.key)
        ),
        tuple(expected),
        tuple(s for s in states.values() if isinstance(s, CorrectionRecord)),
    )


def only_news(
    found: Sequence[FactChange], stated: frozenset[tuple[str, str]]
) -> tuple[FactChange, ...]:
    """Return the changes that say something new, in order of time.

    Figures are those in `stated` (brief and id). A correction that a figure shows is left out."""
    shown = {(c.brief, c.correction) for c in found if c.kind == "figure" and c.correction}
    return tuple(
        change
        for change in found
        if change.news
        and (change.kind != "figure" or change.key in stated)
        and (change.kind != "correction" or (change.brief, change.correction) not in shown)
    )
