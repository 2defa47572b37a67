"""Tells which names cannot be addresses."""

from __future__ import annotations

from builder.content.fields import check_slug
from builder.diagnostics.diagnostic import Finding
from builder.diagnostics.misread import Misread
from builder.names.keys import SlugStyle, exact_slug, slugify

_MOST_SHOWN = 60  # characters of a name in a message


def unusable_name(at: str, folder: str, name: str, style: SlugStyle) -> Finding:
    """Return the finding for a name that makes no address."""
    slug = slugify(name, style) or exact_slug(name, style)
    shown = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"
    message = f"`{shown}` has no letter that an address can contain"
    hint = f"create a file for it in content/{folder}/"
    if slug and (wrong := wrong_slug(slug, style)):
        message = f"`{shown}` makes no address: {wrong}"
        hint += ", with this `name` and another `slug`"
    return Finding(at, "invalid-slug", message, hint)


def wrong_slug(slug: str, style: SlugStyle) -> str:
    """Return why a slug cannot be the name of a folder."""
    try:
        check_slug(slug, style)
    except Misread as misread:
        return misread.message
    return ""
