"""Anchors of headings."""

from __future__ import annotations

import re

from builder.content.markdown.work import RenderState
from builder.names.keys import shorten_slug, slugify, transliterated


def next_anchor(work: RenderState, text: str) -> str:
    """Return the anchor of the next heading: its words, or numbered words."""
    base = slugify(text, work.slugs) or "section"
    if not base.isascii() or transliterated(text):
        # A line of Chinese is several times as long in Latin letters.
        base = shorten_slug(base)
    if re.fullmatch(r"fn(ref)?[0-9-]+", base):  # the ids of footnotes
        base = f"section-{base}"
    anchor = base
    number = work.headings_named.get(base, 1)
    while anchor in work.anchors:
        number += 1
        anchor = f"{base}-{number}"
    work.headings_named[base] = number
    work.anchors.add(anchor)
    return anchor
