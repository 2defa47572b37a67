"""The names of languages, in their own and in other languages (CLDR)."""

from __future__ import annotations

from functools import cache


@cache
def language_name(tag: str, lang: str) -> str:
    """Return the name of a language in another language: Dutch."""
    from babel import Locale  # slow to load and rarely needed

    name = Locale.parse(tag, sep="-").get_display_name(Locale.parse(lang, sep="-"))
    return name or tag


def own_name(tag: str) -> str:
    """Return a language's own name as a label: Nederlands, Français."""
    name = language_name(tag.partition("-")[0], tag)
    return f"{name[:1].upper()}{name[1:]}"
