"""Rules for `[[references]]`, `{{figures}}`, links and pictures."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import cast
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from builder.content.addresses import is_absolute, is_web, misread_address
from builder.content.markdown.figures import caption_of
from builder.content.markdown.places import address_place, span_place
from builder.content.markdown.unread_patterns import MARKUP
from builder.content.markdown.work import FIGURE, RenderState, inlines, plain_text, work_of
from builder.content.picture_address import is_remote, media_name, remote_picture
from builder.diagnostics.diagnostic import Place
from builder.diagnostics.misread import Misread
from builder.model.body import InternalLink, ReferenceKind
from builder.patterns import pattern

_REFERENCE = pattern(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")


_KINDS = ("brief", "company", "topic", "thread", "person", "page")


def reference_rule(state: StateInline, silent: bool) -> bool:
    match = _REFERENCE.match(state.src, state.pos)
    if not match or state.linkLevel or not match[1].strip():
        return False
    if not silent:
        token = state.push("reference", "", 0)
        span = (state.pos, match.end())
        token.meta = {"span": span, "target": match[1].strip(), "label": match[2]}
    state.pos = match.end()
    return True


def figure_rule(state: StateInline, silent: bool) -> bool:
    match = FIGURE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("figure", "", 0)
        token.meta = {"span": (state.pos, match.end()), "id": match[1]}
    state.pos = match.end()
    return True


def find_references(state: StateCore) -> None:
    """Replace `[[…]]` and `{{figure:id}}` by placeholders.

    Only the whole site can resolve the target and title of a reference, or print a figure."""
    work = work_of(state)
    for inline, _, lines in inlines(state, "[[", "{{"):
        for token in inline.children or ():
            if token.type == "reference":
                at = partial(span_place, work, inline, lines)
                target, label, span = token.meta["target"], token.meta["label"], token.meta["span"]
                token.type = "html_inline"
                token.content = reference_link(work, target, label, span, at)
            elif token.type == "figure":
                place = span_place(work, inline, lines, *token.meta["span"])
                token.type, token.content = (
                    "html_inline",
                    figure_value(work, token.meta["id"], place),
                )


def figure_value(work: RenderState, id: str, place: Place) -> str:
    """Return the placeholder of a figure's value."""
    return work.placeholder("figure", id, "", place)[:-1] + "t\0"


_PlaceAt = Callable[[int, int], Place]


def _with_figures(work: RenderState, text: str, start: int, place_at: _PlaceAt) -> str:
    """Return a text as HTML, with placeholders for its figures.

    `start` is its offset in the block."""
    made, after = [], 0
    for match in FIGURE.finditer(text):
        place = place_at(start + match.start(), start + match.end())
        made += [html.escape(text[after : match.start()]), figure_value(work, match[1], place)]
        after = match.end()
    return "".join([*made, html.escape(text[after:])])


def reference_link(
    work: RenderState, target: str, label: str | None, span: tuple[int, int], place_at: _PlaceAt
) -> str:
    """Return the link of a reference, with a placeholder.

    `span` is that of the reference in its block."""
    place = place_at(*span)
    kind, colon, rest = target.partition(":")
    if colon and kind in _KINDS:
        name, _, fragment = rest.strip().partition("#")
        placeholder = work.placeholder(cast("ReferenceKind", kind), name, fragment, place)
        text = placeholder[:-1] + "t\0"  # replaced by the title of the target
    else:
        placeholder = work.placeholder("name", target, "", place)
        text = html.escape(target)
        for company in work.companies:
            if target in company.names:
                work.mentioned.add(company.url)
    if label:
        text = _with_figures(work, label, span[1] - len("]]") - len(label), place_at).strip()
    return f'<a href="{placeholder}">{text}</a>'


def check_links(state: StateCore) -> None:
    """Check the address of every link and picture.

    Internal links are recorded for a later check, external ones get a `rel`, and unsafe ones are
    errors."""
    work = work_of(state)
    for inline, _, lines in inlines(state, "[", "<", "://"):
        for token in inline.children or ():
            if token.type == "link_open":
                place = partial(address_place, work, inline, lines, token)
                href = str(token.attrs.get("href", ""))
                token.attrs["href"], is_external = link_address(work, href, place)
                if is_external:
                    token.attrSet("rel", EXTERNAL)
            elif token.type == "image":
                at = partial(span_place, work, inline, lines)
                _image(work, token, address_place(work, inline, lines, token), at)


EXTERNAL = "external noopener"  # `rel` of a link to another site


def link_address(work: RenderState, href: str, place: Callable[[], Place]) -> tuple[str, bool]:
    """Return the address of a link for the page, or report it.

    The other value says whether it is external."""
    if work.base_url and f"{href}/".startswith(f"{work.base_url}/"):
        href = href.removeprefix(work.base_url) or "/"
    if _PLAIN.match(href):
        return href, True
    path, _, fragment = href.partition("#")
    if (
        path.lower().endswith((".md", ".markdown"))
        and not href.startswith("/")
        and not is_absolute(href)
    ):
        return work.placeholder("file", unquote(path), unquote(fragment), place()), False
    wrong = None if href.startswith("#") else misread_address(href)
    if wrong:
        work.report(wrong.code, wrong.message, wrong.hint, place())
        return "#", False
    if href.startswith(("/", "#")):
        work.links.append(InternalLink(unicodedata.normalize("NFC", unquote(href)), place()))
        work.mentioned.add(href.partition("#")[0])
        return href, False
    return href, is_web(href)


_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,4})?(?:[/?#]|$)")


def _image(work: RenderState, token: Token, place: Place, place_at: _PlaceAt) -> None:
    source = str(token.attrs.get("src", ""))
    written = token.content
    if not token.content.strip():
        hint = "describe what it shows: `![a sign](…)`"
        work.report("image-without-alt", "the picture has no alternative text", hint, place)
    token.type = "html_inline"
    token.content = ""
    try:
        address, more = _picture_address(work, source, place)
    except Misread as bad:
        work.report(bad.code, bad.message, bad.hint, place)
        return
    alt = html.escape(plain_text(token) or written)
    if FIGURE.search(written):
        start = token.meta.get("span", (0, 0))[0] + len("![")
        alt = _with_figures(work, written, start, place_at)
    title = str(token.attrs.get("title") or "")
    is_figure = bool(token.meta.get("alone"))
    _check_caption(work, title, is_figure, place)
    below = caption_of(title, work.language) if is_figure else ""
    tip = f' title="{html.escape(title)}"' if title and not below else ""
    token.content = f'<img src="{address}"{more} alt="{alt}"{tip} loading="lazy">{below}'


def _check_caption(work: RenderState, title: str, is_figure: bool, place: Place) -> None:
    """Report a credit that nobody sees, and Markdown in a caption, which is plain text."""
    if "|" in title.strip(" |") and not is_figure:
        credit = title.rpartition("|")[2].strip()
        message = f"the credit `{credit}` is not shown, nor is the caption"
        hint = "put the picture alone in a paragraph, outside lists, links and notes"
        work.report("unread-markdown", message, hint, place)
    for found in MARKUP.finditer(title):
        message = f"`{found[0]}` is shown as it is written"
        hint = "remove the markup: the caption of a picture is plain text"
        work.report("unread-markdown", message, hint, place)


def _picture_address(work: RenderState, source: str, place: Place) -> tuple[str, str]:
    """Return a placeholder for the address of a picture, and further attributes."""
    if is_remote(source):
        found = remote_picture(source)
        size = f' width="{found.width}" height="{found.height}"' if found.width else ""
        placeholder = work.placeholder("picture", found.url, "", place)
        return placeholder, f'{size} referrerpolicy="no-referrer"'
    written = unicodedata.normalize("NFC", unquote(source))
    name = media_name(written, work.document.path)
    if name is None:
        hint = "put the file in content/media/, and write `/media/name.jpg`"
        raise Misread("invalid-media", f"`{unquote(source)}` is not a picture on this site", hint)
    return work.placeholder("media", name, "", place), ""
