"""The subjects that readers can follow, each with the title of its feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from builder.language.words import message
from builder.pages.planner import Planner
from builder.site.followed import GROUPS
from builder.site.publication import newest_first
from builder.site.site import Entry

# In the list of feeds.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "sections": message("By section", "feeds"),
        "watchlists": message("By watchlist", "feeds"),
        "threads": message("By thread", "feeds"),
        "companies": message("By company", "feeds"),
        "topics": message("By topic", "feeds"),
        "authors": message("By author", "feeds"),
        "people": message("About a person", "feeds"),
        "publishers": message("By source", "feeds"),
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
    # Translators: the description of a feed; {name} is a company, a topic or a person.
    about = plan.words("{site} on {name}.", site=site, name=name)
    return Subject(name, url, f"{site}: {name}", f"{about} {summary}".strip())


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
    about = plan.words("What {name} has written for {site}.", name=found.name, site=site)
    about = f"{about} {found.summary}".strip()
    # Translators: the title of a feed; {name} is an author.
    title = plan.words("{site}: by {name}", site=site, name=found.name)
    return Subject(found.name, found.page, title, about)


def _publisher(plan: Planner, slug: str) -> Subject:
    site, found = plan.settings.title, plan.view.publisher_page(slug)
    about = plan.words(
        "What {publisher} reported and passed on, in {site}.", publisher=found.name, site=site
    )
    # Translators: the title of a feed; {name} is a publisher.
    title = plan.words("{site}: reports of {name}", site=site, name=found.name)
    return Subject(found.name, found.url, title, about)


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
