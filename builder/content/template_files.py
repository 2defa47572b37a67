"""Finds template files: the site's first, then Slugline's own."""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path

from builder.content.walk import wrong_name
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.diagnostics.report import printable
from builder.program import PACKAGE
from builder.stat import Stat, stat_of

TEMPLATES = "templates"
_LINKED_FOLDER: Stat = (-1, 0, 0, 0)  # stands for the stat of a link to a folder
_NO_FILE: Stat = (0, 0, 0, 0)
_SPECIAL: Stat = (-2, 0, 0, 0)  # stands for the stat of a pipe, a socket or a device
STARTER = PACKAGE / "starter"  # what `slugline init` copies, without the templates


@cache
def starter_folder() -> Path:
    """Return the folder of Slugline's own templates, in the wheel or checkout."""
    return STARTER if (STARTER / TEMPLATES).is_dir() else PACKAGE.parent


@cache
def package_templates() -> Path:
    """Return the folder of Slugline's own templates."""
    return starter_folder() / TEMPLATES


def own_templates(root: Path) -> Path | None:
    """Return the folder of a site's own templates, if it has any."""
    folder, package = root / TEMPLATES, package_templates()
    if not folder.is_dir() or (package.is_dir() and folder.samefile(package)):
        return None
    return folder


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders to search for templates, the site's own first."""
    own = own_templates(root)
    return (package_templates(),) if own is None else (own, package_templates())


def leads_out(folder: Path, name: str) -> bool:
    """Return whether a file of a templates folder is elsewhere.

    It is if the file or a folder above it is a link. Slugline's own templates may be links, as
    some installers make them."""
    if folder == package_templates():
        return False
    return not Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))


def wrong_files(root: Path) -> list[Diagnostic]:
    """Return an error for each wrong file in templates/.

    A link leads out of the folder, nowhere, or to a folder; a name has control characters; a pipe,
    a socket, a device or a folder has the name of a template."""
    folder = root / TEMPLATES
    if os.path.lexists(folder) and not folder.is_dir():
        hint = "make it a folder with the site's templates, or remove it"
        message = "templates is not a folder"
        return [Diagnostic.of(TEMPLATES, Place(), "unreadable-file", message, hint)]
    found = _misplaced_folders(folder)
    for path, status in stat_folder(folder):
        name = os.fsdecode(path).removeprefix(f"{folder}/")
        if wrong := wrong_name(name):
            shown = path.decode("utf-8", "replace").removeprefix(f"{folder}/")
            where = f"{TEMPLATES}/{printable(shown)}"
            found.append(Diagnostic.of(where, Place(), "invalid-slug", wrong, "rename it"))
        elif leads_out(folder, name):
            found.append(_wrong_link(name, "this link points out of templates/"))
        elif status == _LINKED_FOLDER:
            found.append(_wrong_link(name, "this link points to a folder"))
        elif status == _NO_FILE and (folder / name).is_symlink():
            found.append(_wrong_link(name, "this link is broken"))
        elif status == _SPECIAL and not any(part.startswith(".") for part in name.split("/")):
            found.append(_unreadable(name, "this is not a regular file", "remove it"))
    return found


def _misplaced_folders(folder: Path) -> list[Diagnostic]:
    """Return an error for each folder that has the name of one of Slugline's templates."""
    package = package_templates()
    if not folder.is_dir():
        return []
    names = (os.fsdecode(path).removeprefix(f"{package}/") for path, _ in stat_folder(package))
    hint = "remove it, or put the template in its place"
    message = "this folder has the name of a template"
    return [_unreadable(name, message, hint) for name in names if (folder / name).is_dir()]


def _wrong_link(name: str, message: str) -> Diagnostic:
    hint = "replace the link with the file itself"
    return Diagnostic.of(f"{TEMPLATES}/{name}", Place(), "symlink", message, hint)


def _unreadable(name: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic.of(f"{TEMPLATES}/{name}", Place(), "unreadable-file", message, hint)


def stat_file(file: Path) -> Stat:
    """Return the stat of a file; zeros if there is none."""
    try:
        return stat_of(file.stat())
    except OSError:
        return _NO_FILE


def stat_templates(root: Path) -> list[tuple[bytes, Stat]]:
    """Return the stat of each template, the site's and Slugline's."""
    return [found for folder in template_folders(root) for found in stat_folder(folder)]


def stat_folder(folder: Path) -> list[tuple[bytes, Stat]]:
    """Return the path (bytes) and stat of each file below a folder."""
    found: list[tuple[bytes, Stat]] = []
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
                status = os.lstat(path)
                if stat.S_ISLNK(status.st_mode):
                    status = os.stat(path)  # noqa: PTH116
                    if stat.S_ISDIR(status.st_mode):  # not followed: it could lead anywhere
                        found.append((path, _LINKED_FOLDER))
                        continue
            except OSError:
                found.append((path, _NO_FILE))
                continue
            if stat.S_ISDIR(status.st_mode):
                waiting.append(path)
            else:
                regular = stat.S_ISREG(status.st_mode)
                found.append((path, stat_of(status) if regular else _SPECIAL))
    return found
