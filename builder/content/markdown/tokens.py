"""Tokens as markdown-it makes them, in half the time."""

from __future__ import annotations

from typing import Any, Literal

from markdown_it.token import Token


def token_of(
    kind: str,
    tag: str,
    nesting: Literal[-1, 0, 1],
    level: int = 0,
    lines: list[int] | None = None,
    content: str = "",
    mark: str = "",
    children: list[Token] | None = None,
    meta: dict[str, Any] | None = None,
    block: bool = False,
    hidden: bool = False,
) -> Token:
    """Return a token without attributes.

    Its fields are set one by one: the constructor also converts attributes of other forms."""
    token = Token.__new__(Token)
    token.type, token.tag, token.nesting, token.level = kind, tag, nesting, level
    token.attrs, token.map, token.children = {}, lines, children
    token.content, token.markup, token.info = content, mark, ""
    token.meta = {} if meta is None else meta
    token.block, token.hidden = block, hidden
    return token
