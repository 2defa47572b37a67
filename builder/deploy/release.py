"""The record of a release: its files, the items of its feeds, its time and its revision.

Records are stored beside the site on the target, and in .slugline/."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from builder.model.version import MOST, Digest, Version

FORMAT = 1
STAMP = "release.json"  # a file of the site that identifies its release
DOMAIN_FILE = "CNAME"  # from which hosts of repositories read the domain
FOLDER = ".slugline"  # on a target: records, pointers and locks
LARGEST = 8_000_000  # bytes of the words of a version
WORDS = f"{FOLDER}/words"  # the words of versions, by their digest


class ReleaseFile(Struct, frozen=True, array_like=True):
    """A file of a release.

    `size` is in bytes. The build identifies content by `digest` (BLAKE2b), hosts by `md5`."""

    digest: Digest
    size: Annotated[int, Meta(ge=0)]
    md5: Digest


class Item(Struct, frozen=True, array_like=True):
    """An item of a feed. `published` is in ISO 8601."""

    guid: str
    url: str
    title: str
    published: str


# The versions of a brief, oldest first.
Chain = Annotated[tuple[Version, ...], Meta(min_length=1, max_length=MOST)]


class Release(Struct, frozen=True, kw_only=True):
    """A release of the site.

    `files` maps the path of each file of the site to its record. `retained` are assets of the
    release before, which a page that a reader opened earlier may still load. In JSON, `retained`
    is called `kept` and `restores` is called `again`."""

    id: str
    at: str  # when it was planned (ISO 8601)
    site: str  # the base URL
    format: int = FORMAT
    preview: bool = False  # for colleagues, not for readers
    revision: str = ""  # the commit of the content, if everything is committed
    restores: str = field(default="", name="again")  # the id of the release that it brings back
    files: dict[str, ReleaseFile]
    retained: dict[str, ReleaseFile] = field(default_factory=dict, name="kept")
    feeds: dict[str, tuple[str, ...]] = {}  # by path: the guids of its items
    items: dict[str, Item] = {}  # by guid
    versions: dict[str, Chain] = {}  # of public briefs, by identity; the last is the one published
    reason: str = ""  # for which a silent change was allowed

    @property
    def newest(self) -> str:
        """When the newest brief was published (ISO 8601 in UTC), or nothing."""
        return max((item.published for item in self.items.values()), default="")

    @property
    def pages(self) -> list[str]:
        """The paths of the pages."""
        return [path for path in self.files if path.endswith(".html")]

    @property
    def words(self) -> dict[str, str]:
        """The digest of the words of each public brief, by identity."""
        return {identity: chain[-1].digest for identity, chain in self.versions.items()}

    def has_same_files(self, other: Release) -> bool:
        """Return whether both releases have the same files, apart from the stamp."""
        return fingerprint(self.files) == fingerprint(other.files)


class Stamp(Struct, frozen=True):
    """The content of `release.json`."""

    release: str
    site: str
    fingerprint: str


def encode_stamp(release: Release) -> bytes:
    """Return the content of a release's stamp."""
    stamp = Stamp(release.id, release.site, fingerprint(release.files))
    return msgspec.json.format(msgspec.json.encode(stamp)) + b"\n"


def fingerprint(files: Mapping[str, ReleaseFile]) -> str:
    """Return one digest of all files except the stamp."""
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(files.keys() - {STAMP}):
        whole.update(f"{path}\0{files[path].digest}\n".encode())
    return whole.hexdigest()


def make_id(now: datetime, files: Mapping[str, ReleaseFile]) -> str:
    """Return the id of a release. Ids sort by time."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{fingerprint(files)[:6]}"


def is_release_id(name: str) -> bool:
    """Return whether a name has the form of a release's id."""
    return _ID.fullmatch(name) is not None


def describe(data: bytes) -> ReleaseFile:
    """Return the record of a file with this content."""
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return ReleaseFile(digest, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest())


def words_path(digest: str) -> str:
    """Return the path of the words with a digest, on a target."""
    return f"{WORDS}/{digest[:2]}/{digest[2:]}.json"


def word_digests(versions: Mapping[str, Chain]) -> Iterator[str]:
    """Yield the digests of the words of all versions."""
    for chain in versions.values():
        yield from (version.digest for version in chain)


def digest_in(path: str) -> str:
    """Return the digest of the words at a path of a target.

    It is empty for another file."""
    found = _WORDS.fullmatch(path)
    return found[1] + found[2] if found else ""


_WORDS = re.compile(rf"{re.escape(WORDS)}/([0-9a-f]{{2}})/([0-9a-f]{{30}})\.json")
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_LINE_BREAKS = re.compile(r"[\0\n\r]")
_decoder = msgspec.json.Decoder(Release)


def encode_release(release: Release) -> bytes:
    """Return a record as JSON: the same bytes for the same release."""
    return msgspec.json.encode(release, order="deterministic")


def decode_release(data: bytes, release_id: str = "") -> Release | None:
    """Return the release of a record, or None if it is invalid.

    With `release_id`, the record of another release is not valid either."""
    try:
        release = _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    paths = (*release.files, *release.retained)
    known = release.format == FORMAT and is_release_id(release.id)
    wanted = release_id in ("", release.id)
    return release if known and wanted and all(map(is_path, paths)) else None


def is_path(path: str) -> bool:
    """Return whether a path stays inside the site, without line breaks."""
    parts = path.split("/")
    inside = not {"", ".", ".."} & set(parts) and parts[0] != FOLDER
    return inside and not _LINE_BREAKS.search(path)
