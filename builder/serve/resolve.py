"""Resolution of request paths to files of a preview, redirects or errors."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes


class FoundFile(NamedTuple):
    """A file, with its path relative to the preview's folder."""

    file: str
    source: Path


class RedirectTo(NamedTuple):
    """A redirect to another path."""

    path: str


class MissingPage(NamedTuple):
    """A missing file; `file` is the path at which it would be."""

    file: str


class RefusedPath(NamedTuple):
    """A malformed path."""

    why: str


Outcome = FoundFile | RedirectTo | MissingPage | RefusedPath

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\]")


def find(folder: Path, raw: bytes, base_path: str = "") -> Outcome:
    """Resolve the path of a request: percent-encoded, without a query.

    `base_path` is the path of the site's front page, such as `/news`."""
    names = _names(raw)
    if isinstance(names, RefusedPath):
        return names
    base = [name for name in base_path.split("/") if name]
    if base and names in ([""], base):
        return RedirectTo(_path([*base, ""]))
    if names[: len(base)] != base:
        return MissingPage("/".join(names))
    names = names[len(base) :]
    file = "/".join([*names[:-1], names[-1] or "index.html"])
    # Hidden files hold the preview's state; an empty name comes from a double slash.
    if "" in names[:-1] or any(name.startswith(".") for name in names):
        return MissingPage(file)
    source = folder / file
    if _is_inside(folder, source):
        return FoundFile(file, source)
    if names[-1] and _is_inside(folder, source / "index.html"):
        return RedirectTo(_path([*base, *names, ""]))
    return MissingPage(file if "." in names[-1] or not names[-1] else f"{file}/index.html")


def _names(raw: bytes) -> list[str] | RefusedPath:
    """Return the decoded segments of a path.

    Each segment is decoded separately and once, so that an encoded `/` is not a separator."""
    if not raw.startswith(b"/"):
        return RefusedPath("the address is not an absolute path")
    names = []
    for part in raw[1:].split(b"/"):
        try:
            name = unquote_to_bytes(part).decode("utf-8")
        except UnicodeDecodeError:
            return RefusedPath("the address is not UTF-8")
        if _FORBIDDEN.search(name) or name in (".", ".."):
            return RefusedPath("the address contains an invalid file name")
        names.append(name)
    return names


def _path(names: list[str]) -> str:
    return "/" + "/".join(quote(name) for name in names)


def _is_inside(folder: Path, source: Path) -> bool:
    """Return whether a regular file exists whose real path is inside the folder."""
    try:
        real = os.path.realpath(source, strict=True)
        inside = Path(real).is_relative_to(os.path.realpath(folder))
        return inside and stat.S_ISREG(os.stat(real).st_mode)  # noqa: PTH116
    except (OSError, ValueError):  # missing, or the name is too long
        return False
