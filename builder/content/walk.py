"""The folder content/ -> its files: what holds a record, what is published as it is, and what
should not be there. Nothing outside the folder is ever read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.brief import FOLDERS, Record
from builder.names.register import did_you_mean
from builder.program import PACKAGE

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
    """Look at every file of content/."""
    problems: list[Diagnostic] = []
    return Walk([*_walk(root, CONTENT, problems)], problems)


def walk_again(root: Path, before: Walk, paths: Iterable[str]) -> Walk:
    """Look only at some files and folders of content/ (their paths below the site's folder), and
    at what is below them; the rest is as it was in `before`."""
    inside = {path for path in paths if f"{path}/".startswith(f"{CONTENT}/")}
    if CONTENT in inside or len(inside) > _MANY:
        return walk_content(root)
    changed = {path for path in inside if inside.isdisjoint(_folders_of(path))}
    below = tuple(f"{path}/" for path in changed)

    def same(path: str) -> bool:
        return path not in changed and not path.startswith(below)

    files = [file for file in before.files if same(file[0])]
    problems = [problem for problem in before.problems if same(problem.path)]
    for path in sorted(changed):
        if not any(is_left_behind(name) for name in path.split("/")) and _reachable(root, path):
            files += _walk(root, path, problems)
    # As if all had been listed: folder by folder, in each by name.
    files.sort(key=lambda file: file[0].split("/"))
    return Walk(files, problems)


_MANY = 100  # more changes than this, and it is as quick to look at everything


def is_left_behind(name: str) -> bool:
    """Whether a file or a folder is one that editors and tools leave behind while they save."""
    return name.startswith(_LEFT_BEHIND) or name.endswith(_UNFINISHED) or name == "4913"


def _folders_of(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _reachable(root: Path, path: str) -> bool:
    """Whether a path is there, and no folder above it is a link."""
    try:
        folders = all(stat.S_ISDIR(os.lstat(root / f).st_mode) for f in _folders_of(path))
        return folders and os.path.lexists(root / path)
    except OSError:
        return False


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


def _walk(root: Path, path: str, problems: list[Diagnostic]) -> Iterator[tuple[str, str, Stat]]:
    """The files at or below a path, in the order of their paths: path, source and looks. Nothing
    outside content/ is ever read, and links to folders are not followed."""
    # A Path for each of 10,000 files is slow.
    source = os.path.join(root, path)  # noqa: PTH118
    try:
        looked = os.lstat(source)
        if stat.S_ISLNK(looked.st_mode):
            if path == CONTENT:
                return
            if wrong := _wrong_link(root, Path(source)):
                _note(problems, path, "symlink", wrong, "put the file itself here")
                return
            looked = os.stat(source)  # noqa: PTH116
    except OSError:  # it has gone since its folder was listed
        return
    if stat.S_ISDIR(looked.st_mode):
        yield from _walk_folder(root, path, source, problems)
    elif path != CONTENT:
        if stat.S_ISREG(looked.st_mode):
            yield path, source, stat_of(looked)
        else:
            _note(problems, path, "unreadable-file", "this is not a file", "remove it")


def _walk_folder(
    root: Path, folder: str, source: str, problems: list[Diagnostic]
) -> Iterator[tuple[str, str, Stat]]:
    plain, lstat = stat.S_ISREG, os.lstat
    for name in _names(source, folder, problems):
        path, place = f"{folder}/{name}", f"{source}/{name}"
        try:
            looked = lstat(place)
        except OSError:
            continue
        if plain(looked.st_mode):  # as nearly all are
            yield path, place, stat_of(looked)
        else:
            yield from _walk(root, path, problems)


def _names(source: str, folder: str, problems: list[Diagnostic]) -> Iterator[str]:
    """The names in a folder that are worth a look, sorted."""
    try:
        names = sorted(os.listdir(source))  # noqa: PTH208
    except FileNotFoundError:
        return
    except OSError as error:
        hint = "make it readable, or remove it"
        message = f"the folder cannot be read: {error.strerror}"
        _note(problems, folder, "unreadable-file", message, hint)
        return
    for name in names:
        if is_left_behind(name):
            continue
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            message = "the file's name is not UTF-8"
            _note(problems, f"{folder}/{shown}", "invalid-slug", message, "rename it")
            continue
        yield name


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
    packaged = PACKAGE / "starter"
    return packaged if (packaged / TEMPLATES).is_dir() else PACKAGE.parent


def template_folders(root: Path) -> tuple[Path, ...]:
    """Where templates are looked for: the site's own first."""
    return tuple(f for f in (root / TEMPLATES, starter_folder() / TEMPLATES) if f.is_dir())


def looks_of_file(file: Path) -> Stat:
    """How a file looks; zeros where there is none."""
    try:
        return stat_of(file.stat())
    except OSError:
        return (0, 0, 0, 0)


def looks_of_templates(root: Path) -> list[tuple[bytes, Stat]]:
    """How every file of templates/ looks, the site's and Slugline's."""
    return [found for folder in template_folders(root) for found in looks_of(folder)]


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
