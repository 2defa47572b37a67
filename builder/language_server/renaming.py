"""Finds and changes names in all files; the build process answers these questions.

A name of a record is changed as `slugline names merge` does it: in every field that has it, in the
record's file, and with the old name as an alias. An id of a source or a figure is changed in its
file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from builder.content.document import Document, read_document
from builder.content.fields import check_slug
from builder.content.files import record_files
from builder.content.record import bytes_of
from builder.diagnostics.diagnostic import Place
from builder.diagnostics.misread import Misread
from builder.editing.census import census_of
from builder.editing.entries import EntryEditor
from builder.editing.merge import MergeDraft, named_fields
from builder.editing.slug_style import slug_style
from builder.language_server.fixing import FileChanges
from builder.language_server.slots import find_slot, record_kind
from builder.language_server.targets import TargetKind
from builder.language_server.workshop import NoAnswer, Workshop
from builder.model.brief import Brief
from builder.model.entity import Company, Person, Publisher, Topic
from builder.model.record import Record
from builder.names.keys import name_key
from builder.names.normalize import NameKind
from builder.store import StoreDamaged

NAME_KINDS: dict[TargetKind, NameKind] = {
    "company": "companies", "person": "people", "topic": "topics", "publisher": "publishers"
}  # fmt: skip
_SLUG_FIELDS: dict[TargetKind, tuple[str, ...]] = {
    "brief": ("follows", "translation_of"), "thread": ("thread",), "section": ("section",),
    "author": ("author",),
}  # fmt: skip
_REFERENCE = re.compile(r"\[\[([^\[\]|\n]+)(?=\]\]|\|)")
_OWN_NAMES = {Company: "company", Person: "person", Topic: "topic", Publisher: "publisher"}


class NamePlace(NamedTuple):
    """A place in a file that names something, and the line that it is on."""

    path: str
    place: Place
    line: str


def mentions_of(
    workshop: Workshop, kind: TargetKind, names: tuple[str, ...], path: str
) -> list[NamePlace]:
    """Return every place that names a record or an entry.

    `names` are all names of a record and its slug; `path` is the file of an entry."""
    wanted = frozenset(map(name_key, names))
    found: list[NamePlace] = []
    for file in record_files(workshop.walk(), []):
        if kind in ("source", "figure") and file.path != path:
            continue
        data, _ = bytes_of(file.source)
        if not any(name.encode() in data for name in names) and not _may_name(data, wanted):
            continue
        document, _ = read_document(file.path, data)
        if document is None:
            continue
        if kind in ("source", "figure"):
            places = _entry_places(document, kind, names[0])
        else:
            places = _name_places(document, file.kind, kind, wanted)
        found += [NamePlace(file.path, place, document.line(place.line)) for place in places]
    return found


def _may_name(data: bytes, wanted: frozenset[str]) -> bool:
    """Return whether a file may have a name in another spelling."""
    folded = name_key(data.decode("utf-8", "replace"))
    return any(key in folded for key in wanted)


def _name_places(
    document: Document, record: type[Record], kind: TargetKind, wanted: frozenset[str]
) -> Iterator[Place]:
    fields: list[tuple[str, str]] = []
    if kind in NAME_KINDS:
        fields = list(named_fields(record, document.fields, NAME_KINDS[kind], ""))
    if _OWN_NAMES.get(record) == kind and isinstance(name := document.fields.get("name"), str):
        fields.append(("name", name))
    for field in _SLUG_FIELDS.get(kind, ()) if record is Brief else ():
        value = document.fields.get(field)
        listed = enumerate(value) if isinstance(value, list) else ((None, value),)
        fields += [(field if n is None else f"{field}.{n}", v) for n, v in listed if v]
    for at, name in fields:
        if isinstance(name, str) and name_key(name) in wanted and at in document.places:
            yield document.places[at]
    for number, line in enumerate(document.body.split("\n"), document.body_line):
        for match in _REFERENCE.finditer(line):
            prefix, colon, rest = match[1].partition(":")
            of = prefix if colon and prefix in _PREFIXED else ""
            name = rest if of else match[1]
            if (not of or of == kind) and name_key(name.strip()) in wanted:
                start = match.start(1) + len(match[1]) - len(name)
                yield Place(number, start + 1, len(name))


_PREFIXED = ("brief", "company", "topic", "thread", "person", "page")


def _entry_places(document: Document, kind: TargetKind, name: str) -> Iterator[Place]:
    """Yield the places of an id of a source or a figure in its own file."""
    for at, value in _values(document.fields, ""):
        if at not in document.places:
            continue
        place = document.places[at]
        if _entry_of(document, at) == kind and value == name:
            yield place
        elif kind == "figure" and at.endswith(".formula"):
            line = document.line(place.line)
            for match in _word(name).finditer(line, place.column - 1):
                yield Place(place.line, match.start() + 1, len(name))
    if kind == "figure":
        pattern = re.compile(rf"(\{{\{{\s*figure:){re.escape(name)}(?=\s*\}}\}})")
        for number, line in enumerate(document.body.split("\n"), document.body_line):
            for match in pattern.finditer(line):
                yield Place(number, match.end(1) + 1, len(name))


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")


def _values(value: object, at: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a value with its path."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _values(inner, f"{at}.{number}")


def _entry_of(document: Document, at: str) -> TargetKind | None:
    """Return the kind of entry that a field refers to by its id, or declares."""
    kind = record_kind(document.path)
    parts = [int(part) if part.isdecimal() else part for part in at.split(".")]
    slot = find_slot(kind, tuple(parts)) if kind else None
    owner = slot.owner.__name__ if slot and slot.owner else ""
    name = slot.name if slot else ""
    if (owner, name) in (("Source", "id"), ("Source", "of")) or name in (
        "source",
        "original_source",
        "says",
    ):
        return "source"
    return "figure" if (owner, name) == ("Figure", "id") or name == "figure" else None


# --- renaming ------------------------------------------------------------------------------------


def rename_record(workshop: Workshop, kind: NameKind, old: str, new: str) -> FileChanges:
    """Return the changes that rename a record, or merge it into another.

    Raises NoAnswer, EditError."""
    site = workshop.site
    if site is None:
        raise NoAnswer("the site cannot be read; mend its errors first")
    new = " ".join(new.split())
    if not new:
        raise NoAnswer("write a name")
    try:
        census = census_of(site.content, site.config, datetime.now(UTC))
    except StoreDamaged:
        raise NoAnswer("the cache was changed meanwhile; try again") from None
    source, target = census.find(kind, old), census.find(kind, new)
    if source is None:
        raise NoAnswer(f"`{old}` is not the name of one of the {kind}")
    if target is None or target == source:
        if source.name == new:
            return {}
        target = census.new_name(kind, new)
    draft = MergeDraft(workshop.root, workshop.walk())
    draft.merge(kind, source, target)
    return dict(draft.changes())


def rename_entry(
    workshop: Workshop, kind: TargetKind, path: str, old: str, new: str
) -> FileChanges:
    """Return the change that renames an entry in its file.

    Raises NoAnswer, EditError."""
    try:
        new = check_slug(new, slug_style(workshop.root))
    except Misread as misread:
        raise NoAnswer(f"{misread}; {misread.hint}") from None
    data = workshop.read(path)
    editor = EntryEditor(path, data)
    document = editor.document
    values = dict(_values(document.fields, ""))
    ids = [value for at, value in values.items() if re.fullmatch(rf"{kind}s\.\d+\.id", at)]
    if new in ids:
        raise NoAnswer(f"another {kind} has the id `{new}`")
    if old not in ids:
        raise NoAnswer(f"the {kind} `{old}` has no `id` of its own; write `id: {new}` in its entry")
    for at, value in values.items():
        if value == old and _entry_of(document, at) == kind:
            editor.replace(at, new)
        elif kind == "figure" and at.endswith(".formula") and _word(old).search(value):
            editor.replace(at, _word(old).sub(new, value))
    if kind == "figure":
        pattern = re.compile(rf"(\{{\{{\s*figure:){re.escape(old)}(?=\s*\}}\}})")
        editor.in_body(pattern, lambda match: f"{match[1]}{new}")
    return {path: (data, editor.result())}
