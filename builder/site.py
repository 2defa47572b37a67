"""Records -> a Site: names resolved to slugs, holes in bodies filled, what is due, its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

from msgspec.structs import replace

from builder.config import Config, match_declared
from builder.content import Content, MediaFile, mergers
from builder.diagnostics import Diagnostic, Place
from builder.frontmatter import place_of
from builder.lints import lint_brief, lint_topics
from builder.markdown import typographic
from builder.model import (
    AuthorName,
    Brief,
    Company,
    CompanyName,
    Line,
    Person,
    PersonName,
    PlainPage,
    Publisher,
    Record,
    SectionName,
    Slug,
    Source,
    Text,
    Topic,
    TopicName,
    slugify,
)
from builder.names import Names, did_you_mean
from builder.references import LINKED, References, missing_media

Kind = TypeVar("Kind", bound=Record)
Named = TypeVar("Named", Topic, Person)
Slugged = TypeVar("Slugged", Company, Topic, Person)


class Redirect(NamedTuple):
    """An address that leads to another. `path` and `place` are where it was asked for."""

    address: str
    target: str
    path: str
    place: Place


class Site(NamedTuple):
    """Every record, linked: names are slugs, bodies are whole. Dictionaries are by slug, in the
    order of names; briefs are those that are due, the newest first."""

    config: Config
    now: datetime
    briefs: tuple[Brief, ...]
    withdrawn: tuple[Brief, ...]
    unpublished: tuple[Brief, ...]  # drafts and the like: checked, and never to be seen
    absent: frozenset[str]  # addresses that exist as soon as one of those is published
    companies: dict[str, Company]
    topics: dict[str, Topic]
    people: dict[str, Person]
    everyone: dict[str, str]  # the name of each person, with or without a page
    publishers: dict[str, Publisher]
    pages: tuple[PlainPage, ...]
    redirects: tuple[Redirect, ...]
    media: dict[str, MediaFile]
    published_media: set[str]  # what a page that is shown uses; the rest stays where it is

    def covering(self, field: str) -> dict[str, tuple[Brief, ...]]:
        """By each slug in `companies`, `topics` or `people`: the briefs that name it, the newest
        first; by each section in `section`."""
        found: dict[str, list[Brief]] = {}
        for brief in self.briefs:
            value = getattr(brief, field)
            for slug in (value,) if isinstance(value, str) else value:
                if slug:
                    found.setdefault(slug, []).append(brief)
        return {slug: tuple(briefs) for slug, briefs in found.items()}


def link(
    content: Content, config: Config, now: datetime, drafts: bool = False
) -> tuple[Site, list[Diagnostic]]:
    """Link what was read. With `drafts`, drafts and scheduled briefs count as published."""
    return _Linker(content, config, now).link(drafts)


class _Linker:
    """The registers that linking needs, and what it finds."""

    def __init__(self, content: Content, config: Config, now: datetime) -> None:
        self.content, self.config, self.now = content, config, now
        self.problems: list[Diagnostic] = []
        self.briefs: list[Brief] = self._records(Brief)
        self.companies: dict[str, Company] = {c.slug: c for c in self._records(Company)}
        self.unread = {slug for slug, c in self.companies.items() if c.broken and not c.places}
        self.merged = mergers(self.companies.values(), content.companies)
        self.topic_names, self.person_names, self.publisher_names = Names(), Names(), Names()

    def _records(self, kind: type[Kind]) -> list[Kind]:
        """The records of a kind, but for those whose slug another has."""
        found: dict[str, Kind] = {}
        for record in cast(tuple[Kind, ...], self.content.records[kind]):
            key = getattr(record, "slug", record.path)
            if key in found:
                message = f"the slug `{key}` is taken by {found[key].path}"
                self.report(record, "slug", "duplicate-slug", message, "give one of them another")
            else:
                found[key] = record
        return list(found.values())

    def report(
        self, record: Record, at: str, code: str, message: str, hint: str = "",
        place: Place | None = None,
    ) -> None:  # fmt: skip
        where = place or place_of(record.places, at) or Place()
        self.problems.append(Diagnostic.of(record.path, where, code, message, hint))

    # --- in order ------------------------------------------------------------------------------

    def link(self, drafts: bool) -> tuple[Site, list[Diagnostic]]:
        now = self.now
        self._check_ids()
        due, _ = _due(self.briefs, now, drafts)
        uses = Counter(
            slug
            for brief in self.briefs
            for name in brief.companies
            if (slug := self.content.companies.resolve(name))
        )
        self.content.companies.count_uses(uses)
        self._check_mergers()
        topics = self._declared(Topic, self.topic_names, "topics", due)
        people = self._declared(Person, self.person_names, "people", due)
        publishers = {p.path: p for p in self._records(Publisher)}
        for publisher in publishers.values():
            self._claim_names(self.publisher_names, publisher, publisher.path)
        self.publishers = publishers
        people = {slug: self._link_person(person) for slug, person in people.items()}
        self.companies = {slug: self._link_company(c) for slug, c in self.companies.items()}
        linked = [self._link_brief(brief) for brief in self.briefs]
        pages = [
            replace(page, updated=None) if page.updated and page.updated.at > now else page
            for page in self._records(PlainPage)
        ]

        visible, hidden = _due(linked, now, drafts)
        withdrawn = [b for b in visible if b.status == "withdrawn"]
        shown = [b for b in visible if b.status != "withdrawn"]
        self.problems += lint_topics(self.briefs, topics, self.topic_names)
        everyone = {slug: str(person.name) for slug, person in people.items()}
        topics = {
            slug: replace(t, summary=Text(typographic(t.summary, self.config.settings.language)))
            for slug, t in topics.items()
        }
        all_topics, all_people = topics, people
        topics, people = _with_page(topics, "topics", shown), _with_page(people, "people", shown)
        absent = frozenset(
            (
                *(b.url for b in hidden),
                *(r.address for b in hidden for r in _asked(b, b.url)),
                *(t.url for slug, t in all_topics.items() if slug not in topics),
                *(p.url for slug, p in all_people.items() if slug not in people),
            )
        )
        references = References(
            {
                "brief": {b.slug: b for b in visible},
                "company": {c.slug: c for c in self.companies.values()},
                "topic": {t.slug: t for t in topics.values()},
                "person": {p.slug: p for p in people.values()},
                "page": {p.slug: p for p in pages},
            },
            {
                "company": self.content.companies,
                "topic": self.topic_names,
                "person": self.person_names,
            },
            (record for _, kind in LINKED for record in self.content.records[kind]),
            hidden,
            absent,
            self.merged,
            self.content.media,
        )
        fill = references.fill
        site = Site(
            self.config,
            now,
            tuple(sorted((fill(b) for b in shown), key=_newest_first)),
            tuple(sorted(withdrawn, key=_newest_first)),
            tuple(fill(b) for b in hidden),
            absent,
            _by_name(fill(c) for c in self.companies.values() if c.slug not in self.merged),
            _by_name(fill(t) for t in topics.values()),
            _by_name(fill(p) for p in people.values()),
            everyone,
            {p.name: p for p in publishers.values()},
            tuple(sorted((fill(p) for p in pages), key=lambda p: p.slug)),
            tuple(self._redirects(visible, topics, people)),
            self.content.media,
            references.used | self._media_of_menus(),
        )
        return site, [*self.problems, *references.problems]

    def _media_of_menus(self) -> set[str]:
        """Files of content/media/ that the menu or the footer leads to."""
        settings = self.config.settings
        named = {item.url.removeprefix("/media/") for item in (*settings.menu, *settings.footer)}
        return named & self.content.media.keys()

    def _check_ids(self) -> None:
        owners: dict[str, Record] = {}
        for kind, records in self.content.records.items():
            for record in records:
                # Feeds know a brief without an id by its file's name.
                identity = record.identity if kind is Brief else getattr(record, "id", "")
                owner = owners.setdefault(identity, record) if identity else record
                if owner is not record:
                    message = f"the id `{identity}` is taken by {owner.path}"
                    hint = "a copied file needs an id of its own: `slugline new` mints one"
                    self.report(record, "id", "duplicate-id", message, hint)

    def _claim_names(self, names: Names, record: Topic | Person | Publisher, slug: str) -> None:
        """Register a record's name and aliases; what another has is an error."""
        for n, name in enumerate((record.name, *record.aliases)):
            owner = names.claim(name, slug, record.path)
            if owner:
                at = f"aliases.{n - 1}" if n else "name"
                message = f"`{name}` already means what {owner.path} describes"
                hint = "a name belongs to one file; take it from the other"
                self.report(record, at, "double-owner", message, hint)

    def _declared(
        self, kind: type[Named], names: Names, field: str, due: list[Brief]
    ) -> dict[str, Named]:
        """The topics or people with a file, and those that briefs (and companies) only name: of
        several spellings of one name, the one most used in briefs that are due is printed."""
        written = self._records(kind)
        found: dict[str, Named] = {known.slug: known for known in written}
        for known in written:
            self._claim_names(names, known, known.slug)
        spellings = Counter(
            name
            for holder in (*self.briefs, *(self.companies.values() if field == "people" else ()))
            for name in getattr(holder, field)
            if not names.resolve(name)
        )
        seen = Counter(name for brief in due for name in getattr(brief, field))
        for name in sorted(spellings, key=lambda name: (-seen[name], -spellings[name], name)):
            slug = slugify(name)
            if slug and not names.resolve(name):
                if slug in found:
                    names.claim(name, slug, found[slug].path)
                    continue
                names.claim(name, slug, "")
                found[slug] = kind(name=Line(name), slug=Slug(slug))
        return found

    # --- each record ---------------------------------------------------------------------------

    def company(self, record: Record, at: str, name: str) -> str:
        """The slug of the company that a record names, after mergers; unknown is an error."""
        slug = self.content.companies.resolve(name)
        if slug is None:
            near = self.content.companies.suggest(name)
            # It may be a name of a company whose file cannot be read, which was reported.
            if self.unread and (not near or self.content.companies.resolve(near) in self.unread):
                return ""
            make = f'`slugline new company "{name}"` makes it a company'
            hint = f"did you mean `{near}`? else {make}" if near else make
            message = f"no company is called `{name}`"
            self.report(record, at, "unknown-company", message, hint)
            return ""
        return self.merged.get(slug, slug)

    def _check_mergers(self) -> None:
        for field, verb in (("merged_into", "is merged into"), ("parent", "is owned by")):
            for company in self.companies.values():
                slug: str = company.slug
                seen = [slug]
                while slug in self.companies and (name := getattr(self.companies[slug], field)):
                    slug = self.content.companies.resolve(name) or ""
                    if slug in seen:
                        if slug == company.slug:
                            chain = f" {verb} ".join([*seen, slug])
                            message = f"a circle: {chain}"
                            self.report(company, field, "company-circle", message, "break it")
                        break
                    seen.append(slug)

    def _link_company(self, company: Company) -> Company:
        language = self.config.settings.language
        return replace(
            company,
            summary=typographic(company.summary, language),
            parent=CompanyName(
                self.company(company, "parent", company.parent) if company.parent else ""
            ),
            merged_into=CompanyName(
                self.company(company, "merged_into", company.merged_into)
                if company.merged_into
                else ""
            ),
            people=tuple(PersonName(s) for s in self._names(company, "people", self.person_names)),
            sources=self._link_sources(company, company.sources),
        )

    def _link_person(self, person: Person) -> Person:
        company = self.company(person, "company", person.company) if person.company else ""
        return replace(
            person,
            summary=Text(typographic(person.summary, self.config.settings.language)),
            company=CompanyName(company),
            sources=self._link_sources(person, person.sources),
        )

    def _link_brief(self, brief: Brief) -> Brief:
        lang = brief.lang or self.config.settings.language
        companies = {
            slug: self.companies[slug]
            for n, name in enumerate(brief.companies)
            if (slug := self.company(brief, f"companies.{n}", name)) in self.companies
        }
        linked = replace(
            brief,
            companies=tuple(CompanyName(slug) for slug in companies),
            topics=tuple(TopicName(s) for s in self._names(brief, "topics", self.topic_names)),
            people=tuple(PersonName(s) for s in self._names(brief, "people", self.person_names)),
            section=SectionName(self._section(brief)),
            author=AuthorName(self._author(brief)),
            sources=self._link_sources(brief, brief.sources),
        )
        if not brief.broken:
            self.problems += lint_brief(linked, self._company_names(brief, companies))
        if brief.image and brief.image.file and brief.image.file not in self.content.media:
            place = brief.places.get("image.file") or Place()
            found = missing_media(brief, brief.image.file, place, self.content.media)
            self.problems.append(found)
        if linked.updated and linked.updated.at > self.now:  # it has not happened yet
            linked = replace(linked, updated=None)
        return replace(
            linked,
            title=typographic(brief.title, lang),
            summary=typographic(brief.summary, lang),
            why=typographic(brief.why, lang),
            yes_but=tuple(typographic(text, lang) for text in brief.yes_but),
            whats_next=tuple(typographic(text, lang) for text in brief.whats_next),
        )

    def _company_names(self, brief: Brief, companies: dict[str, Company]) -> list[str]:
        """Every name of the companies of a brief, also of those that became part of another;
        none where one of them is not known."""
        resolved = [self.content.companies.resolve(name) or "" for name in brief.companies]
        if any(slug not in self.companies or slug in self.unread for slug in resolved):
            return []
        named = [*companies.values(), *(self.companies[slug] for slug in resolved)]
        return [name for c in named for name in (c.name, *c.aliases, *c.formerly)]

    def _names(self, record: Record, field: str, names: Names) -> list[str]:
        """The slugs of the topics or people that a record names, once each."""
        found: dict[str, str] = {}
        for n, name in enumerate(getattr(record, field)):
            slug = names.resolve(name)
            if slug is None:
                message = f"`{name}` has no letter that an address can show"
                hint = f"give it a file in content/{field}/ with this name"
                self.report(record, f"{field}.{n}", "invalid-slug", message, hint)
            else:
                found.setdefault(slug, name)
        return list(found)

    def _section(self, brief: Brief) -> str:
        if not brief.section:
            return ""
        declared: dict[str, str] = {s.slug: s.name for s in self.config.settings.sections}
        return self._declared_slug(brief, "section", brief.section, declared)

    def _author(self, brief: Brief) -> str:
        if not brief.author:
            return self.config.settings.author
        declared: dict[str, str] = {a.slug: a.name for a in self.config.settings.authors}
        return self._declared_slug(brief, "author", brief.author, declared)

    def _declared_slug(self, brief: Brief, field: str, name: str, declared: dict[str, str]) -> str:
        slug = match_declared(name, declared)
        if slug is None and not self.config.problems:  # else it may be declared all the same
            hint = did_you_mean(name, declared)
            if not hint:
                known = ", ".join(declared) or "none"
                hint = f"site.yaml declares: {known}"
            message = f"site.yaml declares no {field} `{name}`"
            self.report(brief, field, f"unknown-{field}", message, hint)
        return slug or ""

    def _link_sources(self, record: Record, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        ids: set[str] = {source.id for source in sources}
        complete = all(source.id for source in sources)
        first: dict[str, int] = {}
        linked = []
        for n, source in enumerate(sources):
            if source.id in first:
                message = f"two sources have the id `{source.id}`"
                hint = "give one of them another"
                self.report(record, f"sources.{n}.id", "duplicate-source", message, hint)
            first.setdefault(source.id, n)
            if source.of and source.of not in ids and complete:
                hint = did_you_mean(source.of, ids) or f"the ids are: {', '.join(sorted(ids))}"
                message = f"no source has the id `{source.of}`"
                self.report(record, f"sources.{n}.of", "unknown-source", message, hint)
            known = self.publisher_names.resolve(source.publisher)
            name = self.publishers[known].name if known else source.publisher
            language = source.lang or self.config.settings.language
            title = Line(typographic(source.title, language))
            linked.append(replace(source, publisher=Line(name), title=title))
        return tuple(linked)

    # --- redirects -----------------------------------------------------------------------------

    def _redirects(
        self, briefs: list[Brief], topics: dict[str, Topic], people: dict[str, Person]
    ) -> Iterator[Redirect]:
        for company in self.companies.values():
            target = company.url
            if company.slug in self.merged and company.merged_into in self.companies:
                target = self.companies[company.merged_into].url
                place = company.places.get("merged_into") or Place()
                yield Redirect(company.url, target, company.path, place)
            for n, name in enumerate(company.formerly):
                slug = slugify(name)
                ours = self.content.companies.resolve(name) == company.slug
                if slug and ours and slug not in self.companies and slug not in company.redirects:
                    place = company.places.get(f"formerly.{n}") or Place()
                    yield Redirect(f"/companies/{slug}/", target, company.path, place)
            yield from _asked(company, target)
        for records in (briefs, topics.values(), people.values()):
            for record in records:
                yield from _asked(record, record.url)


def _asked(record: Brief | Company | Topic | Person, target: str) -> Iterator[Redirect]:
    folder = record.url.split("/")[1]
    for n, slug in enumerate(record.redirects):
        place = record.places.get(f"redirects.{n}") or Place()
        yield Redirect(f"/{folder}/{slug}/", target, record.path, place)


def _newest_first(brief: Brief) -> tuple[float, int, str]:
    return -brief.date.at.timestamp(), brief.importance, brief.slug


def _by_name(records: Iterable[Slugged]) -> dict[str, Slugged]:
    return {r.slug: r for r in sorted(records, key=lambda r: (slugify(r.name), r.slug))}


def _with_page(records: dict[str, Slugged], field: str, briefs: list[Brief]) -> dict[str, Slugged]:
    """The topics or people that have a page: a brief that is shown names them, or their own file
    has something to say."""
    named = {slug for brief in briefs for slug in getattr(brief, field)}
    return {
        slug: record
        for slug, record in records.items()
        if slug in named or record.body.html or getattr(record, "role", "")
    }


def _due(briefs: list[Brief], now: datetime, drafts: bool) -> tuple[list[Brief], list[Brief]]:
    """The briefs that a reader may see at `now`, and the rest."""
    visible: list[Brief] = []
    hidden: list[Brief] = []
    for brief in briefs:
        expired = brief.expires is not None and brief.expires.at <= now
        waiting = brief.status == "draft" or brief.date.at > now
        (hidden if expired or (waiting and not drafts) else visible).append(brief)
    return visible, hidden
