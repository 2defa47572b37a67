"""What every record has: its path, its body, suppressed warnings."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from msgspec import Struct

from builder.diagnostics.diagnostic import Place
from builder.model.body import Body
from builder.model.values import Line, MediaFile, Text


class Image(Struct, frozen=True, kw_only=True):
    """The picture of a record."""

    file: Annotated[MediaFile, "Its path below content/media/."]
    alt: Annotated[Line, "What it shows, for those who do not see it."] = Line("")
    caption: Annotated[Text, "The line under it."] = Text("")
    credit: Annotated[Line, "Whose it is."] = Line("")


class Allowed(Struct, frozen=True, array_like=True):
    """A kind of warning that is not given for a file, and why not: `figures-differ: "…"`."""

    code: str
    reason: str


class Record(Struct, frozen=True, kw_only=True):
    """What every record has besides its own fields. `path` is relative to the site's folder,
    with `/`; `places` maps a field's path (`sources.0.of`) to where its value stands."""

    allow: Annotated[
        tuple[Allowed, ...], "Warnings that are not given for this file: each with the reason."
    ] = ()
    path: str = ""
    broken: bool = False  # something in it is wrong, was reported, and is stood in for
    places: dict[str, Place] = {}
    body: Body = Body()

    @property
    def url(self) -> str:
        """Its page's address on this site; empty for what has no page."""
        return ""

    @property
    def identity(self) -> str:
        """What it is known by when its title and address change: its id, or its file's name."""
        return str(getattr(self, "id", "")) or PurePosixPath(self.path).stem

    @property
    def label(self) -> str:
        """What it is called."""
        return str(getattr(self, "title", "") or getattr(self, "name", ""))
