"""The records of a page that a build made, and of the links in a text."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from builder.model.body import InternalLink
from builder.model.time import Moment


class PageRow(Struct, frozen=True, array_like=True):
    """A page that a build made.

    `fields` has the digests of its context's fields, concatenated; `modified` is a moment and its
    precision; `digest` and `size` are those of its bytes."""

    url: str
    path: str
    template: str
    fields: bytes
    origin: str
    listed: bool
    modified: str
    anchors: tuple[str, ...]
    digest: str = ""
    size: int = 0
    alternates: tuple[tuple[str, str], ...] = ()  # its languages, with absolute addresses

    @property
    def last_change(self) -> Moment | None:
        """When its content last changed."""
        at, _, precision = self.modified.partition(" ")
        return Moment(datetime.fromisoformat(at), precision) if at else None  # type: ignore[arg-type]

    @property
    def shown(self) -> tuple[object, ...]:
        """The part that other pages and links depend on."""
        return self.url, self.origin, self.listed, self.modified, self.anchors, self.alternates


class RecordLinks(NamedTuple):
    """The internal links in a record's text, to check later.

    `anchors` are those of the text itself. Addresses are below `base`, where its edition begins."""

    path: str
    url: str
    anchors: tuple[str, ...]
    links: tuple[InternalLink, ...]
    base: str = ""
