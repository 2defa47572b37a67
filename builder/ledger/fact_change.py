"""A change of what is known about a company, from one moment on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from builder.ledger.claims import StatedClaim
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.relations import RelationRecord
from builder.model.time import Moment

ChangeKind = Literal["correction", "claim", "expectation", "relation", "figure"]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)  # of one moment, the most telling last
State = FigureRecord | RelationRecord | StatedClaim | ExpectationRecord | CorrectionRecord


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
        if isinstance(record, ExpectationRecord):
            return 0, (self.guid,)
        return 0, self.key if isinstance(record, RelationRecord) else ()


_NOTHING = (None, None)
