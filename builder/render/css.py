"""The addresses in a style sheet: `url()`, and `@import` with a string (CSS Syntax Level 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

# Comments and other strings are matched too, so that nothing in them counts as an address.
_STRING = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
_TOKEN = re.compile(
    rf"(?=[/\"'@u])(?:"  # most places are none of these, which this decides at once
    rf"/\*.*?(?:\*/|\Z)"
    rf"|(?P<rule>@import\s+)(?P<imported>{_STRING})"
    rf"|(?P<import>@import\s+)?\burl\(\s*(?:(?P<quoted>{_STRING})|(?P<bare>[^\s\"'()\\]+))\s*\)"
    rf"|{_STRING})",
    re.DOTALL | re.IGNORECASE,
)


class CssLink(NamedTuple):
    """An address in a style sheet, with its place in the text."""

    address: str
    start: int
    end: int
    imported: bool  # whether it is the address of another style sheet


def css_links(text: str) -> Iterator[CssLink]:
    """Yield the addresses in a style sheet in their order."""
    for found in _TOKEN.finditer(text):
        if found["bare"]:
            yield CssLink(found["bare"], *found.span("bare"), bool(found["import"]))
            continue
        for group in ("imported", "quoted"):
            if quoted := found[group]:
                start, end = found.span(group)
                imported = bool(found["rule"] or found["import"])
                yield CssLink(quoted[1:-1], start + 1, end - 1, imported)


def replace_links(text: str, replaced: Callable[[CssLink], str]) -> str:
    """Return a style sheet with other addresses."""
    pieces, end = [], 0
    for link in css_links(text):
        pieces += [text[end : link.start], replaced(link)]
        end = link.end
    return "".join([*pieces, text[end:]])
