"""Values that several tasks share, each with the facts from which it was made."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

_CAPACITY = 8 << 20  # characters of text that a process caches


class SharedValue(NamedTuple):
    """A value, and the names of the facts that were read for it."""

    value: Any
    trace: dict[str, None]


class SharedValues:
    """Values by key; of those with a size, the least recently used are evicted."""

    def __init__(self) -> None:
        self._small: dict[str, SharedValue] = {}
        self._large: OrderedDict[str, SharedValue] = OrderedDict()
        self._sizes: dict[str, int] = {}  # characters
        self._taken = 0  # their sum

    def get(self, key: str) -> SharedValue | None:
        """Return a value, and note that it was used."""
        found = self._small.get(key)
        if found is None and (found := self._large.get(key)):
            self._large.move_to_end(key)
        return found

    def put(self, key: str, found: SharedValue, size: Callable[[Any], int] | None) -> None:
        """Keep a value; one with a `size` (in characters) may be evicted."""
        if size is None:
            self._small[key] = found
            return
        self._large[key] = found
        self._sizes[key] = size(found.value)
        self._taken += self._sizes[key]
        while self._taken > _CAPACITY and len(self._large) > 1:
            oldest, _ = self._large.popitem(last=False)
            self._taken -= self._sizes.pop(oldest)
