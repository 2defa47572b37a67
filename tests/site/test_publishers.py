"""The record of sources: who reported, who passed it on, and which briefs share a report."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from builder.content.urls import normal_address, same_address
from support.pages import read_page, words
from support.sites import brief, build_site, problems, read, urls, write_site

PUBLISHERS = """\
=== content/publishers/reuters.md
---
name: Reuters
id: reut2222
aliases: [RTR]
website: https://www.reuters.example
lang: en
kind: news agency
country: United Kingdom
redirects: [reuters-news]
---
It sells its reports.
"""
ONE = """
  - {id: r, publisher: RTR, title: Google leaves, url: "https://reuters.example/a", lang: en,
     published: 2025-06-13, via: The Japan News}
  - {id: d, publisher: Báo Dân trí, url: "https://dantri.example/a", lang: vi, role: relay, of: r}
  - {id: v, publisher: Vietnam.vn, lang: nl, role: machine-translation, of: d}"""
TWO = """
  - {id: r, publisher: Reuters, url: "http://www.Reuters.example/a/?utm_source=x#top"}
  - {id: x, publisher: Vietnam.vn, url: "https://vietnam.example/b", role: opinion}"""
SITE = (
    PUBLISHERS
    + brief("one", "Scale AI one", sources=ONE)
    + brief("two", "Google two", date="2025-06-20", companies="[Google]", sources=TWO)
    + brief("three", "Meta three", date="2025-06-21", companies="[Meta]",
            sources="[{id: c, publisher: CNBC}]")
)  # fmt: skip
RANKING = {"/sources/", "/sources/sources.csv", "/sources/sources.json"}


# --- a brief -----------------------------------------------------------------------------------


def test_publishers_lead_to_their_pages(built: Path) -> None:
    """In the chain and in the list; the report itself is beside. Languages are marked."""
    page = read(built, "briefs/one/index.html")
    for slug in ("reuters", "bao-dan-tri", "vietnam-vn", "the-japan-news"):
        assert f'href="../../sources/{slug}/"' in page
    assert 'href="https://reuters.example/a"' in page
    assert 'rel="external noopener">dantri.example</a>' in page
    chain = words(page[page.index('<ol class="chain"') :].partition("</ol>")[0])
    assert chain == "Reuters → Báo Dân trí (vi) → Vietnam.vn (machine translation, nl)"


def test_a_report_that_an_earlier_brief_has(built: Path) -> None:
    """The later one points back; the earlier one stays as it was."""
    assert "Also cited in Scale AI one" in words(read(built, "briefs/two/index.html"))
    assert "Also cited in" not in read(built, "briefs/one/index.html")
    assert not problems(built)


def test_many_earlier_briefs_with_a_report(tmp_path: Path) -> None:
    """The newest three are named."""
    report = '[{id: r, publisher: Reuters, url: "https://reuters.example/a"}]'
    names = ("Google", "Meta", "Scale AI")
    for n in range(6):
        text = brief(f"b{n}", f"{names[n % 3]} {n}", date=f"2025-06-1{n}",
                     companies=f"[{names[n % 3]}]", sources=report)  # fmt: skip
        write_site(tmp_path, text)
    build_site(tmp_path)
    text = words(read(tmp_path, "briefs/b5/index.html"))
    assert "Also cited in Meta 4, Google 3, Scale AI 2 and 2 earlier briefs" in text
    assert [d.path[-5:] for d in problems(tmp_path)] == ["b3.md", "b4.md", "b5.md"]


def test_json_ld(built: Path) -> None:
    (text,) = read_page(read(built, "briefs/one/index.html")).linked_data
    article = next(o for o in json.loads(text) if o["@type"] == "NewsArticle")
    house = {"@type": "Organization", "name": "Reuters",
             "url": "https://test.example/sources/reuters/"}  # fmt: skip
    assert [work["publisher"] for work in article["isBasedOn"]] == [house]
    assert [work["publisher"]["name"] for work in article["citation"]] == [
        "Reuters", "Báo Dân trí", "Vietnam.vn",
    ]  # fmt: skip
    (text,) = read_page(read(built, "sources/reuters/index.html")).linked_data
    found = json.loads(text)[0]
    assert found["@type"] == "NewsMediaOrganization" and found["alternateName"] == ["RTR"]
    assert found["sameAs"] == "https://www.reuters.example"
    (text,) = read_page(read(built, "sources/cnbc/index.html")).linked_data
    assert json.loads(text)[0]["@type"] == "Organization"


# --- a publisher, and all of them --------------------------------------------------------------


def test_the_page_of_a_publisher(built: Path) -> None:
    text = words(read(built, "sources/reuters/index.html"))
    assert "It sells its reports." in text and "News agency" in text and "English" in text
    assert "2 briefs are based on its own reports" in text
    own = "Original report, passed on by The Japan News, Báo Dân trí, Vietnam.vn"
    assert f"20 Jun 2025 Google two Original report 15 Jun 2025 Scale AI one {own}" in text
    assert "What it passed on" not in text
    assert "reuters-news" in read_page(
        read(built, "sources/reuters-news/index.html")
    ).canonical or (read_page(read(built, "sources/reuters-news/index.html")).redirects_to)


def test_the_labels_of_its_text_are_in_the_language_of_the_page(tmp_path: Path) -> None:
    """Its `lang` is that of its reports."""
    told = PUBLISHERS.replace("lang: en", "lang: vi").replace("reports.", "reports.[^1]")
    site = write_site(tmp_path, f"{told}\n[^1]: To anyone.\n{brief('one', sources=ONE)}")
    build_site(site)
    page = read(site, "sources/reuters/index.html")
    assert 'aria-label="Footnotes"' in page and 'aria-label="Back to the text of note 1"' in page


def test_a_publisher_that_does_both(built: Path) -> None:
    """It has no file: a source is enough."""
    text = words(read(built, "sources/vietnam-vn/index.html"))
    assert "1 brief is based on its own reports" in text and "Google two Opinion" in text
    assert "Scale AI one Machine translation of Báo Dân trí, from Reuters" in text
    assert "Syndicated copy of Reuters" in words(read(built, "sources/the-japan-news/index.html"))


def test_the_ranking(built: Path) -> None:
    page = read(built, "sources/index.html")
    tables = [words(part) for part in page.split("<table>")[1:]]
    assert tables[0].startswith("Publishers by original reports Publisher Reported Passed on")
    assert "Reuters News agency English 2 –" in tables[0]
    order = [tables[0].index(name) for name in ("Reuters", "Vietnam.vn", "CNBC")]
    assert order == sorted(order)
    rows = {row["publisher"]: row for row in csv.DictReader(io.StringIO(
        read(built, "sources/sources.csv")))}  # fmt: skip
    assert (rows["Vietnam.vn"]["reported"], rows["Vietnam.vn"]["passed_on"]) == ("1", "1")
    assert rows["Reuters"]["publisher_url"] == "https://test.example/sources/reuters/"
    assert json.loads(read(built, "sources/sources.json"))["sources"] == [*rows.values()]


@pytest.mark.parametrize(("count", "folded"), [(24, 0), (25, 5)])
def test_a_long_ranking_folds_its_end(tmp_path: Path, count: int, folded: int) -> None:
    sources = ", ".join(f"{{id: s{n}, publisher: Paper {n:02}}}" for n in range(count))
    build_site(write_site(tmp_path, brief("one", sources=f"[{sources}]")))
    page = read(tmp_path, "sources/index.html")
    shown, _, rest = page.partition("<summary>")
    assert shown.count("Paper ") == count - folded
    assert rest.count("Paper ") == folded
    assert (f"{folded} more" in words(page)) == bool(folded)


def test_nobody_sees_the_source_of_a_draft(site: Path) -> None:
    """Nor a page of its publisher, unless that has a text of its own."""
    file = site / "content/briefs/three.md"
    file.write_text(file.read_text("utf-8").replace("title:", "status: draft\ntitle:"), "utf-8")
    build_site(site)
    assert not (site / "output/sources/cnbc").exists()
    assert "CNBC" not in read(site, "sources/index.html")


def test_long_lists_have_pages(tmp_path: Path) -> None:
    """Filled from the oldest on, so that a full page stays as it is."""
    write_site(tmp_path)
    file = tmp_path / "site.yaml"
    file.write_text(f"{file.read_text('utf-8')}per_page: 2\n", "utf-8")
    for n in range(6):
        write_site(tmp_path, brief(f"b{n}", f"Scale AI {n}", date=f"2025-06-1{n}"), usual=False)
    build_site(tmp_path)
    lists = [
        read(tmp_path, f"sources/reuters/{part}index.html")
        for part in ("", "reported/page/2/", "reported/page/1/")
    ]
    assert [re.findall(r">Scale AI (\d)</a></h", page) for page in lists] == [
        ["5", "4"], ["3", "2"], ["1", "0"],
    ]  # fmt: skip
    newer, older = 'class="newer"><a href="{}"', 'class="older"><a href="{}"'
    up = "../../../../../sources/reuters/"
    assert newer.format(up) in lists[1]
    assert older.format(f"{up}reported/page/1/") in lists[1]
    assert newer.format(f"{up}reported/page/2/") in lists[2]
    write_site(tmp_path, brief("b6", "Scale AI 6", date="2025-06-20"), usual=False)
    found = {url for url in urls(build_site(tmp_path)) if url.startswith("/sources/")}
    assert found == {*RANKING, "/sources/reuters/", "/sources/reuters/feed.xml"}


# --- which pages are rendered ------------------------------------------------------------------


def test_a_new_brief(site: Path) -> None:
    """Of the record, exactly the pages of its publishers and the ranking."""
    write_site(site, brief("four", "Scale AI four", date="2025-06-22",
                           sources="[{id: r, publisher: RTR}, {id: d, publisher: Báo Dân trí,"
                           " role: relay, of: r}]"), usual=False)  # fmt: skip
    found = urls(build_site(site))
    record = {url for url in found if url.startswith("/sources/")}
    own = {f"/sources/{slug}/" for slug in ("reuters", "bao-dan-tri")}
    feeds = {f"{url}feed.xml" for url in (*own, "/sources/reuters-news/")}  # and its former name
    assert record == {*RANKING, *own, *feeds}


def test_a_text_changed(site: Path) -> None:
    """What publishers' pages do not show leaves them alone, but their feeds show it."""
    file = site / "content/briefs/one.md"
    file.write_text(file.read_text("utf-8").replace("summary: It hires.", "summary: It fires."))
    found = {url for url in urls(build_site(site)) if url.startswith("/sources/")}
    assert found and all(url.endswith("/feed.xml") for url in found)


def test_a_publisher_changed(site: Path) -> None:
    """Its page, the ranking; its name also where it is printed."""
    file = site / "content/publishers/reuters.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("It sells its reports.", "It sells reports."), "utf-8")
    assert urls(build_site(site)) == {"/sources/reuters/"}
    file.write_text(text.replace("kind: news agency", "kind: newspaper"), "utf-8")
    assert urls(build_site(site)) == {"/sources/reuters/", *RANKING}
    file.write_text(text.replace("name: Reuters", "name: Thomson\naliases: [Reuters]").replace(
        "aliases: [RTR]\n", ""), "utf-8")  # fmt: skip
    assert urls(build_site(site)) >= {"/briefs/two/", "/sources/", "/sources/reuters/"}
    assert "Thomson" in read(site, "briefs/two/index.html")


# --- one report --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "http://www.reuters.example/A/b", "https://Reuters.Example:443/A/b/",
        "https://reuters.example/A/b?utm_source=x&UTM_Medium=y&fbclid=z",
        "https://reuters.example./A/b/#top",
    ],
)  # fmt: skip
def test_spellings_of_one_address(other: str) -> None:
    assert same_address(other) == same_address("https://reuters.example/A/b")


@pytest.mark.parametrize(
    "other",
    [
        "https://reuters.example/a/b", "https://reuters.example/A/b?id=1",
        "https://reuters.example:8080/A/b", "https://news.reuters.example/A/b", "",
    ],
)  # fmt: skip
def test_other_addresses(other: str) -> None:
    assert same_address(other) != same_address("https://reuters.example/A/b")


def test_other_parameters_keep_their_order() -> None:
    assert normal_address("https://x.example/?b=1&utm_id=2&a=3") == "x.example?b=1&a=3"


# --- names that signs tell apart ---------------------------------------------------------------


def test_names_with_signs_have_pages_of_their_own(tmp_path: Path) -> None:
    """A published name keeps its address whichever others are published before or after it."""
    names = ("C++", "C", "C#", "Canal+", "Canal")
    expected: dict[str, str] = {}
    for n, (name, slug) in enumerate(
        zip(names, ("c-plus-plus", "c", "c-sharp", "canal-plus", "canal"), strict=True)
    ):
        expected |= {f"{folder}/{slug}": name for folder in ("topics", "people", "sources")}
        sources = f'[{{id: a, publisher: "{name}"}}]'
        fields = {"topics": f'["{name}"]', "people": f'["{name}"]', "sources": sources}
        for stem, day in ((f"later{n}", 10 + n), (f"earlier{n}", 9 - n)):
            text = brief(stem, date=f"2025-06-{day:02}", **fields)
            write_site(tmp_path, text, usual=not n and stem == "later0")
        build_site(tmp_path)
        for folder, shown in expected.items():
            assert f">{shown}</h1>" in read(tmp_path, f"{folder}/index.html")
