"""Finds what a word under a cursor means: a record, an entry of the file, or a field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from builder.content.config import FILE
from builder.content.walk import CONTENT, MEDIA
from builder.language_server.cursor import Cursor
from builder.language_server.document import OpenDocument
from builder.language_server.index import (
    BriefCard,
    DeclaredName,
    ExpectationCard,
    Named,
    SiteIndex,
)
from builder.language_server.slots import Slot
from builder.language_server.text import TextSpan
from builder.model.entity import Company, Person, Publisher, Topic
from builder.model.values import (
    AuthorName,
    CompanyName,
    ExpectationReference,
    MediaFile,
    PartyName,
    PersonName,
    SectionName,
    TopicName,
)
from builder.names.keys import name_key

TargetKind = Literal[
    "company", "person", "topic", "publisher", "thread", "page", "brief", "section", "author",
    "source", "figure", "media", "field", "expectation",
]  # fmt: skip
_REFERENCE = re.compile(r"\[\[(?P<name>[^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
_FIGURE = re.compile(r"\{\{\s*figure:(?P<name>[\w-]+)\s*\}\}")
_KINDS: dict[str, TargetKind] = {
    "brief": "brief", "company": "company", "topic": "topic", "thread": "thread",
    "person": "person", "page": "page",
}  # fmt: skip
_OF_TYPES: dict[object, TargetKind] = {
    CompanyName: "company", PersonName: "person", TopicName: "topic", SectionName: "section",
    AuthorName: "author", MediaFile: "media", ExpectationReference: "expectation",
}  # fmt: skip
_OF_RECORDS: dict[object, TargetKind] = {
    Company: "company", Person: "person", Topic: "topic", Publisher: "publisher",
}  # fmt: skip


class CursorTarget(NamedTuple):
    """What a span of a document names; `slot` is that of a field."""

    kind: TargetKind
    name: str
    span: TextSpan
    slot: Slot | None = None


def find_target(document: OpenDocument, offset: int, site: SiteIndex) -> CursorTarget | None:
    """Return what stands at an offset of a document."""
    if document.is_in_fields(offset):
        cursor = document.cursor(offset)
        return _in_field(document, cursor, site) if cursor else None
    return _in_text(document, offset, site)


def _in_text(document: OpenDocument, offset: int, site: SiteIndex) -> CursorTarget | None:
    number = document.text.line_of(offset)
    start, line = document.text.starts[number], document.text.line(number)
    for pattern in (_REFERENCE, _FIGURE):
        for match in pattern.finditer(line):
            if match.start() <= offset - start <= match.end():
                first, last = match.span("name")
                span = TextSpan(start + first, start + last)
                if pattern is _FIGURE:
                    return CursorTarget("figure", match["name"], span)
                return _reference(match["name"], span, site)
    return None


def _reference(written: str, span: TextSpan, site: SiteIndex) -> CursorTarget | None:
    kind, colon, rest = written.partition(":")
    if colon and kind.strip() in _KINDS:
        name = rest.strip().partition("#")[0]
        start = span.start + written.index(rest) + len(rest) - len(rest.lstrip())
        return CursorTarget(_KINDS[kind.strip()], name, TextSpan(start, start + len(name)))
    name = written.strip()
    for of, found in (
        ("company", site.companies),
        ("person", site.people),
        ("topic", site.topics),
    ):
        if find_named(found, name):
            return CursorTarget(_KINDS[of], name, span)
    return None


def _in_field(document: OpenDocument, cursor: Cursor, site: SiteIndex) -> CursorTarget | None:
    slot = document.slot(cursor)
    name = cursor.scalar.strip()
    start = cursor.start + len(cursor.scalar) - len(cursor.scalar.lstrip())
    span = TextSpan(start, start + len(name))
    if slot is None or not name:
        return None
    if cursor.in_key:
        is_item = not cursor.in_flow and not cursor.at_start
        field = next((f for f in slot.fields if f.name == name), None)
        if field:
            return CursorTarget("field", name, span, Slot(field.type, slot.kind, field))
        if not is_item:
            return None
    return _value(document, slot.item.lone_field or slot.item, name, span, site)


def _value(
    document: OpenDocument, slot: Slot, name: str, span: TextSpan, site: SiteIndex
) -> CursorTarget | None:
    owner = slot.owner.__name__ if slot.owner else ""
    kind: TargetKind | None = _OF_TYPES.get(slot.kind)
    if slot.kind is PartyName:
        kind = "company" if find_named(site.companies, name) else "person"
    elif slot.owner in _OF_RECORDS and slot.name in ("name", "aliases", "formerly"):
        kind = _OF_RECORDS[slot.owner]
    elif owner == "Brief" and slot.name == "thread":
        kind = "thread"
    elif owner == "Brief" and slot.name in ("follows", "translation_of"):
        kind = "brief"
    elif owner == "Source" and slot.name in ("publisher", "via"):
        kind = "publisher"
    elif (owner, slot.name) in (("Source", "id"), ("Source", "of")) or slot.name in (
        "source",
        "original_source",
        "says",
    ):
        kind = "source"
    elif (owner, slot.name) == ("Figure", "id") or slot.name == "figure":
        kind = "figure"
    return CursorTarget(kind, name, span, slot) if kind else None


# --- what is known of it -------------------------------------------------------------------------


def find_named(found: Iterable[Named], name: str) -> Named | None:
    """Return the record with a name, another name or a slug."""
    key = name_key(name)
    near = None
    for named in found:
        if name in (named.name, named.slug):
            return named
        if near is None and key in map(name_key, (named.name, *named.names)):
            near = named
    return near


def named_of(target: CursorTarget, site: SiteIndex) -> Named | None:
    """Return the record that a target names."""
    found = {
        "company": site.companies, "person": site.people, "topic": site.topics,
        "publisher": site.publishers, "thread": site.threads, "page": site.pages,
    }.get(target.kind)  # fmt: skip
    return find_named(found, target.name) if found else None


def brief_of(target: CursorTarget, site: SiteIndex) -> BriefCard | None:
    """Return the brief that a target names by its slug."""
    return next((brief for brief in site.briefs if brief.slug == target.name), None)


def expectation_of(target: CursorTarget, site: SiteIndex) -> ExpectationCard | None:
    """Return the expectation that a target names as `brief#id`."""
    return next((card for card in site.expectations if card.reference == target.name), None)


def declared_of(target: CursorTarget, site: SiteIndex) -> DeclaredName | None:
    """Return the section or author that a target names."""
    found = site.sections if target.kind == "section" else site.authors
    key = name_key(target.name)
    return next((one for one in found if key in (one.slug, name_key(one.name))), None)


class FilePlace(NamedTuple):
    """A place in a file of the site: a line and a column from 1, and a width."""

    path: str
    line: int = 1
    column: int = 1
    width: int = 1


def defined_at(target: CursorTarget, document: OpenDocument, site: SiteIndex) -> FilePlace | None:
    """Return where what a target names is defined."""
    own = document.read_own(site.language, site.slugs)
    if target.kind == "brief":
        brief = brief_of(target, site)
        return FilePlace(brief.path) if brief else None
    if target.kind == "expectation":
        card = expectation_of(target, site)
        return FilePlace(card.path) if card else None
    if target.kind in ("section", "author"):
        declared = declared_of(target, site)
        return FilePlace(FILE, declared.line) if declared else None
    if target.kind == "media":
        exists = target.name in site.media
        return FilePlace(str(PurePosixPath(CONTENT, MEDIA, target.name))) if exists else None
    if target.kind in ("source", "figure"):
        sources, figures = [s.id for s in own.sources], [f.id for f in own.figures]
        for number, known in enumerate(sources if target.kind == "source" else figures):
            if known == target.name:
                at = f"{target.kind}s.{number}"
                place = own.places.get(f"{at}.id") or own.places.get(at)
                return FilePlace(document.path, *place) if place else None
        return None
    named = named_of(target, site)
    return FilePlace(named.path) if named and named.path else None
