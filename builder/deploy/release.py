"""A site as it was sent -> its record: every file by its address, what its feeds announce, when and
of which revision it was made. The record lies beside the site on the target, and in .slugline/."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

FORMAT = 1
STAMP = "release.json"  # a file of the site that says which release it is
DOMAIN_FILE = "CNAME"  # from which hosts of repositories read the domain
FOLDER = ".slugline"  # on a target: what deploys keep for themselves
# A record may have been tampered with, and its digests name files on this machine.
Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]


class ReleaseFile(Struct, frozen=True, array_like=True):
    """A file of a release: two digests of its bytes (by one the build knows it, by the other the
    hosts), and their number."""

    digest: Digest
    size: Annotated[int, Meta(ge=0)]
    md5: Digest


class Item(Struct, frozen=True, array_like=True):
    """A brief as a feed announces it: what readers know it by, where it is, its headline, and when
    it was published (ISO 8601)."""

    guid: str
    url: str
    title: str
    published: str


class Release(Struct, frozen=True, kw_only=True):
    """A site as it was sent. `files` are those of the site, by path; `kept` are style sheets and
    their like of the release before, which pages that a reader opened earlier may yet ask for."""

    id: str
    at: str  # when it was sent (ISO 8601)
    site: str  # the site's address
    format: int = FORMAT
    revision: str = ""  # of the content, where all of that is committed
    again: str = ""  # the id of the release that this one brings back
    files: dict[str, ReleaseFile]
    kept: dict[str, ReleaseFile] = {}
    feeds: dict[str, tuple[str, ...]] = {}  # by path: the guids of its items
    items: dict[str, Item] = {}  # by guid

    @property
    def newest(self) -> str:
        """When its newest brief was published (ISO 8601 in UTC), or nothing."""
        return max((item.published for item in self.items.values()), default="")

    @property
    def pages(self) -> list[str]:
        """The paths of its pages."""
        return [path for path in self.files if path.endswith(".html")]

    def same(self, other: Release) -> bool:
        """Whether both are the same site, byte for byte, but for the stamp."""
        return fingerprint(self.files) == fingerprint(other.files)


class Stamp(Struct, frozen=True):
    """What `release.json` says to whoever asks for it."""

    release: str
    site: str
    fingerprint: str


def stamp_of(release: Release) -> bytes:
    """The bytes of a release's stamp."""
    stamp = Stamp(release.id, release.site, fingerprint(release.files))
    return msgspec.json.format(msgspec.json.encode(stamp)) + b"\n"


def fingerprint(files: Mapping[str, ReleaseFile]) -> str:
    """One digest of all files but the stamp."""
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(files.keys() - {STAMP}):
        whole.update(f"{path}\0{files[path].digest}\n".encode())
    return whole.hexdigest()


def name_release(now: datetime, files: Mapping[str, ReleaseFile]) -> str:
    """The id of a release: when it was made, and of what. Later ones sort later."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{fingerprint(files)[:6]}"


def is_name(name: str) -> bool:
    """Whether something is called as releases are: others' things lie beside them."""
    return _NAME.fullmatch(name) is not None


def describe(data: bytes) -> ReleaseFile:
    """A file of these bytes."""
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return ReleaseFile(digest, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest())


_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_BREAKS = re.compile(r"[\0\n\r]")
_decoder = msgspec.json.Decoder(Release)


def encode_release(release: Release) -> bytes:
    """As JSON, the same bytes for the same release."""
    return msgspec.json.encode(release, order="deterministic")


def read_release(data: bytes, name: str = "") -> Release | None:
    """A record as it was kept; none where it is not one, or that of another release than `name`."""
    try:
        release = _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    paths = (*release.files, *release.kept)
    ours = release.format == FORMAT and is_name(release.id) and name in ("", release.id)
    return release if ours and all(map(is_path, paths)) else None


def is_path(path: str) -> bool:
    """Whether a path stays in the site, and can stand in a list of paths, one a line."""
    parts = path.split("/")
    return not _BREAKS.search(path) and not {"", ".", ".."} & set(parts) and (parts[0] != FOLDER)
