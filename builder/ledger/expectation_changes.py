"""When expectations become known, fall due and are settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from builder.ledger.expectations import ExpectationRecord, expectation_ledger
from builder.ledger.names import NameResolvers
from builder.ledger.turned_back import counts
from builder.model.outline import Outline
from builder.model.time import Moment

_Key = tuple[str, ...]  # the slug of a brief, and the id of what it expects


class ExpectationChange(NamedTuple):
    """A change of an expectation: what was known before, and since a moment.

    None where it was not or is no longer known. `news` is whether it is new, fell due, or has
    another outcome than before."""

    at: Moment
    key: _Key
    guid: str
    was: ExpectationRecord | None
    now: ExpectationRecord | None

    @property
    def record(self) -> ExpectationRecord:
        """The record after, or else before."""
        found = self.now or self.was
        assert found
        return found

    @property
    def brief(self) -> str:
        """The brief that made it known.

        If it fell due, that is the brief that states it."""
        settled = self.now.settled if self.now else ()
        return settled[0].brief if settled else self.record.brief

    @property
    def companies(self) -> tuple[str, ...]:
        """The company that is to do it, if any."""
        return (self.record.of,) if self.record.of else ()

    @property
    def news(self) -> bool:
        if self.now is None:
            return False
        return self.was is None or _visible(self.was) != _visible(self.now)


def expectation_changes(
    briefs: Mapping[str, Outline],
    originals: Mapping[str, str],
    names: NameResolvers,
    until: datetime,
) -> Iterator[ExpectationChange]:
    """Yield the changes of what some briefs expect, until a moment.

    `briefs` are those that are ever published, with the `originals` of the translations among them.
    Each state is made by the ledger itself, from the briefs of the story and of the stories that
    settle it, as they count at each moment."""
    if not any(brief.expects for brief in briefs.values()):
        return
    versions: dict[str, list[str]] = {}  # of each story
    settlers: dict[str, set[str]] = {}  # the stories that settle a story
    for slug, brief in briefs.items():
        story = originals.get(slug, slug)
        versions.setdefault(story, []).append(slug)
        for settlement in brief.settles:
            about = settlement.what.partition("#")[0]
            settlers.setdefault(originals.get(about, about), set()).add(story)
    for story, slugs in versions.items():
        if any(briefs[slug].expects for slug in slugs):
            stories = sorted(settlers.get(story, set()) - {story})
            found = {s: briefs[s] for one in (story, *stories) for s in versions[one]}
            yield from _of_story(frozenset(slugs), found, originals, names, until)


def _of_story(
    slugs: frozenset[str],
    briefs: Mapping[str, Outline],
    originals: Mapping[str, str],
    names: NameResolvers,
    until: datetime,
) -> Iterator[ExpectationChange]:
    """Yield the changes of what the versions of a story expect."""
    known: dict[_Key, ExpectationRecord] = {}
    said = set[str]()
    for moment in _moments(slugs, briefs, until):
        shown = {slug: brief for slug, brief in briefs.items() if counts(brief, moment.at)}
        ledger = expectation_ledger(shown, _standing(shown, originals), names, moment.at)
        found: dict[_Key, ExpectationRecord] = {r.key: r for r in ledger if r.brief in slugs}
        for key in (*found, *(key for key in known if key not in found)):
            was, now = known.get(key), found.get(key)
            if was != now:
                change = ExpectationChange(moment, key, "", was, now)
                guid = _guid(change.record, now is None)
                if guid in said:
                    guid += f"-{moment.at.astimezone(UTC):%Y%m%dT%H%MZ}"
                said.add(guid)
                yield change._replace(guid=guid)
        known = found


def _standing(briefs: Mapping[str, Outline], originals: Mapping[str, str]) -> dict[str, str]:
    """Return the brief that stands for the original of each translation.

    It is the original itself, or else the first of its translations."""
    first: dict[str, str] = {}
    for slug in sorted(briefs, key=lambda slug: (slug in originals, briefs[slug].date.at, slug)):
        first.setdefault(originals.get(slug, slug), slug)
    stories = ((slug, originals.get(slug, slug)) for slug in briefs)
    return {slug: first[story] for slug, story in stories if slug != first[story]}


def _moments(slugs: frozenset[str], briefs: Mapping[str, Outline], until: datetime) -> list[Moment]:
    """Return when a state may change, in order of time."""
    found: dict[datetime, Moment] = {}
    for slug in slugs:
        for expected in briefs[slug].expects:
            found[expected.by.over] = Moment(expected.by.over, "minute")
    for brief in briefs.values():
        found.update((m.at, m) for m in (brief.expires, brief.date) if m)
    return [found[at] for at in sorted(found) if at <= until]


def _guid(record: ExpectationRecord, expired: bool) -> str:
    if expired:
        return f"{record.uid}-expired"
    if record.settled:
        return f"{record.uid}-settled-{record.settled[0].brief}"
    return record.uid if record.state == "open" else f"{record.uid}-overdue"


def _visible(record: ExpectationRecord) -> tuple[object, ...]:
    """Return what readers see of a state."""
    return record.state, record.outcome
