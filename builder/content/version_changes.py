"""Which changes between two versions of a brief readers would notice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

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
    before, after = change.before, change.after
    if _facts(before) != _facts(after):
        return "material"
    texts = zip((before.text, *_sentences(before)), (after.text, *_sentences(after)), strict=True)
    found = {notice(was, now, language, names) for was, now in texts}
    return max(found, key=_LEVELS.index)


_LEVELS: tuple[Notice, ...] = get_args(Notice)  # the least one first
_SENTENCES = frozenset({"alt", "described_as", "interest", "note", "original", "resolves"})


def _facts(part: Part) -> tuple[tuple[str, str], ...]:
    """Return what belongs to a statement, without capitals; of sentences, only which it has."""
    return tuple((name, "" if name in _SENTENCES else text.casefold()) for name, text in part.about)


def _sentences(part: Part) -> Iterator[str]:
    """Yield the sentences that belong to a statement."""
    return (text for name, text in part.about if name in _SENTENCES)


def same_words(old: VersionWords, new: VersionWords) -> bool:
    """Return whether two versions differ in typography at most."""
    return all(found == "same" for _, found in judged(old, new))
