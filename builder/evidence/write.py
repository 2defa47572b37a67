"""Writes what was found into the records that cite a report, and nothing else.

A file is read again for each change, and its source found by its address: an editor may have saved
it while a site was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from builder.content.urls import same_address
from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor
from builder.editing.steps import EditConflict
from builder.editing.transaction import replace_files
from builder.model.source import ArchivedCopy
from builder.safe_files import plain_bytes

_TRIES = 3  # if an editor saves the file at the same time


class SourceChange(NamedTuple):
    """What changes in a source."""

    archive: Mapping[str, str] | None = None
    gone: date | None = None
    back: bool = False  # it is no longer gone

    def __bool__(self) -> bool:
        return bool(self.archive or self.gone or self.back)


def lacks_copy(present: ArchivedCopy | None, new: Mapping[str, str]) -> bool:
    """Return whether a source has no copy of the new kind."""
    if not new or present is None:
        return bool(new)
    return not present.url and "url" in new


def write_change(root: Path, path: str, key: str, change: SourceChange, dry: bool = False) -> bool:
    """Write a change into the sources of a record with one address.

    `key` is the digest of the normalised address. Returns whether the record differs. Raises
    EditError if a person has to write it, and OSError."""
    tries = 0
    while True:
        tries += 1
        try:
            return _write(root, path, key, change, dry)
        except EditConflict as error:
            if tries == _TRIES:
                raise EditError(str(error)) from None


def _write(root: Path, path: str, key: str, change: SourceChange, dry: bool) -> bool:
    before = plain_bytes(root / path)
    editor = EntryEditor(path, before)
    for at, source in _sources(editor.document.fields.get("sources"), key):
        if isinstance(source, str):
            if new := _new_fields({}, change):
                editor.set(at, {"url": source, **new})
            continue
        if change.back and source.get("gone") is not None:
            editor.unset(f"{at}.gone")
        for name, value in _new_fields(source, change).items():
            editor.set(f"{at}.{name}", value)
    after = editor.result()
    if after != before and not dry:
        replace_files(root, {path: (before, after)})
    return after != before


def _new_fields(source: Mapping[str, Any], change: SourceChange) -> dict[str, Any]:
    """Return the fields of a change that a source does not have."""
    found: dict[str, Any] = {}
    if change.archive:
        present = source.get("archive")
        if present is None:
            found["archive"] = dict(change.archive)
        elif isinstance(present, dict) and not present.get("url") and "url" in change.archive:
            found["archive"] = {**change.archive, **_digest(present)}
    if change.gone and source.get("gone") is None:
        found["gone"] = change.gone.isoformat()
    return found


def _digest(present: Mapping[str, Any]) -> dict[str, str]:
    return {"sha256": str(present["sha256"])} if present.get("sha256") else {}


def _sources(written: Any, key: str) -> list[tuple[str, Any]]:
    """Return the sources with an address, each with its path."""
    listed = written if isinstance(written, list) else [written]
    found = []
    for n, source in enumerate(listed):
        address = source.get("url") if isinstance(source, dict) else source
        if isinstance(address, str) and same_address(address) == key:
            found.append((f"sources.{n}" if isinstance(written, list) else "sources", source))
    return found
