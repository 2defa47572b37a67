"""The texts in the fields of a record, as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

from msgspec import Struct

from builder.content.comment_spans import without_comments
from builder.content.document import Document, place_in_field
from builder.content.field_types import SENTENCES, without_none
from builder.content.schema import fields_of, is_part
from builder.diagnostics.diagnostic import Finding, Place
from builder.language.editors_notes import find_notes, may_have_notes
from builder.model.settings import EditorsNotes
from builder.model.values import Line, Text

_NAMING = ("name", "aliases", "formerly", "companies", "people", "topics", "products", "thread")


class _Texts(NamedTuple):
    """Where the value of a type has texts: computed once for each type.

    A value is a text itself, or it has texts in the items of a list, in the values of a mapping
    with the editor's own names, or in the fields of a part."""

    item: _Texts | None = None
    named: _Texts | None = None
    part: type[Struct] | None = None


def text_fields(
    record: type[Struct], fields: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the path and the value of every text.

    Lists and parts are searched too. Names, addresses and other values with a form of their own
    are not texts."""
    for name, texts in _with_texts(record):
        if (value := fields.get(name)) is not None:
            if texts is not _TEXT:
                yield from _texts(texts, value, f"{prefix}{name}")
            elif isinstance(value, str):
                yield f"{prefix}{name}", value


def _texts(texts: _Texts, value: Any, at: str) -> Iterator[tuple[str, str]]:
    if texts is _TEXT:
        if isinstance(value, str):
            yield at, value
    elif texts.item:
        for n, item in enumerate(value if isinstance(value, list) else ()):
            yield from _texts(texts.item, item, f"{at}.{n}")
    elif texts.named and isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(texts.named, item, f"{at}.{name}")
    elif texts.part and isinstance(value, dict):
        yield from text_fields(texts.part, value, f"{at}.")
    elif texts.part in SENTENCES and isinstance(value, str):
        yield at, value


@cache
def _with_texts(record: type[Struct]) -> tuple[tuple[str, _Texts], ...]:
    """Return the names of a record's fields that may have texts."""
    found = ((field.name, _texts_of(field.type)) for field in fields_of(record))
    return tuple((name, texts) for name, texts in found if texts)


_TEXT = _Texts()


def _texts_of(kind: Any) -> _Texts | None:
    kind = without_none(kind)
    if kind in (Line, Text):
        return _TEXT
    if get_origin(kind) is tuple:
        inner = _texts_of(get_args(kind)[0])
        return _Texts(item=inner) if inner else None
    if get_origin(kind) is dict:
        inner = _texts_of(get_args(kind)[1])
        return _Texts(named=inner) if inner else None
    return _Texts(part=kind) if is_part(kind) else None


def note_findings(
    texts: Mapping[str, str], document: Document, language: str, notes: EditorsNotes | None
) -> Iterator[Finding]:
    """Yield the notes to oneself in the fields of a document.

    `texts` are those of the fields, by path."""
    add, ignore = (notes.add, notes.ignore) if notes else ((), ())
    if not may_have_notes("\n".join(texts.values()), add, ignore):
        return
    names = names_with_notes(document, language, notes)
    for at, text in texts.items():
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
