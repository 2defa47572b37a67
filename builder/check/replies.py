"""Check reactions: whether there is a brief for each file of them."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.reply_files import reply_path
from builder.diagnostics.diagnostic import Finding, Place
from builder.names.suggest import did_you_mean
from builder.site.site import Site


def check_replies(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield files of reactions that belong to no brief."""
    for slug in site.content.replies:
        if slug not in site.outlines:
            hint = did_you_mean(slug, site.outlines) or "give it the slug of a brief, or remove it"
            message = f"no brief has the slug `{slug}`, so these reactions are ignored"
            yield reply_path(slug), Finding(Place(), "stray-file", message, hint)
