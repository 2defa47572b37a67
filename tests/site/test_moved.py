"""A site that was moved from another program: its old addresses, ids and identities in feeds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from support.pages import read_page
from support.sites import brief, build_site, edit, read, small_site, urls, write_site

MOVED = brief(
    "a",
    id="17",
    guid='"https://old.example/?p=123"',
    redirects='[former, /blog/2024/01/old.html, /caf%C3%A9, "/?p=123"]',
)
ABOUT = "=== content/pages/about.md\n---\ntitle: About\nredirects: [/about.html, us]\n---\n"


def guids(folder: Path) -> dict[str, tuple[str, str]]:
    """The identity of each story in the feed of the site, and whether it is its address."""
    found = ET.fromstring(read(folder, "feed.xml")).iterfind("channel/item")
    items = ((item.findtext("link", ""), item.find("guid")) for item in found)
    return {
        url: (guid.text or "", guid.get("isPermaLink", ""))
        for url, guid in items
        if guid is not None
    }


def test_a_page_redirects_each_old_path(tmp_path: Path) -> None:
    write_site(tmp_path, MOVED + ABOUT)
    build_site(tmp_path)
    for path, target in {
        "briefs/former/index.html": "../../briefs/a/",
        "blog/2024/01/old.html": "../../../briefs/a/",
        "café/index.html": "../briefs/a/",
        "about.html": "./about/",
        "us/index.html": "../about/",
    }.items():
        assert read_page(read(tmp_path, path)).redirects_to == target, path
    assert "old.html" not in read(tmp_path, "sitemap.xml")
    assert not [*(tmp_path / "output").glob("*p=123*")]


def test_an_old_path_is_gone_with_its_record(tmp_path: Path) -> None:
    """And only its page is made again when it changes."""
    site = small_site(tmp_path, MOVED + brief("rest"))
    build_site(site)
    edit(site / "content/briefs/a.md", "old.html", "older.html")
    result = build_site(site)
    assert "/blog/2024/01/older.html" in urls(result)
    assert result.dropped == ("blog/2024/01/old.html",)
    edit(site / "content/briefs/a.md", "id: 17", "id: 17\nstatus: draft")
    assert "blog/2024/01/older.html" in build_site(site).dropped


def test_feeds_keep_the_identity_of_a_former_feed(tmp_path: Path) -> None:
    own = brief("b", guid="https://test.example/briefs/b/")
    text = brief("c", guid='"tag:old.example,2024:story 7 & more"')
    write_site(tmp_path, MOVED + own + text + brief("d"))
    build_site(tmp_path)
    at = "https://test.example/briefs"
    assert guids(tmp_path) == {
        f"{at}/a/": ("https://old.example/?p=123", "false"),
        f"{at}/b/": (f"{at}/b/", "true"),
        f"{at}/c/": ("tag:old.example,2024:story 7 & more", "false"),
        f"{at}/d/": ("id-d", "false"),
    }
