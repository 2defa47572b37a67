"""Watchlists of site.yaml: pages, feeds, and which briefs are on them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from support.sites import (
    SETTINGS,
    brief,
    build_output,
    build_site,
    edit,
    edited,
    read,
    tree,
    urls,
    write_site,
)

LISTS = """\
watchlists:
  - name: Rivals
    summary: Who competes.
    companies: [Scale, Google]
    topics: [Chips]
    people: [Ada B]
    sections: [Labs]
  - {name: Leads of Google, slug: leads, companies: [Google], importance: 1}
  - {name: In Dutch, lang: nl}
per_page: 2
"""
SITE = (
    f"{SETTINGS}{LISTS}"
    + brief("a", "Scale AI a", date="2025-06-01")
    + brief("b", "Google b", date="2025-06-02", companies="[Google]", importance="1")
    + brief("c", "Meta c", date="2025-06-03", companies="[Meta]", topics="[Chips]", lang="nl")
    + brief("d", "Meta d", date="2025-06-04", companies="[Meta]", people="[Ada B]")
    + brief("e", "Meta e", date="2025-06-05", companies="[Meta]", section="labs")
    + brief("f", "Meta f", date="2025-06-06", companies="[Meta]", section="deals")
)


def listed(folder: Path, page: str) -> list[str]:
    """The briefs on a page, by their slugs."""
    html = read(folder, f"{page}index.html").partition("<main")[2]
    return list(dict.fromkeys(re.findall(r'href="(?:\.\./)*briefs/(\w+)/"', html)))


def fed(folder: Path, slug: str) -> list[str]:
    found = ET.fromstring(read(folder, f"watchlists/{slug}/feed.xml")).iterfind("channel/item")
    return [item.findtext("link", "").split("/")[-2] for item in found]


def test_a_brief_is_on_a_list_if_it_names_one_of_its_subjects(built: Path) -> None:
    assert fed(built, "rivals") == ["e", "d", "c", "b", "a"]
    assert listed(built, "watchlists/rivals/") == ["e", "d", "c"]
    assert listed(built, "watchlists/rivals/page/1/") == ["b", "a"]


def test_importance_and_language_narrow_it(built: Path) -> None:
    assert fed(built, "leads") == ["b"]
    assert fed(built, "in-dutch") == ["c"]


def test_its_page_says_what_it_follows(built: Path) -> None:
    page = read(built, "watchlists/rivals/index.html")
    head, _, rest = page.partition("</head>")
    assert "Who competes." in rest
    named = re.findall(r'<li><a href="[./]*([^"]*)">', rest.partition('class="names watched"')[2])
    assert named[:5] == [
        "companies/scale-ai/", "companies/google/", "topics/chips/", "people/ada-b/", "labs/",
    ]  # fmt: skip
    assert "RSS feed of this list" in rest
    assert head.count("watchlists/rivals/feed.") == 3


def test_it_is_found(built: Path) -> None:
    """In the menu, in the index, among the feeds, in the sitemap."""
    assert 'href="./watchlists/">Watchlists</a>' in read(built, "index.html")
    index = read(built, "watchlists/index.html")
    assert re.findall(r">(\d briefs?)<", index) == ["5 briefs", "1 brief", "1 brief"]
    assert "watchlists/rivals/feed.atom" in read(built, "feeds/index.html")
    assert "watchlists/rivals/feed.xml" in read(built, "feeds/all.opml")
    assert "/watchlists/rivals/</loc>" in read(built, "sitemap.xml")


def test_a_text_changed(site: Path) -> None:
    """The feeds of the lists that it is on, and no page of them."""
    found = {u for u in urls(edited(site, "briefs/b", "Text.", "Other.")) if "watchlists" in u}
    assert found == {"/watchlists/rivals/feed.xml", "/watchlists/leads/feed.xml"}


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        ("importance: 1", "importance: 2", "leads"),
        ("lang: nl", "lang: en", "in-dutch"),
    ],
)
def test_a_brief_leaves_a_list(old: str, new: str, gone: str, site: Path) -> None:
    slug = "b" if gone == "leads" else "c"
    result = edited(site, f"briefs/{slug}", old, new)
    assert f"/watchlists/{gone}/" in urls(result)
    assert listed(site, f"watchlists/{gone}/") == []
    assert "There are no briefs on this list yet." in read(site, f"watchlists/{gone}/index.html")
    assert not (site / f"output/watchlists/{gone}/feed.xml").exists()
    again = tree(site / "output")
    clean = site / "clean"
    write_site(clean, SITE)
    edit(clean / f"content/briefs/{slug}.md", old, new)
    build_site(clean)
    assert again == tree(clean / "output")


def test_another_name_of_a_company(site: Path) -> None:
    """A list names companies as briefs do."""
    edit(site / "site.yaml", "companies: [Google], importance", "companies: [Facebook], importance")
    edit(site / "content/briefs/f.md", "title: Meta f", "importance: 1\ntitle: Meta f")
    build_site(site)
    assert fed(site, "leads") == ["f"]


def test_names_that_are_not_public_are_not_shown(tmp_path: Path) -> None:
    """A list may name a company before its first brief is published."""
    secret = "=== content/companies/hush.md\n---\nid: hush2222\nname: Hush Ltd\n---\n" + brief(
        "z", "Hush z", companies="[Hush Ltd]", topics="[Hush topic]", status="draft"
    )
    lists = "watchlists: [{name: Others, companies: [Hush Ltd, Google], topics: [Hush topic]}]\n"
    output = build_output(tmp_path, SETTINGS + lists + brief("a") + secret)
    assert not [path for path, data in tree(output).items() if b"Hush" in data]
    assert "Google" in (output / "watchlists/others/index.html").read_text("utf-8")
