"""The cache that one build leaves for the next, in .slugline/.

Its files may be lost, damaged, foreign or of another version at any time; anything that cannot be
trusted counts as missing. An index is a file of named sections, which is replaced in one step.
Large values are stored in packs, files that only grow; the address of a value contains its
digest."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple
from weakref import WeakSet

from builder.errors import SluglineError
from builder.machine_key import machine_key, seal, state_folder
from builder.safe_files import (
    PLAIN,
    UNFINISHED,
    create_file,
    make_folders,
    open_lock,
    replace_file,
)
from builder.sections import Index, read_at, read_index

FOLDER = ".slugline"
PREVIEW = "preview"  # its subfolder for the preview, which another process owns
RELEASES = "releases"  # its subfolder for deployed releases, which a clean build keeps
PICTURES = "pictures"  # its subfolder for variants of pictures, which all outputs share
CLIPS = "clips"  # its subfolder for pages that became drafts, and the sources they are of
EVIDENCE = "evidence"  # its subfolder for what is known of sources
FETCHED = "fetched"  # its subfolder for responses of other sites
MAIL = "mail"  # its subfolder for messages, and for what was sent
_DIGEST = 16  # bytes of a section's digest
_LASTING = (
    ".gitignore", "CACHEDIR.TAG", "lock", PREVIEW, RELEASES, PICTURES, CLIPS, EVIDENCE, FETCHED,
    MAIL,
)  # fmt: skip
# The tag by which backup programs recognise a cache (bford.info/cachedir).
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Slugline's cache. It is safe to delete.\n"
_BASE = "+"  # in the name of the base of an index
_SMALL = "small"  # the index of small values
_MOST_SMALL = 200  # small values; a site has about thirty
_MOST_ALIKE = 8  # indexes of one kind, one for each output of the site
# Packs are rewritten if more than this many bytes, and more than half of all, are unused.
_WASTE = 16 << 20


class Address(NamedTuple):
    """The place of a value in the packs, and its digest."""

    pack: int
    offset: int  # bytes
    length: int  # bytes
    digest: bytes


# The address of a stored value, or the value itself if the disk is full.
Kept = Address | bytes


class StoreDamaged(SluglineError):
    """A stored value has changed, so the store cannot be used."""


def needed(index: Index, section: str) -> bytes:
    """Return a section of an index.

    Raises StoreDamaged if it is missing or damaged."""
    found = index.get(section)
    if found is None:
        raise StoreDamaged
    return found


def digest(data: bytes, size: int = _DIGEST) -> bytes:
    return hashlib.blake2b(data, digest_size=size).digest()


def digest_of(kept: Kept) -> bytes:
    """Return the digest of a stored value without reading it."""
    return digest(kept) if isinstance(kept, bytes) else kept.digest


class Store:
    """The store in the folder of one site.

    Without a folder, values are kept in memory and nothing is saved."""

    def __init__(self, folder: Path | None, program: str) -> None:
        self.folder, self.program = folder, program
        self._open: dict[int, int] = {}  # by pack: a descriptor to read from
        self._loaded: WeakSet[Index] = WeakSet()  # whose files may be open
        self._own = 0  # the pack that this process appends to
        self._end = -1  # its length, once it is open
        self._writing = -1
        self._small: Index | None = None
        self._used: set[str] = set()
        self._changed = False
        # The new address of each value that moved and whose old address may be remembered.
        self.moved: dict[Kept, Kept] = {}

    # --- indexes -------------------------------------------------------------------------------

    def load(self, name: str) -> Index:
        """Return a saved index of this program version, or an empty one."""
        found = read_index(self.folder / name, self.program) if self.folder else Index()
        self._loaded.add(found)
        return found

    def save(self, name: str, index: Index) -> None:
        """Replace an index; ignore a full disk, as for any cache.

        If many of its sections have changed, it gets a new base."""
        if self.folder is None:
            return
        with suppress(OSError):
            outgrown = index.outgrown
            if outgrown:
                base = f"{name}{_BASE}{os.urandom(8).hex()}"
                self._replace(base, index.values())
                index.settle(self.folder / base)
            self._replace(name, index.encoded(self.program))
            if outgrown:
                for path in self.folder.glob(f"{name}{_BASE}*"):
                    if path.name != index.base:
                        remove(path)

    def _replace(self, name: str, parts: Iterable[bytes]) -> None:
        assert self.folder is not None
        target = self.folder / name
        if target.is_dir() and not target.is_symlink():
            remove(target)  # a foreign folder
        replace_file(target, parts)

    # --- small values --------------------------------------------------------------------------

    def get(self, key: str) -> bytes | None:
        """Return a small value by its key, such as a compiled template."""
        if self._small is None:
            self._small = self.load(_SMALL)
        self._used.add(key)
        return self._small.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Store a small value; `flush` writes it."""
        self.get(key)
        assert self._small is not None
        self._small.put(key, value)
        self._changed = True

    def flush(self) -> None:
        """Write small values; if there are many, evict unused ones."""
        if self._small is not None and self._changed:
            parts = self._small.parts
            if len(parts) > _MOST_SMALL:
                for key in parts.keys() - self._used:
                    del parts[key]
            self.save(_SMALL, self._small)
            self._changed = False

    def tidy(self, prefix: str) -> None:
        """Remove all but the latest few indexes with a prefix."""
        if self.folder is not None:
            with suppress(OSError):
                alike = (path for path in self.folder.glob(f"{prefix}*") if _BASE not in path.name)
                found = sorted(alike, key=lambda path: path.stat().st_mtime)
                for path in found[:-_MOST_ALIKE]:
                    for file in (path, *self.folder.glob(f"{path.name}{_BASE}*")):
                        remove(file)

    # --- packs ---------------------------------------------------------------------------------

    def in_worker(self, number: int) -> None:
        """Switch this process to a pack of its own."""
        if number != self._own:
            self._own, self._end, self._writing = number, -1, -1

    def keep(self, value: bytes) -> Kept:
        """Append a value to this process's pack, and return its address."""
        if self.folder is None:
            return value
        try:
            if self._writing < 0:
                path = self._pack(self._own)
                if os.path.lexists(path) and not (path.is_file() and not path.is_symlink()):
                    remove(path)
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | PLAIN
                self._writing = os.open(path, flags, 0o644)
                self._end = os.fstat(self._writing).st_size
            written = 0
            while written < len(value):
                written += os.write(self._writing, value[written:])
        except OSError:  # the disk is full or the file foreign; a partial value is left unused
            if self._writing >= 0:
                os.close(self._writing)
            self._writing = -1
            return value
        address = Address(self._own, self._end, len(value), digest(value))
        self._end += len(value)
        return address

    def value(self, kept: Kept) -> bytes:
        """Return a stored value.

        Raises StoreDamaged if it is missing or has changed."""
        while kept in self.moved:
            kept = self.moved[kept]
        if isinstance(kept, bytes):
            return kept
        try:
            if kept.pack not in self._open:
                flags = os.O_RDONLY | PLAIN
                self._open[kept.pack] = os.open(self._pack(kept.pack), flags)
            value = read_at(self._open[kept.pack], kept.length, kept.offset)
        except (OSError, OverflowError):
            raise StoreDamaged from None
        if digest(value) != kept.digest:
            raise StoreDamaged
        return value

    def wasteful(self, used: int) -> bool:
        """Return whether many bytes of the packs are unused.

        `used` is the number of bytes in use."""
        size = 0
        for path in self._packs():
            with suppress(OSError):
                size += path.lstat().st_size
        return size - used > max(_WASTE, used)

    def repack(self, addresses: Iterable[Kept]) -> Iterator[Kept]:
        """Yield the new address of each value, in a new pack.

        `drop_packs` removes the old packs."""
        numbers = [int(path.name.removeprefix("pack-")) for path in self._packs()]
        self.in_worker(max(numbers, default=0) + 1)
        for kept in addresses:
            yield self.keep(self.value(kept))

    def drop_packs(self) -> None:
        """Remove all packs except the one to which this process appends."""
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
        """Delete all stored values."""
        self.close()
        self._small, self._changed = None, False
        if self.folder is not None:
            with suppress(OSError):
                for path in [*self.folder.iterdir()]:
                    if path.name not in _LASTING:
                        remove(path)

    def close(self) -> None:
        """Close all files."""
        for descriptor in (*self._open.values(), self._writing):
            if descriptor >= 0:
                os.close(descriptor)
        for index in self._loaded:
            index.close()
        self._open, self._writing, self._end = {}, -1, -1


def remove(path: Path) -> None:
    """Delete a file or folder if possible, even a write-protected one."""
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
    """Open the store in a folder, locked for this process.

    A concurrent build waits for the lock. If the folder is not writable, the store is in memory.
    `note` receives a message in both cases. Only what this user's key has sealed is believed: the
    folder may come with a repository."""
    folder: Path | None = place
    lock, key = None, machine_key()
    try:
        lock = _lock(place, note)
        if key is None:
            raise OSError(f"no key can be stored in {state_folder()}")
        _remove_unfinished(place)
    except OSError as error:
        folder = None
        if note:
            why = error.strerror or str(error)
            note(f"{FOLDER}/ cannot be used ({why}): building without a cache is slow")
    store = Store(folder, _sealed(program, key) if key else "")
    try:
        yield store
    finally:
        store.close()
        if lock:
            lock.close()


class BorrowedStore(Store):
    """A store that reads what builds have left in a folder, and writes nothing.

    New values are in memory."""

    def __init__(self, folder: Path | None, program: str) -> None:
        super().__init__(None, program)
        self._lender = Store(folder, program)

    def load(self, name: str) -> Index:
        return self._lender.load(name)

    def value(self, kept: Kept) -> bytes:
        return kept if isinstance(kept, bytes) else self._lender.value(kept)

    def clear(self) -> None:
        """Use nothing more of the folder."""
        self._lender.close()
        self._lender = Store(None, self.program)
        super().clear()

    def close(self) -> None:
        self._lender.close()


def borrowed(place: Path, program: str) -> BorrowedStore:
    """Return a store that reads a folder without a lock.

    A value that a build has removed meanwhile raises StoreDamaged, as any damaged value does."""
    key = machine_key() if place.is_dir() and not place.is_symlink() else None
    return BorrowedStore(place if key else None, _sealed(program, key) if key else program)


def _sealed(program: str, key: bytes) -> str:
    """Return a program's version with the proof that this user's key has written it."""
    return f"{program} {seal(key, 'store', program.encode()).hex()}"


def _remove_unfinished(folder: Path) -> None:
    """Remove what killed processes left; the lock is held."""
    for name in os.listdir(folder):  # noqa: PTH208
        if name.startswith(".") and name.endswith(UNFINISHED):
            remove(folder / name)


def make_folder(folder: Path) -> None:
    """Create a folder that Git and backup programs ignore.

    Raises OSError if that fails, or if the path is something else."""
    make_folders(folder.parent, folder.name)
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
        with suppress(FileExistsError):
            if not os.path.lexists(folder / name):
                create_file(folder / name, text.encode("ascii"))


_LOCK_WAIT = 600.0  # seconds


def _is_locked(lock: IO[bytes]) -> bool:
    """Lock a file if that is possible at once."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(folder: Path, note: Callable[[str], None] | None) -> IO[bytes]:
    make_folder(folder)
    lock = open_lock(folder / "lock")
    try:
        import fcntl
    except ImportError:  # this system has no such locks
        return lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock.fileno(), 20, 0).decode("ascii", "replace").strip() or "unknown"
        if note:
            note(f"waiting for another build of this site to finish (process {holder})")
        deadline = time.monotonic() + _LOCK_WAIT
        while not _is_locked(lock):
            if time.monotonic() > deadline:
                lock.close()
                raise OSError(f"process {holder} has used it for too long") from None
            time.sleep(0.05)
    with suppress(OSError):
        os.ftruncate(lock.fileno(), 0)
        os.pwrite(lock.fileno(), str(os.getpid()).encode(), 0)
    return lock
