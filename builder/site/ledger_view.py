"""The facts that planning reads from ledgers: figures, relations, events and sources."""

from __future__ import annotations

from typing import TypeVar

from builder.ledger.calendar import EventRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord, Statement
from builder.ledger.standing import Standing
from builder.ledger.track_records import Tracked
from builder.site import ledger_facts as ledger
from builder.site.fact import Fact
from builder.site.indexes import FactSource

Value = TypeVar("Value")


class LedgerView:
    """The ledgers of a site, read by one task after another."""

    _source: FactSource

    def read(self, fact: Fact[Value], key: str = "") -> Value:
        """Return the value of a fact, and add it to the trace."""
        raise NotImplementedError

    def figures_of(self, slug: str) -> tuple[FigureRecord, ...]:
        """Return a company's figures on either side, by metric and time."""
        return self.read(ledger.COMPANY_FIGURES, slug)

    def figures_in(self, slug: str) -> tuple[tuple[FigureRecord, tuple[FigureRecord, ...]], ...]:
        """Return the figures of a brief in order, each with its rivals."""
        return self.read(ledger.BRIEF_FIGURES, slug)

    def rivals(self, value: FigureRecord) -> tuple[FigureRecord, ...]:
        """Return the figures that conflict with one."""
        self.read(ledger.BRIEF_FIGURES, value.brief)
        return self._source.figures.rivals(value)

    def figures(self) -> tuple[FigureRecord, ...]:
        """Return all figures, by company, metric and time."""
        return self.read(ledger.FIGURES)

    def relations_of(self, slug: str) -> tuple[RelationRecord, ...]:
        """Return the relations of a company, on either side."""
        return self.read(ledger.COMPANY_RELATIONS, slug)

    def relations_among(self, slug: str) -> tuple[RelationRecord, ...]:
        """Return the relations among related companies, without former ones."""
        return self.read(ledger.RELATIONS_AMONG, slug)

    def relations_in(self, slug: str) -> tuple[tuple[Statement, RelationRecord], ...]:
        """Return the statements of a brief in order, each with its relation."""
        return self.read(ledger.BRIEF_RELATIONS, slug)

    def relations(self) -> tuple[RelationRecord, ...]:
        """Return all relations, by the companies on both sides."""
        return self.read(ledger.RELATIONS)

    def standing(self, slug: str) -> Standing | None:
        """Return what stands behind a brief, if there is anything to tell."""
        return self.read(ledger.STANDING, slug)

    def tracked(self, publisher: str) -> tuple[Tracked, ...]:
        """Return which reports of a publisher were first, and their outcomes."""
        return self.read(ledger.TRACKED, publisher)

    def events(self) -> tuple[EventRecord, ...]:
        """Return all events, by date."""
        return self.read(ledger.EVENTS)

    def events_of(self, slug: str) -> tuple[EventRecord, ...]:
        """Return the events of a company, by date."""
        return self.read(ledger.COMPANY_EVENTS, slug)

    def events_in(self, slug: str) -> tuple[EventRecord | None, ...]:
        """Return what has become of each event of a brief, in order."""
        return self.read(ledger.BRIEF_EVENTS, slug)
