"""Exports of hosted systems, and kinds without a generator at hand, by their documentation."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from builder.importers.bad_archive import BadArchive
from support.imports import Imported, import_into, new_site, shown, write_files
from support.sites import picture

HERE = Path(__file__).parent
BASE = "https://old.example"


def test_wordpress(tmp_path: Path) -> None:
    up = write_files(tmp_path / "up", {"wp-content/uploads/2020/01/sign.png": picture(9, 1)})
    found = import_into(
        new_site(tmp_path / "site", BASE, "Europe/Amsterdam"),
        "wordpress",
        HERE / "wordpress" / "export.xml",
        pictures=up,
    )
    assert found.errors() == []
    assert found.brief("scale-ai-labels") == (
        """\
---
title: "Scale AI & the labels"
date: 2020-01-02 10:30 +01:00
guid: "https://old.example/?p=12"
redirects:
  - "/2020/01/scale-ai-labels/"
  - "/2020/01/scale-labels/"
summary: Who labels what.
author: [jo-example]
section: deals
topics: [Scale AI, data labelling]
image: {file: wp-content/uploads/2020/01/sign.png, alt: A sign}
---
First line of a classic text.\\
Second line.

A paragraph with **bold**, [a link](/briefs/blocks/) and \\[sic\\].

![A sign](/media/wp-content/uploads/2020/01/sign.png "The sign at the door")

[https://www.youtube.com/watch?v=abc123](https://www.youtube.com/watch?v=abc123)
"""
    )
    assert "A note[^1] here.\n\n| Lab | Price |" in found.brief("blocks")
    assert "[^1]: The *note*." in found.brief("blocks")
    assert "status: draft" in found.brief("friends") and "status: draft" in found.brief("a-draft")
    assert dict(shown(found.notes)) == {
        "old-link": 1, "left-out": 1, "comments": 2, "shortcode": 1, "scripts": 1, "no-term": 1,
        "password": 1, "query": 2,
    }  # fmt: skip
    settings = (found.folder / "site.yaml").read_text("utf-8")
    assert '{from: "/feed/", to: "/feed.xml"}' in settings
    assert '{from: "/2020/01/", to: "/archive/2020/01/"}' in settings


def test_ghost(tmp_path: Path) -> None:
    found = import_into(
        new_site(tmp_path, BASE), "ghost", HERE / "ghost" / "export.json", base_url=BASE
    )
    assert found.errors() == []
    text = found.brief("coming-soon")
    assert "guid: 5ddc9063c35e7700383b27e0\n" in text
    assert (
        "author: [jo-example, sam-sample]" in text
        and 'topics: ["Data labelling"]'.replace('"', "") in text
    )
    assert "date: 2020-01-02 09:30 +00:00" in text and '  - "/coming-soon/"' in text
    assert "[a link](/briefs/second/)" in text and "Subscribe" not in text
    assert "[A film](https://www.youtube.com/watch?v=abc123)" in text
    assert "status: draft" in found.brief("second") and "One.\n\nTwo." in found.brief("unfinished")
    assert found.notes.count("restricted") == 1


def substack(tmp_path: Path, path: Path) -> Imported:
    return import_into(new_site(tmp_path, BASE), "substack", path, base_url=BASE)


def test_substack(tmp_path: Path) -> None:
    archive = tmp_path / "export.zip"
    source = HERE / "substack" / "export"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(source.rglob("*.*")):
            packed.write(file, file.relative_to(source).as_posix())
    found = substack(tmp_path / "site", archive)
    assert found.errors() == []
    text = found.brief("first-issue")
    assert 'guid: "https://old.example/p/first-issue"' in text and '  - "/p/first-issue/"' in text
    assert "summary: How it began" in text
    assert text.endswith(
        "Text[^1] and [itself](/briefs/first-issue/).\n\n[A sign](https://cdn.example/a.png)\n\n"
        "[Video on YouTube](https://www.youtube.com/watch?v=abc123)\n\n[^1]: The note.\n"
    )
    assert "status: draft" in found.brief("for-subscribers")
    assert "date: 2000-01-01" in found.brief("unfinished")
    notes = dict(shown(found.notes))
    assert notes["remote-picture"] == notes["restricted"] == notes["left-out"] == 1
    # The folder in the zip file is the same archive.
    assert substack(tmp_path / "site", source).finished.counts.same == 4


def test_buttondown(tmp_path: Path) -> None:
    base = f"{BASE}/jo"
    found = import_into(
        new_site(tmp_path, BASE), "buttondown", HERE / "buttondown" / "export", base_url=base
    )
    assert found.errors() == []
    text = found.brief("plain-issue")
    assert 'guid: "https://old.example/jo/archive/plain-issue/"' in text
    assert '  - "/jo/archive/plain-issue/"' in text and "text with **bold**.[^1]" in text
    assert "status: draft" in found.brief("premium-issue")
    assert found.notes.count("restricted") == 1


def test_zola(tmp_path: Path) -> None:
    """Addresses by getzola.org/documentation/content/page; no generator made them."""
    found = import_into(new_site(tmp_path, BASE), "zola", HERE / "zola" / "site")
    assert found.errors() == []
    first, bundle = found.brief("first-post"), found.brief("the-bundle")
    assert 'guid: "https://old.example/blog/first-post/"' in first
    assert '  - "/blog/first-post/"\n  - "/old/first/"' in first
    assert "date: 2020-01-02\n" in first and "author: [jo-example]" in first
    assert "section: labs" in first and "topics: [machine learning]" in first
    assert "[bundle](/briefs/the-bundle/)" in first and "\n\n[Video on YouTube](" in first
    assert (
        'guid: "https://old.example/blog/the-bundle/"' in bundle and "updated: 2020-05-08" in bundle
    )
    assert "![pic](/media/blog/bundle/pic.png)\n\nInside" in bundle
    assert (found.folder / "content/pages/about-us.md").is_file()


@pytest.mark.parametrize("kind", ["substack", "buttondown"])
def test_the_address_is_needed(kind: str, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="--base-url"):
        import_into(new_site(tmp_path), kind, HERE / kind / "export")


def test_the_old_feed_decides(tmp_path: Path) -> None:
    """Identities are by link, and the new feed is no longer than the old one."""
    feed = tmp_path / "feed.xml"
    feed.write_text(
        '<rss version="2.0"><channel><item><title>x</title><link>http://old.example/2020/02/blocks</link>'
        "<guid>urn:x:1</guid><pubDate>Mon, 03 Feb 2020 09:00:00 GMT</pubDate></item>"
        "<item><title>Gone</title><link>https://old.example/gone/</link><guid>urn:x:2</guid></item>"
        "</channel></rss>"
    )
    found = import_into(
        new_site(tmp_path / "site", BASE), "wordpress", HERE / "wordpress" / "export.xml", feed=feed
    )
    assert "guid: urn:x:1\n" in found.brief("blocks")
    assert 'guid: "https://old.example/?p=12"' in found.brief("scale-ai-labels")
    assert found.notes.count("feed-item") == 1
    assert "feed_items: 2\n" in (found.folder / "site.yaml").read_text("utf-8")
