"""Pictures and other files of an archive: where they lie there, and in content/media/."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import unquote

from builder.importers.bad_archive import BadArchive
from builder.importers.post import Archive, ArchiveFiles
from builder.importers.readers.files import FolderFiles
from builder.media.clean import PICTURES, clean
from builder.media.picture import BadPictureError, refuse_huge
from builder.names.keys import slugify

_OTHERS = (".pdf", ".csv", ".json", ".txt", ".mp3", ".mp4", ".webm")
_TYPES = frozenset((*PICTURES, *_OTHERS))


class MediaFinder:
    """The files of an archive that texts may show or link to.

    Names below content/media/ are those in the archive, without the folder that the old site served
    at its root. Characters that some systems cannot store are replaced."""

    def __init__(self, archive: Archive, more: FolderFiles | None) -> None:
        self.stores: list[ArchiveFiles] = [s for s in (archive.files, more) if s is not None]
        self.roots = archive.roots
        self.base_path = re.sub(r"^https?://[^/]*", "", archive.base_url).strip("/")
        self._where: dict[str, tuple[ArchiveFiles, str]] = {}  # by the name below content/media/
        self._names: list[dict[str, str]] = []  # of each store: name in the archive -> in media
        taken: dict[str, str] = {}
        for store in self.stores:
            names = {}
            for name in store.names():
                inside = store is not archive.files or not self.roots or self._is_served(name)
                if inside and PurePosixPath(name).suffix.lower() in _TYPES:
                    target = self._target(name, taken)
                    names[name] = target
                    self._where[target] = (store, name)
            self._names.append(names)

    def _is_served(self, name: str) -> bool:
        """Return whether a file is in a folder whose files the old site served."""
        return any(not root or name.startswith(f"{root}/") for root in self.roots)

    def _target(self, name: str, taken: dict[str, str]) -> str:
        """Return a name below content/media/ for a file of the archive."""
        root = next((r for r in self.roots if r and name.startswith(f"{r}/")), "")
        inside = name[len(root) + 1 if root else 0 :]
        parts = [self._part(part) for part in inside.split("/")]
        target = "/".join(parts)
        if taken.setdefault(target.casefold(), name) != name:
            digest = hashlib.blake2b(name.encode(), digest_size=4).hexdigest()
            path = PurePosixPath(target)
            target = str(path.with_name(f"{path.stem}-{digest}{path.suffix}"))
            taken[target.casefold()] = name
        return target

    @staticmethod
    def _part(part: str) -> str:
        part = unicodedata.normalize("NFC", part)
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", part) and not part.endswith("."):
            reserved = re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", part)
            return f"_{part}" if reserved else part
        stem, dot, ending = part.rpartition(".")
        short = (
            slugify(stem if dot else part)[:80]
            or hashlib.blake2b(part.encode(), digest_size=4).hexdigest()
        )
        return f"{short}.{ending.lower()}" if dot else short

    def find(self, address: str, base: str) -> str | None:
        """Return the name below content/media/ for an address, or None.

        `address` is a path; `base` is the path of the post's file in the archive."""
        path = unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/")
        if PurePosixPath(path).suffix.lower() not in _TYPES:
            return None
        for name in self._candidates(path, base):
            for names in self._names:
                found = names.get(name)
                if found and self._usable(found):
                    return found
        return None

    def _candidates(self, path: str, base: str) -> list[str]:
        rooted = path.lstrip("/")
        found = []
        if not path.startswith("/"):
            folder = base.lstrip("/").rpartition("/")[0]
            found.append(posixpath.normpath(posixpath.join(folder, path)))
        inside = [rooted]
        if self.base_path and rooted.startswith(f"{self.base_path}/"):
            inside.append(rooted[len(self.base_path) + 1 :])
        for name in inside:
            plain = posixpath.normpath(name)
            found += [f"{root}/{plain}" if root else plain for root in self.roots]
            found.append(plain)
        return [name for name in dict.fromkeys(found) if not name.startswith("..")]

    def read(self, target: str) -> bytes:
        """Return the bytes of a file that `find` has found."""
        store, name = self._where[target]
        return store.read(name)

    def add(self, target: str, store: ArchiveFiles, name: str) -> None:
        """Add a file that has been fetched."""
        self._where[target] = (store, name)

    def _usable(self, target: str) -> bool:
        return not self.problem(target)

    @lru_cache(maxsize=100_000)  # noqa: B019 - one finder lives as long as the import
    def problem(self, target: str) -> str:
        """Return why a file cannot be published, or nothing."""
        suffix = PurePosixPath(target).suffix.lower()
        try:
            data = self.read(target)
            if suffix in PICTURES:
                picture = clean(data, suffix)
                if suffix != ".svg":
                    refuse_huge(picture)
        except (BadPictureError, BadArchive) as error:
            return str(error)
        return "" if data else "it is empty"
