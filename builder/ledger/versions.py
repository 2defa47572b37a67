"""What differs between two versions of a brief: part by part, and word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, get_args

from msgspec.structs import replace

from builder.model.version import Part, PartKind, Version, VersionWords

# The order in which a page prints what changed.
_KINDS: tuple[PartKind, ...] = get_args(PartKind)
_ALIKE = 0.3  # of two paragraphs, from which one is a version of the other
_AHEAD = 30  # parts among which a version of another one is looked for
STRIKE = "~~"  # around words that are struck through
_WORD = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 4000  # of a paragraph that is compared word by word


class PartChange(NamedTuple):
    """A part of a brief before and after; one is None if it was added or removed.

    `number` counts the parts of its kind from 1, in the version that has it."""

    kind: PartKind
    number: int
    before: Part | None
    after: Part | None


class Run(NamedTuple):
    """VersionWords that stayed, were inserted or were removed."""

    kind: Literal["same", "ins", "del"]
    text: str


# What words have had since a form, which older words cannot tell: kinds of parts, and properties.
_SINCE: dict[int, tuple[frozenset[tuple[PartKind, str]], frozenset[PartKind]]] = {
    2: (
        frozenset({("whats_next", "by"), ("whats_next", "of"), ("claim", "due")}),
        frozenset({"expectation", "outcome"}),
    ),
    3: (
        frozenset({
            ("claim", "also"), ("claim", "confirms"), ("claim", "denies"), ("figure", "also"),
        }),
        frozenset({"relation", "event", "source", "picture", "about"}),
    ),
}  # fmt: skip
_STRUCK = 3  # the form since which a text has `STRIKE` around words that are struck through


def _as_known(words: VersionWords, form: int) -> VersionWords:
    """Return words without what an older form did not have."""
    later = [added for since, added in _SINCE.items() if since > form]
    if not later:
        return words
    fields = frozenset[tuple[PartKind, str]]().union(*(fields for fields, _ in later))
    kinds = frozenset[PartKind]().union(*(kinds for _, kinds in later))
    parts = (
        replace(part, about=tuple(f for f in part.about if (part.kind, f[0]) not in fields))
        for part in words.parts
        if part.kind not in kinds
    )
    if form < _STRUCK:
        parts = (replace(part, text=part.text.replace(STRIKE, "")) for part in parts)
    return replace(words, parts=tuple(parts))


def changes(old: VersionWords, new: VersionWords) -> list[PartChange]:
    """Return the parts that differ, in the order of a page.

    What one of the versions cannot tell, because an older program stored it, does not differ."""
    if old.form != new.form:
        form = min(old.form, new.form)
        old, new = _as_known(old, form), _as_known(new, form)
    if old.parts == new.parts:
        return []
    return [change for kind in _KINDS for change in _of_kind(kind, old, new)]


def is_announced(old: Version, new: Version) -> bool:
    """Return whether a version has a later `updated`, or a new correction."""
    updated = new.updated is not None and (old.updated is None or new.updated > old.updated)
    return updated or bool(new_corrections(old, new))


def new_corrections(old: Version, new: Version) -> tuple[str, ...]:
    """Return the keys of the corrections that a version adds."""
    return tuple((Counter(new.corrections) - Counter(old.corrections)).elements())


def _of_kind(kind: PartKind, old: VersionWords, new: VersionWords) -> Iterator[PartChange]:
    a = [part for part in old.parts if part.kind == kind]
    b = [part for part in new.parts if part.kind == kind]
    if a == b:
        return
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield from _aligned(kind, a[i:j], b[k:m], i, k)


def _aligned(
    kind: PartKind, a: Sequence[Part], b: Sequence[Part], at: int, to: int
) -> Iterator[PartChange]:
    """Pair parts in order, each with the next one that resembles it."""
    done = 0
    for n, part in enumerate(a):
        ahead = range(done, min(done + _AHEAD, len(b)))
        found = next((m for m in ahead if _is_alike(part, b[m])), None)
        if found is None and len(a) == len(b) == 1 and kind in ("title", "summary", "why"):
            found = 0
        if found is None:
            yield PartChange(kind, at + n + 1, part, None)
            continue
        for m in range(done, found):
            yield PartChange(kind, to + m + 1, None, b[m])
        yield PartChange(kind, to + found + 1, part, b[found])
        done = found + 1
    for m in range(done, len(b)):
        yield PartChange(kind, to + m + 1, None, b[m])


def _is_alike(a: Part, b: Part) -> bool:
    if a.text == b.text:
        return True
    words = a.text.casefold().split(), b.text.casefold().split()
    matcher = SequenceMatcher(None, *words, autojunk=len(words[0]) > _MOST_WORDS)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def runs(before: str, after: str) -> list[Run]:
    """Return which words stayed, were removed or inserted, in order."""
    a, b = _WORD.findall(before), _WORD.findall(after)
    if max(len(a), len(b)) > _MOST_WORDS:
        return [Run("del", before), Run("ins", after)]
    found: list[Run] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Run("same", "".join(a[i:j])))
            continue
        found += [Run("del", "".join(a[i:j]))] if j > i else []
        found += [Run("ins", "".join(b[k:m]))] if m > k else []
    return _joined(found)


def _joined(found: list[Run]) -> list[Run]:
    """Return runs in which a lone space between two changes does not divide them."""
    result: list[Run] = []
    gone = come = ""
    for n, run in enumerate([*found, Run("same", "")]):
        if run.kind == "del":
            gone += run.text
        elif run.kind == "ins":
            come += run.text
        elif run.text.isspace() and (gone or come) and n + 1 < len(found):
            gone, come = gone + run.text, come + run.text
        else:
            result += [Run("del", gone)] if gone else []
            result += [Run("ins", come)] if come else []
            gone = come = ""
            result += [run] if run.text else []
    return result


# --- in words ------------------------------------------------------------------------------------

_NAMES: dict[PartKind, str] = {
    "title": "title",
    "summary": "summary",
    "why": "why",
    "text": "paragraph {}",
    "yes_but": "yes_but {}",
    "whats_next": "whats_next {}",
    "expectation": "expects {}",
    "outcome": "settles {}",
    "claim": "claim {}",
    "figure": "figure {}",
    "quote": "quotation {}",
    "response": "response {}",
    "relation": "relation {}",
    "event": "event {}",
    "source": "source {}",
    "picture": "picture {}",
    "about": "dates and authors",
    "withdrawn": "withdrawn_because",
}
_NEAR, _LONGEST = 40, 160  # characters beside a change, and of what is shown


def change_lines(change: PartChange) -> Iterator[str]:
    """Yield a change in words, for an editor."""
    before, after = in_words(change.before), in_words(change.after)
    was, now = _around(before, after)
    yield f"  {_NAMES[change.kind].format(change.number)}"
    yield f"    was: {was or '(nothing)'}"
    yield f"    now: {now or '(nothing)'}"


def in_words(part: Part | None) -> str:
    """Return a part and what belongs to it, as one text."""
    if part is None:
        return ""
    beside = ", ".join(f"{name}: {value}" for name, value in part.about)
    return f"{part.text} ({beside})" if beside else part.text


def _around(before: str, after: str) -> tuple[str, str]:
    """Return two texts shortened to where they differ."""
    start, end = common(before, after)
    start = max(0, start - _NEAR)
    return _cut(before, start, end), _cut(after, start, end)


def common(before: str, after: str) -> tuple[int, int]:
    """Return how many characters two texts share at each end."""
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    end = next((n for n in range(most - start) if before[-1 - n] != after[-1 - n]), most - start)
    return start, end


def _cut(text: str, start: int, end: int) -> str:
    stop = len(text) - max(0, end - _NEAR)
    if start:  # a whole word
        start = text.rfind(" ", 0, start + 1) + 1
    stop = min(stop, start + _LONGEST)
    if stop < len(text):
        stop = next((n for n in range(stop, len(text)) if text[n] == " "), len(text))
    return f"{'…' * bool(start)}{text[start:stop]}{'…' * (stop < len(text))}"
