"""Questions to the record: a query in words, as SQL, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from support.sites import brief, small_site

SITE = (
    brief(
        "old", "Scale AI old", date="2025-05-02", companies="[Scale AI, Google]",
        figures="[{id: val, of: Scale AI, metric: Valuation, value: 14bn USD, as_of: 2025-05},"
        " {id: share, of: Google, to: Scale AI, metric: share, value: 49%, as_of: 2025}]",
        claims="[{text: '=1+1 is a sum', status: denied, by: {company: Google}}]",
    )
    + brief(
        "new", "Scale AI new", date="2025-06-15", companies="[Scale AI]",
        figures="[{id: val, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06}]",
    )
    + brief("draft", "Scale AI secret", status="draft", companies="[Scale AI]",
            figures="[{id: val, of: Scale AI, metric: secret, value: 1bn USD, as_of: 2025}]")
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site(tmp_path_factory.mktemp("site"), SITE)


def ask(site: Path, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(cli.main, ["--site", str(site), "ask", *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def rows(site: Path, query: str) -> list[tuple[str, int | float]]:
    at = () if "known" in query else ("--at", "2025-07-01")
    found = json.loads(ask(site, query, "--format", "json", *at))
    return [(row["brief"], row["low"]) for row in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("figures of Scale where metric = valuation", [("old", 14e9), ("new", 29e9)]),
        ("figures of scale-ai where metric = VALUATION as known 2025-06-14", [("old", 14e9)]),
        ("figures of Scale AI as known 2025-06-15", [("old", 49), ("old", 14e9), ("new", 29e9)]),
        ("figures where company = Google", [("old", 49)]),
        ("figures where low > 20bn", [("new", 29e9)]),
        ("figures where metric contains alu order by low limit 1", [("old", 14e9)]),
        ("figures where counterparty != nothing", [("old", 49)]),
        ('figures of "Google" where preferred = no and unit = "%"', [("old", 49)]),
        ("figures where metric = secret", []),
        ("figures as known 2025-04-01", []),
    ],
)
def test_a_query_finds(site: Path, query: str, found: list[tuple[str, float]]) -> None:
    assert rows(site, query) == found


@pytest.mark.parametrize(
    ("query", "place", "hint"),
    [
        ("figurs of Meta", "figurs", "did you mean `figures`?"),
        ("figures of Gogle", "Gogle", "did you mean `Google`?"),
        ("figures where metrik = a", "metrik", "did you mean `metric`?"),
        ("figures where company = Gogle", "Gogle", "did you mean `Google`?"),
        ("figures where low > many", "many", "write a number such as"),
        ("figures where preferred = maybe", "maybe", "write yes or no"),
        ("figures where metric", "metric", "write a condition such as"),
        ("figures limit 1 of Google", "Google", "the order is"),
        ("figures limit few", "few", "write a whole number"),
    ],
)
def test_a_mistake_is_shown_in_the_query(site: Path, query: str, place: str, hint: str) -> None:
    said = ask(site, query, "--at", "2025-07-01", code=1).splitlines()
    assert said[1] == f"  {query}"
    at = query.rindex(place)
    assert said[2] == f"  {' ' * at}{'^' * len(place)}"
    assert hint in said[3]


def test_formats(site: Path) -> None:
    at = ("--at", "2025-07-01")
    table = ask(site, "claims of Google", *at)
    assert table.splitlines()[2].startswith("old           1  =1+1 is a sum  denied")
    made = ask(site, "claims of Google", "--format", "csv", *at)
    (row,) = csv.DictReader(made.splitlines())
    assert row["text"] == "'=1+1 is a sum", "a spreadsheet does not evaluate it"
    assert ask(site, "claims of Meta", "--format", "json", *at) == "[]\n"
    assert ask(site, "claims of Meta", "--format", "csv", *at).startswith("brief,position,text")
    sql = ask(site, "claims of Google", "--format", "sql", *at)
    assert "WHERE \"company\" = 'google'" in sql
    assert json.loads(ask(site, "--sql", sql.rstrip(";\n"), "--format", "json", *at))
    changes = json.loads(ask(site, "changes of Scale AI", "--format", "json", *at))
    assert [(c["was"], c["now"]) for c in changes] == [
        (None, "49%"), (None, "14bn USD"), ("14bn USD", "29bn USD"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM figures", "not allowed"),
        ("CREATE TABLE t (a)", "not allowed"),
        ("ATTACH 'x.sqlite' AS x", "not allowed"),
        ("PRAGMA query_only = OFF", "not allowed"),
        ("SELECT load_extension('x')", "not allowed"),
        ("SELECT 1; DELETE FROM figures", "one statement"),
        ("SELECT metrik FROM figures", "did you mean `metric`?"),
        ("SELECT * FROM figurs", "did you mean `figures`?"),
        ("SELEKT 1", "syntax error"),
        ("SELECT zeroblob(100000000)", "too big"),
    ],
)
def test_what_sql_is_refused(site: Path, sql: str, said: str) -> None:
    assert said in ask(site, "--sql", sql, "--at", "2025-07-01", code=1)


def test_a_query_ends(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.ask.database.SECONDS", 0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    said = ask(site, "--sql", f"{endless} SELECT sum(i) FROM n", "--at", "2025-07-01", code=1)
    assert "takes longer" in said
    monkeypatch.setattr("builder.ask.database.SECONDS", 60)
    monkeypatch.setattr("builder.ask.database.ROWS", 3)
    said = ask(site, "--sql", f"{endless} SELECT i FROM n", "--at", "2025-07-01")
    assert "only the first 3 rows" in said
