"""Links the first mention of each company that a brief lists."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.markdown.work import RenderState, html_of, inlines, text_of, work_of
from builder.names.mentions import find_name, plain_text


def link_companies(state: StateCore) -> None:
    """Link the first mention of each company that the file lists.

    Only whole words with the same case match, as far as a script has words, and the longest name
    wins. Headings, links, code and the attribution of a quotation are skipped."""
    waiting = WaitingCompanies(work_of(state), state.src)
    for inline, block, _ in inlines(state):
        if (block and block.type == "heading_open") or inline.meta.get("attribution"):
            continue
        if not waiting.names:
            return
        if waiting.near(inline.content):
            inline.children = list(_link_first(inline.children or [], waiting))


class WaitingCompanies:
    """The companies of a file without a link."""

    def __init__(self, work: RenderState, source: str) -> None:
        self.names = {c.url: c.names for c in work.companies if c.url not in work.mentioned}
        owners = ((name, url) for url, names in self.names.items() for name in names)
        self.owner = {plain_text(name): url for name, url in owners}
        # Escapes and entities may hide the beginning of a name.
        self.leads = () if "\\" in source or "&" in source else _leads(self.owner)

    def near(self, text: str) -> bool:
        """Return whether a block may mention one of them."""
        return not self.leads or _has_one(plain_text(text), self.leads)

    def link(self, text: str) -> list[tuple[str, str]]:
        """Cut a text at its first mentions of companies.

        Each part is either text or HTML; the other of the two is empty."""
        parts: list[tuple[str, str]] = []
        position = 0
        for start, name in _mentions(text, self.owner):
            url, end = self.owner[name], start + len(name)
            if self.names.pop(url, None) is None:
                continue
            if start > position:
                parts.append((text[position:start], ""))
            parts.append(("", f'<a href="{url}">{html.escape(text[start:end])}</a>'))
            position = end
            if not self.names:
                break
        if position < len(text) or not parts:
            parts.append((text[position:], ""))
        return parts


def _leads(names: Iterable[str]) -> tuple[str, ...]:
    """Return the letters that each name begins with; nothing if one begins otherwise.

    Parsing changes no ASCII letter, so a plain text without any of them has no name."""
    leads = {_LEAD.split(name, maxsplit=1)[0] for name in names}
    return () if "" in leads else tuple(sorted(leads))


_LEAD = re.compile(r"[^A-Za-z0-9]")


def _has_one(text: str, leads: Iterable[str]) -> bool:
    for lead in leads:  # noqa: SIM110 - `any` takes twice as long
        if lead in text:
            return True
    return False


def _link_first(tokens: list[Token], waiting: WaitingCompanies) -> Iterator[Token]:
    depth = 0
    for token in _joined(tokens):
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or depth or not waiting.names:
            yield token
            continue
        for text, link in waiting.link(token.content):
            if link:
                yield html_of(link)
            else:
                yield text_of(text)


def _joined(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens with the lines of a paragraph joined.

    A name may begin on one line and end on the next."""
    run: list[str] = []
    for token in tokens:
        if token.type in ("text", "softbreak"):
            run.append(token.content if token.type == "text" else "\n")
            continue
        if run:
            yield text_of("".join(run))
            run = []
        yield token
    if run:
        yield text_of("".join(run))


def _mentions(text: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the offset and name of each mention, from left to right.

    Names match whole words and never overlap; of those that begin at one offset, the longest
    wins."""
    text = plain_text(text)  # this keeps all offsets
    # The offset of the next mention of each name. (Compiling a regular expression for every set of
    # companies takes longer than this search.)
    following = {name: at for name in names if (at := find_name(text, name)) >= 0}
    end = 0
    while following:
        for name, at in [*following.items()]:
            if at < end:
                following[name] = find_name(text, name, end)
                if following[name] < 0:
                    del following[name]
        if not following:
            return
        start, _, name = min((at, -len(name), name) for name, at in following.items())
        yield start, name
        end = start + len(name)
