"""The briefs that readers can search, by year, and the blocks of their documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from builder.lazy import keys_of
from builder.search.languages import ALGORITHMS
from builder.search.segments import Row, SearchIndex, StoredSearch, YearBriefs
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
    mark, languages, terms, confirmed = 0, set(), 0, False
    for month, entries in months.items():
        for n, entry in enumerate(entries):
            outline = outlines[entry.slug]
            search = heads[outline.path].search
            if search is not None:
                terms += search.terms
                confirmed = confirmed or search.confirmed
            languages.add(outline.lang)
            mark += _mark(month, n, search, marks[entry.slug], figures.get(entry.slug, 0))
    sizes = {month: len(entries) for month, entries in months.items()}
    rows = partial(_rows, site, months, figures)
    return YearBriefs(_whole(mark), sizes, terms, frozenset(languages), confirmed, rows)


def _mark(month: int, n: int, search: StoredSearch | None, mark: bytes, figures: int) -> int:
    """Return a digest of what a segment has of one brief.

    The digest of a segment is their sum, so it follows from the last one after an edit."""
    found = digest_of(search.kept) if search else b""
    return int.from_bytes(digest(b"%d %d %d " % (month, n, figures) + mark + found), "big")


def _whole(mark: int) -> bytes:
    return (mark % (1 << 128)).to_bytes(16, "big")


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
                key, words = month * slots + n, search.terms
                rows.append(Row(key, search.kept, special, whole, public, words, search.confirmed))
    return rows


def edited_years(
    index: SearchIndex, site: Site, lists: Lists, edited: Iterable[str]
) -> dict[str, YearBriefs] | None:
    """Return the briefs of each year after edits of texts.

    `edited` has the slugs of the briefs. None if one of them can be found for the first time."""
    found = {year: _same(index, site, lists, year) for year in index.segments}
    edited_rows: dict[str, list[Row]] = {}
    for slug in edited:
        entry = site.entries[slug]
        month = entry.date.iso[:7]
        year, at = month[:4], int(month[5:]) - 1
        before = found[year]
        slugs = keys_of(lists.covering["searched"][month])
        if slug not in slugs:
            return None
        n = len(slugs) - 1 - slugs.index(slug)
        rows = edited_rows.get(year) or index.stored_rows(year) or []
        number = next((i for i, r in enumerate(rows) if r.key == at * before.slots + n), None)
        search = site.content.heads[site.outlines[slug].path].search
        if number is None or search is None:
            return None
        was = rows[number]
        row = replace(was, kept=search.kept, terms=search.terms, confirmed=search.confirmed)
        old = StoredSearch(was.kept, was.terms, was.confirmed)
        mark = int.from_bytes(before.mark, "big")
        for sign, one in ((-1, old), (1, search)):
            mark += sign * _mark(at, n, one, lists.marks[slug], was.public)
        rows = edited_rows[year] = [*rows[:number], row, *rows[number + 1 :]]
        found[year] = before._replace(
            mark=_whole(mark),
            terms=before.terms - was.terms + row.terms,
            confirmed=any(r.confirmed for r in rows),
            rows=partial(_given, rows),
        )
    return found


def _same(index: SearchIndex, site: Site, lists: Lists, year: str) -> YearBriefs:
    """Return the briefs of a year as in the last index."""
    kept = index.summaries[year]
    return YearBriefs(
        index.segments[year].mark,
        kept.months,
        kept.terms,
        kept.languages,
        kept.confirmed,
        lambda slots: years_of(site, lists)[year].rows(slots),
    )


def _given(rows: list[Row], slots: int) -> list[Row]:
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
