"""The texts of `slugline init` are found as long as readers would see them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.content.config import read_config
from builder.content.starter import starter_languages, starter_paragraphs, starter_settings
from builder.content.template_files import STARTER
from builder.deploy.placeholders import find_placeholders
from builder.editing.new_site import write_site as init
from support.deploys import SMALL, rebuild, run
from support.sites import edit, write_site

PAGES = {
    "about/index.html",
    "briefs/meta-takes-49-of-scale-ai/index.html",
    "companies/scale-ai/index.html",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A new site, as `slugline init` writes it."""
    init(tmp_path / "site")
    return tmp_path / "site"


def found(site: Path, address: str = "https://news.example", pages: set[str] = PAGES) -> list[str]:
    return [*find_placeholders(site, read_config(site), address, pages)]


def test_every_text_of_the_starter_is_one(site: Path) -> None:
    """Each paragraph of each of its records, and each text of its site.yaml."""
    listed = found(site, "https://briefing.example/news")
    assert listed[:2] == [
        "site.yaml:2 (`My briefing`)",
        "site.yaml:3 (`What happened, and who reported it`)",
    ]
    assert "site.yaml:5 (`https://briefing.example/news`)" in listed
    assert "content/pages/about.md:7 (`Describe here who writes this briefing,…`)" in listed
    languages = len(starter_languages())
    assert len(listed) == len(starter_settings()) + len(starter_paragraphs()) // languages
    for file in (STARTER / "content").rglob("*.md"):
        path = file.relative_to(STARTER).as_posix()
        assert any(place.startswith(f"{path}:") for place in listed), path
    fields = {"title", "tagline", "description", "base_url"}
    assert starter_settings().keys() == fields, "names of sections, menus and authors can stay"


def test_what_was_replaced_or_is_not_published_is_none(site: Path) -> None:
    text = (site / "site.yaml").read_text("utf-8")
    for field, values in starter_settings().items():
        for value in values:
            text = text.replace(f"{field}: {value}", f"{field}: https://mine.example/{field}")
    (site / "site.yaml").write_text(text, "utf-8")
    edit(site / "content/pages/about.md", "Describe here who writes", "Ann writes")
    edit(site / "content/companies/scale-ai.md", "A sample company", "A company")
    assert {place.partition(":")[0] for place in found(site)} == {
        "content/briefs/meta-takes-49-of-scale-ai.md"
    }
    assert found(site, pages=PAGES - {"briefs/meta-takes-49-of-scale-ai/index.html"}) == []


def test_a_paragraph_is_found_in_another_file_and_in_other_lines(site: Path) -> None:
    old = site / "content/briefs/meta-takes-49-of-scale-ai.md"
    text = old.read_text("utf-8").replace("Edit it, or delete", "Edit it,\n  or delete")
    (site / "content/briefs/mine.md").write_text(text.replace("\n", "\r\n"), "utf-8")
    old.unlink()
    places = found(site, pages={"briefs/mine/index.html"})
    assert [place for place in places if place.startswith("content/briefs/mine.md:28 (`This is a")]


def test_a_new_site_is_not_deployed(site: Path) -> None:
    write_site(site, SMALL, usual=False, fresh=True)
    with (site / "site.yaml").open("a", encoding="utf-8") as file:
        file.write("deploy: {live: {kind: folder, to: ../www}}\n")
    rebuild(site)
    said = run(site, "deploy", "live", "--yes", "--no-check", code=3).output
    assert re.search(r"\n  placeholder: readers would see texts that `slugline init` wrote: ", said)
    assert not (site.parent / "www").exists()
    run(site, "deploy", "live", "--yes", "--no-check", "--allow", "placeholder")
    assert (site.parent / "www/index.html").exists()
