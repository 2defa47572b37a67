"""The texts of pages that were clipped into drafts, which may prove what a page said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from builder.clips import find_clips


def clipped_texts(root: Path, key: str) -> Iterator[tuple[datetime, str]]:
    """Yield the clipped texts of an address, the oldest first.

    `key` is the digest of the normalised address."""
    for clip in find_clips(root, key):
        try:
            at = datetime.fromisoformat(clip.at)
        except ValueError:
            continue
        yield at if at.tzinfo else at.replace(tzinfo=UTC), clip.text
