"""Rows -> the same for machines, as CSV and as JSON."""

from __future__ import annotations

import csv
import io

import msgspec

_NUMBERS = ("low", "high")  # which may begin with a minus


def as_csv(rows: list[dict[str, str]]) -> str:
    """RFC 4180. A cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=[*rows[0]], lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _tame(name, cell) for name, cell in row.items()})
    return stream.getvalue()


def _tame(name: str, cell: str) -> str:
    return f"'{cell}" if name not in _NUMBERS and cell[:1] in ("=", "+", "-", "@") else cell


def as_json(name: str, rows: list[dict[str, str]]) -> str:
    """An object with the rows under a name, a field a line."""
    text = msgspec.json.format(msgspec.json.encode({name: rows}), indent=1)
    return f"{text.decode()}\n"
