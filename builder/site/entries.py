"""Makes the entries by which the site orders and counts briefs."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import datetime, tzinfo
from functools import cache

from msgspec.structs import replace

from builder.content.config import match_author, match_declared
from builder.content.histories import Histories
from builder.ledger.corrections import last_change, shown_corrections
from builder.ledger.provenance import relaying, reporting
from builder.model.outline import Outline
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.site.registers import Registers
from builder.site.site import Entry


def list_entries(
    briefs: Mapping[str, Outline],
    names: Registers,
    threads: Container[str],
    originals: Mapping[str, str],
    settings: Settings,
    now: datetime,
) -> dict[str, Entry]:
    """Return an entry for every brief, with its names resolved.

    Unknown names are left out; linking the brief reports them."""
    declared: dict[str, str] = {section.slug: section.name for section in settings.sections}
    sections = {
        name: match_declared(name, declared)
        for name in {brief.section for brief in briefs.values()} - {""}
    }
    companies = _Resolved(names.known_company)
    topics = _Resolved(names.topics.resolve)
    people = _Resolved(names.people.resolve)
    publishers = _Resolved(names.publisher_slug)
    authors = _Resolved(lambda name: match_author(name, settings))
    return {
        slug: Entry(
            slug,
            brief.date,
            last_change(brief, now),
            brief.event_date or brief.date,
            brief.importance,
            brief.status if brief.draft else "scheduled" if brief.date.at > now else "",
            sections.get(brief.section) or "",
            companies[brief.companies],
            topics[brief.topics],
            people[names.named_people(brief) if brief.speakers else brief.people],
            brief.thread if brief.thread in threads else "",
            publishers[reporting(brief.sources)],
            publishers[relaying(brief.sources)],
            shown_corrections(brief.corrections, now) if brief.corrections else (),
            originals.get(slug, ""),
            authors[brief.author or tuple(settings.author)],
        )
        for slug, brief in briefs.items()
    }


def silently_changed(
    entries: Mapping[str, Entry],
    briefs: Mapping[str, Outline],
    histories: Histories,
    zone: tzinfo,
    now: datetime,
) -> dict[str, Entry]:
    """Return the entries of briefs that last changed silently."""
    found: dict[str, Entry] = {}
    for slug, brief in briefs.items() if histories else ():
        file, entry = histories.get(brief.identity), entries[slug]
        at = file.silent if file else None
        if at and at <= now and (entry.updated is None or entry.updated.at < at):
            minute = at.astimezone(zone).replace(second=0, microsecond=0)
            found[slug] = replace(entry, updated=Moment(minute, "minute"))
    return found


class _Resolved(dict[tuple[str, ...], tuple[str, ...]]):
    """Lists of names resolved to lists of slugs, each list once."""

    def __init__(self, resolve: Callable[[str], str | None]) -> None:
        self.resolve = cache(resolve)

    def __missing__(self, names: tuple[str, ...]) -> tuple[str, ...]:
        slugs = dict.fromkeys(slug for name in names if (slug := self.resolve(name)))
        found = self[names] = tuple(slugs)
        return found
