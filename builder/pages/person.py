"""The page of a person, and the index of people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from msgspec import Struct

from builder.language.collation import sort_key, surname_first
from builder.language.words import message
from builder.model.entity import Person
from builder.pages.lists import older_tasks
from builder.pages.page import Card, Counted, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.expectations import ExpectationTable, record_of
from builder.pages.parts.registers import RegisterEntry, person_registers, same_as
from builder.pages.parts.sources import SourceLine, source_lines
from builder.pages.parts.translation import TranslationNote, profile_note, translated_page
from builder.pages.planner import Planner, latest
from builder.site.ledger_facts import PERSON_EXPECTATIONS
from builder.site.lists import Lists
from builder.site.site import Site

INDEX = Link(message("People"), "/people/")


class PersonPage(Struct, frozen=True, kw_only=True):
    """A person's page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    name: Annotated[str, "The name."]
    summary: Annotated[str, "A one-line description, if any."]
    role: Annotated[str, "The person's position, if known."]
    company: Annotated[Link | None, "The company, if known."]
    website: Annotated[str, "The person's website, if known."]
    registers: Annotated[tuple[RegisterEntry, ...], "Their numbers in registers."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]
    text_language: Annotated[str, "The language of the text."]
    translated: Annotated[
        TranslationNote | None, "Who translated the text, from what, and whether that changed."
    ]
    sources: Annotated[tuple[SourceLine, ...], "The sources of the text."]
    expected: Annotated[
        ExpectationTable | None,
        "What is expected of the person, and how that turned out, if anything is.",
    ]
    cards: Annotated[tuple[Card, ...], "The briefs, newest first."]
    older: Annotated[str, "The address of older briefs, if any."]
    companies: Annotated[tuple[Counted, ...], "The companies in these briefs."]


class PersonRow(Struct, frozen=True):
    """A person in the index."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "The address of the person's page."]
    role: Annotated[str, "The person's position, if known."]
    company: Annotated[Link | None, "The company, if known."]
    count: Annotated[int, "The number of briefs that name the person."]


class PeoplePage(Struct, frozen=True, kw_only=True):
    """The index of people."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    people: Annotated[tuple[PersonRow, ...], "The people, ordered by last name."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for slug, person in site.people.items():
        yield Task(f"person {slug}", partial(_person_page, slug))
        subject = partial(_subject, slug)
        feed = partial(_feed, slug)
        yield from older_tasks(lists, person.url, subject, [INDEX], feed, INDEX.url)
    yield Task("people", _index)


def _subject(slug: str, plan: Planner) -> Link:
    return plan.person(slug)


def _feed(slug: str, plan: Planner) -> Link:
    person = plan.person(slug)
    return Link(plan.words("{name}: coverage", name=person.name), person.url)


def _company(plan: Planner, person: Person) -> Link | None:
    known = bool(person.company) and plan.view.has_company(person.company)
    return plan.company(person.company) if known else None


def _person_page(slug: str, plan: Planner) -> Iterator[Page]:
    person = plan.known_person(slug)
    body = plan.text(person)
    chunk = plan.view.slice(person.url, 0)
    briefs = plan.view.covering("people", slug)
    context = PersonPage(
        site=plan.info,
        head=plan.head(
            person.url,
            person.name,
            trail=[plan.named(INDEX)],
            feed=_feed(slug, plan) if briefs else None,
            description=person.summary,
            active=INDEX.url,
            objects=[_schema_person(plan, person), *translated_page(plan, person)],
        ),
        name=person.name,
        summary=person.summary,
        role=person.role,
        company=_company(plan, person),
        website=person.website,
        registers=person_registers(person.ids),
        body=body.html,
        text_language=plan.text_language(person),
        translated=profile_note(plan, person),
        sources=source_lines(plan, person.sources, plan.language),
        expected=record_of(plan, (*plan.view.read(PERSON_EXPECTATIONS, slug),)),
        cards=plan.cards(chunk.items),
        older=chunk.older,
        companies=plan.counted("companies", briefs, most=8),
    )
    parts = ("content", "expected") if context.expected else ("content",)
    anchors = (*parts, *(heading.anchor for heading in body.headings))
    yield Page(
        person.url, "person.html", context, person.path, modified=latest(briefs), anchors=anchors
    )


def _schema_person(plan: Planner, person: Person) -> dict[str, Any]:
    company = _company(plan, person)
    return {
        "@type": "Person",
        "name": person.name,
        "url": f"{plan.settings.base_url}{person.url}",
        "sameAs": same_as(person.website, person.ids),
        "jobTitle": person.role,
        "worksFor": {"@type": "Organization", "name": company.name} if company else "",
    }


def _index(plan: Planner) -> Iterator[Page]:
    rows = []
    for slug in plan.view.people():
        person = plan.known_person(slug)
        count, _ = plan.view.count("people", slug)
        company = _company(plan, person)
        rows.append(PersonRow(person.name, person.url, person.role, company, count))
    language = plan.language
    rows.sort(
        key=lambda row: (sort_key(surname_first(row.name), language), sort_key(row.name, language))
    )
    context = PeoplePage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words("The people in {site}’s briefs.", site=plan.settings.title),
        ),
        people=tuple(rows),
    )
    newest = latest(plan.view.covering("all", ""))
    yield Page(INDEX.url, "people.html", context, modified=newest)


KIND = Kind(
    tasks,
    {"person.html": PersonPage, "people.html": PeoplePage},
    roots=(INDEX.url,),
)
