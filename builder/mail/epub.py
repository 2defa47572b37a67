"""A digest or a thread as a book (EPUB 3.3), with its pictures.

The same site makes the same bytes: files have one date, and the book is modified when the newest of
its briefs is."""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from builder.diagnostics.diagnostic import ContentError
from builder.engine.opened import OpenSite
from builder.hosting.headers import type_of
from builder.language.words import without_marks
from builder.mail.cover import draw_cover
from builder.mail.elements import Element, Verbatim, as_xhtml, parse
from builder.mail.problem import MailError
from builder.pages.book import (
    BookChapter,
    BookOpening,
    BookStyle,
    chapter,
    digest_opening,
    thread_opening,
)
from builder.pages.brief import BriefPage
from builder.pages.digest import DigestPage
from builder.pages.page import Card, Page
from builder.pages.thread import ThreadPage

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP file can have
# What reading systems show in a book (EPUB 3.3, 3.2 core media types).
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_LEFT_OUT = frozenset(
    {
        "script", "iframe", "object", "embed", "form", "input", "button", "select", "textarea",
        "video", "audio", "link", "base", "template", "noscript", "meta", "style", "svg",
    }
)  # fmt: skip
_DROPPED = ("srcset", "sizes", "loading", "decoding", "fetchpriority", "align", "hreflang")
_XHTML = "http://www.w3.org/1999/xhtml"
_OPS = "http://www.idpf.org/2007/ops"


class Chapter(NamedTuple):
    """A chapter of a book."""

    file: str
    title: str
    lang: str
    xhtml: str


class Book(NamedTuple):
    """A book, and the name of its file."""

    name: str
    data: bytes
    chapters: int
    pictures: int


def make_book(site: OpenSite, kind: str, name: str) -> Book:
    """Return the book of a `digest` or a `thread`.

    Raises MailError if there is none."""
    page = site.page(f"{kind} {name}")
    if page is None:
        raise MailError(_no_page(site, kind, name))
    context = page.context
    if isinstance(context, DigestPage):
        opening, cards = digest_opening(site.plan, context)
    else:
        assert isinstance(context, ThreadPage)
        opening, cards = thread_opening(site.plan, context)
    assert page.modified
    return _Maker(site, opening, cards).make(f"{kind}-{name}", page.modified.at)


def _no_page(site: OpenSite, kind: str, name: str) -> str:
    known = [task.removeprefix(f"{kind} ") for task in site.tasks if task.startswith(f"{kind} ")]
    if kind == "digest":
        last = f"; the latest is `{max(known)}`" if known else ""
        return f"no brief was published in the week `{name}`{last}"
    from builder.names.suggest import did_you_mean

    hint = did_you_mean(name, known)
    return f"no published thread is called `{name}`{f'; {hint}' if hint else ''}"


class _Maker:
    """A book while it is made: its chapters, and the pictures that they show."""

    def __init__(self, site: OpenSite, opening: BookOpening, cards: Sequence[Card]) -> None:
        self.site, self.opening = site, opening
        self.base = site.plan.settings.base_url
        self.pictures: dict[str, Path] = {}  # by the path in the book
        self.files = {f"{self.base}{card.url}": f"{n:03}.xhtml" for n, card in enumerate(cards, 1)}
        self.cards = cards

    def make(self, name: str, modified: datetime) -> Book:
        opening = self.opening
        first = self._chapter("000.xhtml", opening.title, "epub/opening.html", opening)
        chapters = [first, *(self._brief(card) for card in self.cards)]
        style = self._render("epub/style.css", BookStyle(opening.look))
        cover = draw_cover(
            self.site.plan.settings, opening.look.accent, opening.title, opening.label
        )
        files: dict[str, bytes] = {
            "META-INF/container.xml": _CONTAINER.encode(),
            "book/package.opf": self._package(chapters, modified).encode(),
            "book/nav.xhtml": self._navigation(chapters).encode(),
            "book/cover.xhtml": self._cover_page().encode(),
            "book/cover.png": cover,
            "book/style.css": style.encode(),
            **{f"book/{found.file}": found.xhtml.encode() for found in chapters},
            **{f"book/{path}": place.read_bytes() for path, place in self.pictures.items()},
        }
        return Book(f"{name}.epub", _zipped(files), len(chapters), len(self.pictures))

    def _brief(self, card: Card) -> Chapter:
        slug = card.url.strip("/").rpartition("/")[2]
        page = self.site.page(f"brief {slug}")
        assert page and isinstance(page.context, BriefPage)
        file = self.files[f"{self.base}{card.url}"]
        made = chapter(self.site.plan, page.context)
        return self._chapter(file, page.context.title, "epub/chapter.html", made)

    def _render(self, template: str, context: BookOpening | BookChapter | BookStyle) -> str:
        page = Page("/", template, context, addresses="absolute", listed=False)
        made = self.site.renderer.render(page)
        if not isinstance(made, bytes):
            raise ContentError([made])
        return made.decode("utf-8")

    def _chapter(
        self, file: str, title: str, template: str, context: BookOpening | BookChapter
    ) -> Chapter:
        root = parse(self._render(template, context))
        body = root.find("body")
        assert body
        url = context.url if isinstance(context, BookOpening) else context.brief.head.canonical
        self._clean(body, url)
        return Chapter(
            file, title, context.lang, _page(title, context.lang, context.direction, as_xhtml(body))
        )

    # --- what is in a chapter ------------------------------------------------------------------

    def _clean(self, body: Element, url: str) -> None:
        for element in [*body.walk()]:
            element.inside = [kept for child in element.inside for kept in self._kept(child)]
            for name in [n for n in element.given if n.startswith("on") or n in _DROPPED]:
                del element.given[name]
            if element.tag == "a":
                self._link(element, url)
        ids = {e.given["id"] for e in body.walk() if "id" in e.given}
        for element in body.walk():
            href = element.given.get("href", "")
            if href.startswith("#") and href[1:] not in ids:
                element.given["href"] = f"{url}{href}"

    def _kept(self, child: Element | Verbatim | str) -> Iterable[Element | Verbatim | str]:
        if not isinstance(child, Element):
            return [child] if isinstance(child, str) else []
        if child.tag == "picture":
            return [
                kept
                for found in child.inside
                if isinstance(found, Element) and found.tag == "img"
                for kept in self._kept(found)
            ]
        if child.tag == "img":
            return self._picture(child)
        address = child.given.get("src", "")
        if child.tag in ("iframe", "video", "audio") and re.match("https?://", address):
            link = Element("a", {"href": address})
            link.inside = [child.given.get("title") or address]
            return [link]
        return [] if child.tag in _LEFT_OUT else [child]

    def _picture(self, image: Element) -> Iterable[Element | str]:
        """Return a picture of the site, or in the place of another its alternative text."""
        address, alt = image.given.get("src", ""), image.given.get("alt", "")
        path = address.removeprefix(f"{self.base}/")
        output = self.site.root / "output"
        if path == address or type_of(path) not in _PICTURES or ".." in path.split("/"):
            return [f"[{alt}]"] if alt else []
        if not (output / path).is_file():
            raise MailError(f"output/ lacks the picture {path}; run `slugline build` first")
        inside = f"pictures/{re.sub(r'[^A-Za-z0-9._-]', '-', path)}"
        self.pictures[inside] = output / path
        return [Element("img", {"src": inside, "alt": alt})]

    def _link(self, link: Element, url: str) -> None:
        href = link.given.get("href", "")
        bare, mark, anchor = href.partition("#")
        if bare == url and mark:
            link.given["href"] = f"#{anchor}"
        elif bare in self.files:  # a chapter of this book, whose anchors may differ
            link.given["href"] = self.files[bare]
        if link.given.get("rel"):
            del link.given["rel"]

    # --- the package ---------------------------------------------------------------------------

    def _package(self, chapters: Sequence[Chapter], modified: datetime) -> str:
        opening = self.opening
        items = [
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
            '<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>',
            '<item id="cover-image" href="cover.png" media-type="image/png"'
            ' properties="cover-image"/>',
            '<item id="style" href="style.css" media-type="text/css"/>',
        ]
        items += [
            f'<item id="c{n}" href="{found.file}" media-type="application/xhtml+xml"/>'
            for n, found in enumerate(chapters)
        ]
        items += [
            f'<item id="p{n}" href="{path}" media-type="{type_of(path)}"/>'
            for n, path in enumerate(self.pictures)
        ]
        spine = "\n".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
        languages = dict.fromkeys((opening.lang, *(found.lang for found in chapters)))
        progression = ' page-progression-direction="rtl"' if opening.direction == "rtl" else ""
        number = uuid.uuid5(uuid.NAMESPACE_URL, opening.url)
        at = modified.astimezone(UTC)
        about = f"<dc:description>{escape(opening.standfirst)}</dc:description>\n"
        return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" \
xml:lang="{escape(opening.lang)}" dir="{opening.direction}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{number}</dc:identifier>
<dc:title>{escape(f"{opening.site.title}: {opening.title}")}</dc:title>
{"".join(f"<dc:language>{escape(lang)}</dc:language>" for lang in languages)}
<dc:creator>{escape(opening.site.publisher)}</dc:creator>
<dc:publisher>{escape(opening.site.publisher)}</dc:publisher>
<dc:source>{escape(opening.url)}</dc:source>
{about if opening.standfirst else ""}<dc:date>{at:%Y-%m-%d}</dc:date>
<meta property="dcterms:modified">{at:%Y-%m-%dT%H:%M:%SZ}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta name="cover" content="cover-image"/>
</metadata>
<manifest>
{chr(10).join(items)}
</manifest>
<spine{progression}>
<itemref idref="cover" linear="no"/>
{spine}
</spine>
</package>
"""

    def _navigation(self, chapters: Sequence[Chapter]) -> str:
        rows = "\n".join(
            f'<li><a href="{found.file}">{escape(found.title)}</a></li>' for found in chapters
        )
        # Translators: the cover of a book, in its list of parts.
        cover = escape(without_marks(self.site.plan.words("Cover")))
        body = f"""<body>
<nav epub:type="toc" id="toc"><h1>{escape(self.opening.title)}</h1>
<ol>
{rows}
</ol>
</nav>
<nav epub:type="landmarks" hidden="hidden"><ol>
<li><a epub:type="cover" href="cover.xhtml">{cover}</a></li>
<li><a epub:type="bodymatter" href="000.xhtml">{escape(self.opening.title)}</a></li>
</ol></nav>
</body>"""
        return _page(self.opening.title, self.opening.lang, self.opening.direction, body)

    def _cover_page(self) -> str:
        title = escape(f"{self.opening.site.title}: {self.opening.title}")
        body = f'<body epub:type="cover"><p><img src="cover.png" alt="{title}"/></p></body>'
        return _page(self.opening.title, self.opening.lang, self.opening.direction, body)


_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>\
</rootfiles>
</container>
"""


def _page(title: str, lang: str, direction: str, body: str) -> str:
    """Return a whole document; `body` is its element `body`."""
    tag = escape(lang)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="{_XHTML}" xmlns:epub="{_OPS}" lang="{tag}" xml:lang="{tag}" dir="{direction}">
<head><title>{escape(title)}</title><link rel="stylesheet" href="style.css"/></head>
{body}
</html>
"""


def _zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP file of fixed dates; its first file names its type (EPUB 3.3, 4.3)."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, data in (("mimetype", b"application/epub+zip"), *sorted(files.items())):
            entry = zipfile.ZipInfo(path, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            stored = path == "mimetype" or path.endswith((".png", ".jpg", ".jpeg", ".webp"))
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made.getvalue()
