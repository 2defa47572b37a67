"""What editors write in short: a lone address or name, one item of a list, several authors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from support.pages import words
from support.sites import (
    USUAL,
    brief,
    build_output,
    build_site,
    edit,
    files,
    problems,
    read,
    write_site,
)

SITE = USUAL.replace(
    "author: desk\nauthors: [{slug: desk, name: The desk, kind: organization}]\n",
    "author: [Ann Lee, desk]\n"
    "authors: [{slug: desk, name: The desk, kind: organization}, Ann Lee, {name: Bo Chen}]\n",
).replace("  - {slug: labs, name: Labs}\n", "  - AI labs\n") + (
    brief("one", sources="https://www.reuters.example/a", section="ai-labs", companies="Scale AI",
          topics="Talent", author="[bo-chen, ann-lee, bo-chen]",
          figures="{of: Scale AI, metric: staff, value: 900 people, as_of: 2025, source: reuters}",
          body="It has {{figure:staff}}.")
    + brief("two", sources="[https://uk.reuters.example/b, Báo Dân trí, https://other.example/]")
    + brief("three", author="Ann Lee",
            sources="{publisher: Reuters, title: Scale, author: [C. One, D. Two]}")
)  # fmt: skip
REUTERS = """\
=== content/publishers/reuters.md
---
name: Reuters
website: https://www.reuters.example/
---
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("short")
    build_output(folder, SITE + REUTERS)
    return folder


def byline(output: Path, slug: str) -> str:
    found = re.search(r"<dt>By</dt><dd>(.*?)</dd>", read(output, f"briefs/{slug}/index.html"))
    assert found
    return words(found[1])


def article(output: Path, slug: str) -> dict[str, object]:
    page = read(output, f"briefs/{slug}/index.html")
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert data
    return next(part for part in json.loads(data[1]) if part["@type"] == "NewsArticle")


def test_authors_stand_in_their_order_wherever_a_brief_names_them(output: Path) -> None:
    """Byline, schema.org and feed; each once. The site's authors sign what names none."""
    assert byline(output, "one") == "Bo Chen and Ann Lee"
    assert byline(output, "two") == "Ann Lee and The desk"
    assert byline(output, "three") == "Ann Lee"
    people = [
        {"@type": "Person", "name": name, "url": f"https://test.example/authors/{slug}/"}
        for name, slug in (("Bo Chen", "bo-chen"), ("Ann Lee", "ann-lee"))
    ]
    assert article(output, "one")["author"] == people
    assert article(output, "three")["author"] == people[1]
    feed = read(output, "feed.xml")
    creators = [re.findall("<dc:creator>(.*?)</dc:creator>", item) for item in feed.split("<item>")]
    assert sorted(creators[1:]) == [["Ann Lee"], ["Ann Lee", "The desk"], ["Bo Chen", "Ann Lee"]]


def test_authors_of_a_source_are_listed(output: Path) -> None:
    assert "by C. One and D. Two" in words(read(output, "briefs/three/index.html"))


def test_an_address_is_of_the_publisher_with_its_domain(output: Path) -> None:
    """Also at a subdomain; the host stands for a publisher without a file."""
    page = words(read(output, "briefs/one/index.html"))
    assert "Reuters reuters.example Original report" in page
    assert "900 people" in page, "`source: reuters` and the figure `staff` are found"
    page = words(read(output, "briefs/two/index.html"))
    assert "Reuters uk.reuters.example" in page and "other.example Read the report" in page
    for slug in ("one", "two", "three"):
        assert f'href="../../briefs/{slug}/"' in read(output, "sources/reuters/index.html")
    assert (output / "output/sources/other-example/index.html").exists()
    assert not (output / "output/sources/reuters-example").exists()


def test_a_publisher_file_made_later_takes_over_its_domain(tmp_path: Path) -> None:
    """Ids do not change by it; what is built afterwards equals a clean build."""
    folder = tmp_path / "site"
    write_site(folder, SITE)
    build_site(folder)
    page = read(folder, "briefs/one/index.html")
    assert "sources/reuters-example/" in page
    for path, text in files(REUTERS).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    build_site(folder)
    after = read(folder, "briefs/one/index.html")
    assert "sources/reuters/" in after and "sources/reuters-example/" not in after
    build_output(tmp_path / "clean", SITE + REUTERS)
    assert after == read(tmp_path / "clean", "briefs/one/index.html")
    edit(folder / "content/publishers/reuters.md", "www.reuters.example", "www.rtr.example")
    edit(
        folder / "content/publishers/reuters.md", "---\nname", "---\ndomains: reuters.example\nname"
    )
    assert not [d for d in problems(folder) if d.severity == "error"]
    build_site(folder)
    assert "sources/reuters/" in read(folder, "briefs/two/index.html")
