"""The feeds of a built site -> the items that their readers will see as new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import msgspec
from msgspec import Struct

from builder.deploy.release import Item, Release, ReleaseFile
from builder.hosting.headers import is_feed
from builder.ledger.corrections import story_of

_ATOM = "{http://www.w3.org/2005/Atom}"


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
            found = [*_parse_items(path, sources[path].read_bytes())]
        feeds[path] = tuple(item.guid for item in found)
        items.update((item.guid, item) for item in found)
    return feeds, items


def _parse_items(path: str, data: bytes) -> Iterator[Item]:
    """Yield the items of a feed, whose format follows from its name; none if it is damaged."""
    try:
        if path.endswith(".json"):
            yield from _of_json(data)
            return
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, msgspec.MsgspecError):
        return
    if root.tag == f"{_ATOM}feed":
        yield from _of_atom(root)
    for item in root.iterfind("channel/item"):
        url, title = item.findtext("link", ""), item.findtext("title", "")
        published = _parse_date(parsedate_to_datetime, item.findtext("pubDate", ""))
        yield Item(item.findtext("guid") or url, url, title, published)


def _of_atom(root: ElementTree.Element) -> Iterator[Item]:
    for entry in root.iterfind(f"{_ATOM}entry"):
        links = [link for link in entry.iterfind(f"{_ATOM}link") if link.get("rel") == "alternate"]
        url = links[0].get("href", "") if links else ""
        title = entry.findtext(f"{_ATOM}title", "")
        published = _parse_date(datetime.fromisoformat, entry.findtext(f"{_ATOM}published", ""))
        yield Item(entry.findtext(f"{_ATOM}id") or url, url, title, published)


class _JsonItem(Struct):
    """The fields of an item of a JSON feed that a release records."""

    id: str
    url: str = ""
    title: str = ""
    date_published: str = ""


class _JsonFeed(Struct):
    """A JSON feed."""

    items: list[_JsonItem] = []


def _of_json(data: bytes) -> Iterator[Item]:
    for item in msgspec.json.decode(data, type=_JsonFeed).items:
        published = _parse_date(datetime.fromisoformat, item.date_published)
        yield Item(item.id, item.url, item.title, published)


def _parse_date(parse: Callable[[str], datetime], text: str) -> str:
    try:
        return parse(text).astimezone(UTC).isoformat()
    except ValueError:
        return ""


def new_items(new: Release, before: Release | None) -> tuple[Item, ...]:
    """Return the items that a subscriber will see as new, newest first.

    A feed that did not exist before is skipped: a new subscriber expects every item to be
    new. The same item of several formats, whose identifiers differ, is one."""
    found: dict[tuple[str, str, str], Item] = {}
    for item in _announced(new, before):
        found.setdefault((item.url, item.title, item.published), item)
    return tuple(sorted(found.values(), key=lambda i: (i.published, i.guid)))[::-1]


def _announced(new: Release, before: Release | None) -> Iterator[Item]:
    """Yield the new items of each feed that existed before, those of RSS first."""
    if before is None:
        return
    known = (path for path in new.feeds if path in before.feeds)
    for path in sorted(known, key=lambda path: (not path.endswith(".xml"), path)):
        was = frozenset(before.feeds[path])
        yield from (new.items[guid] for guid in new.feeds[path] if guid not in was)


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
    seen = set[str]()
    for item in _announced(new, before):
        old = by_url.get(item.url) or by_headline.get((item.title, item.published))
        if item.url in seen or item.guid in before.items:
            continue
        if old and story_of(old.guid) != story_of(item.guid):
            seen.add(item.url)
            found.append((old, item))
    return found
