"""Entries of front matter: values set, and items appended to lists, in the style of the file.

Comments, order, quotation marks and line ends are preserved. `result` parses the new text and
raises EditError if anything else has changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from builder.editing.edit import Edit, Rewriter, like
from builder.editing.new import scalar

# The value of an entry. Front matter has no types: a number or a date is its text.
Entry = str | Sequence["Entry"] | Mapping[str, "Entry"]

# The order in which briefs and registers list their fields. A new field follows the last one
# before it that the file has.
_ORDER = (
    "id", "guid", "title", "name", "date", "at", "event_date", "updated", "status", "checked_by",
    "withdrawn_because", "withdrawn", "expires", "slug", "redirects", "summary", "aliases",
    "formerly", "author", "section", "importance", "topics", "thread", "follows", "companies",
    "people", "lang", "translation_of", "sources", "image", "figures", "relations", "products",
    "claims", "quotes", "responses", "corrections", "why", "yes_but", "whats_next", "expects",
    "settles", "events", "allow",
)  # fmt: skip
# Characters that break lines in YAML 1.1, but not in files. (libyaml counts lines by them.)
_BREAKS = {0x85: "\ue000", 0x2028: "\ue000", 0x2029: "\ue000"}


_COMMENTED_ITEM = re.compile(r"#[ \t]+- [^\r\n]*(?:\r\n|\r|\n)")


class _Tail(NamedTuple):
    """Where the next item of a list or the next key of a mapping is inserted."""

    at: int
    lead: str | None  # of a line of its own; None inside brackets
    mark: str = ""  # what precedes it: `, `, `- `
    block: bool = False  # whether a mapping is written with one key per line


class EntryEditor(Rewriter):
    """The pending edits of one file, which may also set values and append items."""

    def __init__(self, path: str, data: bytes) -> None:
        super().__init__(path, data)
        last = self.document.body_line - 2 if self.document.body_line > 1 else None
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        source = "\n".join(["" if last else lines[0], *lines[1:last]])
        self._root: Node | None = yaml.compose(source.translate(_BREAKS), Loader=yaml.CBaseLoader)
        self._tails: dict[str, _Tail] = {}
        self._end_of_fields = self._start_of(len(lines[:last]))

    # --- edits ---------------------------------------------------------------------------------

    def append(self, field: str, entry: Entry) -> None:
        """Append an item to a top-level list, which may be new.

        Raises EditError if the field is not a list."""
        present = self.expected.get(field)
        if present is not None and not isinstance(present, list):
            raise self._refusal(field, f"`{field}` is not a list")
        if field not in self._tails:
            self._tails[field] = self._tail_of_list(field)
        tail = self._tails[field]
        if tail.lead is None:
            self._insert(tail.at, f"{tail.mark}{flow(entry)}")
            self._tails[field] = tail._replace(mark=", ")
        else:
            text = f"{self.line_end}{tail.lead}{' ' * len(tail.mark)}".join(
                block(entry) if tail.block else [flow(entry)]
            )
            self._insert_line(tail.at, f"{tail.lead}{tail.mark}{text}")
        self.expected[field] = [*(present or []), _plain(entry)]

    def set(self, at: str, value: Entry) -> None:
        """Set the value at a path such as `status` or `sources.2.archive`.

        A key that does not exist is inserted. Raises EditError if what would hold it is not a
        mapping, or if the present value has comments of its own."""
        node = self._node(at)
        holder, _, key = at.rpartition(".")
        if node is not None:
            self._replace(at, node, value)
        elif holder:
            self._insert_key(holder, key, value)
        else:
            self._insert_field(key, value)
        parent = self.expected
        for part in holder.split(".") if holder else ():
            parent = parent[int(part)] if isinstance(parent, list) else parent[part]
        parent[int(key) if isinstance(parent, list) else key] = _plain(value)

    def unset(self, at: str) -> None:
        """Remove a key of a mapping inside a list.

        `drop` removes a top-level field.

        Raises EditError for the only key of a mapping, or a value on several lines."""
        holder, _, key = at.rpartition(".")
        parent, node = self._node(holder), self._node(at)
        if not isinstance(parent, MappingNode) or node is None or len(parent.value) < 2:
            raise self._refusal(at, f"remove `{key}` by hand")
        n = next(i for i, (name, _) in enumerate(parent.value) if name.value == key)
        name, _ = parent.value[n]
        if parent.flow_style:
            if n:
                start, end = self._end(parent.value[n - 1][1]), self._end(node)
            else:
                start, end = self._at(name.start_mark), self._at(parent.value[1][0].start_mark)
        elif n:
            start = self._start_of(name.start_mark.line)
            end = self._line_after(self._end(node), node)
        else:
            start, end = self._at(name.start_mark), self._at(parent.value[1][0].start_mark)
        if "#" in self.text[start : self._at(node.start_mark)] + self.text[self._end(node) : end]:
            raise self._refusal(at, f"remove `{key}` and its comment by hand")
        self.edits.append(Edit(start, end, ""))
        kept = self._value_of(holder)
        del kept[key]

    # --- one kind of edit each -----------------------------------------------------------------

    def _tail_of_list(self, field: str) -> _Tail:
        node = self._node(field)
        if isinstance(node, SequenceNode) and node.value:
            end = self._end(node.value[-1])
            if node.flow_style:
                return _Tail(end, None, ", ")
            first, last = node.value[0], node.value[-1]
            dash = node.start_mark.column
            lead = self._line_of(first.start_mark.line)[:dash]
            gap = " " * max(0, first.start_mark.column - dash - 1)
            is_block = isinstance(last, MappingNode) and not last.flow_style
            return _Tail(self._line_after(end, last), lead, f"-{gap or ' '}", is_block)
        if node is None:
            at = self._place_of_field(field)
            self._insert_line(at, f"{field}:")
            return _Tail(at, "  ", "- ")
        start, end = self._at(node.start_mark), self._end(node)
        if "\n" in self.text[start:end] or "\r" in self.text[start:end]:
            return _Tail(start + 1, None)  # brackets with a comment between them
        if isinstance(node, SequenceNode):
            self.edits.append(Edit(start - (self.text[start - 1] == " "), end, ""))
        elif end > start:
            self.edits.append(Edit(start, end, ""))
        return _Tail(self._line_after(end, node), "  ", "- ")

    def _replace(self, at: str, node: Node, value: Entry) -> None:
        start, end = self._at(node.start_mark), self._end(node)
        written = self.text[start:end]
        if isinstance(node, ScalarNode) and not written:
            self._fill(self._end_of_key(at), value)
            return
        if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style:
            if any(line.lstrip().startswith("#") or " #" in line for line in written.splitlines()):
                raise self._refusal(at, "this value has comments; edit it by hand")
            key = self.document.keys.get(at)
            if key is not None and key.end_mark.line != node.start_mark.line:
                start = self._end_of_key(at)
        same = isinstance(node, ScalarNode) and isinstance(value, str)
        quoted = same and written[:1] in "'\"" and "\n" not in written
        new = like(written, str(value)) if quoted else flow(value)
        gap = " " if self.text[start - 1] == ":" else ""
        self.edits.append(Edit(start, end, gap + new))

    def _fill(self, at: int, value: Entry) -> None:
        """Write a value after a key without one; a comment keeps its column if there is room."""
        line = self.text[at:].split("\n", 1)[0]
        spaces = len(line) - len(line.lstrip(" "))
        new = f" {flow(value)}"
        room = min(len(new), max(0, spaces - 1)) if line[spaces : spaces + 1] == "#" else 0
        self.edits.append(Edit(at, at + room, new))

    def _insert_key(self, holder: str, key: str, value: Entry) -> None:
        node = self._node(holder)
        if not isinstance(node, MappingNode):
            raise self._refusal(holder, f"this has no fields; write it as `{{…, {key}: …}}`")
        if holder not in self._tails:
            if not node.value:
                tail = _Tail(self._at(node.start_mark) + 1, None)
            elif node.flow_style:
                tail = _Tail(self._end(node.value[-1][1]), None, ", ")
            else:
                last = node.value[-1][1]
                column = node.value[0][0].start_mark.column
                tail = _Tail(self._line_after(self._end(last), last), " " * column)
            self._tails[holder] = tail
        tail = self._tails[holder]
        if tail.lead is None:
            self._insert(tail.at, f"{tail.mark}{key}: {flow(value)}")
            self._tails[holder] = tail._replace(mark=", ")
        else:
            self._insert_line(tail.at, f"{tail.lead}{key}: {flow(value)}")

    def _insert_field(self, field: str, value: Entry) -> None:
        self._insert_line(self._place_of_field(field), f"{field}: {flow(value)}")

    def _insert(self, at: int, text: str) -> None:
        self.edits.append(Edit(at, at, text))

    def _insert_line(self, at: int, line: str) -> None:
        unended = at == len(self.text) and self.text and not self.text.endswith(("\n", "\r"))
        first, last = (self.line_end, "") if unended else ("", self.line_end)
        self._insert(at, f"{first}{line}{last}")

    # --- positions -----------------------------------------------------------------------------

    def _place_of_field(self, field: str) -> int:
        """Return where a new field is inserted: the start of a line."""
        if not isinstance(self._root, MappingNode):
            return self._end_of_fields
        before = _ORDER[: _ORDER.index(field)] if field in _ORDER else ()
        present = {key.value: value for key, value in self._root.value}
        for name in reversed(before):
            if name in present:
                after = self._line_after(self._end(present[name]), present[name])
                # Items that are commented out belong to the list above them.
                while match := _COMMENTED_ITEM.match(self.text, after):
                    after = match.end()
                return after
        if field in _ORDER and self._root.value:
            return self._start_of(self._root.value[0][0].start_mark.line)
        return self._end_of_fields

    def _node(self, at: str) -> Node | None:
        """Return the node of a value; None if there is none."""
        node = self._root
        for part in at.split("."):
            if isinstance(node, MappingNode):
                node = next((v for key, v in node.value if key.value == part), None)
            elif isinstance(node, SequenceNode) and part.isdecimal():
                node = node.value[int(part)] if int(part) < len(node.value) else None
            else:
                return None
        return node

    def _value_of(self, at: str) -> Any:
        value: Any = self.expected
        for part in at.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value

    def _at(self, mark: Any) -> int:
        return self._start_of(mark.line) + int(mark.column)

    def _end(self, node: Node) -> int:
        """Return where a node's text ends, without the line end of a block scalar."""
        if isinstance(node, ScalarNode):
            if node.style in ("|", ">"):
                text = self.text[self._at(node.start_mark) : self._at(node.end_mark)]
                return self._at(node.start_mark) + len(text.rstrip("\r\n"))
            return self._at(node.end_mark)
        assert isinstance(node, (MappingNode, SequenceNode))
        if node.flow_style or not node.value:
            return self._at(node.end_mark)
        last = node.value[-1]
        return self._end(last[1] if isinstance(last, tuple) else last)

    def _line_after(self, end: int, node: Node) -> int:
        """Return the start of the line after a node that ends at `end`."""
        while isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return self._at(node.end_mark)  # after the blank lines that belong to the text
        return next((start for start in self.starts if start > end), len(self.text))

    def _line_of(self, number: int) -> str:
        return self.text[self._start_of(number) : self._start_of(number + 1)]


def flow(entry: Entry) -> str:
    """Return an entry as YAML on one line."""
    if isinstance(entry, str):
        return scalar(entry)
    if isinstance(entry, Mapping):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in entry.items()) + "}"
    return "[" + ", ".join(map(flow, entry)) + "]"


def block(entry: Entry) -> list[str]:
    """Return the lines of an entry, one for each key."""
    if isinstance(entry, Mapping) and entry:
        return [f"{key}: {flow(value)}" for key, value in entry.items()]
    return [flow(entry)]


def _plain(entry: Entry) -> Any:
    """Return an entry as a document has it once it is read."""
    if isinstance(entry, str):
        return entry
    if isinstance(entry, Mapping):
        return {key: _plain(value) for key, value in entry.items()}
    return [*map(_plain, entry)]
