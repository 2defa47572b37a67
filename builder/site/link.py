"""Links the content into a Site.

A Site has everything that orders, counts and links briefs, but not their text, which `view` loads
for the pages that show it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, cast

from builder.content.config import Config
from builder.content.content import Content
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.ledger.calendar import calendar_ledger
from builder.ledger.corrections import correction_ledger
from builder.ledger.evidence import find_evidence
from builder.ledger.expectations import expectation_ledger, with_due_dates
from builder.ledger.numbers import figure_ledger
from builder.ledger.provenance import share_reports
from builder.ledger.relations import relation_ledger
from builder.ledger.translations import find_originals
from builder.ledger.turned_back import as_known
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
from builder.model.record import Allowed, Record
from builder.model.settings import Settings
from builder.names.keys import in_nfc
from builder.names.register import DistinctNames
from builder.site.authors import authors_with_page
from builder.site.due import NEWS
from builder.site.duplicates import Kind, Report, draft_files, drafts_last, unique
from builder.site.edition_names import in_edition, in_editions
from builder.site.entries import list_entries, silently_changed
from builder.site.imprints import check_owners, site_standings
from builder.site.other_slugs import Addressed, other_redirects
from builder.site.profiles import SINGULAR, link_profiles, published_profiles
from builder.site.publication import (
    Publication,
    PublishedNames,
    by_name,
    find_withheld,
    newest_first,
    publish,
    publish_names,
    published_first,
    references_to,
    weeks_of,
    with_page,
    without_drafts,
)
from builder.site.records import RecordLinker, check_company_circles
from builder.site.redirects import (
    author_redirects,
    declared_redirects,
    list_redirects,
    record_redirects,
    short_redirects,
    site_redirects,
)
from builder.site.registers import Registers, register_files, register_uses, written
from builder.site.resolve import published_media
from builder.site.site import LINKED, Entry, Redirect, Site


def link(
    content: Content, config: Config, now: datetime, drafts: bool = False
) -> tuple[Site, list[Diagnostic]]:
    """Link the content; with `drafts`, drafts and scheduled briefs are published."""
    problems: list[Diagnostic] = []
    return _link(content, config, now, drafts, partial(_report, content, problems)), problems


def _link(content: Content, config: Config, now: datetime, drafts: bool, report: Report) -> Site:
    withheld = find_withheld(content.outlines, now)
    briefs = unique(published_first(content.outlines, withheld), report, withheld if drafts else ())
    _check_records(content, withheld, report)
    publication = publish(briefs, now, drafts)
    shown = {slug: as_known(briefs[slug], now) for slug in publication.shown}
    names, public = _register(content, config, briefs, shown, drafts, report)
    threads = unique(drafts_last(written(content, Thread)), report, draft_files(content, drafts))
    originals = find_originals(briefs, publication.shown)
    running = without_drafts(threads, drafts)
    entries = list_entries(briefs, names, running, originals, config.settings, now)
    entries |= silently_changed(entries, briefs, content.histories, config.zone, now)
    order = sorted((entries[slug] for slug in publication.shown), key=newest_first)
    linker = RecordLinker(names, public, config.settings.language, now, report)
    linked = _link_records(linker, content, briefs, threads, report, drafts, config.settings)
    records = _publish(linked, names, public, order, drafts, config.settings.language)
    waiting = _waiting(linked, records, names, public)
    redirects = tuple(_redirects(config, names, records, public, publication, briefs, order))
    figures = figure_ledger(shown.values(), names.resolvers)
    expectations = expectation_ledger(shown, originals, names.resolvers, now)
    return Site(
        config=config,
        content=content,
        outlines=briefs,
        entries=entries,
        order=tuple(order),
        withdrawn=tuple(sorted(publication.withdrawn, key=lambda s: newest_first(entries[s]))),
        unpublished=publication.hidden,
        withheld=withheld.union(waiting, _held(linked, names, briefs, order, withheld, drafts)),
        waiting=waiting,
        absent=_absent(names, records, waiting, redirects, publication, briefs),
        unlinked=frozenset(references_to(waiting.values())),
        companies=records.companies,
        topics=records.topics,
        threads=records.threads,
        people=records.people,
        publisher_pages=records.publisher_pages,
        pages=records.pages,
        digests=records.digests,
        redirects=redirects,
        profiles=records.profiles,
        paths=_paths(content, linked.profiles),
        names=names,
        media=content.media.files,
        figures=figures,
        relations=relation_ledger(shown, originals, records.companies, names.resolvers, now),
        events=with_due_dates(
            calendar_ledger(shown, originals, names.resolvers, now), expectations, shown, now
        ),
        expectations=expectations,
        corrections=correction_ledger([briefs[slug] for slug in publication.visible], now),
        shared=share_reports([briefs[entry.slug] for entry in order], originals),
        standing=site_standings(names, shown, entries, originals, figures),
        published_media=published_media(content, config.settings, shown.values(), records, order),
        allowed=tuple(_allowed(content)),
        now=now,
        unreadable=tuple(_unreadable(content)),
        evidence=find_evidence(briefs, [entry.slug for entry in order], now),
        recent=tuple(_recent(order, now)) if config.settings.news_sitemap else (),
    )


def _register(
    content: Content,
    config: Config,
    briefs: Mapping[str, Outline],
    shown: Mapping[str, Outline],
    drafts: bool,
    report: Report,
) -> tuple[Registers, PublishedNames]:
    """Return all names, and which of them are published."""
    distinct = DistinctNames(config.settings.distinct)
    names = register_files(content, briefs, drafts, distinct, report, config.slugs)
    public = publish_names(names, shown.values(), drafts)
    names = register_uses(names, briefs, [*shown.values()], *public, drafts, distinct)
    check_owners(names, report)
    return names, public


def _report(content: Content, problems: list[Diagnostic], path: str, finding: Finding) -> None:
    problems.append(content.problem(path, finding))


def _allowed(content: Content) -> Iterator[tuple[str, tuple[Allowed, ...]]]:
    for outline in content.outlines:
        if outline.allow:
            yield outline.path, outline.allow
    for records in content.records.values():
        yield from ((record.path, record.allow) for record in records if record.allow)


def _unreadable(content: Content) -> Iterator[str]:
    for records in content.records.values():
        yield from (record.path for record in records if record.broken)
    yield from (outline.path for outline in content.outlines if outline.broken)


def _recent(order: Iterable[Entry], now: datetime) -> Iterator[str]:
    """Yield the briefs that are news."""
    return (entry.slug for entry in order if entry.date.at <= now < entry.date.at + NEWS)


class _Records(NamedTuple):
    """Linked records, by slug."""

    companies: dict[str, Company]
    topics: dict[str, Topic]
    threads: dict[str, Thread]
    people: dict[str, Person]
    publisher_pages: dict[str, Publisher]
    pages: dict[str, PlainPage]
    digests: dict[str, Digest]
    profiles: dict[str, Profile]


def _link_records(
    linker: RecordLinker,
    content: Content,
    briefs: Mapping[str, Outline],
    threads: Mapping[str, Thread],
    report: Report,
    drafts: bool,
    settings: Settings,
) -> _Records:
    """Return all records but briefs, published or not, and report their problems.

    Of records with one slug, those that are not drafts come first."""
    names = linker.names
    people = {**_drafts(content, Person), **names.all_people}
    topics = {**_drafts(content, Topic), **names.all_topics}
    pages = unique(
        drafts_last(in_editions(written(content, PlainPage), settings)),
        report,
        draft_files(content, drafts),
    )
    profiled: dict[str, dict[str, Any]] = {
        "companies": {slug: linker.company(c) for slug, c in names.all_companies.items()},
        "topics": {slug: linker.topic(topic) for slug, topic in topics.items()},
        "threads": {slug: linker.thread(threads[slug]) for slug in sorted(threads)},
        "people": {slug: linker.person(person) for slug, person in people.items()},
    }
    return _Records(
        **profiled,
        publisher_pages={**_drafts(content, Publisher), **names.all_publishers},
        pages={slug: linker.page(pages[slug]) for slug in sorted(pages)},
        digests=_digests(linker, content, briefs, report, settings),
        profiles=link_profiles(written(content, Profile), profiled, settings, report),
    )


def _digests(
    linker: RecordLinker,
    content: Content,
    briefs: Mapping[str, Outline],
    report: Report,
    settings: Settings,
) -> dict[str, Digest]:
    """Return the texts of digests by edition and week, and report a second one of a week."""
    found: dict[str, Digest] = {}
    for digest in drafts_last(written(content, Digest)):
        other = found.setdefault(in_edition(digest, settings), digest)
        if other is not digest:
            message = f"the slug `{digest.slug}` is taken by {other.path}"
            report(digest.path, Finding("slug", "duplicate-slug", message, "keep one file"))
    return {week: linker.digest(found[week], briefs.values()) for week in found}


def _publish(
    linked: _Records,
    names: Registers,
    public: PublishedNames,
    order: Sequence[Entry],
    drafts: bool,
    language: str,
) -> _Records:
    """Return the records with a page, and texts of digests, in order of names."""
    running, weeks = {entry.thread for entry in order}, weeks_of(order)
    topics = with_page(names.all_topics, ("topics",), order, names.all_topics if drafts else ())
    people = with_page(names.all_people, ("people",), order, public.people)
    imprints = names.all_publishers
    imprints = with_page(imprints, ("reported", "relayed"), order, imprints if drafts else ())
    companies = (s for s in linked.companies if s in public.companies and s not in names.merged)
    profiled: dict[str, dict[str, Any]] = {
        "companies": by_name((linked.companies[slug] for slug in companies), language),
        "topics": by_name((linked.topics[slug] for slug in topics), language),
        "threads": {slug: thread for slug, thread in linked.threads.items() if slug in running},
        "people": by_name((linked.people[slug] for slug in people), language),
    }
    return _Records(
        **profiled,
        publisher_pages=by_name((linked.publisher_pages[slug] for slug in imprints), language),
        pages=without_drafts(linked.pages, drafts),
        digests={
            week: digest
            for week, digest in without_drafts(linked.digests, drafts).items()
            if week.rpartition("/")[2] in weeks
        },
        profiles=published_profiles(linked.profiles, profiled, drafts),
    )


def _drafts(content: Content, kind: type[Kind]) -> dict[str, Kind]:
    return {str(getattr(r, "slug", "")): r for r in written(content, kind) if r.draft}


def _waiting(
    linked: _Records, records: _Records, names: Registers, public: PublishedNames
) -> dict[str, Record]:
    """Return the unpublished records with a file, by path."""
    found: dict[str, Record] = {}
    for every, shown in zip(linked, records, strict=True):
        published = {record.path for record in cast(dict[str, Record], shown).values()}
        for record in cast(dict[str, Record], every).values():
            if record.path and record.path not in published:
                found[record.path] = record
    for slug in public.companies & names.merged.keys():
        found.pop(names.all_companies[slug].path, None)
    return found


def _check_records(content: Content, withheld: Container[str], report: Report) -> None:
    check_company_circles(written(content, Company), content.companies, report)
    _check_ids(content, withheld, report)


def _check_ids(content: Content, withheld: Container[str], report: Report) -> None:
    """Report ids and identities in feeds that two records share.

    The identity of a brief without an id is the name of its file. Unpublished records come last, so
    that none takes an id from a published one."""
    owners: dict[str, str] = {}
    drafts = {r.path for records in content.records.values() for r in records if r.draft}
    claims = [
        (r.path, "id", str(getattr(r, "id", "")))
        for records in content.records.values()
        for r in records
    ]
    for o in content.outlines:
        claims += [(o.path, "guid", o.guid), (o.path, "id", o.id or ("" if o.guid else o.identity))]
    claims.sort(key=lambda claim: claim[0] in drafts or claim[0] in withheld)
    for path, at, identity in claims:
        owner = owners.setdefault(identity, path) if identity else path
        if owner != path:
            message = f"the {at} `{identity}` is taken by {owner}"
            hint = "give a copied file its own id, such as one from `slugline new`"
            if at == "guid":
                hint = "each story has its own; remove it from the copied file"
            report(path, Finding(at, "duplicate-id", message, hint, owner))


def _held(
    linked: _Records,
    names: Registers,
    briefs: Mapping[str, Outline],
    order: Iterable[Entry],
    withheld: Container[str],
    drafts: bool,
) -> Iterator[str]:
    """Yield the files of records that only a preview of drafts shows, if it is one.

    `withheld` has the files of unpublished briefs."""
    if not drafts:
        return
    out = [entry for entry in order if briefs[entry.slug].path not in withheld]
    public = publish_names(names, [briefs[entry.slug] for entry in out], False)
    shown = _publish(linked, names, public, out, False, "")
    yield from _waiting(linked, shown, names, public)
    for found in linked:
        records = cast(dict[str, Record], found).values()
        yield from (record.path for record in records if record.draft)


def _absent(
    names: Registers,
    records: _Records,
    waiting: Mapping[str, Record],
    redirects: Iterable[Redirect],
    publication: Publication,
    briefs: Mapping[str, Outline],
) -> frozenset[str]:
    """Return the addresses that exist once something unpublished is published."""
    present = {*_present(records, redirects, publication, briefs)}
    return frozenset(_future(names, records, waiting, publication, briefs)) - present


def _future(
    names: Registers,
    records: _Records,
    waiting: Mapping[str, Record],
    publication: Publication,
    briefs: Mapping[str, Outline],
) -> Iterator[str]:
    """Yield the addresses of unpublished records, and those that redirect to them."""
    for slug in publication.hidden:
        yield briefs[slug].url
        yield from (r.address for r in declared_redirects(briefs[slug], briefs[slug].url))
    for record in waiting.values():
        if isinstance(record, (Digest, Profile)):
            continue  # its page needs no text
        yield record.url
        held = cast(Company | Topic | Thread | Person | Publisher | PlainPage, record)
        yield from (r.address for r in record_redirects(held, names))
    for every, found in (
        (names.all_topics, records.topics),
        (names.all_people, records.people),
        (names.all_publishers, records.publisher_pages),
    ):
        yield from (record.url for slug, record in every.items() if slug not in found)


def _present(
    records: _Records,
    redirects: Iterable[Redirect],
    publication: Publication,
    briefs: Mapping[str, Outline],
) -> Iterator[str]:
    """Yield the addresses of published records, and those that redirect to them."""
    for found in records:
        yield from (record.url for record in cast(dict[str, Record], found).values())
    yield from (redirect.address for redirect in redirects)
    yield from (briefs[slug].url for slug in publication.visible)


def _redirects(
    config: Config,
    names: Registers,
    records: _Records,
    public: PublishedNames,
    publication: Publication,
    briefs: Mapping[str, Outline],
    order: Iterable[Entry],
) -> Iterator[Redirect]:
    companies = {s: c for s, c in names.all_companies.items() if s in public.companies}
    visible = [briefs[slug] for slug in publication.visible]
    shown = (
        records.topics, records.threads, records.people, records.publisher_pages, records.pages,
    )  # fmt: skip
    others = [record for found in shown for record in cast(dict[str, Topic], found).values()]
    found = [
        *list_redirects(names, companies, [*visible, *others]),
        *author_redirects(config, {slug for entry in order for slug in entry.authors}),
        *short_redirects(config, visible),
        *site_redirects(config),
    ]
    yield from found
    settings = config.settings
    if settings.slugs:
        listed = authors_with_page(settings, {slug for entry in order for slug in entry.authors})
        named = (*settings.sections, *settings.watchlists, *listed)
        every = cast(list[Addressed], [*companies.values(), *visible, *others, *named])
        yield from other_redirects(settings, every, [redirect.address for redirect in found])


def _paths(content: Content, profiles: Mapping[str, Profile]) -> dict[str, tuple[str, str]]:
    """Return the kind and slug of records with a page, by path in NFC."""
    found = {in_nfc(o.path): ("brief", o.slug) for o in content.outlines}
    for name, kind in LINKED:
        for record in content.records.get(kind, ()):
            found[in_nfc(record.path)] = (name, getattr(record, "slug", ""))
    for profile in profiles.values():
        found[in_nfc(profile.path)] = (SINGULAR[profile.folder], str(profile.slug))
    return found
