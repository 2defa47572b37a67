"""Regular expressions that are compiled when they are first used.

A command loads some 250 of them and uses few, and compiling one takes up to five milliseconds."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = (
    "fullmatch", "match", "search", "sub", "subn", "split", "findall", "finditer",
)  # fmt: skip


class _LazyPattern:
    """A regular expression, compiled at the first access to one of its attributes."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        # From then on, the methods are found without this one, as quickly as those of a pattern.
        compiled = re.compile(self.pattern, self._flags)
        for known in _METHODS:
            setattr(self, known, getattr(compiled, known))
        return getattr(compiled, name)


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
