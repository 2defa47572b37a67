"""Hashes of pages, with style sheets kept apart from the rest.

The address of a style sheet contains its digest, so every page changes when a style sheet does. If
the rest of a page is unchanged, a browser needs only the new style sheets.
"""

from __future__ import annotations

import hashlib
import html
import re
from typing import NamedTuple

_LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_REL = re.compile(rb"\brel\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)


class PageHash(NamedTuple):
    """A page's style sheets, and a digest of everything else."""

    rest: str
    styles: tuple[str, ...]

    @property
    def token(self) -> str:
        """Return an identifier for use in attributes and URLs."""
        styles = "\0".join(self.styles).encode("utf-8", "surrogateescape")
        return f"{self.rest}.{hashlib.blake2b(styles, digest_size=6).hexdigest()}"


def hash_page(page: bytes, *more: str) -> PageHash:
    """Return the hash of a page with `more` text on it."""
    styles: list[str] = []

    def without_address(link: re.Match[bytes]) -> bytes:
        tag = link[0]
        rel, href = _REL.search(tag), _HREF.search(tag)
        if rel is None or href is None or b"stylesheet" not in _value(rel).lower().split():
            return tag
        styles.append(html.unescape(_value(href).decode("utf-8", "surrogateescape")))
        return tag[: href.start()] + tag[href.end() :]

    digest = hashlib.blake2b(_LINK.sub(without_address, page), digest_size=12)
    for text in more:
        digest.update(f"\0{text}".encode())
    return PageHash(digest.hexdigest(), tuple(styles))


def _value(match: re.Match[bytes]) -> bytes:
    return match[1].strip(b"\"'")
