"""Values that cannot be read: a code, a message, a hint and, where known, the column."""

from __future__ import annotations

from builder.diagnostics.codes import Code
from builder.errors import SluglineError


class Misread(SluglineError):
    """A value that is not what its field wants: a code, a message and a hint."""

    def __init__(self, code: Code, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class MisreadAt(Misread):
    """A part of a value that cannot be read: the column (from 1) and the width within the text."""

    def __init__(self, code: Code, message: str, hint: str, column: int, width: int = 1) -> None:
        super().__init__(code, message, hint)
        self.column, self.width = column, max(1, width)
