"""The HTML of a message: rules in its elements, absolute addresses, nothing that acts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.extras import MissingExtra
from builder.mail.elements import Element, Verbatim, as_html, parse
from builder.mail.problem import MailError

WIDTH = 560  # pixels of a picture, at most: the column without its edges
# What no e-mail program shows, or what acts. A link takes the place of what has an address.
_LEFT_OUT = frozenset(
    {
        "script", "iframe", "object", "embed", "form", "input", "button", "select", "textarea",
        "video", "audio", "svg", "math", "canvas", "link", "base", "template", "noscript", "dialog",
    }
)  # fmt: skip
_DROPPED = (
    "srcset",
    "sizes",
    "loading",
    "decoding",
    "fetchpriority",
    "contenteditable",
    "hreflang",
)
_NEVER_SHOWN = (".svg", ".avif")  # pictures that most programs do not show
_ADDRESS = {"a": "href", "img": "src"}
_ABSOLUTE = re.compile(r"https?://[^/?#\s]+|mailto:[^\s]+@", re.IGNORECASE)
_LOCAL = re.compile(
    r"https?://(localhost|127\.|0\.0\.0\.0|\[::1?\]|[^/?#]*\.(localhost|local|test|internal)\b)",
    re.IGNORECASE,
)


def message_html(page: str, url: str) -> str:
    """Return a rendered message as e-mail programs can show it.

    `url` is the address of the page with the same content, to which its own anchors lead. Raises
    MailError for an address that no reader could open."""
    root = parse(_inlined(page))
    _clean(root, url)
    faults = [*_wrong_addresses(root)]
    if faults:
        raise MailError("\n".join(dict.fromkeys(faults)))
    return as_html(root)


def _inlined(page: str) -> str:
    """Return HTML with the rules of its style sheets in its elements."""
    try:
        import css_inline
    except ImportError:
        raise MissingExtra("css-inline", "mail") from None
    inliner = css_inline.CSSInliner(
        keep_at_rules=True, load_remote_stylesheets=False, minify_css=True
    )
    try:
        return str(inliner.inline(page))
    except css_inline.InlineError as error:
        raise MailError(f"the style sheet of the message has a mistake: {error}") from None


_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def _clean(root: Element, url: str) -> None:
    ruled = {name for e in root.walk() if e.tag == "style" for name in _CLASS.findall(e.text)}
    for element in [*root.walk()]:
        kept: list[Element | Verbatim | str] = []
        for child in element.inside:
            kept += _shown(child)
        element.inside = kept
        for name in [n for n in element.given if n.startswith("on") or n in _DROPPED]:
            del element.given[name]
        names = [n for n in element.given.pop("class", "").split() if n in ruled]
        if names:
            element.given["class"] = " ".join(names)
        if element.tag in _ADDRESS:
            _address(element, url)
    head = root.find("head")
    if head:  # css-inline puts the style sheet first, which may push this out of reach
        charset = [e for e in head.inside if isinstance(e, Element) and "charset" in e.given]
        head.inside = [*charset, *(e for e in head.inside if e not in charset)]


def _shown(child: Element | Verbatim | str) -> list[Element | Verbatim | str]:
    """Return what takes the place of a part of a message."""
    if isinstance(child, str):
        return [child]
    if isinstance(child, Verbatim):
        # Conditional comments are for Outlook; others are notes of authors.
        is_kept = child.text.lower().startswith(("<!--[if", "<!--<![endif", "<!doctype"))
        return [child] if is_kept else []
    if child.tag == "picture":
        return [
            found for found in child.inside if isinstance(found, Element) and found.tag == "img"
        ]
    if child.tag in _LEFT_OUT:
        address = child.given.get("src", "")
        if child.tag in ("iframe", "video", "audio") and _ABSOLUTE.match(address):
            link = Element("a", {"href": address})
            link.inside = [child.given.get("title") or address]
            return [link]
        return []
    if child.tag == "img" and _path(child.given.get("src", "")).endswith(_NEVER_SHOWN):
        alt = child.given.get("alt", "")
        return [f"[{alt}]"] if alt else []
    if child.tag in ("details", "summary"):  # programs show no fold, or no way to open one
        child.tag = "div"
    return [child]


def _path(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0].lower()


def _address(element: Element, url: str) -> None:
    name = _ADDRESS[element.tag]
    written = element.given.get(name)
    if written is not None and written.startswith("#") and written != "#":
        element.given[name] = f"{url}{written}"
    if element.tag == "img":
        element.given.setdefault("alt", "")
        width = element.given.get("width", "")
        if not width.isdigit() or int(width) > WIDTH:
            element.given["width"] = str(WIDTH)
            element.given.pop("height", None)
        height = element.given.pop("height", "")
        if height.isdigit() and width.isdigit() and int(width) <= WIDTH:
            element.given["height"] = height
        element.given["style"] = "display:block;max-width:100%;height:auto;border:0"


def _wrong_addresses(root: Element) -> Iterator[str]:
    """Yield a sentence for each address that no reader could open."""
    for element in root.walk():
        name = _ADDRESS.get(element.tag, "")
        written = element.given.get(name)
        if written is None or not name:
            continue
        words = " ".join(element.text.split())[:60] or element.given.get("alt", "")[:60]
        what = f"the {'picture' if element.tag == 'img' else 'link'} “{words}”"
        if not _ABSOLUTE.match(written):
            yield (
                f"{what} has the relative address `{written}`, which leads nowhere in a message;"
                " write it in full, or begin it with `/`"
            )
        elif _LOCAL.match(written):
            yield (
                f"{what} leads to {written}, which only this machine can open; set `base_url` in"
                " site.yaml to the address of the deployed site"
            )
