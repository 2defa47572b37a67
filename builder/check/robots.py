"""Check whether crawlers can find robots.txt."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.config import FILE
from builder.content.urls import split_address
from builder.diagnostics.diagnostic import Finding, Place, place_of
from builder.site.site import Site


def check_robots(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield `ai_use` on a site whose robots.txt no crawler reads.

    Crawlers read it at the root of a host alone (RFC 9309, 2.3)."""
    settings = site.config.settings
    parts = split_address(settings.base_url)
    if not settings.ai_use.signals or parts is None or not parts.path.strip("/"):
        return
    place = place_of(site.config.places, "ai_use") or Place()
    root = f"{parts.scheme}://{parts.netloc}/robots.txt"
    message = f"crawlers read {root} only, and this site is below {parts.path.rstrip('/')}/"
    hint = "add its `Content-Signal` line to that file, or give the site a host of its own"
    yield FILE, Finding(place, "robots-unread", message, hint)
