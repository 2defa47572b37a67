"""Addresses in the letters of any script: `slugs: unicode`, and redirects when it changes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import pytest

from builder.content.fields import check_slug
from builder.diagnostics.misread import Misread
from builder.names.keys import shorten_slug, slugify
from support.sites import SETTINGS, build_site, problems, write_site

SITE = f"""{SETTINGS.replace("cards: false", "cards: true")}slugs: unicode
search: true
watchlists: [{{name: 芯片, companies: [谷歌]}}]
hosting: netlify
markdown: true
record: [json]
short_addresses: true
=== content/companies/谷歌.md
---
id: gugl2222
name: 谷歌
redirects: [旧谷歌]
---
=== content/briefs/谷歌离开.md
---
id: gg222222
title: 谷歌离开 Scale AI
date: 2025-06-15
summary: 谷歌离开。
section: deals
companies: [谷歌]
topics: [C 语言, Báo Dân trí]
people: [Nguyễn Văn A]
event_date: 2025-06-13
sources: [{{publisher: 路透社, url: "https://news.example/a", role: original}}]
figures:
  - {{of: 谷歌, metric: 营收, value: 14bn USD, period: 2024, basis: reported, source: 路透社}}
events: [{{id: 上线, title: 上线, date: 2025-08-01, of: 谷歌}}]
---
## 背景

谷歌 ([背景](#背景), [名](/companies/谷歌/), [brief](谷歌离开.md)).
"""


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("谷歌离开 Scale AI", "谷歌离开-scale-ai"),
        ("Báo Dân trí", "báo-dân-trí"),
        (unicodedata.normalize("NFD", "Báo Dân trí"), "báo-dân-trí"),
        ("हिन्दी कंपनी", "हिन्दी-कंपनी"),
        ("ไทยรัฐ", "ไทยรัฐ"),
        ("مَكتبة «النور»", "مكتبة-النور"),
        ("می\u200cخواهد", "می-خواهد"),
        ("İstanbul / Straße", "istanbul-strasse"),
        ("ＡＢＣ①", "abc1"),
        ("日本・グーグル〜々", "日本-グーグル-々"),
        ("a\u00adb\u202ec", "abc"),
        ("🚀", ""),
    ],
)
def test_slugs_keep_letters(text: str, slug: str) -> None:
    assert slugify(text, "unicode") == slug
    assert slugify(slug, "unicode") == slug
    if slug:
        assert check_slug(unicodedata.normalize("NFD", slug), "unicode") == slug


def test_long_slugs_fit_file_systems() -> None:
    for letter in ("谷", "б", "กี่"):
        short = shorten_slug(slugify(letter * 200, "unicode"))
        assert check_slug(short, "unicode") == short
        assert not short.endswith("ก")  # no mark is cut from its letter
    with pytest.raises(Misread):
        check_slug("谷" * 70, "unicode")
    with pytest.raises(Misread) as found:
        check_slug("谷歌", "ascii")
    assert found.value.hint == "write `gu-ge`, or set `slugs: unicode` in site.yaml"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site(tmp_path_factory.mktemp("unicode"), SITE)
    assert not [d for d in problems(root) if d.severity == "error"]
    build_site(root)
    return root


def test_files_have_the_letters(site: Path) -> None:
    found = {p.relative_to(site / "output").as_posix() for p in (site / "output").rglob("*")}
    for path in (
        "briefs/谷歌离开/index.html",
        "companies/谷歌/index.html",
        "topics/c-语言/index.html",
        "people/nguyễn-văn-a/index.html",
        "sources/路透社/index.html",
        "watchlists/芯片/feed.xml",
        # former and transliterated addresses
        "companies/旧谷歌/index.html",
        "companies/gu-ge/index.html",
        "topics/c-yu-yan/index.html",
        "people/nguyen-van-a/index.html",
        "briefs/gu-ge-li-kai/index.html",
        "watchlists/xin-pian/index.html",
    ):
        assert path in found, sorted(p for p in found if not p.isascii())
    assert not [path for path in found if "%" in path]


def test_what_leaves_is_encoded_and_pages_are_readable(site: Path) -> None:
    output = site / "output"
    for path in output.rglob("*"):
        if path.suffix not in (".xml", ".json", ".html", ".ics", ".txt", ".js", ".md", ""):
            continue
        if not path.is_file():
            continue
        text = path.read_text("utf-8")
        wrong = re.findall(r"""https://test\\?\.example/[^\s"'<>)\\\]]*""", text)
        assert all(address.isascii() for address in wrong), (path, wrong)
        if path.suffix == ".html":
            links = re.findall(r'href="((?!https?:|mailto:)[^"]*%[^"]*)"', text)
            assert not links, (path, links)
    page = (output / "briefs/谷歌离开/index.html").read_text("utf-8")
    assert 'href="../../companies/谷歌/"' in page
    assert '<h2 id="背景">' in page
    assert f'rel="canonical" href="https://test.example/briefs/{quote("谷歌离开")}/"' in page
    rules = (output / "_redirects").read_text("utf-8")
    old, new = quote("旧谷歌"), quote("谷歌")
    assert f"/companies/{old}/ /companies/{new}/ 301!" in rules
    assert f"/companies/gu-ge/ /companies/{new}/ 301!" in rules


def test_every_link_leads_somewhere(site: Path) -> None:
    output = site / "output"
    for path in output.rglob("*.html"):
        text = path.read_text("utf-8")
        here = "/" + quote(path.relative_to(output).as_posix())
        for link in re.findall(r'(?:href|src)="([^"#?]+)(?:#[^"]*)?"', text):
            if re.match(r"[a-z]+:", link):
                continue
            target = unquote(urljoin(here, link)).lstrip("/")
            assert (output / target / "index.html").is_file() or (output / target).is_file(), (
                path,
                link,
            )
