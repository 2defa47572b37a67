"""The kinds of archives, in order. Nothing registers itself."""

from __future__ import annotations

from builder.importers.old_kind import OldKind
from builder.importers.readers import feed, hugo, jekyll, wordpress

KINDS: tuple[OldKind, ...] = (
    hugo.KIND,
    jekyll.KIND,
    wordpress.KIND,
    feed.KIND,
)


def kind_named(name: str) -> OldKind:
    """Return the kind of a name, which exists."""
    return next(kind for kind in KINDS if kind.name == name)
