"""When relations between companies become known, begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from builder.ledger.fact_change import FactChange
from builder.ledger.figures import compute
from builder.ledger.relations import (
    RelationRecord,
    Statement,
    fold_statements,
    in_order,
    state_of,
)
from builder.ledger.turned_back import as_known, counts, moments_of
from builder.model.outline import Outline
from builder.model.time import Moment


def relation_changes(
    relations: Iterable[RelationRecord],
    briefs: Mapping[str, Outline],
    originals: Mapping[str, str],
    until: datetime,
) -> Iterator[FactChange]:
    """Yield the states of relations, each from one moment on.

    `originals` are those of the translations among the briefs."""
    return _Maker(briefs, originals, until).changes(relations)


class _Maker:
    """Makes the changes of relations that some briefs state."""

    def __init__(
        self, briefs: Mapping[str, Outline], originals: Mapping[str, str], until: datetime
    ) -> None:
        self.briefs, self.until = briefs, until
        self.versions: dict[str, list[Outline]] = {}  # of each original, with itself
        for slug, original in originals.items():
            versions = self.versions.setdefault(original, [briefs[original]])
            versions.append(briefs[slug])

    def changes(self, relations: Iterable[RelationRecord]) -> Iterator[FactChange]:
        for relation in relations:
            moments: dict[datetime, tuple[Moment, str]] = {}
            for statement in relation.statements:
                brief = self.briefs[statement.brief]
                ends = (statement.since, statement.until.on if statement.until else None)
                more = [moment for moment in ends if moment]
                if statement.value is not None:
                    more += [correction.at for correction in brief.corrections]
                for version in self.versions.get(statement.original, ()):
                    more += [m for m in (version.date, version.expires) if m]
                for moment in moments_of(brief, self.until, *more):
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


def essential(record: RelationRecord, now: datetime) -> RelationRecord:
    """Return a relation with only its latest statement and its measure."""
    kept = [record.statements[0]]
    if record.measured and record.measured is not kept[0]:
        kept.append(record.measured)
    stated = (replace(s, state=state_of(s.since, s.until, s.planned, now)) for s in kept)
    return replace(record, statements=tuple(stated))


def _visible(record: RelationRecord) -> tuple[object, ...]:
    """Return what readers see of a relation."""
    measured = record.measured
    value = measured.value if measured else None
    return record.state, record.planned, record.since, record.until, value
