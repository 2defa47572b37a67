"""The search page, the index of names, and the setting that turns both off."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builder.pages import search
from support.sites import (
    SETTINGS,
    WORLD,
    brief,
    build_output,
    build_site,
    edited,
    read,
    urls,
    write_site,
)

FOUND = {"/search/", "/search/names.js"}
NAMED = """\
=== content/people/wang.md
---
name: Alexandr Wang
aliases: [Alex Wang]
---
=== content/companies/sber.md
---
name: Сбер
aliases: [Sberbank]
listed: true
---
=== content/companies/windsurf.md
---
name: Windsurf
formerly: [Codeium, Exafunction]
merged_into: Scale AI
listed: true
---
=== content/companies/hidden.md
---
name: Hidden Corporation
aliases: [Unseen]
status: draft
---
=== content/threads/saga.md
---
title: The saga
---
"""
ONE = brief("one", people="[Alex Wang]", topics="[Data labelling]", thread="saga")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_output(tmp_path_factory.mktemp("search"), f"{NAMED}{ONE}")


def names_of(output: Path) -> dict[str, list[object]]:
    """The rows of the index of names, by name."""
    text = (output / "search/names.js").read_text("utf-8")
    assert text.startswith("slugline(") and text.endswith(");\n")
    return {row[0]: row[1:] for row in json.loads(text[9:-3])["names"]}


def test_every_name_with_a_page_and_its_other_names(output: Path) -> None:
    assert names_of(output) == {
        "Google": [0, 0, 0],
        "Meta": [0, 0, 0, ["Facebook"]],
        "Scale AI": [0, 0, 1, ["Scale", "Windsurf", "Codeium", "Exafunction"]],
        "Сбер": [0, "sber", 0, ["Sberbank"]],
        "Alexandr Wang": [1, "wang", 1, ["Alex Wang"]],
        "Data labelling": [2, 0, 1],
        "The saga": [3, "saga", 1],
        "Reuters": [4, 0, 1],
    }


def test_authors_are_found(tmp_path: Path) -> None:
    """Only those with a page; and ten briefs more are one digit more."""
    people = (
        "authors: [{slug: ann, name: Ann Lee}, {slug: desk, name: The desk, kind: organization}]"
    )
    settings = re.sub("authors: .*", people, SETTINGS)
    briefs = "".join(brief(f"b{n}", author="ann", id=f"id-b{n}") for n in range(9))
    output = build_output(tmp_path, settings + briefs + brief("d", author="desk"))
    assert names_of(output)["Ann Lee"] == [5, "ann", 1]
    assert "The desk" not in names_of(output)
    write_site(tmp_path, brief("b9", author="ann"), usual=False)
    assert "/search/names.js" in urls(build_site(tmp_path))
    assert names_of(output)["Ann Lee"] == [5, "ann", 2]


def lines_of(text: str) -> dict[str, list[str]]:
    """The lines of the A–Z, by letter."""
    bands = re.findall(r'class="initial" id="[^"]*">(.)</h2>(.*?)</section>', text, re.S)
    return {
        letter: [
            " ".join(re.sub("<[^>]*>", "", line).split())
            for line in re.findall("<li>(.*?)</li>", band)
        ]
        for letter, band in bands
    }


def test_without_javascript_every_name_is_on_the_page(output: Path) -> None:
    text = (output / "search/index.html").read_text("utf-8")
    assert lines_of(text) == {
        "C": ["Codeium, see Scale AI"],
        "D": ["Data labelling Topic"],
        "E": ["Exafunction, see Scale AI"],
        "F": ["Facebook, see Meta"],
        "G": ["Google Company"],
        "M": ["Meta Company"],
        "R": ["Reuters Publisher"],
        "S": ["Sberbank, see Сбер", "Scale AI Company"],
        "T": ["The saga Thread"],
        "W": ["Alexandr Wang Person", "Windsurf, see Scale AI"],
        "С": ["Сбер Company"],  # a Cyrillic letter
    }
    assert '<a href="../archive/2025/">2025</a>' in text
    assert '<link rel="canonical" href="https://test.example/search/">' in text
    form = re.search(r'<form class="search full"[^>]*>', text)
    assert form and 'action="../search/"' in form[0] and "method" not in form[0]


def test_a_long_index_has_a_page_for_each_letter(tmp_path: Path) -> None:
    many = "".join(
        f"=== content/companies/{letter}{n}.md\n---\nname: {letter}irm {n}\nlisted: true\n---\n"
        for letter in "ab"
        for n in range(220)
    )
    output = build_output(tmp_path, many)
    text = (output / "search/index.html").read_text("utf-8")
    assert 'class="a-to-z"' not in text
    assert '<a href="../search/a/">A</a>' in text
    letter = (output / "search/b/index.html").read_text("utf-8")
    assert letter.count("<li>") > 220
    assert '<a href="../../companies/b219/">birm 219</a>' in letter
    assert '<a href="../../search/b/" aria-current="page">B</a>' in letter
    assert "https://test.example/search/b/" in (output / "sitemap.xml").read_text("utf-8")


def test_the_page_of_a_letter_speaks_the_language_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_ONE_PAGE", 0)
    settings = "title: Proef\nbase_url: https://test.example\nlanguage: nl"
    names = "".join(
        f"=== content/companies/c{n}.md\n---\nname: {name}\nlisted: true\n---\n"
        for n, name in enumerate(("Alfa", "1-2-3"))
    )
    output = build_output(tmp_path, f"=== site.yaml\n{settings}\n{names}")
    titles = {
        title
        for path in output.glob("search/*/index.html")
        for title in re.findall("<h1>(.*?)</h1>", path.read_text("utf-8"))
    }
    assert {"Namen met A", "Andere namen"} <= titles


def test_browsers_may_offer_the_search(output: Path) -> None:
    root = ElementTree.fromstring((output / "search/opensearch.xml").read_bytes())
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{space}OpenSearchDescription"
    assert root.findtext(f"{space}ShortName") == "Test"
    url = root.find(f"{space}Url")
    assert url is not None
    assert url.get("template") == "https://test.example/search/?q={searchTerms}"
    front = (output / "index.html").read_text("utf-8")
    assert 'rel="search" type="application/opensearchdescription+xml"' in front
    assert '"urlTemplate": "https://test.example/search/?q={search_term_string}"' in front


def test_a_long_title_is_not_cut_in_a_browser(tmp_path: Path) -> None:
    settings = SETTINGS.replace("title: Test", "title: The Daily Machine & Its <Sources>")
    output = build_output(tmp_path, settings)
    root = ElementTree.fromstring((output / "search/opensearch.xml").read_bytes())
    assert root[0].text == "Search", "at most 16 characters"
    assert root[1].text == "The briefs and names of The Daily Machine & Its <Sources>"


def test_an_edit_changes_what_it_must(tmp_path: Path) -> None:
    write_site(tmp_path, WORLD)
    build_site(tmp_path)
    body = urls(edited(tmp_path, "briefs/third", "Windsurf is now", "Windsurf has become"))
    assert not body & FOUND
    assert not any(url.startswith("/search/stem-") for url in body)
    title = urls(edited(tmp_path, "briefs/third", "title: Codeium is", "title: Codeium was"))
    assert not title & FOUND
    write_site(tmp_path, brief("new", date="2025-06-29"), usual=False)
    assert not urls(build_site(tmp_path)) & FOUND, "a brief is no new name"
    named = urls(edited(tmp_path, "companies/google", "listed: true", "aliases: [BackRub]"))
    assert named & FOUND == FOUND
    lang = urls(edited(tmp_path, "briefs/third", "id: id-third", "id: id-third\nlang: nl"))
    assert "/search/stem-nl.js" in lang
    assert "/search/stem-en.js" not in lang


def test_switched_off_it_leaves_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, f"{SETTINGS}hosting: netlify\n{NAMED}{ONE}")
    build_site(tmp_path)
    assert "form-action 'self'" in read(tmp_path, "_headers")
    settings = tmp_path / "site.yaml"
    settings.write_text(f"{settings.read_text('utf-8')}search: false\n", "utf-8")
    build_site(tmp_path)
    assert not (tmp_path / "output/search").exists()
    assert "form-action 'none'" in read(tmp_path, "_headers")
    for path in (tmp_path / "output").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "search" not in text.lower(), path
