"""Redirects as servers and hosts write them: encoded, quoted, with queries."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote

from builder.patterns import pattern

_PLAIN = pattern(r"[A-Za-z0-9/._~!'(),@&=+-]+")


class Moved(NamedTuple):
    """A former address: its decoded path, its query, and the address now."""

    path: str
    query: str
    target: str

    @property
    def encoded(self) -> str:
        """The path as browsers request it."""
        return quote(self.path, safe="/~!'(),@&=+")

    @property
    def quoted(self) -> str:
        """The decoded path as a word of a configuration file."""
        return self.path if _PLAIN.fullmatch(self.path) else f'"{self.path}"'


def moved(redirects: tuple[tuple[str, str], ...]) -> list[Moved]:
    """Return redirects with their queries apart, those with a query first."""
    found = [Moved(*_split(old), new) for old, new in redirects]
    return sorted(found, key=lambda one: not one.query)


def _split(address: str) -> tuple[str, str]:
    path, _, query = address.partition("?")
    return unquote(path), query
