"""A kind of fact about a site, which planning reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from builder.content.record import encode
from builder.site.indexes import FactSource
from builder.store import digest

Value = TypeVar("Value")

_SIZE = 8  # bytes of a digest


class Fact(NamedTuple, Generic[Value]):
    """A kind of fact; names are `kind key`, such as `company scale-ai`."""

    kind: str
    words: str  # for `build --explain`; `{}` is the key
    read: Callable[[FactSource, str], Value]
    hash: Callable[[FactSource, str], bytes] | None = None  # must accept removed keys too
    listed: bool = False  # depends only on what `Lists.digest` covers
    texts: bool = False  # depends on titles, summaries or texts of several records
    of_brief: bool = False  # the key is the slug of a brief, described by its path

    def digest(self, source: FactSource, key: str) -> bytes:
        """Return a digest of the value."""
        return self.hash(source, key) if self.hash else hash_of(encode(self.read(source, key)))


def hash_of(data: bytes) -> bytes:
    """Return a digest of an encoded value."""
    return digest(data, _SIZE)


def split_key(key: str) -> tuple[str, str]:
    """Split a key into two words; the second may have spaces."""
    first, _, second = key.partition(" ")
    return first, second


def split_block(key: str) -> tuple[str, int]:
    """Split a key into a month and a number."""
    month, number = split_key(key)
    return month, int(number)
