"""The search index of a site, updated from the terms stored with its briefs."""

from __future__ import annotations

from builder.search.segments import SearchIndex
from builder.site.lists import Lists
from builder.site.searched import years_of
from builder.site.site import Site


def update_search(index: SearchIndex, site: Site, lists: Lists, jobs: int) -> bool:
    """Update the index; return whether it has other files than before."""
    before = _files(index)
    index.update(years_of(site, lists), jobs)
    return _files(index) != before


def _files(index: SearchIndex) -> list[tuple[str, int]]:
    return [(year, len(segment.shards)) for year, segment in index.segments.items()]
