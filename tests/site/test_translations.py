"""A brief and its translation: told twice, and counted once wherever a story is."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from support.pages import words
from support.sites import brief, build_site, problems, read, write_site

REPORT = "[{id: reuters, publisher: Reuters, url: 'https://r.example/1', published: 2025-06-13}]"
TOLD = {
    "companies": "[Google, Scale AI]",
    "thread": "meta-scale",
    "sources": REPORT,
    "event_date": "2025-06-13",
    "figures": "[{id: spent, of: Google, to: Scale AI, metric: spending, value: 150m USD,"
    " period: 2024, source: reuters}]",
    "relations": "[{from: Google, type: customer, to: Scale AI, source: reuters}]",
}
SITE = (
    "=== content/threads/meta-scale.md\n---\nid: thre2222\ntitle: The stake\n---\n"
    + brief("stake", "Scale AI first", date="2025-06-12", thread="meta-scale")
    + brief("split", "Scale AI and Google part", **TOLD, follows="[stake]")
    + brief("zusammen", "Scale AI ohne Google", date="2025-06-16", lang="de",
            **TOLD, follows="[stake]", translation_of="split")
    + brief("later", "Scale AI goes on", date="2025-06-20", thread="meta-scale",
            follows="[zusammen]")
)  # fmt: skip


def cells(folder: Path, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(folder, path))))


def test_a_thread_has_it_once(built: Path) -> None:
    page = words(read(built, "threads/meta-scale/index.html"))
    assert "Coverage 3 briefs" in page
    assert "ohne Google" not in page
    assert "ohne Google" not in read(built, "threads/meta-scale/feed.xml")


def test_both_have_the_same_before_and_after(built: Path) -> None:
    """What follows the one follows the other; neither came before or after the other."""
    for slug in ("split", "zusammen"):
        page = read(built, f"briefs/{slug}/index.html")
        before, _, after = page.partition('id="previously"')[2].partition('id="next"')
        assert "briefs/stake/" in before
        assert "briefs/later/" in after
    stake = words(read(built, "briefs/stake/index.html"))
    assert "Scale AI and Google part" in stake
    assert "ohne Google" not in stake.partition("Published")[2].partition("Newer")[0]
    assert "Later briefs" not in words(read(built, "briefs/split/index.html"))


def test_the_records_have_the_original(built: Path) -> None:
    [relation] = cells(built, "relations/relations.csv")
    assert relation["stated_in"] == "https://test.example/briefs/split/"
    assert [row["brief_url"] for row in cells(built, "numbers/numbers.csv")] == [
        "https://test.example/briefs/split/"
    ]
    reuters = next(r for r in cells(built, "sources/sources.csv") if r["publisher"] == "Reuters")
    assert reuters["reported"] == "3"
    assert "Also cited in" not in words(read(built, "briefs/zusammen/index.html"))


def test_a_digest_has_the_original(built: Path) -> None:
    assert not (built / "output/digests/2025-w25/index.html").read_text("utf-8").count("ohne")


def test_what_appears_together_is_counted_by_stories(built: Path) -> None:
    page = words(read(built, "companies/google/index.html"))
    assert re.search(r"Appears with Scale AI ?1 ?brief\b", page), page


def test_a_translation_stands_for_what_is_not_shown(tmp_path: Path) -> None:
    """Of two translations of a draft, the first counts."""
    hidden = brief("one", "Scale AI one", status="draft", **TOLD)
    nl = brief("een", "Scale AI een", lang="nl", translation_of="one", **TOLD)
    fr = brief("un", "Scale AI un", date="2025-06-16", lang="fr", translation_of="een", **TOLD)
    thread = "=== content/threads/meta-scale.md\n---\nid: thre2222\ntitle: The stake\n---\n"
    write_site(tmp_path, thread + hidden + nl + fr)
    build_site(tmp_path)
    [relation] = cells(tmp_path, "relations/relations.csv")
    assert relation["stated_in"] == "https://test.example/briefs/een/"


def test_a_translation_told_late_contradicts_nothing(tmp_path: Path) -> None:
    """What it says was so when its original said it."""
    states = "[{from: Google, type: customer, to: Scale AI}]"
    over = "[{from: Google, type: customer, to: Scale AI, until: 2025-06-17}]"
    write_site(
        tmp_path,
        brief("one", "Scale AI one", relations=states)
        + brief("two", "Scale AI two", date="2025-06-18", relations=over)
        + brief("een", "Scale AI een", date="2025-06-20", lang="nl", translation_of="one",
                relations=states),
    )  # fmt: skip
    assert "relations-contradict" not in [p.code for p in problems(tmp_path)]
    build_site(tmp_path)
    assert cells(tmp_path, "relations/relations.csv")[0]["state"] == "former"


def test_a_figure_whose_metric_is_translated_counts_once(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    file = tmp_path / "content/briefs/zusammen.md"
    text = file.read_text("utf-8").replace("metric: spending", "metric: Ausgaben")
    file.write_text(text.replace("id: spent", "id: ausgaben"), "utf-8")
    build_site(tmp_path)
    assert [row["metric"] for row in cells(tmp_path, "numbers/numbers.csv")] == ["spending"]
    assert "Ausgaben" in read(tmp_path, "briefs/zusammen/index.html")
    assert "Ausgaben" not in read(tmp_path, "companies/google/index.html")


def test_a_figure_that_a_translation_rounds_counts_once(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    file = tmp_path / "content/briefs/zusammen.md"
    file.write_text(file.read_text("utf-8").replace("150m USD", "about 150m USD"), "utf-8")
    build_site(tmp_path)
    assert len(cells(tmp_path, "numbers/numbers.csv")) == 1
