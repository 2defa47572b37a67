"""Which reports of a publisher were first, and what came of them: counts with lists behind them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from support.pages import words
from support.publishers import PUBLISHERS
from support.sites import brief, build_site, edit, read, urls, write_site

OWNED = f"""{PUBLISHERS}\
=== content/publishers/reuters.md
---
id: reut2222
name: Reuters
---
"""
PLAN = "{id: plan, text: It hires., status: reported, source: daily}"
DENIAL = "{text: It does not., status: denied, source: memo, denies: a#plan}"
FIRST = (
    '[{id: daily, publisher: The Daily, published: "2025-06-12 09:00 +00:00"},'
    ' {publisher: Reuters, published: "2025-06-12 12:30 +00:00"}]'
)
MEMO = "[{id: memo, publisher: Scale AI, role: statement, published: 2025-06-19}]"


def rows(folder: Path) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(read(folder, "sources/sources.csv")))
    return {row["publisher"]: row for row in found}


def one(sources: str, tmp_path: Path) -> dict[str, dict[str, str]]:
    write_site(tmp_path, OWNED + brief("a", sources=sources))
    build_site(tmp_path)
    return rows(tmp_path)


def test_first_by_hours(tmp_path: Path) -> None:
    found = one(FIRST, tmp_path)
    assert [found[name]["first"] for name in ("The Daily", "Reuters")] == ["1", "0"]
    page = words(read(tmp_path, "sources/daily/index.html"))
    assert "Reported first 1" in page
    assert "At least 3 hours before Reuters" in page
    ranking = read(tmp_path, "sources/index.html")
    assert 'href="../sources/daily/#record.first">1</a>' in ranking


def test_dates_of_one_day_decide_nothing(tmp_path: Path) -> None:
    """Nor does a report without a date, or a second one of the same owner."""
    day = "{publisher: The Daily, published: 2025-06-12}"
    for number, other in enumerate(
        (
            "{publisher: Reuters, published: 2025-06-12}",
            "{publisher: Reuters}",
            "{publisher: The Weekly, published: 2025-06-13}",
            "{publisher: Scale AI, role: statement, published: 2025-06-13}",
        )
    ):
        found = one(f"[{day}, {other}]", tmp_path / str(number))
        assert {row["first"] for row in found.values()} == {"0"}, other
        assert 'id="tracked"' not in read(tmp_path / str(number), "sources/index.html")
    found = one(f"[{day}, {{publisher: Reuters, published: 2025-06-15}}]", tmp_path / "later")
    assert found["The Daily"]["first"] == "1"
    assert "At least 2 days before Reuters" in words(
        read(tmp_path / "later", "sources/daily/index.html")
    )


def test_what_came_of_a_report(tmp_path: Path) -> None:
    """A later brief that denies a claim renders the page of the publisher that reported it."""
    older = brief("a", date="2025-06-14", sources=FIRST, claims=f"[{PLAN}]")
    write_site(
        tmp_path, OWNED + older + brief("later", "It waits", date="2025-06-20", sources=MEMO)
    )
    build_site(tmp_path)
    assert rows(tmp_path)["The Daily"]["denied"] == "0"
    later = brief("later", "It denies", date="2025-06-20", sources=MEMO, claims=f"[{DENIAL}]")
    write_site(tmp_path, later)
    rendered = urls(build_site(tmp_path))
    assert {"/sources/", "/sources/daily/"} <= rendered
    assert "/sources/reuters/" not in rendered
    assert rows(tmp_path)["The Daily"]["denied"] == "1"
    page = words(read(tmp_path, "sources/daily/index.html"))
    assert "Scale AI denied it: It denies" in page
    edit(tmp_path / "content/briefs/later.md", "Text.", "Other text.")
    assert "/sources/daily/" not in urls(build_site(tmp_path))


def test_a_draft_leaves_no_trace(tmp_path: Path) -> None:
    older = brief("a", date="2025-06-14", sources=FIRST, claims=f"[{PLAN}]")
    later = brief("later", date="2025-06-20", sources=MEMO, claims=f"[{DENIAL}]", status="draft")
    write_site(tmp_path, OWNED + older + later)
    build_site(tmp_path)
    assert rows(tmp_path)["The Daily"]["denied"] == "0"


def test_an_edited_report(tmp_path: Path) -> None:
    found = one(
        "[{publisher: The Daily, changed: 2025-06-20, url: 'https://a.example/'}]", tmp_path
    )
    assert found["The Daily"]["edited"] == "1"
    assert "Edited since 1" in words(read(tmp_path, "sources/daily/index.html"))
