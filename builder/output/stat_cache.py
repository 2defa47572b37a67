"""Cached stats of published and copied files, so that unchanged files are not read."""

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
from builder.stat import settled_at, stat_of

FileStat = tuple[int, int, int]  # size, modification time (ns), inode


class TreeStats(Struct, array_like=True):
    """The stats of the output's files and folders when they were published.

    `folders` has modification times of folders, by the inode of their tree; `foreign` has the
    foreign files that were kept; `spare` is the inode of the spare tree, and `manifest` identifies
    its manifest."""

    files: dict[str, FileStat] = {}
    folders: dict[int, dict[str, int]] = {}
    foreign: tuple[bytes, ...] = ()
    spare: int = 0
    manifest: str = ""


_stats = msgspec.msgpack.Decoder(TreeStats)


def decode_stats(data: bytes | None) -> TreeStats:
    """Return cached stats; empty if they cannot be decoded."""
    if data:
        try:
            return _stats.decode(data)
        except msgspec.DecodeError:
            pass
    return TreeStats({}, {})


def encode_stats(stats: TreeStats) -> bytes:
    return msgspec.msgpack.encode(stats)


class _Source(Struct, array_like=True, frozen=True):
    """A file that is published unchanged: its stat, digest and size."""

    stat: tuple[int, int, int, int]
    entry: ManifestEntry


_sources = msgspec.msgpack.Decoder(dict[bytes, _Source])


class SourceLost(SluglineError):
    """A file to copy can no longer be read."""


class CopyCache:
    """The cached digests of files that are published unchanged."""

    def __init__(self, data: bytes | None) -> None:
        self.known: dict[bytes, _Source] = {}
        self.used: dict[bytes, _Source] = {}
        if data:
            with suppress(msgspec.DecodeError):
                self.known = _sources.decode(data)

    def entry(self, source: Path) -> ManifestEntry:
        """Return the digest and size of a file. Raises SourceLost if unreadable."""
        name = os.fsencode(source)
        asked = time.time_ns()  # a busy machine may hash the file much earlier than it goes on
        try:
            now = stat_of(os.stat(source))  # noqa: PTH116
            known = self.known.get(name)
            if known is None or known.stat != now:
                with source.open("rb") as stream:
                    digest = hashlib.file_digest(stream, new_hash).hexdigest()
                known = _Source(now, ManifestEntry(digest, now[0]))
        except OSError as error:
            message = f"{source} can no longer be read ({error.strerror}); the output is unchanged"
            raise SourceLost(message) from error
        if settled_at([now], asked):
            self.used[name] = known
        return known.entry

    def encoded(self) -> bytes:
        return msgspec.msgpack.encode(self.used)


def new_hash() -> hashlib.blake2b:
    """Return a new instance of the manifest's hash function."""
    return hashlib.blake2b(digest_size=16)
