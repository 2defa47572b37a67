"""Libraries that only some commands need, which are installed as extras of the package."""

from __future__ import annotations

from builder.errors import SluglineError


class MissingExtra(SluglineError):
    """A library that a command needs is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"this needs {library}, which is not installed;"
            f' install it with `pip install "slugline[{extra}]"`'
        )
