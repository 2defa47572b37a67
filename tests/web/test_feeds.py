"""Feeds, sitemap and robots.txt, held to their specifications: one test for each rule.

Sources: the RSS 2.0 specification and the RSS best practices profile of the RSS Advisory Board
(rssboard.org/rss-specification, rssboard.org/rss-profile), the W3C feed validator's messages
(validator.w3.org/feed/docs/), the sitemap protocol (sitemaps.org), RFC 9309."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from babel import Locale

from builder.render.environment import FILTERS
from support.pages import pages_of
from support.sites import (
    NOW,
    USUAL,
    WORLD,
    brief,
    build_output,
    build_site,
    picture,
    problems,
    read,
    tree,
    write_site,
)
from support.tools import as_lines

ATOM = "{http://www.w3.org/2005/Atom}"
# Feeds whose items are facts, several of which may be from one brief.
FACTS = ("/changes/feed.xml", "expected/feed.xml")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

NASTY = "Scale AI ]]> & <b>bold</b> 😀 &amp; “x” <script>alert(1)</script>"
BODY = """\
## A heading

Scale AI ]]> & <script>alert(1)</script> `]]>` and `<style>` 😀[^1], see [deals](/deals/),
[below](#a-heading), [[brief:plain]],
[there](https://x.example/?a=1&b=2), [mail](mailto:a@b.example).

<div style="color: red" onclick="x()">Raw</div>

![A sign](/media/sign.png)

| a | b |
|---|---|
| 1 | 2 |

[^1]: A note with ]]> in it.
"""
PICTURE = picture(2, 1, 3)
SMALL = (
    WORLD
    + brief(
        "nasty",
        f"'{NASTY}'",
        BODY,
        date="2025-06-26 23:30 -11:00",
        summary=f"'{NASTY}'",
        why=f"'{NASTY}'",
        yes_but=f"['{NASTY}']",
        whats_next=f"['{NASTY}']",
        sources="[{id: a, publisher: 'A & <B>', url: 'https://x.example/?a=1&b=2'}]",
        topics="['R&D <x>']",
        section="labs",
        updated="2025-06-28 10:00",
    )
    + brief("plain", "Google pays Meta", date="2025-06-27", companies="[Google, Meta]")
    + "=== content/companies/amp.md\n---\nid: ampe2222\nname: 'A&B <Co> ]]>'\n---\n"
    + brief("amp", "A&B <Co> ]]> opens", companies="['A&B <Co> ]]>']", date="2025-06-28")
)


class Feed(NamedTuple):
    """A feed as built: its path, its address, and its parsed parts."""

    path: str
    address: str
    data: bytes
    channel: ET.Element
    items: list[ET.Element]


class Feeds(NamedTuple):
    """Every feed of a site."""

    output: Path
    base: str  # with a slash at the end
    all: list[Feed]


def feeds_of(output: Path, base: str) -> Feeds:
    found = []
    for path in sorted(output.rglob("feed.xml")):
        name = path.relative_to(output).as_posix()
        data = path.read_bytes()
        root = ET.fromstring(data)
        (channel,) = root
        found.append(Feed(name, base + name, data, channel, channel.findall("item")))
    return Feeds(output, base, found)


@pytest.fixture(scope="module", params=["real", "small", "below a path"])
def feeds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Feeds:
    """The feeds of the real site, and of a small one with everything that could break a feed."""
    if request.param == "real":
        base = request.getfixturevalue("base_url")
        return feeds_of(request.getfixturevalue("real_site"), base)
    folder = tmp_path_factory.mktemp("feeds")
    picture = folder / "content" / "media" / "sign.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(PICTURE)
    base = "https://test.example/" + ("news/" if request.param == "below a path" else "")
    return feeds_of(build_output(folder, SMALL, base_url=base.rstrip("/")), base)


def text(element: ET.Element, name: str) -> str:
    """The text of the one child of that name."""
    (child,) = element.findall(name)
    return child.text or ""


def when(value: str) -> datetime:
    return parsedate_to_datetime(value)


def each(feeds: Feeds) -> Iterator[tuple[str, ET.Element]]:
    """Every item with the path of its feed."""
    for feed in feeds.all:
        yield from ((feed.path, item) for item in feed.items)


class _Html(HTMLParser):
    """Elements and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    return _Html(html).found


# --- the file ----------------------------------------------------------------------------------


def test_there_are_feeds(feeds: Feeds) -> None:
    """Of the site, of companies and of topics; each has items."""
    paths = {feed.path for feed in feeds.all}
    assert "feed.xml" in paths
    assert any(path.startswith("companies/") for path in paths)
    assert any(path.startswith("topics/") for path in paths)
    assert all(feed.items for feed in feeds.all)


TYPE = "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize("content_type", [TYPE, "application/xml", "text/xml; charset=utf-8", ""])
def test_feedparser_reads_it(feeds: Feeds, content_type: str) -> None:
    """A reader finds nothing wrong (`bozo`), whatever of the usual types the server says.

    All feeds are of one type, and the longest of the other types too."""
    headers = {"content-type": content_type} if content_type else {}
    longest = max(feeds.all, key=lambda feed: len(feed.data))
    for feed in feeds.all if content_type == TYPE else [longest]:
        parsed = feedparser.parse(feed.data, response_headers=headers)
        wrong = parsed.get("bozo_exception")
        # A reader notes a missing type; that is the server's fault, not the feed's.
        assert not parsed.bozo or isinstance(wrong, feedparser.NonXMLContentType), feed.path
        assert parsed.version == "rss20"
        assert len(parsed.entries) == len(feed.items)


def test_file_says_its_encoding(feeds: Feeds) -> None:
    """XML 1.0, 4.3.3: without a transport's word a parser goes by the declaration; no byte order
    mark or blank stands before it."""
    for feed in feeds.all:
        assert feed.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
        feed.data.decode("utf-8")


def test_root_is_rss_2(feeds: Feeds) -> None:
    """RSS 2.0: "At the top level, a RSS document is a <rss> element, with a mandatory attribute
    called version ... Subordinate to the <rss> element is a single <channel> element"."""
    for feed in feeds.all:
        root = ET.fromstring(feed.data)
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        assert [child.tag for child in root] == ["channel"]


def test_namespaces_are_declared(feeds: Feeds) -> None:
    """RSS 2.0, Extending RSS: "A RSS feed may contain elements and attributes not described on
    this page, only if those elements and attributes are defined in a namespace"."""
    known = {
        "title", "link", "description", "language", "copyright", "lastBuildDate", "generator",
        "docs", "item", "guid", "pubDate", "category", "image", "url", "ttl", "enclosure",
    }  # fmt: skip
    for feed in feeds.all:
        for element in feed.channel.iter():
            if not element.tag.startswith("{"):
                assert element.tag in known | {"channel"}, f"{feed.path}: <{element.tag}>"
        for prefix in re.findall(rb"<(\w+):", feed.data.partition(b"<![CDATA[")[0]):
            assert b"xmlns:" + prefix + b"=" in feed.data


# --- the channel -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["title", "link", "description"])
def test_channel_has_required_element(feeds: Feeds, name: str) -> None:
    """RSS 2.0: "Here's a list of the required channel elements": title, link, description."""
    for feed in feeds.all:
        assert text(feed.channel, name).strip(), feed.path


def test_channel_elements_stand_once(feeds: Feeds) -> None:
    """RSS profile: "A channel MUST NOT contain more than one of" any but category, item and the
    elements of namespaces (W3C: DuplicateElement)."""
    for feed in feeds.all:
        for parent in (feed.channel, *feed.items):
            tags = [child.tag for child in parent if child.tag not in ("item", "category")]
            assert len(tags) == len(set(tags)), feed.path


def test_channel_link_is_the_page(feeds: Feeds) -> None:
    """RSS 2.0, link: "The URL to the HTML website corresponding to the channel"."""
    pages = pages_of(feeds.output)
    for feed in feeds.all:
        link = text(feed.channel, "link")
        assert link.startswith(feeds.base)
        page = pages[link.removeprefix(feeds.base)]
        assert page.redirects_to is None, feed.path


def test_language_is_known(feeds: Feeds) -> None:
    """RSS 2.0, language: "You may also use values defined by the W3C", that is BCP 47 (W3C:
    InvalidLanguage)."""
    for feed in feeds.all:
        language = text(feed.channel, "language")
        assert re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2}|-[A-Z][a-z]{3})*", language)
        assert Locale.parse(language, sep="-").english_name


def test_titles_of_feeds_differ(feeds: Feeds) -> None:
    """A reader that follows two feeds tells them apart; a company's former address has the same
    feed under it."""
    links: dict[str, str] = {}
    for feed in feeds.all:
        title, link = text(feed.channel, "title"), text(feed.channel, "link")
        assert links.setdefault(title, link) == link


def test_docs_and_generator(feeds: Feeds) -> None:
    """RSS 2.0, docs: "A URL that points to the documentation for the format"."""
    for feed in feeds.all:
        assert text(feed.channel, "docs") == "https://www.rssboard.org/rss-specification"
        assert text(feed.channel, "generator") == "Slugline"


def test_self_link(feeds: Feeds) -> None:
    """RSS profile, atom:link: "a feed SHOULD contain an atom:link used for this purpose" with
    rel="self", and the feed's own address (W3C: MissingSelf, SelfDoesntMatchLocation)."""
    for feed in feeds.all:
        (link,) = feed.channel.findall(f"{ATOM}link")
        assert link.get("rel") == "self"
        assert link.get("type") == "application/rss+xml"
        assert link.get("href") == feed.address


# --- dates -------------------------------------------------------------------------------------

RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}"
)


def dates(feeds: Feeds) -> Iterator[tuple[str, str]]:
    for feed in feeds.all:
        for element in feed.channel.iter():
            if element.tag in ("pubDate", "lastBuildDate"):
                yield feed.path, element.text or ""


def test_dates_are_rfc_822(feeds: Feeds) -> None:
    """RSS 2.0: "All date-times in RSS conform to the Date and Time Specification of RFC 822, with
    the exception that the year may be expressed with two characters or four characters (four
    preferred)" (W3C: InvalidRFC2822Date)."""
    found = list(dates(feeds))
    assert found
    assert not [pair for pair in found if not RFC_822.fullmatch(pair[1])]


def test_day_of_the_week_is_right(feeds: Feeds) -> None:
    """RFC 822, 5.2: "If included, day-of-week must be the day implied by the date specification"
    (W3C: IncorrectDOW)."""
    for path, value in dates(feeds):
        assert value[:3] == when(value).strftime("%a"), f"{path}: {value}"


def test_dates_are_past(feeds: Feeds) -> None:
    """RSS 2.0, pubDate: "If it's a date in the future, aggregators may choose to not display the
    item until that date". Nothing of the future is in a feed."""
    limit = datetime.now(NOW.tzinfo)
    assert not [pair for pair in dates(feeds) if when(pair[1]) > limit]


def test_last_build_date_is_not_older_than_the_newest_item(feeds: Feeds) -> None:
    """RSS 2.0, lastBuildDate: "The last time the content of the channel changed"."""
    for feed in feeds.all:
        newest = max(when(text(item, "pubDate")) for item in feed.items)
        assert when(text(feed.channel, "lastBuildDate")) >= newest, feed.path


def test_last_build_date_follows_an_update(tmp_path: Path) -> None:
    """... and it changed when an item was updated; not when the site was built."""
    briefs = brief("a", date="2025-06-10", updated="2025-06-20 08:00") + brief("b")
    for moment in (NOW, NOW.replace(month=8)):
        output = build_output(tmp_path, briefs, now=moment)
        channel = feeds_of(output, "https://test.example/").all[-1].channel
        assert text(channel, "lastBuildDate") == "Fri, 20 Jun 2025 08:00:00 +0200"


def test_update_in_the_future_is_not_shown_yet(tmp_path: Path) -> None:
    """A feed that says it changed tomorrow is not believed."""
    write_site(tmp_path, brief("a", updated="2025-12-01"))
    if any(d.severity == "error" for d in build_site(tmp_path).problems):
        return
    channel = feeds_of(tmp_path / "output", "https://test.example/").all[-1].channel
    assert when(text(channel, "lastBuildDate")) <= NOW


# --- items -------------------------------------------------------------------------------------


def test_item_has_title_or_description(feeds: Feeds) -> None:
    """RSS 2.0, item: "All elements of an item are optional, however at least one of title or
    description must be present". Here each has a title."""
    assert not [path for path, item in each(feeds) if not text(item, "title").strip()]


def test_guid_is_no_permalink(feeds: Feeds) -> None:
    """RSS 2.0, guid: "If the guid element has an attribute named isPermaLink with a value of true,
    the reader may assume that it is a permalink ... isPermaLink is optional, its default value is
    true". An id that is no address says false (W3C: InvalidPermalink)."""
    for path, item in each(feeds):
        (guid,) = item.findall("guid")
        assert guid.get("isPermaLink") == "false", path
        assert re.fullmatch(r"\S+", guid.text or ""), path


def test_guid_is_unique(feeds: Feeds) -> None:
    """RSS 2.0, guid: "A string that uniquely identifies the item" (W3C: DuplicateIds); the same
    story has the same one in every feed."""
    owners: dict[str, str] = {}
    for feed in feeds.all:
        guids = [text(item, "guid") for item in feed.items]
        assert len(guids) == len(set(guids)), feed.path
        for item in feed.items:
            link = text(item, "link")
            assert owners.setdefault(text(item, "guid"), link) == link


def without_id(slug: str, more: str = "") -> str:
    return brief(slug).replace(f"id: id-{slug}\n", more)


def test_guid_of_a_brief_without_id_is_not_another_ones(tmp_path: Path) -> None:
    """A brief that has no id is known by its file; that must not be another brief's id."""
    write_site(tmp_path, without_id("abcd1234") + brief("other", id="abcd1234"))
    if any(d.severity == "error" for d in problems(tmp_path)):
        return
    build_site(tmp_path)
    feed = feeds_of(tmp_path / "output", "https://test.example/").all[-1]
    guids = [text(item, "guid") for item in feed.items]
    assert len(guids) == len(set(guids)) == 2


def guids(folder: Path, content: str, **more: object) -> dict[str, str]:
    """By the path of each feed: the guids in it."""
    output = build_output(folder, content, **more)
    return {
        feed.path: " ".join(text(item, "guid") for item in feed.items)
        for feed in feeds_of(output, "").all
    }


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Scale AI hires many"},
        {"slug": "another-address"},
        {"updated": "2025-06-20"},
        {"summary": "Else."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_guid_is_stable(change: dict[str, str], tmp_path: Path) -> None:
    """RSS profile, guid: "a publisher SHOULD NOT change" it. A changed title, slug or text does not
    announce the story anew."""
    before = guids(tmp_path / "1", brief("a"))
    assert before["feed.xml"] == "id-a"
    slug = change.get("slug", "a")
    after = brief("a", **{k: v for k, v in change.items() if k != "slug"})
    after = after.replace("id: id-a\n", f"id: id-a\nslug: {slug}\n")
    assert guids(tmp_path / "2", after) == before


def test_guid_is_stable_when_the_site_moves(tmp_path: Path) -> None:
    before = guids(tmp_path / "1", brief("a"))
    assert guids(tmp_path / "2", brief("a"), base_url="https://new.example/deep") == before


def test_guid_without_id_is_the_files_name(tmp_path: Path) -> None:
    """The design: without an id "the file's stem serves"; a new slug does not announce it anew."""
    plain, slugged = without_id("a-stem"), without_id("a-stem", "slug: else\n")
    assert guids(tmp_path / "1", plain)["feed.xml"] == "a-stem"
    assert guids(tmp_path / "2", slugged)["feed.xml"] == "a-stem"


def test_no_duplicate_item(feeds: Feeds) -> None:
    """W3C: DuplicateItem: "Two entries with the same" address or content."""
    for feed in feeds.all:
        # Changes of several facts that one brief made known lead to it.
        name = "title" if feed.path.endswith(FACTS) else "link"
        links = [text(item, name) for item in feed.items]
        assert len(links) == len(set(links)), feed.path


def test_items_are_newest_first(feeds: Feeds) -> None:
    """RSS profile: readers show items in the feed's order, or by date: they are the same here."""
    for feed in feeds.all:
        moments = [when(text(item, "pubDate")) for item in feed.items]
        assert moments == sorted(moments, reverse=True), feed.path


def test_number_of_items_is_limited(tmp_path: Path) -> None:
    """`feed_items` of site.yaml: the newest so many, in each feed."""
    site = USUAL.replace("author: desk\n", "author: desk\nfeed_items: 3\n")
    text_ = "".join(brief(f"b{n}", date=f"2025-06-{n + 1:02}", topics="[T]") for n in range(5))
    for feed in feeds_of(build_output(tmp_path, site + text_), "").all:
        if feed.path == "digests/feed.xml":
            continue  # of weeks
        assert [text(item, "guid") for item in feed.items] == ["id-b4", "id-b3", "id-b2"]


def test_creator_and_no_author(feeds: Feeds) -> None:
    """RSS 2.0, author is "Email address of the author"; the profile: a feed "published by an
    individual ... SHOULD use dc:creator" where there is none (W3C: InvalidContact)."""
    for path, item in each(feeds):
        assert text(item, CREATOR).strip(), path
        assert not item.findall("author")
    for feed in feeds.all:
        assert not {"managingEditor", "webMaster"} & {child.tag for child in feed.channel}


def test_description_is_plain_and_before_the_full_text(feeds: Feeds) -> None:
    """RSS profile, content:encoded: "description ... SHOULD contain a summary", "and SHOULD precede
    content:encoded". It has no markup of its own."""
    for path, item in each(feeds):
        tags = [child.tag for child in item]
        assert tags.count(CONTENT) == 1, path
        if "description" in tags:
            assert tags.index("description") < tags.index(CONTENT)
            assert "<" not in text(item, "description")


def test_description_is_html(tmp_path: Path) -> None:
    """RSS profile: an item's description is "suitable for presentation as HTML"; other elements
    have plain text, in which "&" and "<" are hexadecimal references."""
    said = "Leaked <think> tags & AT&amp;T"
    output = build_output(tmp_path, brief("a", f"'Scale AI: {said}'", summary=f"'{said}'"))
    (entry,) = feedparser.parse(read(tmp_path, "feed.xml")).entries
    assert unescape(entry.summary) == said  # feedparser would drop a tag that it did not know
    feed = next(f for f in feeds_of(output, "").all if f.path == "feed.xml")
    (item,) = feed.items
    assert text(item, "title") == f"Scale AI: {said}"
    assert (
        b"<title>Scale AI: Leaked &#x3C;think&#x3E; tags &#x26; AT&#x26;amp;T</title>" in feed.data
    )


def test_lead_picture(tmp_path: Path) -> None:
    """Media RSS 1.5: media:content with its description and credit; and the text begins with it."""
    (tmp_path / "content/media").mkdir(parents=True)
    (tmp_path / "content/media/a b.png").write_bytes(picture(3, 1))
    image = "{file: a b.png, alt: 'A <sign>', caption: 'The \"sign\"', credit: R & D}"
    build_output(tmp_path, brief("a", image=image), base_url="https://test.example/news")
    (entry,) = feedparser.parse(read(tmp_path, "feed.xml")).entries
    url = "https://test.example/news/media/a%20b.png"
    size = str((tmp_path / "output/media/a b.png").stat().st_size)
    found = {"url": url, "medium": "image", "type": "image/png", "width": "3", "height": "2"}
    found["filesize"] = size
    assert entry.media_content == [found]
    assert entry.media_credit[0]["content"] == "R & D"
    (item,) = ET.fromstring(read(tmp_path, "feed.xml"))[0].findall("item")
    (media,) = item.findall(f"{MEDIA}content")
    assert media.findtext(f"{MEDIA}description") == "The “sign”"
    (shown, *_) = elements(text(item, CONTENT).strip().removeprefix("<figure>"))
    assert shown == ("img", {"src": url, "alt": "A <sign>", "width": "3", "height": "2"})
    assert "<figcaption>The “sign” Picture: R &amp; D</figcaption>" in text(item, CONTENT)


def test_budget(tmp_path: Path) -> None:
    """`feed_size`: whole texts, newest first, while they fit; of older ones standfirst and link."""
    base_url = "https://a-long-name.example/news"
    site = USUAL.replace("author: desk\n", "author: desk\nfeed_size: 100\n")
    words = "[Google](/briefs/b0/) [[Meta]] *hires* “x” & say 12 of 数据, ‘yes’. " * 200
    briefs = [
        brief(f"b{n}", date=f"2025-06-{n + 1:02}", body=words if n != 1 else "Short.",
              topics="[T]", corrections=f"[{{at: 2025-06-28, kind: factual, now: N{n}}}]",
              author="desk", section="labs", people="[Ada B]")
        for n in range(6)
    ]  # fmt: skip
    long = f"{words}\n\n" * 4
    digest = f"=== content/digests/2025-w22.md\n---\ntitle: W\nsummary: S.\n---\n{long}"
    output = build_output(tmp_path, site + "".join(briefs) + digest, base_url=base_url)
    whole = re.compile("hires</em>|Short")
    for feed in feeds_of(output, f"{base_url}/").all:
        assert len(feed.data) < 100 * 1024, feed.path
        if feed.path == "corrections/feed.xml":
            continue
        if feed.path == "digests/feed.xml":
            shown = {"digest-2025-w22": False}
        else:
            # The short text of `b1` would fit, but older texts do not follow shortened ones.
            shown = {"id-b5": True, "id-b4": True, **{f"id-b{n}": False for n in range(4)}}
        for item in feed.items:
            found, content = text(item, "guid"), text(item, CONTENT)
            if found not in shown:
                continue
            assert bool(whole.search(content)) is shown[found], (feed.path, found)
            link = f'<a href="{text(item, "link")}">Read the full text</a>'
            assert (link in content) is not shown[found]
            assert shown[found] or f"<p>{text(item, 'description')}</p>" in content
            if found.startswith("id-"):
                assert text(item, CREATOR) == "The desk"
                assert [c.text for c in item.findall("category")] == ["Labs", "Scale AI", "T"]


def test_full_text_is_there(feeds: Feeds) -> None:
    """content:encoded holds the whole story, not only its beginning."""
    for path, item in each(feeds):
        if path.endswith(FACTS):
            continue  # its items are facts
        page = feeds.output / text(item, "link").removeprefix(feeds.base) / "index.html"
        assert page.is_file(), path
        body = text(item, CONTENT)
        paragraphs = re.findall(r"<p>([^<&]{20,})</p>", page.read_text("utf-8"))
        prose = (
            page.read_text("utf-8")
            .partition('<div class="prose e-content">')[2]
            .partition("</div>")[0]
        )
        for paragraph in paragraphs:
            if paragraph in prose:
                assert paragraph in body


def test_categories_name_companies_and_topics(tmp_path: Path) -> None:
    """RSS 2.0, category: "You may include as many category elements as you need to"."""
    output = build_output(
        tmp_path, brief("a", companies="[Scale, Google]", topics="[T]", section="labs")
    )
    (item,) = feeds_of(output, "").all[-1].items
    assert [c.text for c in item.findall("category")] == ["Labs", "Scale AI", "Google", "T"]


# --- addresses ---------------------------------------------------------------------------------


def test_addresses_are_absolute(feeds: Feeds) -> None:
    """RSS 2.0: links begin with a scheme; a reader far away has no base for others (W3C:
    ContainsRelRef, InvalidFullLink)."""
    wrong = []
    for feed in feeds.all:
        for element in feed.channel.iter():
            if element.tag in ("link", "url", "docs"):
                parts = urlsplit(element.text or "")
                if parts.scheme not in ("http", "https") or not parts.netloc:
                    wrong.append(f"{feed.path}: {element.text}")
    assert not wrong, as_lines(wrong)


def test_addresses_in_the_text_are_absolute(feeds: Feeds) -> None:
    """W3C: ContainsRelRef: "Your feed contains relative references": links, pictures, and also the
    numbers and back-links of footnotes."""
    wrong, seen = [], 0
    for path, item in each(feeds):
        for tag, attributes in elements(text(item, CONTENT)):
            for name in ("href", "src", "cite", "poster"):
                if name in attributes:
                    seen += 1
                    if not re.match(r"https?://[^/]|mailto:|tel:", attributes[name]):
                        wrong.append(f"{path}: <{tag} {name}={attributes[name]!r}>")
    assert seen
    assert not wrong, as_lines(wrong)


def test_links_to_the_site_lead_to_a_page(feeds: Feeds) -> None:
    """Own addresses are below the base URL and there, with their anchors."""
    pages = pages_of(feeds.output)
    wrong = []
    host = urlsplit(feeds.base).netloc
    for path, item in each(feeds):
        found = [a[n] for _, a in elements(text(item, CONTENT)) for n in ("href", "src") if n in a]
        for link in (text(item, "link"), *found):
            if urlsplit(link).netloc != host:
                continue
            there, _, anchor = link.removeprefix(feeds.base).partition("#")
            page = pages.get(there)
            is_file = page is None and (feeds.output / there).is_file()
            if not is_file and (page is None or (anchor and anchor not in page.ids)):
                wrong.append(f"{path}: {link}")
    assert not wrong, as_lines(wrong)


# --- safety ------------------------------------------------------------------------------------


def test_text_has_no_script_or_style(feeds: Feeds) -> None:
    """W3C: SecurityRisk: "script, embed, object ... could be a security risk"; SecurityRiskAttr:
    event attributes, and DangerousStyleAttr."""
    forbidden = {
        "script", "style", "iframe", "object", "embed", "form", "input", "link", "meta", "base",
        "applet", "frame", "frameset", "svg", "html", "body",
    }  # fmt: skip
    wrong = []
    for path, item in each(feeds):
        for tag, attributes in elements(text(item, CONTENT)):
            bad = [a for a in attributes if a.startswith("on") or a == "style"]
            if tag in forbidden or bad:
                wrong.append(f"{path}: <{tag} {attributes}>")
            if attributes.get("href", "").lower().startswith(("javascript:", "data:")):
                wrong.append(f"{path}: {attributes['href']}")
    assert not wrong, as_lines(wrong)


def test_special_characters_arrive(tmp_path: Path) -> None:
    """`]]>`, `&`, `<` and emoji in every field are what a reader sees, and break nothing
    (XML 1.0, 2.4 and 2.7)."""
    (tmp_path / "content" / "media").mkdir(parents=True)
    (tmp_path / "content" / "media" / "sign.png").write_bytes(PICTURE)
    output = build_output(tmp_path, SMALL)
    for feed in feeds_of(output, "").all:
        for item in feed.items:
            if text(item, "guid") != "id-nasty":
                continue
            assert text(item, "title") == unescape(text(item, "description")) == NASTY
            assert "R&D <x>" in [category.text for category in item.findall("category")]
            body = text(item, CONTENT)
            assert body.count("&lt;script&gt;alert(1)") == 4  # why, yes but, what's next, body
            assert "<code>]]&gt;</code>" in body
            assert "😀" in body
            assert "A &amp; &lt;B&gt;</a>" in body
            assert 'href="https://x.example/?a=1&amp;b=2"' in body
    channel = ET.fromstring((output / "companies/amp/feed.xml").read_bytes())[0]
    assert text(channel, "title") == "Test: A&B <Co> ]]>"


BAD = {
    "a form feed": ("Page\x0cbreak", {}),
    "an escape": ("\x1b[31mred", {}),
    "a delete": ("a\x7fb\x80c", {}),
    "not a character": ("a\ufffeb\uffffc", {}),
    "an entity": ("a&#12;b&#x1b;c&#xffff;d&#0;e", {}),
    "a title": ("Text.", {"title": r'"Scale AI \uFFFF\uFFFE"'}),
    "a summary": ("Text.", {"summary": r'"It \x0c hires"'}),
    "a source": ("Text.", {"sources": r'[{id: a, publisher: "A\x1bB"}]'}),
    "a code": ("`a\x0cb`\n\n    c\x1bd", {}),
}


@pytest.mark.parametrize("name", BAD)
def test_characters_that_xml_has_not(name: str, tmp_path: Path) -> None:
    """XML 1.0, 2.2: control characters and noncharacters cannot stand in a document, however they
    are written: one in one brief would end every feed. It is refused, or left out."""
    body, fields = BAD[name]
    fields = dict(fields)
    title = fields.pop("title", "Scale AI hires")
    write_site(tmp_path, brief("a", title, body, **fields))
    if any(d.severity == "error" for d in problems(tmp_path)):
        return
    build_site(tmp_path)
    for path, data in tree(tmp_path / "output").items():
        if path.endswith(".xml"):
            ET.fromstring(data)


def test_cdata_section_ends_where_it_should() -> None:
    """XML 1.0, 2.7: "CDATA sections cannot nest", and `]]>` ends one."""
    for given in ("a ]]> b", "]]>]]>", "]]]>", "a ]] > b", "]]"):
        made = FILTERS["cdata"](given)
        assert ET.fromstring(f"<x><![CDATA[{made}]]></x>").text == given


# --- what is not in a feed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"date": "2025-07-02"},
        {"expires": "2025-06-30"},
        {"status": "withdrawn", "withdrawn_because": "Wrong."},
    ],
    ids=["draft", "future", "expired", "withdrawn"],
)
def test_what_is_not_due_is_absent(fields: dict[str, str], tmp_path: Path) -> None:
    for feed in feeds_of(build_output(tmp_path, brief("a") + brief("b", **fields)), "").all:
        if feed.path in ("corrections/feed.xml", "digests/feed.xml"):
            continue  # which tell that it was withdrawn, and of weeks
        assert [text(item, "guid") for item in feed.items] == ["id-a"]


def test_company_without_briefs_has_no_feed(tmp_path: Path) -> None:
    output = build_output(tmp_path, brief("a"))
    assert not (output / "companies/google/feed.xml").exists()
    assert "google/feed" not in (output / "feeds/index.html").read_text("utf-8")


def test_site_without_briefs_has_a_valid_feed(tmp_path: Path) -> None:
    """A feed may be empty; a reader that follows it from the first day sees the first brief."""
    (feed,) = feeds_of(build_output(tmp_path), "https://test.example/").all
    assert not feedparser.parse(feed.data, response_headers={}).bozo or not feed.items
    assert text(feed.channel, "description").strip()
    assert not feed.channel.findall("lastBuildDate")


# --- digests -----------------------------------------------------------------------------------

WEEKS = (
    brief("a", "Scale AI a", date="2025-06-11", importance="2", summary="First.",
          corrections="[{at: 2025-06-12, kind: factual, was: seven, now: eight}]",
          figures="[{id: f, of: Scale AI, metric: revenue, value: 870m USD, period: 2024}]")
    + brief("b", "Scale AI <b>", date="2025-06-13 10:00", importance="1", summary="It & that.")
    + brief("c", "Google c", date="2025-06-17", companies="[Google]")
    + "=== content/digests/2025-w24.md\n---\ntitle: A week of one\nsummary: It was.\n---\n"
    "Words on [deals](/deals/) and [below](#more).\n\n## More\n"
)  # fmt: skip


def test_feed_of_digests(tmp_path: Path) -> None:
    """Each week that is over, in full; readers know it by the week. A week is over when a brief of
    a later one has appeared."""
    output = build_output(tmp_path, WEEKS)
    feeds = feeds_of(output, "https://test.example/")
    feed = next(f for f in feeds.all if f.path == "digests/feed.xml")
    (item,) = feed.items
    assert text(item, "guid") == "digest-2025-w24"
    assert text(item, "title").startswith("A week of one (9")
    assert text(item, "link") == "https://test.example/digests/2025-w24/"
    assert text(item, "description") == "It was."
    assert parsedate_to_datetime(text(item, "pubDate")).isoformat() == "2025-06-13T10:00:00+02:00"
    content = text(item, CONTENT)
    assert "https://test.example/digests/2025-w24/#more" in content
    assert 'href="https://test.example/deals/"' in content
    first = content.index('<a href="https://test.example/briefs/b/">Scale AI &lt;b&gt;</a>')
    assert first < content.index('<a href="https://test.example/briefs/a/">Scale AI a</a>')
    assert "It &amp; that." in content and "<del>seven</del> eight" in content
    assert 'briefs/a/#figure-f">$870' in content
    for page in ("digests/index.html", "digests/2025-w24/index.html", "feeds/index.html"):
        assert "digests/feed.xml" in (output / page).read_text("utf-8"), page


def test_a_digest_is_announced_once(tmp_path: Path) -> None:
    """Another title is no other digest, nor is a brief that is added late."""
    build_output(tmp_path, WEEKS.replace("A week of one", "Another"))
    more = brief("d", "Google d", date="2025-06-25") + brief("e", "Google e", date="2025-06-12")
    write_site(tmp_path, more, usual=False)
    build_site(tmp_path)
    parsed = feedparser.parse(read(tmp_path, "digests/feed.xml"))
    assert [entry.id for entry in parsed.entries] == ["digest-2025-w25", "digest-2025-w24"]
    assert "Google e" in parsed.entries[1].content[0].value


# --- where feeds are found ---------------------------------------------------------------------

TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
FORMATS = ("feed.xml", "feed.atom", "feed.json")


def autodiscovery(html: str) -> list[tuple[str, str]]:
    return [
        (a.get("href", ""), a.get("title", ""))
        for tag, a in elements(html)
        if tag == "link" and a.get("rel") == "alternate" and a.get("type") in TYPES
    ]


def edition_of(output: Path, path: str) -> str:
    """Where the edition of a page or a feed begins: `nl/`, or nothing."""
    first = path.partition("/")[0]
    return f"{first}/" if first and (output / first / "404.html").is_file() else ""


def test_every_page_names_a_feed(feeds: Feeds) -> None:
    """RSS autodiscovery (rssboard.org/rss-autodiscovery): link rel="alternate" with the feed's
    type, title and address, in the head; the most relevant feed first. Redirects have none."""
    rss = {feed.path for feed in feeds.all}
    paths = {path.replace("feed.xml", name) for path in rss for name in FORMATS}
    wrong = []
    for address, page in pages_of(feeds.output).items():
        file = feeds.output / (address if address.endswith(".html") else f"{address}index.html")
        html = file.read_text("utf-8")
        found = autodiscovery(html.partition("</head>")[0])
        if page.redirects_to:
            wrong += [f"{address}: a redirect with a feed"] if found else []
            continue
        named = [urljoin(feeds.base + address, href).removeprefix(feeds.base) for href, _ in found]
        if not found or not set(named) <= paths or not all(title for _, title in found):
            wrong.append(f"{address}: {found}")
        elif f"{address}feed.xml" in paths and (
            named[:3] != [f"{address}{name}" for name in FORMATS]
        ):
            wrong.append(f"{address}: its own feed is not the first: {named}")
        elif f"{edition_of(feeds.output, address)}feed.xml" not in named:
            wrong.append(f"{address}: the site's feed is not among {named}")
    assert not wrong, as_lines(wrong)


def test_feeds_page_lists_every_feed(feeds: Feeds) -> None:
    moved = {a for a, page in pages_of(feeds.output).items() if page.redirects_to}
    for base in {edition_of(feeds.output, feed.path) for feed in feeds.all}:
        html = (feeds.output / f"{base}feeds/index.html").read_text("utf-8")
        listed = {urljoin(f"/{base}feeds/", a["href"]) for _, a in elements(html) if "href" in a}
        own = [f.path for f in feeds.all if edition_of(feeds.output, f.path) == base]
        wanted = {f"/{path}" for path in own if path.removesuffix("feed.xml") not in moved}
        assert {link for link in listed if link.endswith("feed.xml")} >= wanted
        assert wanted


@pytest.mark.parametrize("old", ["facebook", "windsurf", "codeium", "cognition-labs"])
def test_feed_of_a_moved_company_goes_on(old: str, tmp_path: Path) -> None:
    """Who follows a company under an earlier name, or one that was merged, goes on doing so: the
    old address has the same items, and says its own address."""
    found = {
        f.path: f for f in feeds_of(build_output(tmp_path, WORLD), "https://test.example/").all
    }
    new = "meta" if old == "facebook" else "cognition"
    before, after = found[f"companies/{old}/feed.xml"], found[f"companies/{new}/feed.xml"]
    assert [text(i, "guid") for i in before.items] == [text(i, "guid") for i in after.items]
    assert before.channel.find(f"{ATOM}link").get("href") == before.address  # type: ignore[union-attr]
    assert text(before.channel, "link") == f"https://test.example/companies/{new}/"


def test_feed_of_a_moved_topic_goes_on(tmp_path: Path) -> None:
    """The same for a topic that has a new slug."""
    found = {f.path: f for f in feeds_of(build_output(tmp_path, WORLD), "").all}
    before, after = found["topics/annotation/feed.xml"], found["topics/data/feed.xml"]
    assert [text(i, "guid") for i in before.items] == [text(i, "guid") for i in after.items]


# --- sitemap.xml and robots.txt ----------------------------------------------------------------


def sitemap(output: Path) -> dict[str, str]:
    """By address: lastmod, or nothing."""
    root = ET.fromstring((output / "sitemap.xml").read_bytes())
    assert root.tag == f"{SITEMAP}urlset"
    rows = [
        (u.findtext(f"{SITEMAP}loc") or "", u.findtext(f"{SITEMAP}lastmod") or "") for u in root
    ]
    assert len(rows) == len(dict(rows)), "an address stands twice"
    return dict(rows)


def test_sitemap_addresses(feeds: Feeds) -> None:
    """sitemaps.org: "loc ... must begin with the protocol ... and be less than 2,048 characters";
    all from one host and below the sitemap; each a page of its own."""
    pages = pages_of(feeds.output)
    for address in sitemap(feeds.output):
        assert address.startswith(feeds.base) and len(address) < 2048
        page = pages[address.removeprefix(feeds.base)]
        assert not page.redirects_to and not page.is_hidden
        assert page.canonical == address


def test_sitemap_times(feeds: Feeds) -> None:
    """sitemaps.org: "lastmod ... should be in W3C Datetime format"; a zone follows every time."""
    form = r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z))?"
    for address, modified in sitemap(feeds.output).items():
        assert not modified or re.fullmatch(form, modified), address
    assert any(sitemap(feeds.output).values())


def test_sitemap_lists_what_it_should(tmp_path: Path) -> None:
    """Neither 404.html nor redirects, withdrawn briefs, drafts; every other page."""
    gone = brief("gone", status="withdrawn", withdrawn_because="Wrong.")
    text_ = WORLD + gone + brief("draft", status="draft")
    output = build_output(tmp_path, text_)
    listed = {address.removeprefix("https://test.example/") for address in sitemap(output)}
    pages = pages_of(output)
    assert listed == {a for a, p in pages.items() if not p.redirects_to} - {
        "404.html", "briefs/gone/",
    }  # fmt: skip
    assert "briefs/gone/" in pages


def test_sitemap_tells_the_true_time(tmp_path: Path) -> None:
    """A brief's own time, its update's where there is one; of a list, that of its newest brief. The
    time of the build is nobody's."""
    text_ = brief("a", date="2025-06-10", updated="2025-06-20 08:00") + brief(
        "b", "Google hires", date="2025-06-15 09:00", companies="[Google]", section="labs"
    )
    found = sitemap(build_output(tmp_path, text_))
    base = "https://test.example/"
    assert found[f"{base}briefs/a/"] == "2025-06-20T08:00:00+02:00"
    assert found[f"{base}briefs/b/"] == "2025-06-15T09:00:00+02:00"
    assert found[f"{base}companies/scale-ai/"] == "2025-06-20T08:00:00+02:00"
    assert found[f"{base}companies/google/"] == "2025-06-15T09:00:00+02:00"
    assert found[f"{base}labs/"] == "2025-06-15T09:00:00+02:00"
    assert found[base] == "2025-06-20T08:00:00+02:00"
    assert found[f"{base}deals/"] == found[f"{base}companies/meta/"] == ""


def test_large_sitemap_is_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sitemaps.org: "each Sitemap file that you provide must have no more than 50,000 URLs"; an
    index lists the files."""
    monkeypatch.setattr("builder.pages.sitemap._MOST", 5)
    output = build_output(tmp_path, WORLD)
    root = ET.fromstring((output / "sitemap.xml").read_bytes())
    assert root.tag == f"{SITEMAP}sitemapindex"
    listed = []
    for n, entry in enumerate(root, 1):
        assert entry.findtext(f"{SITEMAP}loc") == f"https://test.example/sitemap-{n}.xml"
        part = ET.fromstring((output / f"sitemap-{n}.xml").read_bytes())
        assert 0 < len(part) <= 5
        listed += [url.findtext(f"{SITEMAP}loc") for url in part]
    monkeypatch.undo()
    assert listed == sorted(sitemap(build_output(tmp_path / "whole", WORLD)))


def test_robots_txt(feeds: Feeds) -> None:
    """RFC 9309, 2.2: a group begins with user-agent lines; the sitemap's address is absolute
    (sitemaps.org). Nothing is disallowed."""
    lines = (feeds.output / "robots.txt").read_text("utf-8").splitlines()
    assert lines[0].lower() == "user-agent: *"
    assert f"Sitemap: {feeds.base}sitemap.xml" in lines
    assert not [line for line in lines if line.lower().startswith("disallow: /")]


def test_robots_txt_below_a_path_is_there(tmp_path: Path) -> None:
    build_output(tmp_path, base_url="https://test.example/news")
    assert "Sitemap: https://test.example/news/sitemap.xml" in read(tmp_path, "robots.txt")
