"""Refuses to overwrite files that Slugline did not write."""

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
    """Raise OutputError if a new page would replace a foreign file.

    That is a file in `foreign`, or a folder that is not empty in the place of one of the `absent`
    files."""
    for path in absent:
        place = output / path
        if path in old.files and place.is_dir() and not place.is_symlink() and any(place.iterdir()):
            raise OutputError(
                f"{output.name}/{path} is a folder with files in the place of a page; move it away"
            )
    if not old.files and ((output / FILE).exists() or not output.exists()):
        return  # no output yet, or files that the manifest, now unreadable, probably listed
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
                f"{output.name}/{path} is in the place of a page, and Slugline did not write it;"
                " move it away"
            )


def check_place(output: Path) -> None:
    """Raise OutputError if a folder is not an output of Slugline.

    A folder with subfolders and without a manifest is not; files alone may be there for the site,
    such as a CNAME or a .nojekyll."""
    if output.is_symlink():
        raise OutputError(f"{output} is a symbolic link; choose a folder with --output")
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is not a folder; choose another one with --output")
    ours = not output.is_dir() or (output / FILE).exists()
    if not ours and any(entry.is_dir() for entry in output.iterdir()):
        raise OutputError(
            f"{output} has files that Slugline did not write; empty it, or choose another folder"
            " with --output"
        )
