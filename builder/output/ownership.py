"""Refuses to write where the files are not ours."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from builder.output.inventory import holds, parents
from builder.output.manifest import FILE, Manifest
from builder.output.target import OutputError


def refuse_foreign(
    output: Path,
    old: Manifest,
    new: Manifest,
    foreign: Iterable[str] = (),
    absent: Iterable[str] = (),
) -> None:
    """Raise OutputError where a new page would take the place of a file that is not ours: of one in
    `foreign`, or of a folder with something in it where one of the `absent` was."""
    for path in absent:
        place = output / path
        if path in old.files and place.is_dir() and not place.is_symlink() and any(place.iterdir()):
            raise OutputError(
                f"{output.name}/{path} is a folder with something in it, and a page of the site"
                " belongs there; move it away"
            )
    if not old.files and ((output / FILE).exists() or not output.exists()):
        return  # there is nothing; or these are probably what the manifest, now unread, listed
    added = new.files.keys() - old.files.keys()
    folders = {parent for path in added for parent in parents(path)}
    for path in sorted(added | folders):
        file = output / path
        if path in folders:
            taken = os.path.lexists(file) and (file.is_symlink() or not file.is_dir())
        elif file.is_dir() and not file.is_symlink():
            taken = any(other.startswith(f"{path}/") for other in foreign)
        else:
            taken = os.path.lexists(file) and not holds(file, new.files[path].digest)
        if taken and path not in old.files:
            raise OutputError(
                f"{output.name}/{path} is not Slugline's, and a page of the site belongs there;"
                " move it away"
            )


def check_place(output: Path) -> None:
    """Refuse to replace what is not ours: a folder with folders and no manifest is somebody's.
    (Files alone may have been put there for the site: a CNAME, a .nojekyll.)"""
    if output.is_symlink():
        raise OutputError(f"{output} is a symbolic link; name a folder with --output")
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is not a folder; name another with --output")
    ours = not output.is_dir() or (output / FILE).exists()
    if not ours and any(entry.is_dir() for entry in output.iterdir()):
        raise OutputError(
            f"{output} holds something that Slugline did not make; empty it, or name another folder"
            " with --output"
        )
