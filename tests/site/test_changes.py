"""What changed in the record, since when it is known, and the feeds of that."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from support.pages import words
from support.sites import brief, build_site, edit, read, tree, urls, write_site

SETTINGS = """\
=== site.yaml
title: Test
base_url: https://test.example
time_zone: Europe/Amsterdam
language: en-GB
cards: false
search: false
watchlists: [{name: Labellers, companies: [Scale AI]}]
"""
OLD = brief(
    "old", "Scale AI old", date="2025-05-02", topics="[Deals]", companies="[Scale AI, Google]",
    figures="[{id: val, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05,"
    " source: reuters}, {id: staff, of: Scale AI, metric: staff, value: 900 people,"
    " as_of: 2025-05-01}]",
    relations="[{from: Google, type: customer, to: Scale AI, since: 2024}]",
    claims="[{text: Google will leave Scale AI, status: reported},"
    " {text: A rumour, status: opinion}]",
    corrections="[{at: 2025-06-20, kind: factual, was: 700 people, now: 900 people},"
    " {at: 2025-06-21, kind: spelling, was: Skale, now: Scale}]",
)  # fmt: skip
NEW = brief(
    "new", "Scale AI new", date="2025-06-15", companies="[Scale AI, Google]",
    figures="[{id: val, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06-13,"
    " source: reuters}, {id: again, of: Scale AI, metric: valuation, value: 14000m USD,"
    " as_of: 2025-05}]",
    relations="[{from: Google, type: customer, to: Scale AI, until: planned}]",
    claims="[{text: Google will leave Scale AI., status: denied}]",
)  # fmt: skip
SITE = SETTINGS + OLD + NEW
SCALE = "companies/scale-ai/changes"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_site(tmp_path_factory.mktemp("site"), SITE)
    build_site(folder)
    return folder


def lines(folder: Path, path: str = SCALE) -> list[dict[str, Any]]:
    return [json.loads(line) for line in read(folder, f"{path}/changes.jsonl").splitlines()]


def test_changes_in_words_by_when_they_were_known(site: Path) -> None:
    found = feedparser.parse(read(site, f"{SCALE}/feed.xml"))
    assert [words(entry.title) for entry in found.entries] == [
        "Misspelling. The brief said: “Skale”. It now says: “Scale”.",
        "Staff, Scale AI, corrected: 700 people (1 May 2025) → 900 people (1 May 2025)",
        "Valuation, Scale AI: $14 billion (May 2025) → $29 billion (13 June 2025)",
        "Google is a customer of Scale AI, since 2024, due to end."
        " Before: Google is a customer of Scale AI, since 2024.",
        "Denied (before: reported): Google will leave Scale AI",
        "Staff, Scale AI: 700 people (1 May 2025)",
        "Valuation, Scale AI: $14 billion (May 2025)",
        "Google is a customer of Scale AI, since 2024.",
    ], "no claim that is only reported, and no figure that repeats another"
    assert found.feed.link == "https://test.example/companies/scale-ai/"
    assert found.entries[1].id == "id-old-figure-staff-corrected-1"
    assert found.entries[1].link == "https://test.example/briefs/old/#figure-staff"


def test_ledgers_say_when_it_was_so_and_since_when_we_know(site: Path) -> None:
    """The first brief that says so, or the last correction; of a relation, as it stands."""
    page = words(read(site, "companies/scale-ai/index.html")).replace("\u00a0", " ")
    for row in (
        "$29 billion 13 June 2025, reported reuters Known since: 15 Jun 2025",
        "$14 billion May 2025, reported reuters Known since: 2 May 2025",
        "900 people 1 May 2025, reported The brief Known since: 20 Jun 2025",
        "Google, since 2024, due to end Scale AI new 2 May 2025 known since 15 Jun 2025",
    ):
        assert row.casefold() in page.casefold(), row
    figures = json.loads(read(site, "numbers/numbers.json"))["figures"]
    assert [(row["low"], row["known_since"]) for row in figures] == [
        ("900", "2025-06-20"),
        *(("14000000000", day) for day in ("2025-06-15", "2025-05-02")),
        ("29000000000", "2025-06-15"),
    ]
    ties = json.loads(read(site, "relations/relations.json"))["relations"]
    assert [(row["from"], row["known_since"]) for row in ties] == [("Google", "2025-06-15")]


def test_each_format_and_json_lines_say_the_same(site: Path) -> None:
    rss, atom = (feedparser.parse(read(site, f"{SCALE}/feed.{end}")) for end in ("xml", "atom"))
    data = json.loads(read(site, f"{SCALE}/feed.json"))
    titles = [entry.title for entry in rss.entries]
    assert titles == [entry.title for entry in atom.entries]
    assert titles == [item["title"] for item in data["items"]]
    found = lines(site)
    assert [line["text"] for line in found] == titles
    assert [line["id"] for line in found] == [item["id"] for item in data["items"]]
    assert found[2]["was"]["value"] == "14bn USD" and found[2]["now"]["value"] == "29bn USD"
    assert found[3]["was"]["state"] == "current" and found[3]["now"]["state"] == "ending"
    assert found[4]["was"] == {"status": "reported"}
    assert [line["known"][:10] for line in found] == [
        *("2025-06-21", "2025-06-20"), *["2025-06-15"] * 3, *["2025-05-02"] * 3,
    ]  # fmt: skip


def test_pages_show_the_latest_changes_and_lead_to_the_feeds(site: Path) -> None:
    for path in ("companies/scale-ai", "topics/deals", "watchlists/labellers"):
        page = read(site, f"{path}/index.html")
        assert "What changed" in words(page)
        link = f'<a href="../../{path}/changes/feed.xml" type="application/rss+xml">RSS</a>'
        assert link in page
        assert page.count('type="application/jsonl"') == 1
        assert page.partition("</head>")[0].count("/changes/") == 1, "in one format"
        assert (site / f"output/{path}/changes/changes.jsonl").is_file()
    assert len(lines(site, "topics/deals/changes")) == 5, "those that its briefs make known"
    assert not (site / "output/companies/meta/changes").exists(), "nothing changed"
    assert "What changed" not in words(read(site, "companies/meta/index.html"))


def test_a_build_of_an_earlier_day_says_what_was_known_then(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    at = {day: datetime(2025, 6, day, 12, tzinfo=UTC) for day in (10, 16, 20)}
    build_site(tmp_path, now=at[10])
    assert "700 people" in words(read(tmp_path, "briefs/old/index.html"))
    assert "700 people" in words(read(tmp_path, "numbers/index.html"))
    assert "$29 billion" not in words(read(tmp_path, "companies/scale-ai/index.html"))
    assert len(lines(tmp_path)) == 3
    build_site(tmp_path, now=at[16])
    assert len(lines(tmp_path)) == 6
    assert "700 people" in words(read(tmp_path, "companies/scale-ai/index.html"))
    build_site(tmp_path, now=at[20])
    page = words(read(tmp_path, "companies/scale-ai/index.html"))
    assert "900 people" in page and "Staff, Scale AI corrected 700 people" in page
    after = tree(tmp_path / "output")
    clean = write_site(tmp_path / "clean", SITE)
    build_site(clean, now=at[20])
    assert after == tree(clean / "output")


def test_what_a_new_figure_renders(tmp_path: Path) -> None:
    """A figure is in the feeds of its company and of the lists of its brief."""
    write_site(tmp_path, SITE + brief("third", "Google third", companies="[Google]",
                                      date="2025-06-30"))  # fmt: skip
    build_site(tmp_path)
    row = "figures: [{of: Google, metric: revenue, value: 5bn USD, as_of: 2025}]\n---\nText."
    edit(tmp_path / "content/briefs/third.md", "---\nText.", row)
    assert urls(build_site(tmp_path)) == {
        "/briefs/third/", "/companies/google/", "/companies/google/changes/feed.xml",
        "/numbers/", "/numbers/by-date/", "/numbers/by-metric/", "/numbers/numbers.csv",
        "/numbers/numbers.json", "/digests/2025-w27/",
    }  # fmt: skip
    assert lines(tmp_path, "companies/google/changes")[0]["now"]["value"] == "5bn USD"


def test_a_withdrawn_brief_leaves_no_trace_in_changes(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    build_site(tmp_path)
    edit(
        tmp_path / "content/briefs/new.md",
        "date: ",
        "status: withdrawn\nwithdrawn_because: No.\ndate: ",
    )
    build_site(tmp_path)
    assert "29bn" not in read(tmp_path, f"{SCALE}/changes.jsonl")
    assert "denied" not in read(tmp_path, f"{SCALE}/changes.jsonl")


def test_a_claim_that_a_later_brief_confirms_or_denies(tmp_path: Path) -> None:
    """The change names who does so, in the words of the earlier claim, in the feed and by month."""
    earlier = brief(
        "earlier", "Scale AI hires", date="2025-05-02",
        claims="[{id: hires, text: Scale AI hires., status: reported, source: reuters},"
        " {id: moves, text: Scale AI moves., status: reported, source: reuters},"
        " {id: sells, text: Scale AI sells., status: reported, source: reuters},"
        " {id: grows, text: Scale AI grows., status: reported, source: reuters}]",
    )  # fmt: skip
    later = brief(
        "later", "Scale AI answers", date="2025-06-02",
        sources="[{id: memo, publisher: Scale AI, role: statement}, {id: cnbc, publisher: CNBC}]",
        claims="[{text: It has hired., status: reported, source: memo, confirms: earlier#hires},"
        " {text: It stays., status: claimed, by: {company: Scale AI}, source: cnbc,"
        " denies: earlier#moves},"
        " {text: It shrinks., status: disputed, by: {company: Google}, source: cnbc,"
        " denies: earlier#grows},"
        " {text: It also sells., status: reported, source: cnbc, confirms: earlier#sells}]",
    )  # fmt: skip
    other = brief("other", "Google waits", date="2025-07-01", companies="[Google]")
    build_site(write_site(tmp_path, SETTINGS + earlier + later + other))
    assert [(line["text"], line["now"].get("by"), line["url"]) for line in lines(tmp_path)] == [
        ("Disputed (before: reported): Scale AI grows", [],
         "https://test.example/briefs/later/"),
        ("Denied by Scale AI (before: reported): Scale AI moves", ["scale-ai"],
         "https://test.example/briefs/later/"),
        ("Confirmed by Scale AI (before: reported): Scale AI hires", ["scale-ai"],
         "https://test.example/briefs/later/"),
    ]  # fmt: skip
    june = words(read(tmp_path, "known/2025-06/index.html"))
    assert "Scale AI moves Reported →changed to Denied by Scale AI" in june
    page = words(read(tmp_path, "briefs/earlier/index.html")).replace("\u00a0", " ")
    assert "Scale AI denied it on 2 June 2025" in page
    assert "Disputed on 2 June 2025" in page


def test_what_falls_due_and_how_it_turned_out_are_changes(tmp_path: Path) -> None:
    plan = brief(
        "plan", date="2025-05-02", companies="[Scale AI]", topics="[Deals]",
        expects="[{id: plant, text: The plant opens., by: 2025-06-10, of: Google, says: reuters}]",
    )  # fmt: skip
    report = brief(
        "report",
        date="2025-06-20",
        companies="[Meta]",
        settles="[{what: plan#plant, outcome: late, when: 2025-06-19, source: reuters}]",
    )
    write_site(tmp_path, SETTINGS + plan + report + brief("last", date="2025-08-01"))
    build_site(tmp_path, now=datetime(2025, 6, 10, 12, tzinfo=UTC))
    (expected,) = lines(tmp_path, "companies/google/changes")
    assert (expected["text"], expected["was"]) == ("By 10 June 2025: The plant opens", None)
    assert expected["now"]["status"] == "open"
    rendered = urls(build_site(tmp_path, now=datetime(2025, 6, 11, 12, tzinfo=UTC)))
    assert {"/companies/google/", "/companies/google/changes/feed.xml"} <= rendered
    overdue, first = lines(tmp_path, "companies/google/changes")
    assert first == expected and overdue["id"] != first["id"]
    assert overdue["text"] == "Overdue: The plant opens"
    assert (overdue["known"], overdue["source"]) == ("2025-06-11T00:00:00+02:00", "Reuters")
    assert overdue["url"] == "https://test.example/briefs/plan/#expected.plant"
    assert overdue["now"] == {
        "expected": "The plant opens", "due": "2025-06-10", "status": "overdue", "date": None,
    }  # fmt: skip
    assert lines(tmp_path, "topics/deals/changes") == [overdue, first]
    build_site(tmp_path, now=datetime(2025, 6, 21, tzinfo=UTC))
    settled, before, _ = lines(tmp_path, "companies/google/changes")
    assert before == overdue
    assert settled["text"] == "Happened late (before: overdue): The plant opens"
    assert (settled["was"]["status"], settled["now"]["date"]) == ("overdue", "2025-06-19")
    page = words(read(tmp_path, "companies/google/index.html"))
    assert "The plant opens Overdue →changed to Happened late" in page
    build_site(tmp_path, now=datetime(2025, 8, 2, tzinfo=UTC))
    assert "The plant opens Overdue" in words(read(tmp_path, "known/2025-06/index.html"))
    after = tree(tmp_path / "output")
    clean = write_site(
        tmp_path / "clean", SETTINGS + plan + report + brief("last", date="2025-08-01")
    )
    build_site(clean, now=datetime(2025, 8, 2, tzinfo=UTC))
    assert after == tree(clean / "output")


MONTHS = SITE + brief("last", "Meta last", date="2025-07-02", companies="[Meta]")


def content(folder: Path, path: str) -> str:
    """A page without its menus, which name the kinds of page that the site has."""
    return read(folder, path).partition("<main")[2].partition("</main>")[0]


def test_as_known_pages_never_change(tmp_path: Path) -> None:
    """A month has a page once it is over; a correction of a later month is not in it."""
    write_site(tmp_path, MONTHS)
    build_site(tmp_path, now=datetime(2025, 5, 31, tzinfo=UTC))
    assert not (tmp_path / "output/known").exists()
    build_site(tmp_path, now=datetime(2025, 6, 16, tzinfo=UTC))
    may = content(tmp_path, "known/2025-05/index.html")
    assert "As known at the end of May 2025" in words(may)
    assert "Valuation, Scale AI $14 billion (May 2025)" in words(may)
    assert "700 people" in words(may) and "29" not in words(may)
    assert not (tmp_path / "output/known/2025-06").exists()
    build_site(tmp_path, now=datetime(2025, 7, 3, tzinfo=UTC))
    assert content(tmp_path, "known/2025-05/index.html") == may
    june = words(read(tmp_path, "known/2025-06/index.html"))
    assert "Staff, Scale AI corrected 700 people" in june
    assert "$14 billion (May 2025) →changed to $29 billion (13 June 2025)" in june
    figure = "figures: [{of: Meta, metric: staff, value: 7 people, as_of: 2025}]"
    edit(tmp_path / "content/briefs/last.md", "---\nText.", f"{figure}\n---\nText.")
    rendered = urls(build_site(tmp_path, now=datetime(2025, 7, 3, tzinfo=UTC)))
    assert not {url for url in rendered if url.startswith("/known/")}
    edit(tmp_path / "site.yaml", "cards: false", "cards: false\nas_known: false")
    build_site(tmp_path, now=datetime(2025, 7, 3, tzinfo=UTC))
    assert not (tmp_path / "output/known").exists()
    assert "/known/" not in read(tmp_path, "companies/scale-ai/index.html")


def test_an_edition_tells_changes_in_the_words_of_its_own_version(tmp_path: Path) -> None:
    """Although the translation is of the same moment, and its address comes first."""
    dutch = brief(
        "a-oud", "Scale AI oud", date="2025-05-02", companies="[Scale AI, Google]", lang="nl",
        translation_of="old", figures="[{id: val, of: Scale AI, metric: waardering, value: 14bn"
        " USD, as_of: 2025-05, source: reuters}]",
    )  # fmt: skip
    write_site(tmp_path, f"{SETTINGS}editions: {{nl: {{fallback: hide}}}}\n{OLD}{dutch}")
    build_site(tmp_path)
    told = {(line["brief"], line["text"]) for line in lines(tmp_path)}
    assert any("Valuation" in text for _, text in told)
    assert not any(slug == "a-oud" or "aardering" in text for slug, text in told)
    told = {(line["brief"], line["text"]) for line in lines(tmp_path, f"nl/{SCALE}")}
    assert any("Waardering" in text and slug == "a-oud" for slug, text in told)
    assert not any("aluation" in text for _, text in told)
