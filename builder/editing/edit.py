"""Edits of a file's front matter that keep its formatting.

Only the edited values change; comments, quotation marks, order and line endings are preserved."""

from __future__ import annotations

import copy
import re
from typing import Any, NamedTuple

import yaml

from builder.content.document import read_document, read_yaml
from builder.content.markdown.code import code_lines, hide
from builder.diagnostics.diagnostic import Place
from builder.editing.new import scalar
from builder.errors import SluglineError

_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"[ \t]*(#.*)?")


class EditError(SluglineError):
    """An edit that must be made by hand; the message says where and why."""


class Edit(NamedTuple):
    """A range of the text, in characters, and its replacement."""

    start: int
    end: int
    text: str


class Rewriter:
    """The pending edits of one file.

    `result` applies them, parses the new text, and raises EditError if anything else changed."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data = path, data
        read = read_yaml if path.endswith((".yaml", ".yml")) else read_document
        document, problems = read(path, data)
        if document is None or any(p.severity == "error" for p in problems):
            raise EditError(f"{path} has errors; fix them first")
        self.read, self.document, self.warnings = read, document, len(problems)
        whole = data.decode("utf-8")
        self.text = whole.removeprefix("\ufeff")  # which takes no column
        self.mark = whole[: len(whole) - len(self.text)]
        ends = list(_LINE_END.finditer(self.text))
        self.starts = [0, *(end.end() for end in ends)]
        self.line_end = ends[0][0] if ends else "\n"
        self.edits: list[Edit] = []
        self.expected: dict[str, Any] = copy.deepcopy(document.fields)
        self.removed: list[str] = []

    # --- edits ---

    def replace(self, at: str, name: str) -> None:
        """Replace the value at a path, with the same quotation marks."""
        start, end = self._span(at)
        written = self.text[start:end]
        self.edits.append(Edit(start, end, like(written, name)))
        _put(self.expected, at, name)

    def remove(self, at: str) -> None:
        """Remove an item from a list; never the first one."""
        start, end = self._span(at)
        line = self.document.places[at].line
        first = self.starts[line - 1]
        stop = self.starts[line] if line < len(self.starts) else len(self.text)
        before, after = self.text[first:start], self.text[end:stop].rstrip("\r\n")
        if before.strip() in ("", "-") and _COMMENT.fullmatch(after.lstrip(" \t").lstrip(",")):
            self.edits.append(Edit(first, stop, ""))  # alone on its line
        elif before.strip() not in ("", "-"):
            field, _, n = at.rpartition(".")
            last = max(
                (self._span(f"{field}.{i}")[1] for i in range(int(n))),
                default=start,
            )
            if _LINE_END.search(self.text[last:start]):
                raise self._refusal(at, "remove this item from the list by hand")
            self.edits.append(Edit(last, end, ""))
        else:  # the first of several on its line
            more = re.match(r"[ \t]*,[ \t]*", self.text[end:stop])
            self.edits.append(Edit(start, end + (more.end() if more else 0), ""))
        self.removed.append(at)

    def rename(self, at: str, name: str) -> None:
        """Replace the name of a field."""
        mark: Any = self.document.keys[at].start_mark
        stop: Any = self.document.keys[at].end_mark
        if mark.line != stop.line:
            raise self._refusal(at, "the name spans several lines")
        start = self.starts[mark.line]
        self.edits.append(Edit(start + mark.column, start + stop.column, name))
        _rename(self.expected, at, name)

    def drop(self, field: str) -> None:
        """Remove a top-level field, with the lines of its value."""
        mark: Any = self.document.keys[field].start_mark
        if mark.column:
            raise self._refusal(field, "remove this field by hand")
        first, line = mark.line, mark.line + 1
        last = self.document.body_line - 2 if self.document.body_line > 1 else len(self.starts)
        while line < last and re.match(r"[ \t]+\S|-[ \t\r\n]|[\r\n]|\Z", self._from(line)):
            line += 1
        while line > first + 1 and not self._from(line - 1).split("\n", 1)[0].strip():
            line -= 1  # blank lines belong to what follows
        self.edits.append(Edit(self.starts[first], self._start_of(line), ""))
        del self.expected[field]

    def _from(self, line: int) -> str:
        return self.text[self.starts[line] :][:1000] if line < len(self.starts) else ""

    def _start_of(self, line: int) -> int:
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def put_first(self, field: str, value: str) -> None:
        """Insert a field above all others."""
        at = self._start_of(1)
        self.edits.append(Edit(at, at, f"{field}: {scalar(value)}{self.line_end}"))
        self.expected[field] = value

    def written(self, field: str) -> str:
        """Return a field's value as written; empty for several lines."""
        start, end = self._span(field)
        text = self.text[start:end]
        return "" if _LINE_END.search(text) else text

    def put_after(self, field: str, written: str, value: Any, after: str = "name") -> None:
        """Insert a field with its value as written below another field."""
        stop = self._end_of_line(after)
        self.edits.append(Edit(stop, stop, f"{self.line_end}{field}: {written}"))
        self.expected[field] = value

    def add(self, field: str, names: list[str], after: str = "name") -> None:
        """Add names to a top-level list of the front matter.

        If the list does not exist, insert it after the field `after`."""
        new = [name for name in names if name not in (self.document.fields.get(field) or [])]
        if not new:
            return
        listed = ", ".join(map(scalar, new))
        present = self.document.fields.get(field)
        if field not in self.document.fields:
            stop = self._end_of_line(after)
            self.edits.append(Edit(stop, stop, f"{self.line_end}{field}: [{listed}]"))
        elif present is None:
            end = self._end_of_key(field)
            self.edits.append(Edit(end, end, f" [{listed}]"))
        elif not isinstance(present, list):
            raise self._refusal(field, f"`{field}` is not a list")
        elif not present:
            start, _ = self._span(field)
            inside = start + 1
            self.edits.append(Edit(inside, inside, listed))
        else:
            self._append(field, len(present) - 1, new)
        self.expected[field] = [*(present or []), *new]

    def add_group(self, field: str, names: list[str]) -> None:
        """Add a list of names to a list of lists."""
        present = self.document.fields.get(field)
        item = f"[{', '.join(map(scalar, names))}]"
        if field not in self.document.fields:
            gap = "" if self.text.endswith(("\n", "\r")) or not self.text else self.line_end
            added = f"{gap}{field}:{self.line_end}  - {item}{self.line_end}"
            self.edits.append(Edit(len(self.text), len(self.text), added))
        elif present is None:
            end = self._end_of_key(field)
            self.edits.append(Edit(end, end, f" [{item}]"))
        elif self.text[self._start(field)] == "[":
            inside = self._start(field) + 1
            self.edits.append(Edit(inside, inside, item + (", " if present else "")))
        else:
            place = self.document.places[f"{field}.0"]
            start = self.starts[place.line - 1]
            lead = self.text[start : start + place.column - 1]
            self.edits.append(Edit(start, start, f"{lead}{item}{self.line_end}"))
            self.expected[field] = [names, *present]
            return
        self.expected[field] = [names, *(present or [])]

    def in_body(self, pattern: re.Pattern[str], put: Any) -> None:
        """Replace matches in the body, outside comments and blocks of code.

        What is code or a comment on a site with `html: safe` only is left alone too."""
        body, first = self.document.body, self.document.body_line - 1
        code, shown = set[int](), list[list[str]]()
        for html in (False, True):
            hidden, _ = hide(body, html)
            code |= code_lines(hidden, html)
            shown.append(hidden.split("\n"))
        for n, lines in enumerate(zip(*shown, strict=True)):
            at = self._start_of(first + n)
            text = self.text[at : self._start_of(first + n + 1)]
            for match in pattern.finditer(text) if n not in code else ():
                new = put(match)
                whole = all(line[slice(*match.span())] == match[0] for line in lines)
                if whole and new != match[0]:
                    self.edits.append(Edit(at + match.start(), at + match.end(), new))

    # --- result ---

    def result(self) -> bytes:
        """Return the new bytes of the file."""
        text, last = self.text, len(self.text) + 1
        in_order = sorted(
            enumerate(self.edits), key=lambda each: (each[1].start, each[1].end, each[0])
        )
        for _, edit in reversed(in_order):  # insertions at one place stay in their order
            if edit.end > last:
                raise EditError(f"{self.path}: two edits overlap; make them by hand")
            text = text[: edit.start] + edit.text + text[edit.end :]
            last = edit.start
        data = (self.mark + text).encode("utf-8")
        for at in sorted(self.removed, key=_by_number, reverse=True):
            _cut(self.expected, at)
        document, problems = self.read(self.path, data)
        if (
            document is None
            or len(problems) > self.warnings
            or any(p.severity == "error" for p in problems)
            or document.fields != self.expected
        ):
            raise EditError(f"{self.path} cannot be edited automatically; edit it by hand")
        return data

    # --- positions ---

    def _refusal(self, at: str, why: str) -> EditError:
        place = self.document.places.get(at, Place())
        return EditError(f"{self.path}:{place.line}: {why}")

    def _start(self, at: str) -> int:
        place = self.document.places[at]
        return self.starts[place.line - 1] + place.column - 1

    def _span(self, at: str) -> tuple[int, int]:
        """Return the start and end of a value; a list must end on its first line."""
        start = self._start(at)
        end = start + self.document.places[at].width
        value = self._value(at)
        if isinstance(value, str):
            try:
                found = yaml.load(self.text[start:end], Loader=yaml.CBaseLoader)
            except yaml.YAMLError:
                found = None
            if found != value:
                raise self._refusal(at, f"`{value}` spans several lines; edit it by hand")
        return start, end

    def _value(self, at: str) -> Any:
        value: Any = self.document.fields
        for part in at.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value

    def _end_of_line(self, field: str) -> int:
        line = self.document.places[field].line
        return self.starts[line] - len(self.line_end) if line < len(self.starts) else len(self.text)

    def _end_of_key(self, field: str) -> int:
        mark: Any = self.document.keys[field].end_mark
        colon = self.text.index(":", self.starts[mark.line] + mark.column)
        return colon + 1

    def _append(self, field: str, last: int, new: list[str]) -> None:
        _, end = self._span(f"{field}.{last}")
        place = self.document.places[f"{field}.{last}"]
        if self.text[self._start(field)] == "[":
            self.edits.append(Edit(end, end, "".join(f", {scalar(name)}" for name in new)))
            return
        lead = self.text[self.starts[place.line - 1] :][: place.column - 1]
        stop = self._end_of_line(f"{field}.{last}")
        lines = "".join(f"{self.line_end}{lead}{scalar(name)}" for name in new)
        self.edits.append(Edit(stop, stop, lines))


def like(written: str, name: str) -> str:
    """Return a name quoted like the text that it replaces."""
    if written[:1] == "'" and "\n" not in name:
        return "'" + name.replace("'", "''") + "'"
    if written[:1] == '"':
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return scalar(name)


def _by_number(at: str) -> tuple[str, int]:
    field, _, n = at.rpartition(".")
    return field, int(n)


def _parent(fields: Any, at: str) -> tuple[Any, str]:
    *way, last = at.split(".")
    for part in way:
        fields = fields[int(part)] if isinstance(fields, list) else fields[part]
    return fields, last


def _rename(fields: dict[str, Any], at: str, name: str) -> None:
    holder, last = _parent(fields, at)
    holder[name] = holder.pop(last)


def _put(fields: dict[str, Any], at: str, value: str) -> None:
    holder, last = _parent(fields, at)
    holder[int(last) if isinstance(holder, list) else last] = value


def _cut(fields: dict[str, Any], at: str) -> None:
    holder, last = _parent(fields, at)
    del holder[int(last)]
