"""Corrections: an entry in a brief's list, and the date of its last change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from builder.content.config import read_config
from builder.editing.entries import EntryEditor
from builder.editing.part_errors import PartError, part_errors
from builder.errors import SluglineError
from builder.model.statement import Correction
from builder.safe_files import plain_bytes


class NotACorrection(SluglineError):
    """A correction that cannot be read; `errors` has what is wrong, by field."""

    def __init__(self, errors: Mapping[str, PartError]) -> None:
        first = next(iter(errors.values()))
        super().__init__(f"{first.message}; {first.hint}")
        self.errors = errors


def prepare_correction(
    root: Path, path: str, entry: Mapping[str, str], now: datetime
) -> tuple[bytes, bytes]:
    """Return the old and new bytes of a brief with a correction.

    Without a date, it is dated now. Raises NotACorrection and EditError."""
    zone = read_config(root).zone
    data = plain_bytes(root / path)
    at = entry.get("at") or f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
    whole = {"at": at} | {name: value for name, value in entry.items() if value and name != "at"}
    if errors := part_errors(Correction, whole, zone):
        raise NotACorrection(errors)
    editor = EntryEditor(path, data)
    editor.append("corrections", whole)
    editor.set("updated", at)
    return data, editor.result()
