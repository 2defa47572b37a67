"""A site in two further languages: what each edition has, how they link, and incremental builds."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from builder.site.edition_names import edition_for, from_root
from support.sites import (
    NOW,
    SETTINGS,
    brief,
    build_site,
    edit,
    problems,
    read,
    settings_of,
    tree,
    urls,
    write_site,
)

EDITIONS = """\
editions:
  nl:
    tagline: Waar het begon
    sections: {deals: {name: Overnames, summary: Wie wie koopt.}}
    authors: {desk: De redactie}
  vi: {base: /tieng-viet/, fallback: hide}
"""
FIGURE = "[{metric: valuation, of: Scale AI, value: $14bn, as_of: 2025-05, basis: reported}]"
SITE = f"""\
=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
aliases: [Scale]
listed: true
translations: {{nl: {{summary: Labelt data.}}, vi: Scale AI VN}}
---
The profile.
=== content/topics/data.md
---
id: data2222
name: Data
translations: {{nl: Gegevens}}
---
=== content/pages/about.md
---
id: abou2222
title: About us
---
Text.
=== content/pages/about.nl.md
---
id: abou3333
title: Over ons
---
Tekst. [Terug](/companies/scale-ai/)
=== content/digests/2025-w24.nl.md
---
title: De week
---
Wat er was.
{
    brief(
        "one",
        "Scale AI one",
        "First. [[brief:two]]",
        date="2025-06-10",
        topics="[Data]",
        section="deals",
        figures=FIGURE,
    )
}
{brief("two", "Google two", "Second.", date="2025-06-11", companies="[Google]", section="labs")}
{
    brief(
        "een",
        "Scale AI een",
        "Eerste. [[brief:two]] [[page:about]]",
        date="2025-06-12",
        lang="nl",
        translation_of="one",
        topics="[Data]",
        section="deals",
        figures=FIGURE,
    )
}
{
    brief(
        "drie",
        "Scale AI drie",
        "Alleen hier. [[brief:een]]",
        date="2025-06-13",
        lang="nl",
        topics="[Data]",
        section="deals",
        follows="[one]",
    )
}
{brief("mot", "Scale AI mot", "Mot.", date="2025-06-14", lang="vi", translation_of="one")}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = write_site(tmp_path / "site", SITE)
    settings = folder / "site.yaml"
    settings.write_text(settings.read_text("utf-8") + EDITIONS, "utf-8")
    build_site(folder)
    return folder


def links(page: str) -> set[str]:
    """The addresses of links and pictures of a page, as written."""
    return {*re.findall(r'(?:href|src)="([^"#]*)', page)}


def resolved(folder: Path, path: str) -> set[str]:
    """The files to which a page's relative addresses lead."""
    at = folder / "output" / path
    found = set()
    for address in links(at.read_text("utf-8")):
        if not re.match(r"[a-z]+:", address) and address:
            target = (at.parent / address.partition("?")[0]).resolve()
            found.add(f"{target / 'index.html' if address.endswith('/') else target}")
    return found


def test_a_brief_is_in_the_edition_of_its_language(site: Path) -> None:
    found = {path for path in tree(site / "output") if "briefs/" in path and "index.html" in path}
    assert found == {
        "briefs/index.html", "briefs/one/index.html", "briefs/two/index.html",
        "nl/briefs/index.html", "nl/briefs/een/index.html", "nl/briefs/drie/index.html",
        "tieng-viet/briefs/index.html", "tieng-viet/briefs/mot/index.html",
        # Where they were before there were editions, they redirect.
        "briefs/een/index.html", "briefs/drie/index.html", "briefs/mot/index.html",
    }  # fmt: skip
    assert "../../nl/briefs/een/" in read(site, "briefs/een/index.html")


def test_every_address_leads_to_a_file(site: Path) -> None:
    """From the root and from each edition: pages, styles, pictures, feeds."""
    for path in tree(site / "output"):
        if path.endswith(".html") and "404" not in path:
            for target in resolved(site, path):
                assert Path(target).is_file(), (path, target)


def test_no_file_names_an_address_that_climbs(site: Path) -> None:
    """What leads to another edition is absolute or relative, and never `/nl/../`."""
    for path, data in tree(site / "output").items():
        assert b"test.example/nl/.." not in data, path
        assert b"test.example/tieng-viet/.." not in data, path


def test_words_of_an_edition(site: Path) -> None:
    front = read(site, "nl/index.html")
    assert '<html lang="nl"' in front
    assert "Waar het begon" in front
    assert "Overnames" in front
    assert "Deals" not in re.sub("<title>.*?</title>", "", front)
    assert "Labelt data." in read(site, "nl/companies/scale-ai/index.html")
    assert "Scale AI VN" in read(site, "tieng-viet/companies/scale-ai/index.html")
    assert "Gegevens" in read(site, "nl/topics/data/index.html")
    assert "De redactie" in read(site, "nl/briefs/een/index.html")
    assert "De week" in read(site, "nl/digests/2025-w24/index.html")
    assert "De week" not in read(site, "digests/2025-w24/index.html")
    assert "Over ons" in read(site, "nl/about/index.html")
    assert "About us" in read(site, "about/index.html")


def test_a_story_is_listed_once_in_each_edition(site: Path) -> None:
    english, dutch = read(site, "briefs/index.html"), read(site, "nl/briefs/index.html")
    hidden = read(site, "tieng-viet/briefs/index.html")
    assert "Scale AI one" in english
    assert "Scale AI een" not in english
    assert "Scale AI drie" in english  # not translated into English: listed, with its language
    assert "Nederlands" in english
    assert "Scale AI een" in dutch
    assert "Scale AI one" not in dutch
    assert 'href="../../briefs/two/"' in dutch
    assert "Scale AI mot" in hidden
    assert "Google two" not in hidden


def test_what_no_brief_of_an_edition_names_has_no_page_in_it(site: Path) -> None:
    """With `fallback: hide`: its list has no empty page, and a link leads to the main edition."""
    edit(site / "content/briefs/mot.md", "Mot.", "Mot. [[topic:data]] [[Google]]")
    build_site(site)
    assert not (site / "output/tieng-viet/topics/data").exists()
    assert (site / "output/tieng-viet/companies/google/index.html").is_file()
    page = read(site, "tieng-viet/briefs/mot/index.html")
    assert 'href="../../../topics/data/"' in page
    assert 'href="../../companies/google/"' in page


def test_one_record(site: Path) -> None:
    """A figure counts once in each edition, and its source is the version of the edition."""
    for path, brief_url in (
        ("", "briefs/one/"),
        ("nl/", "nl/briefs/een/"),
        ("tieng-viet/", "briefs/one/"),
    ):
        rows = json.loads(read(site, f"{path}numbers/numbers.json"))
        found = rows if isinstance(rows, list) else rows["figures"]
        assert [row["brief_url"] for row in found] == [f"https://test.example/{brief_url}"]


def test_references_lead_to_the_version_or_to_the_other_edition(site: Path) -> None:
    page = read(site, "nl/briefs/een/index.html")
    assert 'href="../../../briefs/two/"' in page
    assert 'href="../../about/"' in page
    assert 'href="../een/"' not in page
    assert "../../briefs/een/" in read(site, "nl/briefs/drie/index.html")  # follows `one`


def test_switch_and_alternates(site: Path) -> None:
    company = read(site, "nl/companies/scale-ai/index.html")
    alternates = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', company)
    base = "https://test.example"
    assert alternates == [
        ("en-GB", f"{base}/companies/scale-ai/"),
        ("nl", f"{base}/nl/companies/scale-ai/"),
        ("vi", f"{base}/tieng-viet/companies/scale-ai/"),
        ("x-default", f"{base}/companies/scale-ai/"),
    ]
    # A brief leads to its versions, or to the front page where there is none.
    one, drie = read(site, "briefs/one/index.html"), read(site, "nl/briefs/drie/index.html")
    assert 'href="../../nl/briefs/een/"' in one
    assert 'href="../../tieng-viet/briefs/mot/"' in one
    assert 'hreflang="en-GB"' not in re.sub(r"<body.*", "", drie, flags=re.S)
    sitemap = read(site, "sitemap.xml")
    assert f"<loc>{base}/nl/briefs/een/</loc>" in sitemap


def test_feeds_are_lists_and_search_has_the_edition_only(site: Path) -> None:
    feed, hidden = read(site, "nl/feed.xml"), read(site, "tieng-viet/feed.xml")
    assert "Scale AI een" in feed
    assert "<title>Scale AI one" not in feed
    assert "<link>https://test.example/briefs/two/</link>" in feed
    assert "<link>https://test.example/nl/briefs/drie/</link>" in read(site, "feed.xml")
    assert "<title>Google two" not in hidden
    documents = "".join(
        data.decode() for path, data in tree(site / "output").items() if path.startswith("search/")
    )
    assert "Second." in documents
    assert "Alleen hier" not in documents


def test_an_outdated_translation_says_so(site: Path) -> None:
    edit(
        site / "content/briefs/one.md", "date: 2025-06-10", "date: 2025-06-10\nupdated: 2025-06-20"
    )
    found = [d for d in problems(site) if d.code == "translation-outdated"]
    assert [d.path for d in found] == ["content/briefs/een.md", "content/briefs/mot.md"]
    build_site(site)
    assert "2025-06-20" in read(site, "nl/briefs/een/index.html")
    edit(
        site / "content/briefs/een.md", "date: 2025-06-12", "date: 2025-06-12\nupdated: 2025-06-20"
    )
    assert len([d for d in problems(site) if d.code == "translation-outdated"]) == 1


def test_a_machine_translation_waits_for_a_reviewer(site: Path) -> None:
    edit(site / "content/briefs/mot.md", "lang: vi", "lang: vi\ntranslated: machine")
    build_site(site)
    assert not any(b"Scale AI mot" in data for data in tree(site / "output").values())
    edit(
        site / "content/briefs/mot.md",
        "translated: machine",
        "translated: {by: machine, reviewed_by: desk}",
    )
    build_site(site)
    assert "The desk" in read(site, "tieng-viet/briefs/mot/index.html")


STEPS = (
    ("content/briefs/een.md", "Eerste.", "Eerste, later."),
    ("content/briefs/een.md", "Scale AI een", "Scale AI ten eerste"),
    ("content/briefs/one.md", "Scale AI one", "Scale AI first"),
    ("content/briefs/one.md", "date: 2025-06-10", "date: 2025-06-15"),
    ("content/briefs/mot.md", "translation_of: one", "translation_of: two"),
    ("content/briefs/drie.md", "lang: nl", "lang: en"),
    ("content/companies/scale-ai.md", "Labelt data.", "Labelt gegevens."),
    ("content/topics/data.md", "Gegevens", "Data"),
    ("content/pages/about.nl.md", "Over ons", "Wie wij zijn"),
    ("site.yaml", "Waar het begon", "Vanaf het begin"),
    ("site.yaml", "fallback: hide", "fallback: list"),
    ("site.yaml", "base: /tieng-viet/", "base: /viet/"),
    ("content/briefs/een.md", "lang: nl", "lang: nl\nstatus: draft"),
)


def test_incremental_equals_clean(site: Path, tmp_path: Path) -> None:
    """After each of these edits, and after all, as a build of a copy from nothing."""
    for n, (path, old, new) in enumerate(STEPS):
        edit(site / path, old, new)
        build_site(site)
        clean = tmp_path / f"clean-{n}"
        shutil.copytree(
            site, clean, ignore=shutil.ignore_patterns("output", ".output*", ".slugline")
        )
        build_site(clean)
        assert tree(site / "output") == tree(clean / "output"), (path, new)
        shutil.rmtree(clean)


def test_one_text_renders_one_edition(site: Path) -> None:
    edit(site / "content/briefs/een.md", "Eerste.", "Eerste, later.")
    rendered = urls(build_site(site))
    assert "/nl/briefs/een/" in rendered
    assert all(url.startswith("/nl/") for url in rendered), rendered
    edit(site / "content/companies/scale-ai.md", "Labelt data.", "Labelt gegevens.")
    rendered = urls(build_site(site))
    assert rendered
    assert all(url.startswith("/nl/") for url in rendered), rendered


def test_a_scheduled_translation_leaves_no_trace(site: Path) -> None:
    text = brief("bijna", "Scale AI bijna", "Nog niet.", date="2025-08-01", lang="nl")
    write_site(site, text, usual=False)
    before = tree(site / "output")
    build_site(site)
    assert tree(site / "output") == before
    build_site(site, now=NOW + timedelta(days=60))
    assert "Scale AI bijna" in read(site, "nl/index.html")


def test_the_edition_of_a_language(site: Path) -> None:
    settings = settings_of(site)
    expected = {
        "": "", "en": "", "en-US": "", "nl": "nl", "nl-BE": "nl", "vi": "vi", "fr": "", "NL": "nl",
    }  # fmt: skip
    assert {lang: edition_for(settings, lang) for lang in expected} == expected


def test_from_root() -> None:
    expected = {
        "/": "/nl/", "/briefs/x/": "/nl/briefs/x/", "/../briefs/x/": "/briefs/x/",
        "/../vi/": "/vi/", "/assets/x.css": "/assets/x.css", "https://a.example/": "https://a.example/",
    }  # fmt: skip
    assert {url: from_root("/nl", url) for url in expected} == expected
    assert from_root("", "/nl/x/") == "/nl/x/"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("vi: {base: /tieng-viet/", "vi: {base: /nl/", "duplicate-slug"),
        ("vi: {base: /tieng-viet/", "vi: {base: tieng", "invalid-url"),
        ("vi: {base: /tieng-viet/", "vi: {base: /deals/", "reserved-slug"),
        ("vi: {base: /tieng-viet/", "vi: {base: /companies/", "reserved-slug"),
        ("{deals: {name", "{deels: {name", "unknown-section"),
        ("  nl:\n", "  en-GB:\n", "invalid-language"),
        ("  nl:\n", "  xx-yy:\n", "invalid-language"),
    ],
)
def test_mistakes_in_editions(site: Path, old: str, new: str, code: str) -> None:
    edit(site / "site.yaml", old, new)
    assert code in {d.code for d in problems(site) if d.path == "site.yaml"}


def test_a_correction_of_the_original_is_in_the_ledger_until_the_translation_follows(
    site: Path,
) -> None:
    """It is marked with its language; a translation in an edition of its own keeps its own."""
    original, translated = (site / f"content/briefs/{slug}.md" for slug in ("one", "een"))
    lacking = (
        "corrections: [{at: 2025-06-20, kind: factual, was: 700 people, now: 500 people}]\n---\n"
    )
    edit(original, "---\nFirst.", f"{lacking}First.")
    build_site(site)
    page = (site / "output/nl/corrections/index.html").read_text("utf-8")
    assert '<span lang="en-GB">English</span>' in page
    assert 'href="../../briefs/one/#correction.1"' in page
    ours = lacking.replace("2025-06-20", "2025-06-21").replace("700 people", "700 mensen")
    edit(translated, "---\nEerste.", f"{ours}Eerste.")
    build_site(site)
    page = (site / "output/nl/corrections/index.html").read_text("utf-8")
    assert "700 people" not in page
    assert 'href="../briefs/een/#correction.1"' in page


def test_a_translation_has_the_state_of_its_original(tmp_path: Path) -> None:
    """Events that later briefs move, figures that they contradict, and a withdrawal."""
    launch = "[{id: l, title: Launch, date: 2025-09-01}]"
    dutch_launch = launch.replace("Launch", "Lancering")
    figure = (
        "[{id: v, metric: METRIC, of: Scale AI, value: VALUE, as_of: 2025-05, basis: reported}]"
    )
    dutch = figure.replace("METRIC", "waardering").replace("VALUE", "14 miljard dollar")
    figure = figure.replace("METRIC", "valuation")
    later = "[{id: m, title: Launch, date: 2025-10-01, changes: one#l}]"
    briefs = (
        brief("one", events=launch, figures=figure.replace("VALUE", "$14bn"))
        + brief("een", lang="nl", translation_of="one", figures=dutch, events=dutch_launch)
        + brief("two", date="2025-06-17", events=later, figures=figure.replace("VALUE", "$20bn"))
        + brief("three", status="withdrawn", withdrawn_because="It was wrong.")
        + brief("drie", lang="nl", translation_of="three")
    )  # fmt: skip
    site = write_site(tmp_path / "site", briefs)
    settings = site / "site.yaml"
    settings.write_text(
        settings.read_text("utf-8") + "editions: {nl: {tagline: Nieuws}}\n", "utf-8"
    )
    build_site(site)
    page = " ".join(read(site, "nl/briefs/een/index.html").split())
    assert 'Nu <time datetime="2025-10-01">1 oktober 2025</time>:' in page
    assert '/briefs/two/#event.m" lang="en-GB">' in page
    assert "14–20 miljard dollar" in page and "20 miljard dollar (<a href" in page
    assert "Lancering" in page and "Launch" in read(site, "nl/calendar/index.html")
    assert ">origineel</a> is ingetrokken." in read(site, "nl/briefs/drie/index.html")
    assert [p.path for p in problems(site) if p.code == "translation-outdated"] == [
        "content/briefs/drie.md"
    ]


def test_a_late_translation_may_state_what_is_over_by_now(tmp_path: Path) -> None:
    """Its original stated it in time, and is checked; by itself, each date would be a finding."""
    stated = {
        "expects": "[{id: sale, text: It is sold, by: 2025-06, of: Meta, says: reuters}]",
        "events": "[{id: talk, title: A talk, date: 2025-06-20, of: Meta}]",
        "sources": "[{id: reuters, publisher: Reuters}]",
    }
    settings = SETTINGS + "editions: {nl: {}}\n"
    site = write_site(
        tmp_path,
        settings
        + brief("one", date="2025-06-15", **stated)
        + brief("een", date="2025-06-25", lang="nl", translation_of="one", **stated)
        + brief("two", date="2025-07-02", **stated),
    )
    codes = {"expectation-over", "event-over"}
    found = [(p.path, p.code) for p in problems(site) if p.code in codes]
    assert found == [
        ("content/briefs/two.md", "expectation-over"), ("content/briefs/two.md", "event-over"),
    ]  # fmt: skip
