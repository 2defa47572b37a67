"""Registers of names, which resolve any spelling and suggest known names."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, MutableMapping
from typing import NamedTuple

from builder.names.keys import name_key
from builder.names.suggest import Suggestions


class DistinctNames:
    """The names that `distinct` in site.yaml declares different, in lists.

    A spelling that shares its key with another one of its list has a key of its own."""

    def __init__(self, lists: Iterable[tuple[str, ...]] = ()) -> None:
        lists = [*lists]
        spellings: set[str] = set()
        for names in lists:
            same: dict[str, list[str]] = {}
            for name in names:
                same.setdefault(name_key(name), []).append(_spelling(name))
            spellings.update(s for found in same.values() if len(found) > 1 for s in found)
        self._spellings = frozenset(spellings)
        self._lists: dict[str, set[int]] = {}  # by key, the lists that have it
        for n, names in enumerate(lists):
            for name in names:
                self._lists.setdefault(self.key(name), set()).add(n)

    def key(self, name: str) -> str:
        """Return the key that spellings of a name share."""
        if self._spellings and (spelling := _spelling(name)) in self._spellings:
            return f"={spelling}"
        return name_key(name)

    def differ(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Return whether a name is distinct from one of the others."""
        if not self._lists:
            return False
        theirs: dict[int, set[str]] = {}
        for key in {*map(self.key, others)}:
            for n in self._lists.get(key, ()):
                theirs.setdefault(n, set()).add(key)
        return any(
            theirs.get(n, set()) - {key}
            for key in {*map(self.key, some)}
            for n in self._lists.get(key, ())
        )


def declaration(one: str, other: str) -> str:
    """Return the line of site.yaml that declares two names distinct."""
    return f"distinct: [[{json.dumps(one, ensure_ascii=False)}, " + (
        f"{json.dumps(other, ensure_ascii=False)}]]"
    )


def _spelling(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


NO_NAMES = DistinctNames()


class Owner(NamedTuple):
    """The record to which a name belongs, and the name as written."""

    slug: str
    name: str
    path: str


class NameRegister:
    """A register of names, such as those of all companies."""

    def __init__(
        self,
        distinct: DistinctNames = NO_NAMES,
        owners: MutableMapping[str, Owner] | None = None,
    ) -> None:
        self.owners: MutableMapping[str, Owner] = {} if owners is None else owners  # by key
        self.uses: dict[str, int] = {}
        self.distinct = distinct
        self._suggestions: Suggestions | None = None  # until a name or its uses change

    def claim(self, name: str, slug: str, path: str) -> Owner | None:
        """Register a name for a slug; return any other owner."""
        self._suggestions = None
        mine = Owner(slug, name, path)
        owner = self.owners.setdefault(self.distinct.key(name), mine)
        if owner is mine:  # other spellings mean the first of several distinct names
            self.owners.setdefault(name_key(name), mine)
        return None if owner.slug == slug else owner

    def resolve(self, name: str) -> str | None:
        """Return the slug that a name means, or None."""
        owner = self.owners.get(self.distinct.key(name))
        return owner.slug if owner else None

    def move(self, moved: Mapping[str, str]) -> None:
        """Replace slugs by others."""
        self._suggestions = None
        for key, owner in [*self.owners.items()] if moved else ():
            if owner.slug in moved:
                self.owners[key] = owner._replace(slug=moved[owner.slug])

    def count_uses(self, uses: Mapping[str, int]) -> None:
        """Set how often each slug is used, which breaks ties in `suggest`."""
        self.uses = dict(uses)
        self._suggestions = None

    def suggest(self, name: str) -> str:
        """Return the registered name that was probably meant, or an empty string."""
        if self._suggestions is None:
            self._suggestions = Suggestions(
                (owner.name, self.uses.get(owner.slug, 0)) for owner in self.owners.values()
            )
        return self._suggestions.nearest(name)
