"""Exceptions for values that cannot be read."""

from __future__ import annotations

from builder.diagnostics.codes import Code
from builder.errors import SluglineError


class Misread(SluglineError):
    """A value that does not have the type of its field.

    `write` is the value to write instead, if that is certain; `part` is the part of the value that
    is wrong, as written."""

    def __init__(
        self, code: Code, message: str, hint: str = "", write: str = "", part: str = ""
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.write = code, message, hint, write
        self.part = part


class MisreadAt(Misread):
    """A part of a value that cannot be read, with its place.

    `column` (from 1) and `width` are relative to the text of the value."""

    def __init__(self, code: Code, message: str, hint: str, column: int, width: int = 1) -> None:
        super().__init__(code, message, hint)
        self.column, self.width = column, max(1, width)
