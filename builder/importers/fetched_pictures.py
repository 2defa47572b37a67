"""Fetches the pictures that texts show from other sites, so that the site has them itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from builder.content.urls import split_address
from builder.fetch.client import FetchedPage
from builder.fetch.problem import FetchError
from builder.importers.bad_archive import BadArchive
from builder.importers.media_files import MediaFinder
from builder.importers.notes import ImportNotes
from builder.media.clean import format_of
from builder.names.keys import slugify

_FOLDER = "fetched"
_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WebP": ".webp", "AVIF": ".avif"}


class FetchedFiles:
    """Fetched pictures, which lie in a temporary folder until they are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(file.name for file in self.folder.iterdir()))

    def size(self, name: str) -> int:
        file = self.folder / name
        return file.stat().st_size if file.is_file() else 0

    def read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise BadArchive(f"{name} cannot be read: {error.strerror}") from None


def fetch_pictures(
    addresses: Iterable[str],
    get: Callable[[str], FetchedPage],
    folder: Path,
    finder: MediaFinder,
    present: Iterable[str],
    notes: ImportNotes,
    show: Callable[[int], None] = lambda done: None,
) -> dict[str, str]:
    """Return the name below content/media/ for each address that has a picture.

    A name follows from its address, so a second import requests nothing again. What cannot be
    fetched is noted and stays a link."""
    store = FetchedFiles(folder)
    known = {PurePosixPath(name).stem: name for name in present if name.startswith(f"{_FOLDER}/")}
    found: dict[str, str] = {}
    for number, address in enumerate(sorted({*addresses}), 1):
        stem = _stem(address)
        if stem in known:
            found[address] = known[stem]
            continue
        try:
            page = get(address)
        except FetchError as error:
            notes.add("not-fetched", address, str(error))
            continue
        show(number)
        ending = _ENDINGS.get(format_of(page.body), "")
        if page.status != 200 or not ending:
            why = f"status {page.status}" if page.status != 200 else "it is not a picture"
            notes.add("not-fetched", address, why)
            continue
        (folder / f"{stem}{ending}").write_bytes(page.body)
        name = f"{_FOLDER}/{stem}{ending}"
        finder.add(name, store, f"{stem}{ending}")
        if why := finder.problem(name):
            notes.add("not-fetched", address, why)
            continue
        found[address] = name
    return found


def _stem(address: str) -> str:
    """Return a file name for an address, without its ending."""
    parts = split_address(address)
    stem = PurePosixPath(unquote(parts.path if parts else "")).stem
    digest = hashlib.blake2b(address.encode(), digest_size=6).hexdigest()
    return f"{slugify(stem)[:60].strip('-') or 'picture'}-{digest}"
