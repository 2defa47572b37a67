"""Finds the field at a place in front matter that is being written.

While an editor types, front matter is seldom valid YAML. So it is not parsed: each line up to the
cursor is read by its indentation, its hyphens and its first key, and only brackets are read sign by
sign, in `flow`. What cannot be read is passed over; a line that begins a field ends any bracket."""

from __future__ import annotations

import re
from typing import NamedTuple

from builder.language_server.flow import Flow, FlowCursor

# The path of a value: names of fields, and numbers of items.
Path = tuple[str | int, ...]

_KEY = re.compile(
    r"(?P<key>\"[^\"]*\"|'[^']*'|[^\s:#,\[\]{}\"'&*!|>%@`-][^:#\[\]{}\"]*?)[ \t]*:(?=\s|$)"
)
_HYPHEN = re.compile(r"-(?=[ \t]|$)[ \t]*")
_FIELD = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)")


class Cursor(NamedTuple):
    """The scalar at a cursor, which may be empty.

    `path` is that of its value, or, if `in_key`, of the mapping whose key it is. `written` is the
    scalar up to the cursor, `rest` what follows of it; `start` is where it begins. `quote` is the
    quotation mark that is open, `keys` are the other keys of the mapping. `at_start` is whether a
    line begins with it, so that a hyphen may precede it."""

    path: Path
    in_key: bool
    start: int
    written: str
    rest: str = ""
    quote: str = ""
    in_flow: bool = False
    at_start: bool = False
    keys: frozenset[str] = frozenset()

    @property
    def scalar(self) -> str:
        """The whole scalar."""
        return self.written + self.rest


class _Level:
    """A mapping or a list by indentation, and the key or the item that is being read."""

    def __init__(self, indent: int, is_list: bool) -> None:
        self.indent, self.is_list = indent, is_list
        self.part: str | int = -1 if is_list else ""
        self.keys: set[str] = set()


def find_cursor(source: str, offset: int) -> Cursor | None:
    """Return the scalar at an offset of some YAML.

    None inside a comment or a text. Lines of the source end at line feeds."""
    return _Reading(source, offset).cursor()


class _Reading:
    """The state of reading a source up to a cursor, line by line."""

    def __init__(self, source: str, offset: int) -> None:
        self.source, self.offset = source, offset
        self.levels: list[_Level] = []
        self.flow: Flow | None = None
        self.text_indent = -1  # of a block of text; -1 outside of one

    def cursor(self) -> Cursor | None:
        start = 0
        while (stop := self.source.find("\n", start)) >= 0 and stop < self.offset:
            self._line(self.source[start:stop], start)
            start = stop + 1
        return self._last(self.source[start : self.offset], start)

    # --- lines above the cursor ----------------------------------------------------------------

    def _line(self, line: str, start: int) -> None:
        content = line.lstrip(" \t")
        indent = len(line) - len(content)
        if self.flow and not self._ends_flow(content, indent):
            self._read_flow(line, start)
            return
        self.flow = None
        if self._in_text(content, indent) or not content or content.startswith("#"):
            return
        column = self._enter(line, indent)
        if match := _KEY.match(line, column):
            self._value(line, match.end(), start)
        else:
            self._scalar(line, column, start)

    def _ends_flow(self, content: str, indent: int) -> bool:
        """Return whether a line begins something else than what is in a bracket."""
        if not (_FIELD.match(content) or _HYPHEN.match(content)):
            return False
        base = self.levels[-1].indent if self.levels else 0
        return indent <= base or (_HYPHEN.match(content) is not None)

    def _in_text(self, content: str, indent: int) -> bool:
        if self.text_indent < 0:
            return False
        if not content or indent > self.text_indent:
            return True
        self.text_indent = -1
        return False

    def _enter(self, line: str, indent: int) -> int:
        """Enter the lists and the mapping that begin on a line.

        Returns the column of what follows the hyphens."""
        column = indent
        while match := _HYPHEN.match(line, column):
            self._enter_item(column)
            column = match.end()
        if match := _KEY.match(line, column):
            self._enter_key(column, match["key"].strip("\"'"))
        return column

    def _enter_item(self, column: int) -> None:
        self._leave(column)
        if not (self.levels and self.levels[-1].is_list and self.levels[-1].indent == column):
            self.levels.append(_Level(column, is_list=True))
        level = self.levels[-1]
        level.part = int(level.part) + 1

    def _enter_key(self, column: int, key: str) -> None:
        self._leave(column)
        while self.levels and self.levels[-1].is_list and self.levels[-1].indent == column:
            self.levels.pop()
        if not (self.levels and self.levels[-1].indent == column):
            self.levels.append(_Level(column, is_list=False))
        level = self.levels[-1]
        level.part = key
        level.keys.add(key)

    def _leave(self, column: int) -> None:
        """Leave what is indented further than a column."""
        while self.levels and self.levels[-1].indent > column:
            self.levels.pop()

    def _value(self, line: str, column: int, start: int) -> None:
        """Read the value that follows a key."""
        column = _next(line, column)
        if line[column : column + 1] in ("|", ">"):
            self.text_indent = self.levels[-1].indent
        else:
            self._scalar(line, column, start)

    def _scalar(self, line: str, column: int, start: int) -> None:
        if line[column : column + 1] in ("[", "{"):
            self.flow = Flow(self.path())
            self._read_flow(line[column:], start + column)

    def _read_flow(self, text: str, start: int) -> None:
        assert self.flow
        self.flow.read(text, start)
        if self.flow.is_closed:
            self.flow = None

    def path(self) -> Path:
        """Return the path of the value that is being read."""
        return tuple(level.part for level in self.levels)

    # --- the line of the cursor ----------------------------------------------------------------

    def _last(self, line: str, start: int) -> Cursor | None:
        """Read the line of the cursor up to it."""
        content = line.lstrip(" \t")
        indent = len(line) - len(content)
        if self.flow and not self._ends_flow(content, indent):
            return self._in_flow(line, start)
        self.flow = None
        if self._in_text(content, indent) or content.startswith("#"):
            return None
        column = self._enter(line, indent)
        match = _KEY.match(line, column)
        if match is None and not line[column:].endswith(":"):
            if line[column : column + 1] in ("[", "{"):
                self._leave_for(column, bool(column > indent))
                return self._open_flow(line, column, start)
            return self._bare(line, column, start, column > indent)
        if match is None:
            self._enter_key(column, line[column:-1].strip())
            return None  # right behind the colon, where no value begins
        column = _next(line, match.end())
        if line[column : column + 1] in ("[", "{"):
            return self._open_flow(line, column, start)
        if match.end() == len(line) or line[column : column + 1] in ("|", ">"):
            return None
        return self._plain(line, column, start, self.path())

    def _open_flow(self, line: str, column: int, start: int) -> Cursor | None:
        self.flow = Flow(self.path())
        return self._in_flow(line[column:], start + column)

    def _in_flow(self, text: str, start: int) -> Cursor | None:
        assert self.flow
        self.flow.read(text, start)
        found: FlowCursor | None = self.flow.cursor(start + len(text))
        if found is None:
            return None
        rest, keys = self.flow.after(self.source, self.offset, found.quote)
        return Cursor(
            found.path, found.in_key, found.start, self.source[found.start : self.offset],
            rest, found.quote, True, False, found.keys | keys,
        )  # fmt: skip

    def _plain(self, line: str, column: int, start: int, path: Path) -> Cursor | None:
        """Return the cursor in a value on the line of its key or hyphen."""
        quote = line[column : column + 1] if line[column : column + 1] in ('"', "'") else ""
        written = line[column + len(quote) :]
        if quote and quote in written.replace("''", ""):
            return None  # behind the value
        if not quote and re.search(r"(^|\s)#", written):
            return None
        at = start + column + len(quote)
        return Cursor(path, False, at, written, self._rest(quote), quote)

    def _bare(self, line: str, column: int, start: int, after_hyphen: bool) -> Cursor | None:
        """Return the cursor in text without a key: a key to be, or an item of a list."""
        self._leave_for(column, after_hyphen)
        path = self.path() if after_hyphen else self._holder(column)
        if line[column : column + 1] in ('"', "'") or "#" in line[column:].replace("\\#", ""):
            return self._plain(line, column, start, path)
        level = self._mapping_at(column)
        keys = (level.keys if level and not after_hyphen else set()) | self._keys_below(column)
        rest = self._rest("")
        at_key = re.match(r"([\w-]*)[ \t]*:", rest)
        written = line[column:]
        rest = at_key[1] if at_key else rest
        if at_key:
            keys.discard(written + rest)
        return Cursor(
            path, True, start + column, written, rest, "", False, not after_hyphen,
            frozenset(keys),
        )  # fmt: skip

    def _leave_for(self, column: int, after_hyphen: bool) -> None:
        if not after_hyphen:
            self._leave(column)

    def _holder(self, column: int) -> Path:
        """Return the path of the mapping or list to which a new line at a column belongs."""
        if self.levels and self.levels[-1].indent == column:
            if self.levels[-1].is_list and len(self.levels) > 1:
                above = self.levels[-2]
                if not above.is_list and above.indent == column:
                    return tuple(level.part for level in self.levels[:-2])
            return tuple(level.part for level in self.levels[:-1])
        return self.path()

    def _mapping_at(self, column: int) -> _Level | None:
        for level in reversed(self.levels):
            if level.indent == column and not level.is_list:
                return level
        return None

    def _keys_below(self, column: int) -> set[str]:
        """Return the keys of the same mapping on lines below the cursor."""
        found = set[str]()
        for line in self.source[self.offset :].split("\n")[1:]:
            content = line.lstrip(" \t")
            indent = len(line) - len(content)
            if not content or content.startswith("#") or indent > column:
                continue
            match = _KEY.match(content)
            if indent < column or not match:
                break
            found.add(match["key"].strip("\"'"))
        return found

    def _rest(self, quote: str) -> str:
        """Return what follows the cursor of the scalar in which it is."""
        line = self.source[self.offset :].partition("\n")[0]
        if quote:
            return line.partition(quote)[0] if quote in line else ""
        return re.split(r"\s+#|\s+$", line, maxsplit=1)[0]


def _next(line: str, column: int) -> int:
    """Return the column of the next sign that is not a space."""
    while line[column : column + 1] in (" ", "\t"):
        column += 1
    return column
