"""Problems in the content: findings in records, diagnostics in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from builder.diagnostics.codes import Code, Severity, severity
from builder.diagnostics.secrets import hide_secrets, may_hide_secrets
from builder.errors import SluglineError


class Place(Struct, frozen=True, array_like=True):
    """A place in a file: 1-based line and column, width in characters."""

    line: int = 1
    column: int = 1
    width: int = 1


def place_of(places: Mapping[str, Place], at: str) -> Place | None:
    """Return the place of a field, or else of its nearest parent."""
    while at and at not in places:
        at = at.rpartition(".")[0]
    return places.get(at)


# A decision on a diagnostic; `held` is an error of an unpublished record, which stops no build.
Decision = Literal["", "warning", "error", "held"]


def severity_of(code: Code, decided: Decision) -> Severity:
    """Return the severity of a code after a decision."""
    if decided == "held":
        return "warning"
    return decided or severity(code)


class Diagnostic(Struct, frozen=True, order=True, omit_defaults=True):
    """A problem in a file.

    `path` is relative to the site's folder; `excerpt` is the line. `beside` is the file of another
    record that the problem is also about. `check/severity` sets `decided`; until then, the code
    gives the severity."""

    path: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""
    width: int = 1
    excerpt: str = ""
    beside: str = ""
    decided: Decision = ""
    cut: int = 0  # characters of the line before the excerpt

    @property
    def severity(self) -> Severity:
        return severity_of(self.code, self.decided)

    @property
    def held(self) -> bool:
        """Return whether it becomes an error once its record is published."""
        return self.decided == "held"

    @classmethod
    def of(
        cls,
        path: str,
        place: Place,
        code: Code,
        message: str,
        hint: str = "",
        excerpt: str = "",
        beside: str = "",
    ) -> Diagnostic:
        """Return a diagnostic at a place; long texts are cut."""
        excerpt, cut = window(excerpt, place.column)
        at = (place.line, place.column)
        message, hint = shorten(message), shorten(hint)
        return cls(path, *at, code, message, hint, place.width, excerpt, beside, cut=cut)


_LONGEST = 400  # characters of an excerpt, which no terminal shows in full
_TEXT = 2000  # characters of a message or a hint
_SECRET = 6000  # characters in which a secret that begins before a cut is recognised


def window(line: str, column: int) -> tuple[str, int]:
    """Return a line around a column, and what is cut before it.

    Of a long line, which is cut, secrets are masked."""
    if len(line) <= _LONGEST:
        return line, 0
    start = max(0, min(column - 1 - _LONGEST // 4, len(line) - _LONGEST))
    before = max(0, start - _SECRET)
    shown = hide_secrets(line[before : start + _LONGEST + _SECRET])
    return shown[start - before :][:_LONGEST], start


def shorten(text: str) -> str:
    """Return a text of a message, without secrets if it is cut."""
    if len(text) <= _TEXT:
        return text
    return f"{hide_secrets(text[: _TEXT + _SECRET])[: _TEXT - 1]}…"


class Finding(NamedTuple):
    """A problem in a record, at a field (`sources.0.of`) or a place.

    `beside` is the file of another record that it is also about."""

    at: str | Place
    code: Code
    message: str
    hint: str = ""
    beside: str = ""


class ContentError(SluglineError):
    """The content has errors, so it cannot be built.

    Carries all diagnostics, errors and warnings; those of a build stay as they are, which are
    sorted and decoded on demand."""

    diagnostics: Sequence[Diagnostic]

    def __init__(self, diagnostics: Iterable[Diagnostic], ready: bool = False) -> None:
        if ready and isinstance(diagnostics, Sequence):
            self.diagnostics = diagnostics
        else:
            self.diagnostics = tuple(sorted({without_secrets(d) for d in diagnostics}))
        super().__init__(f"{len(self.diagnostics)} diagnostics")


def mask_secrets(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics with all secrets masked.

    Few have any, so many are searched at once."""
    masked: list[Diagnostic] = []
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        suspect = may_hide_secrets("\n".join(map(_text, some)))
        masked += map(without_secrets, some) if suspect else some
    return masked


_AT_ONCE = 64


def _text(d: Diagnostic) -> str:
    return f"{d.message}\n{d.hint}\n{d.excerpt}"


def without_secrets(d: Diagnostic) -> Diagnostic:
    if not may_hide_secrets(_text(d)):
        return d
    texts = (d.message, d.hint, d.excerpt)
    message, hint, excerpt = map(hide_secrets, texts)
    if (message, hint, excerpt) == texts:
        return d
    return replace(d, message=message, hint=hint, excerpt=excerpt)
