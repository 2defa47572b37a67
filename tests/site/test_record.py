"""The record for programs: one SQLite file, and JSON with a schema."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from builder.pages.parts.record_tables import TABLES, columns_of
from support.sites import brief, build_site, edit, read, tree, urls, write_site

FILES = {"/record/record.json", "/record/record.sqlite"}
SITE = """\
=== site.yaml
title: Test
base_url: https://test.example/news
language: en-GB
copyright: Text under CC0.
record: [json, sqlite]
author: desk
authors: [{slug: desk, name: The desk, kind: organization}]
=== content/companies/scale-ai.md
---
name: Scale AI
aliases: [Scale]
ids: {wikidata: Q1234567, lei: EXAMPLEINITECH000152}
---
=== content/companies/initrode.md
---
name: Initrode
---
""" + (
    brief(
        "one", "Scale AI's one", "First.", companies="[Scale, Google]", topics="[Chips]",
        figures="[{id: w, of: Scale AI, metric: valuation, value: 1.5bn..2bn USD, as_of: 2025-05,"
        " source: reuters}]",
        relations="[{from: Google, type: customer, to: Scale AI, since: 2024}]",
        claims="[{text: A claim, status: reported, by: {company: Google}, source: reuters}]",
        quotes="[{by: Ann Lee, of: Scale AI, text: Yes., source: reuters}]",
        responses="[{from: Google, stance: declined}]",
        expects="[{id: plant, text: The plant opens., by: 2025-06-30, of: Google, says: reuters},"
        " {id: sale, text: Google's sale ends.}]",
        corrections="[{at: 2025-06-16, kind: factual, was: no, now: 'yes'}]",
        sources="[{id: reuters, publisher: Reuters, url: 'https://r.example/a', lang: en},"
        " {id: b, publisher: CNBC, role: relay, of: reuters}]",
    )
    + brief("two", "Google two", companies="[Google]", date="2025-06-20",
            settles="[{what: one#sale, outcome: not, when: 2025-06-19, source: reuters}]")
    + brief("draft", "Initrode secret", companies="[Initrode]", status="draft",
            claims="[{text: A secret, status: reported}]", expects="[{id: a, text: A secret}]",
            settles="[{what: one#plant, outcome: happened, source: reuters}]")
    + brief("pulled", "Initrode pulled", companies="[Initrode]", status="withdrawn",
            withdrawn_because="Wrong.")
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_site(tmp_path_factory.mktemp("site"), SITE)
    build_site(folder)
    return folder


@pytest.fixture(scope="module")
def record(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read(site, "record/record.json"))
    return found


@pytest.fixture(scope="module")
def database(site: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(site / "output/record/record.sqlite")) as found:
        yield found


def test_the_json_is_valid_by_its_schema(site: Path, record: dict[str, Any]) -> None:
    schema = json.loads(read(site, "record/record.schema.json"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(record)
    assert schema["$id"] == "https://test.example/news/record/record.schema.json"
    broken = {**record, "briefs": [{**record["briefs"][0], "title": 3}]}
    assert [*Draft202012Validator(schema).iter_errors(broken)]


def test_what_the_record_says(record: dict[str, Any]) -> None:
    assert record["site"] == {
        "title": "Test", "url": "https://test.example/news/", "copyright": "Text under CC0.",
    }  # fmt: skip
    one, two = record["briefs"]
    assert (one["slug"], one["title"], two["slug"]) == ("one", "Scale AI’s one", "two")
    assert one["url"] == "https://test.example/news/briefs/one/"
    scale = next(c for c in record["companies"] if c["slug"] == "scale-ai")
    assert (scale["wikidata"], scale["lei"]) == ("Q1234567", "EXAMPLEINITECH000152")
    (figure,) = record["figures"]
    assert (figure["low"], figure["high"], figure["unit"]) == ("1500000000", "2000000000", "USD")
    assert figure["company"] == "scale-ai"
    (claim,) = record["claims"]
    assert (claim["text"], claim["company"], claim["source"]) == ("A claim", "google", "reuters")
    (quote,) = record["quotations"]
    assert (quote["person"], quote["company"]) == ("ann-lee", "scale-ai")
    assert record["responses"][0]["company"] == "google"
    assert [(s["id"], s["publisher"], s["of"]) for s in record["sources"][:2]] == [
        ("reuters", "reuters", None), ("b", "cnbc", "reuters"),
    ]  # fmt: skip
    assert record["relations"][0]["briefs"] == "one"
    assert {c["kind"] for c in record["corrections"]} == {"factual", "withdrawn"}
    mentions = [(m["kind"], m["slug"]) for m in record["mentions"] if m["brief"] == "one"]
    assert mentions == [
        ("author", "desk"), ("company", "scale-ai"), ("company", "google"), ("person", "ann-lee"),
        ("topic", "chips"),
    ]  # fmt: skip


def test_expectations_have_their_state(tmp_path: Path, record: dict[str, Any]) -> None:
    names = ("id", "text", "due", "company", "state", "outcome", "outcome_date", "settled_by")
    plant = ["plant", "The plant opens.", "2025-06-30", "google", "overdue", None, None, None]
    sale = ["sale", "Google’s sale ends.", None, "scale-ai", "settled", "not", "2025-06-19", "two"]
    assert [[row[name] for name in names] for row in record["expectations"]] == [plant, sale]
    write_site(tmp_path, SITE)
    build_site(tmp_path, now=datetime(2025, 6, 30, 23, 59, tzinfo=UTC))
    assert json.loads(read(tmp_path, "record/record.json"))["expectations"][0]["state"] == "open"
    written = urls(build_site(tmp_path, now=datetime(2025, 7, 1, 0, 1, tzinfo=UTC)))
    assert written >= FILES
    assert (
        json.loads(read(tmp_path, "record/record.json"))["expectations"] == record["expectations"]
    )


def test_only_what_is_published_is_in_it(record: dict[str, Any]) -> None:
    text = json.dumps({name: rows for name, rows in record.items() if name != "corrections"})
    for word in ("secret", "pulled", "Initrode"):
        assert word not in text


def test_both_files_say_the_same(record: dict[str, Any], database: sqlite3.Connection) -> None:
    for table in TABLES:
        columns = [column.name for column in columns_of(table.row)]
        rows = database.execute(f'SELECT * FROM "{table.name}"').fetchall()
        found = sorted(
            [str(None if v is None else int(v) if isinstance(v, bool) else v) for v in row]
            for row in rows
        )
        given = sorted(
            [
                str(None if r[c] is None else int(r[c]) if isinstance(r[c], bool) else r[c])
                for c in columns
            ]
            for r in record[table.name]
        )
        assert found == given, table.name


def test_a_question_in_sql(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (found,) = database.execute(
        "SELECT c.name, f.high, typeof(f.high), b.title FROM figures f"
        " JOIN companies c ON c.slug = f.company JOIN briefs b ON b.slug = f.brief"
        " WHERE f.metric = 'valuation' AND f.low > 1e9"
    ).fetchall()
    assert found == ("Scale AI", 2000000000, "integer", "Scale AI’s one")


def test_the_page_documents_every_column(site: Path) -> None:
    page = read(site, "record/index.html")
    for table in TABLES:
        part = page[page.index(f'<h2 id="table-{table.name}"') :].partition("</section>")[0]
        for column in columns_of(table.row):
            assert f"<code>{column.name}</code>" in part
            assert column.words.endswith(".")
    assert "Text under CC0." in page
    assert ">Data</a>" in read(site, "index.html")


def test_a_text_changes_nothing_of_it(tmp_path: Path) -> None:
    """Front matter does; and a file that is made anew from the same rows has the same bytes."""
    site = write_site(tmp_path / "site", SITE)
    build_site(site)
    before = tree(site / "output/record")
    edit(site / "content/briefs/one.md", "First.", "Then.")
    assert not any(url.startswith("/record/") for url in urls(build_site(site)))
    edit(site / "content/briefs/one.md", "A claim", "Another claim")
    assert {url for url in urls(build_site(site)) if url.startswith("/record/")} == FILES
    assert tree(site / "output/record") != before
    edit(site / "content/briefs/one.md", "Another claim", "A claim")
    build_site(site)
    assert tree(site / "output/record") == before
    clean = write_site(tmp_path / "clean", SITE)
    edit(clean / "content/briefs/one.md", "First.", "Then.")
    build_site(clean)
    assert tree(clean / "output/record") == before


def test_corrections_link_to_the_edition_of_their_brief(tmp_path: Path) -> None:
    fixed = "[{at: 2025-06-16, kind: factual, was: nee, now: ja}]"
    settings = SITE[: SITE.index("=== content/")] + "editions: {nl: {tagline: Nieuws}}\n"
    folder = write_site(
        tmp_path,
        settings
        + brief("een", "Een", lang="nl", corrections=fixed)
        + brief("weg", "Weg", lang="nl", status="withdrawn", withdrawn_because="Fout.")
        + brief("one", "One", corrections=fixed),
    )
    build_site(folder)
    rows = json.loads(read(folder, "record/record.json"))["corrections"]
    home = "https://test.example/news/"
    found = {row["brief"]: row["url"].removeprefix(home) for row in rows}
    assert found == {"een": "nl/briefs/een/", "weg": "nl/briefs/weg/", "one": "briefs/one/"}
    assert {f"{url}index.html" for url in found.values()} <= tree(folder / "output").keys()


# What the record calls a column of the files of figures and relations; ids of companies are in
# the table of companies, and the first and last month follow from the period.
CALLED = {
    "relations": {
        "from": "company", "to": "counterparty", "known_since": "known", "source": "publisher",
        "stated_in": "briefs",
    },
    "numbers": {
        "to": "counterparty", "known_since": "known", "source": "publisher", "brief_url": "brief",
    },
}  # fmt: skip


def test_every_file_of_figures_and_of_relations_says_as_much(tmp_path: Path) -> None:
    """CSV, JSON, GraphML and the record have the same columns, with the same values."""
    write_site(
        tmp_path,
        SITE.replace("type: customer,", "type: customer, figure: w, source: reuters,"),
    )
    build_site(tmp_path)
    data = json.loads(read(tmp_path, "record/record.json"))
    for name, kinds in (("relations", ("csv", "json", "graphml")), ("numbers", ("csv", "json"))):
        files = {kind: read(tmp_path, f"{name}/{name}.{kind}") for kind in kinds}
        (row,) = csv.DictReader(io.StringIO(files["csv"]))
        table = {"numbers": "figures"}.get(name, name)
        assert json.loads(files["json"])[table] == [row]
        kept = {
            CALLED[name].get(column, column): value
            for column, value in row.items()
            if not re.search(r"_(url|wikidata|lei|cik|ticker|begin|end)$", column)
            or column == "brief_url"
        }
        (one,) = data[table]
        assert kept.keys() <= one.keys(), name
        assert one["known"] == row["known_since"] == "2025-06-15T09:00:00+00:00"
        names = {"company", "counterparty", "briefs", "brief"}
        for column in kept.keys() - names:
            value = one[column]
            said = "yes" if value is True else str(value) if value else ""
            assert said == kept[column], column
        if "graphml" in kinds:
            graph = ElementTree.fromstring(files["graphml"])
            space = {"g": "http://graphml.graphdrawing.org/xmlns"}
            keys = {k.get("attr.name") for k in graph.findall("g:key[@for='edge']", space)}
            assert keys == {c for c in row if not c.startswith(("from", "to"))}
            edge = {
                str(d.get("key")).removeprefix("edge-"): d.text
                for d in graph.findall(".//g:edge/g:data", space)
            }
            assert edge == {k: v for k, v in row.items() if k in keys and v}
