"""Arranges the lists of a site: coverage, pagination, story links, translations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from builder.appearance.look import Look
from builder.content.record import encode
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.provenance import SharedReport
from builder.ledger.translations import group_translations
from builder.model.settings import Settings
from builder.model.time import Moment, week_of
from builder.search.segments import SearchIndex
from builder.site.authors import authors_with_page
from builder.site.known import KnownIndex
from builder.site.related import Neighbours
from builder.site.site import Entry, Site
from builder.site.stories import StoryLinks, find_story_links
from builder.site.watchlists import watch
from builder.store import digest

ALL = "/briefs/"
AUTHORS = "/authors/"
WATCHLISTS = "/watchlists/"
ARCHIVE = "/archive/"
CALENDAR = "/calendar/"
EXPECTED = "/expected/"
CORRECTIONS = "/corrections/"
# The lists of a publisher: the field of an entry, and the part of the address.
PARTS = (("reported", "reported/"), ("relayed", "passed-on/"))

_NO_LOOK = Look()


def arrange_lists(
    site: Site, assets: Mapping[str, str], policy: str = "", look: Look = _NO_LOOK
) -> Lists:
    """Return the lists of a site; `around` remains empty.

    `policy` is the Content-Security-Policy of its pages, if a host reads it."""
    covering: dict[str, Mapping[str, Sequence[Entry]]] = {
        field: _covering(site.order, field)
        for field in ("companies", "topics", "people", "section", "authors")
    }
    for field in ("thread", "reported", "relayed"):
        covering[field] = _without_translations(_covering(site.order, field))
    covering["all"] = {"": site.order}
    covering["watchlists"] = watch(site)
    months: dict[str, list[Entry]] = {}
    for entry in site.order:
        months.setdefault(entry.date.iso[:7], []).append(entry)
    covering["month"] = {month: tuple(entries) for month, entries in months.items()}
    covering["searched"] = _own(covering["month"])
    years: dict[str, list[Entry]] = {}
    for month, entries in months.items():
        years.setdefault(month[:4], []).extend(entries)
    weeks: dict[str, list[Entry]] = {}
    for entry in (entry for entry in site.order if not entry.original):
        weeks.setdefault(week_of(entry.date.at), []).append(entry)
    covering["week"] = {week: tuple(entries) for week, entries in weeks.items()}
    covering["year"] = {year: tuple(entries) for year, entries in years.items()}
    children: dict[str, list[str]] = {}
    for company in site.companies.values():
        if company.parent:
            children.setdefault(company.parent, []).append(company.slug)
    former: dict[str, list[str]] = {}
    for redirect in site.redirects:
        if redirect.in_folder or redirect.copies_feed:
            former.setdefault(redirect.target, []).append(redirect.address)
    translations = group_translations(
        site.outlines, site.versions or [entry.slug for entry in site.order]
    )
    threads = {slug: coverage(found)[::-1] for slug, found in covering["thread"].items()}
    story_links = find_story_links(site.order, site.outlines, threads, site.entries)
    marks = {slug: digest(encode(entry), 8) for slug, entry in site.entries.items()}
    return Lists(
        site.config.settings,
        assets,
        covering,
        _all_slices(site, covering),
        slices(CORRECTIONS, site.corrections, site.config.settings.per_page),
        {},
        story_links,
        {slug: tuple(found) for slug, found in children.items()},
        {url: tuple(found) for url, found in former.items()},
        translations,
        site.shared,
        marks,
        _digest(site, marks, (translations, story_links, _slugs_of(covering["watchlists"]))),
        look=look,
        policy=policy,
        carded=frozenset(_carded(site, weeks)),
        known=KnownIndex(site, covering["watchlists"]),
    )


def _carded(site: Site, weeks: Iterable[str]) -> Iterator[str]:
    """Yield the newest briefs and weeks, which may have a share card."""
    cards = site.config.settings.cards
    if not cards.show:
        return
    public = [entry.slug for entry in site.order if not (entry.notice or entry.elsewhere)]
    for slug in newest_blocks(public, cards.newest):
        yield f"brief {slug}"
    if cards.digests:
        for week in newest_blocks(sorted(weeks, reverse=True), cards.newest):
            yield f"week {week}"


def newest_blocks(newest_first: Sequence[str], size: int) -> Sequence[str]:
    """Return the last full block and the one that grows.

    Blocks begin with the oldest, so one more at the new end moves no other out but once in a
    block."""
    blocks = max(0, (len(newest_first) - 1) // size)
    return newest_first[: len(newest_first) - max(0, blocks - 1) * size]


def index_pages(site: Site, lists: Lists) -> tuple[str, ...]:
    """Return the addresses of the lists of records that have an entry."""
    found: dict[str, object] = {
        "/companies/": site.companies,
        "/topics/": site.topics,
        "/threads/": site.threads,
        "/people/": site.people,
        AUTHORS: len(authors_with_page(lists.settings, lists.covering["authors"])) > 1,
        "/sources/": site.publisher_pages,
        "/digests/": lists.covering["week"],
        ARCHIVE: site.order,
        CORRECTIONS: site.corrections or CORRECTIONS in {p.url for p in site.pages.values()},
        "/numbers/": site.figures,
        "/relations/": site.relations,
        CALENDAR: site.events,
        EXPECTED: site.expectations,
        "/record/": lists.settings.record,
        WATCHLISTS: lists.settings.watchlists,
        "/feeds/": True,
    }
    return tuple(url for url, entries in found.items() if entries)


def _digest(
    site: Site, marks: Mapping[str, bytes], groups: tuple[Mapping[str, tuple[object, ...]], ...]
) -> bytes:
    """Return a digest of everything that lists are made of."""
    records = (site.companies, site.topics, site.people, site.publisher_pages)
    parts = (
        site.config.settings, [[*found] for found in records], sorted(site.absent), groups,
        site.shared,
    )  # fmt: skip
    return digest(encode(parts) + b"".join([marks[entry.slug] for entry in site.order]))


def _slugs_of(lists: Mapping[str, Sequence[Entry]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(entry.slug for entry in entries) for name, entries in lists.items()}


def _covering(order: Sequence[Entry], field: str) -> dict[str, tuple[Entry, ...]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry, value in zip(order, map(attrgetter(field), order), strict=True):
        for slug in (value,) if isinstance(value, str) else value:
            found[slug].append(entry)
    found.pop("", None)
    return {slug: tuple(entries) for slug, entries in found.items()}


def _own(found: Mapping[str, Sequence[Entry]]) -> dict[str, Sequence[Entry]]:
    """Return lists of the briefs that have their page in this edition."""
    kept: dict[str, Sequence[Entry]] = {}
    for key, entries in found.items():
        if own := tuple(entry for entry in entries if not entry.elsewhere):
            kept[key] = entries if len(own) == len(entries) else own
    return kept


def _without_translations(found: Mapping[str, Sequence[Entry]]) -> dict[str, tuple[Entry, ...]]:
    """Return lists without translations of briefs that they also contain."""
    kept = {}
    for slug, entries in found.items():
        here = {entry.slug for entry in entries}
        kept[slug] = tuple(entry for entry in entries if entry.original not in here)
    return kept


def month_url(month: str) -> str:
    """Return the address of a month (`2025-06`) in the archive."""
    return f"{ARCHIVE}{month[:4]}/{month[5:]}/"


def dated_urls(date: Moment) -> tuple[str, str, str]:
    """Return the addresses of the month, year and week of a brief."""
    month = date.iso[:7]
    return month_url(month), f"{ARCHIVE}{month[:4]}/", f"/digests/{week_of(date.at)}/"


def _all_slices(
    site: Site, covering: Mapping[str, Mapping[str, Sequence[Entry]]]
) -> dict[str, list[Slice[Entry]]]:
    size = site.config.settings.per_page
    lists: list[tuple[str, Sequence[Entry]]] = [(ALL, site.order)]
    covered = _covering(coverage(site.order), "companies")  # sorted once, for all companies
    for company in site.companies.values():
        lists.append((company.url, covered.get(company.slug, ())))
    for topic in site.topics.values():
        lists.append((topic.url, covering["topics"].get(topic.slug, ())))
    for person in site.people.values():
        lists.append((person.url, covering["people"].get(person.slug, ())))
    for section in site.config.settings.sections:
        lists.append((section.url, covering["section"].get(section.slug, ())))
    for watched in site.config.settings.watchlists:
        lists.append((watched.url, covering["watchlists"].get(watched.slug, ())))
    for author in authors_with_page(site.config.settings, covering["authors"]):
        lists.append((author.page, covering["authors"][author.slug]))
    for month, entries in covering["month"].items():
        lists.append((month_url(month), entries))
    found = {url: slices(url, entries, size) for url, entries in lists}
    for imprint in site.publisher_pages.values():
        for field, part in PARTS:
            url, entries = imprint.url + part, covering[field].get(imprint.slug, ())
            found[url] = slices(url, entries, size, imprint.url)
    return found


def slices(
    url: str, items: Sequence[Listed], size: int, first_url: str = ""
) -> list[Slice[Listed]]:
    """Paginate a list of items, the newest first.

    Pages are filled and numbered from the oldest item on, so that a full page keeps its address and
    its items. The first page has the remaining items, fewer than two pages; it is at `first_url`,
    which is `url` by default."""
    full = max(0, (len(items) - size) // size)  # pages beside the first
    addresses = [first_url or url, *(f"{url}page/{number}/" for number in range(full, 0, -1))]
    first = len(items) - full * size
    bounds = [0, *(first + n * size for n in range(full + 1))]
    return [
        Slice(
            addresses[n],
            tuple(items[bounds[n] : bounds[n + 1]]),
            addresses[n - 1] if n else "",
            addresses[n + 1] if n < full else "",
            full - n + 1 if n else 0,
        )
        for n in range(full + 1)
    ]


def coverage(briefs: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return briefs in the order of their events, the latest first."""
    return tuple(sorted(briefs, key=lambda brief: brief.in_time, reverse=True))


Listed = TypeVar("Listed")


class Slice(NamedTuple, Generic[Listed]):
    """A page of a list, and the addresses of its neighbours."""

    url: str
    items: Sequence[Listed]
    newer: str
    older: str
    number: int  # 0 for the first page, which has the newest


class Peer(NamedTuple):
    """Another edition: its language, where it begins, and the addresses of its lasting pages.

    `way` leads from the edition that looks to this one: `/..`, `/nl`, `/../nl`. Pages of lists
    after the first are not among `pages`, because they have other briefs."""

    language: str
    way: str
    pages: frozenset[str]

    def nearest(self, url: str) -> tuple[str, bool]:
        """Return the same page here or the nearest list.

        The second value is whether it is the same page."""
        if url in self.pages:
            return f"{self.way}{url}", True
        while url.strip("/"):
            url = url[: url.rstrip("/").rindex("/") + 1]
            if url in self.pages:
                break
        return f"{self.way}{url}", False


class Lists(NamedTuple):
    """The lists and links of a site, which planning needs besides records."""

    settings: Settings
    assets: Mapping[str, str]  # addresses, by name
    covering: Mapping[str, Mapping[str, Sequence[Entry]]]  # by field and slug, the newest first
    slices: Mapping[str, Sequence[Slice[Entry]]]  # by the address of each list
    correction_pages: Sequence[Slice[CorrectionRecord]]  # pages of the ledger of corrections
    around: Mapping[str, Neighbours]  # by slug
    story_links: Mapping[str, StoryLinks]  # by slug, of briefs that have any
    children: Mapping[str, tuple[str, ...]]  # companies, by their owner
    former: Mapping[str, tuple[str, ...]]  # redirecting addresses, by target
    translations: Mapping[str, tuple[str, ...]]  # a brief and its translations, by each of them
    shared: Mapping[str, tuple[SharedReport, ...]]  # earlier briefs with each source, by slug
    marks: Mapping[str, bytes]  # a digest of each entry, by slug
    digest: bytes  # of everything that lists are made of
    known: KnownIndex  # what changed, and since when it is known
    look: Look = Look()
    policy: str = ""  # the Content-Security-Policy, if a host reads it
    search: SearchIndex | None = None  # the index of full text, if the site has one
    peers: Mapping[str, Peer] = MappingProxyType({})  # the other editions, by language tag
    carded: frozenset[str] = frozenset()  # what is new enough for a share card: `brief x`, `week y`

    def nearest(self, tag: str, url: str) -> tuple[str, bool]:
        """Return a page's address in another edition, or the nearest list's.

        The second value is whether it is the same page. Without that edition, both are empty."""
        peer = self.peers.get(tag)
        return peer.nearest(url) if peer else ("", False)
