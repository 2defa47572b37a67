"""Rows of data as CSV and JSON."""

from __future__ import annotations

import csv
import io

import msgspec

_NUMBERS = ("low", "high")  # columns whose values may begin with a minus sign


def as_csv(rows: list[dict[str, str]]) -> str:
    """Return rows as CSV (RFC 4180).

    An apostrophe precedes a cell that a spreadsheet would evaluate as a formula.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=[*rows[0]], lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _tame(name, cell) for name, cell in row.items()})
    return stream.getvalue()


def _tame(name: str, cell: str) -> str:
    return f"'{cell}" if name not in _NUMBERS and cell[:1] in ("=", "+", "-", "@") else cell


def as_json(name: str, rows: list[dict[str, str]]) -> str:
    """Return a JSON object with named rows, one field per line."""
    text = msgspec.json.format(msgspec.json.encode({name: rows}), indent=1)
    return f"{text.decode()}\n"
