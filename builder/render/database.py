"""The record as an SQLite file, whose bytes depend on its content and the version of SQLite."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing


def make_database(text: str) -> bytes:
    """Return an SQLite file with tables.

    `text` is JSON with the statements in `schema` and the rows in `tables`, by table. No time and
    no name of a machine is in the file: the same rows give the same bytes with one version of
    SQLite."""
    data = json.loads(text)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA encoding = 'UTF-8'")
        database.execute("BEGIN")
        for statement in data["schema"]:
            database.execute(statement)
        for name, rows in data["tables"].items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
        database.execute("COMMIT")
        database.execute("VACUUM")
        return database.serialize()
