"""Checks of the scheduled events that briefs state."""

from __future__ import annotations

from collections.abc import Iterator

from builder.diagnostics.diagnostic import Finding
from builder.ledger.calendar import over_at
from builder.ledger.ids import unknown_id
from builder.model.brief import Brief
from builder.model.event import Event
from builder.model.outline import Outline
from builder.model.time import NO_DATE
from builder.names.suggest import did_you_mean
from builder.site.site import Site
from builder.site.view import View


def check_events(view: View, brief: Brief) -> Iterator[Finding]:
    """Yield the mistakes in the events of one brief."""
    sources = dict.fromkeys(str(source.id) for source in brief.sources)
    ids: set[str] = set()
    for n, event in enumerate(brief.events):
        at = f"events.{n}"
        if event.of and not view.meaning("companies", event.of):
            found = view.everything.names.unknown_company(f"{at}.of", event.of)
            yield from (found,) if found else ()
        yield from _dates(brief, event, at)
        if brief.broken:
            continue  # the ids may not have been read
        if event.id in ids:
            message = f"two events have the id `{event.id}`"
            yield Finding(f"{at}.id", "duplicate-event", message, "give one of them another id")
        ids.add(event.id)
        if event.source and event.source not in sources:
            yield unknown_id(f"{at}.source", "source", event.source, sources)


def _dates(brief: Brief, event: Event, at: str) -> Iterator[Finding]:
    if event.date.at == NO_DATE.at:
        return  # it could not be read
    if event.end and event.end.end <= event.date.at:
        message = f"the event ends ({event.end.iso}) before it begins ({event.date.iso})"
        yield Finding(f"{at}.end", "end-before-start", message, "check both dates")
    elif brief.translation_of or event.changes:
        return  # a translation states what its original states, perhaps years later
    elif over_at(event.date, event.end) <= brief.date.at:
        message = "the event was over when the brief was published"
        hint = "check the date; what has happened is reported with `event_date`"
        yield Finding(f"{at}.date", "event-over", message, hint)


def check_changed_events(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield the events whose `changes` names no event of an earlier brief."""
    for outline in site.outlines.values():
        for n, event in enumerate(outline.events):
            if event.changes and (found := _changed(site, outline, event)):
                message, hint = found
                yield outline.path, Finding(f"events.{n}.changes", "unknown-event", message, hint)


def _changed(site: Site, outline: Outline, event: Event) -> tuple[str, str] | None:
    """Return the message and the hint if `changes` of an event is wrong."""
    slug, _, id = event.changes.partition("#")
    other = site.outlines.get(slug)
    if other is None:
        hint = did_you_mean(slug, [s for s, o in site.outlines.items() if o.events])
        return f"there is no brief `{slug}`", hint or "write the last part of the brief's address"
    if other is outline:
        return "the event changes itself", "change the event itself, and set `updated` of the brief"
    ids = [str(found.id) for found in other.events]
    if id not in ids:
        known = f"its events are: {', '.join(ids)}" if ids else "it has none"
        hint = did_you_mean(id, ids) or known
        return f"the brief `{slug}` has no event `{id}`", hint
    if (other.date.at, other.slug) > (outline.date.at, outline.slug):
        return (
            f"the brief `{slug}` is not earlier",
            "only a later brief changes an event",
        )
    return None
