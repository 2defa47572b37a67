"""A person in the news -> a page; all people -> their index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Struct

from builder.model import Card, Link, Person, slugify
from builder.pages.lists import older_pages
from builder.pages.page import Counted, Head, Page, SiteInfo
from builder.pages.plan import Plan, latest
from builder.pages.sources import SourceLine, source_lines

INDEX = Link("People", "/people/")


class PersonPage(Struct, frozen=True, kw_only=True):
    """A person."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "The name."]
    summary: Annotated[str, "Who it is, or nothing."]
    role: Annotated[str, "The post held, or nothing."]
    company: Annotated[Link | None, "Where."]
    website: Annotated[str, "The person's own site, or nothing."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]
    sources: Annotated[tuple[SourceLine, ...], "What the text rests on."]
    cards: Annotated[tuple[Card, ...], "The briefs, the newest first."]
    older: Annotated[str, "The address of older briefs, or nothing."]
    companies: Annotated[tuple[Counted, ...], "The companies in them."]


class PersonRow(Struct, frozen=True):
    """A person in the index."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "The page's address."]
    role: Annotated[str, "The post held, or nothing."]
    company: Annotated[Link | None, "Where."]
    count: Annotated[int, "How many briefs name this person."]


class PeoplePage(Struct, frozen=True, kw_only=True):
    """The index of people."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    people: Annotated[tuple[PersonRow, ...], "In the order of last names."]


def plan_pages(plan: Plan) -> Iterator[Page]:
    people = list(plan.site.people.values())
    for person in people:
        yield from _person_pages(plan, person)
    yield _index(plan, people)


def _company(plan: Plan, person: Person) -> Link | None:
    return plan.company(person.company) if person.company in plan.site.companies else None


def _person_pages(plan: Plan, person: Person) -> Iterator[Page]:
    briefs = plan.by_person.get(person.slug, ())
    pieces = plan.slices(person.url, briefs)
    context = PersonPage(
        site=plan.info,
        head=plan.head(
            person.url,
            person.name,
            trail=[INDEX],
            description=person.summary,
            active=INDEX.url,
            objects=[_schema_person(plan, person)],
        ),
        name=person.name,
        summary=person.summary,
        role=person.role,
        company=_company(plan, person),
        website=person.website,
        body=person.body.html,
        sources=source_lines(plan, person.sources, plan.language),
        cards=plan.cards(pieces[0].briefs),
        older=pieces[0].older,
        companies=plan.counted("companies", briefs, most=8),
    )
    anchors = ("content", *(heading.anchor for heading in person.body.headings))
    yield Page(
        person.url, "person.html", context, person.path, modified=latest(briefs), anchors=anchors
    )
    yield from older_pages(plan, pieces, Link(person.name, person.url), [INDEX], active=INDEX.url)


def _schema_person(plan: Plan, person: Person) -> dict[str, Any]:
    company = _company(plan, person)
    return {
        "@type": "Person",
        "name": person.name,
        "url": f"{plan.settings.base_url}{person.url}",
        "sameAs": person.website,
        "jobTitle": person.role,
        "worksFor": {"@type": "Organization", "name": company.name} if company else "",
    }


def _index(plan: Plan, people: list[Person]) -> Page:
    rows = [
        PersonRow(
            person.name,
            person.url,
            person.role,
            _company(plan, person),
            len(plan.by_person.get(person.slug, ())),
        )
        for person in people
    ]
    rows.sort(key=lambda row: (slugify(row.name.split()[-1]), row.name))
    context = PeoplePage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            INDEX.name,
            active=INDEX.url,
            description=f"The people in {plan.settings.title}’s briefs.",
        ),
        people=tuple(rows),
    )
    return Page(INDEX.url, "people.html", context, modified=latest(plan.site.briefs))
