"""Takes stock of an output folder and its spare tree.

It finds which files are as they were written, which are foreign, and how the spare tree differs. A
file whose stat is unchanged since it was published is not read. Nothing is modified here, so this
can run in another process while the content is read."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from builder.output.manifest import FILE, Manifest, bytes_digest, read_manifest
from builder.output.stat_cache import FileStat, TreeStats
from builder.output.swap import beside, spare_of
from builder.safe_files import plain_bytes
from builder.stat import lstat_in, settles


class Inventory(NamedTuple):
    """What an output folder contains.

    `absent` has the files of the manifest that are missing or modified. `stats` and `times` are new
    stats of files and modification times of folders, to be cached. `foreign` has files that someone
    else put there, and their empty folders with a trailing slash. `unreadable` is a folder that may
    contain foreign files. `links` are symbolic links in the place of folders, with a trailing
    slash. `late` has the foreign files of the spare tree, if some may have come to be there."""

    absent: frozenset[str]
    stats: dict[str, FileStat]
    times: dict[str, int]
    foreign: tuple[str, ...]
    unreadable: str
    links: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


def take_inventory(output: Path, old: Manifest, stats: TreeStats) -> Inventory:
    """Take the inventory of an output folder with the manifest `old`."""
    absent, new = _present(output, old, stats)
    found = find_foreign(output, old, stats)
    if found.links:
        absent |= {path for path in old.files if path.startswith(found.links)}
    return Inventory(
        frozenset(absent),
        new,
        found.times,
        found.paths,
        found.unreadable,
        found.links,
        _late(output, stats) if exchanging(output).exists() else (),
    )


def exchanging(output: Path) -> Path:
    """Return the marker: foreign files may be in the spare tree.

    They came into the output while a build exchanged it for the tree that had been the spare."""
    return beside(output, "exchanging")


def _late(output: Path, stats: TreeStats) -> tuple[str, ...]:
    """Return the foreign files of the spare tree that the last build did not know."""
    spare = spare_of(output)
    manifest = read_manifest(spare)
    if not manifest.files:
        return ()
    known = {os.fsdecode(path) for path in stats.foreign}
    return tuple(path for path in find_foreign(spare, manifest, stats).paths if path not in known)


def _present(output: Path, old: Manifest, stats: TreeStats) -> tuple[set[str], dict[str, FileStat]]:
    """Return missing or modified files, and the stats of files read."""
    absent, new = set(), {}
    known, plain = stats.files, stat.S_ISREG
    began = time.time_ns()
    with lstat_in(output) as lstat:
        for path, entry in old.files.items():
            try:
                found = lstat(path)
            except OSError:
                absent.add(path)
                continue
            now = (found.st_size, found.st_mtime_ns, found.st_ino)
            if known.get(path) == now and plain(found.st_mode):
                continue
            if not holds(output / path, entry.digest):
                absent.add(path)
            elif settles(now[1]) < began:
                new[path] = now
            elif path in known and known[path][2] != now[2]:
                # Another file than the known one, which may still change; the spare tree lacks it.
                known[path] = (*now[:2], 0)
    return absent, new


def holds(file: Path, digest: str) -> bool:
    """Return whether a regular file has the content with a digest."""
    try:
        plain = stat.S_ISREG(file.lstat().st_mode)
        return plain and bytes_digest(file.read_bytes()) == digest
    except OSError:
        return False


# --- foreign files -----------------------------------------------------------------------------


class ForeignFiles(NamedTuple):
    """The foreign files of a tree, sorted.

    `unreadable` is a folder that could not be read; `times` has the modification times of folders
    without foreign files; `links` are symbolic links in the place of folders, with a trailing
    slash."""

    paths: tuple[str, ...]
    unreadable: str = ""
    times: dict[str, int] = {}  # noqa: RUF012 (never written to)
    links: tuple[str, ...] = ()


def find_foreign(tree: Path, manifest: Manifest, stats: TreeStats) -> ForeignFiles:
    """Find files in a tree that its manifest does not list.

    A folder with an unchanged modification time has no new files."""
    try:
        inode = os.lstat(tree).st_ino
    except OSError:
        return ForeignFiles(())
    known = stats.folders.get(inode, {})
    before = (os.fsdecode(path) for path in stats.foreign)
    found = [p for p in before if p not in manifest.files] if known else []
    found = [path for path in found if os.path.lexists(tree / path)]
    began = time.time_ns()
    with lstat_in(tree) as lstat:
        changed, links = _changed(lstat, manifest, known)
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
        if not others and settles(at) < began:
            times[folder] = at
    return ForeignFiles(tuple(sorted(set(found))), unreadable, times, links)


def _changed(
    lstat: Callable[[str], os.stat_result], manifest: Manifest, known: dict[str, int]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return modified folders with their times, and folders that are links.

    The target of a link is not in the output."""
    changed, links = {}, []
    for folder in folders_of(manifest):
        try:
            found = lstat(folder or ".")
        except OSError:
            continue
        if stat.S_ISLNK(found.st_mode):
            links.append(f"{folder}/")
        elif known.get(folder) != found.st_mtime_ns:
            changed[folder] = found.st_mtime_ns
    return changed, tuple(links)


def _names_in(manifest: Manifest, folders: Iterable[str]) -> dict[str, set[str]]:
    """Return the names of Slugline's files in each folder."""
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
    """Yield the files at and below a path, and empty folders.

    Folders have a trailing slash; links are not followed."""
    place = base / path
    if place.is_symlink() or not place.is_dir():
        yield path
        return
    names = sorted(os.listdir(place))  # noqa: PTH208
    for name in names:
        yield from _everything(base, f"{path}/{name}")
    if not names:
        yield f"{path}/"


# --- the spare tree ----------------------------------------------------------------------------


def seal(manifest: Path) -> str:
    """Return what identifies the spare tree: its manifest's digest and time."""
    return f"{bytes_digest(plain_bytes(manifest))} {manifest.stat().st_mtime_ns}"


class SpareDifference(NamedTuple):
    """Outdated or missing files of the spare tree, and extra ones."""

    behind: frozenset[str]
    extra: frozenset[str]


def compare_spare(
    output: Path, spare: Path, old: Manifest, stats: TreeStats
) -> SpareDifference | None:
    """Return how the spare tree differs from the output.

    `old` is the output's manifest. None if it is not the spare tree that the last build left, or
    has links in the place of folders, through which nothing may be written."""
    try:
        found = os.lstat(spare)  # a link may have the inode that the spare tree had
        if not stat.S_ISDIR(found.st_mode) or found.st_ino != stats.spare:
            return None
        if seal(spare / FILE) != stats.manifest:
            return None
        manifest = read_manifest(spare)
        suspects = _perhaps_links(spare, manifest, stats.folders.get(found.st_ino, {}))
        if any(stat.S_ISLNK(os.lstat(f"{spare}/{folder}").st_mode) for folder in suspects):
            return None
    except OSError:
        return None
    has, known = manifest.files, stats.files
    here, behind = str(output), set()
    with lstat_in(spare) as lstat:
        for path, entry in old.files.items():
            if has.get(path) == entry:
                try:
                    # The inventory finds a file that is no longer the known one: it is replaced.
                    own = known[path][2] if path in known else os.lstat(f"{here}/{path}").st_ino
                    if lstat(path).st_ino == own:
                        continue
                except OSError:
                    pass
            behind.add(path)
    return SpareDifference(frozenset(behind), frozenset(has.keys() - old.files.keys()))


def _perhaps_links(tree: Path, manifest: Manifest, known: Mapping[str, int]) -> Iterator[str]:
    """Yield the folders of a tree in whose place a link may have come.

    That would have changed the modification time of the folder above, of which few are `known` to
    have thousands."""
    same: dict[str, bool] = {}
    for folder in folders_of(manifest):
        above = folder.rpartition("/")[0]
        if above not in same:
            same[above] = known.get(above) == os.lstat(f"{tree}/{above}").st_mtime_ns
        if not same[above]:
            yield folder


# --- folders -----------------------------------------------------------------------------------


def folders_of(manifest: Manifest) -> list[str]:
    """Return the folders of a manifest's files, the output ("") first."""
    found = dict.fromkeys(path.rpartition("/")[0] for path in manifest.files)
    for folder in [*found]:
        while folder := folder.rpartition("/")[0]:
            if folder in found:
                break
            found[folder] = None
    found.pop("", None)
    return ["", *found]


def parents(path: str) -> Iterator[str]:
    """Yield the folders that contain a file: `a/b` and `a` for `a/b/c`."""
    while path := path.rpartition("/")[0]:
        yield path
