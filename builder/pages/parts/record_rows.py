"""The rows of the record for programs, made from the published records of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from builder.language.typography import typographic
from builder.ledger.relations import MUTUAL
from builder.model.brief import Brief
from builder.model.entity import Company
from builder.model.time import Moment
from builder.pages.parts import record_tables as t
from builder.pages.parts.backing import backing_of, reports_behind
from builder.pages.parts.changes import change_rows, relation_known
from builder.pages.parts.known_since import known_since
from builder.pages.planner import Planner
from builder.quantity.quantity import as_plain
from builder.site.fronts import Fronts
from builder.site.ledger_facts import EXPECTATIONS
from builder.site.site import Entry


def record_rows(plan: Planner) -> dict[str, tuple[Struct, ...]]:
    """Return the rows of every table, by its name."""
    rows = _Rows(plan)
    briefs = [
        (entry, rows.fronts.brief(entry.slug))
        for entry in sorted(plan.view.covering("all", ""), key=lambda entry: entry.slug)
    ]
    return {
        "companies": tuple(map(rows.company, plan.view.companies())),
        "people": tuple(map(rows.person, plan.view.people())),
        "topics": tuple(map(rows.topic, plan.view.topics())),
        "publishers": tuple(map(rows.publisher, plan.view.publisher_pages())),
        "threads": tuple(map(rows.thread, plan.view.threads())),
        "briefs": tuple(rows.brief(entry, brief) for entry, brief in briefs),
        "mentions": tuple(row for entry, _ in briefs for row in rows.mentions(entry)),
        "sources": tuple(row for _, brief in briefs for row in rows.sources(brief)),
        "figures": tuple(rows.figures()),
        "relations": tuple(rows.relations()),
        "claims": tuple(row for _, brief in briefs for row in rows.claims(brief)),
        "quotations": tuple(row for _, brief in briefs for row in rows.quotations(brief)),
        "responses": tuple(row for _, brief in briefs for row in rows.responses(brief)),
        "events": tuple(rows.events()),
        "expectations": tuple(rows.expectations()),
        "corrections": tuple(rows.corrections()),
        "changes": tuple(change_rows(plan)),
    }


def _iso(moment: Moment | None) -> str | None:
    return moment.iso if moment else None


class _Rows:
    """Makes the rows of one site."""

    def __init__(self, plan: Planner) -> None:
        self.plan, self.view = plan, plan.view
        self.fronts: Fronts = plan.view.fronts()
        self.companies = frozenset(plan.view.companies())

    def _known_company(self, name: str) -> str | None:
        """Return the slug of a published company, by any of its names."""
        slug = self.fronts.names.known_company(name) if name else ""
        return slug if slug in self.companies else None

    def _person(self, name: str) -> str | None:
        return (self.fronts.names.people.resolve(name) if name else None) or None

    def _party(self, name: str) -> dict[str, str | None]:
        """Return a person or a company that a name means."""
        company = self._known_company(name)
        return {"person": None if company else self._person(name), "company": company}

    # --- records -------------------------------------------------------------------------------

    def company(self, slug: str) -> t.CompanyRecord:
        company: Company = self.view.company(slug)
        return t.CompanyRecord(
            slug=slug,
            name=company.name,
            url=self.plan.absolute(company.url),
            kind=company.kind,
            summary=company.summary or None,
            parent=company.parent if company.parent in self.companies else None,
            founded=_iso(company.founded),
            headquarters=company.headquarters or None,
            website=company.website or None,
            wikidata=company.ids.wikidata or None,
            lei=company.ids.lei or None,
            cik=company.ids.cik or None,
            ticker=" ".join(company.tickers) or None,
            other_names="\n".join((*company.aliases, *company.formerly)) or None,
        )

    def person(self, slug: str) -> t.PersonRecord:
        person = self.plan.known_person(slug)
        return t.PersonRecord(
            slug=slug,
            name=person.name,
            url=self.plan.absolute(person.url),
            summary=person.summary or None,
            role=person.role or None,
            company=person.company if person.company in self.companies else None,
            wikidata=person.ids.wikidata or None,
            orcid=person.ids.orcid or None,
        )

    def topic(self, slug: str) -> t.TopicRecord:
        topic = self.view.topic(slug)
        url = self.plan.absolute(topic.url)
        return t.TopicRecord(slug=slug, name=topic.name, url=url, summary=topic.summary or None)

    def publisher(self, slug: str) -> t.PublisherRecord:
        publisher = self.view.publisher_page(slug)
        return t.PublisherRecord(
            slug=slug,
            name=publisher.name,
            url=self.plan.absolute(publisher.url),
            kind=publisher.kind,
            country=publisher.country or None,
            language=publisher.lang or None,
            website=publisher.website or None,
            parent=self.fronts.names.publisher_name(publisher.parent) or None,
        )

    def thread(self, slug: str) -> t.ThreadRecord:
        thread = self.view.thread(slug)
        return t.ThreadRecord(
            slug=slug,
            title=thread.title,
            url=self.plan.absolute(thread.url),
            summary=thread.summary or None,
            closed=_iso(thread.closed),
        )

    # --- briefs --------------------------------------------------------------------------------

    def brief(self, entry: Entry, brief: Brief) -> t.BriefRecord:
        language = brief.lang or self.plan.language
        return t.BriefRecord(
            slug=entry.slug,
            id=brief.identity,
            url=self.plan.absolute(entry.url),
            title=typographic(brief.title, language),
            summary=typographic(brief.summary, language) or None,
            published=entry.date.iso,
            updated=_iso(entry.updated),
            event_date=_iso(brief.event_date),
            language=language,
            section=entry.section or None,
            importance=entry.importance,
            thread=entry.thread or None,
            translation_of=entry.original or None,
            independent_reports=reports_behind(self.plan, entry.slug),
        )

    def mentions(self, entry: Entry) -> Iterator[t.MentionRecord]:
        for kind, slugs in (
            ("author", entry.authors), ("company", entry.companies), ("person", entry.people),
            ("topic", entry.topics),
        ):  # fmt: skip
            for n, slug in enumerate(slugs, 1):
                yield t.MentionRecord(brief=entry.slug, kind=kind, slug=slug, position=n)

    def sources(self, brief: Brief) -> Iterator[t.SourceRecord]:
        names, seen = self.fronts.names, set[str]()
        for source in brief.sources:
            if source.id in seen:
                continue
            seen.add(source.id)
            slug = names.publisher_slug(source.publisher)
            yield t.SourceRecord(
                brief=brief.slug,
                id=source.id,
                publisher=slug if slug in self.fronts.publishers else None,
                publisher_name=names.publisher_name(source.publisher),
                title=source.title or None,
                url=source.url or None,
                language=source.lang or None,
                published=_iso(source.published),
                role=source.role,
                of=source.of or None,
                archived=(source.archive.url if source.archive else "") or None,
                gone=_iso(source.gone),
            )

    def claims(self, brief: Brief) -> Iterator[t.ClaimRecord]:
        language = brief.lang or self.plan.language
        standing = self.view.standing(brief.slug) if brief.claims else None
        backings = standing.claims if standing else ()
        for n, (claim, backing) in enumerate(zip(brief.claims, backings, strict=True), 1):
            by = claim.by
            company = self._known_company(by.company or by.of) if by else None
            yield t.ClaimRecord(
                brief=brief.slug,
                position=n,
                text=typographic(claim.text, language),
                status=claim.status,
                person=self._person(by.person) if by else None,
                company=company,
                anonymous=by.anonymous if by else None,
                described_as=(by.described_as if by else "") or None,
                interest=typographic(claim.interest, language) or None,
                source=claim.source or None,
                id=claim.id or None,
                confirms=claim.confirms or None,
                denies=claim.denies or None,
                independent_reports=backing.now,
                confirmed_by=" ".join(backing.companies) or None,
            )

    def quotations(self, brief: Brief) -> Iterator[t.QuotationRecord]:
        usual = brief.lang or self.plan.language
        for n, quote in enumerate(brief.quotes, 1):
            language = quote.lang or usual
            speaker = self._party(quote.by)
            yield t.QuotationRecord(
                brief=brief.slug,
                position=n,
                text=typographic(quote.text, language),
                person=speaker["person"],
                company=speaker["company"] or self._known_company(quote.of),
                described_as=quote.described_as or None,
                language=language,
                original=typographic(quote.original, quote.original_lang or usual) or None,
                original_language=quote.original_lang or None,
                source=quote.source or None,
            )

    def responses(self, brief: Brief) -> Iterator[t.ResponseRecord]:
        language = brief.lang or self.plan.language
        for n, response in enumerate(brief.responses, 1):
            yield t.ResponseRecord(
                brief=brief.slug,
                position=n,
                **self._party(response.sender),
                stance=response.stance,
                subject=typographic(response.to, language) or None,
                text=typographic(response.text, language) or None,
                source=response.source or None,
            )

    # --- ledgers -------------------------------------------------------------------------------

    def figures(self) -> Iterator[t.FigureRow]:
        for value in sorted(self.view.figures(), key=lambda value: (value.brief, value.number)):
            exact = as_plain(value.value)
            backing = backing_of(self.plan, value.brief, value.number)
            yield t.FigureRow(
                brief=value.brief,
                id=value.id,
                company=value.of,
                counterparty=value.to or None,
                metric=value.metric,
                low=exact.low,
                high=exact.high,
                unit=exact.unit or None,
                bound=exact.bound,
                as_of=(None if value.is_period else value.at) or None,
                period=value.at if value.is_period else None,
                basis=value.basis,
                publisher=value.publisher or None,
                known=known_since(self.plan, value).iso,
                preferred=value.preferred,
                disputed=bool(value.rivals),
                independent_reports=backing.now,
                confirmed_by=" ".join(backing.companies) or None,
            )

    def relations(self) -> Iterator[t.RelationColumns]:
        for relation in self.view.relations():
            measured, stated = relation.measured, relation.statements
            exact = as_plain(measured.value) if measured and measured.value else None
            yield t.RelationColumns(
                company=relation.of,
                type=relation.type,
                counterparty=relation.to,
                state=relation.state,
                since=_iso(relation.since),
                until=relation.until.iso if relation.until else None,
                known=_iso(relation_known(self.plan, relation)),
                mutual=relation.type in MUTUAL,
                metric=(measured.metric if measured else "") or None,
                period=(measured.period if measured else "") or None,
                low=exact.low if exact else None,
                high=exact.high if exact else None,
                unit=(exact.unit if exact else "") or None,
                publisher=(stated[0].publisher if stated else "") or None,
                briefs=" ".join(relation.briefs) or None,
            )

    def events(self) -> Iterator[t.EventRow]:
        for event in sorted(self.view.events(), key=lambda event: event.stated[0]):
            yield t.EventRow(
                brief=event.brief,
                id=event.stated[0][1],
                uid=event.uid,
                title=typographic(event.title, event.lang or self.plan.language),
                company=event.of if event.of in self.companies else None,
                date=event.date.iso,
                end=_iso(event.end),
                place=event.where or None,
                url=event.url or None,
                status=event.status,
                formerly=" ".join(date.iso for date, _ in event.was) or None,
            )

    def expectations(self) -> Iterator[t.ExpectationRow]:
        found = self.view.read(EXPECTATIONS)
        for record in sorted(found, key=lambda record: record.key):
            language = record.lang or self.plan.language
            yield t.ExpectationRow(
                brief=record.brief,
                id=record.id,
                text=typographic(record.text, language),
                due=record.by.iso or None,
                company=record.of if record.of in self.companies else None,
                person=record.person or None,
                publisher=record.publisher or None,
                resolves=typographic(record.resolves, language) or None,
                state=record.state,
                outcome=record.outcome,
                outcome_date=record.settled[0].when.iso if record.settled else None,
                settled_by=" ".join(found.brief for found in record.settled) or None,
            )

    def corrections(self) -> Iterator[t.CorrectionRow]:
        for found in self.view.corrections():
            language = found.lang or self.plan.language
            yield t.CorrectionRow(
                brief=found.brief,
                url=self.plan.absolute(self.plan.address(found.brief)),
                at=found.at.iso,
                kind=found.kind,
                was=typographic(found.was, language) or None,
                now=typographic(found.now, language) or None,
                note=typographic(found.note, language) or None,
            )


def as_values(rows: Iterable[Struct]) -> list[dict[str, Any]]:
    """Return rows as dictionaries, in the order of their columns."""
    return [{name: getattr(row, name) for name in row.__struct_fields__} for row in rows]
