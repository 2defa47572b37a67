"""What was deployed -> what is kept of it on this machine, in .slugline/releases/: the record of
each release, and its bytes by their digest, as further names of files that are there anyway."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from builder.deploy.release import (
    Release,
    ReleaseFile,
    encode_release,
    is_name,
    read_release,
)
from builder.output.inventory import holds
from builder.store import FOLDER, RELEASES, make_folder


class ReleaseArchive:
    """The releases of one target, as far as this machine has them."""

    def __init__(self, root: Path, target: str) -> None:
        root = Path(os.path.abspath(root))  # noqa: PTH100 (links to what is kept lead there)
        self.folder = root / FOLDER / RELEASES / target
        self.objects = root / FOLDER / RELEASES / ".objects"
        self._site = root / FOLDER

    def make(self) -> None:
        """Make the folders where they are not."""
        make_folder(self._site)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.objects.mkdir(exist_ok=True)

    @contextmanager
    def used(self) -> Iterator[None]:
        """While what is kept is used nothing of it is dropped: deploys to several targets share
        it."""
        self.make()
        with self._lock_file() as file:
            take_lock(file, alone=False)
            yield

    def _lock_file(self) -> IO[bytes]:
        return self.objects.with_name(".lock").open("ab")

    # --- bytes ---------------------------------------------------------------------------------

    def take(self, files: Mapping[str, ReleaseFile], sources: Mapping[str, Path]) -> list[str]:
        """Keep the bytes of files; the paths of those that are not what they should be. The build
        replaces files and never writes into them, so a second name keeps what they were."""
        wrong = []
        for path, file in files.items():
            if self.has(file.digest):
                continue
            place = self.place(file.digest)
            place.parent.mkdir(exist_ok=True)
            unfinished = place.with_name(f"{place.name}.{os.getpid()}")
            unfinished.unlink(missing_ok=True)
            try:
                _double(sources[path], unfinished)
            except FileNotFoundError:
                wrong.append(path)
                continue
            if holds(unfinished, file.digest):
                unfinished.replace(place)
            else:
                unfinished.unlink()
                wrong.append(path)
        return wrong

    def place(self, digest: str) -> Path:
        """Where bytes with a digest are, if they are kept."""
        return self.objects / digest[:2] / digest[2:]

    def has(self, digest: str) -> bool:
        """Whether these very bytes are kept: somebody may have written into a file of the site,
        and so into its second name."""
        place = self.place(digest)
        if holds(place, digest):
            return True
        place.unlink(missing_ok=True)
        return False

    # --- records -------------------------------------------------------------------------------

    def releases(self) -> list[str]:
        """The ids of those that are kept here, the oldest first."""
        return sorted(file.stem for file in self.folder.glob("*.json") if is_name(file.stem))

    def read(self, name: str) -> Release | None:
        if "/" in name or name.startswith("."):
            return None
        try:
            return read_release((self.folder / f"{name}.json").read_bytes(), name)
        except OSError:
            return None

    def write(self, release: Release) -> None:
        place = self.folder / f"{release.id}.json"
        place.with_suffix(".new").write_bytes(encode_release(release))
        place.with_suffix(".new").replace(place)

    # --- what nobody was told of yet -----------------------------------------------------------

    def untold(self) -> tuple[str, ...]:
        """The paths of which nobody was told, since readers did not get them yet."""
        try:
            return msgspec.json.decode(self._untold.read_bytes(), type=tuple[str, ...])
        except (OSError, msgspec.MsgspecError, ValueError):
            return ()

    def note_untold(self, paths: Iterable[str]) -> None:
        """Write down these paths, and those of before."""
        found = sorted({*paths, *self.untold()})
        unfinished = self._untold.with_suffix(".new")
        unfinished.write_bytes(msgspec.json.encode(found))
        unfinished.replace(self._untold)

    def all_told(self) -> None:
        self._untold.unlink(missing_ok=True)

    @property
    def _untold(self) -> Path:
        return self.folder / "untold"

    # --- dropping ------------------------------------------------------------------------------

    def forget(self, keep: int, unfinished: Iterable[str] = ()) -> None:
        """Drop releases that readers never had, all but the last few others, and the bytes that
        none of any target has; but for those while another deploy is at work."""
        had = sorted({*self.releases()} - {*unfinished})
        for name in {*self.releases()} - {*had[-max(keep, 1) :]}:
            (self.folder / f"{name}.json").unlink(missing_ok=True)
        with self._lock_file() as file:
            if take_lock(file, alone=True):
                self._drop(self._digests())

    def _digests(self) -> Iterator[str]:
        """What the releases of all targets are made of."""
        for place in self.folder.parent.glob("*/*.json"):
            if release := read_release(place.read_bytes()):
                yield from (file.digest for file in release.files.values())

    def _drop(self, used: Iterable[str]) -> None:
        wanted = {*used}
        for file in self.objects.glob("*/*"):
            if file.parent.name + file.name not in wanted:
                with suppress(OSError):
                    file.unlink()


def take_lock(file: IO[bytes], alone: bool) -> bool:
    """Lock a file: together with others, or alone where nobody else has. Whether it could be."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
    except BlockingIOError:
        return False
    except ImportError:  # no such lock on this system
        pass
    return True


def wait_alone(file: IO[bytes]) -> None:
    """Wait until nobody else has a file locked, and lock it, where the system knows such locks. It
    is let go of when the file is closed, or the process ends in whatever way."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def _double(source: Path, double: Path) -> None:
    """Give a file a second name, or where it is a link what it leads to, or copy it."""
    try:
        os.link(os.path.realpath(source), double)
    except OSError:
        shutil.copyfile(source, double)
