"""A diagnostic in a file that is to be fixed: its field, its text, and edits of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from builder.content.config import FILE
from builder.content.document import Document, read_document, read_yaml
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor
from builder.editing.fix import NOTHING_DECLARED, Declared, problems_of_file


class FixContext(NamedTuple):
    """What fixes need to know of a site: its zone, declared names, language, and the time."""

    zone: tzinfo = UTC
    declared: Declared = NOTHING_DECLARED
    now: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    # Whether there is a file at a path below the site's folder.
    exists: Callable[[str], bool] = lambda path: False
    language: str = "en"
    root: Path | None = None  # the site's folder


class FixCase:
    """A diagnostic in a file: the text at its place, and the field, if it has one."""

    def __init__(
        self, d: Diagnostic, data: bytes, record: type[Struct], context: FixContext
    ) -> None:
        self.d, self.data, self.record, self.context = d, data, record, context
        reader = read_yaml if d.path == FILE else read_document
        self.document: Document | None = reader(d.path, data)[0]
        self.problems = self.read(data)
        whole = data.decode("utf-8")
        self.text = whole.removeprefix("\ufeff")
        self.mark = whole[: len(whole) - len(self.text)]
        starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", self.text))]
        self.start = starts[d.line - 1] + d.column - 1 if d.line <= len(starts) else len(self.text)
        self.end = min(self.start + d.width, len(self.text))
        self.line = "".join(self.lines(data)[d.line - 1 : d.line])
        self.written = self.text[self.start : self.end]
        self.at = self._field()
        self.key = self._key()

    def read(self, data: bytes) -> list[Diagnostic]:
        return problems_of_file(self.d.path, data, self.record, self.context.zone)

    @staticmethod
    def lines(data: bytes) -> list[str]:
        """Return the lines of a file, without their ends."""
        return re.split(r"\r\n|\r|\n", data.decode("utf-8").removeprefix("\ufeff"))

    def _field(self) -> str:
        """Return the path of the value at the place, or ""."""
        places = self.document.places if self.document else {}
        here = [
            at for at, p in places.items() if (p.line, p.column) == (self.d.line, self.d.column)
        ]
        return max(here, key=len, default="")

    def _key(self) -> str:
        """Return the path of the field whose name is at the place, or ""."""
        for at, node in (self.document.keys if self.document else {}).items():
            mark = node.start_mark
            if mark and (mark.line + 1, mark.column + 1) == (self.d.line, self.d.column):
                return at
        return ""

    def value(self) -> object:
        """Return the value at the place, as it is read."""
        value: object = self.document.fields if self.document else {}
        for part in self.at.split("."):
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            elif isinstance(value, dict):
                value = value.get(part)
            else:
                return None
        return value

    def replaced(self, new: str, at: str = "") -> bytes | None:
        """Return the bytes with the text at the place replaced."""
        if at:
            return self.edited(lambda editor: editor.replace(at, new))
        text = self.text[: self.start] + new + self.text[self.end :]
        return (self.mark + text).encode("utf-8")

    def edited(self, change: Callable[[EntryEditor], None]) -> bytes | None:
        """Return the bytes after an edit, if it is possible."""
        try:
            editor = EntryEditor(self.d.path, self.data)
            change(editor)
            return editor.result()
        except (EditError, LookupError, ValueError, TypeError):
            return None
