"""The search index of a site, updated from the terms stored with its briefs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.search.segments import SearchIndex
from builder.site.lists import Lists
from builder.site.searched import edited_years, years_of
from builder.site.site import Site


def update_search(index: SearchIndex, site: Site, lists: Lists, jobs: int) -> bool:
    """Update the index; return whether it has other files than before."""
    before = _files(index)
    index.update(years_of(site, lists), jobs)
    return _files(index) != before


def resume_search(
    index: SearchIndex,
    site: Site,
    lists: Lists,
    jobs: int,
    marks: Mapping[str, bytes],
    edited: Iterable[str],
) -> bool:
    """Update the index after edits of texts; return as `update_search` does.

    `marks` has the digests of the segments before, and `edited` the slugs of the briefs."""
    known = marks_of(index) == marks and index.summaries.keys() == marks.keys()
    if known and (years := edited_years(index, site, lists, edited)):
        before = _files(index)
        index.update(years, jobs)
        return _files(index) != before
    update_search(index, site, lists, jobs)
    return True


def marks_of(index: SearchIndex) -> dict[str, bytes]:
    """Return the digests of the segments by year."""
    return {year: segment.mark for year, segment in index.segments.items()}


def _files(index: SearchIndex) -> list[tuple[str, int]]:
    return [(year, len(segment.shards)) for year, segment in index.segments.items()]
