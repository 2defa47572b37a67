"""Inline markup in its plainest forms, as the tokens that markdown-it makes of it.

Emphasis, links and references with plain text in them, figures and line breaks. At any doubt
`plain_inline` returns None, and markdown-it parses the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.token import Token

from builder.content.markdown.tokens import token_of

# Signs of markup that is not read here.
_DOUBT = re.compile(r"[\\`&<~_\t]")
_DOUBTS = ("![", "^[", "  ", " \n", "\n ")
_LEFT = re.compile(r"[*\[\]{]")
_BEFORE = ("", " ", "\n", "(")
_AFTER = ("", " ", "\n", ".", ",", ";", ":", ")", "?")
# Every alternative begins with a character, so that the search is quick.
_MARKUP = re.compile(
    r"\n"
    r"|\*(?P<strong>\*)?(?P<inner>[^\s*\[\]](?:[^*\[\]\n]*[^\s*\[\]])?)\*(?(strong)\*)"
    r"|\{\{\s*figure:\s*(?P<figure>[^{}\s]+)\s*\}\}"
    r"|\[\[(?P<target>[^\[\]|\n*]+)(?:\|(?P<label>[^\[\]\n*]+))?\]\]"
    r"|\[(?P<text>[^\[\]\n*!]+)\]\((?P<url>[A-Za-z0-9/:.#?=%~,;@+-]+)\)"
)


def plain_inline(text: str, address: Callable[[str], str]) -> list[Token] | None:
    """Return the tokens of a text, or None at a doubt.

    `address` returns the address of a link as it is printed."""
    if _DOUBT.search(text):
        return None
    for sign in _DOUBTS:
        if sign in text:
            return None
    tokens: list[Token] = []
    at = 0
    for match in _MARKUP.finditer(text):
        start, end = match.span()
        if start > at:
            _add_text(tokens, text[at:start])
        at = end
        if inner := match["inner"]:
            # Where asterisks can only open, and only close (CommonMark 6.2).
            if text[start - 1 : start] not in _BEFORE or text[end : end + 1] not in _AFTER:
                return None
            mark = "**" if match["strong"] else "*"
            _emphasize(tokens, mark, inner)
        elif link := match["text"]:
            opened = token_of("link_open", "a", 1)
            opened.attrs, opened.meta = {"href": address(match["url"])}, {"span": (start, end)}
            tokens += (opened, _text(link, 1), token_of("link_close", "a", -1))
        elif target := match["target"]:
            if not target.strip():
                return None
            meta = {"span": (start, end), "target": target.strip(), "label": match["label"]}
            tokens.append(token_of("reference", "", 0, meta=meta))
        elif figure := match["figure"]:
            meta = {"span": (start, end), "id": figure}
            tokens.append(token_of("figure", "", 0, meta=meta))
        else:
            tokens.append(token_of("softbreak", "br", 0))
    if at < len(text):
        _add_text(tokens, text[at:])
    for token in tokens:  # `any` takes twice as long
        if _LEFT.search(token.content):
            return None
    return tokens


def _add_text(tokens: list[Token], text: str) -> None:
    if tokens and tokens[-1].type == "text":
        tokens[-1].content += text  # after the empty one that an asterisk left
    else:
        tokens.append(_text(text))


def _emphasize(tokens: list[Token], mark: str, text: str) -> None:
    name = "strong" if mark == "**" else "em"
    if name == "strong" and not (tokens and tokens[-1].type == "text"):
        tokens.append(_text(""))  # what is left of the first asterisk
    tokens += (
        token_of(f"{name}_open", name, 1, mark=mark),
        _text(text, 1),
        token_of(f"{name}_close", name, -1, mark=mark),
    )
    if name == "strong":
        tokens.append(_text(""))  # and of the last one


def _text(text: str, level: int = 0) -> Token:
    return token_of("text", "", 0, level, None, text)
