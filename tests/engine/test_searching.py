"""The search index in builds: what an edit changes, what is lost, and what must not be found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builder.search.shards import shard_of
from builder.store import FOLDER
from support.search_client import SearchClient
from support.sites import brief, build_site, edit, searched, tree, write_site

SITE = (
    brief("one", "Scale AI hires", "First chips, GPT-4o and [[brief:two]].", date="2024-04-10")
    + brief("two", "Google fires", "Second chips.", date="2025-05-10", companies="[Google]")
    + brief("three", "Scale AI returns", "Third labels.", date="2025-06-10", section="labs")
)


def client(site: Path) -> SearchClient:
    return SearchClient(lambda path: (site / "output/search" / path).read_bytes())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that has been built once."""
    folder = write_site(tmp_path / "site", SITE)
    build_site(folder)
    return folder


def test_found(site: Path) -> None:
    """By title, text, stems, parts of words; the best first, of equal ones the newest."""
    index = client(site)
    assert index.slugs("scale") == ["three", "one"]
    assert index.slugs("labelling") == ["three"]
    assert index.slugs("chip google") == ["two"]
    assert index.slugs("gpt 4O") == ["one"]
    assert index.slugs("firs", typing=True) == ["one"]
    assert index.slugs("chips labels") == ["three", "two", "one"]  # no brief has both
    assert index.slugs("labels", filters={"company": "google"}) == []
    assert index.slugs("chips", filters={"company": "google"}) == ["two"]
    assert index.slugs("returns", filters={"section": "labs", "lang": "en"}) == ["three"]
    assert index.slugs("nothing") == []


def test_a_brief_is_not_found_by_the_title_of_another(site: Path) -> None:
    """Though its text shows that title, in a link."""
    index = client(site)
    assert index.slugs("fires") == ["two"]
    (one,) = index.search("gpt")
    assert index.text(one).startswith("First chips, GPT-4o and Google fires.")


def test_one_body(site: Path) -> None:
    """An edited body changes the shards of its words, and its block of documents."""
    edit(site / "content/briefs/one.md", "First chips", "Second chips")
    shards = {f"/search/2024/{shard_of(term, 1)}.js" for term in ("first", "second")}
    assert searched(build_site(site)) == {*shards, "/search/2024/04-0.js"}


def test_many_shards(tmp_path: Path) -> None:
    """Of many shards, only those of the changed words are written."""
    words = "\n\n".join(f"word{n} {n:05}" for n in range(6000))
    text = brief("long", "Meta talks", f"First. {words}", companies="[Meta]")
    site = write_site(tmp_path / "site", text)
    build_site(site)
    shards = client(site).years["2025"][0]
    assert shards == 4
    edit(site / "content/briefs/long.md", "First.", "Again.")
    expected = {f"/search/2025/{shard_of(term, shards)}.js" for term in ("first", "again")}
    assert searched(build_site(site)) == {*expected, "/search/2025/06-0.js"}


def test_a_new_brief_leaves_other_years_alone(site: Path) -> None:
    text = brief("four", "Meta talks", "Fourth.", date="2025-06-20", companies="[Meta]")
    write_site(site, text, usual=False)
    expected = {"/search/index.js", "/search/2025/0.js", "/search/2025/06-0.js"}
    assert searched(build_site(site)) == expected


def test_a_title_of_another_brief(site: Path) -> None:
    """A text that shows the title of another brief follows it."""
    edit(site / "content/briefs/two.md", "Google fires", "Google rehires")
    assert searched(build_site(site)) == {
        "/search/2025/0.js", "/search/2025/05-0.js", "/search/2024/04-0.js",
    }  # fmt: skip


@pytest.mark.parametrize("what", ["lost", "damaged", "foreign", "half", "folder"])
def test_stored_segments_may_be_gone(site: Path, tmp_path: Path, what: str) -> None:
    """What is stored of a segment is used only if it is whole."""
    stored = sorted((site / FOLDER).glob("search*"))
    assert [path.name for path in stored] == ["search", "search-2024", "search-2025"]
    for path in stored[what == "half" :]:
        data = path.read_bytes()
        path.unlink()
        if what == "damaged":
            path.write_bytes(data[:-9] + bytes(9))
        elif what == "foreign":
            path.write_text("foreign")
        elif what == "folder":
            path.mkdir()
    shutil.rmtree(site / "output/search")
    edit(site / "content/briefs/one.md", "First chips", "Second chips")
    build_site(site)
    shutil.rmtree(site / FOLDER)
    before = tree(site / "output")
    build_site(site)
    assert tree(site / "output") == before


def test_segments_of_another_build(site: Path) -> None:
    """A build at another time leaves segments that this one must not take for its own."""
    stored = {path: path.read_bytes() for path in (site / FOLDER).glob("search*")}
    edit(site / "content/briefs/two.md", "Second chips", "Second cards")
    build_site(site)
    for path, data in stored.items():
        path.write_bytes(data)
    edit(site / "content/briefs/two.md", "Second cards", "Second boards")
    build_site(site)
    assert client(site).slugs("boards") == ["two"]
    assert client(site).slugs("cards") == []


def test_off(tmp_path: Path, site: Path) -> None:
    """`search: false`: no file, and as if it never had been on."""
    edit(site / "site.yaml", "title: Test", "title: Test\nsearch: false")
    build_site(site)
    assert not (site / "output/search").exists()
    edit(site / "site.yaml", "search: false", "search: true")
    build_site(site)
    assert client(site).slugs("scale") == ["three", "one"]


def test_drafts_are_found_only_with_drafts(tmp_path: Path) -> None:
    text = SITE + brief("secret", "Meta plans", "Hidden plans.", companies="[Meta]", status="draft")
    site = write_site(tmp_path / "site", text)
    build_site(site, drafts=True)
    assert client(site).slugs("hidden") == ["secret"]
    build_site(site)
    assert client(site).slugs("hidden") == client(site).slugs("plans") == []
    assert b"plan" not in b"".join(p.read_bytes() for p in (site / "output/search").rglob("2*/*"))


def test_hostile_texts(tmp_path: Path) -> None:
    """Whatever a text says, a file of data is one call with JSON, harmless as a script."""
    body = "</script><script>alert(1)</script> \u2028 \u2029 ]]> \\ &amp; constructor __proto__"
    text = brief("hostile", "Meta says `</script>`", f"{body} {'x' * 5000}", companies="[Meta]")
    site = write_site(tmp_path / "site", text)
    build_site(site)
    index = client(site)
    assert index.slugs("constructor proto alert") == index.slugs("script") == ["hostile"]
    assert index.slugs("x" * 5000) == ["hostile"]
    assert "</script><script>alert(1)" in index.text(index.search("alert")[0])
    for path in (site / "output/search").rglob("2*/*.js"):
        data = path.read_text("utf-8")
        assert not set(data) & {"<", "\u2028", "\u2029", "\0"}
        assert data.count("\n") == 1


def test_a_long_text_is_in_parts(tmp_path: Path) -> None:
    """Its block has the beginning; the rest is a file of its own, and nothing is lost."""
    paragraphs = "\n\n".join(f"Paragraph {n} of many words." for n in range(1500))
    text = brief("long", "Meta talks", paragraphs, companies="[Meta]")
    site = write_site(tmp_path / "site", text + brief("short", "Google talks", date="2025-06-20"))
    build_site(site)
    index = client(site)
    (found,) = index.search("paragraph")
    assert len(index.document(found)[6]) < 6001
    assert index.text(found) == paragraphs.replace("\n\n", "\n")
    edit(site / "content/briefs/long.md", "Paragraph 1499 of", "Paragraph 1499 about")
    rendered = {url.rpartition("/")[2] for url in searched(build_site(site))}
    assert rendered == {"0.js", "06-t0.js"}


def test_figures_of_a_company_that_is_not_published(tmp_path: Path) -> None:
    """They are neither in the text nor found, as on the page."""
    figures = "[{id: a, of: Hidden, metric: valuation, value: 29bn USD, as_of: 2025-06}]"
    text = brief("one", "Meta talks", "Text.", companies="[Meta]", figures=figures)
    hidden = (
        "=== content/companies/hidden.md\n---\nid: hidd2222\nname: Hidden\nstatus: draft\n---\n"
    )
    site = write_site(tmp_path / "site", text + hidden)
    build_site(site)
    assert client(site).slugs("valuation") == client(site).slugs("29") == []
    edit(site / "content/companies/hidden.md", "status: draft\n", "")
    build_site(site)
    index = client(site)
    assert index.slugs("valuation", filters={"has": "figures"}) == ["one"]
    assert index.text(index.search("valuation")[0]).endswith(
        "\nValuation: $29\N{NO-BREAK SPACE}billion"
    )
