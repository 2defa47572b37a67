"""The one shape between the archives of other systems and the records of this one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple, Protocol

from msgspec import Struct

BodyForm = Literal["markdown", "html"]


class OldDate(NamedTuple):
    """A date of a post. `at` is aware; of a day only its date counts."""

    at: datetime
    is_day: bool = False

    @property
    def written(self) -> str:
        """Return the date as front matter has it."""
        if self.is_day:
            return f"{self.at:%Y-%m-%d}"
        seconds = f":{self.at:%S}" if self.at.second else ""
        offset = f"{self.at:%z}"[:5]
        return f"{self.at:%Y-%m-%d %H:%M}{seconds} {offset[:3]}:{offset[3:]}"


class OldPicture(NamedTuple):
    """A picture of a post: its address as written, and the words that belong to it."""

    address: str
    alt: str = ""
    caption: str = ""


class ImportedPost(Struct, frozen=True, kw_only=True):
    """A post of an archive, as its system knows it.

    `source` identifies it in the archive and never changes: an id, or the path of its file. `place`
    says where it is, for messages. `address` is its path on the old site, with the query if it has
    one, and empty if it had none; `aliases` are its other addresses. `base` is the path in the
    archive at which relative addresses of files in its body begin. `terms` has the words of each
    taxonomy as written. A post without a `guid` was in no feed."""

    source: str
    place: str
    title: str
    body: str
    form: BodyForm = "markdown"
    is_page: bool = False
    date: OldDate | None = None
    updated: OldDate | None = None
    expires: OldDate | None = None
    is_draft: bool = False
    slug: str = ""
    address: str = ""
    aliases: tuple[str, ...] = ()
    guid: str = ""
    base: str = ""
    authors: tuple[str, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = {}
    summary: str = ""
    image: OldPicture | None = None
    lang: str = ""


class ArchiveFiles(Protocol):
    """The files of an archive: a folder or a zip file. Names are relative, with `/`."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; raises BadArchive."""

    def size(self, name: str) -> int:
        """Return the size of a file in bytes, or 0."""


class Archive(NamedTuple):
    """A site as another system exported it.

    `base_url` has no slash at its end, and is empty if the archive does not say it. `roots` are
    folders in `files` that the old site served at its root. `moved` maps the paths of lists, such
    as `/tags/`, to the paths here; `feeds` are the paths of feeds. `terms` maps a taxonomy and a
    word to the paths of its list."""

    posts: tuple[ImportedPost, ...]
    base_url: str = ""
    files: ArchiveFiles | None = None
    roots: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    moved: Mapping[str, str] = {}
    terms: Mapping[tuple[str, str], tuple[str, ...]] = {}


class ImportContext(NamedTuple):
    """The old address, and the zone of dates without one, for readers of archives."""

    base_url: str
    zone: tzinfo
