"""The record of corrections: what a reader sees of one, when, where, and in which feeds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from support.looks import LOOKS, RULES, OpenPage, overflow, violations
from support.pages import read_page, words
from support.sites import brief, build_site, edited, problems, read, tree, urls, write_site
from support.tools import as_lines, check_html, serve

ONE = """
  - {at: 2025-06-20 10:30, kind: factual, was: 700 people., now: 200 employees,
     note: A reader wrote to us.}
  - {at: 2025-06-18, kind: translation, was: five sources <inside> Meta, now: five people}"""
TWO = "[{at: 2025-07-02, kind: omission, now: It did not reply.}]"  # tomorrow
SITE = (
    brief("one", "Scale AI one", companies="[Scale AI, Google]", corrections=ONE)
    + brief("two", "Scale AI two", date="2025-06-21", updated="2025-06-22", corrections=TWO)
    + brief("three", "Google three", date="2025-06-23", companies="[Google]", lang="nl",
            corrections="[{at: 2025-05-30, kind: clarification, now: Het is zo.}]")
    + brief("gone", "Meta four", date="2025-05-01", companies="[Meta]", status="withdrawn",
            updated="2025-06-25", withdrawn_because="It was a rumour.")
)  # fmt: skip
POLICY = """\
=== content/pages/corrections.md
---
title: How we correct
id: corr2222
summary: In public.
---
We do. See [the record](#corrections).

## Kinds
"""
BUILT = SITE + POLICY
AFTER = datetime(2025, 7, 3, 12, tzinfo=UTC)
NS = {"one": "id-one-corrected-20250620T0830Z", "day": "id-one-corrected-2025-06-18"}


def article(folder: Path, slug: str) -> dict[str, object]:
    """The JSON-LD of a brief."""
    (text,) = read_page(read(folder, f"briefs/{slug}/index.html")).linked_data
    return next(o for o in json.loads(text) if o["@type"] == "NewsArticle")


# --- a brief -----------------------------------------------------------------------------------


def test_a_brief_says_what_it_said(built: Path) -> None:
    """At the end, in the order of time; near the top a line leads there."""
    page = read(built, "briefs/one/index.html")
    text = words(page)
    first = 'An earlier version of this brief said: "five sources <inside> Meta".'
    assert first in text
    assert 'said: "700 people". It now says: "200 employees". A reader wrote to us.' in text
    assert text.index(first) < text.index('said: "700 people"')
    assert {"corrections", "correction.1", "correction.2"} <= read_page(page).ids
    top = page[: page.index("</header>", page.index("<h1"))]
    assert 'href="#corrections"' in top and "Corrected on 20 June 2025" in words(top)
    assert "Updated 20 June 2025" in text
    assert "Corrections" not in words(read(built, "briefs/two/index.html").split("<footer")[0])


def test_the_last_correction_is_the_last_change(built: Path) -> None:
    """For machines too; what is only to come is not, nor what came before publication."""
    one = article(built, "one")
    assert one["dateModified"] == "2025-06-20T10:30:00+02:00"
    assert one["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "Translation error. The brief said: “five sources <inside> Meta”. It now says:"
            " “five people”.",
            "datePublished": "2025-06-18",
        },
        {
            "@type": "CorrectionComment",
            "text": "Factual error. The brief said: “700 people”. It now says: “200 employees”. A"
            " reader wrote to us.",
            "datePublished": "2025-06-20T10:30:00+02:00",
        },
    ]
    two = article(built, "two")
    assert two["dateModified"] == "2025-06-22" and "correction" not in two
    assert [d.code for d in problems(built)] == ["correction-before-date"]


def test_a_correction_does_not_announce_a_story_again(site: Path) -> None:
    """Its items keep their guid and their date, and say what was corrected."""
    before = feedparser.parse(read(site, "feed.xml"))
    edited(site, "briefs/one", "{at: 2025-06-18,",
           "{at: 2025-06-30, kind: spelling, was: a, now: b}\n  - {at: 2025-06-18,")  # fmt: skip
    after = feedparser.parse(read(site, "feed.xml"))
    assert [(e.id, e.published) for e in before.entries] == [
        (e.id, e.published) for e in after.entries
    ]
    assert after.feed.updated == "Mon, 30 Jun 2025 00:00:00 +0200" != before.feed.updated
    (entry,) = (e for e in after.entries if e.id == "id-one")
    assert "Misspelling" in entry.content[0].value


# --- the record --------------------------------------------------------------------------------


def test_the_record(built: Path) -> None:
    """Below what the site says of corrections, by month, the newest first; withdrawals too."""
    page = read(built, "corrections/index.html")
    text = words(page)
    assert "How we correct" in text and text.index("We do.") < text.index("3 corrections")
    order = [
        "Withdrawn 25 June 2025 Meta four It was a rumour.", "Factual error", "20 June 2025",
        "Translation error", "Clarification 30 May 2025 Google three To be clear: Het is zo",
    ]  # fmt: skip
    at = [text.lower().index(part.lower()) for part in order]
    assert at == sorted(at)
    assert "3 corrections, 1 withdrawal" in text and "June 2025" in text and "May 2025" in text
    for link in ("one/#correction.2", "one/#correction.1", "three/#correction.1", "gone/"):
        assert f'href="../briefs/{link}"' in page
    assert "two" not in text
    assert '<span lang="nl">Het is zo</span>' in page


def test_the_feed_of_the_record(built: Path) -> None:
    found = feedparser.parse(read(built, "corrections/feed.xml"))
    assert not found.bozo
    assert [(e.id, e.title) for e in found.entries] == [
        ("id-gone-withdrawn", "Withdrawn: Meta four"),
        (NS["one"], "Correction: Scale AI one"),
        (NS["day"], "Correction: Scale AI one"),
        ("id-three-corrected-2025-05-30", "Verduidelijking: Google three"),  # its language
    ]
    assert found.entries[1].link == "https://test.example/briefs/one/#correction.2"
    assert found.entries[1].published == "Fri, 20 Jun 2025 10:30:00 +0200"
    assert "The brief said: “700 people”. It now says: “200 employees”." in found.entries[1].summary
    assert found.feed.updated == "Wed, 25 Jun 2025 00:00:00 +0200"
    assert "corrections/feed.xml" in read(built, "feeds/index.html")


def test_a_guid_outlives_the_words_and_the_address(tmp_path: Path) -> None:
    """Of two corrections of one moment, the second has a number."""
    more = ONE + "\n  - {at: 2025-06-18, kind: spelling, was: x, now: y}"
    moved = brief("one", "Another title", corrections=more.replace("700", "701"))
    write_site(tmp_path, moved.replace("title:", "slug: moved\ntitle:"))
    build_site(tmp_path)
    found = feedparser.parse(read(tmp_path, "corrections/feed.xml"))
    assert [e.id for e in found.entries] == [NS["one"], f"{NS['day']}-2", NS["day"]]


def test_a_site_without_corrections_has_no_record(tmp_path: Path) -> None:
    """One that only says how it corrects says that there are none."""
    write_site(tmp_path, brief("one", corrections=TWO))
    build_site(tmp_path)
    assert not (tmp_path / "output/corrections").exists()
    assert "corrections" not in read(tmp_path, "feeds/index.html")
    write_site(tmp_path, POLICY, usual=False)
    assert "/corrections/" in urls(build_site(tmp_path))
    assert "No briefs have been corrected" in read(tmp_path, "corrections/index.html")
    assert not (tmp_path / "output/corrections/feed.xml").exists()


# --- the clock, and which pages are rendered ----------------------------------------------------


def test_a_correction_appears_when_it_is_time(site: Path, tmp_path: Path) -> None:
    """And the site is then what a build from nothing makes."""
    result = build_site(site, now=AFTER)
    assert urls(result) >= {"/briefs/two/", "/corrections/", "/corrections/feed.xml", "/feed.xml"}
    assert not urls(result) & {"/briefs/one/", "/companies/google/", "/sources/reuters/"}
    assert "left this out: It did not reply" in words(read(site, "briefs/two/index.html"))
    fresh = write_site(tmp_path / "fresh", SITE)
    build_site(fresh, now=AFTER)
    assert tree(site / "output") == tree(fresh / "output")
    back = build_site(site)
    assert "/briefs/two/" in urls(back) and "reply" not in read(site, "corrections/index.html")


def test_one_correction_added(site: Path) -> None:
    """Exactly its brief, the record, the digest of its week, and the feeds that carry either."""
    found = edited(site, "briefs/one", "{at: 2025-06-18,",
                   "{at: 2025-06-19, kind: spelling, was: a, now: b}\n"
                   "  - {at: 2025-06-18,")  # fmt: skip
    feeds = {
        "/feed.xml",
        "/digests/feed.xml",
        "/sources/reuters/feed.xml",
        *(f"/companies/{c}/feed.xml" for c in ("scale-ai", "google")),
    }
    record = {"/corrections/", "/corrections/feed.xml"}
    companies = {f"/companies/{c}/" for c in ("scale-ai", "google")}  # with what changed
    changes = {f"{url}changes/feed.xml" for url in companies}
    pages = {"/briefs/one/", "/digests/2025-w25/", *companies, *changes}
    assert urls(found) == {*pages, *feeds, *record}


def test_a_brief_without_corrections_leaves_the_record_alone(site: Path) -> None:
    found = edited(site, "briefs/two", "Text.", "Another text.")
    feeds = {"/feed.xml", "/companies/scale-ai/feed.xml", "/sources/reuters/feed.xml"}
    assert urls(found) == {"/briefs/two/", *feeds}


def test_a_title_in_the_record(site: Path) -> None:
    """It is read anew: the record does not keep it."""
    found = edited(site, "briefs/three", "title: Google three", "title: Google drei")
    assert {"/corrections/", "/corrections/feed.xml"} <= urls(found)
    assert "Google drei" in read(site, "corrections/index.html")


def test_a_long_record_has_pages(tmp_path: Path) -> None:
    """Filled from the oldest correction on: a page that is full stays as it is, but for the way to
    what is newer. The feed is of all."""
    write_site(tmp_path, BUILT)
    file = tmp_path / "site.yaml"
    file.write_text(f"{file.read_text('utf-8')}per_page: 2\n", "utf-8")
    build_site(tmp_path)
    first, second = (read(tmp_path, f"corrections/{at}index.html") for at in ("", "page/1/"))
    assert "We do." in first and "3 corrections, 1 withdrawal" in words(first)
    assert "Meta four" in first and "700 people" in first and "Het is zo" not in first
    assert 'href="../corrections/page/1/"' in first and "We do." not in second
    assert "five sources" in words(second) and "Het is zo" in second and "700" not in second
    assert "corrections/feed.xml" in second and "How we correct" in words(second)
    assert words(second).index("Newer corrections")
    feed = feedparser.parse(read(tmp_path, "corrections/feed.xml"))
    assert len(feed.entries) == 4

    new = "{at: 2025-06-30, kind: spelling, was: a, now: b}\n  - {at: 2025-06-18,"
    assert "/corrections/page/1/" not in urls(
        edited(tmp_path, "briefs/one", "{at: 2025-06-18,", new)
    )
    found = edited(tmp_path, "briefs/one", "{at: 2025-06-18,", new.replace("06-30", "06-29"))
    assert {"/corrections/page/1/", "/corrections/page/2/"} <= urls(found)
    assert "Het is zo" in read(tmp_path, "corrections/page/1/index.html")
    assert "700 people" in read(tmp_path, "corrections/page/2/index.html")


# --- for everyone ------------------------------------------------------------------------------

PAGES = (
    "briefs/one/", "briefs/three/", "corrections/", "sources/", "sources/reuters/",
    "sources/reuters/reported/page/1/", "corrections/page/1/",
)  # fmt: skip


@pytest.mark.usefixtures("html_checker")
def test_every_kind_of_page_is_valid_and_accessible(
    tmp_path: Path, open_page: OpenPage, accessibility_rules: Path
) -> None:
    """What the real site has none of: corrections, and a second page of a publisher's reports."""
    settings = "time_zone: Europe/Amsterdam\nper_page: 1"
    write_site(tmp_path, BUILT)
    file = tmp_path / "site.yaml"
    file.write_text(file.read_text("utf-8").replace("time_zone: Europe/Amsterdam", settings))
    build_site(tmp_path)
    folder = tmp_path / "output"
    found = check_html([folder / path / "index.html" for path in PAGES])
    with serve(folder) as address:
        for dark in (False, True):
            with open_page(width=320, dark=dark) as page:
                for path in PAGES:
                    page.goto(address + path)
                    only = LOOKS if dark else RULES
                    seen = violations(page, accessibility_rules, only)
                    found += [f"{path}: {line}" for line in seen]
                    if wide := overflow(page):
                        found.append(f"{path}: {wide}")
    assert not found, as_lines(found)


def test_the_digest_of_its_week(tmp_path: Path) -> None:
    """A week's digest has what was put right in it, and the story lines that went on."""
    at = "corrections: [{at: 2025-06-26, kind: factual, was: 700 people, now: 200 people}]"
    late = brief("late", "Google late", date="2025-06-27", companies="[Google]", thread="cuts")
    thread = "=== content/threads/cuts.md\n---\ntitle: The cuts\n---\nText.\n"
    page = "=== content/pages/corrections.md\n---\ntitle: Corrections\n---\nText.\n"
    write_site(tmp_path, brief("early", "Scale AI early", thread="cuts") + late + thread + page)
    build_site(tmp_path)
    file = tmp_path / "content/briefs/early.md"
    file.write_text(file.read_text("utf-8").replace("summary:", f"{at}\nsummary:"), "utf-8")
    digests = {stale.url for stale in build_site(tmp_path).rendered if "/2025-w" in stale.url}
    assert digests == {"/digests/2025-w26/"}
    page = read(tmp_path, "digests/2025-w26/index.html")
    assert "Corrected this week" in page and "700 people" in page and "Scale AI early" in page
    assert "Corrected this week" not in read(tmp_path, "digests/2025-w24/index.html")
    assert re.search(r'threads/cuts/">The cuts</a>&nbsp;<span class="count">1', page)
