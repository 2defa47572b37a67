"""Reads any RSS or Atom feed: as an archive of its own, or for the identities of its items.

RSS 2.0 (rssboard.org/rss-specification): `guid` identifies an item, or else its link. RSS 1.0: the
`rdf:about` of an item. Atom (RFC 4287, 4.2.6): `id`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.feed_identity import OldItem
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost, OldDate, OldPicture
from builder.importers.readers.values import as_date
from builder.importers.readers.xml_items import XmlItem, read_items
from builder.importers.text.characters import plain_line

_ATOM = "http://www.w3.org/2005/Atom "
_RSS1 = "http://purl.org/rss/1.0/ "
_DC = "http://purl.org/dc/elements/1.1/ "
_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_MEDIA = "http://search.yahoo.com/mrss/ "
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ITEMS = ("item", f"{_RSS1}item", f"{_ATOM}entry")
_LONGEST = 600  # characters of a summary
_COMPARED = 60  # characters of a description that may be the first words of the text
_HEADS = ("link", f"{_ATOM}link", "title", f"{_ATOM}title")


def read_feed(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the items of a feed as posts."""
    if not path.is_file():
        raise BadArchive(f"{path} is not a file; give an RSS or Atom file")
    posts = []
    base_url = context.base_url
    for item in read_items(path, _ITEMS, notes, _HEADS):
        if item.name in _HEADS:
            base_url = base_url or _site(item)
            continue
        try:
            posts.append(_post(item, f"{path.name}:{item.line}"))
        except BadPost as error:
            notes.add("unreadable", f"{path.name}:{item.line}", str(error))
    if not posts:
        raise BadArchive(f"{path} has no items of RSS or Atom")
    return Archive(tuple(posts), _origin(base_url), moved={})


def feed_items(path: Path, notes: ImportNotes) -> list[OldItem]:
    """Return what a feed says of its items: identity, link, title, date."""
    found = []
    for item in read_items(path, _ITEMS, notes):
        date: OldDate | None = None
        with suppress(BadPost):
            date = _date(item)
        link = _link(item)
        guid = _guid(item) or link
        if guid:
            found.append(OldItem(" ".join(guid.split()), link, _title(item), date))
    if not found:
        raise BadArchive(f"{path} has no items of RSS or Atom")
    return found


def _post(item: XmlItem, place: str) -> ImportedPost:
    link, guid = _link(item), _guid(item)
    identity = guid or link
    date = _date(item)
    if not identity and not date:
        raise BadPost("the item has neither a guid, a link nor a date")
    body, summary = _texts(item)
    updated = item.get(f"{_ATOM}updated") if item.name == _ITEMS[2] else ""
    return ImportedPost(
        source=identity or f"{_title(item)} {date.written if date else ''}",
        place=place,
        title=_title(item),
        body=body,
        form="html",
        date=date,
        updated=as_date(updated, UTC) if updated and item.get(f"{_ATOM}published") else None,
        address=link,
        guid=identity,
        authors=tuple(dict.fromkeys(_authors(item))),
        terms={"tags": tuple(dict.fromkeys(_categories(item)))},
        summary=summary,
        image=_picture(item),
    )


def _title(item: XmlItem) -> str:
    found = item.get("title", f"{_RSS1}title", f"{_ATOM}title")
    return html.unescape(re.sub(r"<[^<>]*>", "", found)) if "<" in found or "&" in found else found


def _guid(item: XmlItem) -> str:
    return item.get("guid", f"{_ATOM}id") or item.attributes.get(f"{_RDF} about", "")


def _link(item: XmlItem) -> str:
    """Return the address of an item's page."""
    for link in item.all(f"{_ATOM}link"):
        if link.attributes.get("rel", "alternate") == "alternate" and link.attributes.get("href"):
            return link.attributes["href"].strip()
    found = item.get("link", f"{_RSS1}link")
    if found:
        return found
    for guid in item.all("guid"):
        if guid.attributes.get("isPermaLink", "true") == "true" and guid.text.strip().startswith(
            "http"
        ):
            return guid.text.strip()
    return ""


def _date(item: XmlItem) -> OldDate | None:
    found = item.get("pubDate", f"{_ATOM}published", f"{_DC}date", f"{_ATOM}updated")
    return as_date(found, UTC)


def _texts(item: XmlItem) -> tuple[str, str]:
    """Return the text of an item as HTML, and its summary."""
    content = next((_html(c) for c in item.all(f"{_ATOM}content") if _html(c).strip()), "")
    content = content or item.get(_CONTENT)
    short = item.get("description", f"{_RSS1}description")
    short = short or next((_html(s) for s in item.all(f"{_ATOM}summary")), "")
    if not content:
        return short, ""
    plain = plain_line(re.sub(r"<[^<>]*>", " ", short))
    if plain_line(re.sub(r"<[^<>]*>", " ", content)).startswith(plain[:_COMPARED]):
        return content, ""  # its first words
    cut = plain.endswith(("[…]", "[...]", "…", "..."))
    return content, "" if cut or len(plain) > _LONGEST else plain


def _html(element: XmlItem) -> str:
    """Return the HTML in a text construct of Atom. (RFC 4287, 3.1)"""
    kind = element.attributes.get("type", "text")
    if kind == "xhtml":
        return "".join(_markup(part) for part in element.parts)
    return html.escape(element.text) if kind == "text" else element.text


def _markup(element: XmlItem | str) -> str:
    """Return a part of XHTML as HTML."""
    if isinstance(element, str):
        return html.escape(element)
    name = element.name.rpartition(" ")[2]
    attributes = "".join(
        f' {k}="{html.escape(v)}"' for k, v in element.attributes.items() if " " not in k
    )
    inner = "".join(map(_markup, element.parts))
    return f"<{name}{attributes}>{inner}</{name}>"


def _authors(item: XmlItem) -> Iterator[str]:
    for creator in item.all(f"{_DC}creator"):
        if name := " ".join(creator.text.split()):
            yield name
    for author in item.all(f"{_ATOM}author"):
        if name := " ".join(author.get(f"{_ATOM}name").split()):
            yield name
    for author in item.all("author"):
        if match := re.search(r"\(([^()]+)\)", author.text):
            yield " ".join(match[1].split())
        elif author.text.strip() and "@" not in author.text:
            yield " ".join(author.text.split())


def _categories(item: XmlItem) -> Iterator[str]:
    for category in item.all("category", f"{_DC}subject", f"{_ATOM}category"):
        word = (
            category.text or category.attributes.get("label") or category.attributes.get("term", "")
        )
        if word := " ".join(html.unescape(word).split()):
            yield word


def _picture(item: XmlItem) -> OldPicture | None:
    for child in item.all(f"{_MEDIA}content", "enclosure", f"{_MEDIA}thumbnail"):
        kind = child.attributes.get("type") or child.attributes.get("medium", "")
        address = child.attributes.get("url")
        if address and (child.name.endswith("thumbnail") or kind.startswith("image")):
            return OldPicture(address, child.get(f"{_MEDIA}description", f"{_MEDIA}title"))
    return None


def _site(item: XmlItem) -> str:
    if item.name == f"{_ATOM}link":
        return (
            item.attributes.get("href", "")
            if item.attributes.get("rel", "alternate") == "alternate"
            else ""
        )
    return item.text.strip() if item.name == "link" else ""


def _origin(address: str) -> str:
    match = re.match(r"(https?://[^/?#\s]+)([^?#\s]*)", address)
    return f"{match[1]}{match[2].rstrip('/')}" if match else ""


KIND = OldKind(
    name="feed",
    reads="an RSS or Atom file",
    read=read_feed,
    mapping={"tags": "names"},
    needs_address=False,
)
