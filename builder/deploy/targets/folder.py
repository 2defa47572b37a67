"""A release -> a folder of this machine: a complete folder beside, and a link that is switched to
it in one step. Earlier releases stay, so going back is another switch.

`/var/www/news` is a link into `/var/www/news.releases/`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from builder.deploy.archive import wait_alone
from builder.deploy.plan import DeployPlan
from builder.deploy.release import (
    Release,
    describe,
    encode_release,
    is_name,
    read_release,
)
from builder.deploy.target import (
    Content,
    DeployError,
    Progress,
    TargetDeclaration,
    decode_holder,
    lock_holder,
)
from builder.deploy.target_state import ListedFile, TargetState
from builder.model.settings import TargetSettings as Settings
from builder.store import remove


class Folder:
    """A link to the release that a server of this machine serves."""

    def __init__(self, root: Path, name: str, settings: Settings) -> None:
        self.link = Path(os.path.abspath(root / Path(settings.to).expanduser()))  # noqa: PTH100
        if not self.link.name:
            raise DeployError(f"{self.link} cannot be a link to a release; name a folder in it")
        self.releases = self.link.with_name(f"{self.link.name}.releases")
        self.keep = settings.keep

    def look(self, thorough: bool) -> TargetState:
        tip = self.tip()
        live = self.read(tip) if tip else None
        if tip and live is None:
            raise DeployError(
                f"{self.releases}/{tip}.json, the record of the release that is live, cannot be"
                f" read; put it back, or remove the link {self.link} to deploy as if anew"
            )
        there = dict(self._there(live, thorough)) if live else None
        strangers, history = self._strangers(), tuple(self._history())
        return TargetState(live, (), strangers, there, history, tip=tip)

    def tip(self) -> str:
        try:
            target = self.link.readlink()
        except OSError:
            return ""
        ours = target.parent in (self.releases, Path(self.releases.name))
        return target.name if ours else ""

    def _strangers(self) -> tuple[str, ...]:
        """What is in the place of the link: another link, or a folder with something in it."""
        if self.tip() or not os.path.lexists(self.link):
            return ()
        if self.link.is_symlink() or not self.link.is_dir():
            return (self.link.name,)
        return tuple(sorted(f"{self.link.name}/{name}" for name in os.listdir(self.link)))  # noqa: PTH208

    def _there(self, live: Release, thorough: bool) -> Iterator[tuple[str, ListedFile]]:
        """The files of the live release that are in its folder."""
        for path in (*live.files, *live.kept):
            with suppress(OSError):
                place = self.releases / live.id / path
                size = place.lstat().st_size
                md5 = ""
                if thorough:
                    md5 = describe(place.read_bytes()).md5
                yield path, ListedFile(size, md5)

    def _history(self) -> list[str]:
        return sorted(file.stem for file in self.releases.glob("*.json") if is_name(file.stem))

    def read(self, name: str) -> Release | None:
        with suppress(OSError):
            if "/" not in name:
                return read_release((self.releases / f"{name}.json").read_bytes(), name)
        return None

    def bytes_of(self, release: Release, path: str) -> Path | None:
        place = self.releases / release.id / path
        return place if place.is_file() else None

    @contextmanager
    def locked(self, breaking: bool) -> Iterator[None]:
        place = self.releases / "lock"
        try:
            self.releases.mkdir(parents=True, exist_ok=True)
            mine = msgspec.json.encode(lock_holder())
            self._take(place, mine, breaking)
        except OSError as error:
            raise DeployError(f"{self.releases} cannot be written: {error.strerror}") from error
        try:
            yield
        finally:
            with suppress(OSError), self._looking():
                if place.read_bytes() == mine:
                    place.unlink()

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """One process at a time looks whose the lock is and changes it: of two that find the lock
        of a dead one, the second would take away the first one's."""
        with (self.releases / "lock.taking").open("ab") as file:
            wait_alone(file)
            yield

    def _take(self, place: Path, mine: bytes, breaking: bool) -> None:
        """Put the lock there, complete, unless one is: a link to a file is made or is not."""
        unfinished = place.with_name(f"lock.{os.getpid()}")
        unfinished.write_bytes(mine)
        try:
            with self._looking():
                self._take_over(place, breaking)
                os.link(unfinished, place)
        except FileExistsError:
            raise DeployError(f"{self.link}: another deploy has just begun") from None
        finally:
            unfinished.unlink(missing_ok=True)

    def _take_over(self, place: Path, breaking: bool) -> None:
        """Remove the lock of one who has died."""
        if not place.exists():
            return
        held = decode_holder(place.read_bytes())
        if not (breaking or (held and held.gone)):
            words = held.words if held else "somebody"
            raise DeployError(
                f"{self.link} is held by {words}; wait, or if that deploy has died take"
                " it over with --break-lock"
            )
        place.unlink()

    def publish(self, plan: DeployPlan, content: Content, told: Progress) -> None:
        if plan.seen.strangers:
            raise DeployError(
                f"{self.link} is not a link to a release, and cannot be exchanged for one in one"
                " step; move it away"
            )
        try:
            self._fill(plan, content, told)
            self._switch(plan.new.id)
            self._prune()
        except OSError as error:
            raise DeployError(
                f"{error.filename or self.link}: {error.strerror}; readers have what they had"
                if self.tip() != plan.new.id
                else f"{error.filename or self.link}: {error.strerror}"
            ) from error

    def _fill(self, plan: DeployPlan, content: Content, told: Progress) -> None:
        """Make the folder of the new release; what did not change shares its bytes."""
        place, send = self.releases / plan.new.id, {*plan.send}
        remove(place)
        place.mkdir(parents=True)
        before = self.releases / plan.live.id if plan.live else place
        everything = [*plan.new.files, *plan.new.kept]
        made: set[Path] = set()
        for n, path in enumerate(everything):
            target = place / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            if path in send:
                shutil.copyfile(content(path), target)
            elif path in plan.new.files or (before / path).exists():
                _share(before / path, target)
            told("Sending", n + 1, len(everything))
        record = self.releases / f"{plan.new.id}.json"
        record.with_suffix(".new").write_bytes(encode_release(plan.new))
        record.with_suffix(".new").replace(record)

    def _switch(self, name: str) -> None:
        """The link, in one step."""
        unfinished = self.link.with_name(f".{self.link.name}.new")
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(Path(self.releases.name) / name)
        if self.link.is_dir() and not self.link.is_symlink():
            self.link.rmdir()  # an empty folder that somebody made for it
        unfinished.replace(self.link)

    def _prune(self) -> None:
        """Drop what is older than can be brought back, and what a killed deploy began; what is
        called otherwise is somebody else's."""
        kept = {*self._history()[-max(self.keep, 1) :], self.tip()}
        for entry in self.releases.iterdir():
            if is_name(entry.stem) and entry.stem not in kept:
                remove(entry)

    def close(self) -> None:
        """Nothing was begun."""


def _share(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


TARGET = TargetDeclaration(kind="folder", open=Folder)
