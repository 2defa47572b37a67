"""A sequence of diagnostics that decodes only what is read.

A site may have a hundred thousand warnings, and a build shows ten. So each file has the number of
each kind without decoding them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby, islice
from typing import overload

from builder.diagnostics.codes import Code, Severity
from builder.diagnostics.diagnostic import Decision, Diagnostic, severity_of


class FileDiagnostics:
    """The diagnostics of one file, in order; `read` decodes them once."""

    def __init__(
        self,
        path: str,
        numbers: Mapping[tuple[Code, Decision], int],
        read: Callable[[], list[Diagnostic]],
    ) -> None:
        self.path, self.numbers, self._read = path, numbers, read

    @cached_property
    def all(self) -> list[Diagnostic]:
        """The diagnostics, with excerpts."""
        return self._read()

    def number(self, severity: Severity) -> int:
        """Return the number of errors or of warnings."""
        return sum(n for kind, n in self.numbers.items() if severity_of(*kind) == severity)

    @property
    def held(self) -> int:
        """The number of errors of an unpublished record."""
        return sum(n for (_, decided), n in self.numbers.items() if decided == "held")


class Reported(Sequence[Diagnostic]):
    """The diagnostics of a build, by file."""

    def __init__(self, files: Iterable[FileDiagnostics] = ()) -> None:
        self.files = tuple(files)

    @classmethod
    def of(cls, found: Iterable[Diagnostic]) -> Reported:
        """Return decoded diagnostics, in their order."""
        if isinstance(found, Reported):
            return found
        return cls(_decoded(path, list(some)) for path, some in groupby(found, lambda d: d.path))

    def __len__(self) -> int:
        return sum(n for file in self.files for n in file.numbers.values())

    def __iter__(self) -> Iterator[Diagnostic]:
        return chain.from_iterable(file.all for file in self.files)

    @overload
    def __getitem__(self, at: int) -> Diagnostic: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Diagnostic, ...]: ...

    def __getitem__(self, at: int | slice) -> Diagnostic | tuple[Diagnostic, ...]:
        if isinstance(at, int) and at >= 0:
            for found in islice(self, at, None):
                return found
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))

    def number(self, severity: Severity) -> int:
        """Return the number of errors or of warnings."""
        return sum(file.number(severity) for file in self.files)

    def within(self, paths: Container[str]) -> Reported:
        """Return the diagnostics of some files."""
        return Reported(file for file in self.files if file.path in paths)

    def outside(self, paths: Container[str]) -> Reported:
        """Return the diagnostics of all other files."""
        return Reported(file for file in self.files if file.path not in paths)

    def number_held(self) -> int:
        """Return the number of errors of unpublished records."""
        return sum(file.held for file in self.files)

    def held(self) -> tuple[Diagnostic, ...]:
        """Return the errors of unpublished records."""
        return tuple(d for file in self.files if file.held for d in file.all if d.held)


def _decoded(path: str, found: list[Diagnostic]) -> FileDiagnostics:
    numbers: dict[tuple[Code, Decision], int] = {}
    for d in found:
        numbers[d.code, d.decided] = numbers.get((d.code, d.decided), 0) + 1
    return FileDiagnostics(path, numbers, lambda: found)
