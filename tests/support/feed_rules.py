"""The rules of Atom 1.0 and JSON Feed 1.1, as checkers that say what is wrong.

Sources: RFC 4287 with its schema in appendix B, RFC 3339, RFC 4151, and the specification of JSON
Feed 1.1 (jsonfeed.org/version/1.1). Extensions of both are refused: the feeds have none."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[\w.~!$&'()*+,;=:@/?%-]*")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

# The children of each element with the least and the greatest number (None: any number).
_CONTENT: Mapping[str, Mapping[str, tuple[int, int | None]]] = {
    "feed": {
        "author": (0, None), "category": (0, None), "contributor": (0, None), "generator": (0, 1),
        "icon": (0, 1), "id": (1, 1), "link": (0, None), "logo": (0, 1), "rights": (0, 1),
        "subtitle": (0, 1), "title": (1, 1), "updated": (1, 1), "entry": (0, None),
    },
    "entry": {
        "author": (0, None), "category": (0, None), "content": (0, 1), "contributor": (0, None),
        "id": (1, 1), "link": (0, None), "published": (0, 1), "rights": (0, 1), "source": (0, 1),
        "summary": (0, 1), "title": (1, 1), "updated": (1, 1),
    },
    "author": {"name": (1, 1), "uri": (0, 1), "email": (0, 1)},
}  # fmt: skip
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "link": frozenset(("href", "rel", "type", "hreflang", "title", "length")),
    "category": frozenset(("term", "scheme", "label")),
    "generator": frozenset(("uri", "version")),
    **{name: frozenset(("type",)) for name in ("title", "subtitle", "rights", "summary")},
    "content": frozenset(("type", "src")),
}


def wrong_with_atom(data: bytes) -> Iterator[str]:
    """Yield what is wrong with an Atom feed document."""
    root = ElementTree.fromstring(data)
    if root.tag != f"{ATOM}feed":
        yield f"the document element is {root.tag}"
        return
    yield from _element(root)
    entries = root.findall(f"{ATOM}entry")
    if not root.findall(f"{ATOM}author") and not all(e.findall(f"{ATOM}author") for e in entries):
        yield "4.1.1: neither the feed nor each entry has an author"
    links = [link.get("rel", "alternate") for link in root.findall(f"{ATOM}link")]
    if "self" not in links:
        yield "4.1.1: the feed should have a link with rel=self"
    if "self" in links and links.count("self") > 1:
        yield "two links to itself"
    kinds = [child.tag for child in root]
    if entries and kinds[kinds.index(f"{ATOM}entry") :] != [f"{ATOM}entry"] * len(entries):
        yield "metadata follows an entry"
    for id_, number in Counter(entry.findtext(f"{ATOM}id") for entry in entries).items():
        if number > 1:
            yield f"4.1.1: {number} entries have the id {id_}"


def _element(element: ElementTree.Element) -> Iterator[str]:
    name = element.tag.removeprefix(ATOM)
    allowed = _ATTRIBUTES.get(name, frozenset())
    for attribute, value in element.attrib.items():
        if attribute == f"{XML}lang":
            if not _LANGUAGE.fullmatch(value):
                yield f"{name}: `{value}` is not a language"
        elif attribute not in allowed:
            yield f"{name}: the attribute {attribute}"
    if name in _CONTENT:
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            yield f"{name}: text between elements"
        counts = Counter(child.tag.removeprefix(ATOM) for child in element)
        for child, (least, most) in _CONTENT[name].items():
            if counts[child] < least or (most is not None and counts[child] > most):
                yield f"{name}: {counts[child]} of {child}"
        yield from (
            f"{name}: an element {child}" for child in counts.keys() - _CONTENT[name].keys()
        )
        for child in element:
            yield from _element(child)
    else:
        yield from _value(name, element)
    if name in ("feed", "entry"):
        yield from _links(name, element)


def _links(name: str, element: ElementTree.Element) -> Iterator[str]:
    found = [link for link in element if link.tag == f"{ATOM}link"]
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in found
        if link.get("rel", "alternate") == "alternate"
    ]
    if len(alternates) != len({*alternates}):
        yield f"4.1.2: {name} has two alternate links of one type and language"
    if name == "entry" and element.find(f"{ATOM}content") is None and not alternates:
        yield "4.1.2: an entry without content has no alternate link"


def _value(name: str, element: ElementTree.Element) -> Iterator[str]:
    text, kind = element.text or "", element.get("type", "text")
    if len(element):
        yield f"{name}: elements in a text"
    if name in ("title", "subtitle", "rights", "summary", "content"):
        if kind not in ("text", "html"):
            yield f"{name}: the type {kind}"
        if name == "title" and not text.strip():
            yield "an empty title"
    elif name in ("updated", "published"):
        if not _DATE.fullmatch(text):
            yield f"{name}: `{text}` is not a date of RFC 3339"
    elif name == "id":
        if not (_TAG if text.startswith("tag:") else _IRI).fullmatch(text):
            yield f"id: `{text}` is not an IRI"
    elif name == "uri":
        if not _URL.fullmatch(text):
            yield f"uri: `{text}`"
    elif name == "name":
        if not text.strip():
            yield "a person without a name"
    elif name == "link":
        yield from _link(element)
    elif name == "category":
        if not element.get("term", "").strip():
            yield "a category without a term"
    elif name != "generator":
        yield f"an unknown element {name}"


def _link(link: ElementTree.Element) -> Iterator[str]:
    if not _URL.fullmatch(link.get("href", "")):
        yield f"link: the address `{link.get('href')}`"
    if link.get("rel") not in ("alternate", "self", "hub", "enclosure", "related", "via"):
        yield f"link: the relation {link.get('rel')}"
    if "type" in link.attrib and not _TYPE.fullmatch(link.attrib["type"]):
        yield f"link: the type `{link.attrib['type']}`"
    if "length" in link.attrib and not link.attrib["length"].isdecimal():
        yield f"link: the length `{link.attrib['length']}`"


# --- JSON Feed -----------------------------------------------------------------------------------

_JSON: Mapping[str, Mapping[str, str]] = {
    "feed": {
        "version": "text", "title": "text", "home_page_url": "url", "feed_url": "url",
        "description": "text", "user_comment": "text", "next_url": "url", "icon": "url",
        "favicon": "url", "authors": "author", "language": "language", "expired": "bool",
        "hubs": "hub", "items": "item",
    },
    "item": {
        "id": "text", "url": "url", "external_url": "url", "title": "text", "content_html": "text",
        "content_text": "text", "summary": "text", "image": "url", "banner_image": "url",
        "date_published": "date", "date_modified": "date", "authors": "author", "tags": "texts",
        "language": "language", "attachments": "attachment",
    },
    "author": {"name": "text", "url": "url", "avatar": "url"},
    "hub": {"type": "text", "url": "url"},
    "attachment": {
        "url": "url", "mime_type": "type", "title": "text", "size_in_bytes": "number",
        "duration_in_seconds": "number",
    },
}  # fmt: skip
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "feed": ("version", "title", "items", "feed_url", "home_page_url"),
    "item": ("id",),
    "author": (),
    "hub": ("type", "url"),
    "attachment": ("url", "mime_type"),
}
_FORMS = {"url": _URL, "date": _DATE, "type": _TYPE, "language": _LANGUAGE}


def wrong_with_json(data: bytes) -> Iterator[str]:
    """Yield what is wrong with a JSON feed."""
    text = data.decode("utf-8")
    if text.startswith("\ufeff"):
        yield "a byte order mark"
    feed = json.loads(text, object_pairs_hook=_once)
    yield from _object("feed", feed)
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"the version {feed.get('version')}"
    ids = Counter(item.get("id") for item in feed.get("items", ()))
    yield from (f"{number} items have the id {id_}" for id_, number in ids.items() if number > 1)
    for item in feed.get("items", ()):
        if "content_html" not in item and "content_text" not in item:
            yield f"{item.get('id')} has no content"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert len(names) == len({*names}), f"a name stands twice: {names}"
    return dict(pairs)


def _object(kind: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{kind} is not an object"
        return
    yield from (f"{kind} has no {name}" for name in _REQUIRED[kind] if name not in value)
    if kind == "author" and not value:
        yield "an author without name, url and avatar"
    for name, part in value.items():
        if name not in _JSON[kind]:
            yield f"{kind} has an unknown {name}"
            continue
        form = _JSON[kind][name]
        if form in _JSON or form == "texts":
            if not isinstance(part, list) or (not part and form != "item"):
                yield f"{kind}: {name} is not a list with something in it"
                continue
            for one in part:
                yield from _object(form, one) if form in _JSON else _simple("text", name, one)
        else:
            yield from _simple(form, name, part)


def _simple(form: str, name: str, value: Any) -> Iterator[str]:
    if form == "number":
        right = type(value) is int and value >= 0
    elif form == "bool":
        right = isinstance(value, bool)
    else:
        right = isinstance(value, str) and bool(value.strip())
        right = right and (form not in _FORMS or bool(_FORMS[form].fullmatch(value)))
    if not right:
        yield f"{name}: {value!r}"
