"""Lists the files of content/. Nothing outside the folder is ever read."""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.patterns import pattern
from builder.stat import Stat, lstat_in, stat_of

CONTENT = "content"
MEDIA = "media"

# Temporary files of text editors and tools: .hidden, backup~, #lock#, 4913.
_LEFT_BEHIND = (".", "#")
_UNFINISHED = ("~", ".swp", ".tmp", ".bak")


# Where the bytes of a file are: its path on disk, or the bytes themselves, if they are not saved.
FileSource = str | bytes
_UNSAVED: Stat = (-1, -1, -1, -1)  # which no file has


class Walk(NamedTuple):
    """The visible files of content/, sorted by path, and problems.

    Each file has its path in the site, its source and its stat."""

    files: list[tuple[str, FileSource, Stat]]
    problems: list[Diagnostic]

    def below(self, folder: str) -> list[tuple[str, FileSource, Stat]]:
        """Return the files of a folder of content/."""
        start = bisect_left(self.files, [CONTENT, folder], key=_parts)
        return self.files[start : self._end(folder, start)]

    def folders(self) -> Iterator[tuple[str, list[tuple[str, FileSource, Stat]]]]:
        """Yield each folder of content/ with its files.

        A file outside of all folders is alone, with its own name."""
        start = 0
        while start < len(self.files):
            folder = _parts(self.files[start])[1]
            end = self._end(folder, start)
            yield folder, self.files[start:end]
            start = end

    def _end(self, folder: str, start: int) -> int:
        # No name has a null character, so this follows all paths of the folder.
        return bisect_left(self.files, [CONTENT, f"{folder}\0"], start, key=_parts)


def _parts(file: tuple[str, FileSource, Stat]) -> list[str]:
    """Return the names in the path of a file, by which a walk is sorted."""
    return file[0].split("/")


def walk_content(root: Path) -> Walk:
    """List every file of content/."""
    problems: list[Diagnostic] = []
    return Walk([*_walk(root, CONTENT, problems)], problems)


def walk_again(root: Path, before: Walk, paths: Iterable[str]) -> Walk:
    """List content/ again, looking only at `paths` and below them.

    `paths` are relative to the site's folder; all other files are taken from `before`."""
    inside = {path for path in paths if f"{path}/".startswith(f"{CONTENT}/")}
    if CONTENT in inside or len(inside) > _MANY or any(map(wrong_name, inside)):
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
    # The order of a full listing: folder by folder, by name in each.
    files.sort(key=_parts)
    return Walk(files, problems)


def with_unsaved(walk: Walk, unsaved: Mapping[str, bytes]) -> Walk:
    """Return a walk in which bytes that are not saved replace files.

    A link or another file that is never read stays unread."""
    refused = {problem.path for problem in walk.problems}
    shown = {
        path: data for path, data in unsaved.items() if _is_shown(path) and path not in refused
    }
    if not shown:
        return walk
    files: list[tuple[str, FileSource, Stat]] = [f for f in walk.files if f[0] not in shown]
    files += [(path, data, _UNSAVED) for path, data in shown.items()]
    files.sort(key=_parts)
    return Walk(files, walk.problems)


def _is_shown(path: str) -> bool:
    """Return whether a walk would list a file of content/ with this path."""
    first, *names = path.split("/")
    return first == CONTENT and not any(is_left_behind(n) or wrong_name(n) for n in names)


_MANY = 100  # for more changes than this, a full listing is as fast


def is_left_behind(name: str) -> bool:
    """Return whether a name is hidden or a temporary file."""
    return name.startswith(_LEFT_BEHIND) or name.endswith(_UNFINISHED) or name == "4913"


def _folders_of(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _reachable(root: Path, path: str) -> bool:
    """Return whether a path exists below folders that are not links."""
    try:
        folders = (os.lstat(root / f) for f in _folders_of(path) if f != CONTENT)
        real = all(stat.S_ISDIR(found.st_mode) for found in folders)
        return real and (root / CONTENT).is_dir() and os.path.lexists(root / path)
    except OSError:
        return False


def _walk(
    root: Path, path: str, problems: list[Diagnostic]
) -> Iterator[tuple[str, FileSource, Stat]]:
    """Yield the files at or below a path, sorted by path.

    Nothing outside content/ is ever read, and links to folders are not followed. Only content/
    itself may be a link to a folder."""
    # Creating a Path for each of 10,000 files is slow.
    source = os.path.join(root, path)  # noqa: PTH118
    try:
        status = os.lstat(source)
        if stat.S_ISLNK(status.st_mode):
            if path != CONTENT and (wrong := _wrong_link(root, path)):
                note_problem(
                    problems, path, "symlink", wrong, "replace the link with the file itself"
                )
                return
            status = os.stat(source)  # noqa: PTH116
    except OSError:  # removed since its folder was listed, or the link of content/ is broken
        if path == CONTENT and os.path.lexists(source):
            hint = "link it to the folder with the content"
            note_problem(problems, path, "symlink", "this link is broken", hint)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(root, path, source, problems)
    elif path == CONTENT:
        hint = "make it a folder with the content"
        note_problem(problems, path, "unreadable-file", "content is not a folder", hint)
    else:
        if stat.S_ISREG(status.st_mode):
            yield path, source, stat_of(status)
        else:
            note_problem(
                problems, path, "unreadable-file", "this is not a regular file", "remove it"
            )


def _walk_folder(
    root: Path, folder: str, source: str, problems: list[Diagnostic]
) -> Iterator[tuple[str, FileSource, Stat]]:
    plain = stat.S_ISREG
    with lstat_in(source) as lstat:
        for name in _names(source, folder, problems):
            path = f"{folder}/{name}"
            try:
                status = lstat(name)
            except OSError:
                continue
            if plain(status.st_mode):  # as nearly all are
                yield path, f"{source}/{name}", stat_of(status)
            else:
                yield from _walk(root, path, problems)


# One of these is in the names of a folder, each between slashes, if one is of a temporary file.
_SIGNS = (*(f"/{s}" for s in _LEFT_BEHIND), *(f"{s}/" for s in _UNFINISHED), "/4913/")


def _names(source: str, folder: str, problems: list[Diagnostic]) -> Iterable[str]:
    """Yield the names in a folder that are not temporary files, sorted."""
    try:
        names = sorted(os.listdir(source))  # noqa: PTH208
    except FileNotFoundError:
        return []
    except OSError as error:
        hint = "make it readable, or remove it"
        message = f"the folder cannot be read: {error.strerror}"
        note_problem(problems, folder, "unreadable-file", message, hint)
        return []
    every = "/".join(("", *names, ""))
    if every.isascii() and every.isprintable() and not any(sign in every for sign in _SIGNS):
        return names
    return [*_visible(names, folder, problems)]


def _visible(names: list[str], folder: str, problems: list[Diagnostic]) -> Iterator[str]:
    for name in names:
        if is_left_behind(name):
            continue
        if message := wrong_name(name):
            shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", shown)
            note_problem(problems, f"{folder}/{shown}", "invalid-slug", message, "rename it")
            continue
        yield name


# Control characters, the ends of lines, and what reverses the direction of text. They make one line
# of a list or a log look like another, or like two.
_CONTROL = pattern(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def wrong_name(name: str) -> str:
    """Return why no file may have such a name, or nothing."""
    if name.isascii() and name.isprintable():
        return ""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "the file name is not UTF-8"
    return "the file name has a line break or another control character" * bool(
        _CONTROL.search(name)
    )


def _wrong_link(root: Path, path: str) -> str:
    """Return why a link is not followed, or an empty string.

    It stays in its folder of content/: a link in media/ to a draft would publish the draft."""
    folder = "/".join(path.split("/")[:2]) if path.count("/") > 1 else CONTENT
    target = Path(os.path.realpath(root / path))
    if not target.is_relative_to(os.path.realpath(root / folder)):
        return f"this link points out of {folder}/"
    if target.is_dir():
        return "this link points to a folder"
    return "" if target.is_file() else "this link is broken"


def note_problem(
    problems: list[Diagnostic], path: str, code: Code, message: str, hint: str
) -> None:
    found = Diagnostic.of(path, Place(), code, message, hint)
    if found not in problems:
        problems.append(found)
