"""An answer as a table of text, as CSV and as JSON."""

from __future__ import annotations

import json
import unicodedata

from builder.ask.database import QueryAnswer
from builder.diagnostics.report import printable_lines
from builder.pages.parts.data_files import as_csv

_WIDEST = 48  # columns of a terminal that a cell of a table takes, at most


def as_table(answer: QueryAnswer) -> str:
    """Return an answer as a table, without columns that have nothing."""
    kept = [
        n
        for n, _ in enumerate(answer.columns)
        if not answer.rows or any(row[n] is not None for row in answer.rows)
    ]
    head = [answer.columns[n] for n in kept]
    rows = [[_cell(row[n]) for n in kept] for row in answer.rows]
    right = [
        bool(answer.rows) and all(isinstance(row[n], (int, float)) for row in answer.rows)
        for n in kept
    ]
    widths = [max(_width(row[n]) for row in (head, *rows)) for n, _ in enumerate(kept)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "".join(
        "  ".join(
            _padded(cell, width, at_right)
            for cell, width, at_right in zip(line, widths, right, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:,.10g}" if isinstance(value, float) else str(value)
    text = f"{value:,}" if isinstance(value, int) and abs(value) > 9999 else text
    text = printable_lines(" ".join(text.split()))
    while _width(text) > _WIDEST:
        text = text[: max(1, len(text) - 1 - (_width(text) - _WIDEST) // 2)].rstrip("…") + "…"
    return text


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _padded(cell: str, width: int, at_right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if at_right else cell + space


def as_comma_separated(answer: QueryAnswer) -> str:
    """Return an answer as CSV, harmless in a spreadsheet."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return as_csv(rows, answer.columns)


def as_json_rows(answer: QueryAnswer) -> str:
    """Return an answer as a JSON array, an object per row."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n" if rows else "[]\n"
