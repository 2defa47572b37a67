"""Sorts the files of content/ into records and media files."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from builder.content.fields import is_reserved
from builder.content.walk import CONTENT, MEDIA, Walk, note_problem
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic
from builder.model.entity import FOLDERS
from builder.model.record import Record
from builder.names.suggest import did_you_mean
from builder.stat import Stat, settled_at

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


_MEDIA_TYPES = (*_PICTURES, ".pdf", ".csv", ".json", ".txt", ".mp3", ".mp4", ".webm", ".woff2")


# Media files that are text, in which a merge may have left its markers.
_TEXTS = (".svg", ".csv", ".json", ".txt")


class ContentFile(NamedTuple):
    """A file that is read as a record."""

    path: str  # relative to the site's folder, with `/`
    source: str
    kind: type[Record]
    stat: Stat


class MediaFile(NamedTuple):
    """A file of content/media/, with its path below that folder.

    `width` and `height` are a picture's size in pixels; 0 for other files."""

    path: str
    source: Path
    width: int
    height: int

    @property
    def url(self) -> str:
        return f"/{MEDIA}/{quote(self.path)}"


def is_record(path: str) -> bool:
    """Return whether the name of a file is that of a record."""
    return path.lower().endswith((".md", ".markdown"))


def record_files(walk: Walk, problems: list[Diagnostic]) -> Iterator[ContentFile]:
    """Yield each file of a record, sorted by path; report other files."""
    kinds = dict(FOLDERS)
    read: dict[str, str] = {}  # the files of records, by path without the ending
    for path, source, file_stat in walk.files:
        folder, _, rest = path[len(CONTENT) + 1 :].partition("/")
        if folder == MEDIA:
            continue
        if not is_record(path):
            hint = "move it to content/media/ to publish it, or end the name of a text in .md"
            note_problem(problems, path, "stray-file", "this file is ignored", hint)
        elif not rest or folder not in kinds:
            hint = did_you_mean(folder, kinds) or f"move it to one of: {', '.join(kinds)}, {MEDIA}"
            message = "this file is not in a folder of records"
            note_problem(problems, path, "unknown-folder", message, hint)
        elif (other := read.setdefault(str(PurePosixPath(path).with_suffix("")), path)) != path:
            message = f"{PurePosixPath(other).name} is another file of this record"
            note_problem(problems, path, "duplicate-slug", message, "remove or rename one of them")
        else:
            yield ContentFile(path, source, kinds[folder], file_stat)


def media_files(walk: Walk, problems: list[Diagnostic]) -> dict[str, MediaFile]:
    """Map the names of the publishable files of content/media/ to the files."""
    found = {}
    folded: dict[str, str] = {}  # names without capitals
    for path, source, file_stat in walk.files:
        if not path.startswith(f"{CONTENT}/{MEDIA}/"):
            continue
        # Some systems decompose accented letters in names (NFD); editors type them composed.
        name = unicodedata.normalize("NFC", path.removeprefix(f"{CONTENT}/{MEDIA}/"))
        suffix = PurePosixPath(name).suffix
        if suffix.lower() not in _MEDIA_TYPES:
            hint = f"use one of: {' '.join(sorted(_MEDIA_TYPES))}"
            note_problem(problems, path, "stray-file", f"`{suffix}` files are not published", hint)
            continue
        other = folded.setdefault(name.casefold(), name)
        if wrong := _wrong_name(name) or (other != name and f"`{other}` differs only in capitals"):
            note_problem(problems, path, "invalid-media", wrong, "rename the file")
            continue
        if name in found:
            wrong = f"another file has the name `{name}` in another Unicode form"
            note_problem(problems, path, "invalid-media", wrong, "remove one of them")
            continue
        if suffix.lower() in _TEXTS:
            problems += _conflicts(path, source, file_stat)
        import imagesize  # imported only for a site with pictures

        try:
            width, height = imagesize.get(source)
        except (OSError, ValueError):
            width = height = 0
        found[name] = MediaFile(name, Path(source), max(0, int(width)), max(0, int(height)))
    return found


def _wrong_name(name: str) -> str:
    """Return why some systems cannot store a file of this name, or nothing."""
    for part in name.split("/"):
        if is_reserved(part.partition(".")[0].casefold()):
            return f"`{part}` is a reserved name on Windows"
        if part.endswith((".", " ")):
            return f"`{part}` ends with a dot or a space, which Windows removes"
        if not part.isprintable():
            return "the name has an invisible character"
    return ""


# The conflicts in files whose stat shows any later change, by path on disk and stat.
_known: dict[tuple[str, Stat], tuple[Diagnostic, ...]] = {}


def _conflicts(path: str, source: str, file_stat: Stat) -> tuple[Diagnostic, ...]:
    """Return the merge conflicts in a text file, which one process reads once."""
    found = _known.get((source, file_stat))
    if found is None:
        now = time.time_ns()
        try:
            found = tuple(conflicts_in(path, Path(source).read_bytes()))
        except OSError:  # reported when the file is copied
            return ()
        if settled_at([file_stat], now):
            _known[source, file_stat] = found
    return found
