"""Fields of every record: its path, its body and suppressed warnings."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, ClassVar

from msgspec import Struct

from builder.diagnostics.diagnostic import Place
from builder.model.body import Body
from builder.model.values import Line, MediaFile, Text


class Image(Struct, frozen=True, kw_only=True):
    """The picture of a record.

    One that is only text is the file."""

    from_text: ClassVar[tuple[str, ...]] = ("file",)

    file: Annotated[
        MediaFile,
        "The path below content/media/, or the https address of a picture on a site that site.yaml"
        " lists in `trusted`.",
    ]
    alt: Annotated[Line, "The alternative text: what the picture shows."] = Line("")
    caption: Annotated[Text, "The line below the picture."] = Text("")
    credit: Annotated[Line, "The owner or photographer."] = Line("")
    width: Annotated[
        int | None, "The width in pixels of a picture on another site; a file's own is known."
    ] = None
    height: Annotated[int | None, "The height in pixels of a picture on another site."] = None


class Allowed(Struct, frozen=True, array_like=True):
    """A suppressed diagnostic and the reason: `figures-differ: "…"`."""

    code: str
    reason: str


class Unread(Struct, frozen=True, array_like=True):
    """A part of a record that could not be read: its field, and what is wrong."""

    field: str
    message: str


class Record(Struct, frozen=True, kw_only=True):
    """The base of all records.

    `path` is relative to the site's folder, with `/`; `places` maps the path of a field
    (`sources.0.of`) to the place of its value."""

    allow: Annotated[
        tuple[Allowed, ...],
        "Codes of warnings, or `secret-looking`, to suppress in this file, each with the reason.",
    ] = ()
    path: str = ""
    broken: bool = False  # it has reported errors, replaced by placeholders
    unread: tuple[Unread, ...] = ()  # what they are, if the front matter could be read
    places: dict[str, Place] = {}
    body: Body = Body()

    @property
    def url(self) -> str:
        """Return the address of its page; empty if it has none."""
        return ""

    @property
    def draft(self) -> bool:
        """Return whether its file says that it is a draft."""
        return getattr(self, "status", "") == "draft"

    @property
    def identity(self) -> str:
        """Return the id that survives renaming, or else the file name."""
        return str(getattr(self, "id", "")) or PurePosixPath(self.path).stem

    @property
    def label(self) -> str:
        """Return the title or name."""
        return str(getattr(self, "title", "") or getattr(self, "name", ""))
