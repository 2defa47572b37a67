"""The Snowball stemmers, by language.

Each is imported alone: the package imports all of them, which takes longer than a small build can
spare, and prefers the library PyStemmer, which may have other rules than a page's script."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from builder.search.languages import ALGORITHMS

Stem = Callable[[str], str]

_ALIAS = "builder.search.snowball"  # its modules, without the package's own start


def base_of(language: str) -> str:
    """Return the first part of a language tag, in lower case."""
    return language.partition("-")[0].lower()


@cache
def stemmer(language: str) -> Stem | None:
    """Return the stemmer of a language, or None if there is none."""
    name = ALGORITHMS.get(base_of(language))
    return _LazyStemmer(name) if name else None


class _LazyStemmer:
    """A stemmer that is imported with its first word."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stem: Stem | None = None

    def __call__(self, word: str) -> str:
        if self._stem is None:
            module = import_module(f"{_package()}.{self._name}_stemmer")
            made = getattr(module, f"{self._name.capitalize()}Stemmer")()
            self._stem = made.stemWord
        return self._stem(word)


def _package() -> str:
    if _ALIAS not in sys.modules:
        spec = find_spec("snowballstemmer")
        assert spec is not None
        package = ModuleType(_ALIAS)
        package.__path__ = list(spec.submodule_search_locations or ())
        sys.modules[_ALIAS] = package
    return _ALIAS
