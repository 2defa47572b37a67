"""Refuses sizes that no newsroom needs, so that a mistake or an attack stops no build."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from builder.diagnostics.diagnostic import Finding, Place
from builder.diagnostics.misread import Misread
from builder.model.settings import Limits

NO_LIMITS = Limits(items=sys.maxsize, paragraph=sys.maxsize, text=sys.maxsize)


def refuse_many(items: Sequence[object], limits: Limits, name: str) -> None:
    """Raise Misread if a list has too many items."""
    if len(items) > limits.items:
        message = f"`{name}` has {len(items):,} items; the limit is {limits.items:,}"
        raise Misread("too-many", message, f"remove some, or {_raise('items', len(items))}")


def refuse_long(text: str, limits: Limits, name: str) -> None:
    """Raise Misread if a text of the front matter is too long."""
    if len(text) > limits.paragraph:
        message = f"`{name}` has {len(text):,} characters; the limit is {limits.paragraph:,}"
        hint = f"shorten it, or {_raise('paragraph', len(text))}"
        raise Misread("too-long", message, hint)


def long_body(length: int, line: int, limits: Limits) -> Finding | None:
    """Return the finding for a long text, at its first line."""
    if length <= limits.text:
        return None
    message = f"the text has {length:,} characters; the limit is {limits.text:,}"
    hint = f"divide it into several files, or {_raise('text', length)}"
    return Finding(Place(line), "too-long", message, hint)


def long_paragraph(length: int, limits: Limits) -> tuple[str, str] | None:
    """Return the message and hint for a paragraph that is too long."""
    if length <= limits.paragraph:
        return None
    message = f"this paragraph has {length:,} characters; the limit is {limits.paragraph:,}"
    return message, f"divide it with blank lines, or {_raise('paragraph', length)}"


def _raise(name: str, size: int) -> str:
    """Return how to raise a limit, to a number with one digit that is not zero."""
    step = 10 ** (len(str(size)) - 1)
    return f"set `limits: {{{name}: {-(-size // step) * step}}}` in site.yaml"
