"""Regular expressions that are compiled when they are first used.

A command loads some 250 of them and uses few, and compiling one takes up to five milliseconds."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = (
    "fullmatch", "match", "search", "sub", "subn", "split", "findall", "finditer",
)  # fmt: skip


class _Pattern:
    """A compiled regular expression, whose methods are attributes of the object."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern, self._flags = source, flags


class _LazyPattern(_Pattern):
    """A regular expression, compiled at the first access to one of its attributes."""

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        for known in _METHODS:
            setattr(self, known, getattr(compiled, known))
        if name not in _METHODS:
            return getattr(compiled, name)
        self.__class__ = _Pattern  # type: ignore[assignment]
        return getattr(compiled, name)


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression that is compiled when it is first used."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(source, flags))
