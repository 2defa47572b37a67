"""The identities that the items of an old feed have, which readers' programs remember."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from builder.importers.notes import ImportNotes
from builder.importers.old_addresses import page_key
from builder.importers.post import ImportedPost, OldDate

_A_DAY = 26 * 3600  # seconds; another zone is not another day


class OldItem(NamedTuple):
    """An item of a feed: its identity, link, title and date."""

    guid: str
    link: str
    title: str
    date: OldDate | None


class FeedIdentities:
    """What an old feed says: by link, or by title if only one item has it."""

    def __init__(self, items: Sequence[OldItem]) -> None:
        self.items = list(items)
        self.links: dict[str, OldItem] = {}
        self.titles: dict[str, OldItem | None] = {}
        for item in items:
            self.links.setdefault(_key(item.link), item)
            title = " ".join(item.title.split()).casefold()
            self.titles[title] = None if title in self.titles else item
        self.used: set[str] = set()

    def of(self, post: ImportedPost, notes: ImportNotes) -> str:
        """Return the identity of a post: the feed's, or else its system's."""
        item = next(
            (
                self.links[k]
                for a in (post.address, *post.aliases)
                if a and (k := _key(a)) in self.links
            ),
            None,
        )
        if item is None:
            item = next((i for i in self.items if post.guid and i.guid == post.guid), None)
        if item is None and post.title:
            item = self.titles.get(" ".join(post.title.split()).casefold())
        if item is None or item.guid in self.used:
            return post.guid
        self.used.add(item.guid)
        if post.date and item.date:
            apart = abs((post.date.at - item.date.at).total_seconds())
            if apart > _A_DAY:
                notes.add("date-differs", post.place, f"{item.date.written} in the feed")
        return item.guid

    def note_rest(self, notes: ImportNotes) -> None:
        """Note the items that no post has."""
        for item in self.items:
            if item.guid not in self.used:
                notes.add("feed-item", item.link or item.guid, item.title)


def _key(link: str) -> str:
    """Return the path and query of a link, without what varies."""
    path = link.partition("://")[2].partition("/")[2] if "://" in link else link.lstrip("/")
    query = path.partition("#")[0].partition("?")[2]
    return page_key(unquote(f"/{path}")) + (f"?{query}" if query else "")
