"""The record for programs: its page, one SQLite file, and JSON with a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from builder.language.words import ENGLISH, in_language, message
from builder.pages.page import Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.parts.record_rows import as_values, record_rows
from builder.pages.parts.record_tables import (
    TABLES,
    columns_of,
    json_schema,
    sql_schema,
    summary_of,
)
from builder.pages.planner import Planner
from builder.site.lists import Lists
from builder.site.site import Site

PAGE = Link(message("The record as data"), "/record/")
SCHEMA = f"{PAGE.url}record.schema.json"
_FORMATS = {
    "sqlite": Link("SQLite", f"{PAGE.url}record.sqlite"),
    "json": Link("JSON", f"{PAGE.url}record.json"),
}
# Files of single ledgers, by the page that each belongs to.
_OTHERS = (
    ("/numbers/", message("Figures", "data"), "numbers", ("csv", "json")),
    ("/relations/", message("Relations", "data"), "relations", ("csv", "json", "graphml")),
    ("/sources/", message("Publishers", "data"), "sources", ("csv", "json")),
)


class ColumnLine(Struct, frozen=True):
    """A column of a table."""

    name: Annotated[str, "The name."]
    kind: Annotated[str, "What it has: text, number, decimal or boolean."]
    words: Annotated[str, "What it means."]
    optional: Annotated[bool, "Whether a row may have no value."]


class TableLines(Struct, frozen=True):
    """A table of the record."""

    name: Annotated[str, "The name."]
    summary: Annotated[str, "What it has."]
    key: Annotated[tuple[str, ...], "The columns that identify a row, if any do."]
    columns: Annotated[tuple[ColumnLine, ...], "The columns."]


class LedgerFiles(Struct, frozen=True):
    """The files of one ledger."""

    name: Annotated[str, "The ledger."]
    url: Annotated[str, "The address of its page."]
    files: Annotated[tuple[Link, ...], "The files: CSV, JSON, GraphML."]


class RecordPage(Struct, frozen=True, kw_only=True):
    """The page that documents the record for programs."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    files: Annotated[tuple[Link, ...], "The files with the whole record: SQLite, JSON."]
    schema: Annotated[str, "The address of the JSON Schema, if there is JSON."]
    tables: Annotated[tuple[TableLines, ...], "The tables."]
    ledgers: Annotated[tuple[LedgerFiles, ...], "The files of single ledgers."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if lists.settings.record:
        yield Task("record-page", _page)
        yield Task("record", _files)


def _page(plan: Planner) -> Iterator[Page]:
    formats, present = plan.settings.record, plan.view.index_pages()
    english = plan.words.english

    def said(text: str) -> str:  # descriptions are English in every language, as the schema is
        return text if english else in_language(text, ENGLISH)

    tables = tuple(
        TableLines(
            table.name,
            said(summary_of(table)),
            table.key,
            tuple(
                ColumnLine(c.name, c.kind, said(c.words), c.optional) for c in columns_of(table.row)
            ),
        )
        for table in TABLES
    )
    context = RecordPage(
        site=plan.info,
        head=plan.head(
            PAGE.url,
            plan.named(PAGE).name,
            description=plan.words(
                "Everything on the record in {site}, for programs.", site=plan.settings.title
            ),
            active=PAGE.url,
        ),
        files=tuple(link for name, link in _FORMATS.items() if name in formats),
        schema=SCHEMA if "json" in formats else "",
        tables=tables,
        ledgers=tuple(
            LedgerFiles(
                plan.words.key(name),
                url,
                tuple(Link(_WORDS[e], f"{url}{stem}.{e}") for e in endings),
            )
            for url, name, stem, endings in _OTHERS
            if url in present
        ),
    )
    anchors = ("content", *(f"table-{table.name}" for table in tables))
    yield Page(PAGE.url, "record.html", context, anchors=anchors)


_WORDS = {"csv": "CSV", "json": "JSON", "graphml": "GraphML"}


def _files(plan: Planner) -> Iterator[Page]:
    rows = {name: as_values(found) for name, found in record_rows(plan).items()}
    formats, settings = plan.settings.record, plan.settings
    if "json" in formats:
        about = {
            "title": settings.title,
            "url": f"{settings.base_url}/",
            "copyright": settings.copyright,
        }
        yield _file(_FORMATS["json"].url, _lines({"site": about, **rows}))
        schema = json_schema(plan.absolute(SCHEMA), f"The record of {settings.title}")
        yield _file(SCHEMA, f"{json.dumps(schema, ensure_ascii=False, indent=1)}\n")
    if "sqlite" in formats:
        tables = {name: [[*row.values()] for row in found] for name, found in rows.items()}
        text = json.dumps({"schema": sql_schema(), "tables": tables}, ensure_ascii=False)
        yield _file(_FORMATS["sqlite"].url, text)


def _lines(data: dict[str, object]) -> str:
    """Return a JSON object with a row per line."""
    parts = []
    for name, value in data.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f'"{name}": [\n{rows}\n]' if rows else f'"{name}": []')
        else:
            parts.append(f'"{name}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _file(url: str, text: str) -> Page:
    return Page(url, "data.txt", Data(text), addresses="none", listed=False)


KIND = Kind(
    tasks,
    {"record.html": RecordPage},
    roots=(PAGE.url,),
    once=True,
)
