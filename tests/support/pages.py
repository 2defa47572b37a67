"""What a page of HTML says: its links, its anchors, its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path


def without_index(path: Path) -> str:
    """A file's path inside the site as the address that readers use: `a/index.html` is `a/`."""
    text = path.as_posix()
    return text.removesuffix("index.html") if path.name == "index.html" else text


@dataclass
class Page:
    """What a page of HTML says about itself and where it points to."""

    ids: set[str] = field(default_factory=set)
    # Each with its element's name, for the message: ("a", "/about/").
    links: list[tuple[str, str]] = field(default_factory=list)
    # What a browser loads to show the page: style sheets, scripts, pictures.
    resources: list[str] = field(default_factory=list)
    canonical: str | None = None
    redirects_to: str | None = None
    # It asks search engines to leave it out.
    is_hidden: bool = False
    # The texts of <script type="application/ld+json">.
    linked_data: list[str] = field(default_factory=list)


# Attributes that hold one address, whatever element they stand on.
ADDRESSES = {"action", "cite", "data", "formaction", "href", "poster", "src"}
# The relations of a <link> that make a browser load it before it shows the page.
LOADED_LINKS = {"stylesheet", "preload", "modulepreload", "icon"}


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in_linked_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        if "id" in given:
            page.ids.add(given["id"])
        if tag == "a" and "name" in given:
            page.ids.add(given["name"])

        addresses = [value for name, value in given.items() if name in ADDRESSES]
        for candidate in given.get("srcset", "").split(","):
            addresses += candidate.split()[:1]
        if tag == "meta":
            addresses += self._addresses_of_meta(given)
        page.links += [(tag, address.strip()) for address in addresses]

        relations = set(given.get("rel", "").lower().split())
        if tag == "link" and "canonical" in relations:
            page.canonical = given.get("href")
        if (tag == "link" and relations & LOADED_LINKS) or "src" in given:
            page.resources += addresses
        self._in_linked_data = tag == "script" and given.get("type") == "application/ld+json"
        if self._in_linked_data:
            page.linked_data.append("")

    def _addresses_of_meta(self, given: dict[str, str]) -> list[str]:
        content = given.get("content", "")
        if given.get("http-equiv", "").lower() == "refresh" and "=" in content:
            self.page.redirects_to = content.partition("=")[2].strip(" '\"")
            return [self.page.redirects_to]
        name = given.get("property") or given.get("name") or ""
        if name == "robots" and "noindex" in content:
            self.page.is_hidden = True
        is_address = name in {"og:url", "og:image", "twitter:image"}
        return [content] if is_address else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_linked_data = False

    def handle_data(self, data: str) -> None:
        if self._in_linked_data:
            self.page.linked_data[-1] += data


def read_page(html: str) -> Page:
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return reader.page


def pages_of(site: Path) -> dict[str, Page]:
    """Every HTML page of a built site, by its address below the site's root, sorted."""
    return {
        without_index(path.relative_to(site)): read_page(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


# Elements that are inside of a line: their tags part no words.
_INLINE = (
    "a|abbr|b|bdi|cite|code|data|del|dfn|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|time|tspan|u"
    "|var|wbr"
)


def words(html: str) -> str:
    """What a reader sees, in one line."""
    html = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", html)
    html = re.sub(r"</?q\b[^>]*>", '"', html)
    html = re.sub(rf"</?(?:{_INLINE})\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def drawings(html: str) -> list[str]:
    """The charts and maps of a page: all but icons, which say nothing to those who do not see."""
    found = re.findall(r"(?s)<svg\b.*?</svg>", html)
    return [svg for svg in found if 'aria-hidden="true"' not in svg.partition(">")[0]]


def part(html: str, anchor: str) -> str:
    """The section of a page with an id, or the block inside a fold."""
    match = re.search(rf'(?s)<(section|div)[^>]*id="{anchor}".*?</\1>', html)
    return match[0] if match else ""
