"""The path of a request -> a file of the preview, another address, or nothing."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes


class FoundFile(NamedTuple):
    """A file, by its path below the preview's folder."""

    file: str
    source: Path


class RedirectTo(NamedTuple):
    """Another address, as a path."""

    path: str


class MissingPage(NamedTuple):
    """Nothing. What would be there, for a page that was there before."""

    file: str


class RefusedPath(NamedTuple):
    """A path that no link has."""

    why: str


Outcome = FoundFile | RedirectTo | MissingPage | RefusedPath

_WRONG = re.compile(r"[\x00-\x1f\x7f/\\]")


def find(folder: Path, raw: bytes, base_path: str = "") -> Outcome:
    """What a path as it stands in a request (percent-encoded, without a query) leads to.
    `base_path`, such as `/news`, is where the site begins."""
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
    # Hidden files hold what the preview remembers; an empty name stands between two slashes.
    if "" in names[:-1] or any(name.startswith(".") for name in names):
        return MissingPage(file)
    source = folder / file
    if _is_inside(folder, source):
        return FoundFile(file, source)
    if names[-1] and _is_inside(folder, source / "index.html"):
        return RedirectTo(_path([*base, *names, ""]))
    return MissingPage(file if "." in names[-1] or not names[-1] else f"{file}/index.html")


def _names(raw: bytes) -> list[str] | RefusedPath:
    """The decoded names of a path. It is decoded once, each name apart, so that nothing encoded
    becomes a separator."""
    if not raw.startswith(b"/"):
        return RefusedPath("the address is not a path of this site")
    names = []
    for part in raw[1:].split(b"/"):
        try:
            name = unquote_to_bytes(part).decode("utf-8")
        except UnicodeDecodeError:
            return RefusedPath("the address is not UTF-8")
        if _WRONG.search(name) or name in (".", ".."):
            return RefusedPath("the address has a name that no file has")
        names.append(name)
    return names


def _path(names: list[str]) -> str:
    return "/" + "/".join(quote(name) for name in names)


def _is_inside(folder: Path, source: Path) -> bool:
    """Whether a plain file is there, and not by a link that leads out of the folder."""
    try:
        real = os.path.realpath(source, strict=True)
        inside = Path(real).is_relative_to(os.path.realpath(folder))
        return inside and stat.S_ISREG(os.stat(real).st_mode)  # noqa: PTH116
    except (OSError, ValueError):  # it is not there, or its name is too long
        return False
