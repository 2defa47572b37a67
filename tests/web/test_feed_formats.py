"""Atom and JSON feeds, held to their specifications and read by readers; all formats agree.

RSS is in test_feeds.py."""

from __future__ import annotations

import html
import json
import mimetypes
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

import feedparser
import listparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.content.config import read_config
from builder.model.time import Moment
from builder.pages.feed import Feed
from builder.pages.page import Link, Page
from builder.pages.parts.feed_items import FeedItem
from builder.render.renderer import Renderer
from support.feed_rules import ATOM, wrong_with_atom, wrong_with_json
from support.sites import (
    USUAL,
    WORLD,
    brief,
    build_output,
    build_site,
    edit,
    picture,
    problems,
    read,
    write_site,
)

NAMES = ("feed.xml", "feed.atom", "feed.json")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RSS_ATOM = {"a": "http://www.w3.org/2005/Atom"}
NASTY = "Scale AI ]]> & <b>bold</b> 😀 &amp; “x” \\\\n <script>alert(1)</script>"
RICH = (
    WORLD
    + brief(
        "nasty",
        f"'{NASTY}'",
        f"{NASTY} `]]>` [deals](/deals/), [below](#more), [[brief:plain]].\n\n## More\n\nText.",
        date="2025-06-26 23:30 -11:00",
        summary=f"'{NASTY}'",
        why=f"'{NASTY}'",
        topics="['R&D <x>']",
        people="[Ada B]",
        section="labs",
        updated="2025-06-28 10:00",
        image="{file: sign.png, alt: 'A <sign> & “more”'}",
    )
    + brief("plain", "Google pays Meta", date="2025-06-27", companies="[Google, Meta]", lang="nl")
    + brief("old", "Meta pays", date="2025-06-01", companies="[Meta]",
            guid="https://old.example/?p=1&q=2",
            corrections="[{at: 2025-06-29 08:00, kind: factual, was: seven, now: eight}]")
    + brief("words", "Meta buys", date="2025-06-02", companies="[Meta]", guid='"story 7 & é"')
)  # fmt: skip


class Item(NamedTuple):
    """What every format says of an item."""

    id: str  # the same in all formats
    url: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    summary: str
    tags: tuple[str, ...]
    content: str


def of_rss(data: bytes) -> list[Item]:
    def item(found: ET.Element) -> Item:
        published = parsedate_to_datetime(found.findtext("pubDate", ""))
        updated = found.findtext("a:updated", "", RSS_ATOM)
        return Item(
            found.findtext("guid", ""),
            found.findtext("link", ""),
            found.findtext("title", ""),
            published,
            datetime.fromisoformat(updated) if updated else published,
            tuple(a.text or "" for a in found.iter("{http://purl.org/dc/elements/1.1/}creator")),
            html.unescape(found.findtext("description", "")),
            tuple(c.text or "" for c in found.findall("category")),
            found.findtext(CONTENT, ""),
        )

    return [*map(item, ET.fromstring(data).iterfind("channel/item"))]


def of_atom(data: bytes, ids: dict[str, str]) -> list[Item]:
    """Items of an Atom feed; `ids` has the guid of each identifier."""

    def item(found: ET.Element) -> Item:
        (link,) = (x for x in found.findall(f"{ATOM}link") if x.get("rel") == "alternate")
        return Item(
            ids[found.findtext(f"{ATOM}id", "")],
            link.get("href", ""),
            found.findtext(f"{ATOM}title", ""),
            datetime.fromisoformat(found.findtext(f"{ATOM}published", "")),
            datetime.fromisoformat(found.findtext(f"{ATOM}updated", "")),
            tuple(a.findtext(f"{ATOM}name", "") for a in found.findall(f"{ATOM}author")),
            found.findtext(f"{ATOM}summary", ""),
            tuple(c.get("term", "") for c in found.findall(f"{ATOM}category")),
            found.findtext(f"{ATOM}content", ""),
        )

    return [*map(item, ET.fromstring(data).iterfind(f"{ATOM}entry"))]


def of_json(data: bytes) -> list[Item]:
    return [
        Item(
            found["id"],
            found["url"],
            found["title"],
            datetime.fromisoformat(found["date_published"]),
            datetime.fromisoformat(found.get("date_modified", found["date_published"])),
            tuple(author["name"] for author in found["authors"]),
            found.get("summary", ""),
            tuple(found.get("tags", ())),
            found["content_html"],
        )
        for found in json.loads(data)["items"]
    ]


class Output(NamedTuple):
    """The output of a site."""

    folder: Path
    base: str  # with a slash at the end

    def feeds(self) -> Iterator[tuple[str, bytes, bytes, bytes]]:
        """Each feed: the path of its folder, and its bytes in all formats."""
        for rss in sorted(self.folder.rglob("feed.xml")):
            folder = rss.parent
            name = folder.relative_to(self.folder).as_posix()
            rest = ((folder / other).read_bytes() for other in NAMES[1:])
            yield ("" if name == "." else f"{name}/"), rss.read_bytes(), *rest


@pytest.fixture(scope="module", params=["real", "small", "below a path"])
def output(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Output:
    if request.param == "real":
        return Output(request.getfixturevalue("real_site"), request.getfixturevalue("base_url"))
    folder = tmp_path_factory.mktemp("formats")
    (folder / "content/media").mkdir(parents=True)
    (folder / "content/media/sign.png").write_bytes(picture(2, 1, 3))
    base = "https://test.example/" + ("news/" if request.param == "below a path" else "")
    return Output(build_output(folder, RICH, base_url=base.rstrip("/")), base)


# --- the formats ---------------------------------------------------------------------------------


def test_every_feed_has_every_format(output: Output) -> None:
    found = {path.parent for path in output.folder.rglob("feed.*")}
    assert len(found) > 10
    for folder in found:
        assert all((folder / name).is_file() for name in NAMES), folder
    parts = {path.relative_to(output.folder).parts[:1] for path in found}
    groups = {part for (part,) in filter(None, parts)}
    assert {"companies", "topics", "people", "sources", "labs", "digests"} <= groups
    assert "corrections" in groups or "test.example" not in output.base  # the real site has none


def test_pages_show_one_link_to_their_feed(output: Output) -> None:
    """Of authors, people, sections and publishers too; the heads name all formats."""
    for folder in (path.parent for path in output.folder.rglob("feed.xml")):
        if (folder / "404.html").is_file():
            continue  # the front page: /feeds/ is in every footer
        about = folder.parent if folder.name == "changes" else folder
        page = (about / "index.html").read_text("utf-8")
        if 'http-equiv="refresh"' in page:
            continue  # a former address, whose feed goes on
        shown = [(about / url).resolve() for url in re.findall(r'<a href="([^"]*feed\.xml)"', page)]
        assert shown.count((folder / "feed.xml").resolve()) == 1
        assert {*shown} <= {(about / part / "feed.xml").resolve() for part in (".", "changes")}


def test_atom_follows_its_rules(output: Output) -> None:
    """RFC 4287, by its schema."""
    for folder, _, atom, _ in output.feeds():
        assert [*wrong_with_atom(atom)] == [], folder


def test_json_follows_its_rules(output: Output) -> None:
    """JSON Feed 1.1."""
    for folder, _, _, feed in output.feeds():
        assert [*wrong_with_json(feed)] == [], folder


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda t: t.replace("<id>tag:", "<id>no iri "), "is not an IRI"),
        (lambda t: t.replace("<published>2", "<published>on 2"), "RFC 3339"),
        (lambda t: t.replace('rel="self"', 'rel="none"'), "rel=self"),
        (lambda t: re.sub("<title>.*?</title>", "", t, count=1), "0 of title"),
        (lambda t: t.replace("<entry>", "<entry><x/>"), "an element x"),
        (lambda t: re.sub("<author>.*?</author>", "", t), "has an author"),
    ],
)  # fmt: skip
def test_the_checker_of_atom_finds_mistakes(break_it, said: str, output: Output) -> None:  # type: ignore[no-untyped-def]
    text = (output.folder / "feed.atom").read_text("utf-8")
    broken = break_it(text)
    assert broken != text
    assert any(said in wrong for wrong in wrong_with_atom(broken.encode()))


def test_the_checker_of_json_finds_mistakes(output: Output) -> None:
    feed = json.loads((output.folder / "feed.json").read_bytes())
    first = feed["items"][0]
    first["id"], first["date_published"], first["more"] = 7, "today", True
    del first["content_html"], feed["title"]
    wrong = " | ".join(wrong_with_json(json.dumps(feed).encode()))
    for said in ("id: 7", "date_published: 'today'", "unknown more", "no content", "no title"):
        assert said in wrong


def test_formats_agree(output: Output) -> None:
    """The same items in the same order, each with the same identity, address, title, dates,
    authors, subjects and text."""
    for folder, rss, atom, feed in output.feeds():
        items = of_rss(rss)
        entries = ET.fromstring(atom).findall(f"{ATOM}entry")
        ids = {e.findtext(f"{ATOM}id", ""): i.id for e, i in zip(entries, items, strict=True)}
        assert len(ids) == len(items), f"{folder}: two entries with one id"
        assert items == of_atom(atom, ids) == of_json(feed), folder


def test_formats_name_the_same_page_and_themselves(output: Output) -> None:
    for folder, rss, atom, feed in output.feeds():
        channel, root, found = ET.fromstring(rss)[0], ET.fromstring(atom), json.loads(feed)
        links = {x.get("rel"): x.get("href") for x in root.findall(f"{ATOM}link")}
        assert links["self"] == f"{output.base}{folder}feed.atom"
        assert found["feed_url"] == f"{output.base}{folder}feed.json"
        assert channel.findtext("link") == links["alternate"] == found["home_page_url"]
        assert channel.findtext("title") == root.findtext(f"{ATOM}title") == found["title"]
        assert channel.findtext("description") == root.findtext(f"{ATOM}subtitle")
        assert channel.findtext("language") == found["language"]


def test_identifiers_of_atom(output: Output) -> None:
    """An identity that is an IRI is the identifier; another becomes a tag URI of this site, whose
    reserved characters are quoted (RFC 4151). It is the same in every feed with the item."""
    known: dict[str, str] = {}
    for _, rss, atom, _ in output.feeds():
        for item, entry in zip(of_rss(rss), ET.fromstring(atom).iter(f"{ATOM}entry"), strict=True):
            id_ = entry.findtext(f"{ATOM}id", "")
            assert known.setdefault(item.id, id_) == id_
    if "id-nasty" in known:
        assert known["id-nasty"] == "tag:test.example,2025:id-nasty"
        assert known["https://old.example/?p=1&q=2"] == "https://old.example/?p=1&q=2"
        assert known["story 7 & é"] == "tag:test.example,2025:story%207%20&%20%C3%A9"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=80))
@settings(max_examples=150)
def test_any_text_arrives_in_every_format(text: str) -> None:
    """Titles, names and texts as they are, whatever they contain."""
    at = Moment(datetime(2025, 6, 1, 9, tzinfo=UTC), "minute")
    item = FeedItem(
        title=text or "-", url="https://t.example/a/", guid=text or "-", id="tag:t.example,2025:a",
        published=at, updated=at, authors=(Link(text or "-", ""),), categories=(text or "-",),
        lang="en", summary=text, body=f"<p>{html.escape(text)}</p>",
    )  # fmt: skip
    feed = Feed(
        title=text or "-", url="https://t.example/", id="tag:t.example,2025:/", rss="https://t.example/feed.xml",
        atom="https://t.example/feed.atom", json="https://t.example/feed.json", hub="",
        description=text or "-", language="en", author=text or "-", copyright=text,
        base_url="https://t.example", root_url="https://t.example", built=at, items=(item,),
    )  # fmt: skip
    data = {name: renderer().render(Page(f"/{name}", name, feed)) for name in NAMES}
    assert all(isinstance(found, bytes) for found in data.values())
    rss, atom, found = (data[name] for name in NAMES)
    assert isinstance(rss, bytes) and isinstance(atom, bytes) and isinstance(found, bytes)
    (one,), (same,) = of_json(found), of_atom(atom, {item.id: item.guid})
    assert one.title == one.id == one.authors[0] == one.tags[0] == (text or "-")
    if text.strip() == text:  # XML parsers may fold blanks at the ends of nothing here
        assert one == same == of_rss(rss)[0]


_RENDERER: list[Renderer] = []


def renderer() -> Renderer:
    if not _RENDERER:
        import tempfile

        folder = write_site(Path(tempfile.mkdtemp()))
        config = read_config(folder)
        _RENDERER.append(Renderer(folder, config.settings, config.base_path))
    return _RENDERER[0]


# --- readers -------------------------------------------------------------------------------------


def test_readers_read_all_formats_equally(output: Output) -> None:
    """The library `reader` and feedparser find the same in each format."""
    from reader import make_reader

    mimetypes.add_type("application/atom+xml", ".atom")
    mimetypes.add_type("application/feed+json", ".json")
    reader = make_reader(":memory:", feed_root=str(output.folder))
    own = ["corrections/", "companies/meta/"] if "test.example" in output.base else []
    folders = ["", *own]
    for name in (f"{folder}{name}" for folder in folders for name in NAMES):
        reader.add_feed(name)
    reader.update_feeds()
    for folder in folders:
        found = []
        for name in NAMES:
            feed = reader.get_feed(f"{folder}{name}")
            assert feed.last_exception is None, feed.last_exception
            entries = [*reader.get_entries(feed=feed, sort="recent")]
            assert feed.link == f"{output.base}{folder}"
            found.append(
                sorted(
                    (e.link, e.title, e.published, e.updated or e.published, e.authors_str,
                     html.unescape(re.sub("<[^>]*>", "", e.get_content().value)).split())
                    for e in entries
                )
            )  # fmt: skip
        assert found[0] == found[1] == found[2]
    for folder, _, atom, _ in output.feeds():
        parsed = feedparser.parse(atom, response_headers={"content-type": "application/atom+xml"})
        assert not parsed.bozo and parsed.version == "atom10", folder


# --- OPML ----------------------------------------------------------------------------------------


def test_a_reader_imports_all_feeds(output: Output) -> None:
    """OPML 2.0: every feed once, at an address that exists, in groups."""
    lists = [listparser.parse(p.read_bytes()) for p in sorted(output.folder.rglob("all.opml"))]
    assert not any(parsed.bozo for parsed in lists)  # one for each edition
    imported = [feed.url for parsed in lists for feed in parsed.feeds]
    parsed = lists[0]
    assert len(imported) == len({*imported})
    assert all(feed.title for parsed in lists for feed in parsed.feeds)
    redirects = {
        path.parent.relative_to(output.folder).as_posix()
        for path in output.folder.rglob("index.html")
        if b'http-equiv="refresh"' in path.read_bytes()[:2000]
    }
    wanted = {
        f"{output.base}{folder}feed.xml"
        for folder, *_ in output.feeds()
        if folder.rstrip("/") not in redirects
    }
    assert {*imported} == wanted
    groups = {tuple(feed.categories[0]) for feed in parsed.feeds if feed.categories}
    assert {("By company",), ("By topic",), ("By source",)} <= groups


# --- settings ------------------------------------------------------------------------------------


def with_settings(folder: Path, lines: str, text: str = RICH) -> Path:
    (folder / "content/media").mkdir(parents=True, exist_ok=True)
    (folder / "content/media/sign.png").write_bytes(picture(2, 1, 3))
    site = write_site(folder, text)
    edit(site / "site.yaml", "title: Test\n", f"title: Test\n{lines}")
    return site


ALTERNATE = r'rel="alternate" type="(application/[^"]*)" title="([^"]*)" href="([^"]*)"'


def test_a_site_may_choose_its_formats(tmp_path: Path) -> None:
    site = with_settings(tmp_path, "feeds: {formats: [json, atom]}\n")
    build_site(site)
    assert {p.name for p in (site / "output").rglob("feed.*")} == {"feed.atom", "feed.json"}
    head = read(site, "companies/meta/index.html").partition("</head>")[0]
    assert re.findall(ALTERNATE, head) == [
        ("application/feed+json", "Meta: coverage", "../../companies/meta/feed.json"),
        ("application/atom+xml", "Meta: coverage", "../../companies/meta/feed.atom"),
        (
            "application/feed+json",
            "Meta: changes of facts",
            "../../companies/meta/changes/feed.json",
        ),
        ("application/feed+json", "Test", "../../feed.json"),
    ]
    assert "JSON feed of Meta" in read(site, "companies/meta/index.html")
    assert listparser.parse(read(site, "feeds/all.opml")).feeds[0].url.endswith("/feed.json")
    assert [*wrong_with_atom((site / "output/feed.atom").read_bytes())] == []


def test_heads_are_not_flooded(tmp_path: Path) -> None:
    """A page names its own feed in every format, and that of the site in one."""
    site = with_settings(tmp_path, "")
    build_site(site)
    own = ("companies/meta/", "labs/", "people/ada-b/", "sources/reuters/")
    for page, number in {"": 3, "briefs/plain/": 1, "archive/": 1, **dict.fromkeys(own, 4)}.items():
        number += page == "companies/meta/"  # and the feed of what changed about it, in one
        head = read(site, f"{page}index.html").partition("</head>")[0]
        assert head.count('rel="alternate" type="application/') == number, page


def test_identifiers_survive_a_new_domain(tmp_path: Path) -> None:
    def ids(folder: Path) -> list[str | None]:
        root = ET.fromstring((folder / "output/feed.atom").read_bytes())
        return [e.text for e in root.iter(f"{ATOM}id")]

    before = with_settings(tmp_path / "a", "")
    build_site(before)
    after = with_settings(tmp_path / "b", "feeds: {ids: 'test.example,2025'}\n")
    build_site(after, base_url="https://www.new.example/news")
    assert ids(before) == ids(after)
    assert "new.example/news/feed.atom" in read(after, "feed.atom")
    build_site(before, base_url="https://test.example/news")  # not the site at its root
    assert ids(before)[0] == "tag:test.example,2025:/news/"


def test_every_format_names_the_hub(tmp_path: Path) -> None:
    """WebSub: subscribers find the hub in the feed; a target may still name it."""
    target = "deploy: {live: {kind: folder, to: www, hub: 'https://hub.example/'}}\n"
    for n, lines in enumerate(("hub: https://hub.example/\n", target)):
        site = with_settings(tmp_path / str(n), lines)
        build_site(site)
        assert '<atom:link href="https://hub.example/" rel="hub"/>' in read(site, "feed.xml")
        assert '<link rel="hub" href="https://hub.example/"/>' in read(site, "feed.atom")
        hubs = json.loads(read(site, "labs/feed.json"))["hubs"]
        assert hubs == [{"type": "WebSub", "url": "https://hub.example/"}]
        for name, check in (("feed.atom", wrong_with_atom), ("feed.json", wrong_with_json)):
            assert [*check((site / "output" / name).read_bytes())] == []


def test_feeds_of_a_site_without_briefs(tmp_path: Path) -> None:
    output = build_output(tmp_path)
    assert [*wrong_with_atom((output / "feed.atom").read_bytes())] == []
    assert [*wrong_with_json((output / "feed.json").read_bytes())] == []


def test_budget_holds_in_every_format(tmp_path: Path) -> None:
    """JSON has a backslash before each quotation mark; the budget counts it."""
    body = 'Say "so" to [Google](/briefs/b0/) and [Meta](/briefs/b0/).\n\n' * 300
    text = "".join(brief(f"b{n}", date=f"2025-06-{n + 1:02}", body=body) for n in range(9))
    output = build_output(tmp_path, USUAL.replace("language:", "feed_size: 200\nlanguage:") + text)
    for name in NAMES:
        assert 100_000 < (output / name).stat().st_size < 200 * 1024, name


# --- pictures, updates, former addresses ---------------------------------------------------------


def test_pictures_are_enclosures(tmp_path: Path) -> None:
    """With the size of the file in bytes, which RSS demands, and its type."""
    site = with_settings(tmp_path, "")
    build_site(site)
    url, size = (
        "https://test.example/media/sign.png",
        (site / "content/media/sign.png").stat().st_size,
    )
    rss = ET.fromstring(read(site, "labs/feed.xml"))
    assert [e.attrib for e in rss.iter("enclosure")] == [
        {"url": url, "length": str(size), "type": "image/png"}
    ]
    atom = ET.fromstring(read(site, "labs/feed.atom"))
    (link,) = (x for x in atom.iter(f"{ATOM}link") if x.get("rel") == "enclosure")
    assert (link.get("href"), link.get("type"), link.get("length")) == (url, "image/png", str(size))
    found = json.loads(read(site, "labs/feed.json"))["items"]
    (item,) = (one for one in found if "image" in one)
    assert item["image"] == url
    assert item["attachments"][0]["size_in_bytes"] == size


def test_updates_and_corrections_have_their_time(tmp_path: Path) -> None:
    site = with_settings(tmp_path, "")
    build_site(site)
    items = {item.id: item for item in of_json((site / "output/feed.json").read_bytes())}
    assert items["id-nasty"].updated.isoformat() == "2025-06-28T10:00:00+02:00"
    assert items["https://old.example/?p=1&q=2"].updated.isoformat() == "2025-06-29T08:00:00+02:00"
    assert items["id-plain"].updated == items["id-plain"].published
    feed = ET.fromstring((site / "output/feed.atom").read_bytes())
    assert feed.findtext(f"{ATOM}updated") == "2025-06-29T08:00:00+02:00"


MOVED = (
    "moved:\n  - {from: /atom.xml, to: /feed.atom}\n  - {from: /old.json, to: /labs/feed.json}\n"
    "  - {from: /corrections.xml, to: /corrections/feed.xml}\n"
)


def test_former_feeds_go_on_in_their_format(tmp_path: Path) -> None:
    """A company's former address has all formats, and site.yaml may lead one file to one format."""
    site = with_settings(tmp_path, MOVED)
    assert not [p for p in problems(site) if p.severity == "error"]
    build_site(site)
    for old, new in {
        "companies/facebook/feed.atom": "companies/meta/feed.atom",
        "companies/facebook/feed.json": "companies/meta/feed.json",
        "atom.xml": "feed.atom",
        "old.json": "labs/feed.json",
        "corrections.xml": "corrections/feed.xml",
    }.items():
        before, after = read(site, old), read(site, new)
        assert before != after
        assert before.replace(f"/{old}", f"/{new}") == after, old


# --- once for all --------------------------------------------------------------------------------


def test_an_item_is_rendered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for each feed and format that has it."""
    from builder.render.once import RenderedParts

    rendered: list[tuple[str, str]] = []
    whole = RenderedParts.text

    def text(self, context, key):  # type: ignore[no-untyped-def]
        if key not in self._texts:
            rendered.append((key[1].name, key[2].title))
        return whole(self, context, key)

    monkeypatch.setattr(RenderedParts, "text", text)
    site = with_settings(tmp_path, "")
    build_site(site)
    items = [title for macro, title in rendered if macro == "html"]
    assert items.count("Google pays Meta") == 1
    assert len(items) == len({*items}), items


def test_a_change_of_the_item_reaches_all_feeds(tmp_path: Path) -> None:
    """The template of an item is part of each feed, in every format."""
    site = with_settings(tmp_path, "")
    build_site(site)
    from support.tools import REPOSITORY

    part = (REPOSITORY / "templates/parts/feed-item.html").read_text("utf-8")
    own = site / "templates/parts/feed-item.html"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(part.replace("Why it matters:", "Why:"), "utf-8")
    result = build_site(site)
    feeds = {
        f"/{p.relative_to(site / 'output').as_posix()}" for p in (site / "output").rglob("feed.*")
    }
    assert {stale.url for stale in result.rendered} == feeds
    for name in NAMES:
        assert "Why:" in read(site, f"labs/{name}")
        assert "Why it matters" not in read(site, f"labs/{name}")
