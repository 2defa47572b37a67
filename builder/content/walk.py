"""The folder content/ -> every file in it. Nothing outside the folder is ever read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.stat import Stat, stat_of

CONTENT = "content"
MEDIA = "media"

# Files that editors and tools leave behind while they save: .hidden, backup~, #lock#, 4913.
_LEFT_BEHIND = (".", "#")
_UNFINISHED = ("~", ".swp", ".tmp", ".bak")


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
                note_problem(problems, path, "symlink", wrong, "put the file itself here")
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
            note_problem(problems, path, "unreadable-file", "this is not a file", "remove it")


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
        note_problem(problems, folder, "unreadable-file", message, hint)
        return
    for name in names:
        if is_left_behind(name):
            continue
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            message = "the file's name is not UTF-8"
            note_problem(problems, f"{folder}/{shown}", "invalid-slug", message, "rename it")
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


def note_problem(
    problems: list[Diagnostic], path: str, code: Code, message: str, hint: str
) -> None:
    found = Diagnostic.of(path, Place(), code, message, hint)
    if found not in problems:
        problems.append(found)
