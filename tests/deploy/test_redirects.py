"""Addresses that a change of names or of `slugs` would remove, and the command that keeps them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from support.deploys import rebuild, run, site_of
from support.sites import brief, edit

TARGETS = "  production: {kind: folder, to: ../www}\n"
NEWS = brief("news", "Scale AI 谷歌", topics="[C 语言, 机器人]") + brief("old", "Scale AI leaves")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = site_of(tmp_path / "site", TARGETS, NEWS)
    run(root, "deploy", "--yes")
    return root


def test_the_other_style_of_slugs_redirects(site: Path) -> None:
    www = site.parent / "www"
    assert (www / "topics/c-yu-yan/index.html").is_file()
    edit(site / "site.yaml", "title: Test\n", "title: Test\nslugs: unicode\n")
    rebuild(site)
    run(site, "deploy", "--yes")
    assert (www / "topics/c-语言/index.html").is_file()
    assert quote("/topics/c-语言/") in (www / "topics/c-yu-yan/index.html").read_text("utf-8")
    assert "Every address" in run(site, "redirects").output
    edit(site / "site.yaml", "slugs: unicode", "slugs: ascii")  # and back
    rebuild(site)
    run(site, "deploy", "--yes")
    assert "/topics/c-yu-yan/" in (www / "topics/c-语言/index.html").read_text("utf-8")


def test_the_command_lists_former_addresses(site: Path) -> None:
    """What an earlier rule of transliteration, a new name of a file and a new name removed."""
    (site / "content/topics").mkdir()
    topic = site / "content/topics/c.md"  # the address that the name had without its letters
    topic.write_text("---\nname: C 语言\n---\n")
    rebuild(site)
    run(site, "deploy", "--yes", "--allow", "removed-addresses")
    topic.unlink()
    (site / "content/briefs/old.md").rename(site / "content/briefs/new.md")
    edit(site / "content/briefs/news.md", "机器人", "Robots")
    rebuild(site)
    refused = run(site, "deploy", "--yes", code=3).output
    assert "would be removed without a redirect" in refused
    assert "`slugline redirects --apply`" in refused
    listed = run(site, "redirects").output
    assert "/topics/c/ → /topics/c-yu-yan/  C 语言 (gets a file)" in listed
    assert "/briefs/old/ → /briefs/new/  content/briefs/new.md" in listed
    assert "/topics/ji-qi-ren/  no record had it" in listed
    assert "Wrote 2 files." in run(site, "redirects", "--apply").output
    text = (site / "content/topics/c-yu-yan.md").read_text("utf-8")
    assert "name: C 语言\nredirects: [c]\n" in text
    assert "redirects: [old]" in (site / "content/briefs/new.md").read_text()
    rebuild(site)
    still = run(site, "deploy", "--yes", code=3).output
    assert "2 addresses would be removed without a redirect: /topics/ji-qi-ren/" in still
