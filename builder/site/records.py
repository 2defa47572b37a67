"""Links records other than briefs: resolves their names and applies typography."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Finding, Place
from builder.language.typography import typographic
from builder.model.entity import Company, Digest, Person, PlainPage, Thread, Topic
from builder.model.outline import Outline
from builder.model.parties import named_parties
from builder.model.source import Source
from builder.model.time import PublicationTime, days_of, week_of
from builder.model.values import CompanyName, Line, PersonName, Text
from builder.names.chains import circle_in_words, find_circles
from builder.names.register import NameRegister
from builder.site.duplicates import Report
from builder.site.publication import PublishedNames
from builder.site.registers import Registers, resolve_all
from builder.site.resolve import link_sources


class RecordLinker:
    """Links records with the registers of one site and reports their problems."""

    def __init__(
        self,
        names: Registers,
        public: PublishedNames,
        language: str,
        now: datetime,
        report: Report,
    ) -> None:
        self.names, self.public, self.language = names, public, language
        self.now, self.report = now, report

    def company(self, company: Company) -> Company:
        if company.slug in self.public.companies:
            self._report_drafts(company)
        people, problems = resolve_all(
            self.names.people.resolve, "people", company.people, self.names.slugs
        )
        for problem in problems:
            self.report(company.path, problem)
        return replace(
            company,
            summary=self._set(company.summary),
            parent=self._company(company.path, "parent", company.parent),
            merged_into=self._company(company.path, "merged_into", company.merged_into),
            people=tuple(PersonName(slug) for slug in people),
            sources=self._sources(company),
            updated=self._past(company.updated),
        )

    def topic(self, topic: Topic) -> Topic:
        return replace(
            topic, summary=Text(self._set(topic.summary)), updated=self._past(topic.updated)
        )

    def thread(self, thread: Thread) -> Thread:
        open_still = thread.closed and thread.closed.at > self.now
        return replace(
            thread,
            title=Line(self._set(thread.title)),
            summary=Text(self._set(thread.summary)),
            closed=None if open_still else thread.closed,
            sources=self._sources(thread),
            updated=self._past(thread.updated),
        )

    def person(self, person: Person) -> Person:
        if person.slug in self.public.people:
            self._report_drafts(person)
        return replace(
            person,
            summary=Text(self._set(person.summary)),
            company=self._company(person.path, "company", person.company),
            sources=self._sources(person),
            updated=self._past(person.updated),
        )

    def page(self, page: PlainPage) -> PlainPage:
        past = self._past(page.updated)
        return page if past is page.updated else replace(page, updated=past)

    def digest(self, digest: Digest, briefs: Iterable[Outline]) -> Digest:
        try:
            days_of(digest.slug)
        except ValueError:
            message = f"`{digest.slug}` is not a week"
            hint = "name the file after its year and week: 2025-w24.md"
            self.report(digest.path, Finding(Place(), "digest-week", message, hint))
        else:
            if all(week_of(brief.date.at) != digest.slug for brief in briefs):
                message = f"no brief was published in {digest.slug}, so this digest has no page"
                hint = "name the file after the week of its briefs"
                self.report(digest.path, Finding(Place(), "digest-without-briefs", message, hint))
        return replace(
            digest, title=Line(self._set(digest.title)), summary=Text(self._set(digest.summary))
        )

    def _past(self, updated: PublicationTime | None) -> PublicationTime | None:
        """Return the date of a change, unless it is still to come."""
        return None if updated and updated.at > self.now else updated

    def _set(self, text: str) -> str:
        return typographic(text, self.language)

    def _report_drafts(self, record: Company | Person) -> None:
        """Report a company that a record names although its file is a draft."""
        for at, name in named_parties(record):
            slug = self.names.companies.resolve(name) or ""
            if slug in self.names.drafts:
                message = f"`{name}` is not published, so the page is shown without it"
                path = self.names.all_companies[slug].path
                hint = f"remove `status: draft` from {path}, or add it to this file"
                self.report(record.path, Finding(at, "link-unpublished", message, hint))

    def _company(self, path: str, at: str, name: str) -> CompanyName:
        """Return the slug of a named company; report an unknown one."""
        if not name:
            return CompanyName("")
        slug = self.names.company(name)
        if not slug and (found := self.names.unknown_company(at, name)):
            self.report(path, found)
        return CompanyName(slug)

    def _sources(self, record: Company | Person | Thread) -> tuple[Source, ...]:
        sources, problems = link_sources(record.sources, self.names.publisher_name, self.language)
        for problem in problems:
            self.report(record.path, problem)
        return sources


def check_company_circles(
    companies: Iterable[Company], names: NameRegister, report: Report
) -> None:
    """Report companies that are merged into themselves or own themselves."""
    by_slug: dict[str, Company] = {company.slug: company for company in companies}
    for field, verb in (("merged_into", "is merged into"), ("parent", "is owned by")):
        owners = {
            slug: names.resolve(name) or ""
            for slug, company in by_slug.items()
            if (name := getattr(company, field))
        }
        circles = find_circles(owners)
        places = {slug: (circle, n) for circle in circles for n, slug in enumerate(circle)}
        for slug in owners:
            if slug in places:
                chain = circle_in_words(places[slug][0], verb, places[slug][1])
                message, hint = (
                    f"`{field}` is circular: {chain}",
                    f"remove `{field}` from one of them",
                )
                report(by_slug[slug].path, Finding(field, "company-circle", message, hint))
