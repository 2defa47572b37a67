"""The briefs that readers can search, by year, and the blocks of their documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from builder.search.languages import ALGORITHMS
from builder.search.segments import Row, YearBriefs
from builder.search.stem import base_of
from builder.site.lists import Lists
from builder.site.site import Entry, Site
from builder.store import digest, digest_of

BLOCK = 6  # documents in a block: a result reads one block


def years_of(site: Site, lists: Lists) -> dict[str, YearBriefs]:
    """Return the briefs of each year, the newest year first."""
    figures = Counter(figure.brief for figure in site.figures)
    months: dict[str, dict[int, Sequence[Entry]]] = {}
    for month, entries in lists.covering["searched"].items():
        months.setdefault(month[:4], {})[int(month[5:]) - 1] = entries[::-1]
    return {
        year: _year(site, lists, dict(sorted(found.items())), figures)
        for year, found in sorted(months.items(), reverse=True)
    }


def _year(
    site: Site, lists: Lists, months: Mapping[int, Sequence[Entry]], figures: Mapping[str, int]
) -> YearBriefs:
    heads, outlines, marks = site.content.heads, site.outlines, lists.marks
    parts, languages, terms, confirmed = [], set(), 0, False
    for entries in months.values():
        for entry in entries:
            slug = entry.slug
            outline = outlines[slug]
            search = heads[outline.path].search
            if search is not None:
                terms += search.terms
                confirmed = confirmed or search.confirmed
                parts.append(digest_of(search.kept))
            languages.add(outline.lang)
            parts.append(marks[slug])
            if slug in figures:
                parts.append(b"%d" % figures[slug])
        parts.append(b"\n")
    sizes = {month: len(entries) for month, entries in months.items()}
    rows = partial(_rows, site, months, figures)
    mark = digest(b"".join(parts))
    return YearBriefs(mark, sizes, terms, frozenset(languages), confirmed, rows)


def _rows(
    site: Site, months: Mapping[int, Sequence[Entry]], figures: Mapping[str, int], slots: int
) -> list[Row]:
    rows = []
    for month, entries in months.items():
        for n, entry in enumerate(entries):
            outline = site.outlines[entry.slug]
            search = site.content.heads[outline.path].search
            public = figures.get(entry.slug, 0)
            if search is not None:
                whole = public == len(outline.figures)
                special = (*_special(entry), *(["has:figures"] if public else []))
                rows.append(Row(month * slots + n, search.kept, special, whole))
    return rows


def _special(entry: Entry) -> Iterator[str]:
    """Yield the terms by which readers filter that the linked site decides."""
    if entry.section:
        yield f"section:{entry.section}"
    for slug in entry.companies:
        yield f"company:{slug}"
    for slug in dict.fromkeys((*entry.reported, *entry.relayed)):
        yield f"publisher:{slug}"


def documents_of(lists: Lists, month: str, block: int) -> tuple[str, ...]:
    """Return the briefs of a block of a month, the oldest first."""
    entries = lists.covering["searched"].get(month, ())[::-1]
    return tuple(entry.slug for entry in entries[block * BLOCK : (block + 1) * BLOCK])


def blocks_of(lists: Lists) -> Iterator[tuple[str, int]]:
    """Yield the month and number of each block of documents."""
    for month, entries in lists.covering["searched"].items():
        for block in range((len(entries) + BLOCK - 1) // BLOCK):
            yield month, block


class Searched(NamedTuple):
    """What readers can search: years with shards, slots of a month and briefs, and filters.

    `languages` are those with a stemmer, and `plain` is whether there are others."""

    years: tuple[tuple[str, int, int, int], ...]
    languages: tuple[str, ...]
    plain: bool
    tags: tuple[str, ...]
    has: tuple[str, ...]
    states: tuple[str, ...]


_NOTHING = Searched((), (), False, (), (), ())


def searched(site: Site, lists: Lists) -> Searched:
    """Return what readers can search, and by what they can filter it."""
    if lists.search is None:
        return _NOTHING
    years, usual = lists.search.years.values(), site.config.settings.language
    tags = {base_of(tag or usual) for year in years for tag in year.languages}
    languages = tuple(sorted(tag for tag in tags if tag in ALGORITHMS))
    return Searched(
        tuple(
            (year, len(segment.shards), segment.slots, segment.briefs)
            for year, segment in lists.search.segments.items()
        ),
        languages,
        len(languages) < len(tags),
        tuple(sorted(tags)),
        ("figures",) if site.figures else (),
        ("confirmed",) if any(year.confirmed for year in years) else (),
    )
