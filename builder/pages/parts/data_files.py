"""Rows of data as CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from builder.patterns import pattern

_NUMBERS = ("low", "high")  # columns whose values may begin with a minus sign


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """Return rows as CSV (RFC 4180), also without any.

    `columns` are their names (default: those of the first row). An apostrophe precedes what a
    spreadsheet would evaluate as a formula.
    """
    stream = io.StringIO()
    names = [_FORMULA.sub("'", name) for name in columns or rows[0]]
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_tame(name, cell) for name, cell in row.items()])
    return stream.getvalue()


# What a spreadsheet evaluates, also in its full-width form, at the beginning of a cell. A tab, a
# semicolon or the end of a line begins a cell where the system's separator is another.
_FORMULA = pattern(r"(?:^|(?<=[\t\r\n;|]))(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")


def _tame(name: str, cell: Any) -> Any:
    tame = name in _NUMBERS or not isinstance(cell, str)
    return cell if tame else _FORMULA.sub("'", cell)


def as_json(name: str, rows: list[dict[str, str]]) -> str:
    """Return a JSON object with named rows, one field per line."""
    text = msgspec.json.format(msgspec.json.encode({name: rows}), indent=1)
    return f"{text.decode()}\n"
