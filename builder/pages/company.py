"""The page of a company, and the index of companies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Annotated, Any

from msgspec import Struct

from builder.language.collation import OTHER, index_letter, letter_anchor
from builder.language.words import message
from builder.ledger.calendar import EventRecord
from builder.model.entity import Company
from builder.model.time import Moment
from builder.pages.card import card_files, company_card, shared
from builder.pages.lists import older_tasks
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.changes import Changes, subject_changes
from builder.pages.parts.company_map import LIST, Relations, company_relations
from builder.pages.parts.events import EventLine, ahead, event_line
from builder.pages.parts.expectations import ExpectationTable, record_of
from builder.pages.parts.figures import Series, company_series
from builder.pages.parts.icalendar import calendar_link, in_calendar
from builder.pages.parts.key_figures import KeyFigure, key_figures, latest_known, leading_series
from builder.pages.parts.registers import (
    RegisterEntry,
    company_registers,
    only_one,
    same_as,
)
from builder.pages.parts.sources import SourceLine, source_lines
from builder.pages.parts.translation import TranslationNote, profile_note, translated_page
from builder.pages.planner import Planner, latest
from builder.site.ledger_facts import COMPANY_EXPECTATIONS
from builder.site.lists import Lists
from builder.site.site import Site

INDEX = Link(message("Companies"), "/companies/")
_RECENT = 8
_LATEST = 3  # briefs at the top of a company's page


class CoverageYear(Struct, frozen=True):
    """The briefs about a company of one year."""

    name: Annotated[str, "The year of their events."]
    cards: Annotated[tuple[Card, ...], "The briefs, by date of event, latest first."]


class CompanyPage(Struct, frozen=True, kw_only=True):
    """A company."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "Its name."]
    summary: Annotated[str, "A one-line description, if any."]
    kind: Annotated[str, "The kind of company, if known."]
    founded: Annotated[Moment | None, "When it was founded."]
    headquarters: Annotated[str, "The headquarters, if known."]
    website: Annotated[str, "The company's website, if known."]
    ticker: Annotated[str, "The exchange and ticker symbol of each listing, if it is listed."]
    registers: Annotated[tuple[RegisterEntry, ...], "Its numbers in registers."]
    aliases: Annotated[tuple[str, ...], "Other names."]
    formerly: Annotated[tuple[str, ...], "Former names."]
    parent: Annotated[Link | None, "The company that owns it."]
    subsidiaries: Annotated[tuple[Link, ...], "The companies that it owns."]
    people: Annotated[tuple[Link, ...], "The people who lead it."]
    products: Annotated[tuple[str, ...], "The products that it is known for."]
    body: Annotated[str, "The profile: HTML made from Markdown; print it with |safe."]
    text_language: Annotated[str, "The language of the text."]
    translated: Annotated[
        TranslationNote | None, "Who translated the text, from what, and whether that changed."
    ]
    sources: Annotated[tuple[SourceLine, ...], "The sources of the profile."]
    key_figures: Annotated[
        tuple[KeyFigure, ...], "The latest value of its most important metrics, if it has several."
    ]
    numbers: Annotated[
        tuple[Series, ...], "Its most important metrics, or all if they are few; each by time."
    ]
    other_numbers: Annotated[
        tuple[Series, ...], "Its other metrics, and those of other companies that involve it."
    ]
    relations: Annotated[Relations | None, "The company's current relations to other companies."]
    changes: Annotated[
        Changes | None, "What changed in the record of it, and how to follow that, if anything did."
    ]
    ahead: Annotated[tuple[EventLine, ...], "Scheduled events that concern it, the next first."]
    expected: Annotated[
        ExpectationTable | None, "What is expected of it, and how that turned out, if anything is."
    ]
    latest: Annotated[tuple[Card, ...], "The latest briefs about the company, by date of event."]
    years: Annotated[
        tuple[CoverageYear, ...], "All briefs about the company by year, if there are more."
    ]
    older: Annotated[str, "The address of older coverage, if any."]
    appears_with: Annotated[tuple[Counted, ...], "The companies that it most often appears with."]
    topics: Annotated[tuple[Counted, ...], "The topics of its coverage."]


class CompanyRow(Struct, frozen=True):
    """A company in the index."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "A one-line description, if any."]
    count: Annotated[int, "The number of briefs that name it."]
    latest: Annotated[Moment | None, "When the newest of these was published."]


class Letter(Struct, frozen=True):
    """The companies under one letter."""

    letter: Annotated[str, "The letter, or # for names that do not begin with a letter."]
    anchor: Annotated[str, "Its anchor on the page."]
    companies: Annotated[tuple[CompanyRow, ...], "The companies, in alphabetical order."]


class CompaniesPage(Struct, frozen=True, kw_only=True):
    """The index of companies."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    letters: Annotated[tuple[Letter, ...], "All companies, by letter."]
    recent: Annotated[tuple[CompanyRow, ...], "The companies most recently in the news."]
    total: Annotated[int, "The number of companies."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug, company in site.companies.items():
        yield Task(f"company {slug}", partial(_company_page, slug))
        subject, feed = partial(_subject, slug), partial(_feed, slug)
        yield from older_tasks(lists, company.url, subject, [INDEX], feed, INDEX.url, events=True)
    yield Task("companies", _index)


def feed_of(plan: Planner, company: Company) -> Link:
    """Return the name of the feed of a company, and its folder."""
    return Link(plan.words("{name}: coverage", name=company.name), company.url)


def _calendar(plan: Planner, company: Company, events: Iterable[EventRecord]) -> Link | None:
    return calendar_link(plan, company.name, company.url) if in_calendar(events) else None


def _subject(slug: str, plan: Planner) -> Link:
    return plan.company(slug)


def _feed(slug: str, plan: Planner) -> Link:
    return feed_of(plan, plan.view.company(slug))


def _company_page(slug: str, plan: Planner) -> Iterator[Page]:
    company = plan.view.company(slug)
    body, chunk = plan.text(company), plan.view.slice(company.url, 0)
    briefs = plan.view.covering("companies", slug)
    parent = _owner(plan, company)
    cards = plan.cards(chunk.items)
    numbers, others = leading_series(company_series(plan, slug), company.url)
    events = plan.view.events_of(slug)
    changed = subject_changes(plan, "companies", slug, company.name, company.url)
    card = company_card(plan, slug, (latest_known(found.lines) for found in numbers))
    context = CompanyPage(
        site=plan.info,
        head=plan.head(
            company.url,
            company.name,
            trail=[plan.named(INDEX)],
            feed=feed_of(plan, company) if briefs else None,
            changes=changed.feeds if changed else (),
            description=company.summary,
            active=INDEX.url,
            objects=[organization(plan, company, parent), *translated_page(plan, company)],
            calendar=_calendar(plan, company, events),
            **shared(plan, None, card),
        ),
        name=company.name,
        summary=company.summary,
        kind=company.kind or "",
        founded=company.founded,
        headquarters=company.headquarters,
        website=company.website,
        ticker=", ".join(company.tickers),
        registers=company_registers(company.ids),
        aliases=tuple(company.aliases),
        formerly=tuple(company.formerly),
        parent=plan.company(parent) if parent else None,
        subsidiaries=tuple(plan.company(child) for child in plan.view.children(slug)),
        people=tuple(plan.person(slug) for slug in company.people),
        products=tuple(company.products),
        body=body.html,
        text_language=plan.text_language(company),
        translated=profile_note(plan, company),
        sources=source_lines(plan, company.sources, plan.language),
        key_figures=key_figures(numbers),
        numbers=numbers,
        other_numbers=others,
        relations=company_relations(plan, slug),
        changes=changed,
        ahead=tuple(event_line(plan, event) for event in ahead(events)),
        expected=record_of(plan, (*plan.view.read(COMPANY_EXPECTATIONS, slug),)),
        latest=cards[:_LATEST],
        years=tuple(_years(cards)) if len(cards) > _LATEST or chunk.older else (),
        older=chunk.older,
        appears_with=plan.counted("companies", briefs, slug),
        topics=plan.counted("topics", briefs),
    )
    anchors = (*_anchors(context, bool(briefs)), *(heading.anchor for heading in body.headings))
    yield Page(
        company.url, "company.html", context, company.path, modified=latest(briefs), anchors=anchors
    )
    yield from card_files(context.head, card)


def _anchors(page: CompanyPage, covered: bool) -> Iterator[str]:
    """Yield the anchors of a company's page that its parts have."""
    parts = (("coverage", covered), ("numbers", page.numbers), ("relations", page.relations))
    others = (("ahead", page.ahead), ("changes", page.changes), (LIST, page.relations))
    yield from ("content", *(name for name, part in (*parts, *others) if part))
    yield from ("expected",) if page.expected else ()
    yield from (found.anchor for found in (*page.numbers, *page.other_numbers))


def _owner(plan: Planner, company: Company) -> str:
    """Return the company that owns one, if it has a page."""
    known = bool(company.parent) and plan.view.has_company(company.parent)
    return company.parent if known else ""


def _years(cards: Sequence[Card]) -> Iterator[CoverageYear]:
    """Yield the years of briefs that are in the order of their events."""
    for year, found in groupby(cards, key=lambda card: (card.happened or card.date).iso[:4]):
        yield CoverageYear(year, tuple(found))


def organization(plan: Planner, company: Company, owner: str) -> dict[str, Any]:
    """Return schema.org's Organization, or Corporation for a listed company."""
    base = plan.settings.base_url
    owned = plan.view.children(company.slug)
    people = (plan.person(slug) for slug in company.people)
    return {
        "@type": "Corporation" if company.tickers else "Organization",
        "name": company.name,
        "alternateName": [*company.aliases, *company.formerly],
        "url": f"{base}{company.url}",
        "sameAs": same_as(company.website, company.ids),
        "leiCode": company.ids.lei,
        "description": company.summary,
        "foundingDate": company.founded.iso if company.founded else "",
        "location": {"@type": "Place", "name": company.headquarters}
        if company.headquarters
        else None,
        "tickerSymbol": only_one(company.tickers),
        "employee": [
            {"@type": "Person", "name": person.name, "url": base + person.url if person.url else ""}
            for person in people
        ],
        "parentOrganization": _named(plan, owner) if owner else None,
        "subOrganization": [_named(plan, slug) for slug in owned],
    }


def _named(plan: Planner, slug: str) -> dict[str, Any]:
    """Return a company as part of another's schema.org description."""
    company = plan.view.company(slug)
    return {
        "@type": "Organization",
        "name": company.name,
        "url": f"{plan.settings.base_url}{company.url}",
        "sameAs": same_as(company.website, company.ids),
    }


def _row(plan: Planner, slug: str) -> CompanyRow:
    company = plan.view.company(slug)
    count, newest = plan.view.count("companies", slug)
    return CompanyRow(company.name, company.url, company.summary, count, newest)


def _index(plan: Planner) -> Iterator[Page]:
    rows = [_row(plan, slug) for slug in plan.view.companies()]
    by_letter: dict[str, list[CompanyRow]] = {}
    for row in rows:
        by_letter.setdefault(index_letter(row.name, plan.language), []).append(row)
    others = by_letter.pop(OTHER, None)
    found = [*by_letter.items(), *([(OTHER, others)] if others else ())]
    letters = tuple(Letter(letter, letter_anchor(letter), tuple(rows)) for letter, rows in found)
    active = [(row.latest.at.timestamp(), row) for row in rows if row.latest]
    recent = sorted(active, key=lambda pair: (-pair[0], -pair[1].count, pair[1].name))
    context = CompaniesPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words("Every company that {site} follows.", site=plan.settings.title),
        ),
        letters=letters,
        recent=tuple(row for _, row in recent[:_RECENT]),
        total=len(rows),
    )
    anchors = tuple(letter.anchor for letter in letters)
    modified = latest(plan.view.covering("all", ""))
    yield Page(INDEX.url, "companies.html", context, modified=modified, anchors=anchors)


KIND = Kind(
    tasks,
    {"company.html": CompanyPage, "companies.html": CompaniesPage},
    roots=(INDEX.url,),
)
