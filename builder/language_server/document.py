"""An open document of a site: its text, its front matter and its body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct

from builder.content.config import FILE
from builder.content.document import MAX_FRONT_MATTER, read_document
from builder.content.front_matter import FENCE
from builder.content.schema import read_record
from builder.language_server.cursor import Cursor, find_cursor
from builder.language_server.index import FigureCard, figure_cards
from builder.language_server.slots import Slot, find_slot, record_kind
from builder.language_server.text import DocumentText, TextSpan
from builder.model.source import Source
from builder.names.keys import SlugStyle

_LONGEST = 2 * MAX_FRONT_MATTER  # characters of YAML in which a cursor is sought
_MARK = "\ufeff"


class OwnEntries(NamedTuple):
    """What a file says that completion and hints need, and where."""

    sources: tuple[Source, ...] = ()
    figures: tuple[FigureCard, ...] = ()
    places: Mapping[str, tuple[int, int, int]] = MappingProxyType({})
    companies: tuple[str, ...] = ()
    lang: str = ""


class OpenDocument:
    """An open document; `path` is relative to the folder of its site."""

    def __init__(self, uri: str, path: str, text: DocumentText, version: int) -> None:
        self.uri, self.path, self.text, self.version = uri, path, text, version
        self.kind: type[Struct] | None = record_kind(path)
        self.own = OwnEntries()  # as last read
        self._own_version = -1

    def update(self, text: DocumentText, version: int) -> None:
        """Replace the text."""
        self.text, self.version = text, version
        self.__dict__.pop("front_matter", None)

    @cached_property
    def front_matter(self) -> TextSpan:
        """The span of the fields, without the lines around them."""
        text = self.text
        if self.path == FILE:
            return TextSpan(int(text.text.startswith(_MARK)), len(text.text))
        if text.line(0).removeprefix(_MARK).rstrip() != FENCE or len(text.starts) < 2:
            return TextSpan(0, 0)
        for number in range(1, len(text.starts)):
            if text.line(number).rstrip() == FENCE:
                return TextSpan(text.starts[1], text.starts[number])
        return TextSpan(text.starts[1], len(text.text))

    def is_in_fields(self, offset: int) -> bool:
        """Return whether a character is in the front matter."""
        if self.path == FILE:
            return True
        start, end = self.front_matter
        is_closed = end < len(self.text.text)
        return 0 < start <= offset <= end - is_closed

    def cursor(self, offset: int) -> Cursor | None:
        """Return the scalar of the front matter at an offset."""
        start, end = self.front_matter
        if not self.is_in_fields(offset) or end - start > _LONGEST:
            return None
        source = self.text.text[start:end].replace("\r\n", " \n").replace("\r", "\n")
        found = find_cursor(source, offset - start)
        return found._replace(start=found.start + start) if found else None

    def slot(self, cursor: Cursor) -> Slot | None:
        """Return the slot at a cursor."""
        return find_slot(self.kind, cursor.path) if self.kind else None

    def read_own(self, language: str, style: SlugStyle, line: int | None = None) -> OwnEntries:
        """Return the sources and figures.

        A `line` that is being written, and so makes the fields invalid, is left out. If they are
        invalid all the same, the entries are those that were last read."""
        if self.kind is None or self._own_version == self.version:
            return self.own
        self._own_version = self.version
        for skipped in (None, line):
            found = self._read(language, style, skipped)
            if found is not None:
                self.own = found
                break
        return self.own

    def _read(self, language: str, style: SlugStyle, skipped: int | None) -> OwnEntries | None:
        start, end = self.front_matter
        if self.kind is None or end == start or end - start > MAX_FRONT_MATTER:
            return None
        lines = self.text.text[start:end].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if skipped is not None and 0 <= (n := skipped - self.text.line_of(start)) < len(lines):
            lines[n] = ""
        source = "\n".join([FENCE, *lines, FENCE, ""])
        document, problems = read_document(self.path, source.encode("utf-8", "replace"))
        if document is None or (problems and not document.fields):
            return None
        record, _ = read_record(self.kind, document, UTC, slugs=style)
        figures: Any = getattr(record, "figures", ())
        places = {at: (p.line, p.column, p.width) for at, p in document.places.items()}
        return OwnEntries(
            tuple(getattr(record, "sources", ())),
            tuple(figure_cards(figures, language)),
            places,
            tuple(getattr(record, "companies", ())),
            str(getattr(record, "lang", "")),
        )
