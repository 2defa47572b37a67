"""Authors of site.yaml: their pages, bylines, heads, and what else they wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.pages import read_page, words
from support.sites import brief, build_site, edit, problems, read, urls, write_site

SETTINGS = """\
=== site.yaml
title: Test
base_url: https://test.example/news
language: en-GB
per_page: 2
author: desk
authors:
  - {slug: desk, name: The desk, kind: organization}
  - slug: ann
    name: Ann Bo
    summary: Ann writes about chips.
    url: https://ann.example/
    same_as: [https://orcid.example/ann, https://code.example/ann]
    fediverse: ann@social.example
    picture: ann.png
  - Bo Chen
  - {slug: night, name: Night desk, kind: organization, summary: It works at night.}
  - {slug: new, name: New Hire}
=== content/media/ann.png
a picture
"""
SITE = SETTINGS + "".join(
    brief(slug, more.pop("title", f"Scale AI {slug}"), date=f"2025-06-{14 + n} 09:00", **more)
    for n, (slug, more) in enumerate(
        (
            ("one", {"author": "ann"}),
            ("two", {"author": "Bo Chen"}),
            ("three", {}),
            ("four", {"author": "ann", "companies": "[Google]", "title": "Google four"}),
            ("five", {"author": "[ann, Bo Chen, night]", "companies": "[Meta]",
                      "title": "Meta five"}),
            ("draft", {"author": "new", "status": "draft"}),
        )
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = write_site(tmp_path_factory.mktemp("site"), SITE)
    build_site(site)
    return site


def data(page: str) -> dict[str, Any]:
    """The first object that a page tells search engines."""
    found = json.loads(read_page(page).linked_data[0])
    first: dict[str, Any] = found[0] if isinstance(found, list) else found
    return first


def head(page: str, *names: str) -> list[str]:
    """What the head says of some names: metadata and links."""
    pattern = rf'(?:name|property|rel)="(?:{"|".join(names)})" (?:content|href)="([^"]*)"'
    return re.findall(pattern, page.partition("</head>")[0])


# --- pages -------------------------------------------------------------------------------------


def test_the_page_of_an_author(built: Path) -> None:
    page = read(built, "authors/ann/index.html")
    text = words(page)
    assert "Ann Bo Ann writes about chips." in text
    for mine in ("https://ann.example/", "https://orcid.example/ann", "https://code.example/ann"):
        assert f'<a href="{mine}" rel="me external noopener">' in page
    assert "@ann@social.example" in text
    assert "Meta five" in text
    assert "Google four" in text
    assert "two" not in text
    found = data(page)
    assert (found["@type"], found["url"]) == (
        "ProfilePage", "https://test.example/news/authors/ann/",
    )  # fmt: skip
    about = found["mainEntity"]
    assert (about["@type"], about["name"]) == ("Person", "Ann Bo")
    assert about["sameAs"] == [
        "https://ann.example/", "https://orcid.example/ann", "https://code.example/ann",
    ]  # fmt: skip
    assert about["image"].startswith("https://test.example/news/media/ann")
    assert head(page, "og:type") == ["profile"]


def test_the_list_of_an_author_is_paginated(built: Path) -> None:
    """As all lists: from the oldest brief on."""
    for n in (6, 7):
        text = brief(f"more-{n}", f"Meta {n}", date=f"2025-06-{14 + n} 09:00", author="ann",
                     companies="[Meta]")  # fmt: skip
        write_site(built, text, usual=False)
    build_site(built)
    page = read(built, "authors/ann/page/1/index.html")
    assert "Scale AI one" in words(page)
    assert 'href="../../../../authors/ann/">Ann Bo</a>' in page
    for n in (6, 7):
        (built / f"content/briefs/more-{n}.md").unlink()
    build_site(built)
    assert not (built / "output/authors/ann/page").exists()


def test_who_has_a_page(built: Path) -> None:
    """A person with a published brief, and a desk that says something about itself."""
    found = {path.parent.name for path in (built / "output/authors").glob("*/index.html")}
    assert found == {"ann", "bo-chen", "night"}
    index = words(read(built, "authors/index.html"))
    assert "Ann Bo Ann writes about chips. 3 briefs Bo Chen 2 briefs Night desk" in index
    assert ">Authors</a>" in read(built, "index.html")


def test_a_site_of_one_desk_has_no_pages_of_authors(tmp_path: Path) -> None:
    """Nothing changes for it: no index, no link, nothing from the same author."""
    site = write_site(tmp_path, brief("one") + brief("two"))
    build_site(site)
    assert not (site / "output/authors").exists()
    page = read(site, "briefs/two/index.html")
    assert "By The desk" in words(page)
    assert "authors/" not in page
    assert "same author" not in page


def test_one_person_has_a_page_without_an_index(tmp_path: Path) -> None:
    settings = SETTINGS[: SETTINGS.index("author: desk")] + "author: Ann Bo\nauthors: [Ann Bo]\n"
    site = write_site(tmp_path, settings + brief("one") + brief("two"))
    build_site(site)
    assert (site / "output/authors/ann-bo/index.html").exists()
    assert not (site / "output/authors/index.html").exists()
    assert "same author" not in read(site, "briefs/two/index.html")
    assert not problems(site)


# --- briefs ------------------------------------------------------------------------------------


def test_bylines_lead_to_pages(built: Path) -> None:
    """As the language lists names; a name without a page is only text."""
    page = read(built, "briefs/five/index.html")
    line = page[page.index("<dt>By</dt>") :].partition("</dd>")[0]
    assert words(line) == "By Ann Bo, Bo Chen and Night desk"
    assert re.findall('href="([^"]*)"', line) == [
        "../../authors/ann/", "../../authors/bo-chen/", "../../authors/night/",
    ]  # fmt: skip
    assert '<dd><span class="p-author h-card">The desk</span></dd>' in read(
        built, "briefs/three/index.html"
    )


def test_the_head_names_authors(built: Path) -> None:
    page = read(built, "briefs/five/index.html")
    assert head(page, "author") == [
        "Ann Bo", "../../authors/ann/", "Bo Chen", "../../authors/bo-chen/", "Night desk",
        "../../authors/night/",
    ]  # fmt: skip
    base = "https://test.example/news/authors"
    assert head(page, "article:author") == [f"{base}/ann/", f"{base}/bo-chen/", f"{base}/night/"]
    assert head(page, "fediverse:creator") == ["@ann@social.example"]
    assert head(read(built, "briefs/three/index.html"), "author", "article:author") == ["The desk"]
    found = data(page)
    assert found["author"][0] == {
        "@type": "Person", "name": "Ann Bo", "url": f"{base}/ann/",
        "sameAs": ["https://ann.example/", "https://orcid.example/ann", "https://code.example/ann"],
    }  # fmt: skip
    assert found["publisher"]["logo"]["url"].startswith("https://test.example/news/assets/icon.")


def test_from_the_same_author(built: Path) -> None:
    """Earlier ones that the page does not show already; never a later one, never for a desk."""
    four, five = (read(built, f"briefs/{slug}/index.html") for slug in ("four", "five"))
    part = four[four.index('<section class="part" id="same-author"') :].partition("</section>")[0]
    assert words(part) == "From the same author Scale AI one 14 Jun 2025"
    part = five[five.index('id="same-author"') :].partition("</section>")[0]
    assert "From the same authors" in part
    assert re.findall(r"Google four|Scale AI \w+", words(part)) == [
        "Google four", "Scale AI two", "Scale AI one",
    ]  # fmt: skip
    for slug in ("one", "three"):
        assert "same-author" not in read(built, f"briefs/{slug}/index.html")


def test_publishing_changes_no_older_page_of_the_author(tmp_path: Path) -> None:
    """And a new title reaches the later briefs that show it."""
    site = write_site(tmp_path, SITE)
    build_site(site)
    six = brief("six", "Meta six", date="2025-06-22", author="ann", companies="[Meta]")
    write_site(site, six, usual=False)
    changed = {url for url in urls(build_site(site)) if re.fullmatch("/briefs/[a-z]{3,5}/", url)}
    changed.discard("/briefs/page/")
    assert changed == {"/briefs/six/", "/briefs/five/"}  # five: `newer` and a later brief
    edit(site / "content/briefs/two.md", "Scale AI two", "Scale AI 2")
    found = urls(build_site(site))
    assert {"/briefs/two/", "/briefs/five/", "/authors/bo-chen/"} <= found
    assert "/authors/ann/" not in found
    assert "/briefs/four/" not in found


def test_a_portrait_that_is_not_there(tmp_path: Path) -> None:
    site = write_site(tmp_path, SITE)
    (site / "content/media/ann.png").unlink()
    found = [(p.path, p.code) for p in problems(site) if p.severity == "error"]
    assert found == [("site.yaml", "missing-media")]


def test_a_former_name_leads_to_the_page(tmp_path: Path) -> None:
    """Briefs may keep it; the page and the feeds go on at the address that it gave."""
    settings = SETTINGS.replace("    name: Ann Bo\n", "    name: Ann Bo\n    formerly: [Ann Lee]\n")
    site = write_site(tmp_path, settings + brief("one", author="Ann Lee"))
    result = build_site(site)
    assert not result.problems
    assert "Ann Bo" in words(read(site, "briefs/one/index.html"))
    assert "/authors/ann/" in read(site, "authors/ann-lee/index.html")
    assert "<title>Scale AI hires</title>" in read(site, "authors/ann-lee/feed.xml")
    edit(site / "site.yaml", "formerly: [Ann Lee]", "formerly: [bo-chen]")
    edit(site / "content/briefs/one.md", "Ann Lee", "ann")
    build_site(site)
    assert not (site / "output/authors/bo-chen").exists(), "another author's, who has no brief"
