"""Rows of data as CSV and JSON."""

from __future__ import annotations

import csv
import io
import re

import msgspec

_NUMBERS = ("low", "high")  # columns whose values may begin with a minus sign


def as_csv(rows: list[dict[str, str]]) -> str:
    """Return rows as CSV (RFC 4180).

    An apostrophe precedes what a spreadsheet would evaluate as a formula.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=[*rows[0]], lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _tame(name, cell) for name, cell in row.items()})
    return stream.getvalue()


# What a spreadsheet evaluates, also in its full-width form, at the beginning of a cell. A tab, a
# semicolon or the end of a line begins a cell where the system's separator is another.
_FORMULA = re.compile(r"(?:^|(?<=[\t\r\n;|]))(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")


def _tame(name: str, cell: str) -> str:
    return cell if name in _NUMBERS else _FORMULA.sub("'", cell)


def as_json(name: str, rows: list[dict[str, str]]) -> str:
    """Return a JSON object with named rows, one field per line."""
    text = msgspec.json.format(msgspec.json.encode({name: rows}), indent=1)
    return f"{text.decode()}\n"
