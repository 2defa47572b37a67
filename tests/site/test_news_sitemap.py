"""The news sitemap: what is news, until when, and the builds that this needs.

Source: Google Search Central, "Create a News sitemap"."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from builder.cli import app as cli
from support.sites import (
    NOW,
    SETTINGS,
    brief,
    build_output,
    build_site,
    read,
    tree,
    urls,
    write_site,
)

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
ON = f"{SETTINGS}news_sitemap: true\n"
SITE = (
    ON
    + brief("old", date="2025-06-29 13:00")
    + brief("new", "Scale AI & Co", date="2025-06-30 09:00", lang="nl-BE")
    + brief("han", date="2025-06-30 10:00", lang="zh-TW")
    + brief("soon", date="2025-07-02 09:00")
    + brief("draft", date="2025-06-30 09:00", status="draft")
    + brief("gone", date="2025-06-30 09:00", status="withdrawn", withdrawn_because="Wrong.")
)


def articles(folder: Path) -> list[tuple[str, ...]]:
    """Address, name, language, date and title of each article, as the format nests them."""
    root = ET.fromstring(read(folder, "news-sitemap.xml"))
    assert root.tag == f"{SITEMAP}urlset"
    found = []
    for url in root:
        assert [child.tag for child in url] == [f"{SITEMAP}loc", f"{NEWS}news"]
        loc, news = url
        publication, date, title = news
        assert [x.tag for x in news] == [
            f"{NEWS}publication", f"{NEWS}publication_date", f"{NEWS}title",
        ]  # fmt: skip
        assert [x.tag for x in publication] == [f"{NEWS}name", f"{NEWS}language"]
        found.append((loc.text, *(x.text for x in publication), date.text, title.text))
    return found  # type: ignore[return-value]


def slugs(folder: Path) -> list[str]:
    return [address.split("/")[-2] for address, *_ in articles(folder)]


def test_what_is_news(tmp_path: Path) -> None:
    """Published within two days, the newest first; no draft, nothing scheduled or withdrawn."""
    build_output(tmp_path, SITE)
    base = "https://test.example/briefs"
    assert articles(tmp_path) == [
        (f"{base}/han/", "Test", "zh-tw", "2025-06-30T10:00:00+02:00", "Scale AI hires"),
        (f"{base}/new/", "Test", "nl", "2025-06-30T09:00:00+02:00", "Scale AI & Co"),
    ]
    robots = read(tmp_path, "robots.txt").splitlines()
    assert robots[-2:] == [
        "Sitemap: https://test.example/sitemap.xml",
        "Sitemap: https://test.example/news-sitemap.xml",
    ]
    assert "news-sitemap" not in read(tmp_path, "sitemap.xml")


def test_a_site_without_the_setting_has_none(tmp_path: Path) -> None:
    output = build_output(tmp_path, SITE.replace("news_sitemap: true\n", ""))
    assert not (output / "news-sitemap.xml").exists()
    assert "news" not in (output / "robots.txt").read_text("utf-8")


def test_a_brief_leaves_it_after_two_days(tmp_path: Path) -> None:
    """That moment alone renders it; before and after, a build has nothing to do."""
    write_site(tmp_path, SITE)
    build_site(tmp_path)
    at = datetime(2025, 7, 2, 7, 0, tzinfo=UTC)  # two days after `new`, and when `soon` appears
    assert urls(build_site(tmp_path, now=at - timedelta(minutes=1))) == set()
    assert "/news-sitemap.xml" in urls(build_site(tmp_path, now=at))
    assert slugs(tmp_path) == ["soon", "han"]
    assert urls(build_site(tmp_path, now=at + timedelta(hours=1))) == {"/news-sitemap.xml"}
    assert slugs(tmp_path) == ["soon"]
    later = at + timedelta(days=3)
    assert urls(build_site(tmp_path, now=later)) == {"/news-sitemap.xml"}
    assert slugs(tmp_path) == []
    clean = write_site(tmp_path / "clean", SITE)
    build_site(clean, now=later)
    assert tree(tmp_path / "output") == tree(clean / "output")


def test_timers_wait_for_it(tmp_path: Path) -> None:
    write_site(tmp_path, ON + brief("new", date="2025-06-30 09:00"))

    def due(at: str, code: int = 0) -> str:
        arguments = ["--site", str(tmp_path), "build", "--at", at, "--until-due"]
        result = CliRunner().invoke(cli.main, arguments)
        assert result.exit_code == code, result.output
        return result.stdout

    assert due("2025-07-01 12:00") == "2025-07-02T07:00:00Z\n"
    assert due("2025-07-02 09:00", code=3) == "", "the newest is old: nothing more is due"
    said = CliRunner().invoke(cli.main, ["--site", str(tmp_path), "build", "--at", "2025-07-01"])
    assert "“Scale AI hires” leaves the news sitemap" in said.output


def test_old_news_makes_no_build_stale(tmp_path: Path) -> None:
    write_site(tmp_path, ON + brief("old", date="2025-06-01"))
    assert build_site(tmp_path).due is None
    for days in (1, 2, 30):
        assert urls(build_site(tmp_path, now=NOW + timedelta(days=days))) == set()


def test_a_title_changes_it_and_a_text_does_not(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    build_site(tmp_path)
    file = tmp_path / "content/briefs/new.md"
    file.write_text(file.read_text("utf-8").replace("Text.", "Another."), "utf-8")
    assert "/news-sitemap.xml" not in urls(build_site(tmp_path))
    file.write_text(file.read_text("utf-8").replace("& Co", "and Co"), "utf-8")
    assert "/news-sitemap.xml" in urls(build_site(tmp_path))
