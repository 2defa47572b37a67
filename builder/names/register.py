"""Written names -> what they mean: spellings that share a key are one name; unknown ones get a
suggestion by edit distance and use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.names.keys import name_key
from builder.names.suggest import nearest


class Owner(NamedTuple):
    """What a name means (a slug), as it was written, and whether a reader would be shown it."""

    slug: str
    name: str
    path: str


class NameRegister:
    """One register of names, such as those of all companies."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._uses: dict[str, int] = {}

    def claim(self, name: str, slug: str, path: str) -> Owner | None:
        """Give `name` to `slug`. If another slug owns it already, that owner is returned."""
        owner = self._owners.setdefault(name_key(name), Owner(slug, name, path))
        return None if owner.slug == slug else owner

    def resolve(self, name: str) -> str | None:
        """The slug that `name` means."""
        owner = self._owners.get(name_key(name))
        return owner.slug if owner else None

    def count_uses(self, uses: Mapping[str, int]) -> None:
        """How often each slug is used: among names equally near, the most used is suggested."""
        self._uses = dict(uses)

    def suggest(self, name: str) -> str:
        """The registered name that was most likely meant, or nothing."""
        return nearest(
            name, ((owner.name, self._uses.get(owner.slug, 0)) for owner in self._owners.values())
        )
