"""Gives ids to records without one, and to entries that are referred to by a default id.

A record's id survives renaming its file. It becomes what feeds know the record by already: the name
of the file. The default id of a source or a figure follows from its publisher or metric, so another
of these would break each reference; written out, it stays what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any

from msgspec import Struct

from builder.content.document import Document, read_document
from builder.content.files import record_files
from builder.content.schema import fields_of, read_record
from builder.content.walk import walk_content
from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor
from builder.editing.fix import Fix, adds_no_error, with_id
from builder.editing.slug_style import slug_style
from builder.names.keys import SlugStyle
from builder.safe_files import plain_bytes

_REFERENCES = ("source", "original_source", "says", "of", "figure")
_PRINTED = re.compile(r"\{\{\s*figure:([\w-]+)\s*\}\}")


def find_missing_ids(root: Path) -> list[Fix]:
    """Return the changes that give each file the ids that it needs.

    Links, and files that cannot be read, are left alone."""
    found, style = [], slug_style(root)
    for file in record_files(walk_content(root), []):
        with suppress(OSError, UnicodeDecodeError):
            data = plain_bytes(root / file.path)
            after = with_missing_ids(file.path, data, file.kind, style)
            if after != data:
                found.append(Fix(file.path, data, after))
    return found


def with_missing_ids(
    path: str, data: bytes, kind: type[Struct], style: SlugStyle = "ascii"
) -> bytes:
    """Return the bytes of a file with the ids that it needs."""
    document, problems = read_document(path, data)
    if document is None or not document.fields or any(p.severity == "error" for p in problems):
        return data
    after = data
    has_id = any(field.name == "id" for field in fields_of(kind))
    if has_id and not {"id", "guid"} & document.fields.keys():
        after = with_id(path, data, document)
    for at, id_ in _default_ids(document, kind, style):
        changed = _with_entry_id(path, after, at, id_)
        if adds_no_error(path, after, changed, kind, UTC):
            after = changed
    return after


def _with_entry_id(path: str, data: bytes, at: str, id_: str) -> bytes:
    try:
        editor = EntryEditor(path, data)
        editor.set(f"{at}.id", id_)
        return editor.result()
    except (EditError, LookupError, ValueError, TypeError):
        return data  # an entry that is only an address, or in a form to be edited by hand


def _default_ids(
    document: Document, kind: type[Struct], style: SlugStyle
) -> Iterator[tuple[str, str]]:
    """Yield the entries without an id of their own that are referred to, with the id."""
    record, _ = read_record(kind, document, UTC, slugs=style)
    used = _used_ids(document)
    for field in ("sources", "figures"):
        written: Any = document.fields.get(field)
        entries: Any = getattr(record, field, ())
        if not isinstance(written, list) or len(written) != len(entries):
            continue
        for number, (one, entry) in enumerate(zip(written, entries, strict=True)):
            if isinstance(one, dict) and not one.get("id") and entry.id in used:
                yield f"{field}.{number}", entry.id


def _used_ids(document: Document) -> set[str]:
    """Return what fields and the text may refer to as ids."""
    used = set(_PRINTED.findall(document.body))
    waiting: list[Any] = [document.fields]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            for name in _REFERENCES:
                if isinstance(value.get(name), str):
                    used.add(value[name])
            if isinstance(formula := value.get("formula"), str):
                used.update(re.findall(r"[\w-]+", formula))
    return used
