"""The pages of other editions, to which the language switch of each page leads."""

from __future__ import annotations

from builder.model.settings import Settings
from builder.site.lists import Lists, index_pages
from builder.site.site import Site

FRONT, SEARCH = "/", "/search/"


def lasting_pages(site: Site, lists: Lists) -> frozenset[str]:
    """Return the pages of an edition that another one may have too."""
    settings: Settings = site.config.settings
    found = {FRONT, "/briefs/", *lists.slices, *index_pages(site, lists)}
    found.update(thread.url for thread in site.threads.values())
    found.update(imprint.url for imprint in site.publisher_pages.values())
    found.update(f"/digests/{week}/" for week in lists.covering["week"])
    found.update(f"/archive/{year}/" for year in lists.covering["year"])
    if settings.search:
        found.add(SEARCH)
    return frozenset(found)
