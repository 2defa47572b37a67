"""Links the first mention of each company that a brief lists."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.markdown.work import inlines, text_of, work_of
from builder.names.mentions import find_name, plain_text


def link_companies(state: StateCore) -> None:
    """Link the first mention of each company that the file lists.

    Only whole words with the same case match, as far as a script has words, and the longest name
    wins. Headings, links, code and the attribution of a quotation are skipped."""
    work = work_of(state)
    waiting = {c.url: c.names for c in work.companies if c.url not in work.mentioned}
    if not waiting:
        return
    owner = {plain_text(name): url for url, names in waiting.items() for name in names}
    # Escapes and entities may hide the beginning of a name.
    leads = () if "\\" in state.src or "&" in state.src else _leads(owner)
    for inline, block, _ in inlines(state):
        if (block and block.type == "heading_open") or inline.meta.get("attribution"):
            continue
        if not waiting:
            return
        if leads and not _has_one(plain_text(inline.content), leads):
            continue
        inline.children = list(_link_first(inline.children or [], waiting, owner))


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


def _link_first(
    tokens: list[Token], waiting: dict[str, tuple[str, ...]], owner: dict[str, str]
) -> Iterator[Token]:
    depth = 0
    for token in _joined(tokens):
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or depth or not waiting:
            yield token
            continue
        text, position = token.content, 0
        for start, name in _mentions(text, owner):
            url, end = owner[name], start + len(name)
            if waiting.pop(url, None) is None:
                continue
            if start > position:
                yield text_of(text[position:start])
            link = Token("html_inline", "", 0)
            link.content = f'<a href="{url}">{html.escape(text[start:end])}</a>'
            yield link
            position = end
        if position == 0:
            yield token
        elif position < len(text):
            yield text_of(text[position:])


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
