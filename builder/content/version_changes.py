"""Which changes between two versions of a brief readers would notice."""

from __future__ import annotations

from collections.abc import Collection

from builder.language.notice import Notice, notice
from builder.ledger.versions import PartChange, changes
from builder.model.version import Part, VersionWords


def judged(
    old: VersionWords, new: VersionWords, names: Collection[str] = frozenset()
) -> list[tuple[PartChange, Notice]]:
    """Return the changes between two versions, and whether readers would notice each."""
    return [(change, _judge(change, new.lang, names)) for change in changes(old, new)]


def _judge(change: PartChange, language: str, names: Collection[str]) -> Notice:
    if change.before is None or change.after is None:
        return "material"
    if _facts(change.before) != _facts(change.after):
        return "material"
    return notice(change.before.text, change.after.text, language, names)


def _facts(part: Part) -> tuple[tuple[str, str], ...]:
    """Return what belongs to a statement, without capitals."""
    return tuple((name, text.casefold()) for name, text in part.about)


def same_words(old: VersionWords, new: VersionWords) -> bool:
    """Return whether two versions differ in typography at most."""
    return all(found == "same" for _, found in judged(old, new))
