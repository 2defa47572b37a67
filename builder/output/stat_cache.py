"""How files looked when they were published or copied: what looks the same is not read again."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from builder.errors import SluglineError
from builder.output.manifest import ManifestEntry
from builder.stat import settles

FileStat = tuple[int, int, int]  # of a file: size, time of modification (ns), inode


class Looks(Struct, array_like=True):
    """How the files and folders of the output looked when they were published: what looks the
    same is not read again. `folders` has times of modification, of each tree by its own inode;
    `foreign` is what was taken along; `spare` is the inode of the second tree, and `manifest` a
    digest of its manifest."""

    files: dict[str, FileStat] = {}
    folders: dict[int, dict[str, int]] = {}
    foreign: tuple[bytes, ...] = ()
    spare: int = 0
    manifest: str = ""


_looks = msgspec.msgpack.Decoder(Looks)


def decode_stats(data: bytes | None) -> Looks:
    """Looks as they were kept; none where they cannot be read."""
    if data:
        try:
            return _looks.decode(data)
        except msgspec.DecodeError:
            pass
    return Looks({}, {})


def encode_stats(looks: Looks) -> bytes:
    return msgspec.msgpack.encode(looks)


class _Source(Struct, array_like=True, frozen=True):
    """A file that is published as it is: how it looked, and what it held."""

    look: tuple[int, int, int, int]
    entry: ManifestEntry


_sources = msgspec.msgpack.Decoder(dict[bytes, _Source])


class SourceLost(SluglineError):
    """A file that is to be copied cannot be read any more."""


class CopyCache:
    """What is known of the files that are published as they are."""

    def __init__(self, data: bytes | None) -> None:
        self.known: dict[bytes, _Source] = {}
        self.used: dict[bytes, _Source] = {}
        if data:
            with suppress(msgspec.DecodeError):
                self.known = _sources.decode(data)

    def entry(self, source: Path) -> ManifestEntry:
        """The digest and the size of a file. Raises SourceLost when it cannot be read any
        more."""
        name = os.fsencode(source)
        try:
            looked = os.stat(source)  # noqa: PTH116
            look = (looked.st_size, looked.st_mtime_ns, looked.st_ctime_ns, looked.st_ino)
            known = self.known.get(name)
            if known is None or known.look != look:
                with source.open("rb") as stream:
                    digest = hashlib.file_digest(stream, new_hash).hexdigest()
                known = _Source(look, ManifestEntry(digest, looked.st_size))
        except OSError as error:
            message = (
                f"{source} cannot be read any more ({error.strerror}); the output is as it was"
            )
            raise SourceLost(message) from error
        if settles(*look[1:3]) < time.time_ns():
            self.used[name] = known
        return known.entry

    def encoded(self) -> bytes:
        return msgspec.msgpack.encode(self.used)


def new_hash() -> hashlib.blake2b:
    """The hash by which the manifest knows files."""
    return hashlib.blake2b(digest_size=16)
