"""What the names in a query mean, by any spelling, alias or former name."""

from __future__ import annotations

from collections.abc import Mapping

from builder.ask.query import Names
from builder.model.entity import Company, Person, Publisher, Topic
from builder.site.site import Site


def names_of(site: Site) -> Names:
    """Return what names mean among the published records of a site."""
    names = site.names
    threads = {thread.title.casefold(): slug for slug, thread in site.threads.items()}

    def thread(name: str) -> str:
        return name if name in site.threads else threads.get(name.casefold(), "")

    def publisher(name: str) -> str:
        slug = names.publisher_slug(name)
        return slug if slug in site.publisher_pages else ""

    def company(name: str) -> str:
        """Return a company, also one that another owns: `Alphabet's Google`."""
        whole, _, owned = name.replace("’", "'").partition("'s ")
        slug = names.known_company(name)
        if slug in site.companies:
            return slug
        found, owner = names.known_company(owned) if owned else "", names.known_company(whole)
        is_owned = found in site.companies and site.companies[found].parent == owner
        return found if is_owned else ""

    return Names(
        {
            "companies": company,
            "people": lambda name: _public(site.people, names.people.resolve(name)),
            "topics": lambda name: _public(site.topics, names.topics.resolve(name)),
            "publishers": publisher,
            "threads": thread,
        },
        {
            "companies": _spellings(site.companies),
            "people": _spellings(site.people),
            "topics": _spellings(site.topics),
            "publishers": _spellings(site.publisher_pages),
            "threads": tuple(found.title for found in site.threads.values()),
        },
    )


def _public(records: Mapping[str, object], slug: str | None) -> str:
    return slug if slug and slug in records else ""


def _spellings(records: Mapping[str, Company | Person | Topic | Publisher]) -> tuple[str, ...]:
    """Return all public names of some records, for suggestions."""
    found: list[str] = []
    for record in records.values():
        found += [record.name, *getattr(record, "aliases", ()), *getattr(record, "formerly", ())]
    return tuple(found)
