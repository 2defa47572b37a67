"""What one build leaves for the next: files in .slugline/ that may be lost, damaged, foreign or of
another version at any time. Whatever cannot be trusted is as if it were not there.

An index is one file of named sections, replaced in one step. Large values lie in packs, files that
only grow; who keeps a value's address keeps a digest of it too."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from builder.errors import SluglineError

FOLDER = ".slugline"
PREVIEW = "preview"  # the folder in it that is another process's
RELEASES = "releases"  # and the one with what was deployed, which a clean build does not make
_MAGIC = b"slugline 1\n"
_DIGEST = 16  # bytes of a section's digest
# The tag by which backup programs know a cache (bford.info/cachedir).
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What Slugline remembers. Delete it freely.\n"
_SMALL = "small"  # the index of small values
_MOST_SMALL = 200  # of these; a site has some thirty
_MOST_ALIKE = 8  # indexes of one kind: outputs of one site
# Packs are written anew when more than this many bytes, and more than half of them, are waste.
_WASTE = 16 << 20


class Address(NamedTuple):
    """Where a value lies in the packs, and its digest."""

    pack: int
    offset: int  # bytes
    length: int  # bytes
    digest: bytes


# Where there is no room on disk, a value is its own address.
Kept = Address | bytes


# Links are not followed, and pipes not waited for.
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def plain_bytes(path: Path) -> bytes:
    """The bytes of a plain file. Raises OSError for anything else, and waits for no pipe."""
    descriptor = os.open(path, os.O_RDONLY | _PLAIN)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError
        return stream.read()


def _read_at(descriptor: int, length: int, offset: int) -> bytes:
    if hasattr(os, "pread"):  # processes that share a descriptor do not disturb each other
        return os.pread(descriptor, length, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


class StoreDamaged(SluglineError):
    """A kept value is not what it was: the store has to be left aside."""


def digest(data: bytes, size: int = _DIGEST) -> bytes:
    return hashlib.blake2b(data, digest_size=size).digest()


def digest_of(kept: Kept) -> bytes:
    """A digest of a kept value, without reading it."""
    return digest(kept) if isinstance(kept, bytes) else kept.digest


class Index:
    """Named sections. Each is judged by its digest when it is asked for; one that nobody asked for
    is written again as it is, with its digest."""

    def __init__(self) -> None:
        self.parts: dict[str, tuple[bytes, bytes]] = {}

    @classmethod
    def of(cls, sections: Mapping[str, bytes]) -> Index:
        index = cls()
        for section, part in sections.items():
            index.put(section, part)
        return index

    def get(self, section: str) -> bytes | None:
        """A section, if it is as it was written."""
        part, expected = self.parts.get(section, (b"", b""))
        return part if expected and _sum(section, part) == expected else None

    def put(self, section: str, part: bytes) -> None:
        self.parts[section] = (part, _sum(section, part))


def _sum(section: str, part: bytes) -> bytes:
    """What damage would change. Sections are long, and CRC-32 is four times as quick as a digest;
    what must differ for any two values is told by a digest of each."""
    return zlib.crc32(part, zlib.crc32(section.encode() + b"\0")).to_bytes(4, "big")


class Store:
    """The folder of one site. Without a folder it remembers nothing: all values are in memory."""

    def __init__(self, folder: Path | None, program: str) -> None:
        self.folder, self.program = folder, program
        self._open: dict[int, int] = {}  # by pack: a descriptor to read from
        self._own = 0  # the pack that this process appends to
        self._end = -1  # its length, once it is open
        self._writing = -1
        self._small: Index | None = None
        self._used: set[str] = set()
        self._changed = False

    # --- indexes -------------------------------------------------------------------------------

    def load(self, name: str) -> Index:
        """An index as it was written, by this very program; an empty one where there is none."""
        if self.folder is None:
            return Index()
        try:
            data = plain_bytes(self.folder / name)
            length = int.from_bytes(data[len(_MAGIC) : len(_MAGIC) + 4], "big")
            start = len(_MAGIC) + 4 + length
            head = msgspec.msgpack.decode(data[len(_MAGIC) + 4 : start])
            if not data.startswith(_MAGIC) or head["program"] != self.program:
                return Index()
            found = Index()
            for section, size, expected in head["sections"]:
                found.parts[section] = (data[start : start + size], expected)
                start += size
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return Index()
        return found

    def save(self, name: str, index: Index) -> None:
        """Replace an index. A disk that is full is no reason to fail: it is only a memory."""
        if self.folder is None:
            return
        table = [(section, len(part), sum_) for section, (part, sum_) in index.parts.items()]
        head = msgspec.msgpack.encode({"program": self.program, "sections": table})
        parts = [part for part, _ in index.parts.values()]
        with suppress(OSError):
            self._replace(name, [_MAGIC, len(head).to_bytes(4, "big"), head, *parts])

    def _replace(self, name: str, parts: Iterable[bytes]) -> None:
        assert self.folder is not None
        unfinished, target = self.folder / f"{name}.new", self.folder / name
        if target.is_dir() or unfinished.is_dir() or unfinished.is_symlink():
            remove(target)  # whatever came there is not ours
            remove(unfinished)
        try:
            with unfinished.open("wb") as stream:
                stream.writelines(parts)
            unfinished.replace(target)
        except OSError:
            remove(unfinished)
            raise

    # --- small values --------------------------------------------------------------------------

    def get(self, key: str) -> bytes | None:
        """A small value by its key, such as what a template compiles to."""
        if self._small is None:
            self._small = self.load(_SMALL)
        self._used.add(key)
        return self._small.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep a small value, from `flush` on."""
        self.get(key)
        assert self._small is not None
        self._small.put(key, value)
        self._changed = True

    def flush(self) -> None:
        """Write small values. Of too many, those that nobody used this time are forgotten."""
        if self._small is not None and self._changed:
            parts = self._small.parts
            if len(parts) > _MOST_SMALL:
                for key in parts.keys() - self._used:
                    del parts[key]
            self.save(_SMALL, self._small)
            self._changed = False

    def tidy(self, prefix: str) -> None:
        """Of the indexes whose names begin so, remove all but the last few that were written."""
        if self.folder is not None:
            with suppress(OSError):
                found = sorted(
                    self.folder.glob(f"{prefix}*"), key=lambda path: path.stat().st_mtime
                )
                for path in found[:-_MOST_ALIKE]:
                    remove(path)

    # --- packs ---------------------------------------------------------------------------------

    def in_worker(self, number: int) -> None:
        """From now on this process appends to a pack of its own."""
        if number != self._own:
            self._own, self._end, self._writing = number, -1, -1

    def keep(self, value: bytes) -> Kept:
        """Append a value to this process's pack."""
        if self.folder is None:
            return value
        try:
            if self._writing < 0:
                path = self._pack(self._own)
                if os.path.lexists(path) and not (path.is_file() and not path.is_symlink()):
                    remove(path)
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _PLAIN
                self._writing = os.open(path, flags, 0o644)
                self._end = os.fstat(self._writing).st_size
            written = 0
            while written < len(value):
                written += os.write(self._writing, value[written:])
        except OSError:  # full, or not ours: what was written in part is waste
            if self._writing >= 0:
                os.close(self._writing)
            self._writing = -1
            return value
        address = Address(self._own, self._end, len(value), digest(value))
        self._end += len(value)
        return address

    def value(self, kept: Kept) -> bytes:
        """A kept value. Raises Damaged when it is not what it was."""
        if isinstance(kept, bytes):
            return kept
        try:
            if kept.pack not in self._open:
                flags = os.O_RDONLY | _PLAIN
                self._open[kept.pack] = os.open(self._pack(kept.pack), flags)
            value = _read_at(self._open[kept.pack], kept.length, kept.offset)
        except (OSError, OverflowError):
            raise StoreDamaged from None
        if digest(value) != kept.digest:
            raise StoreDamaged
        return value

    def wasteful(self, used: int) -> bool:
        """Whether the packs hold much that nobody refers to any more; `used` bytes are in use."""
        size = 0
        for path in self._packs():
            with suppress(OSError):
                size += path.lstat().st_size
        return size - used > max(_WASTE, used)

    def repack(self, addresses: Iterable[Kept]) -> Iterator[Kept]:
        """Each value's new address, in a new pack. The old ones go with `drop_packs`."""
        numbers = [int(path.name.removeprefix("pack-")) for path in self._packs()]
        self.in_worker(max(numbers, default=0) + 1)
        for kept in addresses:
            yield self.keep(self.value(kept))

    def drop_packs(self) -> None:
        """Remove all packs but the one that this process has appended to."""
        for path in self._packs():
            if self._writing < 0 or path.name != f"pack-{self._own}":
                remove(path)

    def _pack(self, number: int) -> Path:
        assert self.folder is not None
        return self.folder / f"pack-{number}"

    def _packs(self) -> list[Path]:
        if self.folder is None:
            return []
        return [path for path in self.folder.glob("pack-*") if path.name[5:].isdecimal()]

    def clear(self) -> None:
        """Forget everything."""
        self.close()
        self._small, self._changed = None, False
        if self.folder is not None:
            with suppress(OSError):
                for path in [*self.folder.iterdir()]:
                    if path.name not in (".gitignore", "CACHEDIR.TAG", "lock", PREVIEW, RELEASES):
                        remove(path)

    def close(self) -> None:
        """Let go of all files."""
        for descriptor in (*self._open.values(), self._writing):
            if descriptor >= 0:
                os.close(descriptor)
        self._open, self._writing, self._end = {}, -1, -1


def remove(path: Path) -> None:
    """Delete what is at a path, if it can be, also where it may not be written as it is."""
    if path.is_symlink() or not path.is_dir():
        with suppress(OSError):
            path.unlink()
        return
    shutil.rmtree(path, ignore_errors=True)
    if path.is_dir():
        for folder, _, _ in os.walk(path):
            with suppress(OSError):
                os.chmod(folder, 0o700)  # noqa: PTH101
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def opened(place: Path, program: str, note: Callable[[str], None] | None = None) -> Iterator[Store]:
    """The store in a folder, held by this process alone; another build at the same time waits for
    it. Where the folder cannot be written, a store that remembers nothing. `note` is told both."""
    folder: Path | None = place
    lock = -1
    try:
        lock = _lock(place, note)
    except OSError as error:
        folder = None
        if note:
            why = error.strerror or "it is no folder"
            note(f"{FOLDER}/ cannot be written ({why}): nothing is remembered, builds are slow")
    store = Store(folder, program)
    try:
        yield store
    finally:
        store.close()
        if lock >= 0:
            os.close(lock)


def make_folder(folder: Path) -> None:
    """Make a folder that neither git nor backup programs take along. Raises OSError where that
    cannot be, or something else is in its place."""
    if folder.is_symlink():
        raise OSError
    if not folder.is_dir():
        folder.mkdir()
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
        if not (folder / name).exists():
            (folder / name).write_text(text, "ascii")


def _lock(folder: Path, note: Callable[[str], None] | None) -> int:
    make_folder(folder)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | _PLAIN, 0o644)
    try:
        import fcntl
    except ImportError:  # no such lock on this system
        return descriptor
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        if note:
            note(f"waiting for another build of this site to end (process {holder})")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
