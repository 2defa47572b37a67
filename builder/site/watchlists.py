"""The briefs of each watchlist of site.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from builder.content.config import declared_names, match_declared
from builder.model.settings import Settings
from builder.model.watchlist import Watchlist
from builder.site.registers import Registers
from builder.site.site import Entry, Site


class Watched(NamedTuple):
    """The names of a watchlist, resolved to slugs; unknown ones are left out."""

    companies: frozenset[str]
    topics: frozenset[str]
    people: frozenset[str]
    sections: frozenset[str]

    def names(self, entry: Entry) -> bool:
        """Return whether a brief is about one of these, if any."""
        return not any(self) or not (
            self.companies.isdisjoint(entry.companies)
            and self.topics.isdisjoint(entry.topics)
            and self.people.isdisjoint(entry.people)
            and entry.section not in self.sections
        )


def watched(found: Watchlist, names: Registers, settings: Settings) -> Watched:
    """Return what a watchlist follows."""
    sections = declared_names(settings.sections)
    return Watched(
        _known(names.known_company(name) for name in found.companies),
        _known(names.topics.resolve(name) for name in found.topics),
        _known(names.people.resolve(name) for name in found.people),
        _known(match_declared(name, sections) for name in found.sections),
    )


def _known(slugs: Iterable[str | None]) -> frozenset[str]:
    return frozenset(slug for slug in slugs if slug)


def watch(site: Site) -> dict[str, tuple[Entry, ...]]:
    """Return the briefs of each watchlist that has any.

    They are by its slug, the newest first."""
    settings = site.config.settings
    lists = {
        str(found.slug): tuple(_matching(site, found, watched(found, site.names, settings)))
        for found in settings.watchlists
    }
    return {slug: entries for slug, entries in lists.items() if entries}


def _matching(site: Site, found: Watchlist, names: Watched) -> Iterable[Entry]:
    named = any((found.companies, found.topics, found.people, found.sections))
    if named and not any(names):
        return  # all names are unknown, which is an error
    for entry in site.order:
        if entry.importance > found.importance or not names.names(entry):
            continue
        if not found.lang or _language(site, entry) == found.lang.partition("-")[0].lower():
            yield entry


def _language(site: Site, entry: Entry) -> str:
    """Return the language of a brief, without its region."""
    tag = site.outlines[entry.slug].lang or site.config.settings.language
    return tag.partition("-")[0].lower()
