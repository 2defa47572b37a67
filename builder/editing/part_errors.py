"""Reads what an editor typed for a part of a record, such as a source, as `check` would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

from msgspec import Struct

from builder.content.document import Document
from builder.content.schema import read_record
from builder.diagnostics.diagnostic import Place

_ADD = re.compile(r"add `([^`]+)`")


class PartError(NamedTuple):
    """What is wrong with a field, and what to do."""

    message: str
    hint: str


def part_errors(
    kind: type[Struct], written: Mapping[str, Any], zone: tzinfo
) -> dict[str, PartError]:
    """Return what is wrong with a part, by field.

    Values are texts; those of a part of the part are in a mapping. What misses has the path of the
    first field to add."""
    paths = [path for path, _ in _paths(written, "")]
    # Each field stands on a line of its own, so that a problem's line names the field.
    places = {path: Place(n, 1, 1) for n, path in enumerate(paths, 2)}
    document = Document("", {**written}, places, "", len(paths) + 2, [""] * (len(paths) + 2), {})
    _, problems = read_record(kind, document, zone)
    found: dict[str, PartError] = {}
    for d in problems:
        path = paths[d.line - 2] if d.line > 1 else ""
        if d.code == "missing-key" and (missing := _ADD.search(d.hint)):
            path = f"{path}.{missing[1]}" if path else missing[1]
        found.setdefault(path, PartError(d.message, d.hint))
    return found


def _paths(written: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in written.items():
        yield f"{prefix}{name}", value
        if isinstance(value, Mapping):
            yield from _paths(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from ((f"{prefix}{name}.{n}", item) for n, item in enumerate(value))
