"""Runs SQL on the record, read-only and within limits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from builder.ask.problem import QueryError
from builder.engine.opened import OpenSite
from builder.names.suggest import did_you_mean
from builder.pages.parts.record_rows import as_values, record_rows
from builder.pages.parts.record_tables import TABLES, columns_of, sql_schema

SECONDS = 10.0  # that a query may take
ROWS = 10_000  # that an answer may have
_BYTES = 10_000_000  # of a text that a query makes
_STEPS = 10_000  # instructions of SQLite between two looks at the clock
_ALLOWED = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION}
)
_REFUSED = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})


class QueryAnswer(NamedTuple):
    """The rows of an answer, and whether there are more than it may have."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    cut: bool


@contextmanager
def open_record(site: OpenSite) -> Iterator[sqlite3.Connection]:
    """Yield the record of a site as a read-only database."""
    site.plan.view.begin()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("BEGIN")
        for statement in sql_schema():
            database.execute(statement)
        for name, found in record_rows(site.plan).items():
            rows = [[*row.values()] for row in as_values(found)]
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
        database.execute("COMMIT")
        database.execute("PRAGMA query_only = ON")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _BYTES)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        database.set_authorizer(_authorize)
        yield database


def _authorize(action: int, first: str | None, second: str | None, *rest: object) -> int:
    """Allow reading alone: no statement that writes, attaches a file or sets anything."""
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second in _REFUSED):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def run(database: sqlite3.Connection, sql: str) -> QueryAnswer:
    """Return the answer to an SQL statement.

    Raises QueryError if it is wrong, takes too long or would change anything."""
    end, most = time.monotonic() + SECONDS, ROWS
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        cursor = database.execute(sql)
        rows = cursor.fetchmany(most + 1)
    except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
        raise _explained(sql, str(error)) from None
    finally:
        database.set_progress_handler(None, 0)
    columns = tuple(column[0] for column in cursor.description or ())
    return QueryAnswer(columns, rows[:most], len(rows) > most)


def _explained(sql: str, said: str) -> QueryError:
    """Return an error of SQLite with its place in a statement, and what is meant."""
    if said == "interrupted":
        return QueryError("", 0, 1, f"the query takes longer than {SECONDS:.0f} seconds")
    if "not authorized" in said or "prohibited" in said:
        hint = "a query reads the record: begin it with SELECT or WITH"
        return QueryError("", 0, 1, f"this is not allowed: {said}", hint)
    kind, _, name = said.partition(": ")
    known = [table.name for table in TABLES]
    if kind == "no such column":
        known = [column.name for table in TABLES for column in columns_of(table.row)]
    near = name.rpartition(".")[2] if kind.startswith("no such") else ""
    if kind.startswith("near "):
        near = said.split('"')[1] if said.count('"') > 1 else ""
    at = sql.lower().find(near.lower()) if near else -1
    hint = did_you_mean(near, known) if kind.startswith("no such") and near else ""
    return QueryError(sql if at >= 0 else "", max(at, 0), len(near), said, hint)
