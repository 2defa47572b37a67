"""The releases of a target that this machine keeps in .slugline/releases/.

Each has a record. Its files are objects, named by their digest, which all releases share. An object
is a hard link to a file of output/ where the file system has those."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from builder.deploy.release import (
    Release,
    ReleaseFile,
    decode_release,
    encode_release,
    is_release_id,
    word_digests,
)
from builder.machine_key import sealed, unsealed
from builder.output.inventory import holds
from builder.output.manifest import bytes_digest
from builder.safe_files import make_folders, open_lock, plain_bytes, replace_file
from builder.store import FOLDER, RELEASES, make_folder

_PURPOSE = "release record"  # of a seal


class ReleaseArchive:
    """The releases of one target that this machine keeps."""

    def __init__(self, root: Path, target: str) -> None:
        root = Path(os.path.abspath(root))  # noqa: PTH100 (symbolic links to objects are absolute)
        self.folder = root / FOLDER / RELEASES / target
        self.objects = root / FOLDER / RELEASES / ".objects"
        self._site = root / FOLDER

    def create_folders(self) -> None:
        """Create the folders that do not exist."""
        make_folder(self._site)
        make_folders(self._site, f"{RELEASES}/{self.folder.name}")
        make_folders(self._site, f"{RELEASES}/{self.objects.name}")

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep other deploys from pruning objects, which all targets share."""
        self.create_folders()
        with self._lock_file() as file:
            try_lock(file, exclusive=False)
            yield

    def _lock_file(self) -> IO[bytes]:
        return open_lock(self.objects.with_name(".lock"))

    # --- objects -------------------------------------------------------------------------------

    def add_files(self, files: Mapping[str, ReleaseFile], sources: Mapping[str, Path]) -> list[str]:
        """Add files; return the paths of those with unexpected content.

        A build replaces files and never writes into them, so a hard link keeps their content."""
        wrong = []
        for path, file in files.items():
            if self.has_object(file.digest):
                continue
            place = self.object_path(file.digest)
            make_folders(self.objects, place.parent.name)
            temporary = place.with_name(f"{place.name}.{os.urandom(8).hex()}")
            try:
                _link_or_copy(sources[path], temporary)
            except FileNotFoundError:
                wrong.append(path)
                continue
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            if holds(temporary, file.digest):
                temporary.replace(place)
            else:
                temporary.unlink()
                wrong.append(path)
        return wrong

    def object_path(self, digest: str) -> Path:
        """Return where the content with a digest is stored, if it is."""
        return self.objects / digest[:2] / digest[2:]

    def has_object(self, digest: str) -> bool:
        """Return whether the content with a digest is stored.

        An object whose content has changed is removed: somebody may have written into a file of
        output/ that is a hard link to it."""
        place = self.object_path(digest)
        if holds(place, digest):
            return True
        place.unlink(missing_ok=True)
        return False

    def object_data(self, digest: str) -> bytes | None:
        """Return the content with a digest, if it is stored."""
        with suppress(OSError):
            data = plain_bytes(self.object_path(digest))
            return data if bytes_digest(data) == digest else None
        return None

    def add_data(self, contents: Mapping[str, bytes]) -> None:
        """Add contents by their digests."""
        for digest, data in contents.items():
            if not self.has_object(digest):
                place = self.object_path(digest)
                make_folders(self.objects, place.parent.name)
                replace_file(place, [data])

    # --- records -------------------------------------------------------------------------------

    def releases(self) -> list[str]:
        """Return the ids of the releases, oldest first."""
        return sorted(file.stem for file in self.folder.glob("*.json") if is_release_id(file.stem))

    def read_record(self, release_id: str) -> Release | None:
        """Return a release, or None without a valid record of it."""
        if "/" in release_id or release_id.startswith("."):
            return None
        data = self._sealed_record(self.folder / f"{release_id}.json")
        return decode_release(data, release_id) if data is not None else None

    def _sealed_record(self, place: Path) -> bytes | None:
        """Return a record that this user's key has sealed; another may be a stranger's."""
        try:
            data = plain_bytes(place.with_suffix(".seal")) + plain_bytes(place)
        except OSError:
            return None
        return unsealed(_PURPOSE, data)

    def write_record(self, release: Release) -> None:
        """Write the record of a release."""
        place, data = self.folder / f"{release.id}.json", encode_release(release)
        mark = sealed(_PURPOSE, data).removesuffix(data)
        replace_file(place.with_suffix(".seal"), [mark])
        replace_file(place, [data])

    # --- pending notifications -----------------------------------------------------------------

    def pending(self) -> tuple[str, ...]:
        """Return the changed paths that nobody has been notified of."""
        try:
            return msgspec.json.decode(plain_bytes(self._pending), type=tuple[str, ...])
        except (OSError, msgspec.MsgspecError, ValueError):
            return ()

    def add_pending(self, paths: Iterable[str]) -> None:
        """Add changed paths to the pending ones."""
        found = sorted({*paths, *self.pending()})
        replace_file(self._pending, [msgspec.json.encode(found)])

    def clear_pending(self) -> None:
        """Remove all pending paths."""
        self._pending.unlink(missing_ok=True)

    @property
    def _pending(self) -> Path:
        return self.folder / "untold"

    # --- pruning -------------------------------------------------------------------------------

    def prune(self, keep: int, unfinished: Iterable[str] = ()) -> None:
        """Remove unfinished releases, all but the newest `keep` others, and unused objects.

        Objects stay while another deploy is running."""
        finished = sorted({*self.releases()} - {*unfinished})
        for release_id in {*self.releases()} - {*finished[-max(keep, 1) :]}:
            for ending in ("json", "seal"):
                (self.folder / f"{release_id}.{ending}").unlink(missing_ok=True)
        with self._lock_file() as file:
            if try_lock(file, exclusive=True):
                self._remove_objects(self._digests())

    def _digests(self) -> Iterator[str]:
        """Yield the digests of all files of the releases of all targets."""
        for place in self.folder.parent.glob("*/*.json"):
            data = self._sealed_record(place)
            if data is not None and (release := decode_release(data)):
                yield from (file.digest for file in release.files.values())
                yield from word_digests(release.versions)

    def _remove_objects(self, used: Iterable[str]) -> None:
        """Remove the objects that are not used."""
        kept = {*used}
        for file in self.objects.glob("*/*"):
            if file.parent.name + file.name not in kept and not file.parent.is_symlink():
                with suppress(OSError):
                    file.unlink()


def try_lock(file: IO[bytes], exclusive: bool) -> bool:
    """Lock a file without waiting; return whether that succeeded.

    On systems without such locks it always succeeds."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if exclusive else fcntl.LOCK_SH)
    except BlockingIOError:
        return False
    except ImportError:  # Windows
        pass
    return True


def wait_for_lock(file: IO[bytes]) -> bool:
    """Lock a file exclusively; return whether that succeeded within 10 seconds.

    The lock ends when the file is closed or the process ends."""
    deadline = time.monotonic() + LOCK_WAIT
    while not try_lock(file, exclusive=True):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


LOCK_WAIT = 10.0  # seconds


def _link_or_copy(source: Path, target: Path) -> None:
    """Create a hard link to a file, or else a copy.

    Follows symbolic links."""
    try:
        os.link(os.path.realpath(source), target)
    except OSError:
        shutil.copyfile(source, target)
