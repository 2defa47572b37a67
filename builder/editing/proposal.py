"""Proposes a correction, its kind and words, from what differs since a version was published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from builder.content.version_changes import judged
from builder.errors import SluglineError
from builder.language.notice import Notice
from builder.language.quantities import print_quantity
from builder.ledger.versions import PartChange, runs
from builder.model.statement import CorrectionKind
from builder.model.version import Part, VersionWords
from builder.quantity.parse import parse_quantity

_BESIDE = 4  # words beside a change that are quoted with it
_MOST = 3  # changes that one entry quotes
_LONGEST = 300  # characters of `was` and `now`
_SPEAKERS = {"by", "of", "anonymous", "described_as", "interest", "source"}
_REFERENCE = re.compile(r"\[\[(\w+):([^\]]*)\]\]")


class NothingToCorrect(SluglineError):
    """A brief with nothing that an entry could say; the message says why."""


def propose_correction(
    old: VersionWords,
    new: VersionWords,
    names: Collection[str] = frozenset(),
    translation: bool = False,
) -> dict[str, str]:
    """Return the fields of a correction: `kind`, `was` and `now`.

    Raises NothingToCorrect if no words differ, or words were only removed."""
    found = [(change, noticed) for change, noticed in judged(old, new, names) if noticed != "same"]
    if not found:
        raise NothingToCorrect("its words are those that readers have")
    material = [pair for pair in found if pair[1] == "material"] or found
    quoted = [_quoted(change, new.lang) for change, _ in material[:_MOST]]
    was = _joined(text for text, _ in quoted)
    now = _joined(text for _, text in quoted)
    if not now:
        raise NothingToCorrect(
            f"words were only removed: “{was}”; add `--now` with what readers should know"
        )
    return {"kind": _kind(found, translation), "was": was, "now": now}


def _kind(found: Sequence[tuple[PartChange, Notice]], translation: bool) -> CorrectionKind:
    """Return the kind of a correction by its weightiest change."""
    if all(noticed == "spelling" for _, noticed in found):
        return "spelling"
    changes = [change for change, noticed in found if noticed == "material"]
    if any(_is_attribution(change) for change in changes):
        return "attribution"
    if translation:
        return "translation"
    if all(change.before is None for change in changes):
        return "omission"
    return "factual" if any(map(_is_factual, changes)) else "clarification"


def _is_attribution(change: PartChange) -> bool:
    """Return whether only who says something changed."""
    before, after = change.before, change.after
    if before is None or after is None or before.text != after.text:
        return False
    return {name for name, _ in {*before.about} ^ {*after.about}} <= _SPEAKERS


def _is_factual(change: PartChange) -> bool:
    """Return whether a number, a name or a field changed."""
    before, after = change.before or Part(change.kind), change.after or Part(change.kind)
    if change.before and change.after and before.about != after.about:
        return True
    changed = [run.text for run in runs(before.text, after.text) if run.kind != "same"]
    return any(re.search(r"\d|\b[^\W\d_a-zà-ÿ]", text) for text in changed)


def _quoted(change: PartChange, language: str) -> tuple[str, str]:
    """Return the words before and after a change, with a few beside them."""
    before, after = (_printed(part, language) for part in (change.before, change.after))
    if not before or not after:
        return _shortened(before), _shortened(after)
    a, b = before.split(), after.split()
    most = min(len(a), len(b))
    start = next((n for n in range(most) if a[n] != b[n]), most)
    end = next((n for n in range(most - start) if a[-1 - n] != b[-1 - n]), most - start)
    first, last = max(0, start - _BESIDE), max(0, end - _BESIDE)
    return tuple(_shortened(" ".join(words[first : len(words) - last])) for words in (a, b))  # type: ignore[return-value]


def _printed(part: Part | None, language: str) -> str:
    """Return a part as readers read it, with what belongs to a statement behind it."""
    if part is None:
        return ""
    text = _REFERENCE.sub(lambda match: _reference(match, language), part.text)
    about = ", ".join(
        _quantity(value, language) if name == "value" else value for name, value in part.about
    )
    return f"{text}: {about}" if about else text


def _reference(match: re.Match[str], language: str) -> str:
    return _quantity(match[2], language) if match[1] == "figure" else match[2]


def _quantity(text: str, language: str) -> str:
    try:
        return print_quantity(parse_quantity(text), language)
    except SluglineError:
        return text


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _joined(texts: Iterable[str]) -> str:
    return " / ".join(text for text in texts if text)
