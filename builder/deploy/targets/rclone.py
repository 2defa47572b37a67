"""A release -> anything that rclone reaches: object storage, SFTP, WebDAV.

Where one step for a whole site does not exist, order takes its place: what nobody refers to yet
comes first, what goes is removed last. Beside the site lies `.slugline/`: the records of releases,
which of them is live, which is being sent, and who holds the target."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from builder.deploy.plan import DeployPlan
from builder.deploy.release import (
    FOLDER,
    Release,
    encode_release,
    is_name,
    read_release,
)
from builder.deploy.stages import Batch, folders_left, stages
from builder.deploy.target import (
    Content,
    DeployError,
    LockHolder,
    Progress,
    TargetDeclaration,
    decode_holder,
    lock_holder,
)
from builder.deploy.target_state import ListedFile, TargetState
from builder.deploy.targets.rclone_rc import Daemon, RcloneError, headers
from builder.model.settings import TargetSettings as Settings

_LIVE = f"{FOLDER}/live.json"
_NEXT = f"{FOLDER}/next.json"
_LOCKS = f"{FOLDER}/locks"
_RELEASES = f"{FOLDER}/releases"
_UNKNOWN = "(unknown)"  # which release a file names, where it cannot be read
_TRIES = 3  # of a stage; rclone itself tries each request again before
_TRANSFERS = 16  # files at a time


class _Pointer(Struct, frozen=True, omit_defaults=True):
    """What a file says of releases: which one it means, and which were begun before that."""

    release: str
    earlier: tuple[str, ...] = ()


def _read_pointer(data: bytes) -> _Pointer:
    """The releases that a file names; one that is not known where it cannot be read."""
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        pointer = msgspec.json.decode(data, type=_Pointer)
        if all(map(is_name, (*pointer.earlier, pointer.release))):
            return pointer
    return _Pointer(_UNKNOWN)


class Rclone:
    """A place that rclone reaches."""

    def __init__(self, root: Path, name: str, settings: Settings) -> None:
        self.name, self.keep = settings.to, settings.keep
        # With a slash at the end rclone does not ask whether it is a file.
        self.place = settings.to if settings.to.endswith((":", "/")) else f"{settings.to}/"
        self.daemon = Daemon()
        self._listed: dict[str, ListedFile] = {}

    # --- what is there -------------------------------------------------------------------------

    def look(self, thorough: bool) -> TargetState:
        self._listed = self._list(FOLDER)
        # Somebody else's place may be large, and is not looked through.
        ours = _LIVE in self._listed or _NEXT in self._listed
        self._listed |= self._list("", thorough) if ours else self._first_found()
        live = self._live()
        begun = self._begun(live)
        there = {p: it for p, it in self._listed.items() if not p.startswith(f"{FOLDER}/")}
        known = live is not None or bool(begun)
        return TargetState(
            live=live,
            begun=begun,
            strangers=() if known else tuple(sorted(there)),
            there=there,
            history=self._history(),
            notes=self._notes(),
            tip=live.id if live else "",
        )

    def _notes(self) -> tuple[str, ...]:
        if "No host key validation" not in self.daemon.log():
            return ()
        return (
            "rclone does not know the server's key, so another machine could pose as it; set"
            " `known_hosts_file` in rclone's configuration",
        )

    def _list(self, folder: str, thorough: bool = False) -> dict[str, ListedFile]:
        """Every file below a folder; with digests where they come with the listing."""
        facts = self._call("operations/fsinfo", fs=self.place)
        digests = "md5" in (facts.get("Hashes") or ()) and not facts["Features"].get("SlowHash")
        asked = {"recurse": True, "filesOnly": True, "showHash": digests, "hashTypes": ["md5"]}
        found = self._entries(folder, asked)
        listed = {
            f["Path"]: ListedFile(f["Size"], f.get("Hashes", {}).get("md5", "")) for f in found
        }
        if thorough and listed and not digests:
            for path, md5 in self._read_all():
                if path in listed:
                    listed[path] = listed[path]._replace(md5=md5)
        return listed

    def _first_found(self) -> dict[str, ListedFile]:
        """The files of the first folder that has any."""
        folders = [""]
        while folders:
            entries = self._entries(folders.pop(), {})
            if files := {e["Path"]: ListedFile(e["Size"]) for e in entries if not e["IsDir"]}:
                return files
            folders += [e["Path"] for e in entries if e["Path"] != FOLDER]
        return {}

    def _entries(self, folder: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """What rclone lists of a folder; nothing of one that is not there."""
        opt = {"noMimeType": True, "noModTime": True, **asked}
        try:
            found = self._call("operations/list", fs=self.place, remote=folder, opt=opt)
        except RcloneError as error:
            if error.missing or "not found" in str(error):
                return []
            raise
        entries: list[dict[str, Any]] = found["list"]
        return entries

    def _read_all(self) -> Iterator[tuple[str, str]]:
        """The digest of every file, read from there: what the records say is not asked."""
        told = self._call("operations/hashsum", fs=self.place, hashType="md5", download=True)
        for line in told["hashsum"]:
            md5, _, path = line.partition("  ")
            yield path, md5

    def _history(self) -> tuple[str, ...]:
        paths = (p for p in self._listed if p.startswith(f"{_RELEASES}/") and p.endswith(".json"))
        names = (path.rpartition("/")[2].removesuffix(".json") for path in paths)
        return tuple(sorted(filter(is_name, names)))

    def _live(self) -> Release | None:
        """The release that readers get."""
        if (pointer := self._pointer(_LIVE)) is None:
            return None
        release = self.read(pointer.release)
        if release is None:
            known = pointer.release != _UNKNOWN
            record = f"{_RELEASES}/{pointer.release}.json" if known else _LIVE
            raise DeployError(
                f"{self.name}: the record of the release that is live cannot be read; put back"
                f" {record}, or remove {FOLDER}/ there to deploy as if anew"
            )
        return release

    def _begun(self, live: Release | None) -> tuple[Release, ...]:
        """The releases that were begun since; of one whose record is gone nothing is sure."""
        if (pointer := self._pointer(_NEXT)) is None:
            return ()
        names = (*pointer.earlier, pointer.release)
        if live and live.id == pointer.release:  # ended but for the pointer
            return ()
        return tuple(
            self.read(name) or Release(id=name, at="", site="", files={}) for name in names
        )

    def _pointer(self, path: str) -> _Pointer | None:
        """The releases that a file names."""
        data = self._get(path) if path in self._listed else None
        if data is None:
            return None
        return _read_pointer(data)

    def tip(self) -> str:
        """Which release is live, read anew."""
        data = self._get(_LIVE)
        return _read_pointer(data).release if data is not None else ""

    def read(self, name: str) -> Release | None:
        data = self._get(f"{_RELEASES}/{name}.json") if name and "/" not in name else None
        return read_release(data, name) if data else None

    def bytes_of(self, release: Release, path: str) -> Path | None:
        """Only the live release's bytes are there, and these need not be sent."""
        return None

    # --- holding it ----------------------------------------------------------------------------

    @contextmanager
    def locked(self, breaking: bool) -> Iterator[None]:
        """Storage knows no file that is made only where there is none. So everybody puts down a
        name, then looks who else has: of two at once none goes on, or one."""
        mine = lock_holder(self.daemon.pid)
        path = f"{_LOCKS}/{mine.token}.json"
        if others := self._others(mine, breaking):
            raise self._held(others[0])
        self._put(path, msgspec.json.encode(mine))
        try:
            if others := self._others(mine, False):
                raise self._held(others[0])
            yield
        finally:
            with suppress(DeployError, OSError):
                self._remove([path])

    def _others(self, mine: LockHolder, breaking: bool) -> list[str]:
        """In words, who else holds it. Names of the dead are removed."""
        others = []
        for entry in self._entries(_LOCKS, {}):
            if entry["IsDir"]:
                continue
            path = f"{_LOCKS}/{entry['Name']}"
            held = decode_holder(self._get(path) or b"")
            if held and held.token == mine.token:
                continue
            if breaking or (held and held.gone):
                self._remove([path])
            else:
                others.append(held.words if held else "somebody")
        return others

    def _held(self, words: str) -> DeployError:
        return DeployError(
            f"{self.name} is held by {words}; wait, or if that deploy has died take it over with"
            " --break-lock"
        )

    # --- sending -------------------------------------------------------------------------------

    def publish(self, plan: DeployPlan, content: Content, told: Progress) -> None:
        name = plan.new.id
        self._put(f"{_RELEASES}/{name}.json", encode_release(plan.new))
        # From here on nothing that is there is sure, until the release is live.
        self._point(_NEXT, _Pointer(name, tuple(begun.id for begun in plan.seen.begun)))
        done = 0
        for group in stages(plan):
            self._send(group, content, partial(self._tell, told, done, len(plan.send)))
            done += len(group.paths)
        if plan.drop:
            self._remove(plan.drop)
            self._tidy(plan)
        # Readers never had the releases that this one completes.
        begun = (release.id for release in plan.seen.begun if is_name(release.id))
        self._remove([f"{_RELEASES}/{name}.json" for name in begun])
        self._point(_LIVE, _Pointer(name))
        self._remove([_NEXT])
        self._prune(name)

    def _tell(self, told: Progress, before: int, total: int, done: int) -> None:
        told("Sending", min(before + done, total), total)

    def _send(self, group: Batch, content: Content, told: Callable[[int], None]) -> None:
        """Send files that go together, all of them or again."""
        staged = self.daemon.folder / "staged"
        shutil.rmtree(staged, ignore_errors=True)
        for path in group.paths:
            target = staged / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(content(path))
        config = {
            "CopyLinks": True,
            "NoCheckDest": True,  # what differs is known: nothing is asked, everything is sent
            "NoTraverse": True,
            "Transfers": _TRANSFERS,
            "UploadHeaders": headers({"Cache-Control": group.cache, "Content-Type": group.type}),
        }
        for attempt in range(_TRIES):
            try:
                self.daemon.run(
                    "sync/copy",
                    told,
                    srcFs=f":local,copy_links=true:{staged}",
                    dstFs=self.place,
                    _config=config,
                )
                return
            except RcloneError as error:
                if attempt + 1 == _TRIES:
                    raise DeployError(
                        f"{self.name}: {error}. What was sent ({group.stage}) is whole; the next"
                        " deploy completes it"
                    ) from None
                time.sleep(0.2 * 4**attempt)

    def _remove(self, paths: Iterable[str]) -> None:
        """Remove files; one that is not there is gone already."""
        names = self.daemon.folder / "names"
        names.write_text("".join(f"{path}\n" for path in paths), "utf-8")
        try:
            self._call("operations/delete", fs=self.place, _filter={"FilesFromRaw": [str(names)]})
        except RcloneError as error:
            raise DeployError(f"{self.name}: {error}") from None

    def _tidy(self, plan: DeployPlan) -> None:
        """Folders that are empty now go, where there are folders."""
        if not self._facts()["CanHaveEmptyDirectories"]:
            return
        stay = {*self._listed, *plan.new.files} - {*plan.drop}
        for folder in folders_left(plan.drop, stay):
            with suppress(DeployError):
                self._call("operations/rmdir", fs=self.place, remote=folder)

    def _prune(self, live: str) -> None:
        """Records of releases that are too old go."""
        names = sorted({*self._history(), live})
        if old := names[: -max(self.keep, 1)]:
            self._remove([f"{_RELEASES}/{name}.json" for name in old if name != live])

    # --- small files ---------------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        features: dict[str, Any] = self._call("operations/fsinfo", fs=self.place)["Features"]
        return features

    def _call(self, command: str, **arguments: Any) -> Any:
        try:
            return self.daemon.call(command, **arguments)
        except RcloneError as error:
            raise RcloneError(f"{self.name}: {error}", error.missing) from None

    def _point(self, path: str, pointer: _Pointer) -> None:
        self._put(path, msgspec.json.encode(pointer))

    def _put(self, path: str, data: bytes) -> None:
        place = self.daemon.folder / "put"
        place.write_bytes(data)
        self._call(
            "operations/copyfile",
            srcFs=str(self.daemon.folder),
            srcRemote="put",
            dstFs=self.place,
            dstRemote=path,
            _config={"NoCheckDest": True, "UploadHeaders": headers({"Cache-Control": "no-store"})},
        )

    def _get(self, path: str) -> bytes | None:
        place = self.daemon.folder / "got"
        place.unlink(missing_ok=True)
        try:
            self._call(
                "operations/copyfile",
                srcFs=self.place,
                srcRemote=path,
                dstFs=str(self.daemon.folder),
                dstRemote="got",
            )
        except RcloneError as error:
            if error.missing or "not found" in str(error):
                return None
            raise
        return place.read_bytes() if place.exists() else None

    def close(self) -> None:
        self.daemon.close()


TARGET = TargetDeclaration(kind="rclone", open=Rclone)
