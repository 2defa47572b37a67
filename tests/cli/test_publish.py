"""`slugline publish`, `correct`, and `new` for every kind of record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.content.fields import READERS
from builder.editing.find import NoSuchBrief, find_brief
from builder.editing.new_record import DATE_COMMENT, KINDS, new_record
from builder.model.values import Slug
from support.sites import brief, problems, small_site, tree

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)
DRAFT = f"""\
=== content/briefs/cat.md
---
title: "Scale AI hires a cat"  # in quotation marks
date: 2025-06-30 09:00     {DATE_COMMENT}
status: draft              # remove this line to publish
summary: It hires.
companies: [Scale AI]      # the subject
people: [Ada Example]
topics: [Cats]
section: labs
sources: [{{id: reuters, publisher: Reuters, published: 2025-06-13}}]
---
Text.
"""


def run(site: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, ["--site", str(site), *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def text_of(site: Path, name: str = "cat") -> str:
    return (site / f"content/briefs/{name}.md").read_text("utf-8")


def test_publish_edits_three_lines(tmp_path: Path) -> None:
    """The status goes, with its comment; the date becomes now; an id is added; all else stays."""
    site = small_site(tmp_path, DRAFT)
    said = run(site, "publish", "cat").stdout
    before, after = DRAFT.split("\n", 1)[1].split("\n"), text_of(site).split("\n")
    assert after[1].startswith("id: ") and len(after[1]) == 12
    assert after[2] == before[1]
    date = after[3].removeprefix("date: ")
    assert abs(datetime.now().timestamp() - _moment(date)) < 120
    assert after[4:] == before[4:]
    assert "https://test.example/briefs/cat/" in said
    assert "/, /labs/, /companies/scale-ai/, /topics/cats/, /people/ada-example/" in said
    assert "/feed.xml, /companies/scale-ai/feed.xml, /topics/cats/feed.xml" in said
    again = run(site, "publish", "cat", code=1).stderr
    assert "is already published: it has no `status: draft`" in again


def _moment(text: str) -> float:
    from builder.content.time_fields import read_moment
    from builder.content.time_zones import load_zone

    zone = load_zone("Europe/Amsterdam")
    assert zone
    return read_moment(text, zone).at.timestamp()


def test_a_date_in_the_future_schedules(tmp_path: Path) -> None:
    site = small_site(tmp_path, DRAFT.replace("2025-06-30 09:00", "2199-01-02 09:00"))
    said = run(site, "publish", "cat").stdout
    assert "scheduled for 2 January 2199, 09:00" in said
    assert "date: 2199-01-02 09:00\n" in text_of(site)


def test_a_date_in_the_past_is_asked_about(tmp_path: Path) -> None:
    written = DRAFT.replace(f"     {DATE_COMMENT}", "")
    for date, then in (("keep", "2025-06-30 09:00"), ("2025-06-29", "2025-06-29")):
        site = small_site(tmp_path / date, written)
        before = tree(site / "content")
        said = run(site, "publish", "cat", code=2).stderr
        assert "--date now" in said and "--date keep" in said
        assert "is not a date" in run(site, "publish", "cat", "--date", "soon", code=1).stderr
        assert tree(site / "content") == before
        run(site, "publish", "cat", "--date", date)
        assert f"date: {then}\n" in text_of(site)


def test_an_error_of_the_brief_keeps_it_a_draft(tmp_path: Path) -> None:
    """Errors of other drafts do not; those of published files do, since nothing can be built."""
    wrong = DRAFT.replace("[Scale AI] ", "[Scael AI]")
    other = brief("other", companies="[Nobody]", status="draft")
    site = small_site(tmp_path / "a", wrong + other)
    before = tree(site / "content")
    said = run(site, "publish", "cat", code=1)
    assert "unknown-company" in said.output and "it has errors" in said.output
    assert "Nobody" not in said.output
    assert tree(site / "content") == before
    site = small_site(tmp_path / "b", DRAFT + other)
    run(site, "publish", "cat")
    site = small_site(tmp_path / "c", DRAFT + other.replace("status: draft\n", ""))
    said = run(site, "publish", "cat", code=1)
    assert "other files have errors" in said.output and "Nobody" in said.output
    assert "status: draft" in text_of(site)


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    site = small_site(tmp_path, DRAFT)
    before = tree(site / "content")
    assert "would be published" in run(site, "publish", "cat", "--dry-run").stdout
    assert tree(site / "content") == before


@pytest.mark.parametrize("status", ["review", "withdrawn", "published"])
def test_what_can_be_published(status: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, DRAFT.replace("status: draft ", f"status: {status} "))
    said = run(site, "publish", "cat", code=0 if status == "review" else 1)
    assert status == "review" or "cat.md is " in said.stderr


NAMES = {
    "cat": "cat",
    "content/briefs/cat.md": "cat",
    "cat.md": "cat",
    "/briefs/cat/": "cat",
    "https://test.example/briefs/cat/": "cat",
    "hires a CAT": "cat",
    "hires-a-d": "hires-a-dog",
    "moved": "old-name",
    "another title": "old-name",
    "hires": "is a part of several names:\n  cat: Scale AI hires a cat\n  hires-a-dog: ",
    "Scale AI hires a dgo": "did you mean `Scale AI hires a dog`?",
    "": "no brief is called ``",
    "../../etc/passwd": "no brief is called",
    "nothing like it": "give its slug, its file, or a part of its title",
}


def test_what_a_brief_is_called(tmp_path: Path) -> None:
    more = brief("hires-a-dog", "Scale AI hires a dog")
    more += brief("old-name", "Another title").replace("id: ", "slug: moved\nid: ", 1)
    site = small_site(tmp_path, DRAFT + more + "=== content/briefs/bad.md\nno fields\n")
    for name, meant in NAMES.items():
        try:
            found = Path(find_brief(site, name, site).path).stem
        except NoSuchBrief as error:
            found = str(error)
        assert meant in found, name


def test_correct_appends_and_updates(tmp_path: Path) -> None:
    written = "[{at: 2025-06-20, kind: spelling, was: Kat, now: Cat}]  # the first"
    site = small_site(tmp_path, brief("cat", corrections=written))
    said = run(
        site, "correct", "cat", "--kind", "factual", "--was", "Text.", "--now", 'A: "B"', "--at",
        "2025-06-21 10:00",
    ).stdout  # fmt: skip
    assert "still has the former words" in said
    text = text_of(site)
    added = '{at: 2025-06-21 10:00, kind: factual, was: Text., now: "A: \\"B\\""}]'
    assert f"now: Cat}}, {added}" in text
    assert "updated: 2025-06-21 10:00\n" in text and "  # the first\n" in text
    assert not [d for d in problems(site) if d.severity == "error"]
    before = tree(site / "content")
    for arguments in (["--now", "B"], ["--kind", "factual"], ["--kind", "factual", "--now", "B",
                      "--at", "soon"], ["--kind", "factual", "--now", "a\0b"]):  # fmt: skip
        run(site, "correct", "cat", *arguments, code=2)
    assert tree(site / "content") == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_has_no_error(kind: str, tmp_path: Path) -> None:
    """Each kind of record, as it is created, is right but for what is left to write."""
    site = small_site(tmp_path)
    run(site, "new", kind, *(["2025-06-15"] if kind == "digest" else ["A: Name #1"]))
    assert not [d for d in problems(site) if d.severity == "error"]
    created = sorted((site / "content").rglob("*.md"), key=lambda file: file.stat().st_mtime)[-1]
    assert READERS[Slug].read(created.stem, UTC)
    if kind == "digest":
        assert created.name == "2025-w24.md"


@pytest.mark.parametrize(
    ("text", "week"), [("", "2025-w27"), ("2025-W24", "2025-w24"), ("2025-06-15", "2025-w24")]
)
def test_the_week_of_a_digest(text: str, week: str) -> None:
    assert new_record("digest", text, None, NOW).path == f"content/digests/{week}.md"


@pytest.mark.parametrize("text", ["2025-w99", "next week", "../../x"])
def test_what_is_not_a_week(text: str, tmp_path: Path) -> None:
    assert "write it as 20" in run(small_site(tmp_path), "new", "digest", text, code=2).stderr
