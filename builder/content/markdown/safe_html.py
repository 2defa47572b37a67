"""HTML in Markdown, for sites with `html: safe`: what is allowed, and what is reported.

Each tag is rebuilt with its allowed attributes, so that its links and pictures are checked
like those of Markdown. At the end, nh3 parses the whole text as a browser does, which closes what
is open and removes what is not allowed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.comment_spans import comment_spans
from builder.content.markdown.html_elements import (
    ALLOWED,
    EVERYWHERE,
    OPTIONAL_END,
    SILENT,
    VOID,
    is_comparison,
)
from builder.content.markdown.places import span_place, text_offsets
from builder.content.markdown.work import RenderState, inlines, text_of, work_of
from builder.content.urls import split_address
from builder.diagnostics.diagnostic import Place
from builder.patterns import pattern

_SANDBOX = "allow-scripts allow-same-origin allow-popups allow-presentation"

_TAG = pattern(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    r"(?P<rest>(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*)\s*/?>"
    r"|<[!?][^<>]*>"
)
_ATTRIBUTE = pattern(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")


class _Removed:
    """What is removed, by kind: its first place and the number of times."""

    def __init__(self) -> None:
        self.kinds: dict[str, tuple[Place, int, str]] = {}

    def add(self, what: str, hint: str, place: Place) -> None:
        first, count, known = self.kinds.get(what, (place, 0, hint))
        self.kinds[what] = (first, count + 1, known)


class _Raw(NamedTuple):
    """A piece of HTML as written, and its place."""

    text: str
    work: RenderState
    inline: Token
    lines: tuple[int, int]
    offset: int  # in the text of the block

    def place(self, start: int, end: int) -> Place:
        at = self.offset
        return span_place(self.work, self.inline, self.lines, at + start, at + end)


def read_html(state: StateCore) -> None:
    """Keep the allowed part of HTML, and report the rest."""
    work = work_of(state)
    if work.html != "safe" or "<" not in state.src:
        return
    for n, token in enumerate(state.tokens):
        if token.type == "html_block":
            block = Token("inline", "", 0, map=token.map, content=token.content.rstrip("\n"))
            block.meta["html"] = True
            state.tokens[n] = block
    cleaner = _Cleaner(work)
    for inline, _, lines in inlines(state, "<"):
        if inline.meta.get("html"):
            raw = _Raw(inline.content, work, inline, lines, 0)
            inline.children = [*cleaner.read(raw), text_of("\n")]
        elif any(token.type == "html_inline" for token in inline.children or ()):
            inline.children = [*_block(cleaner, inline, lines)]
        cleaner.silent = ""  # an element without an end does not swallow the rest
    cleaner.end()


def _block(cleaner: _Cleaner, inline: Token, lines: tuple[int, int]) -> Iterator[Token]:
    """Yield the tokens of a block of Markdown with only allowed tags, all closed."""
    children, opened = inline.children or [], len(cleaner.open)
    # Offsets need the tokens as the parser made them.
    offsets = [*text_offsets(inline, "html_inline")]
    for token, offset in zip(children, offsets, strict=True):
        if token.type == "html_inline":
            yield from cleaner.read(_Raw(token.content, cleaner.work, inline, lines, offset))
        elif not cleaner.silent:
            yield token
    while len(cleaner.open) > opened:
        name, place = cleaner.pop()
        what, hint = f"`<{name}>` has no end in its paragraph", f"close it with `</{name}>`"
        cleaner.removed.add(what, hint, place)
        yield _ending(name)


class _Cleaner:
    """Reads the HTML of one text, piece by piece."""

    def __init__(self, work: RenderState) -> None:
        self.work, self.removed = work, _Removed()
        self.open: list[tuple[str, Place]] = []
        self.count: Counter[str] = Counter()  # of open elements, by name
        self.silent = ""  # the element whose content is being left out

    def read(self, raw: _Raw) -> Iterator[Token]:
        """Yield the tokens for a piece of HTML."""
        self.work.raw_html = True
        at = 0
        # Comments are removed before tags are read: one may contain `>`.
        for start, end in comment_spans(raw.text):
            yield from self._tags(raw, at, start)
            if end is None:
                message, hint = "the comment that begins here has no end", "end it with `-->`"
                place = raw.place(start, start + len("<!--"))
                self.work.report("comment-not-closed", message, hint, place)
                return
            at = end
        yield from self._tags(raw, at, len(raw.text))

    def _tags(self, raw: _Raw, at: int, end: int) -> Iterator[Token]:
        """Yield the tokens for a part of a piece without comments."""
        for match in _TAG.finditer(raw.text, at, end):
            if match.start() > at and not self.silent:
                yield text_of(html.unescape(raw.text[at : match.start()]))
            at = match.end()
            before = raw.inline.content[: raw.offset + match.start()]
            if is_comparison(before, match[0]):
                yield text_of(match[0])
            else:
                yield from self._tag(raw, match)
        if at < end and not self.silent:
            yield text_of(html.unescape(raw.text[at:end]))

    def pop(self) -> tuple[str, Place]:
        """Return the innermost open element, which ends here, and its place."""
        name, place = self.open.pop()
        self.count[name] -= 1
        return name, place

    def end(self) -> None:
        """Report what was removed, and elements without an end."""
        for name, place in self.open:
            if name not in OPTIONAL_END:
                self.removed.add(f"`<{name}>` has no end", f"close it with `</{name}>`", place)
        for what, (place, count, hint) in self.removed.kinds.items():
            more = (
                f", here and {count - 1} more time{'s' if count > 2 else ''}" if count > 1 else ""
            )
            self.work.report("html-removed", f"{what}{more}", hint, place)

    def _tag(self, raw: _Raw, match: re.Match[str]) -> Iterator[Token]:
        name, place = (match["name"] or "").lower(), raw.place(*match.span())
        if self.silent:
            if match["end"] and name == self.silent:
                self.silent = ""
        elif name not in ALLOWED:
            self._refuse(name or match[0], bool(match["end"]), place)
        elif match["end"]:
            yield from self._close(name, place)
        else:
            attributes = self._attributes(name, match["rest"] or "", place)
            yield from self._element(name, attributes, place)

    def _refuse(self, name: str, ends: bool, place: Place) -> None:
        if name in SILENT and not ends:
            self.silent = name
        if not ends:
            hint = "use Markdown, or put it in backticks to show it"
            if re.fullmatch("h[1-6]", name):
                hint = f"write `{'#' * max(2, int(name[1]))} ` for a heading"
            shown = name if name.startswith("<") else f"<{name}>"
            self.removed.add(f"`{shown}` is not allowed and is removed", hint, place)

    def _close(self, name: str, place: Place) -> Iterator[Token]:
        if name in VOID:
            return
        if not self.count[name]:
            self.removed.add(f"`</{name}>` closes nothing", "remove it, or open it before", place)
            return
        while self.open:
            inner, opened = self.pop()
            if inner == name:
                break
            yield _ending(inner)
            if inner not in OPTIONAL_END:
                hint = f"close it before `</{name}>` with `</{inner}>`"
                self.removed.add(f"`<{inner}>` has no end", hint, opened)
        yield _ending(name)

    def _attributes(self, name: str, written: str, place: Place) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(written):
            key = match[1].lower()
            if key in ALLOWED[name] or key in EVERYWHERE:
                found.setdefault(key, html.unescape(match[2] or match[3] or match[4] or ""))
            else:
                message = f"`{key}` of `<{name}>` is not allowed and is removed"
                self.removed.add(message, "remove it", place)
        return found

    def _element(self, name: str, attributes: dict[str, str], place: Place) -> Iterator[Token]:
        if name == "iframe":
            yield from self._frame(attributes, place)
            return
        if name == "img":
            yield _picture(attributes, place)
            return
        if name not in VOID:
            self.open.append((name, place))
            self.count[name] += 1
        if name == "a":
            token = Token("link_open", "a", 1)
            token.attrs = {"href": attributes.pop("href", ""), **attributes}
            token.meta["place"] = place
            yield token
            return
        opening = ""
        if name == "table":  # like `table_open`
            self.work.tables += 1
            label = f"Table {self.work.tables}" if self.work.tables > 1 else "Table"
            opening = f'<div class="table" role="region" aria-label="{label}" tabindex="0">'
        yield _html(f"{opening}<{name}{_written(attributes)}>")

    def _frame(self, attributes: dict[str, str], place: Place) -> Iterator[Token]:
        self.silent = "iframe"
        address = attributes.get("src", "")
        parts = split_address(address)
        if parts is None:
            what = f"a frame of `{address}` is not allowed and is removed"
            self.removed.add(what, "copy the address from the browser", place)
            return
        if parts.scheme != "https" or parts.netloc.lower() not in self.work.embeds:
            hint = (
                f"add `{parts.netloc or 'its host'}` to `embeds` in site.yaml, or link to the page"
            )
            if parts.scheme != "https":
                hint = "begin the address with `https://`"
            if "@" in parts.netloc or "\\" in parts.netloc:
                hint = "do not use this address, which disguises its host; link to the page instead"
            shown = parts.netloc or address or "an address"
            self.removed.add(f"a frame of `{shown}` is not allowed and is removed", hint, place)
            return
        if not attributes.get("title", "").strip():
            hint = 'add `title="…"` with what it shows'
            self.work.report("image-without-alt", "the frame has no title", hint, place)
            attributes["title"] = parts.netloc
        more = {"loading": "lazy", "sandbox": _SANDBOX}
        more["referrerpolicy"] = "strict-origin-when-cross-origin"
        yield _html(f"<iframe{_written({**attributes, **more})}></iframe>")


def _html(content: str) -> Token:
    token = Token("html_inline", "", 0)
    token.content = content
    return token


def _ending(name: str) -> Token:
    if name == "a":
        return Token("link_close", "a", -1)
    return _html(f"</{name}>" + ("</div>" if name == "table" else ""))


def _picture(attributes: dict[str, str], place: Place) -> Token:
    """Return the token of a picture, which is checked like one in Markdown."""
    token = Token("image", "img", 0)
    alt = attributes.get("alt", "")
    token.attrs = {"src": attributes.get("src", ""), "alt": ""}
    if title := attributes.get("title"):
        token.attrs["title"] = title
    token.content, token.children = alt, [text_of(alt)]
    token.meta["place"] = place
    return token


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
