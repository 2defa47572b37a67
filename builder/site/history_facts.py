"""The kinds of fact about the published versions of briefs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.content.histories import HistoryFile
from builder.site.fact import Fact
from builder.site.indexes import FactSource
from builder.site.site import Site

HISTORY_FOLDER = "history/"  # below the address of a brief
_PAGE = re.compile(rf"(?:[A-Za-z-]+/)?briefs/[^/]+/{HISTORY_FOLDER}index\.html")


def is_history_page(path: str) -> bool:
    """Return whether a file of output/ is the history of a brief."""
    return _PAGE.fullmatch(path) is not None


def briefs_with_history(site: Site) -> Iterator[str]:
    """Yield the slugs of the public briefs that have had several versions.

    A withdrawn brief that tells nothing is not among them."""
    if not site.content.histories:
        return
    for slug in (*(entry.slug for entry in site.order), *site.withdrawn):
        outline = site.outlines[slug]
        if not outline.tells_nothing and outline.identity in site.content.histories:
            yield slug


def _file(s: FactSource, slug: str) -> HistoryFile | None:
    outline = s.site.outlines.get(slug)
    return s.site.content.histories.get(outline.identity) if outline else None


def _hash(s: FactSource, slug: str) -> bytes:
    found = _file(s, slug)
    return found.digest if found else b""


def _addresses(s: FactSource, _: str) -> tuple[str, ...]:
    whole = s.site.whole or s.site
    return tuple([s.site.entries[slug].url for slug in briefs_with_history(whole)])


# Its value is a summary: the words of the versions are read from the file.
HISTORY: Fact[HistoryFile | None] = Fact(
    "history", "published versions of {}", _file, _hash, of_brief=True
)
HISTORIES: Fact[tuple[str, ...]] = Fact(
    "histories", "addresses of briefs with several versions", _addresses
)
