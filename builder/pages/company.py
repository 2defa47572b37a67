"""A company -> its page, with its coverage by the date of events; all companies -> their index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Struct

from builder.model import Card, Company, Link, Moment, slugify
from builder.pages.lists import coverage, older_pages
from builder.pages.page import Counted, Head, Page, SiteInfo
from builder.pages.plan import Plan, latest
from builder.pages.sources import SourceLine, source_lines

INDEX = Link("Companies", "/companies/")
_RECENT = 8


class CompanyPage(Struct, frozen=True, kw_only=True):
    """A company."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "What it is, or nothing."]
    kind: Annotated[str, "What sort of company, or nothing."]
    founded: Annotated[Moment | None, "When it was founded."]
    headquarters: Annotated[str, "Where it sits, or nothing."]
    website: Annotated[str, "Its own site, or nothing."]
    ticker: Annotated[str, "Exchange and symbol, or nothing."]
    aliases: Annotated[tuple[str, ...], "Other names."]
    formerly: Annotated[tuple[str, ...], "Earlier names."]
    parent: Annotated[Link | None, "Who owns it."]
    subsidiaries: Annotated[tuple[Link, ...], "What it owns."]
    people: Annotated[tuple[Link, ...], "Who leads it."]
    products: Annotated[tuple[str, ...], "What it is known for."]
    body: Annotated[str, "The profile: HTML made from Markdown; print it with |safe."]
    sources: Annotated[tuple[SourceLine, ...], "What the profile rests on."]
    cards: Annotated[tuple[Card, ...], "Its coverage: what happened last comes first."]
    older: Annotated[str, "The address of older coverage, or nothing."]
    beside: Annotated[tuple[Counted, ...], "The companies that it appears with."]
    topics: Annotated[tuple[Counted, ...], "The topics of its coverage."]


class CompanyRow(Struct, frozen=True):
    """A company in the index."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "What it is, or nothing."]
    count: Annotated[int, "How many briefs name it."]
    latest: Annotated[Moment | None, "When the newest of them was published."]


class Letter(Struct, frozen=True):
    """The companies under one letter."""

    letter: Annotated[str, "The letter, or # for names that begin with none."]
    anchor: Annotated[str, "Its anchor on the page."]
    companies: Annotated[tuple[CompanyRow, ...], "In the order of the alphabet."]


class CompaniesPage(Struct, frozen=True, kw_only=True):
    """The index of companies."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    letters: Annotated[tuple[Letter, ...], "All companies, by letter."]
    recent: Annotated[tuple[CompanyRow, ...], "Those in the news last."]
    total: Annotated[int, "How many there are."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    children: dict[str, list[Link]] = {}
    for company in plan.site.companies.values():
        if company.parent:
            children.setdefault(company.parent, []).append(plan.company(company.slug))
    for company in plan.site.companies.values():
        yield from _company_pages(plan, company, tuple(children.get(company.slug, ())))
    yield _index(plan)


def feed_of(company: Company) -> Link:
    """The feed of a company."""
    return Link(f"{company.name}: coverage", f"{company.url}feed.xml")


def _company_pages(plan: Plan, company: Company, children: tuple[Link, ...]) -> Iterator[Page]:
    briefs = coverage(plan, plan.by_company.get(company.slug, ()))
    pieces = plan.slices(company.url, briefs)
    feed = feed_of(company) if briefs else None
    subject = Link(company.name, company.url)
    parent = company.parent if company.parent in plan.site.companies else ""
    context = CompanyPage(
        site=plan.info,
        head=plan.head(
            company.url,
            company.name,
            trail=[INDEX],
            feed=feed,
            description=company.summary,
            active=INDEX.url,
            objects=[organization(plan, company)],
        ),
        name=company.name,
        summary=company.summary,
        kind=company.kind or "",
        founded=company.founded,
        headquarters=company.headquarters,
        website=company.website,
        ticker=company.ticker,
        aliases=tuple(company.aliases),
        formerly=tuple(company.formerly),
        parent=plan.company(parent) if parent else None,
        subsidiaries=children,
        people=tuple(plan.person(slug) for slug in company.people),
        products=tuple(company.products),
        body=company.body.html,
        sources=source_lines(plan, company.sources, plan.language),
        cards=plan.cards(pieces[0].briefs),
        older=pieces[0].older,
        beside=plan.counted("companies", briefs, company.slug),
        topics=plan.counted("topics", briefs),
    )
    headings = tuple(heading.anchor for heading in company.body.headings)
    anchors = ("content", *(("coverage",) if briefs else ()), *headings)
    yield Page(
        company.url, "company.html", context, company.path, modified=latest(briefs), anchors=anchors
    )
    yield from older_pages(plan, pieces, subject, [INDEX], feed, INDEX.url, events=True)


def organization(plan: Plan, company: Company) -> dict[str, Any]:
    """schema.org's Organization."""
    parent = plan.site.companies.get(company.parent)
    base = plan.settings.base_url
    return {
        "@type": "Organization",
        "name": company.name,
        "alternateName": [*company.aliases, *company.formerly],
        "url": f"{base}{company.url}",
        "sameAs": company.website,
        "description": company.summary,
        "foundingDate": company.founded.iso if company.founded else "",
        "tickerSymbol": company.ticker,
        "parentOrganization": {
            "@type": "Organization",
            "name": parent.name,
            "url": f"{base}{parent.url}",
        }
        if parent
        else "",
    }


def _row(plan: Plan, company: Company) -> CompanyRow:
    briefs = plan.by_company.get(company.slug, ())
    newest = briefs[0].date if briefs else None
    return CompanyRow(company.name, company.url, company.summary, len(briefs), newest)


def _index(plan: Plan) -> Page:
    rows = [(company.slug, _row(plan, company)) for company in plan.site.companies.values()]
    by_letter: dict[str, list[CompanyRow]] = {}
    for _, row in rows:
        first = slugify(row.name)[:1].upper()
        by_letter.setdefault(first if first.isalpha() else "#", []).append(row)
    letters = tuple(
        Letter(letter, f"letter-{slugify(letter) or 'other'}", tuple(found))
        for letter, found in sorted(by_letter.items())
    )
    active = [(row.latest.at.timestamp(), row) for _, row in rows if row.latest]
    recent = sorted(active, key=lambda pair: (-pair[0], -pair[1].count, pair[1].name))
    context = CompaniesPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            active=INDEX.url,
            description=f"Every company that {plan.settings.title} follows.",
        ),
        letters=letters,
        recent=tuple(row for _, row in recent[:_RECENT]),
        total=len(rows),
    )
    anchors = tuple(letter.anchor for letter in letters)
    modified = latest(plan.site.briefs)
    return Page(INDEX.url, "companies.html", context, modified=modified, anchors=anchors)
