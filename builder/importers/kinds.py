"""The kinds of archives, in order. Nothing registers itself."""

from __future__ import annotations

from builder.importers.old_kind import OldKind
from builder.importers.readers import (
    astro,
    buttondown,
    eleventy,
    feed,
    ghost,
    hugo,
    jekyll,
    pelican,
    substack,
    wordpress,
    zola,
)

KINDS: tuple[OldKind, ...] = (
    hugo.KIND,
    jekyll.KIND,
    astro.KIND,
    eleventy.KIND,
    pelican.KIND,
    zola.KIND,
    ghost.KIND,
    wordpress.KIND,
    substack.KIND,
    buttondown.KIND,
    feed.KIND,
)


def kind_named(name: str) -> OldKind:
    """Return the kind of a name, which exists."""
    return next(kind for kind in KINDS if kind.name == name)
