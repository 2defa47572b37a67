"""The texts in the fields of a record, as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from msgspec import Struct

from builder.content.comment_spans import without_comments
from builder.content.document import Document, place_in_field
from builder.content.field_types import without_none
from builder.content.schema import fields_of, is_part
from builder.diagnostics.diagnostic import Finding, Place
from builder.language.editors_notes import find_notes
from builder.model.settings import EditorsNotes
from builder.model.values import Line, Text

_NAMING = ("name", "aliases", "formerly", "companies", "people", "topics", "products", "thread")


def text_fields(
    record: type[Struct], fields: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the path and the value of every text.

    Lists and parts are searched too. Names, addresses and other values with a form of their own
    are not texts."""
    for field in fields_of(record):
        if (value := fields.get(field.name)) is not None:
            yield from _texts(field.type, value, f"{prefix}{field.name}")


def _texts(kind: Any, value: Any, at: str) -> Iterator[tuple[str, str]]:
    kind = without_none(kind)
    if get_origin(kind) is tuple:
        for n, item in enumerate(value if isinstance(value, list) else ()):
            yield from _texts(get_args(kind)[0], item, f"{at}.{n}")
    elif get_origin(kind) is dict and isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(get_args(kind)[1], item, f"{at}.{name}")
    elif kind in (Line, Text):
        if isinstance(value, str):
            yield at, value
    elif is_part(kind) and isinstance(value, dict):
        yield from text_fields(kind, value, f"{at}.")


def note_findings(
    record: type[Struct], document: Document, language: str, notes: EditorsNotes | None
) -> Iterator[Finding]:
    """Yield the notes to oneself in the fields of a document."""
    add, ignore = (notes.add, notes.ignore) if notes else ((), ())
    texts = [*text_fields(record, document.fields)]
    names = names_with_notes(document, language, notes)
    for at, text in texts:
        text = without_comments(text, " ")  # which are never published
        for start, end in find_notes(text, language, add, ignore, names):
            note = text[start:end]
            yield note_finding(note, place_in_field(document, at, note))


def names_with_notes(
    document: Document, language: str, notes: EditorsNotes | None
) -> tuple[str, ...]:
    """Return listed names with a note in them, such as `TK Maxx`."""
    add, ignore = (notes.add, notes.ignore) if notes else ((), ())
    listed = (document.fields.get(field) for field in _NAMING)
    names = [name for some in listed for name in (some if isinstance(some, list) else [some])]
    return tuple(
        name
        for name in names
        if isinstance(name, str)
        and any(end - start < len(name) for start, end in find_notes(name, language, add, ignore))
    )


def note_finding(note: str, at: Place | str) -> Finding:
    message = f"`{' '.join(note.split())}` looks like a note to yourself, and readers would see it"
    hint = "write the text, or remove the note; `editors_notes` in site.yaml has the words"
    return Finding(at, "editors-note", message, hint)
