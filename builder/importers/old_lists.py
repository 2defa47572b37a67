"""Lists and feeds of an old site: which page here each leads to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from builder.content.config import FILE
from builder.importers.notes import ImportNotes
from builder.importers.old_addresses import page_key
from builder.importers.plan import PlannedPost, here, old_path, usable_redirect
from builder.importers.post import Archive
from builder.importers.present_site import PresentSite
from builder.importers.tags import TagTable
from builder.names.keys import in_address, page_address
from builder.pages.kinds import RESERVED

FEED = "/feed.xml"
_NAMED = ("topics", "companies", "people")
_FREE = ("/page/",)  # reserved, but not the address of a page
TermPaths = dict[tuple[str, str], tuple[str, ...]]


class MovedLists(NamedTuple):
    """Redirects for site.yaml, and the old paths of topics, companies and people by name."""

    moved: dict[str, str]
    terms: TermPaths


def moved_lists(
    archive: Archive,
    table: TagTable,
    site: PresentSite,
    planned: Sequence[PlannedPost],
    notes: ImportNotes,
) -> MovedLists:
    """Return where the lists of the old site lead, if anywhere."""
    shown = [p for p in planned if not p.is_draft and not p.post.is_page]
    moving = _Moving(site, planned, table.sections.values(), notes)
    for feed in archive.feeds:
        if feed != FEED:
            moving.add(feed, FEED)
    names = {(k, n) for p in shown for k in _NAMED for n in getattr(p.names, k)}
    sections = {p.names.section for p in shown}
    terms: TermPaths = {}
    for (taxonomy, word), paths in archive.terms.items():
        if table.mapping.get(taxonomy) == "sections" and word in table.sections:
            slug = table.sections[word]
            for path in paths if slug in sections else ():
                moving.add(
                    path,
                    f"/{in_address(slug)}{FEED}" if _is_feed(path) else f"/{in_address(slug)}/",
                )
            continue
        kind, name = table.kind_of(word)
        if (kind, name) not in names:
            continue
        url = page_address(kind, site.names[kind].resolve(name) or site.slug(name))
        for path in paths:
            if _is_feed(path):
                moving.add(path, f"{url.rstrip('/')}{FEED}")
            elif (old := here(path, site)) and page_key(old) != page_key(url):
                terms[kind, name] = tuple(dict.fromkeys((*terms.get((kind, name), ()), old)))
    pages = {FEED, *_list_pages(shown, site)}
    pages |= {"/topics/"} if any(kind == "topics" for kind, _ in names) else set()
    for path, new in archive.moved.items():
        if new in pages:
            moving.add(path, new)
    return MovedLists(moving.moved, terms)


def _list_pages(shown: Sequence[PlannedPost], site: PresentSite) -> Iterator[str]:
    """Yield the lists of briefs that a build will make."""
    if shown:
        yield from ("/briefs/", "/archive/")
    for post in shown:
        if post.post.date:
            at = post.post.date.at.astimezone(site.config.zone)
            yield from (f"/archive/{at:%Y}/", f"/archive/{at:%Y}/{at:%m}/")


class _Moving:
    """The redirects of one import, none of which takes the address of a page."""

    def __init__(
        self,
        site: PresentSite,
        planned: Sequence[PlannedPost],
        sections: Iterable[str],
        notes: ImportNotes,
    ) -> None:
        self.site, self.notes = site, notes
        self.moved: dict[str, str] = {}
        self.taken = {page_key(a) for p in planned for a in (p.url, *p.redirects)}
        self.taken |= {page_key(f"/{s.slug}/") for s in site.config.settings.sections}
        self.taken |= {page_key(f"/{slug}/") for slug in sections}
        size, more = site.config.settings.per_page, len(site.stems.get("briefs", ()))
        counts = Counter(f"/{p.names.section}/" for p in planned if not p.post.is_page)
        counts["/briefs/"] = len(planned)
        self.pages = {url: (count + more) // size for url, count in counts.items()}

    def add(self, old: str, new: str) -> None:
        """Redirect an old path, if a page or the server can do so."""
        path = here(old_path(old), self.site)
        if not path or path == "/" or page_key(path) in self.taken:
            return
        if page_key(path) == page_key(new) or (path in RESERVED and path not in _FREE):
            return
        page = re.fullmatch(r"(/[^/]+/)page/(\d+)/", path)
        if page and int(page[2]) <= self.pages.get(page[1], 0):
            return  # a page of a list here has this address
        copied = new.endswith(FEED) and "?" not in path
        usable = path if copied else usable_redirect(path, self.site, FILE, self.notes)
        if usable and usable != new:
            self.moved.setdefault(usable, new)


def _is_feed(path: str) -> bool:
    return path.endswith((".xml", "/feed/", "/rss/"))
