"""The program: its folder, and a digest of its code and libraries."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from builder.diagnostics.codes import pages_folder

PACKAGE = Path(__file__).parent


# Libraries that affect the bytes of pages, or the digests that identify them.
_LIBRARIES = (
    "babel", "jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "msgspec", "pillow",
    "pyyaml", "resvg-py", "snowballstemmer", "tzdata",
)  # fmt: skip


def _versions() -> Iterator[tuple[str, str]]:
    """Yield the name and version of each library.

    The version comes from the name of its folder `*.dist-info` (PyPA's record of installed
    projects), which is ten times as fast as `importlib.metadata`."""
    found: dict[str, str] = {}
    for place in sys.path:
        with suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208
                if name.endswith(".dist-info"):
                    library, _, version = name.removesuffix(".dist-info").partition("-")
                    found.setdefault(library.lower().replace("_", "-"), version)
    for library in _LIBRARIES:
        yield library, found.get(library) or _version(library)


def _version(library: str) -> str:
    """Return the version of a library elsewhere, such as in an archive."""
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "?"


def _files(folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of all files below a folder that have one of some endings."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(endings):
                yield entry.path
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path, endings)


@lru_cache(maxsize=1)
def program() -> str:
    """Return a digest of the source and of Python and library versions."""
    state = hashlib.blake2b(digest_size=8)
    folders = (str(PACKAGE), (".py", ".toml")), (str(pages_folder()), (".md",))
    for folder, endings in folders:
        for path in sorted(_files(folder, endings)):
            with open(path, "rb", 0) as stream:  # noqa: PTH123 (Paths are slow)
                state.update(f"{path[len(folder) :]}\0".encode() + stream.read())
    for library, version in _versions():
        state.update(f"{library} {version}\0".encode())
    state.update(f"{sys.version_info[:2]}".encode())
    return state.hexdigest()
