"""Check the authors of site.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.config import FILE
from builder.content.picture_address import is_remote
from builder.diagnostics.diagnostic import Finding, Place, place_of
from builder.site.references import is_trusted, missing_media, untrusted_picture
from builder.site.site import Site


def check_portraits(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield the portraits of authors that no page can show."""
    config = site.config
    for n, author in enumerate(config.settings.authors):
        if not (name := author.picture):
            continue
        place = place_of(config.places, f"authors.{n}.picture") or Place()
        if is_remote(name):
            if not is_trusted(config.settings, name):
                yield FILE, untrusted_picture(name, place)
        elif name not in site.media:
            yield FILE, missing_media(site, name, place)
