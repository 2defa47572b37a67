"""Feeds of a built site -> what readers of them will see as new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

from builder.deploy.release import Item, Release, ReleaseFile
from builder.ledger.corrections import story_of

NAME = "feed.xml"


def is_feed(path: str) -> bool:
    return path.rpartition("/")[2] == NAME


def read_feeds(
    places: dict[str, Path], files: dict[str, ReleaseFile], before: Release | None
) -> tuple[dict[str, tuple[str, ...]], dict[str, Item]]:
    """The guids of each feed, and the items by guid; a feed that is as it was is not read again."""
    feeds: dict[str, tuple[str, ...]] = {}
    items: dict[str, Item] = {}
    for path in sorted(filter(is_feed, files)):
        was = before.feeds.get(path) if before else None
        if before and was is not None and before.files.get(path) == files[path]:
            found = [before.items[guid] for guid in was if guid in before.items]
        else:
            found = [*_items(places[path].read_bytes())]
        feeds[path] = tuple(item.guid for item in found)
        items.update((item.guid, item) for item in found)
    return feeds, items


def _items(data: bytes) -> Iterator[Item]:
    """The items of a feed; none of one that a template has made something else."""
    try:
        channel = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        return
    for item in channel.iterfind("channel/item"):
        url, title = item.findtext("link", ""), item.findtext("title", "")
        yield Item(item.findtext("guid") or url, url, title, _moment(item.findtext("pubDate", "")))


def _moment(text: str) -> str:
    try:
        return parsedate_to_datetime(text).astimezone(UTC).isoformat()
    except ValueError:
        return ""


def announced(new: Release, before: Release | None) -> tuple[Item, ...]:
    """The items that a reader of some feed will see as new, the newest first. Who begins to read a
    feed that was not there sees everything as new, and expects it."""
    if before is None:
        return ()
    found = {
        guid
        for path, guids in new.feeds.items()
        if path in before.feeds
        for guid in guids
        if guid not in before.feeds[path]
    }
    return tuple(sorted((new.items[g] for g in found), key=lambda i: (i.published, i.guid)))[::-1]


def renamed(new: Release, before: Release | None) -> list[tuple[Item, Item]]:
    """Items that a reader knows as another one, which is gone: one at the same address, or of the
    same headline and moment; each with what it was."""
    if before is None:
        return []
    gone = [item for item in before.items.values() if item.guid not in new.items]
    there = {item.url: item for item in gone}
    alike = {(item.title, item.published): item for item in gone if item.published}
    found = []
    for item in announced(new, before):
        was = there.get(item.url) or alike.get((item.title, item.published))
        if was and item.guid not in before.items and story_of(was.guid) != story_of(item.guid):
            found.append((was, item))
    return found
