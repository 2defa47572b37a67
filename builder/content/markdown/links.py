"""Rules for `[[references]]`, `{{figures}}`, links and pictures."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from builder.content.markdown.work import RenderState, inlines, plain_text, work_of
from builder.diagnostics.diagnostic import Place
from builder.model.body import InternalLink

_REFERENCE = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")


_KINDS = ("brief", "company", "topic", "thread", "person", "page")


def reference_rule(state: StateInline, silent: bool) -> bool:
    match = _REFERENCE.match(state.src, state.pos)
    if not match or state.linkLevel or not match[1].strip():
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.meta = {"written": match[0], "target": match[1].strip(), "label": match[2]}
    state.pos = match.end()
    return True


_FIGURE = re.compile(r"\{\{\s*figure:\s*([^{}\s]+)\s*\}\}")


def figure_rule(state: StateInline, silent: bool) -> bool:
    match = _FIGURE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("figure", "", 0)
        token.meta = {"written": match[0], "id": match[1]}
    state.pos = match.end()
    return True


def find_references(state: StateCore) -> None:
    """Replace `[[…]]` and `{{figure:id}}` by placeholders.

    Only the whole site can resolve the target and title of a reference, or print a figure."""
    work = work_of(state)
    for inline, _, lines in inlines(state, "[[", "{{"):
        for token in inline.children or ():
            if token.type == "reference":
                _make_reference(work, token, lines)
            elif token.type == "figure":
                place = work.find(token.meta["written"], lines)
                placeholder = work.placeholder("figure", token.meta["id"], "", place)
                token.type, token.content = "html_inline", placeholder[:-1] + "t\0"


def _make_reference(work: RenderState, token: Token, lines: tuple[int, int]) -> None:
    target, label = token.meta["target"], token.meta["label"]
    place = work.find(token.meta["written"], lines)
    kind, colon, rest = target.partition(":")
    if colon and kind in _KINDS:
        name, _, fragment = rest.strip().partition("#")
        placeholder = work.placeholder(kind, name, fragment, place)
    else:
        placeholder = work.placeholder("name", target, "", place)
        label = label or target
        for company in work.companies:
            if target in company.names:
                work.mentioned.add(company.url)
    token.type = "html_inline"
    # A placeholder with `t` is replaced by the title of the target.
    text = html.escape(label.strip()) if label else placeholder[:-1] + "t\0"
    token.content = f'<a href="{placeholder}">{text}</a>'


_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def check_links(state: StateCore) -> None:
    """Check the address of every link and picture.

    Internal links are recorded for a later check, external ones get a `rel`, and unsafe ones are
    errors."""
    work = work_of(state)
    for inline, _, lines in inlines(state, "[", "<"):
        for token in inline.children or ():
            if token.type == "link_open":
                token.attrs["href"] = _link(work, str(token.attrs.get("href", "")), token, lines)
            elif token.type == "image":
                _image(work, token, lines)


def _link(work: RenderState, href: str, token: Token, lines: tuple[int, int]) -> str:
    def place() -> Place:
        return work.find_address(href, lines)

    if work.base_url and f"{href}/".startswith(f"{work.base_url}/"):
        href = href.removeprefix(work.base_url) or "/"
    if scheme := _SCHEME.match(href):
        if scheme[0].lower() in ("http:", "https:"):
            if not re.match(r"https?://[^/?#]", href, re.IGNORECASE):
                work.report(
                    "invalid-link", f"`{href}` has no host", "copy the whole address", place()
                )
                return "#"
            token.attrSet("rel", "external noopener")
        elif scheme[0].lower() not in ("mailto:", "tel:"):
            message = f"a link to `{scheme[0]}` is not safe"
            work.report("unsafe-link", message, "use https, mailto or tel", place())
            return "#"
        return href
    if href.startswith("//") or href.startswith("/\\"):
        work.report("invalid-link", f"`{href}` has no protocol", f"write `https:{href}`", place())
        return "#"
    if href.startswith(("/", "#")):
        work.links.append(InternalLink(unicodedata.normalize("NFC", unquote(href)), place()))
        work.mentioned.add(href.partition("#")[0])
        return href
    path, _, fragment = href.partition("#")
    if path.endswith(".md"):
        return work.placeholder("file", unquote(path), unquote(fragment), place())
    hint = "begin it with `/` for a page of this site, or with `https://`"
    message = f"`{href}` is not an address" if href else "the link is empty"
    work.report("invalid-link", message, hint, place())
    return "#"


def _image(work: RenderState, token: Token, lines: tuple[int, int]) -> None:
    source = str(token.attrs.get("src", ""))
    place = work.find_address(source, lines)
    if not token.content.strip():
        hint = "describe what it shows: `![a sign](…)`"
        work.report("image-without-alt", "the picture has no alternative text", hint, place)
    if not source.startswith("/media/"):
        hint = "put the file in content/media/, and write `/media/name.jpg`"
        work.report(
            "invalid-media", f"`{unquote(source)}` is not a picture on this site", hint, place
        )
        return
    name = unicodedata.normalize("NFC", unquote(source.removeprefix("/media/")))
    placeholder = work.placeholder("media", name, "", place)
    token.type = "html_inline"
    alt = html.escape(plain_text(token) or token.content)
    title = token.attrs.get("title")
    caption = f' title="{html.escape(str(title))}"' if title else ""
    token.content = f'<img src="{placeholder}" alt="{alt}"{caption} loading="lazy">'
