"""Threads and briefs that follow others: what a reader is told of a story, and which pages a change
of it is on."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from builder.check.threads import check_threads
from builder.content.record import outline
from builder.model.brief import Brief
from builder.model.outline import Outline
from builder.model.time import PublicationTime
from builder.model.values import Line, Slug
from builder.site.site import Entry, Site
from builder.site.stories import find_story_links
from support.pages import drawings, words
from support.sites import NOW, brief, build_site, edited, problems, read, urls, write_site

THREAD = """\
=== content/threads/quarrel.md
---
id: quar2222
title: The quarrel
summary: It began with a stake.
redirects: [row]
---
It is about [[Scale AI]].
"""
VALUED = """
  - {id: before, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05, source: reuters}
  - {id: stake, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025-05-10}"""
VALUED_AGAIN = """
  - {id: after, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06-10}
  - {id: stake, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025-05-10}"""
SITE = (
    THREAD
    + brief("one", "Scale AI one", date="2025-05-10", thread="quarrel", figures=VALUED)
    + brief("two", "Scale AI two", date="2025-05-20", thread="quarrel", importance="1")
    + brief("three", "Scale AI three", date="2025-06-12", event_date="2025-06-10",
            companies="[Scale AI, Google]", thread="quarrel", follows="[one]", figures=VALUED_AGAIN)
    # A small thread, with no file and no page.
    + brief("ask", "Meta asks", date="2025-03-01", companies="[Meta]")
    + brief("answer", "Meta answers", date="2025-03-02", companies="[Meta]", follows="[ask]")
    + brief("end", "Meta ends it", date="2025-03-03", companies="[Meta]", follows="[answer]")
)  # fmt: skip


def part(folder: Path, slug: str, id: str) -> list[str]:
    """The headlines that a part of a brief's page lists."""
    page = read(folder, f"briefs/{slug}/index.html")
    found = re.search(rf'<section class="part" id="{id}".*?</section>', page, re.DOTALL)
    return re.findall(r'<a href="[^"]*">([^<]*)</a>', found[0]) if found else []


def moved_on(folder: Path, slug: str) -> str:
    """What a brief's page says at its head of a later one."""
    page = read(folder, f"briefs/{slug}/index.html")
    found = re.search(r'<p class="moved-on">(.*?)</p>', page, re.DOTALL)
    return words(found[1]) if found else ""


# --- a brief -----------------------------------------------------------------------------------


def test_previously_and_what_happened_next(site: Path) -> None:
    """What a brief follows and what follows it, or else its neighbours in the thread."""
    assert part(site, "one", "previously") == []
    assert part(site, "one", "next") == ["Scale AI three"]
    assert part(site, "two", "previously") == ["Scale AI one"]
    assert part(site, "two", "next") == ["Scale AI three"]
    assert part(site, "three", "previously") == ["Scale AI one"]
    assert part(site, "three", "next") == []
    assert "Part of: The quarrel" in words(read(site, "briefs/two/index.html"))
    page = read(site, "briefs/two/index.html")
    assert '"isPartOf": {"@type": "CollectionPage", "name": "The quarrel"' in page


def test_a_small_thread(site: Path) -> None:
    """All that hang together by `follows` are told of each other; there is no page for them."""
    assert part(site, "ask", "next") == ["Meta answers", "Meta ends it"]
    assert part(site, "answer", "previously") == ["Meta asks"]
    assert part(site, "answer", "next") == ["Meta ends it"]
    assert part(site, "end", "previously") == ["Meta asks", "Meta answers"]
    assert "Part of" not in words(read(site, "briefs/ask/index.html"))


def test_a_brief_that_a_later_one_overtakes_says_so(site: Path) -> None:
    assert moved_on(site, "one") == "The story has moved on: Scale AI three, 10 June 2025"
    assert moved_on(site, "ask") == "The story has moved on: Meta ends it, 3 March 2025"
    assert [moved_on(site, slug) for slug in ("two", "three", "end")] == ["", "", ""]


def test_a_thread_is_told_to_its_own_end(site: Path) -> None:
    """What follows outside the thread is said where there is nothing later inside it."""
    more = brief("apart", "Scale AI apart", date="2025-06-20", follows="[three]")
    write_site(site, more, usual=False)
    build_site(site)
    assert moved_on(site, "one").startswith("The story has moved on: Scale AI three")
    assert moved_on(site, "three").startswith("The story has moved on: Scale AI apart")
    assert part(site, "three", "next") == ["Scale AI apart"]
    assert part(site, "apart", "previously") == ["Scale AI three"]


def test_no_brief_is_listed_twice(site: Path) -> None:
    """What is previously or next is no related brief as well; the rest still is."""
    for slug in ("one", "two", "three", "ask", "answer", "end"):
        story = {*part(site, slug, "previously"), *part(site, slug, "next")}
        related = {*part(site, slug, "earlier"), *part(site, slug, "later")}
        assert story and not story & related, slug
    assert part(site, "one", "later") == ["Scale AI two"]
    assert part(site, "three", "earlier") == ["Scale AI two"]


def test_nothing_of_it_where_there_is_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a") + brief("b"))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/a/index.html")
    assert not (tmp_path / "output/threads").exists()
    for text in ("Previously", "What happened next", "Part of:", "moved on", "isPartOf"):
        assert text not in page
    assert "By thread" not in read(tmp_path, "feeds/index.html")


# --- the thread --------------------------------------------------------------------------------


def test_timeline(site: Path) -> None:
    page = read(site, "threads/quarrel/index.html")
    text = words(page)
    assert "Home Threads The quarrel It began with a stake." in text
    assert "Began 10 May 2025 Latest 10 June 2025 Status Ongoing Coverage 3 briefs" in text
    assert re.findall(r'<h3 class="period" id="([^"]*)">([^<]*)', page) == [
        ("in-2025-06", "June 2025"), ("in-2025-05", "May 2025"),
    ]  # fmt: skip
    assert re.findall(r'<li class="(turning|on-the-way) h-entry">', page) == [
        "on-the-way", "turning", "on-the-way",
    ]  # fmt: skip
    assert "Turning point: Scale AI two" in text
    assert "Scale AI 3 briefs Google 1 brief" in text
    assert 'title="The quarrel: coverage" href="../../threads/quarrel/feed.xml"' in page
    found = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert found[0]["@type"] == "CollectionPage"
    assert found[0]["mainEntity"]["numberOfItems"] == 3
    names = [item["name"] for item in found[0]["mainEntity"]["itemListElement"]]
    assert names == ["Scale AI three", "Scale AI two", "Scale AI one"]
    assert [step["name"] for step in found[1]["itemListElement"]][1:] == ["Threads", "The quarrel"]


def test_figures_that_moved(site: Path) -> None:
    """Of more than one time or value; the stake was said twice, and is the same."""
    page = read(site, "threads/quarrel/index.html")
    assert 'id="figures-scale-ai.valuation"' in page and not drawings(page)
    text = words(page)
    assert "Scale AI: valuation" in text and "$14 billion" in text and "$29 billion" in text
    assert "stake →" not in text
    edited(site, "briefs/three", "value: 49%, as_of: 2025-05-10", "value: 51%, as_of: 2025-06-10")
    assert "Meta: stake → Scale AI" in words(read(site, "threads/quarrel/index.html"))


def test_index_of_threads(site: Path) -> None:
    other = "=== content/threads/old.md\n---\nid: oldd2222\ntitle: Old\nclosed: 2025-04\n---\n"
    empty = "=== content/threads/none.md\n---\nid: none2222\ntitle: None\n---\n"
    more = brief("past", "Google past", date="2025-04-01", companies="[Google]", thread="old")
    write_site(site, other + empty + more, usual=False)
    build_site(site)
    text = words(read(site, "threads/index.html"))
    assert "Open Latest event first. 10 Jun 2025 The quarrel" in text
    assert "Closed 1 Apr 2025 Old 1 brief Closed April 2025" in text
    assert "None" not in text
    assert "Closed April 2025" in words(read(site, "threads/old/index.html"))
    assert "/threads/old/" in read(site, "sitemap.xml")


def test_a_menu_may_lead_to_threads_before_there_is_one(tmp_path: Path) -> None:
    """And what links to a thread before its first brief is out tells nothing of it."""
    write_site(tmp_path, THREAD + brief("a", body="See [[thread:quarrel]], [it](/threads/row/)."))
    menu = "menu: [{name: Threads, url: /threads/}]\n"
    (tmp_path / "site.yaml").write_text((tmp_path / "site.yaml").read_text("utf-8") + menu, "utf-8")
    found = build_site(tmp_path)
    assert [d.code for d in found.problems] == ["link-unpublished", "link-unpublished", "no-page"]
    assert "Nothing here yet." in words(read(tmp_path, "threads/index.html"))
    assert not (tmp_path / "output/threads/quarrel").exists()
    assert "See another story, it." in words(read(tmp_path, "briefs/a/index.html"))


def test_feeds_and_former_addresses(site: Path) -> None:
    """A brief is known by the same id in every feed; who followed the old feed goes on."""
    ids = re.findall(r"<guid[^>]*>([^<]*)", read(site, "threads/quarrel/feed.xml"))
    assert ids == ["id-three", "id-two", "id-one"]
    assert re.findall(r"<guid[^>]*>([^<]*)", read(site, "threads/row/feed.xml")) == ids
    assert "../../threads/quarrel/" in read(site, "threads/row/index.html")
    assert ">The quarrel</a>" in read(site, "feeds/index.html")


def test_a_long_story_is_told_by_years(tmp_path: Path) -> None:
    """With summaries at turning points only, and a way to each year."""
    days = [datetime(2022, 1, 5, tzinfo=UTC) + timedelta(days=29 * n) for n in range(42)]
    text = "".join(
        brief(f"b{n}", f"Scale AI {n}", date=f"{day:%Y-%m-%d}", thread="quarrel",
              importance="1" if n == 7 else "2", summary=f"It hires {n}.")
        for n, day in enumerate(days)
    )  # fmt: skip
    write_site(tmp_path, THREAD + text)
    build_site(tmp_path)
    page = read(tmp_path, "threads/quarrel/index.html")
    years = ["in-2025", "in-2024", "in-2023", "in-2022"]
    assert re.findall(r'<h3 class="period" id="([^"]*)"', page) == years
    assert re.findall(r'<li><a href="#(in-\d+)"', page) == years
    assert re.findall(r'<p class="summary p-summary">([^<]*)', page) == ["It hires 7."]
    assert page.count('<article class="story">') == 42


# --- what is not out ---------------------------------------------------------------------------


def test_nobody_sees_a_draft_in_a_thread(site: Path) -> None:
    """Neither in the thread nor beside its neighbours: they stand together again."""
    edited(site, "briefs/three", "title:", "status: draft\ntitle:")
    edited(site, "briefs/answer", "title:", "status: withdrawn\nwithdrawn_because: No.\ntitle:")
    assert "three" not in read(site, "threads/quarrel/index.html")
    assert part(site, "one", "next") == ["Scale AI two"]
    assert moved_on(site, "one") == "" == moved_on(site, "ask")
    assert part(site, "ask", "next") == part(site, "end", "previously") == []
    build_site(site, drafts=True)
    assert "Not published" in words(read(site, "threads/quarrel/index.html"))
    assert part(site, "one", "next") == ["Scale AI three"]


def test_a_brief_of_a_thread_comes_and_goes_with_the_clock(site: Path) -> None:
    soon = brief("four", "Scale AI four", date="2025-07-02", thread="quarrel", follows="[two]",
                 expires="2025-07-04")  # fmt: skip
    write_site(site, soon, usual=False)
    assert urls(build_site(site)) == set()
    assert moved_on(site, "two") == ""
    there = build_site(site, now=NOW + timedelta(days=2))
    assert {"/briefs/four/", "/briefs/two/", "/threads/quarrel/", "/threads/"} <= urls(there)
    assert moved_on(site, "two") == "The story has moved on: Scale AI four, 2 July 2025"
    gone = build_site(site, now=NOW + timedelta(days=4))
    assert {"/briefs/two/", "/threads/quarrel/", "/threads/"} <= urls(gone)
    assert moved_on(site, "two") == ""


def test_a_thread_goes_on_until_it_is_closed(site: Path) -> None:
    assert urls(edited(site, "threads/quarrel", "title:", "closed: 2025-07-02\ntitle:")) == set()
    closed = build_site(site, now=NOW + timedelta(days=2))
    assert urls(closed) == {"/threads/quarrel/", "/threads/"}
    assert "Closed 2 July 2025" in words(read(site, "threads/quarrel/index.html"))


@pytest.mark.parametrize(("count", "folded"), [(6, 0), (7, 3)])
def test_a_thread_of_many_figures_folds_some(tmp_path: Path, count: int, folded: int) -> None:
    """Those with the fewest values."""
    figures = "".join(
        f"\n  - {{of: Scale AI, metric: metric {n}, value: {day}m USD, as_of: 2025-06-{day:02}}}"
        for n in range(count)
        for day in (1, 2, 3)[: 3 if n < 2 else 2]
    )
    text = brief("one", figures=figures, thread="saga") + brief("two", thread="saga")
    text += "=== content/threads/saga.md\n---\ntitle: The saga\n---\n"
    build_site(write_site(tmp_path, text))
    page = read(tmp_path, "threads/saga/index.html")
    shown, _, rest = page.partition("<summary>")
    assert len(re.findall(r'id="[^"]*metric-\d', shown)) == count - folded
    assert len(re.findall(r'id="[^"]*metric-\d', rest)) == folded
    assert "metric-0" in shown and "metric-1" in shown


# --- which pages are rendered ------------------------------------------------------------------

FEEDS = {"/threads/quarrel/feed.xml", "/threads/row/feed.xml"}
LISTS = {"/feeds/", "/feeds/all.opml"}
BRIEFS = {"/briefs/one/", "/briefs/two/", "/briefs/three/"}


def test_title_of_a_thread(site: Path) -> None:
    """The briefs that are a part of it, their weeks, what lists it, and the names that the search
    knows; no list of briefs."""
    found = edited(site, "threads/quarrel", "The quarrel", "The row")
    weeks = {f"/digests/2025-w{week}/" for week in (19, 21, 24)}
    assert urls(found) == {
        "/threads/quarrel/", "/threads/", "/search/", "/search/names.js",
        *LISTS, *FEEDS, *BRIEFS, *weeks,
    }  # fmt: skip


def test_summary_of_a_thread(site: Path) -> None:
    found = edited(site, "threads/quarrel", "with a stake", "with a sale")
    assert urls(found) == {"/threads/quarrel/", "/threads/", *FEEDS}


def test_text_of_a_thread(site: Path) -> None:
    assert urls(edited(site, "threads/quarrel", "It is", "It was")) == {"/threads/quarrel/"}


def test_new_brief_in_a_thread(site: Path) -> None:
    """Its neighbours in the thread and in the order of publication, the thread with its index and
    feeds, the lists and feeds of every brief; no count of the search that keeps its digits."""
    new = brief("four", "Meta four", date="2025-06-20", companies="[Meta]", thread="quarrel")
    write_site(site, new, usual=False)
    assert urls(build_site(site)) == {
        "/briefs/four/",
        "/briefs/three/",  # its neighbour in both
        "/briefs/end/", "/briefs/answer/", "/briefs/ask/",  # related: the same company
        "/threads/quarrel/", "/threads/", *FEEDS,
        "/", "/briefs/", "/archive/", "/archive/2025/", "/archive/2025/06/",
        "/digests/", "/digests/2025-w25/", "/digests/2025-w24/",  # the week before leads to its own
        "/sources/", "/sources/reuters/", "/sources/sources.csv", "/sources/sources.json",
        "/companies/", "/companies/meta/", "/companies/meta/feed.xml",
        "/companies/facebook/feed.xml", "/feed.xml", "/digests/feed.xml", "/sitemap.xml",
        "/sources/reuters/feed.xml",
    }  # fmt: skip
    assert part(site, "three", "next") == ["Meta four"]


def test_new_brief_between_two_of_a_thread(site: Path) -> None:
    """By its event: both neighbours, and no other brief of the thread."""
    write_site(site, brief("four", "Google four", date="2025-06-14", event_date="2025-05-15",
                           companies="[Google]", thread="quarrel"), usual=False)  # fmt: skip
    found = {url for url in urls(build_site(site)) if url.startswith("/briefs/")}
    # `three` was published before it, and is about the same company.
    assert found == {"/briefs/", "/briefs/four/", "/briefs/two/", "/briefs/three/"}
    assert part(site, "two", "previously") == ["Google four"]


def test_a_brief_that_begins_to_follow(site: Path) -> None:
    """The two, and whoever was told that something else came next."""
    found = edited(site, "briefs/three", "follows: [one]", "follows: [two]")
    assert urls(found) == BRIEFS
    assert moved_on(site, "one") == ""
    assert moved_on(site, "two").startswith("The story has moved on: Scale AI three")


def test_title_of_the_last_brief_of_a_small_thread(site: Path) -> None:
    """Each that names it, and its lists and feeds."""
    found = edited(site, "briefs/end", "Meta ends it", "Meta ended it")
    shown = {url for url in urls(found) if url.startswith(("/briefs/", "/threads/"))}
    assert shown == {"/briefs/", "/briefs/end/", "/briefs/answer/", "/briefs/ask/", "/briefs/one/"}


def test_text_of_a_brief_in_a_thread(site: Path) -> None:
    found = edited(site, "briefs/one", "Text.", "Another text.")
    feeds = {"/feed.xml", "/companies/scale-ai/feed.xml", "/sources/reuters/feed.xml", *FEEDS}
    assert urls(found) == {"/briefs/one/", *feeds}


def test_a_figure_of_a_thread(site: Path) -> None:
    found = edited(site, "briefs/three", "29bn USD", "28bn USD")
    pages = ("", "by-metric/", "by-date/", "numbers.csv", "numbers.json")
    numbers = {f"/numbers/{page}" for page in pages}
    assert urls(found) == {
        "/briefs/three/", "/companies/scale-ai/", "/threads/quarrel/", "/digests/2025-w24/",
        "/companies/scale-ai/changes/feed.xml", *numbers,
    }  # fmt: skip


# --- many --------------------------------------------------------------------------------------


def chain(length: int) -> dict[str, Outline]:
    """Briefs of which each follows the one before."""
    made = {}
    for n in range(length):
        at = PublicationTime(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=n))
        follows = (Slug(f"b{n - 1}"),) if n else ()
        one = Brief(title=Line("x"), date=at, slug=Slug(f"b{n}"), follows=follows, path=f"{n}.md")
        made[one.slug] = outline(one, "en")
    return made


def test_a_chain_of_thousands() -> None:
    """No recursion, and no time that grows with the square."""
    briefs = chain(5000)
    order = [Entry(slug, b.date, None, b.date, 2, "", "", (), (), ()) for slug, b in briefs.items()]
    found = find_story_links(order, briefs, {}, {})
    assert {sequel.latest for slug, sequel in found.items() if slug != "b4999"} == {"b4999"}
    assert found["b2500"].before == tuple(f"b{n}" for n in range(2495, 2500))
    assert found["b2500"].after == tuple(f"b{n}" for n in range(2501, 2506))
    site = SimpleNamespace(
        outlines=briefs, threads={}, waiting={}, unpublished=frozenset(), withheld=frozenset()
    )
    assert [*check_threads(cast(Site, site))] == []


def test_circles_are_said_once_and_end(tmp_path: Path) -> None:
    text = "".join(
        brief(slug, f"Scale AI {slug}", follows=f"[{', '.join(others)}]")
        for slug, others in (("a", "b"), ("b", "cd"), ("c", "a"), ("d", "e"), ("e", "d"))
    )
    write_site(tmp_path, text)
    found = [d.message for d in problems(tmp_path) if d.code == "follows-circle"]
    assert found == [
        "`follows` is circular: `a` follows `b` follows `c` follows `a`",
        "`follows` is circular: `d` follows `e` follows `d`",
    ]
    # In the language of the text.
    dutch = brief("a", lang="nl", body="Zie [[thread:quarrel]].")
    site = write_site(tmp_path / "dutch", THREAD + dutch)
    build_site(site)
    assert "Zie een ander dossier." in words(read(site, "briefs/a/index.html"))
