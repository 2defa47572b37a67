"""Pages in the form of real sites, and the drafts that they become (golden files).

`GOLDEN=write` writes the drafts anew; review the diff. Each draft is checked as it is, and again
with every stub in it in use: then only what an editor has to write may be missing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from builder.clip.known import SiteKnowledge
from support.clipped import PAGES, clip_html, clip_site
from support.sites import problems

GOLDEN = Path(__file__).parent / "golden"
# Pages that do not say where they are from.
ADDRESSES = {
    "statement-en-gb": "https://acme.example/news/our-second-plant",
    "windows-1252-nl": "https://krant.example/2025/07/16/foobar",
}
EVERY = sorted(file.stem for file in PAGES.glob("*.html"))
# What an editor has yet to write.
UNWRITTEN = {"a brief needs `title`"}
UNWRITTEN_STUBS = {"a figure needs `metric`"}
# What an editor decides: here, whether the story continues the one with the same report.
UNDECIDED = {"content/briefs/foobar-cuts.md has the same subject and every report of this brief"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteKnowledge]:
    return clip_site(tmp_path_factory.mktemp("clips"))


@pytest.mark.parametrize("name", EVERY)
def test_draft(name: str, site: tuple[Path, SiteKnowledge]) -> None:
    root, known = site
    page = (PAGES / f"{name}.html").read_bytes()
    found = clip_html(root, known, page, ADDRESSES.get(name, ""), "clipped")
    golden = GOLDEN / f"{name}.md"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(found.text, "utf-8")
    assert found.text == golden.read_text("utf-8")


@pytest.mark.parametrize("stubs", [False, True], ids=["as clipped", "with its stubs"])
def test_drafts_lack_only_what_an_editor_writes(
    stubs: bool, site: tuple[Path, SiteKnowledge]
) -> None:
    root, _ = site
    allowed = UNWRITTEN | (UNWRITTEN_STUBS if stubs else UNDECIDED)
    draft = root / "content/briefs/clipped.md"
    for name in EVERY:
        text = (GOLDEN / f"{name}.md").read_text("utf-8")
        draft.write_text(re.sub(r"^#", "", text, flags=re.MULTILINE) if stubs else text, "utf-8")
        found = {p.message for p in problems(root) if p.path == "content/briefs/clipped.md"}
        assert found - allowed == set(), name
    draft.unlink()
