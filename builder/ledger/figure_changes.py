"""When figures become known, are corrected and expire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from builder.ledger.fact_change import FactChange
from builder.ledger.figures import compute
from builder.ledger.numbers import FigureRecord
from builder.ledger.turned_back import as_known, counts, moments_of
from builder.model.outline import Outline
from builder.model.time import Moment
from builder.quantity.quantity import as_plain, unit_key

EXPECTED = ("planned", "forecast", "estimate")  # bases of what is not known to be so


def figure_changes(
    figures: Iterable[FigureRecord], briefs: Mapping[str, Outline], until: datetime
) -> Iterator[FactChange]:
    """Yield what became known about figures, in order of time."""
    stated: dict[str, list[FigureRecord]] = {}
    for record in figures:
        plain = replace(record, rivals=(), settled=None) if record.rivals else record
        stated.setdefault(record.brief, []).append(plain)
    found = [one for slug in stated for one in _figures_of(briefs[slug], stated[slug], until)]
    found.sort(key=lambda pair: (pair[0].at.at, pair[1].in_time, pair[0].brief, pair[0].key))
    series: dict[tuple[str, ...], _Series] = {}
    for change, record in found:
        yield series.setdefault(record.series, _Series()).add(change, record)


def _figures_of(
    brief: Outline, records: Sequence[FigureRecord], until: datetime
) -> Iterator[tuple[FactChange, FigureRecord]]:
    """Yield the versions of a brief's figures, each as a change."""
    versions: dict[str, FigureRecord] = {}
    for moment in moments_of(brief, until, *(c.at for c in brief.corrections)):
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
                moment, "figure", key, guid, brief.slug, parties, (was, now), correction=number
            )
            yield change, record
        versions = found


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
