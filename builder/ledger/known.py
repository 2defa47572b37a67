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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from builder.ledger.claims import UNTRUE, StatedClaim, claim_changes
from builder.ledger.corrections import CorrectionRecord, correction_ledger
from builder.ledger.expectation_changes import expectation_changes
from builder.ledger.expectations import ExpectationRecord, by_date
from builder.ledger.fact_change import FactChange, State
from builder.ledger.figure_changes import figure_changes
from builder.ledger.names import NameResolvers
from builder.ledger.numbers import FigureRecord, compare_figures
from builder.ledger.relation_changes import relation_changes
from builder.ledger.relations import RelationRecord
from builder.ledger.turned_back import counts, moments_of
from builder.model.outline import Outline


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
    briefs = records.briefs
    found = [
        *figure_changes(records.figures, briefs, until),
        *relation_changes(records.relations, briefs, records.originals, until),
        *maker.claims(),
        *maker.corrections(),
        *maker.expectations(),
    ]
    return tuple(sorted(found, key=lambda change: change.in_time))


class _Maker:
    """Makes the changes of some briefs."""

    def __init__(
        self, records: Records, companies: Callable[[Outline], tuple[str, ...]], until: datetime
    ) -> None:
        self.records, self.briefs, self.until = records, records.briefs, until
        self.companies = companies

    # --- claims and corrections ----------------------------------------------------------------

    def claims(self) -> Iterator[FactChange]:
        """Yield the statuses of claims, each from one moment on."""
        for at, was, now in claim_changes(self.records.claims, self.until):
            record = now or was
            assert record
            guid = f"{self.briefs[record.brief].identity}-claim-{record.number + 1}"
            if record.denies and record.status in UNTRUE:
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
            for moment in moments_of(brief, self.until, *(c.at for c in brief.corrections)):
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
