"""Finds unresolved merge conflicts in text.

Version control systems write them between lines of seven characters: `<<<<<<<` with the name of one
side, perhaps `|||||||` with the common ancestor, `=======`, and `>>>>>>>` with the other side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.patterns import pattern

_BEGIN, _ANCESTOR, _MIDDLE, _END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"
# A marker is exactly seven characters at the start of a line, alone or before a space and a name.
_MARKER = pattern(r"(<{7}|\|{7}|={7}|>{7})(?: (.*))?")


class Conflict(NamedTuple):
    """A conflict: its markers in order, each with its line (1-based) and name."""

    markers: tuple[tuple[str, int, str], ...]

    @property
    def first(self) -> int:
        return self.markers[0][1]

    @property
    def last(self) -> int:
        return self.markers[-1][1]

    @property
    def complete(self) -> bool:
        """Return whether the conflict has both its beginning and its end."""
        return self.markers[0][0] == _BEGIN and self.markers[-1][0] == _END


def conflicts_in(path: str, data: bytes) -> list[Diagnostic]:
    """Return an error for each conflict in the bytes of a file."""
    if b"<<<<<<<" not in data and b">>>>>>>" not in data:
        return []
    return report_conflicts(path, data.decode("utf-8", "replace"))


def has_marker(text: str) -> bool:
    """Return whether a text can contain a conflict."""
    return _BEGIN in text or _END in text


def report_conflicts(
    path: str, text: str, code: Mapping[int, int] = MappingProxyType({})
) -> list[Diagnostic]:
    """Return an error for each conflict in a file.

    `code` maps each line (1-based) in a block of code to the block's first line. A conflict that
    is whole in one block is text."""
    if not has_marker(text):
        return []
    lines = re.split(r"\r\n|\r|\n", text)
    return [
        _diagnostic(path, lines, conflict)
        for conflict in _conflicts(lines)
        if not (conflict.complete and _same_block(code, conflict))
    ]


def _conflicts(lines: list[str]) -> Iterator[Conflict]:
    """Yield every conflict.

    The beginning is a sign of its own; an end only after a line `=======`, because seven `>` can
    also open quotations in Markdown."""
    found: list[tuple[str, int, str]] = []
    for number, line in enumerate(lines, 1):
        match = _MARKER.fullmatch(line.rstrip()) if line[:1] in "<|=>" else None
        if match is None:
            continue
        marker = (match[1], number, match[2] or "")
        if match[1] == _BEGIN:
            if found and found[0][0] == _BEGIN:
                yield Conflict(tuple(found))
            found = [marker]
        elif match[1] == _MIDDLE and (not found or found[0][0] == _MIDDLE):
            found = [marker]  # or the underline of a heading
        elif match[1] == _END and found:
            yield Conflict((*found, marker))
            found = []
        elif found:
            found.append(marker)
    if found and found[0][0] == _BEGIN:
        yield Conflict(tuple(found))


def _same_block(code: Mapping[int, int], conflict: Conflict) -> bool:
    return conflict.first in code and code[conflict.first] == code.get(conflict.last)


def _diagnostic(path: str, lines: list[str], conflict: Conflict) -> Diagnostic:
    place = Place(conflict.first, 1, len(lines[conflict.first - 1].rstrip()))
    names = {sign: f"`{name}`" for sign, _, name in conflict.markers if name}
    listed = [f"{number} (`{sign}`)" for sign, number, _ in conflict.markers]
    delete = f"delete line {_and(listed)}" if len(listed) == 1 else f"delete lines {_and(listed)}"
    if conflict.complete:
        sides = _between(names.get(_BEGIN, ""), names.get(_END, ""))
        message = (
            f"lines {conflict.first} to {conflict.last} are an unresolved merge conflict{sides}"
        )
        hint = f"keep the text of one side or merge both, and {delete}"
    elif conflict.markers[0][0] == _BEGIN:
        side = f" of {names[_BEGIN]}" if _BEGIN in names else ""
        message = f"an unresolved merge conflict begins here with the text{side}; it has no end"
        hint = f"compare the text with the version before the merge, and {delete}"
    else:
        side = f" of {names[_END]}" if _END in names else ""
        message = f"an unresolved merge conflict ends on line {conflict.last} with the text{side}"
        hint = f"compare the text with the version before the merge, and {delete}"
    return Diagnostic.of(path, place, "conflict-markers", message, hint)


def _between(ours: str, theirs: str) -> str:
    if ours and theirs:
        return f" between {ours} and {theirs}"
    return f" with {ours or theirs}" if ours or theirs else ""


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
