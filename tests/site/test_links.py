"""No page, feed or sitemap of the real site points to something that is not there.

Links to other sites are only looked at, never followed: a test asks nobody but this machine.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from builder.pages import kinds
from support.links import Target, places_of
from support.pages import Page, read_page
from support.sites import brief, planned, write_site
from support.tools import as_lines

# Elements of feeds and sitemaps whose text is an address.
ADDRESS_ELEMENTS = {"comments", "docs", "guid", "link", "loc", "url"}
# `template` is that of the search page, for browsers.
ADDRESS_ATTRIBUTES = {"href", "template", "url"}
# Elements of feeds whose text is HTML.
HTML_ELEMENTS = {"content", "description", "encoded", "summary"}


@pytest.fixture(scope="module")
def target(real_site: Path, base_url: str) -> Target:
    return Target(real_site, base_url)


def linked_data_addresses(page: Page) -> Iterator[str]:
    """Every address in a page's JSON-LD."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                # The vocabulary's own name is no link.
                if key != "@context":
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)
        elif isinstance(value, str) and re.match(r"https?://\S+$", value):
            yield value

    for text in page.linked_data:
        yield from walk(json.loads(text))


def xml_addresses(text: str) -> Iterator[tuple[str, str]]:
    """Every address in a feed, sitemap or description of the search, with its element's name."""
    for element in ET.fromstring(text).iter():
        name = element.tag.rpartition("}")[2]
        content = (element.text or "").strip()
        is_address = name in ADDRESS_ELEMENTS and element.get("isPermaLink") != "false"
        if is_address and content:
            yield name, content
        if name in HTML_ELEMENTS and "<" in content:
            for inner, address in read_page(content).links:
                yield f"{name}, {inner}", address
        for attribute in sorted(ADDRESS_ATTRIBUTES & set(element.keys())):
            yield name, element.get(attribute, "")


def test_pages_have_no_broken_link(target: Target) -> None:
    broken = []
    for address, page in target.pages.items():
        for element, link in page.links:
            if link.startswith("#"):
                places = [target.base_url + address]  # the page itself, wherever it is shown
            else:
                places = places_of(address, target.base_url)
            faults = [target.fault_of(urljoin(place, link)) for place in places]
            broken += [f"/{address}: <{element}> {link!r} {fault}" for fault in faults if fault]
    assert sum(len(page.links) for page in target.pages.values()) > len(target.pages)
    assert not broken, as_lines(broken)


def test_linked_data_has_no_broken_link(target: Target) -> None:
    broken = [
        f"/{address}: {url!r} {fault}"
        for address, page in target.pages.items()
        for url in linked_data_addresses(page)
        if (fault := target.fault_of(url))
    ]
    assert not broken, as_lines(broken)


def test_feeds_and_sitemap_have_no_broken_link(target: Target) -> None:
    """They are read far from the site, so every address in them has to be absolute."""
    files = sorted(target.root.rglob("*.xml"))
    assert files, "the site has neither a feed nor a sitemap"
    broken = []
    for file in files:
        addresses = list(xml_addresses(file.read_text("utf-8")))
        assert addresses, f"{file.name} has no address in it"
        broken += [
            f"{file.relative_to(target.root)}: <{element}> {address!r} {fault}"
            for element, address in addresses
            if (fault := target.fault_of(address))
        ]
    assert not broken, as_lines(broken)


def test_sitemap_lists_every_page_once(target: Target) -> None:
    listed = [
        address
        for element, address in xml_addresses((target.root / "sitemap.xml").read_text("utf-8"))
        if element == "loc"
    ]
    # A redirect and a page that search engines are asked to leave out are not to be found.
    wanted = [
        target.base_url + address
        for address, page in target.pages.items()
        if page.redirects_to is None and not page.is_hidden and "404.html" not in address
    ]
    assert sorted(listed) == sorted(wanted)


def test_robots_txt_names_the_sitemap(target: Target) -> None:
    lines = (target.root / "robots.txt").read_text("utf-8").splitlines()
    assert f"Sitemap: {target.base_url}sitemap.xml" in lines


def test_pages_name_their_own_address(target: Target) -> None:
    """Every page's canonical address is its own below the base URL of site.yaml."""
    wrong = []
    for address, page in target.pages.items():
        if address.endswith("404.html"):
            continue
        own = target.base_url + address
        # A redirect points to where the page is now.
        expected = own if page.redirects_to is None else urljoin(own, page.redirects_to)
        if page.canonical is None or urljoin(own, page.canonical) != expected:
            wrong.append(f"/{address}: {page.canonical}")
    assert not wrong, as_lines(wrong)


# --- The check itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("", None),
        ("#here", None),
        ("../b/", None),
        ("../b/#there", None),
        ("../b/index.html#there", None),
        ("/news/b/", None),
        ("../a%20b.txt", None),
        ("https://elsewhere.example/x", None),
        ("mailto:desk@example.org", None),
        ("#there", "no such anchor"),
        ("../b/#here", "no such anchor"),
        ("../b", "lacks the slash"),
        ("../empty/", "folder without a page"),
        ("../c/", "leads to nothing"),
        ("/b/", "not below"),
        ("http://example.org/news/b/", "not below"),
        ("javascript:void(0)", "not a web address"),
        ("http:///x", "not a web address"),
        ("https://elsewhere.example/x y", "blank"),
    ],
)
def test_faults_are_found(tmp_path: Path, link: str, fault: str | None) -> None:
    for folder, anchor in [("a", "here"), ("b", "there")]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.html").write_text(f"<h1 id={anchor}>A</h1>", "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "a b.txt").write_text("", "utf-8")
    target = Target(tmp_path, "https://example.org/news/")
    found = target.fault_of(urljoin("https://example.org/news/a/", link))
    assert found is None if fault is None else fault in (found or "")


def test_every_kind_of_link_is_read() -> None:
    page = read_page("""
        <link rel="stylesheet" href="1"><a href="2" id="x">A</a><img src="3" srcset="4 1x, 5 2x">
        <form action="6"></form><video poster="7"><source src="8"></video>
        <blockquote cite="9">A</blockquote><meta property="og:image" content="10">
        <meta http-equiv="refresh" content="0; url=11"><link rel="canonical" href="12">
        <meta name="robots" content="noindex, follow">
        <script type="application/ld+json">{"url": "https://example.org/"}</script>
    """)
    assert {address for _, address in page.links} == {str(number) for number in range(1, 13)}
    assert page.ids == {"x"}
    assert page.redirects_to == "11"
    assert page.canonical == "12"
    assert page.is_hidden
    assert page.resources == ["1", "3", "4", "5", "8"]
    assert list(linked_data_addresses(page)) == ["https://example.org/"]


def test_every_address_of_a_feed_is_read() -> None:
    feed = """
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
            xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
        <link>1</link><atom:link href="2" rel="self"/>
        <item><guid>3</guid><enclosure url="4"/>
            <content:encoded><![CDATA[<p><a href="5">A</a></p>]]></content:encoded></item>
        <item><guid isPermaLink="false">tag:example.org</guid></item>
        </channel></rss>
    """
    assert [address for _, address in xml_addresses(feed)] == ["1", "2", "3", "4", "5"]


def test_tasks_have_names_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of one name would hide each other's pages."""
    write_site(tmp_path, brief("one"))
    assert planned(tmp_path)
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, kinds.KINDS[0]))
    with pytest.raises(AssertionError, match="several tasks are called front"):
        planned(tmp_path)
