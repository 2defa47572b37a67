"""What was read -> a Site: who is called what, what is due at this moment, and its order.

A Site knows of every brief what orders, counts and links it, and not its text: that is loaded by
who needs it (`view`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from builder.check.brief import Finding, lint_topics
from builder.check.contradictions import find_disputes
from builder.check.duplicate_names import lint_doubles
from builder.check.threads import lint_threads
from builder.content.config import Config, match_declared
from builder.content.content import Content, mergers
from builder.content.markdown.engine import typographic
from builder.content.walk import MediaFile
from builder.diagnostics.diagnostic import Diagnostic, Place, place_of
from builder.language.dates import days_of, week_of
from builder.ledger.corrections import (
    Amendment,
    keep_corrections,
    last_change,
    shown_corrections,
)
from builder.ledger.numbers import Value, keep_ledger
from builder.ledger.provenance import (
    Shared,
    lint_reports,
    passing_on,
    reporting,
    share_reports,
)
from builder.ledger.relations import Links, Tie, keep_relations
from builder.ledger.translations import find_originals, lint_translations
from builder.model.brief import (
    Body,
    Brief,
    Company,
    CompanyName,
    Digest,
    Line,
    Moment,
    Outline,
    Person,
    PersonName,
    PlainPage,
    Publisher,
    Record,
    Slug,
    Source,
    Text,
    Thread,
    Topic,
    slugify,
    told_at,
)
from builder.names.register import Names, did_you_mean

Kind = TypeVar("Kind", bound=Record)
Named = TypeVar("Named", Topic, Person)
Slugged = TypeVar("Slugged", Company, Topic, Person, Publisher)


# What a body can link to, by the kind that `[[kind:slug]]` names.
LINKED: tuple[tuple[str, type[Record]], ...] = (
    ("brief", Brief),
    ("company", Company),
    ("topic", Topic),
    ("thread", Thread),
    ("person", Person),
    ("page", PlainPage),
)


class Redirect(NamedTuple):
    """An address that leads to another. `path` is the record that asked for it, in the field
    `at`."""

    address: str
    target: str
    path: str
    at: str


class Entry(Struct, frozen=True):
    """A brief as the site orders and counts it: names are slugs, once each."""

    slug: str
    date: Moment
    updated: Moment | None  # or corrected; not before it has happened
    happened: Moment
    importance: int
    notice: str  # draft or scheduled, in a preview; else nothing
    section: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]
    people: tuple[str, ...]
    thread: str = ""
    reported: tuple[str, ...] = ()  # the publishers whose own reports it rests on
    relayed: tuple[str, ...] = ()  # those that passed on the report of another
    corrected: tuple[int, ...] = ()  # its corrections that are known, the first first
    original: str = ""  # the brief that says the same, and which this one only translates

    @property
    def url(self) -> str:
        return f"/briefs/{self.slug}/"

    @property
    def told_at(self) -> Moment:
        """When it happened, for the order of events."""
        return told_at(self.happened, self.date)

    @property
    def in_time(self) -> tuple[float, float, str]:
        """Its place in the order of events."""
        return self.told_at.at.timestamp(), self.date.at.timestamp(), self.slug


class Site(NamedTuple):
    """Every record, linked. Dictionaries are by slug, in the order of names; `order` has the
    briefs that are due, the newest first."""

    config: Config
    content: Content
    outlines: dict[str, Outline]  # of every brief
    entries: dict[str, Entry]  # of every brief
    order: tuple[Entry, ...]
    withdrawn: tuple[str, ...]
    unpublished: frozenset[str]  # drafts and the like: checked, and never to be seen
    absent: frozenset[str]  # addresses that exist as soon as one of those is published
    companies: dict[str, Company]
    called: dict[str, tuple[str, ...]]  # every name of each company, of those merged too
    topics: dict[str, Topic]
    threads: dict[str, Thread]  # that have a brief to show
    waiting: dict[str, Thread]  # that have none yet
    people: dict[str, Person]
    everyone: dict[str, str]  # the name of each person, with or without a page
    publishers: dict[str, Publisher]  # by path
    imprints: dict[str, Publisher]  # those that have a page: a source of a brief that is shown
    pages: dict[str, PlainPage]
    digests: dict[str, Digest]  # by week: an editor's words
    redirects: tuple[Redirect, ...]
    paths: dict[str, tuple[str, str]]  # by path: the kind and the slug of what can have a page
    names: Registers
    merged: dict[str, str]
    unread: frozenset[str]  # companies whose files could not be read
    media: dict[str, MediaFile]
    figures: tuple[Value, ...]  # of briefs that are due
    relations: tuple[Tie, ...]  # as they say, and the files of companies
    corrections: tuple[Amendment, ...]  # of these, and what was withdrawn: the newest first
    shared: dict[str, tuple[Shared, ...]]  # for each source, earlier briefs that have it
    published_media: frozenset[str]  # what a page that is shown uses; the rest stays where it is

    def resolve_company(self, name: str) -> str:
        """The slug of the company that a name means, after mergers; nothing when unknown."""
        slug = self.names.companies.resolve(name) or ""
        return self.merged.get(slug, slug)


class Registers(NamedTuple):
    """What written names mean, by kind."""

    companies: Names
    topics: Names
    people: Names
    publishers: Names


def link(
    content: Content, config: Config, now: datetime, drafts: bool = False
) -> tuple[Site, list[Diagnostic]]:
    """Link what was read. With `drafts`, drafts and scheduled briefs count as published."""
    linker = _Linker(content, config, now, drafts)
    return linker.link(), linker.problems


class _Linker:
    """The registers that linking needs, and what it finds."""

    def __init__(self, content: Content, config: Config, now: datetime, drafts: bool) -> None:
        self.content, self.config, self.now, self.drafts = content, config, now, drafts
        self.problems: list[Diagnostic] = []
        self.names = Registers(content.companies, Names(), Names(), Names())

    def report(self, path: str, at: str | Place, code: str, message: str, hint: str = "") -> None:
        self.problems.append(self.content.problem(path, at, code, message, hint))

    # --- in order ------------------------------------------------------------------------------

    def link(self) -> Site:
        briefs = self._unique(self.content.outlines)
        companies = self._unique(self._written(Company))
        self._check_ids()
        self._check_mergers(companies)
        unread = frozenset(
            s for s, c in companies.items() if c.broken and not self.content.places(c.path)
        )
        merged = mergers(companies.values(), self.content.companies)
        self.content.companies.count_uses(self._uses(briefs))
        visible, hidden = self._due(briefs)
        topics = self._declared(Topic, self.names.topics, "topics", briefs, visible)
        people = self._declared(Person, self.names.people, "people", briefs, visible)
        publishers = {p.path: p for p in self._written(Publisher)}
        for publisher in publishers.values():
            self._claim_names(self.names.publishers, publisher, publisher.path)
        imprints = self._imprints(briefs, visible)
        pages = self._unique(self._written(PlainPage))
        digests = {str(d.slug): self._link_digest(d, briefs) for d in self._written(Digest)}
        threads = self._unique(self._written(Thread))
        site = Site(
            config=self.config,
            content=self.content,
            outlines=briefs,
            entries={},
            order=(),
            withdrawn=(),
            unpublished=frozenset(hidden),
            absent=frozenset(),
            companies=companies,
            called={slug: (c.name, *c.aliases, *c.formerly) for slug, c in companies.items()},
            topics=topics,
            threads=threads,
            waiting={},
            people=people,
            everyone={slug: str(person.name) for slug, person in people.items()},
            publishers=publishers,
            imprints=imprints,
            pages={},
            digests=digests,
            redirects=(),
            paths=self._paths(),
            names=self.names,
            merged=merged,
            unread=unread,
            media=self.content.media,
            figures=(),
            relations=(),
            corrections=(),
            shared={},
            published_media=frozenset(),
        )
        shown = [s for s in visible if briefs[s].status != "withdrawn"]
        originals = find_originals(briefs, shown)
        entries = self._entries(site, briefs, originals)
        for path, found in (
            *lint_topics(briefs.values(), topics, self.names.topics),
            *lint_translations(briefs, self.config.settings.language),
            *lint_threads(briefs, threads, frozenset(hidden)),
            *lint_reports(briefs.values(), lambda slug: entries[slug].companies),
        ):
            self.report(path, *found)
        distinct = self.config.settings.distinct
        for path, found in lint_doubles(
            briefs.values(), people, publishers, self.names.publishers, distinct
        ):
            self.report(path, *found)
        order = sorted((entries[slug] for slug in shown), key=_newest_first)
        withdrawn = [slug for slug in visible if briefs[slug].status == "withdrawn"]
        withdrawn.sort(key=lambda slug: _newest_first(entries[slug]))
        shown_topics = _with_page(topics, "topics", order)
        shown_people = _with_page(people, "people", order)
        running = {entry.thread for entry in order}
        shown_threads = {slug: thread for slug, thread in threads.items() if slug in running}
        waiting = {slug: thread for slug, thread in threads.items() if slug not in running}
        shown_imprints = _with_page(imprints, "reported", order)
        shown_imprints |= _with_page(imprints, "relayed", order)
        linked_people = [self._link_person(site, person) for person in people.values()]
        redirects = tuple(
            self._redirects(
                companies, merged, (*(briefs[s] for s in visible), *shown_topics.values(),
                                    *shown_threads.values(), *shown_people.values(),
                                    *shown_imprints.values()),
            )
        )  # fmt: skip
        absent = frozenset(
            (
                *(briefs[slug].url for slug in hidden),
                *(r.address for slug in hidden for r in _asked(briefs[slug], briefs[slug].url)),
                *(topics[slug].url for slug in topics.keys() - shown_topics.keys()),
                *(people[slug].url for slug in people.keys() - shown_people.keys()),
                *(thread.url for thread in waiting.values()),
                *(r.address for thread in waiting.values() for r in _asked(thread, thread.url)),
                *(imprints[slug].url for slug in imprints.keys() - shown_imprints.keys()),
            )
        )
        site = site._replace(
            entries=entries,
            order=tuple(order),
            withdrawn=tuple(withdrawn),
            absent=absent,
            companies={s: self._link_company(site, c) for s, c in companies.items()},
            topics=_by_name(self._link_topic(t) for t in shown_topics.values()),
            threads={s: self._link_thread(site, shown_threads[s]) for s in sorted(shown_threads)},
            waiting={s: self._link_thread(site, waiting[s]) for s in sorted(waiting)},
            people=_by_name(p for p in linked_people if p.slug in shown_people),
            imprints=_by_name(shown_imprints.values()),
            pages={slug: self._link_page(pages[slug]) for slug in sorted(pages)},
            redirects=redirects,
        )
        kept = _by_name(c for slug, c in site.companies.items() if slug not in merged)
        site = site._replace(companies=kept)
        told = {slug: briefs[slug] for slug in shown}
        return site._replace(
            figures=self._figures(site, told.values()),
            relations=self._relations(site, told, originals),
            corrections=keep_corrections([briefs[slug] for slug in visible], self.now),
            shared=share_reports([briefs[entry.slug] for entry in order], originals),
            published_media=self._published_media(site, shown),
        )

    def _imprints(self, briefs: dict[str, Outline], visible: list[str]) -> dict[str, Publisher]:
        """The publishers with a file, and those that briefs only name: of several spellings of one
        name, the one most used in briefs that are due is printed."""
        found: dict[str, Publisher] = dict(self._unique(self._written(Publisher)))
        known = self.names.publishers.resolve
        spelt: dict[str, list[str]] = {}
        for name in {name for brief in briefs.values() for name in _publishers(brief)}:
            if not known(name) and (slug := slugify(name)) and slug not in found:
                spelt.setdefault(slug, []).append(name)
        several = frozenset(name for names in spelt.values() if len(names) > 1 for name in names)
        shown = self._uses_of(several, (briefs[slug] for slug in visible))
        used = self._uses_of(several, briefs.values())
        for slug in sorted(spelt):
            name = min(spelt[slug], key=lambda name: (-shown[name], -used[name], name))
            found[slug] = Publisher(name=Line(name), slug=Slug(slug))
        return found

    def _uses_of(self, names: frozenset[str], briefs: Iterable[Outline]) -> Counter[str]:
        """How often publishers are named; where there is nothing to choose, nothing is counted."""
        if not names:
            return Counter()
        return Counter(name for brief in briefs for name in _publishers(brief) if name in names)

    def _figures(self, site: Site, briefs: Iterable[Outline]) -> tuple[Value, ...]:
        """The record of numbers; figures that disagree are reported."""

        def where(slug: str, number: int) -> str:
            return self._line(site.outlines[slug].path, f"figures.{number}.value")

        def resolve(name: str) -> str:
            return _known(site.resolve_company(name), site.companies)

        ledger = keep_ledger(briefs, resolve, partial(publisher_name, site), where)
        for slug, finding in ledger.findings:
            self.report(site.outlines[slug].path, *finding)
        return ledger.values

    def _relations(
        self, site: Site, briefs: dict[str, Outline], originals: dict[str, str]
    ) -> tuple[Tie, ...]:
        """The record of relations; what cannot both be so is reported."""

        def resolve(name: str) -> str:
            return _known(site.resolve_company(name), site.companies)

        def where(slug: str, number: int) -> str:
            return self._line(site.outlines[slug].path, f"relations.{number}")

        links = Links(resolve, partial(publisher_name, site))
        ties = keep_relations(briefs, originals, site.companies, links, self.now)
        companies = site.companies
        for slug, finding in find_disputes(
            ties,
            where,
            lambda company: self._line(companies[company].path, "parent"),
            lambda company: companies[company].name,
        ):
            self.report(site.outlines[slug].path, *finding)
        return ties

    def _line(self, path: str, at: str) -> str:
        """A file and the line of one of its fields."""
        place = place_of(self.content.places(path), at) or Place()
        return f"{path}:{place.line}"

    def _paths(self) -> dict[str, tuple[str, str]]:
        found = {o.path: ("brief", o.slug) for o in self.content.outlines}
        for name, kind in LINKED:
            for record in self.content.records.get(kind, ()):
                found[record.path] = (name, getattr(record, "slug", ""))
        return found

    def _written(self, kind: type[Kind]) -> tuple[Kind, ...]:
        return cast(tuple[Kind, ...], self.content.records[kind])

    def _unique(self, records: Iterable[Slugs]) -> dict[str, Slugs]:
        """The records of a kind by slug, but for those whose slug another has."""
        found: dict[str, Slugs] = {}
        for record in records:
            other = found.setdefault(record.slug, record)
            if other is not record:
                message = f"the slug `{record.slug}` is taken by {other.path}"
                self.report(
                    record.path, "slug", "duplicate-slug", message, "give one of them another"
                )
        return found

    def _check_ids(self) -> None:
        owners: dict[str, str] = {}
        named = [
            (r.path, str(getattr(r, "id", ""))) for rs in self.content.records.values() for r in rs
        ]
        # Feeds know a brief without an id by its file's name.
        for path, identity in (*named, *((o.path, o.identity) for o in self.content.outlines)):
            owner = owners.setdefault(identity, path) if identity else path
            if owner != path:
                message = f"the id `{identity}` is taken by {owner}"
                hint = "a copied file needs an id of its own: `slugline new` mints one"
                self.report(path, "id", "duplicate-id", message, hint)

    def _uses(self, briefs: dict[str, Outline]) -> Counter[str]:
        resolve = self.content.companies.resolve
        names = Counter(name for brief in briefs.values() for name in brief.companies)
        uses: Counter[str] = Counter()
        for name, times in names.items():
            if slug := resolve(name):
                uses[slug] += times
        return uses

    def _due(self, briefs: dict[str, Outline]) -> tuple[list[str], list[str]]:
        """The briefs that a reader may see now, and the rest."""
        visible: list[str] = []
        hidden: list[str] = []
        for slug, brief in briefs.items():
            expired = brief.expires is not None and brief.expires.at <= self.now
            waiting = brief.status == "draft" or brief.date.at > self.now
            (hidden if expired or (waiting and not self.drafts) else visible).append(slug)
        return visible, hidden

    def _claim_names(self, names: Names, record: Topic | Person | Publisher, slug: str) -> None:
        """Register a record's name and aliases; what another has is an error."""
        for n, name in enumerate((record.name, *record.aliases)):
            owner = names.claim(name, slug, record.path)
            if owner:
                at = f"aliases.{n - 1}" if n else "name"
                message = f"`{name}` already means what {owner.path} describes"
                hint = "a name belongs to one file; take it from the other"
                self.report(record.path, at, "double-owner", message, hint)

    def _declared(
        self,
        kind: type[Named],
        names: Names,
        field: str,
        briefs: dict[str, Outline],
        visible: list[str],
    ) -> dict[str, Named]:
        """The topics or people with a file, and those that briefs (and companies) only name: of
        several spellings of one name, the one most used where a reader sees it is printed."""
        written = self._unique(self._written(kind))
        found: dict[str, Named] = dict(written)
        for known in written.values():
            self._claim_names(names, known, known.slug)
        due = {*visible}
        holders: Iterable[Outline | Company] = briefs.values()
        if field == "people":
            holders = (*holders, *self._written(Company))
        used = Counter(name for holder in holders for name in self._named(holder, field))
        spellings = {name: times for name, times in used.items() if not names.resolve(name)}
        shown = (h for h in holders if isinstance(h, Company) or h.slug in due)
        seen = Counter(name for holder in shown for name in self._named(holder, field))
        for name in sorted(spellings, key=lambda name: (-seen[name], -spellings[name], name)):
            slug = slugify(name)
            if slug and not names.resolve(name):
                if slug in found:
                    names.claim(name, slug, found[slug].path)
                    continue
                names.claim(name, slug, "")
                found[slug] = kind(name=Line(name), slug=Slug(slug))
        return found

    def _named(self, holder: Outline | Company, field: str) -> tuple[str, ...]:
        """The topics or people that a brief or a company names. Whom a brief quotes is in it; a
        company that is quoted is reported, and no person."""
        names: tuple[str, ...] = getattr(holder, field)
        if field == "people" and isinstance(holder, Outline) and holder.speakers:
            companies = self.content.companies
            names = (*names, *(n for n in holder.speakers if not companies.resolve(n)))
        return names

    # --- briefs --------------------------------------------------------------------------------

    def _entries(
        self, site: Site, briefs: dict[str, Outline], originals: dict[str, str]
    ) -> dict[str, Entry]:
        """Every brief with its names resolved; those that mean nothing are left out, and reported
        where the brief itself is linked (`linking`)."""
        sections = {
            name: match_declared(name, {s.slug: s.name for s in self.config.settings.sections})
            for name in {brief.section for brief in briefs.values()} - {""}
        }
        companies = _Resolved(lambda name: _known(site.resolve_company(name), site.companies))
        topics = _Resolved(self.names.topics.resolve)
        people = _Resolved(self.names.people.resolve)
        publishers = _Resolved(lambda name: publisher_slug(site, name))
        now = self.now
        return {
            slug: Entry(
                slug,
                brief.date,
                last_change(brief, now),
                brief.event_date or brief.date,
                brief.importance,
                "draft" if brief.status == "draft" else "scheduled" if brief.date.at > now else "",
                sections.get(brief.section) or "",
                companies[brief.companies],
                topics[brief.topics],
                people[brief.people if not brief.speakers else self._named(brief, "people")],
                brief.thread if brief.thread in site.threads else "",
                publishers[reporting(brief.sources)],
                publishers[passing_on(brief.sources)],
                shown_corrections(brief.corrections, now) if brief.corrections else (),
                originals.get(slug, ""),
            )
            for slug, brief in briefs.items()
        }

    # --- the other records ---------------------------------------------------------------------

    def _company(self, site: Site, path: str, at: str, name: str) -> str:
        """The slug of the company that a record names, after mergers; unknown is an error."""
        if not name:
            return ""
        slug = site.resolve_company(name)
        if not slug and (found := unknown_company(site, name)):
            self.report(path, at, *found)
        return slug

    def _check_mergers(self, companies: dict[str, Company]) -> None:
        for field, verb in (("merged_into", "is merged into"), ("parent", "is owned by")):
            for company in companies.values():
                slug: str = company.slug
                seen = [slug]
                while slug in companies and (name := getattr(companies[slug], field)):
                    slug = self.content.companies.resolve(name) or ""
                    if slug in seen:
                        if slug == company.slug:
                            chain = f" {verb} ".join([*seen, slug])
                            message = f"a circle: {chain}"
                            self.report(company.path, field, "company-circle", message, "break it")
                        break
                    seen.append(slug)

    def _link_company(self, site: Site, company: Company) -> Company:
        language = self.config.settings.language
        path = company.path
        return replace(
            company,
            summary=typographic(company.summary, language),
            parent=CompanyName(self._company(site, path, "parent", company.parent)),
            merged_into=CompanyName(self._company(site, path, "merged_into", company.merged_into)),
            people=tuple(PersonName(s) for s in self._people(company)),
            sources=self._sources(site, company),
        )

    def _people(self, company: Company) -> tuple[str, ...]:
        found, problems = resolve_all(self.names.people.resolve, "people", company.people)
        for problem in problems:
            self.report(company.path, *problem)
        return found

    def _link_topic(self, topic: Topic) -> Topic:
        return replace(
            topic, summary=Text(typographic(topic.summary, self.config.settings.language))
        )

    def _link_thread(self, site: Site, thread: Thread) -> Thread:
        language = self.config.settings.language
        ahead = thread.closed and thread.closed.at > self.now  # it goes on until then
        return replace(
            thread,
            title=Line(typographic(thread.title, language)),
            summary=Text(typographic(thread.summary, language)),
            closed=None if ahead else thread.closed,
            sources=self._sources(site, thread),
        )

    def _link_person(self, site: Site, person: Person) -> Person:
        return replace(
            person,
            summary=Text(typographic(person.summary, self.config.settings.language)),
            company=CompanyName(self._company(site, person.path, "company", person.company)),
            sources=self._sources(site, person),
        )

    def _link_page(self, page: PlainPage) -> PlainPage:
        ahead = page.updated and page.updated.at > self.now  # it has not happened yet
        return replace(page, updated=None) if ahead else page

    def _link_digest(self, digest: Digest, briefs: Mapping[str, Outline]) -> Digest:
        try:
            days_of(digest.slug)
        except ValueError:
            message = f"`{digest.slug}` is not a week"
            hint = "name the file by its year and week: 2025-w24.md"
            self.report(digest.path, Place(), "digest-week", message, hint)
        else:
            if all(week_of(brief.date.at) != digest.slug for brief in briefs.values()):
                message = f"no brief was published in {digest.slug}: this digest has no page"
                hint = "name the file by the week of its briefs"
                self.report(digest.path, Place(), "digest-without-briefs", message, hint)
        language = self.config.settings.language
        return replace(
            digest,
            title=Line(typographic(digest.title, language)),
            summary=Text(typographic(digest.summary, language)),
        )

    def _sources(self, site: Site, record: Company | Person | Thread) -> tuple[Source, ...]:
        def publisher(name: str) -> str:
            return publisher_name(site, name)

        language = self.config.settings.language
        sources, problems = link_sources(record.sources, publisher, language)
        for problem in problems:
            self.report(record.path, *problem)
        return sources

    # --- media and redirects -------------------------------------------------------------------

    def _published_media(self, site: Site, shown: list[str]) -> frozenset[str]:
        """Files of content/media/ that pages which are shown use, and the menu and the footer."""
        settings = self.config.settings
        named = {item.url.removeprefix("/media/") for item in (*settings.menu, *settings.footer)}
        for slug in shown:
            named.update(site.outlines[slug].media)
        for records in (
            site.companies, site.topics, site.threads, site.people, site.imprints, site.pages,
            site.digests,
        ):  # fmt: skip
            for record in cast(dict[str, Record], records).values():
                named.update(media_of(record.body))
        return frozenset(named & self.content.media.keys())

    def _redirects(
        self,
        companies: dict[str, Company],
        merged: dict[str, str],
        others: Iterable[Outline | Topic | Thread | Person | Publisher],
    ) -> Iterator[Redirect]:
        for company in companies.values():
            target = company.url
            if company.slug in merged and merged[company.slug] in companies:
                target = companies[merged[company.slug]].url
                yield Redirect(company.url, target, company.path, "merged_into")
            for n, name in enumerate(company.formerly):
                slug = slugify(name)
                ours = self.content.companies.resolve(name) == company.slug
                if slug and ours and slug not in companies and slug not in company.redirects:
                    yield Redirect(f"/companies/{slug}/", target, company.path, f"formerly.{n}")
            yield from _asked(company, target)
        for record in others:
            yield from _asked(record, record.url)


Slugs = TypeVar("Slugs", Outline, Company, Topic, Thread, Person, Publisher, PlainPage)


class _Resolved(dict[tuple[str, ...], tuple[str, ...]]):
    """Lists of names as lists of slugs, each list once: briefs name the same few."""

    def __init__(self, resolve: Callable[[str], str | None]) -> None:
        self.resolve = cache(resolve)

    def __missing__(self, names: tuple[str, ...]) -> tuple[str, ...]:
        slugs = dict.fromkeys(slug for name in names if (slug := self.resolve(name)))
        found = self[names] = tuple(slugs)
        return found


def _known(slug: str, records: dict[str, Company]) -> str:
    return slug if slug in records else ""


def unknown_company(site: Site, name: str) -> tuple[str, str, str] | None:
    """What to say of a company that nobody knows; nothing where its file could not be read, which
    was reported."""
    near = site.names.companies.suggest(name)
    if site.unread and (not near or site.names.companies.resolve(near) in site.unread):
        return None
    make = f'`slugline new company "{name}"` makes it a company'
    hint = f"did you mean `{near}`? else {make}" if near else make
    return "unknown-company", f"no company is called `{name}`", hint


def meaning(site: Site, field: str, name: str) -> str:
    """The slug that a name in `companies`, `topics` or `people` means; nothing when unknown."""
    if field == "companies":
        return site.resolve_company(name)
    return (site.names.topics if field == "topics" else site.names.people).resolve(name) or ""


def resolve_all(
    resolve: Callable[[str], str | None], field: str, written: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Finding]]:
    """The slugs of the topics or people that a record names, once each."""
    found: dict[str, None] = {}
    problems = []
    for n, name in enumerate(written):
        slug = resolve(name)
        if not slug:
            message = f"`{name}` has no letter that an address can show"
            hint = f"give it a file in content/{field}/ with this name"
            problems.append(Finding(f"{field}.{n}", "invalid-slug", message, hint))
        else:
            found.setdefault(slug)
    return tuple(found), problems


def company_names(site: Site, name: str) -> tuple[str, ...]:
    """Every name of the company that a name means, after and before mergers; none where it is not
    known, or its file could not be read."""
    slug = site.names.companies.resolve(name) or ""
    if slug not in site.called or slug in site.unread:
        return ()
    return (*site.called[site.merged.get(slug, slug)], *site.called[slug])


def publisher_name(site: Site, name: str) -> str:
    """A publisher's name as it should be printed."""
    known = site.names.publishers.resolve(name)
    return site.publishers[known].name if known else name


def publisher_slug(site: Site, name: str) -> str:
    """The slug of the publisher that a name means, with or without a page; nothing where no address
    can show the name."""
    known = site.names.publishers.resolve(name)
    return site.publishers[known].slug if known else slugify(name)


def publisher_link(site: Site, name: str) -> tuple[str, str]:
    """A publisher's name as it should be printed, and the address of its page or nothing."""
    found = site.imprints.get(publisher_slug(site, name))
    return publisher_name(site, name), found.url if found else ""


def _publishers(brief: Outline) -> list[str]:
    """Every publisher that a brief names."""
    return [name for source in brief.sources for name in (source.publisher, source.via) if name]


def link_sources(
    sources: tuple[Source, ...], publisher: Callable[[str], str], language: str
) -> tuple[tuple[Source, ...], list[Finding]]:
    """Sources as they are printed, and what is wrong with their ids."""
    problems: list[Finding] = []
    ids: set[str] = {source.id for source in sources}
    complete = all(source.id for source in sources)
    first: dict[str, int] = {}
    linked = []
    for n, source in enumerate(sources):
        if source.id in first:
            message = f"two sources have the id `{source.id}`"
            hint = "give one of them another"
            problems.append(Finding(f"sources.{n}.id", "duplicate-source", message, hint))
        first.setdefault(source.id, n)
        if source.of and source.of not in ids and complete:
            hint = did_you_mean(source.of, ids) or f"the ids are: {', '.join(sorted(ids))}"
            message = f"no source has the id `{source.of}`"
            problems.append(Finding(f"sources.{n}.of", "unknown-source", message, hint))
        title = Line(typographic(source.title, source.lang or language))
        via = Line(publisher(source.via)) if source.via else source.via
        name = Line(publisher(source.publisher))
        linked.append(replace(source, publisher=name, title=title, via=via))
    return tuple(linked), problems


def media_of(body: Body) -> set[str]:
    """The names of files that a body leads to, if they are files of content/media/."""
    links = {link.address.partition("#")[0].removeprefix("/media/") for link in body.links}
    return {r.target for r in body.references if r.kind == "media"} | links


def _asked(
    record: Outline | Company | Topic | Thread | Person | Publisher, target: str
) -> Iterator[Redirect]:
    folder = record.url.split("/")[1]
    for n, slug in enumerate(record.redirects):
        yield Redirect(f"/{folder}/{slug}/", target, record.path, f"redirects.{n}")


def _newest_first(brief: Entry) -> tuple[float, int, str]:
    return -brief.date.at.timestamp(), brief.importance, brief.slug


def _by_name(records: Iterable[Slugged]) -> dict[str, Slugged]:
    return {r.slug: r for r in sorted(records, key=lambda r: (slugify(r.name), r.slug))}


def _with_page(
    records: dict[str, Slugged], field: str, shown: Iterable[Entry]
) -> dict[str, Slugged]:
    """The topics or people that have a page: a brief that is shown names them, or their own file
    has something to say."""
    named = {slug for brief in shown for slug in getattr(brief, field)}
    return {
        slug: record
        for slug, record in records.items()
        if slug in named or record.body.html or getattr(record, "role", "")
    }
