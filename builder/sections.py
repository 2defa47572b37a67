"""An index: a file of named sections, of which only those that are asked for are read.

The sections of a large index are in a second file, its base. The first has those that have changed
since the base was written, so what a build saves is in proportion to what it changed. Both are
written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from builder.safe_files import PLAIN

_MAGIC = b"slugline 1\n"
_LENGTH = 4  # bytes of the length of the head


# From so many bytes on, an index has a base; it is written again if it lacks a quarter of them.
_LARGE = 1 << 20


class _Head(Struct, array_like=True):
    """The beginning of the file: the name, length and checksum of each section.

    `base` is the name of the second file, and `stable` has its sections, each with its offset."""

    program: str
    sections: list[tuple[str, int, bytes]]
    base: str = ""
    stable: list[tuple[str, int, bytes, int]] = []


_head = msgspec.msgpack.Decoder(_Head)


class _OpenFile:
    """A file that stays open until its index is closed, or no longer used."""

    descriptor = -1

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | PLAIN)
        found = os.fstat(self.descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        self.size = found.st_size

    def read(self, length: int, offset: int) -> bytes:
        """Return some bytes; fewer if the file is shorter."""
        return read_at(self.descriptor, max(0, min(length, self.size - offset)), offset)

    def close(self) -> None:
        """Close the file; nothing more can be read."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = -1

    def __del__(self) -> None:
        self.close()


class _Section(NamedTuple):
    """A section with its checksum: its bytes, or where they are in a file."""

    checksum: bytes
    value: bytes = b""
    file: _OpenFile | None = None
    length: int = 0  # in the file
    offset: int = 0

    @property
    def size(self) -> int:
        return len(self.value) if self.file is None else self.length

    def read(self) -> bytes:
        """Return the bytes, which may be damaged."""
        if self.file is None:
            return self.value
        try:
            return self.file.read(self.length, self.offset)
        except OSError:
            return b""


class Index:
    """Named sections, each with a checksum.

    A section is verified when it is read; unread sections are saved again unchanged."""

    def __init__(self) -> None:
        self.parts: dict[str, _Section] = {}
        self.base = ""  # the name of the second file
        self._base: _OpenFile | None = None

    @classmethod
    def of(cls, sections: Mapping[str, bytes]) -> Index:
        index = cls()
        for section, part in sections.items():
            index.put(section, part)
        return index

    def get(self, section: str) -> bytes | None:
        """Return a section, or None if it is missing or damaged."""
        found = self.parts.get(section)
        part = found.read() if found else b""
        return part if found and found.checksum == _sum(section, part) else None

    def put(self, section: str, part: bytes) -> None:
        self.parts[section] = _Section(_sum(section, part), part)

    def close(self) -> None:
        """Close the files; sections that were not read are missing then."""
        for part in self.parts.values():
            if part.file is not None:
                part.file.close()

    @property
    def outgrown(self) -> bool:
        """Whether a base is to be written."""
        sizes = [0, 0]
        for part in self.parts.values():
            sizes[part.file is not None and part.file is self._base] += part.size
        changed, stable = sizes
        waste = self._base.size - stable if self._base else 0
        return _LASTING and max(changed, waste) > max(_LARGE, stable // 4)

    def values(self) -> Iterator[bytes]:
        """Yield all sections, as they are in a new base."""
        return (part.read() for part in self.parts.values())

    def take(
        self, file: _OpenFile, base: str, sections: Iterable[tuple[str, int, bytes, int]]
    ) -> None:
        """Add the sections of a base."""
        self.base, self._base = base, file
        for name, size, checksum, offset in sections:
            self.parts[name] = _Section(checksum, b"", file, size, offset)

    def settle(self, base: Path) -> None:
        """Take all sections from a base that has been written. Raises OSError."""
        sections, offset = [], 0
        for name, part in self.parts.items():
            sections.append((name, part.size, part.checksum, offset))
            offset += part.size
        self.take(_OpenFile(base), base.name, sections)

    def encoded(self, program: str) -> Iterator[bytes]:
        """Yield the parts of the first file of an index."""
        stable, parts = [], {}
        for name, part in self.parts.items():
            if part.file is not None and part.file is self._base:
                stable.append((name, part.size, part.checksum, part.offset))
            else:
                parts[name] = part.read()
        table = [(name, len(part), self.parts[name].checksum) for name, part in parts.items()]
        head = msgspec.msgpack.encode(_Head(program, table, self.base, stable))
        yield from (_MAGIC, len(head).to_bytes(_LENGTH, "big"), head, *parts.values())


def _sum(section: str, part: bytes) -> bytes:
    """Return a checksum that detects damage.

    Sections are long, and CRC-32 is four times as fast as a digest. Values that must be
    distinguished have digests."""
    return zlib.crc32(part, zlib.crc32(section.encode() + b"\0")).to_bytes(4, "big")


def read_index(path: Path, program: str) -> Index:
    """Return an index of this program version, or an empty one."""
    found = Index()
    try:
        file = _OpenFile(path)
        start = file.read(len(_MAGIC) + _LENGTH, 0)
        length = int.from_bytes(start[len(_MAGIC) :], "big")
        head = _head.decode(file.read(length, len(start)))
        if not start.startswith(_MAGIC) or head.program != program:
            return found
        offset = len(start) + length
        for section, size, checksum in head.sections:
            part = _Section(checksum, b"", file, size, offset)
            # Elsewhere than on POSIX, a file that is open cannot be replaced.
            found.parts[section] = part if _LASTING else _Section(checksum, part.read())
            offset += size
        if head.base:
            found.take(_OpenFile(path.with_name(head.base)), head.base, head.stable)
    except (OSError, ValueError):
        return Index()
    return found


_LASTING = hasattr(os, "pread")


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Return some bytes of an open file; fewer if it is shorter."""
    if hasattr(os, "pread"):  # safe for processes that share a descriptor
        return os.pread(descriptor, length, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)
