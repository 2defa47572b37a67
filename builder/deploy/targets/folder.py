"""A release -> a local folder, and a symbolic link that is switched to it in one step.

`/var/www/news` is a link into `/var/www/news.releases/`. Earlier releases stay there, so a rollback
is another switch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from builder.deploy.archive import wait_for_lock
from builder.deploy.plan import DeployPlan
from builder.deploy.release import (
    FOLDER,
    LARGEST,
    WORDS,
    Release,
    decode_release,
    describe,
    encode_release,
    is_release_id,
    word_digests,
    words_path,
)
from builder.deploy.target import (
    UNKNOWN_HOLDER,
    Content,
    DeployError,
    Progress,
    TargetDeclaration,
    decode_holder,
    locked_error,
    this_process,
)
from builder.deploy.target_state import ListedFile, TargetState
from builder.model.targets import TargetSettings as Settings
from builder.safe_files import PLAIN, is_disk_full, plain_bytes
from builder.store import remove


class Folder:
    """A link to the live release, which a local web server serves."""

    def __init__(self, root: Path, name: str, settings: Settings) -> None:
        self.link = Path(os.path.abspath(root / Path(settings.to).expanduser()))  # noqa: PTH100
        if not self.link.name:
            raise DeployError(f"{self.link} cannot become a link; set `to` to a folder in it")
        self.releases = self.link.with_name(f"{self.link.name}.releases")
        self.keep = settings.keep

    # --- state ---------------------------------------------------------------------------------

    def read_state(self, thorough: bool) -> TargetState:
        tip = self.tip()
        live = self.read_record(tip) if tip else None
        if tip and live is None:
            raise DeployError(
                f"the record of the live release, {self.releases}/{tip}.json, is missing or"
                f" damaged; restore it, or remove the link {self.link} to start over"
            )
        return TargetState(
            live=live,
            foreign=self._foreign_files(),
            listing=dict(self._list_live(live, thorough)) if live else None,
            history=tuple(self._history()),
            tip=tip,
        )

    def tip(self) -> str:
        """Return the id of the live release, or an empty string."""
        try:
            target = self.link.readlink()
        except OSError:
            return ""
        ours = target.parent in (self.releases, Path(self.releases.name))
        return target.name if ours else ""

    def _foreign_files(self) -> tuple[str, ...]:
        """Return what is in place of the link: a link or files."""
        if self.tip() or not os.path.lexists(self.link):
            return ()
        if self.link.is_symlink() or not self.link.is_dir():
            return (self.link.name,)
        return tuple(sorted(f"{self.link.name}/{name}" for name in os.listdir(self.link)))  # noqa: PTH208

    def _list_live(self, live: Release, thorough: bool) -> Iterator[tuple[str, ListedFile]]:
        """Yield the files of the live release that exist."""
        for path in (*live.files, *live.retained):
            with suppress(OSError):
                place = self.releases / live.id / path
                size = place.lstat().st_size
                md5 = describe(plain_bytes(place)).md5 if thorough else ""
                yield path, ListedFile(size, md5)

    def _history(self) -> list[str]:
        return sorted(
            file.stem for file in self.releases.glob("*.json") if is_release_id(file.stem)
        )

    def read_record(self, release_id: str) -> Release | None:
        with suppress(OSError):
            if "/" not in release_id:
                data = plain_bytes(self.releases / f"{release_id}.json")
                return decode_release(data, release_id)
        return None

    def read_words(self, digest: str) -> bytes | None:
        with suppress(OSError):
            place = self._words_place(digest)
            return plain_bytes(place) if place.lstat().st_size <= LARGEST else None
        return None

    def _words_place(self, digest: str) -> Path:
        return self.releases / words_path(digest).removeprefix(f"{FOLDER}/")

    def local_copy(self, release: Release, path: str) -> Path | None:
        place = self.releases / release.id / path
        return place if place.is_file() else None

    # --- lock ----------------------------------------------------------------------------------

    @contextmanager
    def locked(self, break_lock: bool) -> Iterator[None]:
        place = self.releases / "lock"
        try:
            self.releases.mkdir(parents=True, exist_ok=True)
            mine = msgspec.json.encode(this_process())
            self._acquire(place, mine, break_lock)
        except OSError as error:
            raise DeployError(f"{self.releases} cannot be written: {error.strerror}") from error
        try:
            yield
        finally:
            with suppress(OSError), self._lock_guard():
                if plain_bytes(place) == mine:
                    place.unlink()

    @contextmanager
    def _lock_guard(self) -> Iterator[None]:
        """Let only one process at a time read and change the lock.

        Otherwise two could find the lock of a dead process, and the second would remove the lock
        that the first has just acquired."""
        place = self.releases / "lock.taking"
        with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | PLAIN, 0o644), "ab") as file:
            if not wait_for_lock(file):
                raise DeployError(
                    f"{place} is locked by another deploy that is just starting; run the command"
                    " again"
                )
            yield

    def _acquire(self, place: Path, mine: bytes, break_lock: bool) -> None:
        """Create the lock with its content, in one step, unless it exists."""
        temporary = place.with_name(f"lock.{os.getpid()}")
        temporary.write_bytes(mine)
        try:
            with self._lock_guard():
                self._remove_dead_lock(place, break_lock)
                os.link(temporary, place)
        except FileExistsError:
            raise DeployError(f"{self.link}: another deploy has just started") from None
        finally:
            temporary.unlink(missing_ok=True)

    def _remove_dead_lock(self, place: Path, break_lock: bool) -> None:
        """Remove the lock of a dead process.

        With `break_lock`, removes any lock. Raises DeployError if one remains."""
        if not place.exists():
            return
        holder = decode_holder(plain_bytes(place))
        if not (break_lock or (holder and holder.dead)):
            raise locked_error(self.link, holder.description if holder else UNKNOWN_HOLDER)
        place.unlink()

    # --- publishing ----------------------------------------------------------------------------

    def publish(self, plan: DeployPlan, content: Content, progress: Progress) -> None:
        if plan.state.foreign:
            raise DeployError(
                f"{self.link} is not a link to a release and cannot be replaced in one step; move"
                " it away"
            )
        try:
            self._remove_halves()
            self._fill(plan, content, progress)
            self._switch(plan.new.id)
            self._prune()
            self._prune_words(word_digests(plan.new.versions))
        except OSError as error:
            message = f"{error.filename or self.link}: {error.strerror}"
            if is_disk_full(error):
                message = f"the disk of the target, {self.releases}, is full"
            if self.tip() != plan.new.id:
                message += "; readers still get the release before"
            raise DeployError(message) from error
        finally:
            if self.tip() != plan.new.id:
                self._remove_halves(plan.new.id)

    def _remove_halves(self, release_id: str = "") -> None:
        """Remove releases that have no record, which killed deploys leave, and one more."""
        live = self.tip()
        for entry in [*self.releases.iterdir()]:
            half = entry.suffix in ("", ".new") and is_release_id(entry.stem)
            half = half and not (self.releases / f"{entry.stem}.json").exists()
            if entry.stem != live and (half or entry.stem == release_id):
                remove(entry)

    def _fill(self, plan: DeployPlan, content: Content, progress: Progress) -> None:
        """Create the folder of the new release. Unchanged files are hard links."""
        place, send = self.releases / plan.new.id, {*plan.send}
        remove(place)
        place.mkdir(parents=True)
        before = self.releases / plan.live.id if plan.live else place
        paths = [*plan.new.files, *plan.new.retained]
        created: set[Path] = set()
        for n, path in enumerate(paths):
            target = place / path
            if target.parent not in created:
                target.parent.mkdir(parents=True, exist_ok=True)
                created.add(target.parent)
            if path in send:
                _copy(content(path), target)
            elif path in plan.new.files or (before / path).exists():
                _link_or_copy(before / path, target)
            progress("Sending", n + 1, len(paths))
        self._write_words(plan, content)
        record = self.releases / f"{plan.new.id}.json"
        record.with_suffix(".new").write_bytes(encode_release(plan.new))
        record.with_suffix(".new").replace(record)

    def _write_words(self, plan: DeployPlan, content: Content) -> None:
        """Store the words of all versions that are not there yet."""
        for digest in {*word_digests(plan.new.versions)}:
            place, source = self._words_place(digest), content(words_path(digest))
            if not place.exists() and source.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                _copy(source, place.with_suffix(".new"))
                place.with_suffix(".new").replace(place)

    def _prune_words(self, used: Iterable[str]) -> None:
        """Remove words of versions that no longer belong to a public brief."""
        kept = {words_path(digest) for digest in used}
        base = self.releases / WORDS.removeprefix(f"{FOLDER}/")
        for file in base.glob("*/*"):
            if f"{WORDS}/{file.parent.name}/{file.name}" not in kept:
                file.unlink(missing_ok=True)

    def _switch(self, release_id: str) -> None:
        """Point the link to a release, in one step."""
        temporary = self.link.with_name(f".{self.link.name}.new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(Path(self.releases.name) / release_id)
        if self.link.is_dir() and not self.link.is_symlink():
            self.link.rmdir()  # an empty folder that somebody created for the site
        temporary.replace(self.link)

    def _prune(self) -> None:
        """Remove old releases and those of killed deploys, but no foreign files."""
        kept = {*self._history()[-max(self.keep, 1) :], self.tip()}
        for entry in self.releases.iterdir():
            if is_release_id(entry.stem) and entry.stem not in kept:
                remove(entry)

    def close(self) -> None:
        """Nothing is open."""


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    """Copy a file. The error of a full disk names the copy, not the source."""
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        if is_disk_full(error):
            raise OSError(error.errno, error.strerror, str(target)) from error
        raise


TARGET = TargetDeclaration(kind="folder", open=Folder)
