"""Problems in the content: findings in records, diagnostics in files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from builder.diagnostics.codes import Code, Severity, severity
from builder.diagnostics.secrets import hide_secrets
from builder.errors import SluglineError


class Place(Struct, frozen=True, array_like=True):
    """A place in a file: 1-based line and column, width in characters."""

    line: int = 1
    column: int = 1
    width: int = 1


def place_of(places: dict[str, Place], at: str) -> Place | None:
    """Return the place of a field, or else of its nearest parent."""
    while at and at not in places:
        at = at.rpartition(".")[0]
    return places.get(at)


class Diagnostic(Struct, frozen=True, order=True):
    """A problem in a file.

    `path` is relative to the site's folder; `excerpt` is the line."""

    path: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""
    width: int = 1
    excerpt: str = ""

    @property
    def severity(self) -> Severity:
        return severity(self.code)

    @classmethod
    def of(
        cls, path: str, place: Place, code: Code, message: str, hint: str = "", excerpt: str = ""
    ) -> Diagnostic:
        """Return a diagnostic at a place."""
        return cls(path, place.line, place.column, code, message, hint, place.width, excerpt)


class Finding(NamedTuple):
    """A problem in a record, at a field (`sources.0.of`) or a place."""

    at: str | Place
    code: Code
    message: str
    hint: str = ""


class ContentError(SluglineError):
    """The content has errors, so it cannot be built.

    Carries all diagnostics, errors and warnings."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted({without_secrets(d) for d in diagnostics}))
        super().__init__(f"{len(self.diagnostics)} diagnostics")


def without_secrets(d: Diagnostic) -> Diagnostic:
    texts = (d.message, d.hint, d.excerpt)
    message, hint, excerpt = map(hide_secrets, texts)
    if (message, hint, excerpt) == texts:
        return d
    return replace(d, message=message, hint=hint, excerpt=excerpt)
