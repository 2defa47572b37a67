"""Registers of names, which resolve any spelling and suggest known names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.names.keys import name_key
from builder.names.suggest import nearest


class Owner(NamedTuple):
    """The record to which a name belongs, and the name as written."""

    slug: str
    name: str
    path: str


class NameRegister:
    """A register of names, such as those of all companies."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._uses: dict[str, int] = {}

    def claim(self, name: str, slug: str, path: str) -> Owner | None:
        """Register a name for a slug; return any other owner."""
        owner = self._owners.setdefault(name_key(name), Owner(slug, name, path))
        return None if owner.slug == slug else owner

    def resolve(self, name: str) -> str | None:
        """Return the slug that a name means, or None."""
        owner = self._owners.get(name_key(name))
        return owner.slug if owner else None

    def count_uses(self, uses: Mapping[str, int]) -> None:
        """Set how often each slug is used, which breaks ties in `suggest`."""
        self._uses = dict(uses)

    def suggest(self, name: str) -> str:
        """Return the registered name that was probably meant, or an empty string."""
        return nearest(
            name, ((owner.name, self._uses.get(owner.slug, 0)) for owner in self._owners.values())
        )
