"""Check for texts of a new site that nobody has replaced yet."""

from __future__ import annotations

from collections.abc import Iterator

from builder.check.context import FileContext
from builder.content.config import FILE
from builder.content.starter import (
    may_be_starter,
    paragraphs,
    shortened,
    starter_paragraphs,
    unchanged_settings,
)
from builder.diagnostics.diagnostic import Finding, Place
from builder.site.site import Site


def check_placeholders(context: FileContext) -> Iterator[Finding]:
    """Yield the first paragraph that `slugline init` wrote."""
    document = context.document
    if not may_be_starter(document.body):
        return
    wanted = starter_paragraphs()
    for line, text in paragraphs(document.body):
        if text in wanted:
            message = f"`slugline init` wrote this text: {shortened(text)}"
            hint = "write your own, or delete the file"
            yield Finding(Place(document.body_line + line, 1, 1), "placeholder", message, hint)
            return


def check_starter_settings(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield the settings of the site that `slugline init` wrote."""
    config = site.config
    for name, value in unchanged_settings(config, config.settings.base_url):
        place = config.places.get(name, Place())
        message = f"`slugline init` wrote this {name}: {shortened(value)}"
        hint = "write your own" if name in ("title", "base_url") else "write your own, or remove it"
        yield FILE, Finding(place, "placeholder", message, hint)
