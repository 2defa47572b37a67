"""An output folder and the tree beside it -> what is there as it was written, what is somebody
else's, and by what the second tree lags behind.

What looks as it did when it was published is not read again. Nothing is changed here: a survey may
be made in another process, while this one reads the content."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from builder.output.manifest import FILE, Manifest, bytes_digest, read_manifest
from builder.output.stat_cache import FileStat, Looks
from builder.stat import settles


class Inventory(NamedTuple):
    """What was found. `absent` are the files of the manifest that are not there as they were
    written; `looks` and `times` are those of files and folders that can be known again by them from
    now on; `foreign` are files that somebody else put there, and folders of theirs that are empty,
    with a slash at the end; `unreadable` is a folder in which something of theirs may be."""

    absent: frozenset[str]
    looks: dict[str, FileStat]
    times: dict[str, int]
    foreign: tuple[str, ...]
    unreadable: str


def take_inventory(output: Path, old: Manifest, looks: Looks) -> Inventory:
    """Look at the output folder, which `old` lists."""
    absent, new = _present(output, old, looks)
    found = find_foreign(output, old, looks)
    if found.links:
        absent |= {path for path in old.files if path.startswith(found.links)}
    return Inventory(frozenset(absent), new, found.times, found.paths, found.unreadable)


def _present(output: Path, old: Manifest, looks: Looks) -> tuple[set[str], dict[str, FileStat]]:
    """The files that are not there as they were written (whoever changed one gets it back), and how
    those look that had to be read."""
    absent, new = set(), {}
    base, known, lstat = str(output), looks.files, os.lstat
    for path, entry in old.files.items():
        try:
            looked = lstat(f"{base}/{path}")
        except OSError:
            absent.add(path)
            continue
        look = (looked.st_size, looked.st_mtime_ns, looked.st_ino)
        if known.get(path) == look and stat.S_ISREG(looked.st_mode):
            continue
        if not holds(output / path, entry.digest):
            absent.add(path)
        elif settles(look[1]) < time.time_ns():
            new[path] = look
    return absent, new


def holds(file: Path, digest: str) -> bool:
    """Whether a plain file holds just the bytes with a digest."""
    try:
        plain = stat.S_ISREG(file.lstat().st_mode)
        return plain and bytes_digest(file.read_bytes()) == digest
    except OSError:
        return False


# --- what is somebody else's -------------------------------------------------------------------


class ForeignFiles(NamedTuple):
    """What in a tree is not ours, sorted; a folder that could not be read; folders with nothing of
    others', with their times; and links where a folder should be, with a slash at the end."""

    paths: tuple[str, ...]
    unreadable: str = ""
    times: dict[str, int] = {}  # noqa: RUF012 (never written to)
    links: tuple[str, ...] = ()


def find_foreign(tree: Path, manifest: Manifest, looks: Looks) -> ForeignFiles:
    """What somebody else put into a tree that a manifest lists. A folder whose time is as it was
    has nothing new in it."""
    try:
        inode = os.lstat(tree).st_ino
    except OSError:
        return ForeignFiles(())
    known = looks.folders.get(inode, {})
    before = (os.fsdecode(path) for path in looks.foreign)
    found = [p for p in before if p not in manifest.files] if known else []
    found = [path for path in found if os.path.lexists(tree / path)]
    changed, links = _changed(str(tree), manifest, known)
    ours = _names_in(manifest, changed)
    unreadable, times = "", {}
    for folder, at in changed.items():
        try:
            names = os.listdir(tree / folder)  # noqa: PTH208
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            unreadable = folder
            continue
        others = [name for name in names if name not in ours[folder]]
        for name in others:
            path = f"{folder}/{name}".lstrip("/")
            try:
                found += _everything(tree, path)
            except OSError:
                found.append(f"{path}/")
                unreadable = path
        if not others and settles(at) < time.time_ns():
            times[folder] = at
    return ForeignFiles(tuple(sorted(set(found))), unreadable, times, links)


def _changed(
    base: str, manifest: Manifest, known: dict[str, int]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """The folders whose time is not as it was, with that time; and those that are links: what lies
    behind one is not in the output."""
    changed, links, lstat = {}, [], os.lstat
    for folder in folders_of(manifest):
        try:
            looked = lstat(f"{base}/{folder}" if folder else base)
        except OSError:
            continue
        if stat.S_ISLNK(looked.st_mode):
            links.append(f"{folder}/")
        elif known.get(folder) != looked.st_mtime_ns:
            changed[folder] = looked.st_mtime_ns
    return changed, tuple(links)


def _names_in(manifest: Manifest, folders: Iterable[str]) -> dict[str, set[str]]:
    """By folder: the names of what is ours in it."""
    ours: dict[str, set[str]] = {folder: set() for folder in folders}
    if "" in ours:
        ours[""].add(FILE)
    if ours:
        for path in (*manifest.files, *folders_of(manifest)):
            folder, _, name = path.rpartition("/")
            if folder in ours:
                ours[folder].add(name)
    return ours


def _everything(base: Path, path: str) -> Iterator[str]:
    """The files at and below a path, links not followed; folders that are empty, with a slash."""
    place = base / path
    if place.is_symlink() or not place.is_dir():
        yield path
        return
    names = sorted(os.listdir(place))  # noqa: PTH208
    for name in names:
        yield from _everything(base, f"{path}/{name}")
    if not names:
        yield f"{path}/"


# --- the second tree ---------------------------------------------------------------------------


def seal(manifest: Path) -> str:
    """By which the second tree is known again."""
    return f"{bytes_digest(manifest.read_bytes())} {manifest.stat().st_mtime_ns}"


class SpareDifference(NamedTuple):
    """The files that the second tree lacks of the output or has otherwise, and has beyond."""

    behind: frozenset[str]
    extra: frozenset[str]


def compare_spare(output: Path, spare: Path, old: Manifest, looks: Looks) -> SpareDifference | None:
    """By what the second tree lags behind the output, which `old` lists; none where it is not the
    one that the last build left."""
    try:
        if os.lstat(spare).st_ino != looks.spare or seal(spare / FILE) != looks.manifest:
            return None
    except OSError:
        return None
    has, stat_of = read_manifest(spare).files, os.lstat
    here, there, behind = str(output), str(spare), set()
    for path, entry in old.files.items():
        if has.get(path) == entry:
            try:
                one, other = stat_of(f"{here}/{path}"), stat_of(f"{there}/{path}")
            except OSError:
                pass
            else:
                if one.st_ino == other.st_ino:
                    continue
        behind.add(path)
    return SpareDifference(frozenset(behind), frozenset(has.keys() - old.files.keys()))


# --- folders -----------------------------------------------------------------------------------


def folders_of(manifest: Manifest) -> list[str]:
    """The folders that a manifest's files are in, the output itself (an empty name) first."""
    found = dict.fromkeys(path.rpartition("/")[0] for path in manifest.files)
    for folder in [*found]:
        while folder := folder.rpartition("/")[0]:
            if folder in found:
                break
            found[folder] = None
    found.pop("", None)
    return ["", *found]


def parents(path: str) -> Iterator[str]:
    """The folders that a file is in: `a/b/c` is in `a/b` and `a`."""
    while path := path.rpartition("/")[0]:
        yield path
