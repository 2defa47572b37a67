"""Lists of names in words, by CLDR (Babel)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache


def list_names(names: Sequence[str], language: str) -> str:
    """Return names as a sentence lists them: Ann and Bo."""
    return _list(tuple(names), language) if len(names) > 1 else "".join(names)


@lru_cache(maxsize=4096)
def _list(names: tuple[str, ...], language: str) -> str:
    from babel.core import Locale  # slow to load and rarely needed
    from babel.lists import format_list

    return format_list(names, locale=Locale.parse(language, sep="-"))


@cache
def comma(language: str) -> str:
    """Return the comma of a list outside sentences: `, ` or `、`."""
    from babel.core import Locale

    patterns = Locale.parse(language, sep="-").list_patterns
    between = str(patterns["standard"]["middle"]).removeprefix("{0}").removesuffix("{1}")
    return "، " if any(sign.isalpha() for sign in between) else between


def joined(texts: Iterable[str], language: str) -> str:
    """Return texts with commas between them."""
    return comma(language).join(texts)
