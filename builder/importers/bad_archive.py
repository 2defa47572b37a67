"""What is wrong with an archive as a whole, or with one of its posts."""

from __future__ import annotations

from builder.errors import SluglineError


class BadArchive(SluglineError):
    """An archive that cannot be read; the message says where and what to do."""


class BadPost(SluglineError):
    """A post that cannot be read and is left out; the message says why."""
