"""The files of content/ -> those that hold records, and those that are published as they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from builder.content.walk import CONTENT, MEDIA, Walk, note_problem
from builder.diagnostics.diagnostic import Diagnostic
from builder.model.entity import FOLDERS
from builder.model.record import Record
from builder.names.suggest import did_you_mean
from builder.stat import Stat

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


_MEDIA_TYPES = (*_PICTURES, ".pdf", ".csv", ".json", ".txt", ".mp3", ".mp4", ".webm", ".woff2")


class ContentFile(NamedTuple):
    """A file that should hold a record."""

    path: str  # relative to the site's folder, with `/`
    source: str
    kind: type[Record]
    stat: Stat


class MediaFile(NamedTuple):
    """A file of content/media/: its path below that folder, and a picture's size in pixels
    (0 where it has none or is no picture)."""

    path: str
    source: Path
    width: int
    height: int

    @property
    def url(self) -> str:
        return f"/{MEDIA}/{quote(self.path)}"


def record_files(walk: Walk, problems: list[Diagnostic]) -> Iterator[ContentFile]:
    """Every file that should hold a record, sorted by path; the rest is reported."""
    kinds = dict(FOLDERS)
    for path, source, looked in walk.files:
        folder, _, rest = path[len(CONTENT) + 1 :].partition("/")
        if folder == MEDIA:
            continue
        if not path.endswith(".md"):
            hint = "files to publish belong in content/media/; texts end in .md"
            note_problem(problems, path, "stray-file", "this file is not read", hint)
        elif not rest or folder not in kinds:
            hint = did_you_mean(folder, kinds) or f"the folders are: {', '.join(kinds)}, {MEDIA}"
            message = "this file is in no folder of records"
            note_problem(problems, path, "unknown-folder", message, hint)
        else:
            yield ContentFile(path, source, kinds[folder], looked)


def media_files(walk: Walk, problems: list[Diagnostic]) -> dict[str, MediaFile]:
    """By name: the files of content/media/ that may be published."""
    found = {}
    for path, source, _ in walk.files:
        if not path.startswith(f"{CONTENT}/{MEDIA}/"):
            continue
        # Some systems write accents apart (NFD), editors do not.
        name = unicodedata.normalize("NFC", path.removeprefix(f"{CONTENT}/{MEDIA}/"))
        suffix = PurePosixPath(name).suffix
        if suffix.lower() not in _MEDIA_TYPES:
            hint = f"these are: {' '.join(sorted(_MEDIA_TYPES))}"
            note_problem(problems, path, "stray-file", f"`{suffix}` files are not published", hint)
            continue
        import imagesize  # not needed by a site without pictures

        try:
            width, height = imagesize.get(source)
        except (OSError, ValueError):
            width = height = 0
        found[name] = MediaFile(name, Path(source), max(0, int(width)), max(0, int(height)))
    return found
