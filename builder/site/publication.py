"""Decides which records are published at a moment (law 9).

Everything after it sees published records only, so the output is as if the files of all others did
not exist. What is published, by kind:

| record | published |
|---|---|
| brief | unless it is a draft, is scheduled, or has expired; `redirects` with it |
| withdrawn brief | titles, dates, reason and corrections, but no name or file that it mentions |
| company, person | if a published record names it in its front matter, or `listed` is true |
| merged company | in the same way: its old addresses redirect; then the other company is, too |
| topic, publisher | if a published brief names it, or `listed` is true |
| thread | if a published brief belongs to it |
| digest | its text, if its week has a published brief |
| plain page | always |
| section, author, menu | always: site.yaml has no drafts |
| media | if a published text, a picture of a published brief, the menu or the footer uses it |
| figure, relation, correction, source, claim | with its brief |
| `aliases`, `formerly`, `redirects` | with their record |

- A record whose file says `status: draft` is never published. A topic, person or publisher that a
  published brief names remains without the draft, since these need no file.
- A text publishes nothing: a link in it to an unpublished record becomes plain text.
- Front matter publishes what it names: a brief its companies and people, a company its parent and
  the people who lead it, a person their company. The reverse is not true: a company that names a
  published one as its parent is not published.
- Only briefs depend on the time, so a record appears and disappears with its briefs.
- A preview of drafts publishes every record, threads and digests only with a brief."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Set
from datetime import datetime
from typing import NamedTuple, TypeVar

from builder.language.collation import sort_key
from builder.model.entity import (
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.time import week_of
from builder.names.keys import name_key
from builder.site.redirects import record_redirects
from builder.site.registers import Registers
from builder.site.site import LINKED, Entry, Site

Slugged = TypeVar("Slugged", Company, Topic, Person, Publisher)
Held = TypeVar("Held", Thread, PlainPage, Digest)


# --- briefs ------------------------------------------------------------------------------------


class Publication(NamedTuple):
    """The slugs of briefs by visibility."""

    visible: tuple[str, ...]  # with a page
    hidden: frozenset[str]  # drafts, scheduled and expired briefs
    shown: tuple[str, ...]  # visible, and not withdrawn
    withdrawn: tuple[str, ...]


def is_expired(brief: Outline, now: datetime) -> bool:
    """Return whether a brief has expired."""
    return brief.expires is not None and brief.expires.at <= now


def is_waiting(brief: Outline, now: datetime) -> bool:
    """Return whether a brief is a draft or is scheduled."""
    return brief.draft or brief.date.at > now


def find_withheld(briefs: Iterable[Outline], now: datetime) -> frozenset[str]:
    """Return the files of drafts, scheduled and expired briefs."""
    return frozenset(b.path for b in briefs if is_waiting(b, now) or is_expired(b, now))


def published_first(briefs: Iterable[Outline], withheld: Container[str]) -> list[Outline]:
    """Return briefs in their order, those in `withheld` files last.

    Of two briefs with one slug, the published one keeps it."""
    return sorted(briefs, key=lambda brief: brief.path in withheld)


def publish(briefs: Mapping[str, Outline], now: datetime, drafts: bool) -> Publication:
    """Decide which briefs are visible, including drafts and scheduled ones with `drafts`."""
    visible: list[str] = []
    hidden: list[str] = []
    for slug, brief in briefs.items():
        left_out = is_expired(brief, now) or (is_waiting(brief, now) and not drafts)
        (hidden if left_out else visible).append(slug)
    withdrawn = tuple(slug for slug in visible if briefs[slug].status == "withdrawn")
    shown = tuple(slug for slug in visible if briefs[slug].status != "withdrawn")
    return Publication(tuple(visible), frozenset(hidden), shown, withdrawn)


def newest_first(entry: Entry) -> tuple[float, int, str]:
    """Return the sort key for lists of briefs."""
    return -entry.date.at.timestamp(), entry.importance, entry.slug


# --- companies and people ------------------------------------------------------------------------


class PublishedNames(NamedTuple):
    """The slugs of published companies and people with a file.

    Merged companies are included: their addresses redirect."""

    companies: frozenset[str]
    people: frozenset[str]


def publish_names(names: Registers, briefs: Iterable[Outline], drafts: bool) -> PublishedNames:
    """Return the companies and people that some briefs, or `listed`, publish.

    With `drafts`, that is all of them."""
    if drafts:
        return PublishedNames(frozenset(names.all_companies), frozenset(names.all_people))
    briefs = [*briefs]
    companies = {
        *(slug for slug, company in names.all_companies.items() if company.listed),
        *_slugs(names.companies.resolve(name) for brief in briefs for name in _parties(brief)),
    }
    people = {
        *(slug for slug, person in names.all_people.items() if person.listed),
        *_slugs(names.people.resolve(n) for brief in briefs for n in _named_people(names, brief)),
    }
    found = PublishedNames(frozenset(), frozenset())
    while companies or people:
        companies = {s for s in companies - found.companies if s in names.all_companies}
        companies -= names.drafts
        people = {slug for slug in people - found.people if slug in names.all_people}
        found = PublishedNames(found.companies | companies, found.people | people)
        companies, people = _named_by(names, companies, people)
    return found


def _parties(brief: Outline) -> tuple[str, ...]:
    return (*brief.companies, *brief.parties)


def _named_people(names: Registers, brief: Outline) -> tuple[str, ...]:
    return (*names.named_people(brief), *brief.parties)


def _named_by(
    names: Registers, companies: Iterable[str], people: Iterable[str]
) -> tuple[set[str], set[str]]:
    """Return the companies and people that the files of some others name."""
    found = [names.all_companies[slug] for slug in companies]
    whole = [company for company in found if company.slug not in names.merged]
    employers = [names.all_people[slug].company for slug in people]
    owners = (names.companies.resolve(n) for n in (*(c.parent for c in whole), *employers) if n)
    leaders = (names.people.resolve(name) for company in whole for name in company.people)
    moved = (company for company in found if company.slug in names.merged)
    successors = (names.companies.resolve(company.merged_into) for company in moved)
    return _slugs((*owners, *successors)), _slugs(leaders)


def _slugs(found: Iterable[str | None]) -> set[str]:
    return {slug for slug in found if slug}


# --- all kinds -----------------------------------------------------------------------------------


def by_name(records: Iterable[Slugged], language: str) -> dict[str, Slugged]:
    """Return records by slug, in the order of their names."""
    return {r.slug: r for r in sorted(records, key=lambda r: (sort_key(r.name, language), r.slug))}


def with_page(
    records: Mapping[str, Slugged],
    fields: tuple[str, ...],
    order: Iterable[Entry],
    others: Container[str] = (),
) -> dict[str, Slugged]:
    """Return the topics, people or publishers that have a page.

    A published brief names them in one of `fields`, or they are listed, or they are among `others`
    and have a profile."""
    named = {slug for brief in order for field in fields for slug in getattr(brief, field)}
    return {
        slug: record
        for slug, record in records.items()
        if slug in named or record.listed or (slug in others and has_profile(record))
    }


def has_profile(record: Record) -> bool:
    """Return whether a record's file has a text or a role."""
    return bool(record.body.html or getattr(record, "role", ""))


def without_drafts(records: Mapping[str, Held], drafts: bool) -> dict[str, Held]:
    """Return records whose files are not drafts."""
    return {slug: record for slug, record in records.items() if drafts or not record.draft}


def weeks_of(order: Iterable[Entry]) -> frozenset[str]:
    """Return the weeks that have a digest."""
    return frozenset(week_of(entry.date.at) for entry in order if not entry.original)


def references_to(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Yield how a text may refer to records.

    Each has the kind and a slug, or the kind with a `=` and the key of a name."""
    kinds = {kind: name for name, kind in LINKED}
    for record in records:
        if (kind := kinds.get(type(record))) is None:
            continue
        yield kind, str(getattr(record, "slug", ""))
        for field in ("aliases", "formerly"):
            yield from ((f"{kind}=", name_key(name)) for name in getattr(record, field, ()))
        yield f"{kind}=", name_key(str(getattr(record, "name", "")))


def unpublished_records(site: Site) -> Iterator[Record]:
    """Yield unpublished records other than briefs, even in a preview."""
    for records in site.content.records.values():
        yield from (record for record in records if record.path in site.withheld)


def named_by(site: Site, briefs: Iterable[str]) -> Callable[[Record], bool]:
    """Return whether some briefs, or `listed`, would publish a record.

    They may be briefs that are not published, given by their slugs."""
    slugs = [*briefs]
    outlines = [site.outlines[slug] for slug in slugs]
    entries = [site.entries[slug] for slug in slugs]
    public = publish_names(site.names, outlines, False)
    found: dict[type[Record], Set[str]] = {
        Company: public.companies,
        Person: public.people,
        Topic: {slug for entry in entries for slug in entry.topics},
        Thread: {outline.thread for outline in outlines},
        Publisher: {slug for entry in entries for slug in (*entry.reported, *entry.relayed)},
        Digest: weeks_of(entries),
    }
    return lambda record: getattr(record, "slug", "") in found.get(type(record), ())


def held_addresses(site: Site, over: Set[str]) -> Iterator[str]:
    """Yield addresses of unpublished records that no brief in `over` published.

    These are briefs that expired or were withdrawn."""
    if not site.waiting:
        return
    published = named_by(site, [*(entry.slug for entry in site.order), *over])
    for record in site.waiting.values():
        if isinstance(record, Profile):
            continue  # the address is that of the profile that it translates
        if record.draft or not published(record):
            yield record.url
            if isinstance(record, (Company, Person, Topic, Thread, Publisher, PlainPage)):
                yield from (redirect.address for redirect in record_redirects(record, site.names))
