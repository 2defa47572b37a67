"""Profiles in the languages of editions: what is translated, what falls back, what stays hidden."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from support.sites import brief, build_site, edit, problems, read, tree, write_site

SITE = f"""\
=== site.yaml
title: Proof
base_url: https://proof.example
language: en-GB
authors: [{{name: Ann Lee, slug: ann}}]
sections: [{{name: Deals, slug: deals}}, {{name: Law, slug: law}}]
editions:
  nl: {{tagline: Nieuws, sections: {{deals: Overnames}}, authors: {{ann: A. Lee}}}}
  ar: {{tagline: أخبار}}
=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
summary: Labels data.
headquarters: San Francisco, United States
updated: 2025-06-12
---
The profile.
=== content/companies/scale-ai.nl.md
---
summary: Labelt "data".
updated: 2025-06-12
translated: {{by: machine, reviewed_by: Ann Lee}}
---
Het profiel. [[topic:data]]
=== content/topics/data.md
---
id: data2222
name: Training data
summary: What models learn from.
---
English text.
=== content/people/alexandr-wang.md
---
id: wang2222
name: Alexandr Wang
role: chief executive
listed: true
---
His text.
=== content/people/alexandr-wang.nl.md
---
role: topman
---
{brief("one", topics="[Training data]", people="[Alexandr Wang]", section="Deals")}
{
    brief(
        "een",
        lang="nl",
        topics="[Training data]",
        section="Deals",
        author="[Ann Lee]",
        translation_of="one",
    )
}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = write_site(tmp_path / "site", SITE)
    build_site(folder)
    return folder


def test_a_profile_is_in_the_language_of_its_edition(site: Path) -> None:
    """What it leaves out is in that of the main edition, and says so."""
    dutch = read(site, "nl/companies/scale-ai/index.html")
    assert '<p class="standfirst">Labelt “data”.</p>' in dutch
    assert '<div class="prose">\n<p>Het profiel.' in dutch and "The profile" not in dutch
    assert '<dd><span lang="en-GB">San Francisco, United States</span></dd>' in dutch
    assert ">Engels</a>, door een computer, nagekeken door A. Lee" in " ".join(dutch.split())
    arabic = read(site, "ar/companies/scale-ai/index.html")
    assert '<span lang="en-GB" dir="ltr">Labels data.</span>' in arabic
    assert '<div class="prose" lang="en-GB" dir="ltr">\n<p>The profile.' in arabic
    person = read(site, "nl/people/alexandr-wang/index.html")
    assert "<dd>Topman</dd>" in person and '<div class="prose" lang="en-GB">' in person
    main = read(site, "companies/scale-ai/index.html")
    assert "The profile." in main and "lang=" not in main.partition("<main")[2].partition("</m")[0]


def test_names_and_summaries_say_their_language_in_lists(site: Path) -> None:
    """Also in feeds and search, where a text cannot have a language, they are whole."""
    marked = '<span lang="en-GB">Training data</span>'
    for path in ("nl/topics/index.html", "nl/topics/data/index.html", "nl/briefs/een/index.html"):
        assert marked in read(site, path), path
    assert '<span lang="en-GB">Law</span>' in read(site, "nl/law/index.html")
    assert ">Overnames</a>" in read(site, "nl/briefs/een/index.html")
    for path, data in tree(site / "output").items():
        assert not re.search("[\ufdd0-\ufdd2]", data.decode("utf-8", "replace")), path
    assert "Training data" in read(site, "nl/topics/data/feed.xml")
    assert '["Training data",2,"data",1,[],"en-GB"]' in read(site, "nl/search/names.js")
    assert '["Scale AI",0,0,1]' in read(site, "nl/search/names.js")
    text = brief("twee", lang="nl", section="Law").partition("\n")[2]
    (site / "content/briefs/twee.md").write_text(text, "utf-8")
    build_site(site)
    sections = '"sections":[["deals","Overnames"],["law","Law","en-GB"]]'
    assert sections in read(site, "nl/search/index.js")


def test_only_pages_of_its_edition_follow_a_profile(site: Path) -> None:
    edit(site / "content/companies/scale-ai.nl.md", "Het profiel", "Dit profiel")
    assert {page.url for page in build_site(site).rendered} == {"/nl/companies/scale-ai/"}
    edit(site / "content/companies/scale-ai.nl.md", "Labelt", "Annoteert")
    rendered = {page.url for page in build_site(site).rendered}
    assert "/nl/companies/" in rendered
    assert all(url.startswith("/nl/") for url in rendered if url.endswith("/")), rendered
    edit(site / "content/companies/scale-ai.md", "2025-06-12", "2025-06-13")
    build_site(site)
    assert "13 juni 2025" in read(site, "nl/companies/scale-ai/index.html")
    assert [p.path for p in problems(site) if p.code == "translation-outdated"] == [
        "content/companies/scale-ai.nl.md"
    ]
    (site / "content/companies/scale-ai.nl.md").unlink()
    build_site(site)
    assert "The profile." in read(site, "nl/companies/scale-ai/index.html")
    before = tree(site / "output")
    shutil.rmtree(site / ".slugline")
    shutil.rmtree(site / "output")
    build_site(site)
    assert tree(site / "output") == before


def test_a_plain_page_says_that_its_original_changed(tmp_path: Path) -> None:
    pages = """\
=== content/pages/about.md
---
title: About
---
Text.
=== content/pages/about.nl.md
---
title: Over ons
---
Tekst.
"""
    folder = write_site(tmp_path / "site", SITE + pages)
    build_site(folder)
    assert "amended" not in read(folder, "nl/about/index.html")
    edit(folder / "content/pages/about.md", "title: About", "title: About\nupdated: 2025-06-13")
    rendered = {page.url for page in build_site(folder).rendered}
    assert "/nl/about/" in rendered
    dutch = read(folder, "nl/about/index.html")
    assert '<p class="amended">' in dutch and 'href="../../about/"' in dutch
    assert "13 juni 2025" in dutch and "amended" not in read(folder, "about/index.html")
    edit(folder / "content/pages/about.nl.md", "title:", "updated: 2025-06-14\ntitle:")
    build_site(folder)
    assert "amended" not in read(folder, "nl/about/index.html")


@pytest.mark.parametrize("hidden", ["status: draft", "translated: machine"])
def test_an_unfinished_profile_leaves_no_trace(tmp_path: Path, hidden: str) -> None:
    """The page has the text of the main edition, and keeps its address."""
    profile = f"=== content/topics/data.nl.md\n---\nname: Zqword\n{hidden}\n---\nZqtext.\n"
    folder = write_site(tmp_path / "site", SITE + profile)
    build_site(folder)
    every = b"".join(tree(folder / "output").values()).lower()
    assert b"zqword" not in every and b"zqtext" not in every
    assert "English text." in read(folder, "nl/topics/data/index.html")
    build_site(folder, drafts=True)
    assert "Zqtext." in read(folder, "nl/topics/data/index.html")


def pages_of(folder: Path, path: str) -> list[dict[str, object]]:
    """The WebPages in a page's JSON-LD."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', read(folder, path))
    assert found
    objects = json.loads(found[1])
    objects = objects if isinstance(objects, list) else [objects]
    return [one for one in objects if one["@type"] == "WebPage"]


def test_data_names_who_translated_a_profile(tmp_path: Path) -> None:
    """A machine and its reviewer, and the page that was translated; nothing where none was."""
    build_site(write_site(tmp_path, SITE))
    (page,) = pages_of(tmp_path, "nl/companies/scale-ai/index.html")
    assert page == {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": "Scale AI",
        "url": "https://proof.example/nl/companies/scale-ai/",
        "inLanguage": "nl",
        "translationOfWork": {
            "@type": "WebPage",
            "url": "https://proof.example/companies/scale-ai/",
            "inLanguage": "en-GB",
        },
        "translator": [
            {"@type": "SoftwareApplication", "name": "machine translation"},
            {"@type": "Person", "name": "A. Lee"},
        ],
    }
    (person,) = pages_of(tmp_path, "nl/people/alexandr-wang/index.html")
    assert "translator" not in person  # the file does not say
    for path in ("companies/scale-ai", "ar/companies/scale-ai", "nl/topics/data"):
        assert pages_of(tmp_path, f"{path}/index.html") == []
