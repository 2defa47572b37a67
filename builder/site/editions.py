"""Editions: the linked site as readers of each language get it.

There is one record. An edition is a projection of it: the same companies, figures, relations and
corrections, with its own briefs, settings and names. A story is shown in the version of the
edition; the other versions are its translations. Addresses are below the edition: the page of a
company has the same one in each. What only another edition has is reached through `/..`, which is
the root of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from builder.language.words import in_language
from builder.ledger.calendar import EventRecord
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.provenance import share_reports
from builder.ledger.relations import RelationRecord
from builder.ledger.translations import originals_of
from builder.model.editions import Fallback
from builder.model.entity import Person, PlainPage, Publisher, Thread, Topic
from builder.model.event import Event
from builder.model.outline import Outline
from builder.model.values import LanguageTag, Slug
from builder.site.edition_names import MAIN, base_of, edition_for
from builder.site.edition_words import EditionWords, settings_of
from builder.site.publication import by_name, newest_first
from builder.site.site import Entry, Redirect, Site
from builder.site.translated import outdated_page


class EditionSite(NamedTuple):
    """An edition: its language tag (MAIN for the main one), where it begins, and its site."""

    tag: str
    base: str  # /nl, or nothing for the main edition
    site: Site


def editions_of(site: Site) -> tuple[EditionSite, ...]:
    """Return the editions of a site, the main one first.

    A site without editions is the only one."""
    settings = site.config.settings
    if not settings.editions:
        return (EditionSite(MAIN, "", site),)
    return tuple(_Editions(site).project(tag) for tag in (MAIN, *settings.editions))


def reread(editions: tuple[EditionSite, ...], site: Site) -> tuple[EditionSite, ...]:
    """Return the editions after texts, titles or summaries have changed."""
    if not site.config.settings.editions:
        return (EditionSite(MAIN, "", site),)
    outlines = _with_language(site.outlines, site.config.settings.language)
    return tuple(
        edition._replace(site=edition.site._replace(content=site.content, outlines=outlines))
        for edition in editions
    )


class _Editions:
    """What the projections of a site share."""

    def __init__(self, site: Site) -> None:
        self.site, self.settings = site, site.config.settings
        self.outlines = _with_language(site.outlines, self.settings.language)
        languages = {outline.lang for outline in self.outlines.values()}
        homes = {lang: edition_for(self.settings, lang) for lang in languages}
        self.home = {slug: homes[outline.lang] for slug, outline in self.outlines.items()}
        origins, groups = originals_of(site.outlines), dict[str, list[Entry]]()
        for entry in site.order:
            groups.setdefault(origins.get(entry.slug) or entry.slug, []).append(entry)
        self.groups = groups
        tags = (MAIN, *self.settings.editions)
        self.versions = {str(tag): self._versions(tag) for tag in tags}
        self.absent = {str(tag): frozenset(self._absent(tag)) for tag in tags}

    def project(self, tag: str) -> EditionSite:
        """Return an edition."""
        site, base = self.site, base_of(self.settings, tag)
        versions, order = self.versions[tag]
        absent = self.absent[tag]
        published = {entry.slug for entry in site.order}
        entries = {
            slug: replace(
                entry,
                elsewhere=self._way(tag, self.home[slug]),
                original=versions.get(slug, "") if slug in published else entry.original,
            )
            for slug, entry in site.entries.items()
        }
        shown = tuple(entries[slug] for slug in order)
        originals = {slug: entry.original for slug, entry in entries.items() if entry.original}
        pages, elsewhere = self._pages(tag)
        own, language = tag != MAIN, tag or self.settings.language

        def has(record: Topic | Person | Thread | Publisher) -> bool:
            return record.url not in absent

        words = EditionWords(site, tag)
        expectations = self._expectations(tag)
        return EditionSite(
            tag,
            base,
            site._replace(
                config=site.config._replace(settings=settings_of(self.settings, tag)),
                outlines=self.outlines,
                entries=entries,
                order=shown,
                withdrawn=tuple(s for s in site.withdrawn if self.home[s] == tag),
                companies=by_name(map(words.record, site.companies.values()), language),
                topics=by_name((words.record(r) for r in site.topics.values() if has(r)), language),
                people=by_name((words.record(r) for r in site.people.values() if has(r)), language),
                threads={s: words.record(t) for s, t in site.threads.items() if has(t)},
                publisher_pages={s: p for s, p in site.publisher_pages.items() if has(p)},
                pages=pages,
                digests={
                    week.rpartition("/")[2]: digest
                    for week, digest in site.digests.items()
                    if f"/{week}".rpartition("/")[0] == base
                },
                redirects=tuple(self._own_redirects(tag) if own else self._redirects()),
                figures=tuple(self._figures(tag)),
                relations=tuple(_retold(r, originals) for r in site.relations),
                corrections=tuple(self._corrections(tag, originals)),
                events=tuple(self._events(tag, originals, expectations)),
                expectations=tuple(expectations.values()),
                shared=share_reports([self.outlines[slug] for slug in order], originals),
                versions=tuple(entry.slug for entry in site.order),
                recent=() if own else site.recent,
                elsewhere=elsewhere,
                whole=site,
            ),
        )

    def _corrections(self, tag: str, originals: Mapping[str, str]) -> Iterator[CorrectionRecord]:
        """Yield the corrections of the versions that an edition shows.

        Those of an original count too while the translation has not followed them."""
        for found in self.site.corrections:
            version = originals.get(found.brief)
            if version is None:
                yield found
            elif self.home.get(version) == tag != self.home.get(found.brief):
                told = self.site.entries[version]
                translates = told.original == found.brief
                if translates and (told.updated or told.date).at < found.at.at:
                    yield found

    def _versions(self, tag: str) -> tuple[dict[str, str], list[str]]:
        """Return, by brief, the version of its story that an edition shows, and these in order.

        A version itself is not in the first result. Of several in one language, the oldest is the
        version, and all are shown."""
        fallback = self._fallback(tag)
        versions: dict[str, str] = {}
        order: list[Entry] = []
        for origin, group in self.groups.items():
            own = [entry for entry in group if self.home[entry.slug] == tag]
            first = own or [entry for entry in group if self.home[entry.slug] == MAIN] or group
            version = min(first, key=lambda e: (e.slug != origin, e.date.at, e.slug)).slug
            versions.update((entry.slug, version) for entry in group if entry.slug != version)
            if own or fallback == "list":
                order += own or [entry for entry in group if entry.slug == version]
        return versions, [entry.slug for entry in sorted(order, key=newest_first)]

    def _fallback(self, tag: str) -> Fallback:
        edition = self.settings.editions.get(LanguageTag(tag))
        return edition.fallback if edition else self.settings.fallback

    def _absent(self, tag: str) -> Iterator[str]:
        """Yield the addresses of topics and others that no brief of an edition names."""
        if tag == MAIN or self._fallback(tag) == "list":
            return
        site = self.site
        shown = [site.entries[slug] for slug in self.versions[tag][1]]
        for found, fields in (
            (site.topics, ("topics",)),
            (site.people, ("people",)),
            (site.threads, ("thread",)),
            (site.publisher_pages, ("reported", "relayed")),
        ):
            named = {slug for entry in shown for field in fields for slug in _slugs(entry, field)}
            for slug, record in found.items():
                if slug not in named and not getattr(record, "listed", False):
                    yield record.url

    def _figures(self, tag: str) -> Iterator[FigureRecord]:
        """Yield the figures, those of other editions with the metrics and units of this one.

        What a metric or a unit is called is learned from figures that have the same id in a
        translation and in its original. A metric that is not translated says its language. A figure
        of a translation conflicts with what that of its original does."""
        figures = {v.name: v for v in self.site.figures}
        metrics: dict[str, tuple[str, str]] = {}
        units: dict[str, str] = {}
        for v in self.site.figures:
            if self.home[v.brief] == tag:
                original = figures.get((self.outlines[v.brief].translation_of, v.id))
                if original and original.metric != v.metric:
                    metrics.setdefault(original.key, (v.key, v.metric))
                if original and original.value.unit != v.value.unit:
                    units.setdefault(original.value.unit, v.value.unit)
        versions, said = self.versions[tag][0], []

        def own(name: tuple[str, str]) -> tuple[str, str]:
            version = versions.get(name[0], ""), name[1]
            return version if version in figures else name

        for v in self.site.figures:
            if self.home[v.brief] != tag:
                untold = in_language(v.metric, self.outlines[v.brief].lang)
                key, metric = metrics.get(v.key, (v.key, untold))
                unit = units.get(v.value.unit, v.value.unit)
                v = replace(v, key=key, metric=metric, value=replace(v.value, unit=unit))
            elif (o := figures.get((self.outlines[v.brief].translation_of, v.id))) and o.rivals:
                rivals = dict.fromkeys((*v.rivals, *map(own, o.rivals)))
                v = replace(v, rivals=(*rivals,), settled=own(o.settled) if o.settled else None)
            said.append(v)
        yield from sorted(said, key=lambda v: (v.of, v.key, v.to, v.in_time, v.brief, v.number))

    def _events(
        self,
        tag: str,
        originals: Mapping[str, str],
        expectations: Mapping[tuple[str, str], ExpectationRecord],
    ) -> Iterator[EventRecord]:
        """Yield the events once each, in the words of the versions that an edition shows."""
        stated = {event.brief for event in self.site.events}
        for event in self.site.events:
            if event.due:
                record = expectations[event.stated[0]]
                yield replace(event, stated=(record.key,), title=record.text, lang=record.lang)
            elif originals.get(event.brief) not in stated:
                yield self._event(tag, event)

    def _event(self, tag: str, event: EventRecord) -> EventRecord:
        """Return an event as the versions of its briefs in an edition state it."""
        said = [self._said(tag, slug, id) for slug, id in event.stated]
        event = replace(
            event,
            stated=tuple((slug, id) for slug, id, _ in said),
            lang=self.outlines[said[0][0]].lang,
        )
        if (own := said[0][2]) is None:
            return event
        where, url = own.where or event.where, own.url or event.url
        return replace(event, title=own.title, where=where, url=url)

    def _said(self, tag: str, slug: str, id: str) -> tuple[str, str, Event | None]:
        """Return the brief that states an event in an edition, with its words if another's."""
        version = self.versions[tag][0].get(slug, "")
        events = self.outlines[version].events if version else ()
        own = next((event for event in events if event.id == id), None)
        return (version if own else slug), id, own

    def _expectations(self, tag: str) -> dict[tuple[str, str], ExpectationRecord]:
        """Return the expectations in the words of an edition, by the original brief and id.

        They lead to the versions of their stories that the edition shows."""
        versions = self.versions[tag][0]
        found = {}
        for record in self.site.expectations:
            brief = versions.get(record.brief, record.brief)
            said = next((e for e in self.outlines[brief].expects if e.id == record.id), None)
            words = (said.text, said.resolves) if said else (record.text, record.resolves)
            found[record.key] = replace(
                record,
                brief=brief,
                at=said.at if said else "",
                text=words[0],
                resolves=words[1],
                lang=self.outlines[brief if said else record.brief].lang,
                settled=tuple(
                    replace(s, brief=versions.get(s.brief, s.brief)) for s in record.settled
                ),
            )
        return found

    def _pages(self, tag: str) -> tuple[dict[str, PlainPage], dict[str, str]]:
        """Return the plain pages by slug, and what leads to those of other editions.

        Of pages with one slug, that of the edition is the one meant, then that of the main one."""
        homes = {slug: edition_for(self.settings, p.lang) for slug, p in self.site.pages.items()}
        pages: dict[str, PlainPage] = {}
        elsewhere: dict[str, str] = {}
        for key in sorted(homes, key=lambda key: (homes[key] != tag, homes[key] != MAIN, key)):
            slug = key.rpartition("/")[2]
            if slug not in pages:
                page, original = self.site.pages[key], self.site.pages.get(slug)
                changed = outdated_page(page, original) if original and slug != key else None
                pages[slug] = replace(page, slug=Slug(slug), outdated=changed)
                if way := self._way(tag, homes[key]):
                    elsewhere[slug] = way
        return {slug: pages[slug] for slug in sorted(pages)}, elsewhere

    def _way(self, here: str, there: str) -> str:
        """Return what leads from one edition to the pages of another."""
        if here == there:
            return ""
        return f"{'/..' if here else ''}{base_of(self.settings, there)}"

    def _own_redirects(self, tag: str) -> Iterator[Redirect]:
        """Yield the redirects within the folders of an edition, as addresses of the edition.

        The main edition makes their pages."""
        briefs = {outline.url for outline in self.outlines.values()}
        absent = self.absent[tag]
        return (
            r
            for r in self.site.redirects
            if r.in_folder and r.target not in briefs and r.target not in absent
        )

    def _redirects(self) -> Iterator[Redirect]:
        """Yield all redirects of the site, with addresses from its root.

        A brief of an edition had its address in the main edition before there were editions."""
        briefs = {self.outlines[s].url: base_of(self.settings, t) for s, t in self.home.items()}
        for redirect in self.site.redirects:
            base = briefs.get(redirect.target, "")
            yield redirect._replace(target=f"{base}{redirect.target}")
            if redirect.in_folder and redirect.target not in briefs:
                for tag in self.settings.editions:
                    if redirect.target in self.absent[tag]:
                        continue
                    base = base_of(self.settings, tag)
                    old, new = f"{base}{redirect.address}", f"{base}{redirect.target}"
                    yield redirect._replace(address=old, target=new)
        for slug in (*(entry.slug for entry in self.site.order), *self.site.withdrawn):
            outline = self.outlines[slug]
            if base := base_of(self.settings, self.home[slug]):
                yield Redirect(outline.url, f"{base}{outline.url}", outline.path, "lang")


def _slugs(entry: Entry, field: str) -> tuple[str, ...]:
    value: str | tuple[str, ...] = getattr(entry, field)
    return (value,) if isinstance(value, str) else value


def _with_language(outlines: Mapping[str, Outline], language: str) -> dict[str, Outline]:
    """Return briefs that all say their language."""
    return {
        slug: outline if outline.lang else replace(outline, lang=language)
        for slug, outline in outlines.items()
    }


def _retold(relation: RelationRecord, originals: Mapping[str, str]) -> RelationRecord:
    """Return a relation whose statements know the version of their story."""
    if all(s.original == originals.get(s.brief, "") for s in relation.statements):
        return relation
    return replace(
        relation,
        statements=tuple(
            replace(statement, original=originals.get(statement.brief, ""))
            for statement in relation.statements
        ),
    )
