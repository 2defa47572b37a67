"""The files of content/media/ as they are published; unchanged ones come from the cache."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.content.fields import is_reserved
from builder.content.record import bytes_of
from builder.content.walk import CONTENT, MEDIA, Walk, note_problem
from builder.diagnostics.conflicts import conflicts_in
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.media.clean import EXPORT, NOT_SHOWN, PICTURES, clean
from builder.media.described import metadata_of
from builder.media.form import Form, form_of
from builder.media.picture import ActivePictureError, BadPictureError, refuse_huge
from builder.output.manifest import ManifestEntry, bytes_digest
from builder.parallel import map_ordered
from builder.sections import Index
from builder.stat import Stat, settled_at
from builder.store import Store

_MEDIA_TYPES = (*PICTURES, ".pdf", ".csv", ".json", ".txt", ".mp3", ".mp4", ".webm", ".woff2")
# Files that are text, in which a merge may have left its markers.
_TEXTS = (".svg", ".csv", ".json", ".txt")
_SECTION = "files"


class MediaFile(NamedTuple):
    """A file of content/media/, with its path below that folder.

    `width` and `height` are a picture's size in pixels, upright; 0 for other files. `entry` is what
    is published of a picture; it is `cleaned` if that differs from the file. Variants are made of
    its `form`."""

    path: str
    source: Path
    width: int = 0
    height: int = 0
    entry: ManifestEntry | None = None
    cleaned: bool = False
    form: Form = ""

    @property
    def url(self) -> str:
        return f"/{MEDIA}/{quote(self.path)}"


class Refused(NamedTuple):
    """Why a file is not published, and what to do."""

    why: str
    hint: str


class Media(NamedTuple):
    """The files of content/media/ by name: those that can be published, and others."""

    files: dict[str, MediaFile]
    refused: dict[str, Refused]


class _Row(Struct, frozen=True, array_like=True):
    """What is known of a file; `stat` is None if it is too recent to be trusted."""

    stat: Stat | None
    digest: str  # of the file
    entry: ManifestEntry | None = None
    width: int = 0
    height: int = 0
    why: str = ""
    hint: str = ""
    says: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    form: Form = ""


_rows = msgspec.msgpack.Decoder(dict[str, _Row])
_row = msgspec.msgpack.Decoder(_Row)


class MediaCache:
    """What is known of the files of content/media/, by path."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.changed = False
        try:
            self.rows = _rows.decode(store.load(MEDIA).get(_SECTION) or b"\x80")
        except msgspec.DecodeError:
            self.rows = {}

    def read(
        self, walk: Walk, jobs: int, problems: list[Diagnostic], progress: _Progress = None
    ) -> Media:
        """Return the files of content/media/, and report those that are not published."""
        found = [*_sorted(walk, problems)]
        unknown = [file for file in found if not self._known(file)]
        made = map_ordered(_examined, unknown, jobs, progress, lambda file: file.path)
        before = self.rows
        rows = {file.path: _row.decode(data) for file, data in zip(unknown, made, strict=True)}
        self.rows = {file.path: rows.get(file.path) or before[file.path] for file in found}
        self.changed |= self.rows != before
        media = Media({}, _never_shown(walk))
        for file in found:
            row = self.rows[file.path]
            problems += row.problems
            if row.why:
                media.refused[file.name] = Refused(row.why, row.hint)
                continue
            if row.says:
                _warn(problems, file, row.says)
            cleaned = row.entry is not None and row.entry.digest != row.digest
            media.files[file.name] = MediaFile(
                file.name,
                Path(file.source),
                row.width,
                row.height,
                row.entry,
                cleaned,
                row.form,
            )
        return media

    def _known(self, file: _Found) -> bool:
        row = self.rows.get(file.path)
        if row is None:
            return False
        if row.stat == file.stat:
            return True
        if not row.digest:
            return False
        try:
            data, stat = bytes_of(file.source)
        except OSError:
            return False
        if bytes_digest(data) != row.digest:
            return False
        self.rows[file.path] = replace(row, stat=stat)
        self.changed = True
        return True

    def keep(self) -> None:
        """Save the cache for the next build."""
        if self.changed:
            self.changed = False
            rows = msgspec.msgpack.encode(self.rows)
            self.store.save(MEDIA, Index.of({_SECTION: rows}))


_Progress = Callable[[int], None] | None


class _Found(NamedTuple):
    name: str
    path: str
    source: str
    stat: Stat
    suffix: str


def _names(walk: Walk) -> Iterator[_Found]:
    for path, source, stat in walk.below(MEDIA):
        if isinstance(source, str) and path.startswith(f"{CONTENT}/{MEDIA}/"):
            # Some systems decompose accented letters in names (NFD); editors type them composed.
            name = unicodedata.normalize("NFC", path.removeprefix(f"{CONTENT}/{MEDIA}/"))
            yield _Found(name, path, source, stat, PurePosixPath(name).suffix)


def _sorted(walk: Walk, problems: list[Diagnostic]) -> Iterator[_Found]:
    """Yield the files of known types and usual names, and report others."""
    folded: dict[str, str] = {}  # names without capitals
    found: set[str] = set()
    for file in _names(walk):
        name = file.name
        if file.suffix.lower() in _MEDIA_TYPES:
            other = folded.setdefault(name.casefold(), name)
            wrong = _wrong_name(name) or (other != name and f"`{other}` differs only in capitals")
            if wrong:
                note_problem(problems, file.path, "invalid-media", wrong, "rename the file")
            elif name in found:
                wrong = f"another file has the name `{name}` in another Unicode form"
                note_problem(problems, file.path, "invalid-media", wrong, "remove one of them")
            else:
                found.add(name)
                yield file
            continue
        hint = f"use one of: {' '.join(sorted(_MEDIA_TYPES))}"
        message = f"`{file.suffix}` files are not published"
        if kind := NOT_SHOWN.get(file.suffix.lower()):
            message, hint = f"{message}: browsers do not show {kind}", EXPORT
        elif file.suffix.lower() == ".mov":
            hint = "convert it: `ffmpeg -i film.mov -map_metadata -1 film.mp4`"
        note_problem(problems, file.path, "stray-file", message, hint)


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


def _never_shown(walk: Walk) -> dict[str, Refused]:
    return {
        file.name: Refused(f"browsers do not show {kind}", EXPORT)
        for file in _names(walk)
        if (kind := NOT_SHOWN.get(file.suffix.lower()))
    }


def _examined(file: _Found) -> bytes:
    """Return a row, encoded to return it from a worker."""
    suffix, now = file.suffix.lower(), time.time_ns()
    try:
        if suffix not in (*PICTURES, *_TEXTS):
            known = file.stat if settled_at([file.stat], now) else None
            row = _Row(known, "", says=metadata_of(Path(file.source), suffix))
            return msgspec.msgpack.encode(row)
        data, stat = bytes_of(file.source)
        digest = bytes_digest(data)
        conflicts = tuple(conflicts_in(file.path, data)) if suffix in _TEXTS else ()
        if conflicts or suffix not in PICTURES:
            return msgspec.msgpack.encode(_Row(stat, digest, problems=conflicts))
        picture = clean(data, suffix)
        if suffix != ".svg":
            refuse_huge(picture)
        entry = ManifestEntry(bytes_digest(picture.data), len(picture.data))
        form = form_of(picture.data)
        row = _Row(stat, digest, entry, picture.width, picture.height, form=form)
    except BadPictureError as bad:
        row = _Row(stat, digest, why=str(bad), hint=bad.hint, problems=acting(file.path, bad))
    except OSError as error:
        row = _Row(None, "", why=f"it cannot be read: {error.strerror}", hint="make it readable")
    return msgspec.msgpack.encode(row)


def acting(path: str, bad: BadPictureError) -> tuple[Diagnostic, ...]:
    """Return the error of a drawing that does more than draw.

    It stands at the file, so that one which no page shows is reported too."""
    if not isinstance(bad, ActivePictureError):
        return ()
    message = f"the drawing is not published: {bad}"
    return (Diagnostic.of(path, Place(bad.line), "active-drawing", message, bad.hint),)


_REMOVE: Mapping[str, str] = {
    ".pdf": "export it without document properties",
    ".mp4": "remove it: `ffmpeg -i film.mp4 -map_metadata -1 -c copy clean.mp4`",
}


def _warn(problems: list[Diagnostic], file: _Found, says: tuple[str, ...]) -> None:
    words = says[0] if len(says) == 1 else f"{', '.join(says[:-1])} and {says[-1]}"
    message = f"readers of this file also get {words}, which its metadata names"
    note_problem(problems, file.path, "file-metadata", message, _REMOVE[file.suffix.lower()])


def published_bytes(file: MediaFile) -> bytes:
    """Return what is published of a picture. Raises OSError and BadPictureError."""
    data, _ = bytes_of(str(file.source))
    return clean(data, PurePosixPath(file.path).suffix.lower()).data
