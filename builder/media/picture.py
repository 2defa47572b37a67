"""A picture without its metadata, and what is wrong with a file that is none."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from builder.errors import SluglineError
from builder.media.credit import Credit

MOST_PIXELS = 120_000_000  # more need a gigabyte of memory, also in a reader's browser
TRUNCATED = "it ends in the middle"


class CleanPicture(NamedTuple):
    """A picture whose file has only pixels, colour profile and credit.

    `orientation` says how to turn the pixels (TIFF 6.0); 1 is upright."""

    data: bytes
    width: int
    height: int
    orientation: int = 1
    credit: Credit = Credit()


class BadPictureError(SluglineError):
    """A file cannot be published as a picture.

    The message continues "the file is not published: ". `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or "open it in a picture editor, and save it again"


class ActivePictureError(BadPictureError):
    """A drawing does more than draw; `line` is where."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.line = line


def refuse_huge(picture: CleanPicture) -> None:
    """Raise BadPictureError for a picture of too many pixels."""
    if picture.width * picture.height > MOST_PIXELS:
        millions = ceil(picture.width * picture.height / 1_000_000)
        message = f"it has {millions:,} million pixels, which is too much for browsers"
        raise BadPictureError(message, "scale it down")
