"""Links the content into a Site.

A Site has everything that orders, counts and links briefs, but not their text, which `view` loads
for the pages that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, cast

from builder.content.config import Config
from builder.content.content import Content
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.ledger.corrections import correction_ledger
from builder.ledger.names import NameResolvers
from builder.ledger.numbers import figure_ledger
from builder.ledger.provenance import share_reports
from builder.ledger.relations import relation_ledger
from builder.ledger.translations import find_originals
from builder.model.entity import Company, Digest, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.settings import Settings
from builder.names.register import DistinctNames
from builder.site.entries import list_entries
from builder.site.publication import (
    Publication,
    by_name,
    find_withheld,
    newest_first,
    publish,
    published_first,
    with_page,
)
from builder.site.records import RecordLinker, check_company_circles
from builder.site.redirects import declared_redirects, list_redirects
from builder.site.registers import Registers, Report, register, unique, written
from builder.site.resolve import media_of
from builder.site.site import LINKED, Entry, Redirect, Site


def link(
    content: Content, config: Config, now: datetime, drafts: bool = False
) -> tuple[Site, list[Diagnostic]]:
    """Link the content; with `drafts`, drafts and scheduled briefs are published."""
    problems: list[Diagnostic] = []

    def report(path: str, finding: Finding) -> None:
        problems.append(content.problem(path, finding))

    withheld = find_withheld(content.outlines, now)
    briefs = unique(published_first(content.outlines, withheld), report)
    _check_ids(content, report)
    check_company_circles(written(content, Company), content.companies, report)
    publication = publish(briefs, now, drafts)
    distinct = DistinctNames(config.settings.distinct)
    names = register(content, briefs, publication.visible, distinct, report)
    threads = unique(written(content, Thread), report)
    originals = find_originals(briefs, publication.shown)
    entries = list_entries(briefs, names, threads, originals, config.settings, now)
    order = sorted((entries[slug] for slug in publication.shown), key=newest_first)
    linker = RecordLinker(names, config.settings.language, now, report)
    records = _link_records(linker, content, briefs, threads, order, report)
    shown = {slug: briefs[slug] for slug in publication.shown}
    links = NameResolvers(names.known_company, names.publisher_name, names.fiscal_year)
    site = Site(
        config=config,
        content=content,
        outlines=briefs,
        entries=entries,
        order=tuple(order),
        withdrawn=tuple(
            sorted(publication.withdrawn, key=lambda slug: newest_first(entries[slug]))
        ),
        unpublished=publication.hidden,
        withheld=withheld,
        absent=frozenset(_absent(names, records, publication, briefs)),
        companies=records.companies,
        topics=records.topics,
        threads=records.threads,
        waiting=records.waiting,
        people=records.people,
        publisher_pages=records.publisher_pages,
        pages=records.pages,
        digests=records.digests,
        redirects=tuple(_redirects(names, records, publication, briefs)),
        paths=_paths(content),
        names=names,
        media=content.media,
        figures=figure_ledger(shown.values(), links),
        relations=relation_ledger(shown, originals, records.companies, links, now),
        corrections=correction_ledger([briefs[slug] for slug in publication.visible], now),
        shared=share_reports([briefs[entry.slug] for entry in order], originals),
        published_media=_published_media(content, config.settings, shown.values(), records),
    )
    return site, problems


class _Records(NamedTuple):
    """The linked records with a page, by slug, in order of names."""

    companies: dict[str, Company]
    topics: dict[str, Topic]
    threads: dict[str, Thread]
    waiting: dict[str, Thread]  # threads without a published brief: no page
    people: dict[str, Person]
    publisher_pages: dict[str, Publisher]
    pages: dict[str, PlainPage]
    digests: dict[str, Digest]


def _link_records(
    linker: RecordLinker,
    content: Content,
    briefs: Mapping[str, Outline],
    threads: dict[str, Thread],
    order: Iterable[Entry],
    report: Report,
) -> _Records:
    names = linker.names
    order = [*order]
    running = {entry.thread for entry in order}
    # Records without a page are linked too, to report their problems.
    companies = {slug: linker.company(c) for slug, c in names.all_companies.items()}
    people = {slug: linker.person(person) for slug, person in names.all_people.items()}
    linked = {slug: linker.thread(threads[slug]) for slug in sorted(threads)}
    shown_people = with_page(names.all_people, ("people",), order)
    pages = unique(written(content, PlainPage), report)
    return _Records(
        companies=by_name(c for slug, c in companies.items() if slug not in names.merged),
        topics=by_name(
            linker.topic(topic)
            for topic in with_page(names.all_topics, ("topics",), order).values()
        ),
        threads={slug: thread for slug, thread in linked.items() if slug in running},
        waiting={slug: thread for slug, thread in linked.items() if slug not in running},
        people=by_name(person for slug, person in people.items() if slug in shown_people),
        publisher_pages=by_name(
            with_page(names.all_publishers, ("reported", "relayed"), order).values()
        ),
        pages={slug: linker.page(pages[slug]) for slug in sorted(pages)},
        digests={str(d.slug): linker.digest(d, briefs.values()) for d in written(content, Digest)},
    )


def _check_ids(content: Content, report: Report) -> None:
    """Report ids and identities in feeds that two records share.

    The identity of a brief without an id is the name of its file."""
    owners: dict[str, str] = {}
    claims = [
        (r.path, "id", str(getattr(r, "id", "")))
        for records in content.records.values()
        for r in records
    ]
    for o in content.outlines:
        claims += [(o.path, "guid", o.guid), (o.path, "id", o.id or ("" if o.guid else o.identity))]
    for path, at, identity in claims:
        owner = owners.setdefault(identity, path) if identity else path
        if owner != path:
            message = f"the {at} `{identity}` is taken by {owner}"
            hint = "give a copied file its own id, such as one from `slugline new`"
            if at == "guid":
                hint = "each story has its own; remove it from the copied file"
            report(path, Finding(at, "duplicate-id", message, hint, owner))


def _absent(
    names: Registers, records: _Records, publication: Publication, briefs: Mapping[str, Outline]
) -> Iterator[str]:
    """Yield the addresses that exist once something unpublished is published."""
    for slug in publication.hidden:
        yield briefs[slug].url
        yield from (r.address for r in declared_redirects(briefs[slug], briefs[slug].url))
    for thread in records.waiting.values():
        yield thread.url
        yield from (r.address for r in declared_redirects(thread, thread.url))
    for every, shown in (
        (names.all_topics, records.topics),
        (names.all_people, records.people),
        (names.all_publishers, records.publisher_pages),
    ):
        yield from (record.url for slug, record in every.items() if slug not in shown)


def _redirects(
    names: Registers, records: _Records, publication: Publication, briefs: Mapping[str, Outline]
) -> Iterator[Redirect]:
    visible = [briefs[slug] for slug in publication.visible]
    shown = (
        records.topics, records.threads, records.people, records.publisher_pages, records.pages,
    )  # fmt: skip
    others = [record for found in shown for record in cast(dict[str, Topic], found).values()]
    return list_redirects(names, [*visible, *others])


def _paths(content: Content) -> dict[str, tuple[str, str]]:
    """Return the kind and slug of records with a page, by path."""
    found = {o.path: ("brief", o.slug) for o in content.outlines}
    for name, kind in LINKED:
        for record in content.records.get(kind, ()):
            found[record.path] = (name, getattr(record, "slug", ""))
    return found


def _published_media(
    content: Content, settings: Settings, shown: Iterable[Outline], records: _Records
) -> frozenset[str]:
    """Return the files of content/media/ that pages, menu and footer use."""
    named = {item.url.removeprefix("/media/") for item in (*settings.menu, *settings.footer)}
    for brief in shown:
        named.update(brief.media)
    for found in records._replace(waiting={}):
        for record in cast(dict[str, Record], found).values():
            named.update(media_of(record.body))
    return frozenset(named & content.media.keys())
