"""The direction of what runs against the direction of its text.

A text has the direction of its language, and a paragraph, a heading or a quotation in another one
has `dir`: an English quotation in Arabic. What is shorter, such as a name in a list or in a link,
is one piece (`<bdi>`, or `dir` of the link), so that its punctuation stays with it. Nothing changes
in a text all of whose letters run in its own direction.
"""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.content.markdown.work import html_of, plain_text, work_of
from builder.language.direction import (
    Direction,
    direction,
    foreign_direction,
    has_right_to_left,
    signed_numbers,
)
from builder.patterns import pattern

_LINK = '<a href="'
_LABEL = pattern(r">([^<]*)</a>")
_CODE = ("code_inline", "code_block", "fence")
_BLOCKS = ("paragraph_open", "heading_open")


def set_directions(state: StateCore) -> None:
    """Give blocks, cells, links and code their direction where it differs."""
    own = direction(work_of(state).language)
    if own == "ltr" and (state.src.isascii() or not has_right_to_left(state.src)):
        return
    quotations: list[_Quotation] = []
    for n, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            quotations.append(_Quotation(token))
        elif token.type == "blockquote_close":
            quotations.pop().turn()
        elif token.type in _CODE and own == "rtl":
            token.attrSet("dir", "ltr")
        elif token.type == "inline" and not token.meta.get("attribution"):
            other = foreign_direction(plain_text(token), own)
            block = state.tokens[n - 1]
            if other and block.type in _BLOCKS and not block.hidden:
                block.attrSet("dir", other)
            elif other and token.children:
                token.children = [html_of("<bdi>"), *token.children, html_of("</bdi>")]
            else:
                _turn_links(token.children or (), own)
                _keep_signs(token.children or (), work_of(state).language)
            if quotations:
                quotations[-1].blocks.append(block if other else None)


class _Quotation:
    """A quotation with its blocks; those in its own direction are None."""

    def __init__(self, token: Token) -> None:
        self.token = token
        self.blocks: list[Token | None] = []

    def turn(self) -> None:
        """Move the direction of all blocks to the whole."""
        ways = {block and block.attrGet("dir") for block in self.blocks}
        if len(ways) == 1 and (way := ways.pop()):
            self.token.attrSet("dir", way)
            for block in self.blocks:
                if block:
                    del block.attrs["dir"]


def _turn_links(tokens: Iterable[Token], own: Direction) -> None:
    """Give links whose whole text runs in the other direction that direction, and code its own."""
    opened: Token | None = None
    label = ""
    for token in tokens:
        if token.type == "link_open":
            opened, label = token, ""
        elif token.type == "link_close":
            if opened and (other := foreign_direction(label, own)):
                opened.attrSet("dir", other)
            opened = None
        elif token.type == "html_inline":
            token.content = turned_link(token.content, own)
        elif token.type == "code_inline" and own == "rtl":
            token.attrSet("dir", "ltr")
        if opened and token.type in ("text", "code_inline"):
            label += token.content


def turned_link(html: str, own: Direction) -> str:
    """Return HTML, in which a link against `own` has its direction."""
    found = _LABEL.search(html) if html.startswith(_LINK) else None
    if found and (other := foreign_direction(found[1], own)):
        return html.replace('">', f'" dir="{other}">', 1)
    return html


def _keep_signs(tokens: Iterable[Token], language: str) -> None:
    for token in tokens:
        if token.type == "text":
            token.content = signed_numbers(token.content, language)
