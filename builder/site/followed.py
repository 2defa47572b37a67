"""What readers can follow: the groups of subjects that have a feed each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from builder.hosting.headers import FEED_TYPES
from builder.names.keys import in_address
from builder.site.lists import Lists
from builder.site.site import Site


class SubjectGroup(NamedTuple):
    """A group of subjects.

    A brief belongs to a subject if one of `fields` of its entry names it. `slugs` returns all
    subjects of a site, in the order in which lists show them."""

    fields: tuple[str, ...]
    slugs: Callable[[Site], Iterable[str]]


# In the order of the list of feeds.
GROUPS: Mapping[str, SubjectGroup] = MappingProxyType(
    {
        "sections": SubjectGroup(
            ("section",), lambda site: (found.slug for found in site.config.settings.sections)
        ),
        "watchlists": SubjectGroup(
            ("watchlists",), lambda site: (w.slug for w in site.config.settings.watchlists)
        ),
        "threads": SubjectGroup(("thread",), lambda site: site.threads),
        "companies": SubjectGroup(("companies",), lambda site: site.companies),
        "topics": SubjectGroup(("topics",), lambda site: site.topics),
        "authors": SubjectGroup(
            ("authors",), lambda site: (a.slug for a in site.config.settings.authors if a.page)
        ),
        "people": SubjectGroup(("people",), lambda site: site.people),
        "publishers": SubjectGroup(("reported", "relayed"), lambda site: site.publisher_pages),
    }
)


def followed(site: Site, lists: Lists, group: str) -> tuple[str, ...]:
    """Return the subjects of a group that have a feed.

    They have a brief, or a section has subscribers from a former site."""
    fields, slugs = GROUPS[group]
    return tuple(
        slug
        for slug in slugs(site)
        if any(slug in lists.covering[field] for field in fields)
        or (group == "sections" and _has_former_feed(lists, f"/{in_address(slug)}/"))
    )


def _has_former_feed(lists: Lists, folder: str) -> bool:
    """Return whether a feed of a former site goes on in a folder."""
    return any(f"{folder}{name}" in lists.former for name in FEED_TYPES)
