"""The style of slugs that a site has chosen."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from builder.content.config import FILE
from builder.content.document import read_yaml
from builder.names.keys import SlugStyle
from builder.safe_files import plain_bytes


def slug_style(root: Path) -> SlugStyle:
    """Return the style of slugs in site.yaml, which may be unreadable."""
    with suppress(OSError, ValueError, RecursionError):
        document, _ = read_yaml(FILE, plain_bytes(root / FILE))
        if document is not None and document.fields.get("slugs") == "unicode":
            return "unicode"
    return "ascii"
