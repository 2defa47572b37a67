"""HTML of an archive, parsed as a browser would, without what a text does not need.

Scripts, styles, forms and widgets go; what remains has the elements that Markdown can express."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from builder.importers.notes import Note

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

DEEPEST = 200  # levels; of deeper HTML, only the text is kept
_TAGS = frozenset((
    "a", "abbr", "article", "aside", "b", "blockquote", "br", "caption", "center", "cite",
    "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "iframe", "img", "ins",
    "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section",
    "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "audio",
    "wbr",
))  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "title"},
    "img": {
        "src",
        "alt",
        "title",
        "width",
        "height",
        "data-src",
        "data-lazy-src",
        "data-orig-file",
    },
    "iframe": {"src", "title", "data-src"},
    "video": {"src", "poster"},
    "audio": {"src"},
    "source": {"src"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan"},
}
_WITH_CONTENT = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "button",
        "select",
        "textarea",
        "svg",
        "math",
        "head",
    )
)
_DROPPED = re.compile(r"<(script|style|form|object|applet|canvas|button|input|select)\b", re.I)
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*?(/?)>")
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr",
))  # fmt: skip
# Blocks that ask readers to subscribe or to share, by a class of theirs.
_WIDGETS = re.compile(
    r"\b(subscription-widget-wrap|subscription-widget|subscribe-widget|button-wrapper|sharedaddy"
    r"|jp-relatedposts|kg-signup-card|kg-button-card|wp-block-buttons|mc_embed_signup|addtoany_\w+"
    r"|install-substack-app-embed|poll-embed|paywall-jump|footnote-hovercard\w*)\b"
)
_BLOCKS = [
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "pre",
    "blockquote",
    "table",
    "figure",
    "hr",
]


def depth_of(html: str) -> int:
    """Return about how deeply elements are nested."""
    depth = deepest = 0
    for match in _OPENING.finditer(html):
        if match[2].lower() in _VOID or match[3]:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def clean_html(html: str, place: str, notes: list[Note]) -> BeautifulSoup:
    """Return the elements of a text; notes what was dropped."""
    import nh3
    from bs4 import BeautifulSoup

    for name, count in sorted(Counter(m[1].lower() for m in _DROPPED.finditer(html)).items()):
        notes.append(Note("scripts", place, f"<{name}>", count))
    if depth_of(html) > DEEPEST:
        notes.append(Note("markup", place, f"elements are nested more than {DEEPEST} levels deep"))
        html = _flat(html)
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={name: set(values) for name, values in _ATTRIBUTES.items()},
        link_rel=None,
    )
    soup = BeautifulSoup(cleaned, "html.parser")
    for tag in soup.find_all(class_=_WIDGETS):
        if not tag.decomposed:
            notes.append(Note("scripts", place, "a widget"))
            tag.decompose()
    for picture in soup.find_all("img"):
        _source(picture)
    _unlink_previews(soup)
    _flatten_layout(soup)
    return soup


def _flat(html: str) -> str:
    """Return the text of elements, each block as a paragraph."""
    html = re.sub(r"(?is)<(script|style|noscript|template)\b.*?</\1\s*>", " ", html)
    return re.sub(
        r"<[^<>]*>", lambda m: "<br><br>" if re.match(r"</?(div|p|li|td)\b", m[0]) else " ", html
    )


def _source(picture: Tag) -> None:
    """Give a picture the address that a script would have given it, or remove a tracking pixel."""
    for name in ("data-orig-file", "data-src", "data-lazy-src"):
        if value := picture.get(name):
            picture["src"] = value
            break
    small = {str(picture.get("width", "")), str(picture.get("height", ""))}
    source = str(picture.get("src", ""))
    if not source or small == {"1"} or source.startswith("data:"):
        picture.decompose()


_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp)(?:[?#].*)?$", re.I)


def _unlink_previews(soup: BeautifulSoup) -> None:
    """Remove the links from pictures to themselves in full size."""
    for link in soup.find_all("a"):
        alone = link.find("img") and not link.get_text(strip=True)
        if alone and _PICTURE.search(str(link.get("href", ""))):
            link.unwrap()


def _flatten_layout(soup: BeautifulSoup) -> None:
    """Turn tables that only lay a page out into blocks, as those of emails are."""
    for table in soup.find_all("table"):
        rows = table.find_all("tr")
        widest = max((len(row.find_all(["td", "th"], recursive=False)) for row in rows), default=0)
        if widest > 1 and not table.find(_BLOCKS) and "role" not in table.attrs:
            continue
        for part in [
            *table.find_all(["thead", "tbody", "tfoot", "tr", "td", "th", "caption"]),
            table,
        ]:
            part.name = "div"
            part.attrs = {}
