"""Build, edit, build: only what an edit reaches is rendered, and the result is a clean build's."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builder import parallel
from builder.engine.memory import ContentCache
from builder.engine.result import Result
from support.sites import NOW, brief, build_site, edit, picture, read, tree, write_site
from support.sites import urls as urls_of
from support.tools import REPOSITORY

# Three briefs: `one` and `three` share a company and are related, `two` is by itself.
SITE = (
    brief("one", "Scale AI one", "First text.", date="2025-04-10", topics="[Data]", section="labs")
    + brief("two", "Google two", "Second text.", date="2025-05-10", companies="[Google]")
    + brief("three", "Scale AI three", "Third text.", date="2025-06-10", section="labs")
)
# The pages of `SITE` that are made by templates with a head: all but feeds, redirects and the like.
PAGES = {
    "/", "/briefs/", "/briefs/one/", "/briefs/two/", "/briefs/three/", "/deals/", "/labs/",
    "/companies/", "/companies/google/", "/companies/meta/", "/companies/scale-ai/",
    "/topics/", "/topics/data/", "/people/", "/feeds/", "/404.html",
    "/archive/", "/archive/2025/", "/archive/2025/04/", "/archive/2025/05/", "/archive/2025/06/",
    "/digests/", "/digests/2025-w15/", "/digests/2025-w19/", "/digests/2025-w24/",
    "/sources/", "/sources/reuters/",
}  # fmt: skip
# What counts the briefs of each publisher.
RANKING = {"/sources/", "/sources/sources.csv", "/sources/sources.json"}
FEED_LIST = {"/feeds/", "/feeds/all.opml"}
FEEDS = {
    "/feed.xml", "/companies/google/feed.xml", "/companies/scale-ai/feed.xml",
    "/topics/data/feed.xml", "/digests/feed.xml", "/labs/feed.xml", "/sources/reuters/feed.xml",
}  # fmt: skip
FEEDS_OF_ONE = {
    "/feed.xml", "/companies/scale-ai/feed.xml", "/topics/data/feed.xml", "/labs/feed.xml",
    "/sources/reuters/feed.xml",
}  # fmt: skip
# Where the card of `one` is shown.
LISTS_OF_ONE = {
    "/", "/briefs/", "/companies/scale-ai/", "/topics/data/", "/labs/", "/archive/2025/",
    "/archive/2025/04/", "/digests/2025-w15/", "/digests/feed.xml",
}  # fmt: skip


FORMATS = ("xml", "atom", "json")


def urls(result: Result) -> set[str]:
    """The pages that a build rendered, without the search: `tests/search` and
    `site/test_search` name what of it an edit changes."""
    return {url for url in urls_of(result) if not url.startswith("/search/")}


def why(result: Result) -> dict[str, tuple[str, ...]]:
    return {stale.url: stale.reasons for stale in result.rendered}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that has been built once."""
    folder = write_site(tmp_path / "site", SITE)
    assert len(build_site(folder).rendered) > 15
    return folder


def test_nothing_changed(site: Path) -> None:
    before = tree(site / "output")
    result = build_site(site)
    assert urls(result) == set()
    assert tree(site / "output") == before


def test_nothing_changed_since_a_fresh_edit(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was saved at the moment of a build is read again at its end, so the next build
    reads nothing; unless it has changed meanwhile."""
    file, whole = site / "content/briefs/one.md", ContentCache.settle

    def settle(self: ContentCache, *arguments: Any) -> bool:
        time.sleep(0.12)  # as long as a build of a large site takes
        if "again" in file.read_text("utf-8"):
            edit(file, "again", "later")
        return whole(self, *arguments)

    monkeypatch.setattr(ContentCache, "settle", settle)
    time.sleep(0.12)  # until site.yaml, which was copied just now, is settled
    for word, known in (("longer", True), ("again", False)):
        edit(file, "text", f"{word} text")
        build_site(site)
        assert ({*build_site(site).seconds} == {"look"}) is known


def test_files_are_only_touched(site: Path) -> None:
    """Times of files mean nothing."""
    for file in site.rglob("*"):
        if "output" not in file.parts and file.is_file():
            file.touch()
    assert urls(build_site(site)) == set()


def test_later_without_news(site: Path) -> None:
    assert urls(build_site(site, now=NOW + timedelta(days=30))) == set()


def test_unchanged_files_stay_the_same_files(site: Path) -> None:
    """What is not rendered is not written: a server's caches and a deploy see no change."""
    before = {p: p.stat().st_ino for p in (site / "output").rglob("*.html")}
    edit(site / "content/briefs/one.md", "First text", "Other text")
    build_site(site)
    changed = {p for p, inode in before.items() if p.stat().st_ino != inode}
    assert changed == {site / "output/briefs/one/index.html"}


def test_body(site: Path) -> None:
    """A typo in a body: its page and its feeds, no list."""
    edit(site / "content/briefs/one.md", "First text", "Other text")
    result = build_site(site)
    assert urls(result) == {"/briefs/one/", *FEEDS_OF_ONE}
    assert why(result)["/briefs/one/"] == ("`body` changed",)
    assert why(result)["/feed.xml"] == ("`items` changed",)


def test_title(site: Path) -> None:
    """Its page, its lists, its feeds, its neighbours, and the brief that it is related to."""
    edit(site / "content/briefs/one.md", "Scale AI one", "Scale AI first")
    result = build_site(site)
    around = {"/briefs/one/", "/briefs/two/", "/briefs/three/"}
    assert urls(result) == around | LISTS_OF_ONE | FEEDS_OF_ONE | {"/sources/reuters/"}
    assert why(result)["/briefs/two/"] == ("`older` changed",)
    assert why(result)["/briefs/three/"] == ("`earlier` changed",)


def test_summary(site: Path) -> None:
    """As the title, but for neighbours and related briefs, which show no summary."""
    edit(site / "content/briefs/one.md", "summary: It hires.", "summary: It fires.")
    assert urls(build_site(site)) == {"/briefs/one/"} | LISTS_OF_ONE | FEEDS_OF_ONE


def test_why_it_matters(site: Path) -> None:
    """What only the page and the feeds show, and where it is the lead."""
    edit(site / "content/briefs/one.md", "summary: It hires.", "summary: It hires.\nwhy: So.")
    assert urls(build_site(site)) == {"/briefs/one/", "/digests/2025-w15/"} | FEEDS_OF_ONE


def test_company_name(site: Path) -> None:
    """Every page that is told the name: those of its briefs and their cards, lists of companies;
    none of what is about others."""
    edit(site / "content/companies/google.md", "name: Google", "name: Gogol\naliases: [Google]")
    result = build_site(site)
    assert urls(result) == {
        "/companies/google/", "/companies/google/feed.xml", "/companies/", *FEED_LIST,
        "/briefs/two/", "/feed.xml", "/sources/reuters/feed.xml", "/sources/reuters/",
        # Cards have the names of companies, for templates that print them.
        "/", "/briefs/", "/archive/2025/", "/archive/2025/05/", "/digests/2025-w19/",
    }  # fmt: skip
    assert result.dropped == ()


def test_company_summary(site: Path) -> None:
    """What its own page and feed, its briefs and the index say of it; no card does."""
    edit(site / "content/companies/google.md", "name: Google", "name: Google\nsummary: A lab.")
    assert urls(build_site(site)) == {
        "/companies/google/", "/companies/google/feed.xml", "/companies/", "/briefs/two/",
    }  # fmt: skip


def test_alias_makes_a_mention_a_link(site: Path) -> None:
    """A new name of a company links it in the briefs that list it, where they are printed."""
    edit(site / "content/briefs/two.md", "Second text.", "Second Alphabet text.")
    edit(site / "content/briefs/one.md", "First text.", "First Alphabet text.")
    build_site(site)
    edit(site / "content/companies/google.md", "name: Google", "name: Google\naliases: [Alphabet]")
    result = build_site(site)
    assert urls(result) == {
        "/companies/google/",  # it lists the names
        "/briefs/two/", "/companies/google/feed.xml", "/feed.xml", "/sources/reuters/feed.xml",
    }  # fmt: skip
    assert why(result)["/briefs/two/"] == ("`body` changed",)
    assert ">Alphabet</a>" in read(site, "briefs/two/index.html")
    assert ">Alphabet</a>" not in read(site, "briefs/one/index.html"), "it does not list Google"


def test_alias_that_nobody_mentions(site: Path) -> None:
    edit(site / "content/companies/google.md", "name: Google", "name: Google\naliases: [Alphabet]")
    assert urls(build_site(site)) == {"/companies/google/"}


def test_company_profile(site: Path) -> None:
    edit(site / "content/companies/google.md", "listed: true\n---\n", "listed: true\n---\nA lab.\n")
    assert urls(build_site(site)) == {"/companies/google/"}


def test_new_brief(site: Path) -> None:
    """Its page, its neighbour, the briefs that it follows up, its lists, feeds and sitemap."""
    new = brief("four", "Google four", date="2025-06-20", companies="[Google]", section="deals")
    write_site(site, new, usual=False)
    found = urls(build_site(site))
    assert found == {
        "/briefs/four/",
        "/briefs/three/",  # its neighbour: `newer`
        "/briefs/two/",  # it follows it up: `later`
        "/", "/briefs/", "/companies/", "/companies/google/", "/deals/",
        "/archive/", "/archive/2025/", "/archive/2025/06/",
        "/digests/", "/digests/2025-w25/", "/digests/2025-w24/",  # its week, and that before
        "/feed.xml", "/companies/google/feed.xml", "/digests/feed.xml", "/sitemap.xml",
        "/deals/feed.xml", *FEED_LIST,  # the section has no other brief
        "/sources/reuters/", "/sources/reuters/feed.xml", *RANKING,
    }  # fmt: skip


def test_deleted_brief(site: Path) -> None:
    """Its neighbours, its lists and feeds, and what counts briefs; no list of others."""
    (site / "content/briefs/two.md").unlink()
    result = build_site(site)
    assert urls(result) == {
        "/briefs/one/", "/briefs/three/",  # its neighbours
        "/", "/briefs/", "/companies/", "/companies/google/", "/archive/", "/archive/2025/",
        "/digests/", "/digests/2025-w15/", "/digests/2025-w24/",  # beside its week
        *FEED_LIST,  # the company has no feed any more
        "/feed.xml", "/digests/feed.xml", "/sitemap.xml", "/sources/reuters/", *RANKING,
        "/sources/reuters/feed.xml",
    }  # fmt: skip
    dropped = {
        "briefs/two/index.html", "archive/2025/05/index.html", "digests/2025-w19/index.html",
        *(f"companies/google/feed.{form}" for form in FORMATS), "search/2025/05-0.js",
    }  # fmt: skip
    assert set(result.dropped) == dropped
    assert not any((site / "output" / path).exists() for path in dropped)
    assert not (site / "output/briefs/two").exists(), "no empty folder is left"


def test_changed_address(site: Path) -> None:
    """Every page that links to it; what only counts it stays."""
    edit(site / "content/briefs/two.md", "id: id-two", "id: id-two\nslug: zwei\nredirects: [two]")
    result = build_site(site)
    assert urls(result) == {
        "/briefs/zwei/", "/briefs/two/", "/briefs/one/", "/briefs/three/", "/sources/reuters/",
        "/", "/briefs/", "/companies/google/", "/archive/2025/", "/archive/2025/05/",
        "/digests/2025-w19/", "/digests/feed.xml", "/feed.xml", "/companies/google/feed.xml",
        "/sources/reuters/feed.xml", "/sitemap.xml",
    }  # fmt: skip
    assert result.dropped == ()
    assert why(result)["/briefs/zwei/"] == ("it is new",)
    assert "zwei" in read(site, "briefs/two/index.html")


# --- topics, people, sources, pictures ---------------------------------------------------------


def test_new_topic(site: Path) -> None:
    """A topic that a brief is the first to name: its pages, the brief's, its company's, indexes."""
    edit(site / "content/briefs/two.md", "summary:", "topics: [Chips]\nsummary:")
    result = build_site(site)
    assert urls(result) == {
        "/topics/chips/", "/topics/chips/feed.xml", "/topics/", *FEED_LIST, "/sitemap.xml",
        "/briefs/two/", "/companies/google/", "/companies/google/feed.xml", "/feed.xml",
        "/sources/reuters/feed.xml", "/sources/reuters/",
    }  # fmt: skip
    assert why(result)["/topics/chips/"] == ("it is new",)


def test_name_of_a_topic(site: Path) -> None:
    """Another spelling of a topic's name: what prints it. Cards do not."""
    text = "=== content/topics/data.md\n---\nname: Data sets\naliases: [Data]\n---\n"
    write_site(site, text, usual=False)
    assert urls(build_site(site)) == {
        "/topics/data/", "/topics/", *FEED_LIST, "/briefs/one/", "/companies/scale-ai/",
        "/sources/reuters/", *FEEDS_OF_ONE,
    }  # fmt: skip


def test_name_of_a_person(site: Path) -> None:
    edit(site / "content/briefs/one.md", "summary:", "people: [Ann Lee]\nsummary:")
    build_site(site)
    text = "=== content/people/ann-lee.md\n---\nname: Ann B. Lee\naliases: [Ann Lee]\n---\n"
    write_site(site, text, usual=False)
    own = {"/people/ann-lee/", "/people/ann-lee/feed.xml", "/people/", "/briefs/one/"}
    assert urls(build_site(site)) == own | FEED_LIST


def test_title_of_a_source(site: Path) -> None:
    """Feeds name publishers, not titles."""
    edit(site / "content/briefs/one.md", "published: 2025", "title: So, published: 2025")
    assert urls(build_site(site)) == {"/briefs/one/"}


def test_archived_copy_of_a_source(site: Path) -> None:
    """A copy is shown by its brief, and counted on the page of sources."""
    edit(
        site / "content/briefs/one.md",
        "published: 2025",
        "url: 'https://r.example/1', published: 2025",
    )
    build_site(site)
    copy = "archive: 'https://a.example/20250613000000/https://r.example/1'"
    edit(site / "content/briefs/one.md", "published: 2025", f"{copy}, published: 2025")
    assert urls(build_site(site)) == {"/briefs/one/", "/sources/"}


CLAIM = "claims: [{text: It hires 200, status: reported, source: reuters}]"


def test_claim(site: Path) -> None:
    """A claim that is new, and one that changed: its brief's page and the feeds that carry it."""
    edit(site / "content/briefs/one.md", "summary:", f"{CLAIM}\nsummary:")
    result = build_site(site)
    assert urls(result) == {"/briefs/one/", *FEEDS_OF_ONE}
    assert "`said` changed" in why(result)["/briefs/one/"]
    edit(site / "content/briefs/one.md", "status: reported", "status: forecast")
    assert urls(build_site(site)) == {"/briefs/one/", *FEEDS_OF_ONE}


def test_speaker(site: Path) -> None:
    """Who is quoted is in the brief: the new person's pages, too."""
    quote = "quotes: [{by: Ann Lee, of: Google, text: We hire.}]"
    edit(site / "content/briefs/one.md", "summary:", f"{quote}\nsummary:")
    found = {"/people/ann-lee/", "/people/", "/sitemap.xml", "/briefs/one/", *FEEDS_OF_ONE}
    first = urls(build_site(site))
    assert found <= first and "/404.html" in first, "the footer now leads to people"
    more = "quotes: [{by: Ben Lee, of: Google, text: We fire.}]"
    edit(site / "content/briefs/two.md", "summary:", f"{more}\nsummary:")
    second = urls(build_site(site))
    assert {"/people/ben-lee/", "/people/"} <= second and "/404.html" not in second
    edit(site / "content/briefs/one.md", "text: We hire.", "text: We fire.")
    feeds = {*FEEDS_OF_ONE, "/people/ann-lee/feed.xml"}
    assert urls(build_site(site)) == {"/briefs/one/", *feeds}


def test_name_of_a_company_that_answered(site: Path) -> None:
    """A brief that gives its answer prints its name, whether it lists the company or not."""
    answer = "responses: [{from: Google, stance: declined}]"
    edit(site / "content/briefs/one.md", "summary:", f"{answer}\nsummary:")
    build_site(site)
    edit(site / "content/companies/google.md", "name: Google", "name: Gogol\naliases: [Google]")
    found = urls(build_site(site))
    assert {"/briefs/one/", "/companies/scale-ai/feed.xml", "/briefs/two/"} <= found
    assert "/briefs/three/" not in found
    assert ">Gogol</a> declined to comment." in read(site, "briefs/one/index.html")


def test_translation(site: Path) -> None:
    """A translation changes the page of its original, which leads to it, and what counts stories:
    publishers, digests and who is in a section. Other feeds carry both, and say nothing of that."""
    counting = {"/sources/", "/sources/reuters/", "/digests/", "/digests/2025-w19/", "/sitemap.xml"}
    counting |= {"/digests/feed.xml", "/labs/", "/sources/reuters/feed.xml"}
    counting |= {f"/sources/sources.{kind}" for kind in ("csv", "json")}
    edit(site / "content/briefs/three.md", "summary:", "lang: nl\nsummary:")
    build_site(site)
    edit(site / "content/briefs/three.md", "summary:", "translation_of: one\nsummary:")
    assert urls(build_site(site)) == {"/briefs/one/", "/briefs/three/"} | counting
    assert 'hreflang="nl"' in read(site, "briefs/one/index.html")
    edit(site / "content/briefs/three.md", "translation_of: one\n", "")
    again = counting | {"/digests/2025-w24/"}
    assert urls(build_site(site)) == {"/briefs/one/", "/briefs/three/"} | again
    assert "hreflang" not in read(site, "briefs/one/index.html")


def test_name_of_a_publisher(site: Path) -> None:
    """Its page, all pages of briefs that rest on it, and all feeds that carry them."""
    text = (
        "=== content/publishers/reuters.md\n---\nname: Thomson Reuters\naliases: [Reuters]\n---\n"
    )
    write_site(site, text, usual=False)
    briefs = {"/briefs/one/", "/briefs/two/", "/briefs/three/"}
    assert urls(build_site(site)) == briefs | FEEDS - {"/digests/feed.xml"} | RANKING | {
        "/sources/reuters/",
        *FEED_LIST,
    }


def test_words_over_a_week(site: Path) -> None:
    """An editor's words: the digest of that week, the feed of digests, and no other page."""
    text = "=== content/digests/2025-w19.md\n---\ntitle: A week\n---\nIt was [[Google]]'s.\n"
    write_site(site, text, usual=False)
    assert urls(build_site(site)) == {"/digests/2025-w19/", "/digests/feed.xml"}
    page = read(site, "digests/2025-w19/index.html")
    assert "<h1>A week</h1>" in page and '<a href="../../companies/google/">Google</a>' in page
    edit(site / "content/digests/2025-w19.md", "It was", "That was")
    assert urls(build_site(site)) == {"/digests/2025-w19/", "/digests/feed.xml"}
    (site / "content/digests/2025-w19.md").unlink()
    assert urls(build_site(site)) == {"/digests/2025-w19/", "/digests/feed.xml"}
    assert "<h1>5–11 May 2025</h1>" in read(site, "digests/2025-w19/index.html")


def test_picture(site: Path) -> None:
    """Another picture of the same size: its file and no page; of another size: its brief's, where
    it is the lead, and feeds."""
    file = site / "content/media/p.png"
    file.parent.mkdir()
    file.write_bytes(picture(3, 1))
    edit(site / "content/briefs/one.md", "summary:", "image: {file: p.png, alt: A}\nsummary:")
    build_site(site)
    shown = {"/briefs/one/", "/digests/2025-w15/", *FEEDS_OF_ONE}
    for width, rendered in ((3, set()), (9, shown)):
        file.write_bytes(picture(width, 2))
        result = build_site(site)
        assert urls(result) == rendered
        assert (site / "output/media/p.png").read_bytes() == picture(width, 2)
        assert result.dropped == ()


def test_text_beyond_the_budget_of_a_feed(site: Path) -> None:
    """A feed reads only the texts that it has in full, and only their edits render it."""
    edit(site / "site.yaml", "title:", "feed_size: 30\ntitle:")
    for slug in ("one", "three"):
        words = "Word and word again. " * 1000
        edit(site / f"content/briefs/{slug}.md", " text.", f" text. {words}")
    made_of = build_site(site, explain=True).made_of
    for feed, texts in (("/feed.xml", {"two", "three"}), ("/topics/data/feed.xml", {"one"})):
        read_texts = {fact for fact in made_of[feed].facts if fact.startswith("text of")}
        assert read_texts == {f"text of content/briefs/{slug}.md" for slug in texts}
    edit(site / "content/briefs/one.md", "First text", "Other text")
    assert urls(build_site(site)) == {"/briefs/one/", "/topics/data/feed.xml"}
    edit(site / "content/briefs/one.md", "Word and word again. " * 1000, "")
    assert urls(build_site(site)) == {"/briefs/one/", *FEEDS_OF_ONE}


# --- templates, site.yaml, the clock -----------------------------------------------------------


def template(name: str) -> str:
    return (REPOSITORY / "templates" / name).read_text("utf-8")


def test_template(site: Path) -> None:
    """The pages of that template and no other."""
    write_site(site, f"=== templates/topic.html\n{template('topic.html')}\n<!-- -->\n", usual=False)
    result = build_site(site)
    assert urls(result) == {"/topics/data/"}
    (reasons,) = why(result).values()
    assert reasons == ("the template topic.html, or one that it uses, changed",)


def test_part_of_templates(site: Path) -> None:
    """Every page whose template imports it, also by way of another."""
    source = template("parts/sources.html")
    write_site(site, f"=== templates/parts/sources.html\n{source}\n{{# new #}}\n", usual=False)
    assert urls(build_site(site)) == {
        "/briefs/one/", "/briefs/two/", "/briefs/three/",
        "/companies/google/", "/companies/meta/", "/companies/scale-ai/",
    }  # fmt: skip


def test_style_sheet(site: Path) -> None:
    """Its address has a digest of it: every page with a head names the new one."""
    before = {p.name for p in (site / "output/assets").glob("style.*.css")}
    write_site(site, "=== templates/assets/style.css\nbody { color: #123 }\n", usual=False)
    result = build_site(site)
    assert urls(result) == PAGES, "feeds and redirects have no style"
    assert all("`site` changed" in reasons for reasons in why(result).values())
    now = {p.name for p in (site / "output/assets").glob("style.*.css")}
    assert len(now) == 1 and not now & before


def test_title_of_the_site(site: Path) -> None:
    edit(site / "site.yaml", "title: Test", "title: Quest")
    found = PAGES | FEEDS | FEED_LIST
    assert urls(build_site(site)) == found, "but no sitemap, robots.txt and redirect"


def test_base_url(site: Path) -> None:
    """A page that says its address; and what only depends on the base URL through its links."""
    found = urls(build_site(site, base_url="https://test.example/news"))
    others = {"/sitemap.xml", "/robots.txt", "/companies/facebook/"} | RANKING
    assert found == PAGES | FEEDS | FEED_LIST | others
    everything = tree(site / "output")
    clean = site.parent / "clean"
    write_site(clean, SITE)
    build_site(clean, base_url="https://test.example/news")
    assert everything == tree(clean / "output")


def test_embargo_and_expiry(site: Path) -> None:
    """Moving `now` across them renders what a new or deleted brief would."""
    new = brief("four", "Google four", date="2025-07-02 09:00", companies="[Google]",
                expires="2025-07-03 09:00")  # fmt: skip
    write_site(site, new, usual=False)
    before = tree(site / "output")
    assert urls(build_site(site)) == set()
    out = build_site(site, now=datetime(2025, 7, 2, 7, 0, tzinfo=UTC))
    reached = {
        "/briefs/three/", "/briefs/two/",  # its neighbour, and what it follows up
        "/", "/briefs/", "/companies/", "/companies/google/", "/archive/", "/archive/2025/",
        "/digests/", "/digests/2025-w24/", "/sources/reuters/", *RANKING,
        "/feed.xml", "/companies/google/feed.xml", "/digests/feed.xml", "/sitemap.xml",
        "/sources/reuters/feed.xml",
    }  # fmt: skip
    assert urls(out) == reached | {"/briefs/four/", "/archive/2025/07/", "/digests/2025-w27/"}
    assert urls(build_site(site, now=datetime(2025, 7, 3, 6, 59, tzinfo=UTC))) == set()
    gone = build_site(site, now=datetime(2025, 7, 3, 7, 0, tzinfo=UTC))
    assert urls(gone) == reached
    assert gone.dropped == (
        "archive/2025/07/index.html", "briefs/four/index.html", "digests/2025-w27/index.html",
        "search/2025/07-0.js",
    )  # fmt: skip
    assert tree(site / "output") == before


def test_another_program(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version renders everything, and says so."""
    for module in ("engine.up_to_date", "engine.build", "engine.tasks", "engine.pipeline"):
        monkeypatch.setattr(f"builder.{module}.program", lambda: "else")
    result = build_site(site)
    assert len(result.rendered) == result.pages
    assert all("the program changed" in reasons for reasons in why(result).values())


def test_every_rendered_page_has_a_reason(site: Path) -> None:
    edit(site / "content/briefs/one.md", "Scale AI one", "Scale AI first")
    assert all(reasons for reasons in why(build_site(site)).values())


def test_error_leaves_the_output(site: Path) -> None:
    before = tree(site / "output")
    edit(site / "content/briefs/one.md", "[Scale AI]", "[Nobody]")
    with pytest.raises(Exception, match="diagnostic"):
        build_site(site)
    assert tree(site / "output") == before


# --- by several processes -----------------------------------------------------------------------


def test_many_processes_make_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--jobs`: the same bytes and the same diagnostics."""
    write_site(tmp_path, SITE + brief("four", "No name", body="<b>x</b> (a"))
    one = build_site(tmp_path)
    found = tree(tmp_path / "output")
    monkeypatch.setattr(parallel, "FEWEST", 1)
    monkeypatch.setattr(parallel, "_RANGE", 2)
    for jobs in (2, 3):
        shutil.rmtree(tmp_path / "output")
        many = build_site(tmp_path, jobs=jobs)
        assert tree(tmp_path / "output") == found
        assert many.problems == one.problems
        assert [s.url for s in many.rendered] == [s.url for s in one.rendered]


def test_mistake_in_a_process_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that fails in a worker is the same diagnostic as in one process."""
    monkeypatch.setattr(parallel, "FEWEST", 1)
    write_site(tmp_path, SITE + "=== templates/robots.txt\nA\n{{ sitemap.nothing }}\n")
    messages = set()
    for jobs in (1, 2):
        with pytest.raises(Exception, match="diagnostic") as caught:
            build_site(tmp_path, jobs=jobs)
        messages.add(str(caught.value.diagnostics))  # type: ignore[attr-defined]
    assert len(messages) == 1
    assert not (tmp_path / "output").exists()


def test_list_of_notes(site: Path) -> None:
    """Another list of words reads every file again, and changes no page."""
    edit(site / "content/briefs/one.md", "First text.", "First (ZZ) text.")
    before = build_site(site).problems
    edit(site / "site.yaml", "author: desk\n", "author: desk\neditors_notes: {add: [ZZ]}\n")
    result = build_site(site)
    assert [d.code for d in result.problems if d not in before] == ["editors-note"]
    assert urls(result) == set()
