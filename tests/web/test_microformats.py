"""Microformats (microformats.org): what a program reads from pages without knowing the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mf2py
import pytest

from support.sites import brief, build_site, read, write_site

SITE = """\
=== site.yaml
title: Test
base_url: https://test.example/news
language: en-GB
author: desk
authors:
  - {slug: desk, name: The desk, kind: organization}
  - {slug: ann, name: Ann Bo, summary: Ann counts., same_as: [https://code.example/ann]}
sections: [{slug: labs, name: Labs}]
""" + (
    brief(
        "one", "Scale AI one", "First *text*.\n\nSecond.", author="ann", section="labs",
        topics="[Chips]", date="2025-06-15 09:00", updated="2025-06-17 10:00", why="It matters.",
        summary="A sentence.", event_date="2025-06-10", importance="1",
        claims="[{text: A claim, status: reported, source: reuters}]",
    )
    + brief("two", "Scale AI two", "Words.", section="labs", date="2025-06-16 09:00")
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_site(tmp_path_factory.mktemp("site"), SITE)
    build_site(folder)
    return folder


def parsed(site: Path, path: str) -> list[dict[str, Any]]:
    address = f"https://test.example/news/{path}"
    found: list[dict[str, Any]] = mf2py.parse(doc=read(site, f"{path}index.html"), url=address)[
        "items"
    ]
    return found


def test_a_brief_is_an_entry(site: Path) -> None:
    """Title, address, dates, author, summary and text; nothing of the record is in the text."""
    (entry,) = parsed(site, "briefs/one/")
    assert entry["type"] == ["h-entry"]
    found = entry["properties"]
    text = found.pop("content")[0]
    assert text["value"].split() == ["First", "text.", "Second."]
    assert "<em>text</em>" in text["html"]
    author = found.pop("author")[0]
    assert (author["type"], author["properties"]) == (
        ["h-card"], {"name": ["Ann Bo"], "url": ["https://test.example/news/authors/ann/"]},
    )  # fmt: skip
    assert found == {
        "name": ["Scale AI one"],
        "url": ["https://test.example/news/briefs/one/"],
        "uid": ["https://test.example/news/briefs/one/"],
        "summary": ["A sentence."],
        "published": ["2025-06-15T09:00:00+0000"],
        "updated": ["2025-06-17T10:00:00+0000"],
        "category": ["Chips"],
    }
    (plain,) = parsed(site, "briefs/two/")
    assert plain["properties"]["author"][0]["properties"] == {"name": ["The desk"]}
    assert "updated" not in plain["properties"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "Test"), ("briefs/", "All briefs"), ("labs/", "Labs"), ("topics/chips/", "Chips"),
        ("companies/scale-ai/", "Scale AI"), ("authors/ann/", "Ann Bo"),
    ],
)  # fmt: skip
def test_a_list_is_a_feed(site: Path, path: str, name: str) -> None:
    """Each entry has its title, address and date of publication, never that of the event."""
    (feed,) = parsed(site, path)
    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"] == [name]
    entries = [child for child in feed["children"] if child["type"] == ["h-entry"]]
    found = {e["properties"]["url"][0]: e["properties"] for e in entries}
    one = found["https://test.example/news/briefs/one/"]
    assert one["name"] == ["Scale AI one"]
    assert one["published"] == ["2025-06-15T09:00:00+0000"]
    assert one["summary"] == ["A sentence."]


def test_an_author_is_a_card(site: Path) -> None:
    (feed,) = parsed(site, "authors/ann/")
    (author,) = feed["properties"]["author"]
    assert author["type"] == ["h-card"]
    assert author["properties"] == {
        "name": ["Ann Bo"],
        "note": ["Ann counts."],
        "uid": ["https://test.example/news/authors/ann/"],
        "url": ["https://test.example/news/authors/ann/", "https://code.example/ann"],
    }
    rels = mf2py.parse(doc=read(site, "authors/ann/index.html"))["rels"]
    assert rels["me"] == ["https://code.example/ann"]
