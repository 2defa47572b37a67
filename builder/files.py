"""The folder content/ -> its files: what holds a record, what is published as it is, and what
should not be there. Nothing outside the folder is ever read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from builder.diagnostics import Diagnostic, Place
from builder.model import FOLDERS, Record
from builder.names import did_you_mean

CONTENT = "content"
MEDIA = "media"

# Files that editors and tools leave behind while they save: .hidden, backup~, #lock#, 4913.
_LEFT_BEHIND = (".", "#")
_UNFINISHED = ("~", ".swp", ".tmp", ".bak")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
_MEDIA_TYPES = (*_PICTURES, ".pdf", ".csv", ".json", ".txt", ".mp3", ".mp4", ".webm", ".woff2")

Stat = tuple[int, int, int, int]  # size, modified (ns), changed (ns), inode


def settles(*times: int) -> int:
    """When a file with these times (ns since 1970) can no longer change without a new one: git's
    "racy" problem. Clocks of file systems tick every few milliseconds; where a time is a whole
    second, they may tick every two (FAT)."""
    coarse = any(time % 1_000_000_000 == 0 for time in times)
    return max(times) + (2_000_000_000 if coarse else 100_000_000)


class File(NamedTuple):
    """A file that should hold a record."""

    path: str  # relative to the site's folder, with `/`
    source: str
    kind: type[Record]
    stat: Stat


class MediaFile(NamedTuple):
    """A file of content/media/: its path below that folder, and a picture's size in pixels
    (0 where it has none or is no picture)."""

    path: str
    source: Path
    width: int
    height: int

    @property
    def url(self) -> str:
        return f"/{MEDIA}/{quote(self.path)}"


class Walk(NamedTuple):
    """Every file of content/ that is not hidden, sorted by path: path, source, looks; and what was
    wrong with others."""

    files: list[tuple[str, str, Stat]]
    problems: list[Diagnostic]


def walk_content(root: Path) -> Walk:
    problems: list[Diagnostic] = []
    return Walk([*_walk(root, CONTENT, problems)], problems)


def record_files(walk: Walk, problems: list[Diagnostic]) -> Iterator[File]:
    """Every file that should hold a record, sorted by path; the rest is reported."""
    kinds = dict(FOLDERS)
    for path, source, looked in walk.files:
        folder, _, rest = path[len(CONTENT) + 1 :].partition("/")
        if folder == MEDIA:
            continue
        if not path.endswith(".md"):
            hint = "files to publish belong in content/media/; texts end in .md"
            _note(problems, path, "stray-file", "this file is not read", hint)
        elif not rest or folder not in kinds:
            hint = did_you_mean(folder, kinds) or f"the folders are: {', '.join(kinds)}, {MEDIA}"
            message = "this file is in no folder of records"
            _note(problems, path, "unknown-folder", message, hint)
        else:
            yield File(path, source, kinds[folder], looked)


def media_files(walk: Walk, problems: list[Diagnostic]) -> dict[str, MediaFile]:
    """By name: the files of content/media/ that may be published."""
    found = {}
    for path, source, _ in walk.files:
        if not path.startswith(f"{CONTENT}/{MEDIA}/"):
            continue
        # Some systems write accents apart (NFD), editors do not.
        name = unicodedata.normalize("NFC", path.removeprefix(f"{CONTENT}/{MEDIA}/"))
        suffix = PurePosixPath(name).suffix
        if suffix.lower() not in _MEDIA_TYPES:
            hint = f"these are: {' '.join(sorted(_MEDIA_TYPES))}"
            _note(problems, path, "stray-file", f"`{suffix}` files are not published", hint)
            continue
        import imagesize  # not needed by a site without pictures

        try:
            width, height = imagesize.get(source)
        except (OSError, ValueError):
            width = height = 0
        found[name] = MediaFile(name, Path(source), max(0, int(width)), max(0, int(height)))
    return found


def stat_of(found: os.stat_result) -> Stat:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _walk(root: Path, folder: str, problems: list[Diagnostic]) -> Iterator[tuple[str, str, Stat]]:
    """The files below a folder in the order of their paths: path, source and looks. Nothing
    outside content/ is ever read, and links to folders are not followed."""
    place = os.path.join(root, folder)  # noqa: PTH118 (a Path for each of 10,000 files is slow)
    try:
        if not stat.S_ISDIR(os.lstat(place).st_mode):
            return
        with os.scandir(place) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        hint = "make it readable, or remove it"
        message = f"the folder cannot be read: {error.strerror}"
        _note(problems, folder, "unreadable-file", message, hint)
        return
    for entry in entries:
        name = entry.name
        path = f"{folder}/{name}"
        if name.startswith(_LEFT_BEHIND) or name.endswith(_UNFINISHED) or name == "4913":
            continue
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            path = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            message = "the file's name is not UTF-8"
            _note(problems, path, "invalid-slug", message, "rename it")
            continue
        try:
            wrong = _wrong_link(root, Path(entry.path)) if entry.is_symlink() else ""
            looked = entry.stat() if not wrong else None
        except OSError:  # it has gone since the folder was listed
            continue
        if looked is None:
            _note(problems, path, "symlink", wrong, "put the file itself here")
        elif stat.S_ISDIR(looked.st_mode):
            yield from _walk(root, path, problems)
        elif stat.S_ISREG(looked.st_mode):
            yield path, entry.path, stat_of(looked)
        else:
            _note(problems, path, "unreadable-file", "this is not a file", "remove it")


def _wrong_link(root: Path, source: Path) -> str:
    """Why a symbolic link is not followed, or nothing where it leads to a file of content/."""
    target = Path(os.path.realpath(source))
    if not target.is_relative_to(os.path.realpath(root / CONTENT)):
        return "this link leads out of content/"
    if target.is_dir():
        return "this link leads to a folder"
    return "" if target.is_file() else "this link leads to nothing"


def _note(problems: list[Diagnostic], path: str, code: str, message: str, hint: str) -> None:
    found = Diagnostic.of(path, Place(), code, message, hint)
    if found not in problems:
        problems.append(found)


# --- templates ---------------------------------------------------------------------------------

TEMPLATES = "templates"


def starter_folder() -> Path:
    """Where the templates that come with Slugline are: in the wheel, or in the checkout."""
    packaged = Path(__file__).parent / "starter"
    return packaged if (packaged / TEMPLATES).is_dir() else Path(__file__).parent.parent


def template_folders(root: Path) -> tuple[Path, ...]:
    """Where templates are looked for: the site's own first."""
    return tuple(f for f in (root / TEMPLATES, starter_folder() / TEMPLATES) if f.is_dir())


def looks_of(folder: Path) -> list[tuple[bytes, Stat]]:
    """How every file below a folder looks. (Names may be in any encoding.)"""
    found: list[tuple[bytes, Stat]] = []
    seen: set[int] = set()  # links may lead in a circle
    waiting = [os.fsencode(folder)]
    while waiting:
        place = waiting.pop()
        try:
            names = sorted(os.listdir(place))  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            path = place + b"/" + name
            try:
                looked = os.stat(path)  # noqa: PTH116
            except OSError:
                found.append((path, (0, 0, 0, 0)))
                continue
            if not stat.S_ISDIR(looked.st_mode):
                found.append((path, stat_of(looked)))
            elif looked.st_ino not in seen:
                seen.add(looked.st_ino)
                waiting.append(path)
    return found
