"""Archived copies and the words of sources, as pages show them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from builder.pages.parts.evidence import with_words
from support.pages import read_page
from support.sites import brief, build_site, read, write_site

COPY = "https://web.archive.org/web/20250614090000/https://paper.example/one"
ONE = "url: 'https://paper.example/one'"


def page_with(tmp_path: Path, source: str = "", **fields: str) -> str:
    """The page of a brief with one source."""
    sources = f"[{{id: paper, publisher: The Paper, title: A report, {ONE}{source}}}]"
    write_site(tmp_path, brief("one", sources=sources, **fields))
    build_site(tmp_path)
    return read(tmp_path, "briefs/one/index.html")


def source_list(page: str) -> str:
    """The list of sources as text in one line."""
    found = re.search(r'<ol class="source-list">.*?</ol>', page, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", found[0])


def test_a_copy_is_beside_its_source(tmp_path: Path) -> None:
    found = source_list(page_with(tmp_path, f", archive: '{COPY}'"))
    robust = (
        'data-originalurl="https://paper.example/one"'
        f' data-versionurl="{COPY}" data-versiondate="2025-06-14"'
    )
    title = f'<a href="https://paper.example/one" rel="external noopener" {robust}>A report</a>'
    assert title in found
    assert f'<a class="copy" href="{COPY}" rel="external noopener" {robust}>archived copy,' in found
    assert ">14 June 2025</time></a>" in found


def test_a_source_that_is_gone_leads_to_its_copy(tmp_path: Path) -> None:
    found = source_list(page_with(tmp_path, f", gone: 2025-06-20, archive: '{COPY}'"))
    assert f'<cite><a href="{COPY}"' in found and 'href="https://paper.example/one"' not in found
    assert re.search(r"no longer online, as of <time[^>]*>20 Jun[e]? 2025", found)


def test_a_source_that_is_gone_without_a_copy_is_no_link(tmp_path: Path) -> None:
    page = page_with(
        tmp_path,
        ", gone: 2025-06-20",
        claims="[{text: It hires, status: reported, source: paper, words: It hires people}]",
    )
    assert "<cite>A report</cite>" in source_list(page)
    assert "no longer online" in page and "paper.example/one" not in page.partition("ld+json")[0]


def test_a_copy_of_ones_own_is_named(tmp_path: Path) -> None:
    found = source_list(page_with(tmp_path, f", archive: {{at: 2025-06-14, sha256: {'0' * 64}}}"))
    assert "copy on file, <time" in found and "data-versionurl" not in found


WORDS = "Das Unternehmen stellt ein, und zwar viele Mitarbeiter"
FRAGMENT = "#:~:text=Das%20Unternehmen%20stellt%20ein%2C%20und%20zwar%20viele%20Mitarbeiter"


@pytest.mark.parametrize(
    "source, base",
    [
        ("", "https://paper.example/one"),
        (f", archive: '{COPY}'", "https://paper.example/one"),
        (f", archive: '{COPY}', gone: 2025-06-20", COPY),
        (f", archive: '{COPY}', changed: 2025-06-20", COPY),
        (", changed: 2025-06-20", "https://paper.example/one"),
    ],
)
def test_words_lead_to_the_sentence(tmp_path: Path, source: str, base: str) -> None:
    page = page_with(
        tmp_path,
        source,
        claims=f"[{{text: It hires, status: reported, source: paper, words: '{WORDS}'}}]",
        quotes=f"[{{by: Ann Lee, text: We hire, source: paper, words: '{WORDS}'}}]",
        people="[Ann Lee]",
        figures="[{id: f, of: Scale AI, metric: headcount, value: 700 people, as_of: 2025-06,"
        f" source: paper, words: '{WORDS}'}}]",
    )
    links = [address for name, address in read_page(page).links if FRAGMENT in address]
    assert links == [base + FRAGMENT] * 3
    assert WORDS not in page
    feed = read(tmp_path, "feed.xml")
    assert base + FRAGMENT in feed
    assert ("changed since" in page) is ("changed" in source)


def test_linked_data_names_the_copy(tmp_path: Path) -> None:
    page = page_with(tmp_path, f", archive: '{COPY}'")
    data = [json.loads(text) for text in read_page(page).linked_data]
    found = [one for graph in data for one in graph]
    (article,) = [one for one in found if one["@type"] == "NewsArticle"]
    assert [cited["archivedAt"] for cited in article["citation"]] == [COPY]
    assert article["citation"][0]["url"] == "https://paper.example/one"


LONG = (
    "Google, der größte Kunde von Scale AI, plant nach Angaben von fünf Personen, die"
    " Zusammenarbeit mit dem Unternehmen zu beenden"
)


@pytest.mark.parametrize(
    "address, words, expected",
    [
        ("https://x.example/", "a-b, c & d", "https://x.example/#:~:text=a%2Db%2C%20c%20%26%20d"),
        ("https://x.example/#top", "it", "https://x.example/#top:~:text=it"),
        ("https://x.example/#:~:text=other", "it", "https://x.example/#:~:text=other"),
        ("https://x.example/?a=b", "100% “so”", "https://x.example/?a=b#:~:text=100%25%20%E2%80%9Cso%E2%80%9D"),
        (
            "https://x.example/",
            LONG,
            "https://x.example/#:~:text=Google%2C%20der%20gr%C3%B6%C3%9Fte%20Kunde%20von"
            ",mit%20dem%20Unternehmen%20zu%20beenden",
        ),
    ],
)  # fmt: skip
def test_text_fragments(address: str, words: str, expected: str) -> None:
    assert with_words(address, words) == expected


def test_long_words_without_spaces_have_ends_too() -> None:
    words = "谷歌" * 60 + "计划结束与该公司的合作"
    first, last = with_words("https://x.example/", words).split(",")
    assert first.endswith("%E8%B0%B7%E6%AD%8C" * 10) and last.count("%") == 20 * 3


def test_the_page_of_sources_counts_the_evidence(tmp_path: Path) -> None:
    """A report that several briefs cite counts once, and what is not published not at all."""
    claims = "[{text: It hires, status: reported, source: a, words: It hires},"
    claims += " {text: It fires, status: reported, source: a}, {text: Yes, status: opinion}]"
    copy = "archive: {url: 'https://a.example/1', at: 2025-06-14}"
    one = "{id: a, url: 'https://paper.example/one'"
    files = (
        brief("one", sources=f"[{one}, {copy}}}, {{id: b, url: 'https://paper.example/two'}}]")
        + brief("two", sources=f"[{one}}}, {{id: b, publisher: Wire}}]", claims=claims)
        + brief("gone", sources="[{id: a, url: 'https://paper.example/3', gone: 2025-06-20}]")
    )
    hidden = brief("draft", status="draft", sources=f"[{one.replace('one', '4')}, {copy}}}]")
    site = write_site(tmp_path, files + hidden)
    build_site(site)
    page = " ".join(read(site, "sources/index.html").split())
    assert "1 of 3 reports has an archived copy. 1 report is no longer online." in page
    assert "1 of 2 claims, quotations and figures leads to the sentence of the source." in page


def test_without_evidence_the_page_of_sources_says_nothing(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, brief("one")))
    assert "archived" not in read(tmp_path, "sources/index.html")
