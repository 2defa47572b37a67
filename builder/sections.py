"""An index: a file of named sections, of which only those that are asked for are read."""

from __future__ import annotations

import errno
import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from builder.safe_files import PLAIN

_MAGIC = b"slugline 1\n"
_LENGTH = 4  # bytes of the length of the head


class _Head(Struct):
    """The beginning of the file: the name, length and checksum of each section."""

    program: str
    sections: list[tuple[str, int, bytes]]


_head = msgspec.msgpack.Decoder(_Head)


class _OpenFile:
    """A file that stays open until its index is closed, or no longer used."""

    descriptor = -1

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | PLAIN)
        found = os.fstat(self.descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        self._size = found.st_size

    def read(self, length: int, offset: int) -> bytes:
        """Return some bytes; fewer if the file is shorter."""
        return read_at(self.descriptor, max(0, min(length, self._size - offset)), offset)

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
    length: int = 0
    offset: int = 0

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
        """Close the file; sections that were not read are missing then."""
        for part in self.parts.values():
            if part.file is not None:
                part.file.close()

    def encoded(self, program: str) -> Iterator[bytes]:
        """Yield the parts of the file of an index."""
        parts = {section: part.read() for section, part in self.parts.items()}
        table = [(name, len(part), self.parts[name].checksum) for name, part in parts.items()]
        head = msgspec.msgpack.encode(_Head(program, table))
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
