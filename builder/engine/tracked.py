"""Errors for files that only Slugline should write, or that lead elsewhere, and that Git tracks.

They come with every clone, from any contributor."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from builder.content.template_files import TEMPLATES
from builder.content.walk import CONTENT
from builder.diagnostics.diagnostic import ContentError, Diagnostic, Place
from builder.git import tracked_files
from builder.store import FOLDER

OUTPUT = "output"  # the usual output folder of a site
_SOURCES = (CONTENT, TEMPLATES)


def check_tracked(root: Path, output: Path) -> list[Diagnostic]:
    """Return an error for each folder of generated files that Git tracks."""
    return [*_tracked(root, output)]


def refuse_tracked(root: Path, output: Path) -> None:
    """Raise ContentError if Git tracks generated files."""
    if found := check_tracked(root, output):
        raise ContentError(found)


def _tracked(root: Path, output: Path) -> Iterator[Diagnostic]:
    names, patterns = [FOLDER], [f":(literal){name}" for name in (FOLDER, *_SOURCES)]
    folder = Path(os.path.relpath(output, root))
    if folder.parts and folder.parts[0] != "..":
        names.append(folder.as_posix())
        # The trees and locks beside the output begin with its name and a dot: `.output.spare`.
        beside = (folder.parent / f".{folder.name}.").as_posix()
        patterns += [f":(literal){names[1]}", f":(glob){beside}*", f":(glob){beside}*/**"]
    generated: dict[str, list[str]] = {}
    for path, is_link in tracked_files(root, *patterns):
        top = _top(path, names)
        if top not in _SOURCES:
            generated.setdefault(top, []).append(path)
        elif is_link and path == top and not _is_inside(root, path):
            message = "Git tracks this link, which leads out of the site's folder"
            hint = "replace the link with the folder itself"
            yield Diagnostic.of(path, Place(), "symlink", message, hint)
    for top, paths in generated.items():
        message = f"Git tracks {_and_more(len(paths))} in a folder that only Slugline should write"
        hint = f"check it, run `git rm -r --cached {shlex.quote(top)}`, and build again with"
        yield Diagnostic.of(paths[0], Place(), "tracked-output", message, f"{hint} --clean")


def _top(path: str, folders: list[str]) -> str:
    """Return the generated folder that a path is in, or its first part."""
    inside = (name for name in folders if path == name or path.startswith(f"{name}/"))
    return next(inside, path.partition("/")[0])


def _is_inside(root: Path, path: str) -> bool:
    return Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))


def _and_more(count: int) -> str:
    return "this file" if count == 1 else f"this file and {count - 1:,} more"
