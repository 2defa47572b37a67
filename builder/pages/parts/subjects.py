"""The subjects that readers can follow, each with the title of its feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from builder.pages.planner import Planner
from builder.site.followed import GROUPS
from builder.site.publication import newest_first
from builder.site.site import Entry

# In the list of feeds.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "sections": "By section",
        "watchlists": "By watchlist",
        "threads": "By thread",
        "companies": "By company",
        "topics": "By topic",
        "authors": "By author",
        "people": "About a person",
        "publishers": "By source",
    }
)


class Subject(NamedTuple):
    """What a feed follows.

    `url` is that of its page, whose folder has the feed. `title` and `about` are of the feed."""

    name: str
    url: str
    title: str
    about: str


def subject_of(plan: Planner, group: str, slug: str) -> Subject:
    """Return a subject of a group."""
    return _SUBJECTS[group](plan, slug)


def newest_about(plan: Planner, group: str, slug: str) -> tuple[Entry, ...]:
    """Return the newest briefs about a subject, for its feed."""
    fields = GROUPS[group].fields
    found = {entry.slug: entry for field in fields for entry in plan.view.newest(field, slug)}
    return tuple(sorted(found.values(), key=newest_first)[: plan.settings.feed_items])


def _on(plan: Planner, name: str, url: str, summary: str) -> Subject:
    site = plan.settings.title
    return Subject(name, url, f"{site}: {name}", f"{site} on {name}. {summary}".strip())


def _section(plan: Planner, slug: str) -> Subject:
    site = plan.settings.title
    found = next(section for section in plan.settings.sections if section.slug == slug)
    about = f"{site}: {found.name}. {found.summary}".strip()
    return Subject(found.name, found.url, f"{site}: {found.name}", about)


def _watchlist(plan: Planner, slug: str) -> Subject:
    found = next(found for found in plan.settings.watchlists if found.slug == slug)
    return _on(plan, found.name, found.url, found.summary)


def _thread(plan: Planner, slug: str) -> Subject:
    found = plan.view.thread(slug)
    return _on(plan, found.title, found.url, found.summary)


def _company(plan: Planner, slug: str) -> Subject:
    found = plan.view.company(slug)
    return _on(plan, found.name, found.url, found.summary)


def _topic(plan: Planner, slug: str) -> Subject:
    found = plan.view.topic(slug)
    return _on(plan, found.name, found.url, found.summary)


def _person(plan: Planner, slug: str) -> Subject:
    found = plan.known_person(slug)
    return _on(plan, found.name, found.url, found.summary)


def _author(plan: Planner, slug: str) -> Subject:
    site = plan.settings.title
    found = next(author for author in plan.settings.authors if author.slug == slug)
    about = f"What {found.name} has written for {site}. {found.summary}".strip()
    return Subject(found.name, found.page, f"{site}: by {found.name}", about)


def _publisher(plan: Planner, slug: str) -> Subject:
    site, found = plan.settings.title, plan.view.publisher_page(slug)
    about = f"What {found.name} reported and passed on, in {site}."
    return Subject(found.name, found.url, f"{site}: reports of {found.name}", about)


_SUBJECTS: Mapping[str, Callable[[Planner, str], Subject]] = MappingProxyType(
    {
        "sections": _section,
        "watchlists": _watchlist,
        "threads": _thread,
        "companies": _company,
        "topics": _topic,
        "authors": _author,
        "people": _person,
        "publishers": _publisher,
    }
)
