"""Whole small sites: what is shown, what is not, and where links lead."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model.time import Moment
from builder.site import lists as ordering
from builder.site.related import find_neighbours
from builder.site.site import Entry
from support.links import Target, places_of
from support.pages import pages_of, part, read_page, words
from support.sites import (
    USUAL,
    WORLD,
    brief,
    build_output,
    build_site,
    files,
    problems,
    read,
    tree,
    write_site,
)
from support.tools import serve


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def links(html: str) -> list[str]:
    return [address for _, address in read_page(html).links]


def linked_data(html: str) -> dict[str, dict[str, Any]]:
    """A page's JSON-LD, by type."""
    found: dict[str, dict[str, Any]] = {}
    for text in read_page(html).linked_data:
        value = json.loads(text)
        for thing in value if isinstance(value, list) else [value]:
            assert thing["@context"] == "https://schema.org"
            found[thing["@type"]] = thing
    return found


def moved_to(folder: Path, address: str) -> str:
    """Where a redirect page leads, as an absolute address."""
    page = read_page(read(folder, f"{address}/index.html"))
    assert page.redirects_to is not None
    return urljoin(f"https://test.example/{address}/", page.redirects_to)


# --- a site with a bit of everything -----------------------------------------------------------


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's folder, built once."""
    folder = tmp_path_factory.mktemp("world")
    build_output(folder, WORLD)
    return folder


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["Meta", "meta", "META", "facebook", "Facebook", "M.e.t.a", "me-ta", '" Meta "', "Ｍｅｔａ"],
)
def test_company_resolves(written: str, tmp_path: Path) -> None:
    """By name, former name, case and punctuation aside, width aside (NFKC)."""
    site = brief("a", "Meta hires", companies=f"[{written}]")
    write_site(tmp_path, site)
    result = build_site(tmp_path)
    assert [b.companies for b in result.site.order] == [("meta",)]


def test_alias_and_name_are_one_company(world: Path) -> None:
    """One page and one entry, whatever the briefs wrote."""
    page = words(read(world, "companies/scale-ai/index.html"))
    for title in ("Scale AI loses Google", "Facebook invests", "Google hires from Scale AI"):
        assert title in page
    assert not (world / "output/companies/scale").exists()


def test_company_named_twice_counts_once(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a", "Meta hires", companies="[Meta, Facebook, META]"))
    assert build_site(tmp_path).site.order[0].companies == ("meta",)


def test_former_name_leads_to_the_company(world: Path) -> None:
    assert moved_to(world, "companies/facebook") == "https://test.example/companies/meta/"


@pytest.mark.parametrize("old", ["windsurf", "codeium"])
def test_merged_company_leads_to_its_new_owner(world: Path, old: str) -> None:
    assert moved_to(world, f"companies/{old}") == "https://test.example/companies/cognition/"
    page = read_page(read(world, f"companies/{old}/index.html"))
    assert page.canonical == "https://test.example/companies/cognition/"


def test_merged_company_is_covered_by_its_new_owner(world: Path) -> None:
    """Briefs that name it stand on the new owner's page, once, and nowhere is it listed."""
    page = read(world, "companies/cognition/index.html")
    assert "Codeium is bought" in words(page)
    assert "Windsurf" not in words(read(world, "companies/index.html"))
    third = linked_data(read(world, "briefs/third/index.html"))["NewsArticle"]
    assert [thing["name"] for thing in third["about"]] == ["Cognition"]


def test_merger_into_a_company_with_another_slug(tmp_path: Path) -> None:
    """The file's name need not be one of the company's names."""
    text = """\
=== content/companies/old-co.md
---
name: Old Co
merged_into: New Name
---
=== content/companies/other-slug.md
---
name: New Name
---
"""
    write_site(tmp_path, text + brief("a", "Old Co hires", companies="[Old Co]"))
    result = build_site(tmp_path)
    assert result.site.order[0].companies == ("other-slug",)


def test_merger_over_two_steps(tmp_path: Path) -> None:
    companies = "".join(
        f"=== content/companies/{n}.md\n---\nname: {n}\n{more}---\n"
        for n, more in (("aa", "merged_into: bb\n"), ("bb", "merged_into: cc\n"), ("cc", ""))
    )
    write_site(tmp_path, companies + brief("x", "cc grows", "aa and bb grew.", companies="[aa]"))
    build_site(tmp_path)
    for old in ("aa", "bb"):
        assert moved_to(tmp_path, f"companies/{old}") == "https://test.example/companies/cc/"
    assert "cc grows" in words(read(tmp_path, "companies/cc/index.html"))


def test_no_link_of_a_brief_leads_to_a_redirect(world: Path) -> None:
    """A page links to where things are, not to where they were."""
    pages = pages_of(world / "output")
    moved = {f"/{address}" for address, page in pages.items() if page.redirects_to}
    assert len(moved) > 3
    wrong = []
    for address, page in pages.items():
        if page.redirects_to is None:
            for element, link in page.links:
                found = urljoin(f"/{address}", urldefrag(link)[0])
                wrong += [f"/{address}: {link}"] if element == "a" and found in moved else []
    assert not wrong


def test_redirects_of_every_record(world: Path) -> None:
    """Earlier slugs lead on, with a canonical address and out of search engines."""
    for old, new in (
        ("companies/cognition-labs", "companies/cognition"),
        ("topics/annotation", "topics/data"),
        ("briefs/second-old", "briefs/second"),
    ):
        html = read(world, f"{old}/index.html")
        page = read_page(html)
        assert page.canonical == moved_to(world, old) == f"https://test.example/{new}/"
        assert page.is_hidden
        assert f"https://test.example/{new}/" in words(html)


def test_redirect_of_a_topic_without_page_leads_nowhere_else(tmp_path: Path) -> None:
    """A topic that no brief names and that has no text has no page: neither a redirect nor a
    link may lead to it."""
    topic = "=== content/topics/lone.md\n---\nname: Lone\nredirects: [alone]\n---\n"
    build_output(tmp_path, topic + brief("a"))
    target = Target(tmp_path / "output", "https://test.example/")
    assert not faults_of_links(target)


def test_link_to_a_topic_without_page_is_reported(tmp_path: Path) -> None:
    topic = "=== content/topics/lone.md\n---\nname: Lone\n---\n"
    text = topic + brief("a", body="See [[topic:lone]] and [[Lone]].")
    write_site(tmp_path, text)
    if any(d.severity == "error" for d in problems(tmp_path)):
        return
    build_site(tmp_path)
    assert not faults_of_links(Target(tmp_path / "output", "https://test.example/"))


@pytest.mark.parametrize("menu", ["menu", "footer"])
def test_menu_that_leads_nowhere_is_reported(menu: str, tmp_path: Path) -> None:
    """A link of site.yaml stands on every page; it is checked like any other."""
    text = USUAL.replace("author: desk\n", f"author: desk\n{menu}: [{{name: X, url: /nothing/}}]\n")
    write_site(tmp_path, text)
    assert [d for d in problems(tmp_path) if d.path == "site.yaml"]


def test_topics_and_people_without_files(world: Path) -> None:
    """A topic or person that briefs name exists; of two spellings one is printed."""
    topic = read(world, "topics/rare-thing/index.html")
    assert "Scale AI loses Google" in words(topic)
    assert "Google hires from Scale AI" in words(topic)
    person = read(world, "people/jason-droege/index.html")
    assert "Codeium is bought" in words(person)
    assert "Jason Droege" in words(read(world, "people/index.html"))
    assert "Rare" in words(read(world, "topics/index.html"))


def test_person_by_alias(world: Path) -> None:
    assert not (world / "output/people/alex-wang").exists()
    assert "Scale AI loses Google" in words(read(world, "people/wang/index.html"))


# --- what must not be seen ---------------------------------------------------------------------

SECRET = "zyzzyva"
HIDDEN = {
    "draft": {"status": "draft"},
    "future": {"date": "2025-07-01 14:01"},  # one minute after NOW, in Amsterdam
    "expired": {"expires": "2025-07-01 14:00"},  # NOW
    "expired withdrawn": {"expires": "2025-06-30", "status": "withdrawn"},
    "future withdrawn": {"date": "2025-07-02", "status": "withdrawn"},
}
SHOWN = brief("a", "Scale AI hires", date="2025-06-10") + brief(
    "c", "Scale AI hires again", date="2025-06-20", topics="[Known]"
)


def secret_brief(**fields: str) -> str:
    """A brief with a word in every field that stands nowhere else."""
    return brief(
        f"b-{SECRET}",
        f"Scale AI and the {SECRET}",
        f"## {SECRET}\n\nScale AI. {SECRET} [x](https://{SECRET}.example/).",
        **{
            "date": "2025-06-15",
            "summary": f"The {SECRET}.",
            "companies": "[Scale AI, Google]",
            "topics": f"[{SECRET} topic, Known]",
            "people": f"['{SECRET} person']",
            "why": f"{SECRET}",
            "yes_but": f"['{SECRET}']",
            "whats_next": f"['{SECRET}']",
            "section": "deals",
            "withdrawn_because": f"{SECRET}",
            "sources": f"[{{id: s, publisher: {SECRET}, published: 2025-06-01}}]",
            "redirects": f"[old-{SECRET}]",
            "importance": "1",
            **fields,
        },
    )


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_brief_appears_nowhere(kind: str, tmp_path: Path) -> None:
    """Neither in the bytes nor in the names of the output's files."""
    found = tree(build_output(tmp_path, SHOWN + secret_brief(**HIDDEN[kind])))
    assert not [path for path in found if SECRET in path.casefold()]
    assert not [path for path, data in found.items() if SECRET in data.decode().casefold()]


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_brief_changes_nothing(kind: str, tmp_path: Path) -> None:
    """Not even a count, a neighbour, a weight, an order or the manifest shows that it is there."""
    without = tree(build_output(tmp_path / "without", SHOWN))
    hidden = tree(build_output(tmp_path / "with", SHOWN + secret_brief(**HIDDEN[kind])))
    assert without.keys() == hidden.keys()
    assert [path for path in without if without[path] != hidden[path]] == []


def test_hidden_brief_does_not_choose_a_spelling(tmp_path: Path) -> None:
    """Of several spellings of a topic the most used is printed: used by what is shown."""
    shown = brief("a", topics="[known Thing]")
    drafts = "".join(brief(f"d{n}", status="draft", topics="[KNOWN thing]") for n in range(3))
    assert tree(build_output(tmp_path / "1", shown)) == tree(
        build_output(tmp_path / "2", shown + drafts)
    )


def test_a_name_that_has_no_page_yet_is_printed_as_it_is_written(tmp_path: Path) -> None:
    """Nobody may see the draft that names it; the brief that is out says the name itself."""
    text = "See [[Jane & Co. Doe]], [[person:Jane & Co. Doe]], [[topic:Labels]]."
    draft = {"status": "draft", "people": "[Jane & Co. Doe]", "topics": "[labels]"}
    write_site(tmp_path, brief("out", body=text) + brief("draft", **draft))
    build_site(tmp_path)
    page = read(tmp_path, "briefs/out/index.html")
    assert "<p>See Jane &amp; Co. Doe, Jane &amp; Co. Doe, Labels.</p>" in page


def test_a_draft_does_not_decide_how_a_name_is_spelt(tmp_path: Path) -> None:
    company = "=== content/companies/google.md\n---\nname: Google\npeople: [Sundar Pichai]\n---\n"
    drafts = [brief(n, status="draft", people="[sundar pichai]") for n in ("one", "two")]
    write_site(tmp_path, "".join((company, *drafts, brief("out", companies="[Google]"))))
    build_site(tmp_path)
    page = read(tmp_path, "companies/google/index.html")
    assert "Sundar Pichai" in page and "sundar pichai" not in page


def test_links_to_a_hidden_brief_show_neither_title_nor_address(tmp_path: Path) -> None:
    links_to = brief(
        "c",
        body=f"A [[brief:b-{SECRET}]] B [[brief:b-{SECRET}|label one]] "
        f"C [label two](/briefs/b-{SECRET}/) D [label three](b-{SECRET}.md#{SECRET}).",
    )
    write_site(tmp_path, secret_brief(status="draft") + links_to)
    result = build_site(tmp_path)
    assert {d.code for d in result.problems} == {"link-unpublished"}
    found = tree(tmp_path / "output")
    assert not [path for path, data in found.items() if SECRET in data.decode().casefold()]
    page = words(read(tmp_path, "briefs/c/index.html"))
    assert "B label one C label two D label three." in page


def test_picture_of_a_hidden_brief_is_not_published(tmp_path: Path) -> None:
    """An embargo holds for the picture too: its name and what it shows tell the story."""
    picture = tmp_path / "content" / "media" / f"{SECRET}.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"\x89PNG\r\n")
    text = brief("a") + brief("b", status="draft", image=f"{{file: {SECRET}.png, alt: A}}")
    found = tree(build_output(tmp_path, text))
    assert not [path for path in found if SECRET in path]


def test_absolute_links_to_the_site_itself_are_checked(tmp_path: Path) -> None:
    """An address copied from the browser is a link inside the site: checked like one, and left out
    where it leads to what must not be seen."""
    base = "https://test.example"
    body = f"See [a]({base}/briefs/b-{SECRET}/) and [b]({base}/nothing/)."
    write_site(tmp_path, secret_brief(status="draft") + brief("c", body=body))
    found = {d.code for d in problems(tmp_path) if d.path.endswith("/c.md")}
    assert {"link-unpublished", "broken-link"} <= found


@pytest.mark.parametrize("kind", ["draft", "future"])
def test_drafts_are_seen_in_a_preview(kind: str, tmp_path: Path) -> None:
    """`--drafts`: with a notice, and out of search engines and the sitemap."""
    output = build_output(tmp_path, SHOWN + secret_brief(**HIDDEN[kind]), drafts=True)
    page = (output / f"briefs/b-{SECRET}/index.html").read_text("utf-8")
    assert f"Scale AI and the {SECRET}" in words(page)
    assert "preview" in words(page)
    assert read_page(page).is_hidden
    assert SECRET in (output / "index.html").read_text("utf-8")
    assert f"b-{SECRET}" not in (output / "sitemap.xml").read_text("utf-8")


def test_expired_brief_is_no_draft(tmp_path: Path) -> None:
    output = build_output(tmp_path, SHOWN + secret_brief(**HIDDEN["expired"]), drafts=True)
    assert not [path for path in tree(output) if SECRET in path]


@pytest.mark.parametrize(
    ("moment", "seen"),
    [
        ("2025-06-14T21:59:59", False),  # Amsterdam is two hours ahead of UTC
        ("2025-06-14T22:00:00", True),
        ("2025-06-19T21:59:59", True),
        ("2025-06-19T22:00:00", False),
    ],
)
def test_now_decides(moment: str, seen: bool, tmp_path: Path) -> None:
    """`--at`: from its date on, until it expires; both in the site's time zone."""
    text = secret_brief(date="2025-06-15", expires="2025-06-20")
    output = build_output(tmp_path, SHOWN + text, now=at(moment))
    assert (SECRET in (output / "briefs/index.html").read_text("utf-8")) is seen
    assert (output / f"briefs/b-{SECRET}/index.html").exists() is seen


def test_withdrawn_brief_is_only_a_tombstone(tmp_path: Path) -> None:
    """Its page gives the headline and the reason; nothing else knows of it but the record of
    corrections, and that of its week, with their feeds."""
    text = secret_brief(status="withdrawn", withdrawn_because="It was wrong.")
    found = tree(build_output(tmp_path, SHOWN + text))
    own = f"briefs/b-{SECRET}/index.html"
    page = found[own].decode()
    assert "It was wrong." in words(page)
    assert f"Scale AI and the {SECRET}" in words(page)
    assert read_page(page).is_hidden
    assert f"{SECRET} topic" not in page and f"The {SECRET}." not in page
    moved = f"briefs/old-{SECRET}/index.html"
    known = [path for path, data in found.items() if SECRET in data.decode().casefold()]
    # Its earlier address leads on, and the manifest lists both.
    record = ["corrections/index.html", "digests/2025-w24/index.html"]
    formats = ("xml", "atom", "json")
    record += [f"{part}/feed.{form}" for part in ("corrections", "digests") for form in formats]
    assert sorted(known) == sorted([own, moved, ".slugline.json", *record])
    assert [path for path in found if SECRET in path] == sorted([own, moved])


# --- neighbours and related briefs -------------------------------------------------------------


def test_older_and_newer(world: Path) -> None:
    """Neighbours in the order of publication, at the foot of a brief; none beyond the ends."""
    order = ["first", "second", "third", "fourth"]
    for n, slug in enumerate(order):
        page = read(world, f"briefs/{slug}/index.html")
        foot = re.search(r'(?s)<nav[^>]*aria-label="Newer and older".*?</nav>', page)
        near = [urljoin(f"/briefs/{slug}/", m) for m in links(foot[0])] if foot else []
        newer = [f"/briefs/{order[n + 1]}/"] if n + 1 < len(order) else []
        older = [f"/briefs/{order[n - 1]}/"] if n else []
        assert near == [*newer, *older], slug


def test_related_with_the_reason(world: Path) -> None:
    page = read(world, "briefs/fourth/index.html")
    earlier = words(part(page, "earlier"))
    assert "Scale AI loses Google" in earlier
    # The companies and the topic that both name are the reason, the rarest first.
    assert re.search(r"Scale AI loses Google.*Google, Scale AI, Rare thing", earlier, re.I)
    assert "Google hires from Scale AI" in words(
        part(read(world, "briefs/first/index.html"), "later")
    )


def test_unrelated_briefs_have_no_such_part(tmp_path: Path) -> None:
    build_output(
        tmp_path, brief("a", "Meta hires", companies="[Meta]") + brief("b", date="2025-06-20")
    )
    page = read(tmp_path, "briefs/b/index.html")
    assert not part(page, "earlier") and not part(page, "later")


def made_brief(slug: str, day: int, companies: list[str], topics: list[str]) -> Entry:
    date = Moment(datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day))
    return Entry(slug, date, None, date, 2, "", "", tuple(companies), tuple(topics), ())


NAMED = st.lists(st.sampled_from("abcdef"), max_size=4, unique=True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), NAMED, NAMED), min_size=1, max_size=25))
def test_publishing_never_changes_what_an_older_brief_relates_to(
    rows: list[tuple[int, list[str], list[str]]],
) -> None:
    """Law: related briefs are chosen among earlier ones with the weights of their day."""
    rows.sort(key=lambda row: row[0])
    made = [made_brief(f"b{n}", *row) for n, row in enumerate(rows)]
    whole = {slug: a.earlier for slug, a in find_neighbours(made[::-1], {})[0].items()}
    for count in range(1, len(made)):
        part, _ = find_neighbours(made[:count][::-1], {})
        before = {slug: a.earlier for slug, a in part.items()}
        assert {slug: whole[slug] for slug in before} == before
    for slug, relations in whole.items():
        numbers = [int(r.slug[1:]) for r in relations]
        assert all(number < int(slug[1:]) for number in numbers)
        assert all(r.companies or r.topics for r in relations)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), NAMED, NAMED), min_size=2, max_size=15))
def test_later_is_earlier_seen_from_the_other_side(
    rows: list[tuple[int, list[str], list[str]]],
) -> None:
    rows.sort(key=lambda row: row[0])
    made = [made_brief(f"b{n}", *r) for n, r in enumerate(rows)]
    around, _ = find_neighbours(made[::-1], {})
    earlier = {slug: a.earlier for slug, a in around.items()}
    later = {slug: a.later for slug, a in around.items()}
    for slug, relations in later.items():
        for relation in relations:
            back = {r.slug: r for r in earlier[relation.slug]}
            assert back[slug].companies == relation.companies
            assert back[slug].topics == relation.topics


# --- lists -------------------------------------------------------------------------------------


def slices(count: int, size: int) -> list[Any]:
    return ordering.slices("/x/", list(range(count, 0, -1)), size)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 200), st.integers(1, 25))
def test_pages_of_a_list(count: int, size: int) -> None:
    """Every brief is on exactly one page, newest first; pages link to both neighbours; a page
    once full never changes what it holds, nor its address, when briefs are added."""
    pieces = slices(count, size)
    assert [b for piece in pieces for b in piece.items] == list(range(count, 0, -1))
    assert pieces[0].url == "/x/"
    assert len({piece.url for piece in pieces}) == len(pieces)
    assert len(pieces[0].items) < 2 * size
    assert all(len(piece.items) == size for piece in pieces[1:])
    for before, after in pairwise(pieces):
        assert (before.older, after.newer) == (after.url, before.url)
    assert pieces[0].newer == pieces[-1].older == ""
    more = {piece.url: piece.items for piece in slices(count + 1, size)}
    assert all(more[piece.url] == piece.items for piece in pieces[1:])


def many(count: int) -> str:
    return "".join(
        brief(f"n{n:02}", f"Scale AI grows {n}", date=f"2025-05-{n + 1:02}", topics="[Size]")
        for n in range(count)
    )


def test_paginated_lists_as_built(tmp_path: Path) -> None:
    """All briefs, a company's, a topic's and a month's: each brief on exactly one page; a new one
    leaves full pages as they were, but for the last one's link to its new neighbour."""
    site = USUAL.replace("author: desk\n", "author: desk\nper_page: 3\n")
    before = tree(build_output(tmp_path, site + many(10)))
    after = tree(build_output(tmp_path, site + many(11)))
    for folder in ("briefs", "companies/scale-ai", "topics/size", "archive/2025/05"):
        pages = [f"{folder}/index.html", *(p for p in before if p.startswith(f"{folder}/page/"))]
        assert len(pages) == 3
        shown = []
        for path in pages:
            main = before[path].decode().partition("<main")[2].partition("</main>")[0]
            shown += sorted(set(re.findall(r"Scale AI grows \d+", main)))
        assert len(shown) == len(set(shown)) == 10
        assert before[f"{folder}/page/1/index.html"] == after[f"{folder}/page/1/index.html"]
        assert f"{folder}/page/2/index.html" in before


def test_archive(tmp_path: Path) -> None:
    """By year and month, with true numbers, in the site's own time zone."""
    text = (
        brief("a", "Scale AI one", date="2023-12-31 23:30")
        + brief("b", "Scale AI two", date="2024-12-31 22:30 +00:00")
        + brief("c", "Scale AI three", date="2025-06-01 00:10")
        + brief("d", "Scale AI four", date="2025-06-02")
    )
    output = build_output(tmp_path, text)
    assert "Scale AI one" in words((output / "archive/2023/12/index.html").read_text("utf-8"))
    june = words((output / "archive/2025/06/index.html").read_text("utf-8"))
    assert "Scale AI three" in june and "Scale AI four" in june
    archive = words((output / "archive/index.html").read_text("utf-8"))
    assert archive.index("2025") < archive.index("2024") < archive.index("2023")
    assert re.search(r"2025 2 briefs June 2025 2", archive)
    assert sorted(p.name for p in (output / "archive").iterdir() if p.is_dir()) == [
        "2023", "2024", "2025",
    ]  # fmt: skip
    year = links((output / "archive/2024/index.html").read_text("utf-8"))
    assert "../../archive/2025/" in year and "../../archive/2023/" in year


def test_sections(world: Path) -> None:
    page = words(read(world, "deals/index.html"))
    assert "Scale AI loses Google" in page and "Codeium is bought" in page
    assert "Facebook invests" not in page
    front = links(read(world, "index.html"))
    assert "./deals/" in front and "./labs/" in front


def test_front_page_leads_with_the_most_important_of_the_newest_days(tmp_path: Path) -> None:
    """An important brief leads while it is fresh; the others stand beside it, the newest first."""
    old = brief("old", "Scale AI in May", date="2025-05-20", importance="1")
    lead = brief("lead", "Scale AI in June", date="2025-06-20", importance="1", why="It leads.")
    newer = brief("newer", "Scale AI later in June", date="2025-06-22", why="It does not.")
    build_site(write_site(tmp_path, old + lead + newer))
    page = words(read(tmp_path, "index.html"))
    assert "It leads." in page and "It does not." not in page
    assert page.index("Scale AI in June") < page.index("Scale AI later in June")
    assert page.index("Scale AI later in June") < page.index("Scale AI in May")


def test_every_brief_is_on_the_front_page_once(world: Path) -> None:
    page = words(read(world, "index.html"))
    for title in ("loses Google", "Facebook invests", "Codeium is bought", "Google hires from"):
        assert page.count(title) == 1, title


# --- nothing empty -----------------------------------------------------------------------------


class _Boxes(HTMLParser):
    """Notes headings, lists and sections that have nothing in them."""

    VOID: ClassVar = {"meta", "link", "img", "br", "hr", "input", "col", "source", "wbr"}
    BOXES: ClassVar = {
        "ul",
        "ol",
        "dl",
        "table",
        "section",
        "nav",
        "figure",
        "p",
        "li",
        "dd",
        "dt",
        "div",
    }
    HEADINGS: ClassVar = {"h1", "h2", "h3", "h4", "h5", "h6"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[list[Any]] = []  # tag, what stands in it
        self.empty: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            if tag == "img" and self.open:
                self.open[-1][1].append("img")
        else:
            self.open.append([tag, [], dict(attrs)])

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.open[-1][1].append("text")

    def handle_endtag(self, tag: str) -> None:
        name, inside, attrs = self.open.pop()
        assert name == tag, f"</{tag}> closes <{name}>"
        what = f"<{tag} {attrs}>"
        # What is hidden is no box until a script fills and shows it.
        if tag in self.BOXES | self.HEADINGS and not inside and "hidden" not in attrs:
            self.empty.append(f"{what} is empty")
        if tag == "section" and inside and set(inside) <= self.HEADINGS:
            self.empty.append(f"{what} has only a heading")
        if inside and inside[-1] in self.HEADINGS and tag in ("section", "main"):
            self.empty.append(f"{what} ends with a heading")
        for one, two in pairwise(inside):
            if one in self.HEADINGS and two in self.HEADINGS and two <= one:
                self.empty.append(f"{what}: <{one}> is followed by <{two}>")
        if self.open:
            self.open[-1][1].append(tag if inside or tag not in self.BOXES else "")
            if not self.open[-1][1][-1]:
                self.open[-1][1].pop()


def empty_boxes(html: str) -> list[str]:
    reader = _Boxes()
    reader.feed(html.partition("<body")[2].partition(">")[2].rpartition("</body>")[0])
    return reader.empty


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<main><h1>A</h1><p>B</p></main>", 0),
        ("<main><section><h2>A</h2><ul><li>B</li></ul></section></main>", 0),
        ("<main><h1></h1><p>A</p></main>", 1),
        ("<main><ul></ul><p>A</p></main>", 1),
        ("<main><p>A</p><div hidden></div></main>", 0),
        ("<main><p>A</p><section><div hidden></div></section></main>", 1),
        ("<main><p>A</p><div hidden><ul></ul></div></main>", 1),
        ("<main><h1>A</h1><section><h2>B</h2></section></main>", 2),
        ("<main><h1>A</h1><h2>B</h2><h2>C</h2><p>D</p></main>", 1),
    ],
)
def test_empty_boxes_are_found(html: str, count: int) -> None:
    assert len(empty_boxes(f"<body>{html}</body>")) == count


def check_boxes(output: Path) -> None:
    found = {
        path.relative_to(output).as_posix(): boxes
        for path in sorted(output.rglob("*.html"))
        if (boxes := empty_boxes(path.read_text("utf-8")))
    }
    assert not found


def test_no_empty_box(world: Path) -> None:
    """A company, topic or person page shows no heading, list or box without content."""
    check_boxes(world / "output")
    page = words(read(world, "companies/quiet/index.html").partition("<main")[2])
    assert page.startswith('id="content"') or "Coverage" not in page


@pytest.mark.parametrize("name", ["no brief", "nothing", "bare brief"])
def test_no_empty_box_on_a_small_site(name: str, tmp_path: Path) -> None:
    bare = "=== content/briefs/a.md\n---\ntitle: A\ndate: 2025-06-01\n---\n"
    text = {"no brief": "", "nothing": "", "bare brief": bare}[name]
    if name == "nothing":
        write_site(tmp_path, "=== site.yaml\ntitle: T\nbase_url: https://t.example\n", usual=False)
        build_site(tmp_path)
    else:
        build_output(tmp_path, text)
    check_boxes(tmp_path / "output")


def test_no_empty_box_on_the_real_site(real_site: Path) -> None:
    check_boxes(real_site)


def test_person_only_in_a_company_file_has_a_whole_page(tmp_path: Path) -> None:
    text = "=== content/companies/meta.md\n---\nname: Meta\npeople: [Mark Z]\n---\n"
    output = build_output(tmp_path, text)
    check_boxes(output / "people")
    target = Target(output, "https://test.example/")
    assert not faults_of_links(target)


# --- addresses ---------------------------------------------------------------------------------


def faults_of_links(target: Target) -> list[str]:
    """Every link of every page that leads nowhere."""
    found = []
    for address, page in target.pages.items():
        for element, link in page.links:
            own = [target.base_url + address]
            for place in own if link.startswith("#") else places_of(address, target.base_url):
                fault = target.fault_of(urljoin(place, link))
                found += [f"/{address}: <{element}> {link!r} {fault}"] if fault else []
    return found


@pytest.mark.parametrize("base", ["https://test.example/", "https://test.example/news/"])
def test_no_link_leads_nowhere(base: str, tmp_path: Path) -> None:
    target = Target(build_output(tmp_path, WORLD, base_url=base.rstrip("/")), base)
    assert not faults_of_links(target)


def test_site_below_a_path_as_it_is_served(tmp_path: Path) -> None:
    """Crawled from its front page below /news/, and from the page for what is not there: every
    page of it is reached, and nothing outside it is asked for."""
    output = build_output(tmp_path, WORLD, base_url="https://test.example/news")
    with serve(output, prefix="/news/") as front:
        waiting, seen = [front, f"{front}no/such/page"], {}
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            try:
                with urllib.request.urlopen(address, timeout=10) as answer:
                    seen[address], body = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                seen[address], body = error.code, error.read()
            if b"<html" not in body:
                continue
            for element, link in read_page(body.decode()).links:
                there = urljoin(address, urldefrag(link)[0])
                if element == "meta" or there.startswith("https://test.example/news/"):
                    there = there.replace("https://test.example/news/", front)
                if there.startswith(front.removesuffix("news/")):
                    waiting.append(there)
    assert {a.removeprefix(front): s for a, s in seen.items() if s != 200} == {"no/such/page": 404}
    pages = {p.removesuffix("index.html") for p in tree(output) if p.endswith(".html")}
    moved = {a for a, page in pages_of(output).items() if page.redirects_to}
    assert pages - moved - {"404.html"} <= {a.removeprefix(front) for a in seen}


def test_links_work_from_disk(world: Path) -> None:
    """Opened as files: every address is relative and ends at a file or at a folder's index.html.
    Only 404.html, which a server shows anywhere, has the path of the base URL."""
    output = world / "output"
    wrong = []
    for path in sorted(output.rglob("*.html")):
        if path.name == "404.html":
            continue
        html = path.read_text("utf-8")
        found = re.findall(r'<(?:a|img|link)\s[^>]*?(?:href|src)="([^"]*)"', html)
        for link in found:
            if re.match(r"(https?:|mailto:|#)", link):
                continue
            there = path.parent / urldefrag(link)[0]
            file = there / "index.html" if link.partition("#")[0].endswith("/") else there
            if link.startswith("/") or not file.resolve().is_file():
                wrong.append(f"{path.relative_to(output)}: {link}")
    assert not wrong


def test_not_found_page_has_the_base_path(tmp_path: Path) -> None:
    build_output(tmp_path, WORLD, base_url="https://test.example/news")
    found = [link for element, link in read_page(read(tmp_path, "404.html")).links]
    assert all(re.match(r"(/news/|#|https://test\.example/news/)", link) for link in found), found
    assert "/news/" in found


def test_base_url_is_in_no_relative_page(tmp_path: Path) -> None:
    """The same pages under any base URL, but for what must be absolute."""
    one = build_output(tmp_path / "1", WORLD, base_url="https://one.example")
    two = build_output(tmp_path / "2", WORLD, base_url="https://two.example/deep/er")
    for path, data in tree(one).items():
        if path.endswith(".html") and path != "404.html":
            other = (two / path).read_text("utf-8").replace("two.example/deep/er", "one.example")
            assert data.decode() == other, path


# --- what pages say of themselves --------------------------------------------------------------


def metas(html: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def test_every_page_says_what_it_is(world: Path) -> None:
    """One title and one h1, a canonical address and Open Graph's four required properties
    (ogp.me: og:title, og:type, og:url; og:image only where there is a picture)."""
    titles: dict[str, str] = {}
    for address, page in pages_of(world / "output").items():
        if page.redirects_to:
            continue
        file = f"{address}index.html" if address.endswith("/") or not address else address
        html = read(world, file)
        said = metas(html)
        own = f"https://test.example/{address}"
        assert len(re.findall(r"<title>[^<]+</title>", html)) == 1, address
        assert len(re.findall(r"<h1[ >]", html)) == 1, address
        assert said["og:title"] and said["og:site_name"] == "Test"
        is_article = re.fullmatch(r"briefs/(?!page/)[^/]+/", address)
        assert said["og:type"] == ("article" if is_article else "website"), address
        assert said["og:url"] == own
        assert page.canonical == (None if page.is_hidden else own)
        title = re.search(r"<title>(.*?)</title>", html)
        assert title and title[1] not in titles, f"{address} and {titles.get(title[1])}"
        titles[title[1]] = address


def test_brief_in_open_graph(world: Path) -> None:
    said = metas(read(world, "briefs/third/index.html"))
    assert said["og:type"] == "article"
    assert said["og:title"] == "Codeium is bought"
    assert said["og:description"] == said["description"] == "It hires."
    assert said["og:locale"] == "en_GB"
    assert said["article:published_time"] == "2025-06-20T09:00:00+02:00"
    assert said["article:modified_time"] == "2025-06-21T10:00:00+02:00"


def test_news_article(world: Path) -> None:
    """schema.org/NewsArticle, with what Google's article documentation asks for: headline, dates
    in ISO 8601 with a zone, author and publisher with names."""
    made = linked_data(read(world, "briefs/first/index.html"))
    article = made["NewsArticle"]
    own = "https://test.example/briefs/first/"
    assert article["headline"] == "Scale AI loses Google"
    assert article["url"] == article["mainEntityOfPage"] == own
    assert article["identifier"] == "id-first"
    assert article["datePublished"] == article["dateModified"] == "2025-06-10T09:00:00+02:00"
    assert article["inLanguage"] == "en-GB"
    assert article["articleSection"] == "Deals"
    assert article["keywords"] == ["Data labelling", "Rare Thing"]
    assert article["author"] == {"@type": "Organization", "name": "The desk"}
    assert article["publisher"]["name"] == "Test"
    assert [(a["@type"], a["name"], a["url"]) for a in article["about"]] == [
        ("Organization", "Scale AI", "https://test.example/companies/scale-ai/"),
        ("Organization", "Google", "https://test.example/companies/google/"),
    ]
    assert [p["name"] for p in article["mentions"]] == ["Alexandr Wang", "Jason Droege"]


def test_citations(world: Path) -> None:
    """Every source is a `citation`; what reports by itself is what the brief `isBasedOn`."""
    article = linked_data(read(world, "briefs/first/index.html"))["NewsArticle"]
    names = [work["publisher"]["name"] for work in article["citation"]]
    assert names == ["Reuters", "Báo Dân trí", "Vietnam.vn"]
    assert [work["publisher"]["name"] for work in article["isBasedOn"]] == ["Reuters"]
    reuters = article["citation"][0]
    assert reuters["@type"] == "CreativeWork"
    assert reuters["name"] == "Google plans to leave Scale AI"
    assert reuters["url"] == "https://reuters.example/a?b=1&c=2"
    assert reuters["datePublished"] == "2025-06-13"
    assert article["citation"][1]["datePublished"] == "2025-06-14T14:39:00+07:00"
    assert "url" not in article["citation"][2], "what is not known is left out"


def test_linked_data_is_whole_everywhere(world: Path) -> None:
    """Every page's JSON-LD can be read, has absolute addresses and no empty value."""

    def walk(value: Any, where: str) -> None:
        if isinstance(value, dict):
            assert value.get("@type") or where == "", where
            for key, inner in value.items():
                assert inner not in ("", None, [], {}), f"{where}.{key} is empty"
                if key in ("url", "item", "mainEntityOfPage", "image", "sameAs"):
                    assert re.match(r"https?://", inner), f"{where}.{key}: {inner}"
                walk(inner, f"{where}.{key}")
        elif isinstance(value, list):
            for inner in value:
                walk(inner, where)

    seen = 0
    for path in sorted((world / "output").rglob("*.html")):
        for thing in linked_data(path.read_text("utf-8")).values():
            walk(thing, "")
            seen += 1
    assert seen > 20


def test_breadcrumbs(world: Path) -> None:
    """A BreadcrumbList whose positions count from 1 and whose last item is the page; the same way
    is shown."""
    for path, names in (
        ("briefs/first/", ["Home", "Deals", "Scale AI loses Google"]),
        ("briefs/fourth/", ["Home", "Google hires from Scale AI"]),
        ("companies/scale-ai/", ["Home", "Companies", "Scale AI"]),
        ("archive/2025/06/", ["Home", "Archive", "2025", "June 2025"]),
    ):
        html = read(world, f"{path}index.html")
        items = linked_data(html)["BreadcrumbList"]["itemListElement"]
        assert [item["position"] for item in items] == list(range(1, len(names) + 1))
        assert [item["name"] for item in items] == names
        assert items[-1]["item"] == f"https://test.example/{path}"
        if len(names) > 2:
            shown = re.search(r'(?s)<nav[^>]*aria-label="Breadcrumb".*?</nav>', html)
            assert shown and words(shown[0]).split() == " ".join(names[:-1]).split()


def test_text_that_would_end_a_script(tmp_path: Path) -> None:
    """`</script>` in a headline neither ends the JSON-LD nor begins anything."""
    title = "Scale AI </script><script>alert(1)</script> & co"
    build_output(tmp_path, brief("a", f"'{title}'", summary="'<!-- a note --> <script>'"))
    for path in ("briefs/a/index.html", "index.html", "briefs/index.html"):
        assert "<script>alert" not in read(tmp_path, path)
    made = linked_data(read(tmp_path, "briefs/a/index.html"))
    assert made["NewsArticle"]["headline"] == title


# --- a brief -----------------------------------------------------------------------------------


def test_chain_of_sources_in_words(world: Path) -> None:
    """Who reported it first, and how it came here: with language and role of each step."""
    page = words(read(world, "briefs/first/index.html"))
    assert "Reuters → Báo Dân trí (vi) → Vietnam.vn (machine translation, nl)" in page


@pytest.mark.parametrize(
    ("sources", "chain"),
    [
        ("[{id: a, publisher: AA}, {id: b, publisher: BB, role: relay, of: a}]", "AA → BB"),
        (
            "[{id: a, publisher: AA, lang: en}, {id: b, publisher: BB, lang: en-US, role: relay,"
            " of: a}]",
            "AA → BB",
        ),
        (
            "[{id: a, publisher: AA, lang: fr, role: filing}, {id: b, publisher: BB, lang: en,"
            " role: translation, of: a}]",
            "AA (filing, fr) → BB (translation, en)",
        ),
        (
            "[{id: a, publisher: AA}, {id: b, publisher: BB, role: syndication, of: a}]",
            "AA → BB (syndicated)",
        ),
    ],
)
def test_chain(sources: str, chain: str, tmp_path: Path) -> None:
    build_output(tmp_path, brief("a", sources=sources))
    page = read(tmp_path, "briefs/a/index.html")
    found = re.findall(r'(?s)<ol class="chain".*?</ol>', page)
    assert [words(each) for each in found] == [chain]


def test_two_who_relay_make_two_chains(tmp_path: Path) -> None:
    sources = (
        "[{id: a, publisher: AA}, {id: b, publisher: BB, role: relay, of: a},"
        " {id: c, publisher: CC, role: relay, of: b}, {id: d, publisher: DD, role: relay, of: a}]"
    )
    build_output(tmp_path, brief("a", sources=sources))
    page = words(read(tmp_path, "briefs/a/index.html"))
    assert page.index("AA → BB → CC") < page.index("AA → DD")


def test_parts_of_a_brief(world: Path) -> None:
    page = words(read(world, "briefs/first/index.html"))
    for text in (
        "It hires.", "8 June 2025", "10 June 2025", "Labs will not share.", "Some will.",
        "More to come.", "Reuters", "Jason Droege", "Rare Thing", "The desk",
    ):  # fmt: skip
        assert text in page, text
    html = read(world, "briefs/fourth/index.html")
    bare = words(html.partition("<main")[2].partition("</main>")[0])
    for heading in ("Why it matters", "Yes, but", "What’s next", "People", "Happened"):
        assert heading not in bare, heading


def test_references_between_briefs(world: Path) -> None:
    page = read(world, "briefs/second/index.html")
    assert '<a href="../../briefs/first/">Scale AI loses Google</a>' in page
    assert '<a href="../../briefs/first/">the first</a>' in page
    assert '<a href="../../companies/cognition/">Codeium</a>' in page


def test_files_of_a_plain_site() -> None:
    """The harness: the usual files are what these tests think they are."""
    assert set(files(USUAL)) == {
        "site.yaml", "content/companies/scale-ai.md", "content/companies/google.md",
        "content/companies/meta.md",
    }  # fmt: skip


def test_circle_of_mergers_is_reported(tmp_path: Path) -> None:
    company = "=== content/companies/{0}.md\n---\nname: {0}\nmerged_into: {1}\n---\n"
    text = company.format("aaa", "bbb") + company.format("bbb", "aaa") + company.format("cc", "cc")
    write_site(tmp_path, text + brief("a", "aaa hires", companies="[aaa, cc]"))
    assert {problem.code for problem in problems(tmp_path)} == {"company-circle"}


def test_time_alone_breaks_no_build(tmp_path: Path) -> None:
    """What an expired brief had brought along is left out with a warning, not an error."""
    old = brief(
        "old", expires="2025-06-20", redirects="[older]", topics="[Chips]", people="[J Doe]"
    )
    links = "[a](/briefs/older/) [b](/topics/chips/) [c](/people/j-doe/) [d](/briefs/old/?x=1)"
    write_site(tmp_path, old + brief("x", body=links))
    assert problems(tmp_path, now=at("2025-06-19T12:00")) == ()
    after = problems(tmp_path, now=at("2025-06-21T12:00"))
    assert [problem.code for problem in after] == ["link-unpublished"] * 4
    build_site(tmp_path, now=at("2025-06-21T12:00"))
    assert "briefs/old" not in read(tmp_path, "briefs/x/index.html")


def test_scheduled_brief_may_link_what_comes_with_it(tmp_path: Path) -> None:
    body = "[a](/topics/chips/) [b](/archive/2025/08/) [c](/briefs/x/)"
    write_site(tmp_path, brief("x", date="2025-08-01", topics="[Chips]", body=body))
    assert problems(tmp_path) == ()
