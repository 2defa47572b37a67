"""The markup of a page, by the standard library: what its head declares, its links and blocks.

Everything has a limit, because the page may be hostile; what is beyond it is left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from msgspec import Struct, field

_MOST = {"metas": 400, "links": 400, "scripts": 40, "times": 60, "anchors": 1500, "blocks": 1500}
_LONGEST_SCRIPT = 400_000  # characters of JSON-LD
_LONGEST_BLOCK = 4000
_LONGEST = 2000  # characters of any other value
_BLOCKS = frozenset((
    "p", "div", "li", "h1", "h2", "h3", "h4", "td", "th", "dd", "dt", "blockquote", "section",
    "article", "header", "footer", "address", "br", "tr", "ul", "ol", "table", "main", "aside",
    "figure", "figcaption", "nav", "form", "pre",
))  # fmt: skip
_SILENT = frozenset(("script", "style", "template", "noscript", "svg", "select", "textarea"))
# What belongs to the site, or to pictures, rather than to the article.
_BESIDE = frozenset(("nav", "figure", "figcaption", "form", "button", "aside"))
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
))  # fmt: skip
_DEEP = 400  # open elements that are followed
_SAVED = re.compile(r"saved from url=\(\d+\)(\S+)|^\s*Page saved with SingleFile\s+url:\s*(\S+)")


class HeadLink(Struct, frozen=True):
    """A `<link>` of the head."""

    rel: str
    href: str
    lang: str = ""


class Anchor(Struct, frozen=True):
    """A link in the text."""

    href: str
    text: str
    block: int  # the index of its block


class PageBlock(Struct, frozen=True):
    """The text of a block, and its element."""

    tag: str
    text: str
    beside: bool = False  # in a menu, a caption or a form


class Markup(Struct, kw_only=True):
    """What a page declares, and its text block by block."""

    lang: str = ""
    title: str = ""
    base: str = ""
    saved_from: str = ""
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[HeadLink] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    times: list[tuple[str, str]] = field(default_factory=list)  # the attribute, and the text
    anchors: list[Anchor] = field(default_factory=list)
    blocks: list[PageBlock] = field(default_factory=list)

    def meta(self, *names: str) -> str:
        """Return the value of the first of some meta elements."""
        for name in names:
            for key, content in self.metas:
                if key == name:
                    return content
        return ""

    def link(self, rel: str) -> str:
        """Return the first address of a relation."""
        return next((link.href for link in self.links if rel in link.rel.split()), "")


def read_markup(text: str) -> Markup:
    """Return the markup of a page.

    What cannot be parsed is left out."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser.flush("")
    return parser.found


class _Parser(HTMLParser):
    """Collects the markup of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self._open: list[str] = []
        self._beside = 0  # open elements that are beside the article
        self._silent = ""  # the element whose text is not read
        self._script: list[str] | None = None
        self._text: list[str] = []
        self._length = 0
        self._in_title = False
        self._anchor: tuple[str, list[str]] | None = None
        self._time: tuple[str, list[str]] | None = None

    # --- elements ------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: (value or "")[:_LONGEST] for name, value in attrs}
        if tag in _SILENT:
            is_data = "ld+json" in found.get("type", "").casefold()
            self._script = [] if tag == "script" and is_data else None
            self._silent = self._silent or tag
            return
        if tag in _BLOCKS:
            self.flush(tag)
        if tag not in _VOID and len(self._open) < _DEEP:
            self._open.append(tag)
            self._beside += tag in _BESIDE
        handle = getattr(self, f"_start_{tag}", None)
        if handle:
            handle(found)
        if "itemprop" in found and "content" in found and tag != "meta":
            self._add("metas", (f"itemprop:{found['itemprop'].casefold()}", found["content"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            if self._script is not None:
                self._add("scripts", "".join(self._script)[:_LONGEST_SCRIPT])
            self._script, self._silent = None, ""
            return
        if tag == "title":
            self._in_title = False
        elif tag == "a":
            self._end_anchor()
        elif tag == "time" and self._time:
            self._add("times", (self._time[0], " ".join("".join(self._time[1]).split())[:200]))
            self._time = None
        if tag in _BLOCKS:
            self.flush(tag)
        if tag in self._open[-20:]:
            while (last := self._open.pop()) != tag:
                self._beside -= last in _BESIDE
            self._beside -= tag in _BESIDE

    def handle_data(self, data: str) -> None:
        if self._silent:
            if self._script is not None:
                self._script.append(data)
            return
        if self._in_title:
            self.found.title = (self.found.title + data)[:_LONGEST]
            return
        if self._length < _LONGEST_BLOCK:
            self._text.append(data[:_LONGEST_BLOCK])
            self._length += len(data)
        for holder in (self._anchor, self._time):
            if holder and len(holder[1]) < 50:
                holder[1].append(data[:_LONGEST])

    def handle_comment(self, data: str) -> None:
        if not self.found.saved_from and (saved := _SAVED.search(data[:_LONGEST])):
            self.found.saved_from = saved[1] or saved[2]

    # --- one kind of element each --------------------------------------------------------------

    def _start_html(self, found: dict[str, str]) -> None:
        self.found.lang = self.found.lang or found.get("lang", "") or found.get("xml:lang", "")

    def _start_title(self, found: dict[str, str]) -> None:
        self._in_title = not self.found.title

    def _start_base(self, found: dict[str, str]) -> None:
        self.found.base = self.found.base or found.get("href", "")

    def _start_meta(self, found: dict[str, str]) -> None:
        content = found.get("content", "")
        if prop := found.get("itemprop"):
            self._add("metas", (f"itemprop:{prop.casefold()}", content))
        name = found.get("property") or found.get("name") or found.get("http-equiv")
        if name:
            self._add("metas", (name.casefold().strip(), content))

    def _start_link(self, found: dict[str, str]) -> None:
        if found.get("href"):
            rel, lang = found.get("rel", "").casefold(), found.get("hreflang", "")
            self._add("links", HeadLink(rel, found["href"].strip(), lang))

    def _start_a(self, found: dict[str, str]) -> None:
        self._end_anchor()
        self._anchor = (found.get("href", "").strip(), [])

    def _start_time(self, found: dict[str, str]) -> None:
        self._time = (found.get("datetime", ""), [])

    def _end_anchor(self) -> None:
        if self._anchor and self._anchor[0]:
            text = " ".join("".join(self._anchor[1]).split())[:_LONGEST]
            self._add("anchors", Anchor(self._anchor[0], text, len(self.found.blocks)))
        self._anchor = None

    # --- blocks --------------------------------------------------------------------------------

    def flush(self, tag: str) -> None:
        """End a block of text."""
        text = " ".join("".join(self._text).split())
        self._text, self._length = [], 0
        if text:
            name = next((name for name in reversed(self._open) if name in _BLOCKS), "")
            self._add("blocks", PageBlock(name, text[:_LONGEST_BLOCK], self._beside > 0))

    def _add(self, name: str, item: object) -> None:
        items = getattr(self.found, name)
        if len(items) < _MOST[name]:
            items.append(item)
