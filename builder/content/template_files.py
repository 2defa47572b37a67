"""Finds template files: the site's first, then Slugline's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.content.walk import wrong_name
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.diagnostics.report import printable
from builder.program import PACKAGE
from builder.stat import Stat, stat_of

TEMPLATES = "templates"
_LINKED_FOLDER: Stat = (-1, 0, 0, 0)  # stands for the stat of a link to a folder
STARTER = PACKAGE / "starter"  # what `slugline init` copies, without the templates


def starter_folder() -> Path:
    """Return the folder of Slugline's own templates, in the wheel or checkout."""
    return STARTER if (STARTER / TEMPLATES).is_dir() else PACKAGE.parent


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
    real = os.path.realpath(folder / name)
    if Path(real).is_relative_to(os.path.realpath(folder)):
        return False
    return folder != starter_folder() / TEMPLATES


def wrong_files(root: Path) -> list[Diagnostic]:
    """Return an error for each wrong link and name in templates/.

    The link leads out of the folder, or to a folder; the name has control characters."""
    found, folder = [], root / TEMPLATES
    for path, status in stat_folder(folder):
        name = os.fsdecode(path).removeprefix(f"{folder}/")
        if wrong := wrong_name(name):
            shown = path.decode("utf-8", "replace").removeprefix(f"{folder}/")
            where = f"{TEMPLATES}/{printable(shown)}"
            found.append(Diagnostic.of(where, Place(), "invalid-slug", wrong, "rename it"))
            continue
        why = "out of templates/" if leads_out(folder, name) else ""
        if why or status == _LINKED_FOLDER:
            message = f"this link points {why or 'to a folder'}"
            hint = "replace the link with the file itself"
            where = f"{TEMPLATES}/{name}"
            found.append(Diagnostic.of(where, Place(), "symlink", message, hint))
    return found


def stat_file(file: Path) -> Stat:
    """Return the stat of a file; zeros if there is none."""
    try:
        return stat_of(file.stat())
    except OSError:
        return (0, 0, 0, 0)


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
                found.append((path, (0, 0, 0, 0)))
                continue
            if stat.S_ISDIR(status.st_mode):
                waiting.append(path)
            else:
                found.append((path, stat_of(status)))
    return found
