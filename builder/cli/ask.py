"""`slugline ask`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.options import find_root, make_options, note

if TYPE_CHECKING:
    from builder.ask.database import QueryAnswer
    from builder.engine.opened import OpenSite


@click.command()
@click.argument("query", required=False)
@click.option("--sql", metavar="STATEMENT", help="Standard SQL instead of a query.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "sql"]),
    default="table",
    show_default=True,
    help="How to print the answer; sql prints the query as SQL.",
)
@click.option(
    "--at",
    metavar="MOMENT",
    help="The record as of this time, such as 2025-06-15 09:00 (default: now).",
)
@click.option(
    "--edition", default="", metavar="TAG", help="Edition, such as nl (default: the main one)."
)
@click.pass_obj
def ask(
    folder: Path | None, /, query: str | None, sql: str | None, form: str, at: str | None,
    edition: str,
) -> None:  # fmt: skip
    """Ask the record a question.

    QUERY is such as: figures of Scale AI where metric = valuation as known 2025-07-01. Names are
    known by all their aliases. With --sql, the question is a SELECT on the tables of the record.
    Nothing is changed, and nothing needs to be built. `slugline help asking` describes both.
    """
    from builder.ask.query import day_of

    if (query is None) == (sql is None):
        raise click.UsageError("give a query or --sql: slugline ask 'figures of Scale AI'")
    if query and (day := day_of(query)):
        if at is not None:
            raise click.UsageError("give the day once: `as known` or --at")
        at = end_of_day(day)
    root = find_root(folder)
    site = _opened(root, at, edition)
    statement = sql if sql is not None else _as_sql(query or "", site)
    if form == "sql":
        click.echo(f"{statement};")
        return
    _print(_answer(site, statement), form)


def end_of_day(day: str) -> str:
    """Return a day as its last minute.

    What was published on a day was known at its end."""
    import re

    return f"{day} 23:59" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else day


def _opened(root: Path, at: str | None, edition: str) -> OpenSite:
    from builder.cli.mail import in_edition
    from builder.engine.opened import open_site

    return in_edition(open_site(root, make_options(root, at, False, None)), edition)


def _as_sql(query: str, site: OpenSite) -> str:
    from builder.ask.names import names_of
    from builder.ask.query import read_query

    return read_query(query, names_of(site.site)).sql


def _answer(site: OpenSite, statement: str) -> QueryAnswer:
    from builder.ask.database import open_record, run

    with open_record(site) as database:
        return run(database, statement)


def _print(answer: QueryAnswer, form: str) -> None:
    from builder.ask.printed import as_comma_separated, as_json_rows, as_table

    printers = {"table": as_table, "csv": as_comma_separated, "json": as_json_rows}
    click.echo(printers[form](answer), nl=False)
    if answer.cut:
        note(f"only the first {len(answer.rows):,} rows are shown; add a limit or a condition")
    elif not answer.rows and form == "table":
        note("no row of the record matches")
