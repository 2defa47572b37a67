"""Checks of what briefs expect, and of the outcomes that later briefs report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from builder.diagnostics.diagnostic import Finding
from builder.ledger.expectations import Stories, is_later
from builder.ledger.ids import unknown_id
from builder.ledger.translations import originals_of
from builder.model.brief import Brief
from builder.model.expectation import DueDate, Outcome, Settlement
from builder.model.outline import Outline
from builder.model.time import later
from builder.names.chains import circle_in_words
from builder.names.suggest import did_you_mean
from builder.site.site import Site
from builder.site.view import View


def check_expectations(view: View, brief: Brief) -> Iterator[Finding]:
    """Yield the mistakes in what one brief expects and settles."""
    sources = dict.fromkeys(str(source.id) for source in brief.sources)
    yield from _ids(brief)
    yield from _dates(brief)
    for n, expected in enumerate(brief.expects):
        yield from _party(view, f"expects.{n}.of", expected.of)
        if expected.says and expected.says not in sources and sources and all(sources):
            yield unknown_id(f"expects.{n}.says", "source", expected.says, sources)
    for n, step in enumerate(brief.whats_next):
        yield from _party(view, f"whats_next.{n}.of", step.of)
    for n, settlement in enumerate(brief.settles):
        yield from _settlement(brief, settlement, f"settles.{n}", sources)


def _ids(brief: Brief) -> Iterator[Finding]:
    """Yield ids and dates that lack each other, and ids that several expectations have."""
    if brief.broken:
        return  # some may not have been read
    seen: dict[str, str] = {}
    for at, id, date, field in _named(brief):
        if id and id in seen and not seen[id] == field == "due":  # `duplicate-claim` reports those
            message = f"two expectations of this brief have the id `{id}`"
            yield Finding(f"{at}.id", "duplicate-expectation", message, "give one of them another")
        seen.setdefault(id, field)
        if date and not id:
            message = f"`{field}` makes this an expectation, which needs an id to be settled by"
            hint = "add `id:` with a word or two, such as `id: contract-ends`"
            yield Finding(f"{at}.{field}", "unclear-expectation", message, hint)
        elif id and not date and at.startswith("whats_next"):
            message = "the step has an id, but no date by which it is expected"
            hint = f"add `{field}:` with the date by which it is expected, or remove the id"
            yield Finding(f"{at}.id", "unclear-expectation", message, hint)
    for n, claim in enumerate(brief.claims):
        if claim.due and claim.status != "forecast":
            message = f"a claim that is `{claim.status}` is not expected by a date"
            hint = "write `status: forecast`, or state what is expected in `expects`"
            yield Finding(f"claims.{n}.due", "unclear-expectation", message, hint)


def _named(brief: Brief) -> Iterator[tuple[str, str, DueDate | None, str]]:
    """Yield the place, the id, the date and the field of the date of each expectation."""
    for n, expected in enumerate(brief.expects):
        yield f"expects.{n}", expected.id, expected.by, "by"
    for n, claim in enumerate(brief.claims):
        yield f"claims.{n}", claim.id, claim.due, "due"
    for n, step in enumerate(brief.whats_next):
        yield f"whats_next.{n}", step.id, step.by, "by"


def _dates(brief: Brief) -> Iterator[Finding]:
    """Yield dates that were over when the brief was published.

    A translation states what its original states, perhaps years later."""
    if brief.translation_of:
        return
    for at, _, date, field in _named(brief):
        if date and date.over <= brief.date.at:
            message = f"{date.iso} was over when the brief was published ({brief.date.iso[:10]})"
            hint = "check the year; what came of an earlier plan is reported with `settles`"
            yield Finding(f"{at}.{field}", "expectation-over", message, hint)


def _party(view: View, at: str, name: str) -> Iterator[Finding]:
    """Yield the finding for a name of neither a company nor a person."""
    if not name or view.meaning("companies", name) or view.meaning("people", name):
        return
    names = view.everything.names
    if names.unknown_company(at, name):
        near = names.companies.suggest(name) or names.people.suggest(name)
        hint = "add the person to `people`, or create a file for the company"
        hint = f"did you mean `{near}`?" if near else hint
        yield Finding(at, "unknown-name", f"no company or person is called `{name}`", hint)


def _settlement(
    brief: Brief, settlement: Settlement, at: str, sources: Mapping[str, None]
) -> Iterator[Finding]:
    """Yield what is wrong with an outcome alone."""
    if not settlement.source:
        if not brief.broken:
            known = ", ".join(sources)
            hint = f"add `source:` with one of: {known}" if known else "add the report to `sources`"
            message = "the outcome has no source, so readers cannot check it"
            yield Finding(at, "outcome-without-source", message, hint)
    elif settlement.source not in sources and sources and all(sources):
        yield unknown_id(f"{at}.source", "source", settlement.source, sources)
    if settlement.when and later(settlement.when, brief.date):
        message = f"the outcome is later ({settlement.when.iso}) than the brief ({brief.date.iso})"
        hint = "check the date; report the outcome once it is known"
        yield Finding(f"{at}.when", "outcome-date", message, hint)


# --- references to other briefs ------------------------------------------------------------------


def check_settlements(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield settlements that cannot be, and those that contradict each other."""
    settling = [brief for brief in site.outlines.values() if brief.settles]
    if not settling:
        return
    stories = Stories(site.outlines, {s: o for s, o in originals_of(site.outlines).items() if o})
    said: dict[tuple[str, str], list[tuple[Outline, str, Outcome]]] = {}
    for brief in settling:
        for n, settlement in enumerate(brief.settles):
            at = f"settles.{n}"
            if not settlement.what:
                continue  # it could not be read
            if wrong := _wrong(site, stories, brief, settlement, f"{at}.what"):
                yield brief.path, wrong
                continue
            key = stories.what(settlement.what)
            yield from ((brief.path, f) for f in _outcome_date(site, key, settlement, brief, at))
            if not stories.settled_by_original(brief, key):
                said.setdefault(key, []).append((brief, at, settlement.outcome))
    for key, found in said.items():
        yield from _contradictions(key, found)


def _wrong(
    site: Site, stories: Stories, brief: Outline, settlement: Settlement, at: str
) -> Finding | None:
    """Return the finding for a settlement that refers to nothing that it can settle."""
    slug, _, id = settlement.what.partition("#")
    other = site.outlines.get(slug)
    if other is None:
        expecting = [s for s, o in site.outlines.items() if o.expects]
        hint = did_you_mean(slug, expecting) or "write the last part of the brief's address"
        return Finding(at, "unknown-expectation", f"there is no brief `{slug}`", hint)
    key = stories.what(settlement.what)
    about = site.outlines[key[0]]
    ids = [str(expected.id) for expected in about.expects]
    if id not in ids:
        known = f"it expects: {', '.join(ids)}" if ids else "it expects nothing"
        message = f"the brief `{slug}` has no expectation `{id}`"
        return Finding(at, "unknown-expectation", message, did_you_mean(id, ids) or known)
    if stories.is_own(brief.slug, key):
        message = "the brief settles what it expects itself"
        hint = "name an expectation of an earlier brief; a later brief reports the outcome"
        return Finding(at, "settles-itself", message, hint)
    if not is_later(brief, about):
        if circle := _circle(site, stories, about.slug, brief.slug):
            message = f"the briefs settle each other: {circle_in_words(circle, 'settles')}"
            hint = "keep the settlement of the later brief"
            return Finding(at, "settles-circle", message, hint)
        message = f"`{about.slug}` ({about.date.iso[:10]}) is not earlier than this brief"
        hint = "only a later brief settles an expectation: check the dates of both"
        return Finding(at, "settles-later", message, hint)
    if about.slug in site.unpublished and brief.slug not in site.unpublished:
        message = f"`{about.slug}` is not published, so this outcome is not shown"
        return Finding(at, "link-unpublished", message, "publish it, or remove the entry")
    return None


def _circle(site: Site, stories: Stories, start: str, end: str) -> tuple[str, ...]:
    """Return the briefs on the way from one to another by `settles`, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for settlement in site.outlines[way[-1]].settles:
            step = stories.what(settlement.what)[0]
            if step == end:
                return (end, *way)
            if step in site.outlines and step not in seen:
                seen.add(step)
                ways.append((*way, step))
    return ()


def _outcome_date(
    site: Site, key: tuple[str, str], settlement: Settlement, brief: Outline, at: str
) -> Iterator[Finding]:
    """Yield an outcome whose date and due date contradict it."""
    expected = next(e for e in site.outlines[key[0]].expects if e.id == key[1])
    when = settlement.when
    if when is None:
        return
    by = f"it was due by {expected.by.iso}"
    if settlement.outcome == "happened" and when.at >= expected.by.over:
        message = f"{when.iso} is late: {by}"
        yield Finding(f"{at}.outcome", "outcome-date", message, "write `outcome: late`")
    elif settlement.outcome == "late" and when.end <= expected.by.over:
        message = f"{when.iso} is not late: {by}"
        yield Finding(f"{at}.outcome", "outcome-date", message, "write `outcome: happened`")


def _contradictions(
    key: tuple[str, str], said: list[tuple[Outline, str, Outcome]]
) -> Iterator[tuple[str, Finding]]:
    """Yield outcomes that differ although neither brief is later, or that one brief repeats."""
    in_time = sorted(said, key=lambda found: (found[0].date.at, found[0].slug))
    for (first, _, one), (second, at, other) in pairwise(in_time):
        if first is second:
            message = f"this brief settles `{'#'.join(key)}` twice"
            yield second.path, Finding(f"{at}.what", "outcomes-contradict", message, "keep one")
        elif one != other and not later(second.date, first.date):
            message = (
                f"`{first.slug}` says `{one}` of the same day, so neither outcome is the later one"
            )
            hint = "correct one of them, or give both briefs a time: the later outcome is shown"
            yield second.path, Finding(f"{at}.outcome", "outcomes-contradict", message, hint)
