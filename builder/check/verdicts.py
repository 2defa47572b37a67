"""Decisions on the diagnostics of a build, by file.

A decision depends on a diagnostic's file, its code and the file beside it, so it needs only the
number of each kind; the diagnostics of an unchanged file stay encoded until they are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, overload

from msgspec import Struct
from msgspec.structs import replace

from builder.content.stored_problems import StoredProblems, decode_problems
from builder.diagnostics.codes import Code, severity
from builder.diagnostics.diagnostic import Decision, Diagnostic
from builder.diagnostics.reported import FileDiagnostics, Reported
from builder.store import Kept, StoreDamaged

Values = Callable[[Kept], bytes]  # returns a stored value; raises StoreDamaged


def unread(kept: Kept) -> bytes:
    """Return a value that is in memory; any other is missing."""
    if isinstance(kept, bytes):
        return kept
    raise StoreDamaged


class DiagnosticKind(NamedTuple):
    """What a decision on a diagnostic depends on."""

    path: str
    code: Code
    beside: str


class Verdict(Struct, frozen=True, array_like=True):
    """The decision on all diagnostics of one kind in a file.

    `allowed` is the reason why they are suppressed, or None if they are not."""

    code: Code
    beside: str
    number: int
    decided: Decision
    allowed: str | None


class FileVerdicts(Struct, frozen=True, array_like=True):
    """The decisions on one file, with its diagnostics: decoded ones and stored ones."""

    path: str
    verdicts: tuple[Verdict, ...]
    found: tuple[Diagnostic, ...]
    kept: tuple[Kept, ...]

    def read(self, value: Values, allowed: bool) -> Iterator[tuple[Diagnostic, Verdict]]:
        """Yield the suppressed or the reported diagnostics, in order."""
        by_kind = {(v.code, v.beside): v for v in self.verdicts}
        stored = (d for kept in self.kept for d in decode_problems(value(kept)))
        for d in sorted((*self.found, *stored)):
            verdict = by_kind[d.code, d.beside]
            if (verdict.allowed is not None) is allowed:
                yield replace(d, decided=verdict.decided) if verdict.decided else d, verdict


class Collected:
    """The diagnostics of one file while they are collected."""

    def __init__(self) -> None:
        self.found: set[Diagnostic] = set()
        self.kept: list[Kept] = []
        self.numbers: dict[tuple[Code, str], int] = {}

    def add(self, found: Diagnostic) -> None:
        """Add a diagnostic, once; before any stored ones."""
        if found not in self.found:
            self.found.add(found)
            kind = found.code, found.beside
            self.numbers[kind] = self.numbers.get(kind, 0) + 1

    def add_stored(self, stored: StoredProblems, value: Values) -> None:
        """Add stored diagnostics.

        They are decoded only if one of them may be there already."""
        numbers = {(code, beside): number for code, beside, number in stored.kinds}
        if numbers.keys().isdisjoint(self.numbers):
            self.numbers |= numbers
            self.kept.append(stored.kept)
            return
        for kept in (*self.kept, stored.kept):
            self.found.update(decode_problems(value(kept)))
        self.kept, self.numbers = [], Counter((d.code, d.beside) for d in self.found)


def collect(
    found: Iterable[Diagnostic], stored: Iterable[tuple[str, StoredProblems]], value: Values
) -> dict[str, Collected]:
    """Return diagnostics by file, decoded ones and stored ones."""
    files: dict[str, Collected] = {}
    for diagnostic in found:
        files.setdefault(diagnostic.path, Collected()).add(diagnostic)
    for path, problems in stored:
        files.setdefault(path, Collected()).add_stored(problems, value)
    return dict(sorted(files.items()))


def reported(root: Path, files: Iterable[FileVerdicts], value: Values) -> Reported:
    """Return the diagnostics that are not suppressed."""

    def read(file: FileVerdicts) -> list[Diagnostic]:
        from builder.diagnostics.report import with_excerpts

        return with_excerpts(root, (d for d, _ in file.read(value, allowed=False)))

    return Reported(
        FileDiagnostics(file.path, numbers, partial(read, file))
        for file in files
        if (numbers := _numbers(file))
    )


def _numbers(file: FileVerdicts) -> dict[tuple[Code, Decision], int]:
    numbers: Counter[tuple[Code, Decision]] = Counter()
    for verdict in file.verdicts:
        if verdict.allowed is None:
            numbers[verdict.code, verdict.decided] += verdict.number
    return numbers


class Suppressed(Sequence[tuple[Diagnostic, str]]):
    """Suppressed diagnostics, each with the reason; decoded when they are read."""

    def __init__(self, files: Iterable[FileVerdicts] = (), value: Values = unread) -> None:
        self._value = value
        self.files = [f for f in files if any(v.allowed is not None for v in f.verdicts)]

    def __len__(self) -> int:
        every = (v for file in self.files for v in file.verdicts)
        return sum(v.number for v in every if v.allowed is not None)

    def __iter__(self) -> Iterator[tuple[Diagnostic, str]]:
        return self._read(self.files)

    @overload
    def __getitem__(self, at: int) -> tuple[Diagnostic, str]: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[Diagnostic, str], ...]: ...

    def __getitem__(
        self, at: int | slice
    ) -> tuple[Diagnostic, str] | tuple[tuple[Diagnostic, str], ...]:
        return tuple(self)[at]

    def errors(self) -> list[tuple[Diagnostic, str]]:
        """Return the suppressed errors, which every build reports."""
        files = [file for file in self.files if any(_is_allowed_error(v) for v in file.verdicts)]
        return [pair for pair in self._read(files) if pair[0].severity == "error"]

    def _read(self, files: Iterable[FileVerdicts]) -> Iterator[tuple[Diagnostic, str]]:
        for file in files:
            for found, verdict in file.read(self._value, allowed=True):
                yield found, verdict.allowed or ""


def _is_allowed_error(verdict: Verdict) -> bool:
    return verdict.allowed is not None and severity(verdict.code) == "error"


def as_checked(found: Diagnostic) -> Diagnostic:
    """Return a diagnostic, as an error if it is held."""
    return replace(found, decided="error") if found.held else found
