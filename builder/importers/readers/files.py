"""The files of an archive, in a folder or a zip file. Nothing outside it is ever read."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from builder.importers.bad_archive import BadArchive
from builder.importers.notes import ImportNotes
from builder.importers.post import ArchiveFiles
from builder.importers.readers.encodings import NAME

LARGEST_TEXT = 16 * 1024 * 1024  # bytes, as in content/
LARGEST_FILE = 256 * 1024 * 1024  # of a picture or a film
_MOST_FILES = 200_000
_MOST_BYTES = 8 * 1024**3  # in a zip file, unpacked
_RATIO = 200  # no text or picture is packed more tightly
_FREE = 1024 * 1024  # bytes to which the ratio does not apply
# Folders of programs, and of what they built.
_SKIPPED = frozenset(("node_modules", "__pycache__", "venv", "vendor", "_site", "bower_components"))


class FolderFiles:
    """The files below a folder. Links that lead out of it are left out and noted."""

    def __init__(self, root: Path, notes: ImportNotes) -> None:
        self.root = root
        self._real = os.path.realpath(root)
        self._sizes = dict(self._walk(notes))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._sizes))

    def size(self, name: str) -> int:
        return self._sizes.get(name, 0)

    def read(self, name: str) -> bytes:
        if name not in self._sizes:
            raise BadArchive(f"{self.root}: there is no `{name}`")
        place = os.path.realpath(self.root / name)
        if not self._inside(place):
            raise BadArchive(f"{self.root}: `{name}` is a link that leads out of the folder")
        return _read_regular(place, f"{self.root}/{name}")

    def _walk(self, notes: ImportNotes) -> Iterator[tuple[str, int]]:
        count = 0
        for folder, folders, files in os.walk(self.root):
            below = PurePosixPath(Path(folder).relative_to(self.root)).as_posix()
            prefix = "" if below == "." else f"{below}/"
            for name in (*folders, *files):
                if (Path(folder) / name).is_symlink() and not self._inside(f"{folder}/{name}"):
                    notes.add("outside", f"{prefix}{name}")
            folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in _SKIPPED)
            for name in sorted(files):
                file = Path(folder) / name
                if name.startswith(".") or not self._inside(str(file)) or not file.is_file():
                    continue
                count += 1
                if count > _MOST_FILES:
                    raise BadArchive(f"{self.root} has more than {_MOST_FILES:,} files")
                yield f"{prefix}{name}", file.stat().st_size

    def _inside(self, path: str) -> bool:
        return os.path.realpath(path).startswith(f"{self._real.rstrip(os.sep)}{os.sep}")


class ZipFiles:
    """The files in a zip file, each read only as far as its size says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise BadArchive(f"{path} is not a zip file: {error}") from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for member in self._zip.infolist():
            if member.is_dir():
                continue
            name = member.filename
            parts = name.split("/")
            if {"", ".", ".."} & {*parts} or "\\" in name or ":" in parts[0]:
                raise BadArchive(f"{path}: `{name}` is not a path inside the archive")
            total += member.file_size
            if total > _MOST_BYTES or len(self._members) >= _MOST_FILES:
                raise BadArchive(f"{path} is more than {_MOST_BYTES // 1024**3} GB unpacked")
            if not any(part.startswith(".") or part == "__MACOSX" for part in parts):
                self._members[name] = member

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._members))

    def size(self, name: str) -> int:
        return self._members[name].file_size if name in self._members else 0

    def read(self, name: str) -> bytes:
        member = self._members.get(name)
        if member is None:
            raise BadArchive(f"{self.path}: there is no `{name}`")
        if member.flag_bits & 1:
            raise BadArchive(f"{self.path}: `{name}` has a password; unpack the file first")
        size = member.file_size
        if size > min(LARGEST_FILE, max(_FREE, member.compress_size * _RATIO)):
            raise BadArchive(
                f"{self.path}: `{name}` has {size:,} bytes unpacked, which is too many"
            )
        try:
            with self._zip.open(member) as stream:
                data = stream.read(size + 1)
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
            raise BadArchive(f"{self.path}: `{name}` cannot be read: {error}") from None
        if len(data) > size:
            raise BadArchive(f"{self.path}: `{name}` is larger than it says")
        return data


def open_files(path: Path, notes: ImportNotes) -> ArchiveFiles:
    """Return the files of a folder or a zip file."""
    return FolderFiles(path, notes) if path.is_dir() else ZipFiles(path)


def _read_regular(place: str, name: str) -> bytes:
    try:
        descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise BadArchive(f"{name} is not a regular file")
            if status.st_size > LARGEST_FILE:
                raise BadArchive(f"{name} is larger than {LARGEST_FILE // 1024**2} MB")
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadArchive(f"{name} cannot be read: {error.strerror}") from None


def decoded(data: bytes, place: str, notes: ImportNotes) -> str:
    """Return a text; bytes that are not UTF-8 are read as Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.add("encoding", place)
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", NAME)
