"""Makes the variants of pictures that pages show, and keeps them for later builds.

`.slugline/pictures/` has a sealed file for each variant, so a killed build loses nothing that it
has made, and a sealed index with the digest of each, so an unchanged one is not read. The key of
a variant is its path, which contains a digest of the picture and the recipe, with the version of
the encoder. A variant stays while one of the last outputs uses it. They share the folder without
a lock: a file that another build has removed is made again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from weakref import finalize

import msgspec
from msgspec import Struct

from builder.content.media import MediaFile
from builder.content.pictures import variants_of
from builder.content.record import bytes_of
from builder.content.walk import CONTENT, MEDIA
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.engine.copies import Copy
from builder.machine_key import sealed, unsealed
from builder.media.clean import clean
from builder.media.picture import BadPictureError
from builder.media.variants import Variant
from builder.output.manifest import ManifestEntry, bytes_digest
from builder.parallel import map_ordered
from builder.safe_files import make_folders, plain_bytes, replace_file
from builder.site.site import Site
from builder.store import FOLDER, PICTURES, StoreDamaged, digest, remove

_INDEX = "index"
_PURPOSE = "pictures"  # of the seal
_MOST_OUTPUTS = 8  # whose variants are kept
_KEY = 16  # bytes


class _Index(Struct):
    """The digest and size of each variant by key, and the keys that each output uses."""

    entries: dict[str, ManifestEntry] = {}
    used: dict[str, list[str]] = {}


class _Work(NamedTuple):
    """A picture and its variants, the widest first, each with its key."""

    file: MediaFile
    variants: tuple[tuple[str, Variant], ...]


class MadePictures(NamedTuple):
    """The variants of all shown pictures, and what is wrong with other pictures."""

    copies: tuple[Copy, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class _Made(NamedTuple):
    """The variants made of one picture, or why there are none."""

    entries: list[ManifestEntry]
    why: str = ""
    hint: str = ""


_index = msgspec.msgpack.Decoder(_Index)
_made = msgspec.msgpack.Decoder(_Made)


class PictureStore:
    """The stored variants of a site.

    Without a folder of the site they are kept until this object is gone."""

    def __init__(self, root: Path | None) -> None:
        self.shared = root is not None
        if root is None:
            self.folder = Path(tempfile.mkdtemp(prefix="slugline-pictures-"))
            finalize(self, _discard, self.folder, os.getpid())
        else:
            self.folder = root / FOLDER / PICTURES
        self.index = self._load()

    def make(
        self, site: Site, name: str, jobs: int, progress: Callable[[str, int, int], None] | None
    ) -> MadePictures:
        """Return the variants of all shown pictures; missing ones are made.

        `name` is the output that uses them."""
        works = [work for file in sorted(site.published_media.shown) if (work := _work(site, file))]
        known = self.index.entries
        missing = [work for work in works if any(key not in known for key, _ in work.variants)]
        if missing:
            self._prepare()
            total = len(missing)
            report = (lambda done: progress("Pictures", done, total)) if progress else None
            found = map_ordered(
                self._encoded, missing, jobs, report, lambda work: work.file.path, slow=True
            )
        problems = []
        for work, data in zip(missing, found if missing else (), strict=True):
            made = _made.decode(data)
            if made.why:
                problems.append(_problem(work.file, made))
            keys = (key for key, _ in work.variants)
            known.update(zip(keys, made.entries, strict=False))
        if self.shared:
            self._keep(name, works)
        return MadePictures(tuple(self._copies(works)), tuple(problems))

    def _copies(self, works: Iterable[_Work]) -> Iterator[Copy]:
        for work in works:
            for key, variant in work.variants:
                if entry := self.index.entries.get(key):
                    read = partial(self._bytes, work.file, key, variant, entry)
                    yield Copy(variant.path, work.file.source, entry, read)

    def _bytes(self, file: MediaFile, key: str, variant: Variant, entry: ManifestEntry) -> bytes:
        """Return a variant; it is made again if its file is not what the index says."""
        data = self._stored(key)
        if data is not None and bytes_digest(data) == entry.digest:
            return data
        (data,) = _encode(file, [variant])
        if bytes_digest(data) != entry.digest:
            remove(self.folder / _INDEX)
            raise StoreDamaged
        return data

    def _encoded(self, work: _Work) -> bytes:
        """Make the variants of a picture, and return `_Made`, encoded.

        Those that an interrupted build has made are kept."""
        keys = [key for key, _ in work.variants]
        entries: list[ManifestEntry] = []
        for key in keys:
            if (data := self._stored(key)) is None:
                break
            entries.append(ManifestEntry(bytes_digest(data), len(data)))
        if len(entries) == len(keys):
            return msgspec.msgpack.encode(_Made(entries))
        entries = []
        try:
            made = _encode(work.file, [variant for _, variant in work.variants])
            for key, data in zip(keys, made, strict=True):
                entries.append(ManifestEntry(bytes_digest(data), len(data)))
                with suppress(OSError):  # the disk is full: it is made again to be published
                    replace_file(self.folder / key, [sealed(_PURPOSE, key.encode() + data)])
        except BadPictureError as bad:
            return msgspec.msgpack.encode(_Made([], str(bad), bad.hint))
        except OSError as error:
            why = f"it cannot be read: {error.strerror}"
            return msgspec.msgpack.encode(_Made([], why, "make it readable"))
        return msgspec.msgpack.encode(_Made(entries))

    # --- the folder ----------------------------------------------------------------------------

    def _stored(self, key: str) -> bytes | None:
        """Return a stored variant, if this user's Slugline has made it."""
        with suppress(OSError):
            data = unsealed(_PURPOSE, plain_bytes(self.folder / key))
            if data is not None and data.startswith(key.encode()):
                return data[len(key) :]
        return None

    def _prepare(self) -> None:
        """Create the folder, and load the encoder once and not in every worker."""
        import PIL.Image
        import PIL.ImageCms  # noqa: F401

        if self.shared:
            with suppress(OSError):
                if os.path.lexists(self.folder) and not _is_folder(self.folder):
                    remove(self.folder)
                make_folders(self.folder.parent, PICTURES)

    def _load(self) -> _Index:
        if not self.shared:
            return _Index()
        try:
            data = unsealed(_PURPOSE, plain_bytes(self.folder / _INDEX))
            return _index.decode(data) if data is not None else _Index()
        except (OSError, msgspec.MsgspecError, ValueError):
            return _Index()

    def _keep(self, name: str, works: Sequence[_Work]) -> None:
        """Save the index, and remove the variants that no output uses."""
        keys = [key for work in works for key, _ in work.variants]
        before = self._load()  # another build may have saved it meanwhile
        used = {of: theirs for of, theirs in before.used.items() if of != name}
        if keys:
            used[name] = keys
        used = dict([*used.items()][-_MOST_OUTPUTS:])
        wanted = {key for theirs in used.values() for key in theirs}
        entries = {**before.entries, **self.index.entries}
        self.index.entries = {key: entries[key] for key in entries.keys() & wanted}
        self.index.used = used
        if (before.entries, before.used.get(name)) == (self.index.entries, used.get(name)):
            return
        with suppress(OSError):
            data = sealed(_PURPOSE, msgspec.msgpack.encode(self.index))
            replace_file(self.folder / _INDEX, [data])
            for path in self.folder.iterdir():
                if path.name not in self.index.entries and path.name != _INDEX:
                    remove(path)


def _discard(folder: Path, owner: int) -> None:
    """Remove a temporary folder, unless this process is a worker."""
    if os.getpid() == owner:
        remove(folder)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _work(site: Site, name: str) -> _Work | None:
    file = site.media[name]
    found = variants_of(file, site.config.settings.pictures).all()
    return _Work(file, tuple((_key(variant), variant) for variant in found)) if found else None


@cache
def _encoder(format_: str) -> str:
    from builder.media.encode import encoder_of

    return encoder_of(format_)


def _key(variant: Variant) -> str:
    return digest(f"{variant.path} {_encoder(variant.format)}".encode(), _KEY).hex()


def _encode(file: MediaFile, wanted: Sequence[Variant]) -> Iterator[bytes]:
    """Yield variants of a picture. Raises OSError and BadPictureError."""
    from builder.media.encode import encode_variants

    picture = clean(bytes_of(str(file.source))[0], PurePosixPath(file.path).suffix.lower())
    if file.entry is None or bytes_digest(picture.data) != file.entry.digest:
        raise BadPictureError("it changed while it was read", "build again")
    yield from encode_variants(picture, wanted)


def _problem(file: MediaFile, made: _Made) -> Diagnostic:
    path = f"{CONTENT}/{MEDIA}/{file.path}"
    message = f"the picture is not published: {made.why}"
    return Diagnostic.of(path, Place(), "invalid-picture", message, made.hint)
