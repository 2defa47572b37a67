"""The feeds of a built site -> the items that their readers will see as new."""

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
    """Return whether a file is a feed, by its name."""
    return path.rpartition("/")[2] == NAME


def read_feeds(
    sources: dict[str, Path], files: dict[str, ReleaseFile], before: Release | None
) -> tuple[dict[str, tuple[str, ...]], dict[str, Item]]:
    """Return the guids of each feed, and all items by guid.

    A feed that has not changed since the release `before` is not read again."""
    feeds: dict[str, tuple[str, ...]] = {}
    items: dict[str, Item] = {}
    for path in sorted(filter(is_feed, files)):
        guids = before.feeds.get(path) if before else None
        if before and guids is not None and before.files.get(path) == files[path]:
            found = [before.items[guid] for guid in guids if guid in before.items]
        else:
            found = [*_parse_items(sources[path].read_bytes())]
        feeds[path] = tuple(item.guid for item in found)
        items.update((item.guid, item) for item in found)
    return feeds, items


def _parse_items(data: bytes) -> Iterator[Item]:
    """Yield the items of a feed; none if it is not RSS."""
    try:
        channel = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        return
    for item in channel.iterfind("channel/item"):
        url, title = item.findtext("link", ""), item.findtext("title", "")
        published = _parse_date(item.findtext("pubDate", ""))
        yield Item(item.findtext("guid") or url, url, title, published)


def _parse_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).astimezone(UTC).isoformat()
    except ValueError:
        return ""


def new_items(new: Release, before: Release | None) -> tuple[Item, ...]:
    """Return the items that a subscriber will see as new, newest first.

    A feed that did not exist before is skipped: a new subscriber expects every item to be
    new."""
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


def items_with_new_guid(new: Release, before: Release | None) -> list[tuple[Item, Item]]:
    """Return pairs of items of one story whose guids differ.

    Each pair is an item of the release before and one of the new release. Two items are of one
    story if they have the same URL, or the same headline and time."""
    if before is None:
        return []
    gone = [item for item in before.items.values() if item.guid not in new.items]
    by_url = {item.url: item for item in gone}
    by_headline = {(item.title, item.published): item for item in gone if item.published}
    found = []
    for item in new_items(new, before):
        old = by_url.get(item.url) or by_headline.get((item.title, item.published))
        if old and item.guid not in before.items and story_of(old.guid) != story_of(item.guid):
            found.append((old, item))
    return found
