"""Indexes of the ledgers by company and by brief, and what facts are read from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property

from msgspec.structs import replace

from builder.ledger.calendar import EventRecord
from builder.ledger.corrections import CorrectionRecord, by_week
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord, Statement
from builder.ledger.track_records import Tracked, track_records
from builder.model.time import Moment, days_of
from builder.site.authors import people_with_colleagues
from builder.site.imprints import imprints_of
from builder.site.lists import Lists
from builder.site.publication import newest_first
from builder.site.site import Entry, Site
from builder.site.stated_once import first_statements, originals_of, stated_once

_CONSIDERED = 16  # earlier briefs of an author


class FigureIndex:
    """The figures of a site by company and by brief."""

    def __init__(self, site: Site) -> None:
        figures = tuple(site.figures)  # which are decoded once
        originals = originals_of(site, figures)
        firsts = first_statements(site, figures, originals)
        if firsts:
            figures = tuple(
                replace(v, first=first) if (first := firsts.get(v.name)) else v for v in figures
            )
        self.all = stated_once(site, figures, originals)
        self.of: dict[str, list[FigureRecord]] = {}  # by company, on either side
        self.by_id: dict[tuple[str, str], FigureRecord] = {}
        self._in: dict[str, list[FigureRecord]] = {}
        self._of_brief: dict[str, tuple[tuple[FigureRecord, tuple[FigureRecord, ...]], ...]] = {}
        for value in self.all:
            for slug in {value.of, value.to} - {""}:
                self.of.setdefault(slug, []).append(value)
        for value in figures:
            self.by_id[value.name] = value
            self._in.setdefault(value.brief, []).append(value)

    def of_brief(self, slug: str) -> tuple[tuple[FigureRecord, tuple[FigureRecord, ...]], ...]:
        """Return the figures of a brief in order, each with its rivals."""
        if slug not in self._of_brief:
            found = sorted(self._in.get(slug, ()), key=lambda value: value.number)
            self._of_brief[slug] = tuple((v, self.rivals(v)) for v in found)
        return self._of_brief[slug]

    def rivals(self, value: FigureRecord) -> tuple[FigureRecord, ...]:
        """Return the figures that conflict with one."""
        return tuple(self.by_id[rival] for rival in value.rivals)


class RelationIndex:
    """The relations of a site by company and by brief."""

    def __init__(self, site: Site) -> None:
        self.all = site.relations
        self.of: dict[str, list[RelationRecord]] = {}  # by company, on either side
        self._in: dict[str, list[tuple[Statement, RelationRecord]]] = {}
        for relation in site.relations:
            for slug in (relation.of, relation.to):
                self.of.setdefault(slug, []).append(relation)
            for statement in relation.statements:
                self._in.setdefault(statement.brief, []).append((statement, relation))

    def of_brief(self, slug: str) -> tuple[tuple[Statement, RelationRecord], ...]:
        """Return the statements of a brief in order, each with its relation."""
        return tuple(sorted(self._in.get(slug, ()), key=lambda pair: pair[0].number))

    def stated_once(self, slug: str) -> tuple[object, ...]:
        """Return the statements of a brief, and each of their relations once."""
        stated = self.of_brief(slug)
        relations = {relation.key: relation for _, relation in stated}
        return [(relation.key, one) for one, relation in stated], [*relations.values()]

    def among(self, slug: str) -> tuple[RelationRecord, ...]:
        """Return the relations among the related companies, without former ones."""
        related = {relation.other(slug) for relation in self.of.get(slug, ())}
        return tuple(
            relation
            for other in sorted(related)
            for relation in self.of[other]
            if relation.of == other and relation.to in related and relation.state != "former"
        )


class EventIndex:
    """The events of a site by company and by brief."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.of: dict[str, list[EventRecord]] = {}
        self._by_id: dict[tuple[str, str], EventRecord] = {}
        for event in site.events:
            self._by_id.update((statement, event) for statement in event.stated)
            if event.of:
                self.of.setdefault(event.of, []).append(event)

    def of_brief(self, slug: str) -> tuple[EventRecord | None, ...]:
        """Return the record of each event of a brief, in its order.

        A translation has those of its original."""
        outline, entry = self._site.outlines.get(slug), self._site.entries.get(slug)
        original = entry.original if entry else ""
        return tuple(
            self._by_id.get((slug, event.id)) or self._by_id.get((original, event.id))
            for event in (outline.events if outline else ())
        )


class ExpectationIndex:
    """The expectations of a site by company, person, brief and digest."""

    def __init__(self, site: Site, weeks: Iterable[str]) -> None:
        self._site = site
        self._weeks = sorted(weeks)
        self.of: dict[str, list[ExpectationRecord]] = {}
        self.by_person: dict[str, list[ExpectationRecord]] = {}
        self.in_digest: dict[str, list[ExpectationRecord]] = {}  # by week
        self._in: dict[str, list[ExpectationRecord]] = {}
        self._settled_in: dict[str, list[ExpectationRecord]] = {}
        for record in site.expectations:
            self._in.setdefault(record.brief, []).append(record)
            if record.of:
                self.of.setdefault(record.of, []).append(record)
            if record.person:
                self.by_person.setdefault(record.person, []).append(record)
            if week := self._digest_of(record):
                self.in_digest.setdefault(week, []).append(record)
            for settlement in record.settled:
                self._settled_in.setdefault(settlement.brief, []).append(record)

    def _digest_of(self, record: ExpectationRecord) -> str:
        """Return the week whose digest says that something falls due, if one does.

        What falls due in a week without briefs is in the next digest. What a brief settled before
        the days of a digest is in none."""
        n = bisect_left(self._weeks, record.week)
        if n == len(self._weeks):
            return ""
        week = self._weeks[n]
        first = days_of(self._weeks[n - 1])[1] + timedelta(days=1) if n else days_of(week)[0]
        return week if record.last_day >= first and record.is_unsettled_on(first) else ""

    def of_brief(
        self, slug: str
    ) -> tuple[tuple[ExpectationRecord, ...], tuple[ExpectationRecord, ...]]:
        """Return what a brief expects, and what it settles, each by date.

        A translation expects what its original does."""
        entry = self._site.entries.get(slug)
        story = dict.fromkeys((slug, *([entry.original] if entry and entry.original else [])))
        expected, settled = (
            tuple(record for brief in story for record in found.get(brief, ()))
            for found in (self._in, self._settled_in)
        )
        return expected, settled


class FactSource:
    """A site and its lists, with indexes that several facts read."""

    def __init__(self, site: Site, lists: Lists) -> None:
        self.site, self.lists = site, lists
        self._counts: dict[str, dict[str, tuple[int, Moment]]] = {}

    @cached_property
    def figures(self) -> FigureIndex:
        return FigureIndex(self.site)

    @cached_property
    def relations(self) -> RelationIndex:
        return RelationIndex(self.site)

    @cached_property
    def events(self) -> EventIndex:
        return EventIndex(self.site)

    @cached_property
    def expectations(self) -> ExpectationIndex:
        return ExpectationIndex(self.site, self.lists.covering["week"])

    @cached_property
    def tracked(self) -> dict[str, tuple[Tracked, ...]]:
        site = self.site
        shown = {entry.slug: site.outlines[entry.slug] for entry in site.order}
        originals = {entry.slug: entry.original for entry in site.order if entry.original}
        return track_records(shown, originals, site.standing, imprints_of(site.names))

    @cached_property
    def corrections(self) -> dict[str, tuple[CorrectionRecord, ...]]:
        return by_week(self.site.corrections)

    @cached_property
    def _positions(self) -> dict[str, dict[str, int]]:
        """Where a brief is in the list of each of its authors, by author and brief."""
        lists = self.lists.covering["authors"]
        return {
            author: {entry.slug: n for n, entry in enumerate(lists[author])}
            for author in people_with_colleagues(self.lists.settings)
            if author in lists
        }

    def by_same_author(self, slug: str) -> tuple[str, ...]:
        """Return the latest earlier briefs by the people who wrote one."""
        entry = self.site.entries.get(slug)
        found: dict[str, Entry] = {}
        for author in entry.authors if entry else ():
            at = self._positions.get(author, {}).get(slug)
            if at is not None:
                earlier = self.lists.covering["authors"][author][at + 1 : at + 1 + _CONSIDERED]
                found |= {other.slug: other for other in earlier if not other.original}
        if entry:
            found.pop(entry.original, None)
        return tuple(other.slug for other in sorted(found.values(), key=newest_first))

    def counts(self, field: str) -> dict[str, tuple[int, Moment]]:
        """Return each slug's number of briefs in a field, and newest date."""
        if field not in self._counts:
            found = self.lists.covering[field]
            self._counts[field] = {s: (len(briefs), briefs[0].date) for s, briefs in found.items()}
        return self._counts[field]
