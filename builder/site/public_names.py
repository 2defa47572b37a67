"""The names of each company, person, topic, thread, publisher and author that has a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from builder.language.words import without_marks
from builder.site.authors import authors_with_page
from builder.site.site import Site

NameKind = Literal["company", "person", "topic", "thread", "publisher", "author"]


class PublicName(NamedTuple):
    """The name of a record with a page, and its other names."""

    kind: NameKind
    name: str
    url: str
    others: tuple[str, ...]  # aliases and former names, also of merged companies


def public_names(site: Site) -> tuple[PublicName, ...]:
    """Return the names of all records with a page, by kind."""
    return (*_public_names(site),)


def _public_names(site: Site) -> Iterator[PublicName]:
    merged: dict[str, list[str]] = {}
    files = {company.path: company for company in site.names.all_companies.values()}
    for redirect in site.redirects:
        if redirect.at == "merged_into":
            old = files[redirect.path]
            merged.setdefault(redirect.target, []).extend((old.name, *old.aliases, *old.formerly))
    for company in site.companies.values():
        others = (*company.aliases, *company.formerly, *merged.get(company.url, ()))
        yield _named("company", company.name, company.url, others)
    for person in site.people.values():
        yield _named("person", person.name, person.url, person.aliases)
    for topic in site.topics.values():
        yield _named("topic", topic.name, topic.url, topic.aliases)
    for thread in site.threads.values():
        yield _named("thread", thread.title, thread.url, ())
    for publisher in site.publisher_pages.values():
        yield _named("publisher", publisher.name, publisher.url, publisher.aliases)
    named = {slug for entry in site.order for slug in entry.authors}
    for author in authors_with_page(site.config.settings, named):
        yield _named("author", author.name, author.page, author.formerly)


def _named(kind: NameKind, name: str, url: str, others: Iterable[str]) -> PublicName:
    known = dict.fromkeys(str(other) for other in others)
    known.pop(without_marks(name), None)
    return PublicName(kind, str(name), url, tuple(known))


def plain_pages(site: Site) -> tuple[tuple[str, str], ...]:
    """Return the titles and addresses of the plain pages of this edition."""
    pages = ((p.title, p.url) for slug, p in site.pages.items() if slug not in site.elsewhere)
    return tuple(pages)


def languages_of(site: Site) -> tuple[str, ...]:
    """Return the languages of this edition's briefs; empty for the site's own."""
    return (*sorted({site.outlines[e.slug].lang for e in site.order if not e.elsewhere}),)
