"""A release -> any host that rclone reaches: object storage, SFTP, WebDAV and others.

No host there can switch a whole site in one step, so the order of the steps takes its place: first
come files that nothing links to yet, removals come last. `.slugline/` beside the site holds records
of releases, pointers to the live and the unfinished release, and locks."""

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
    LARGEST,
    Release,
    decode_release,
    digest_in,
    encode_release,
    is_release_id,
    word_digests,
    words_path,
)
from builder.deploy.stages import Batch, empty_folders, stages
from builder.deploy.target import (
    UNKNOWN_HOLDER,
    Content,
    DeployError,
    LockHolder,
    Progress,
    TargetDeclaration,
    decode_holder,
    locked_error,
    this_process,
)
from builder.deploy.target_state import ListedFile, TargetState
from builder.deploy.targets.rclone_rc import Daemon, RcloneError, headers
from builder.model.targets import TargetSettings as Settings

_LIVE = f"{FOLDER}/live.json"
_NEXT = f"{FOLDER}/next.json"
_LOCKS = f"{FOLDER}/locks"
_RELEASES = f"{FOLDER}/releases"
_UNKNOWN = "(unknown)"  # the release of a pointer that is not valid
_TRIES = 3  # of a stage; within each, rclone retries single requests
_TRANSFERS = 16  # files at a time


class _Pointer(Struct, frozen=True, omit_defaults=True):
    """A release, and unfinished ones that came before it."""

    release: str
    earlier: tuple[str, ...] = ()


def _decode_pointer(data: bytes) -> _Pointer:
    """Return a pointer; to an unknown release if it is invalid."""
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        pointer = msgspec.json.decode(data, type=_Pointer)
        if all(map(is_release_id, (*pointer.earlier, pointer.release))):
            return pointer
    return _Pointer(_UNKNOWN)


class Rclone:
    """A remote of rclone and a path in it."""

    def __init__(self, root: Path, name: str, settings: Settings) -> None:
        self.name, self.keep = settings.to, settings.keep
        # With a trailing slash rclone does not check whether it is a file.
        self.place = settings.to if settings.to.endswith((":", "/")) else f"{settings.to}/"
        self.daemon = Daemon()
        self._listing: dict[str, ListedFile] = {}

    # --- state ---------------------------------------------------------------------------------

    def read_state(self, thorough: bool) -> TargetState:
        self._listing = self._list(FOLDER)
        # Without a release of ours this may be a large folder of somebody else's: a sample will do.
        ours = _LIVE in self._listing or _NEXT in self._listing
        self._listing |= self._list("", thorough) if ours else self._sample_files()
        live = self._live()
        unfinished = self._unfinished(live)
        listing = {p: f for p, f in self._listing.items() if not p.startswith(f"{FOLDER}/")}
        known = live is not None or bool(unfinished)
        return TargetState(
            live=live,
            unfinished=unfinished,
            foreign=() if known else tuple(sorted(listing)),
            listing=listing,
            history=self._history(),
            notes=self._notes(),
            tip=live.id if live else "",
        )

    def _notes(self) -> tuple[str, ...]:
        if "No host key validation" not in self.daemon.log():
            return ()
        return (
            "rclone does not verify the server's key, so another machine could impersonate the"
            " server; set `known_hosts_file` in the configuration of rclone",
        )

    def _list(self, folder: str, thorough: bool = False) -> dict[str, ListedFile]:
        """Return every file below a folder, with digests if available."""
        facts = self._call("operations/fsinfo", fs=self.place)
        digests = "md5" in (facts.get("Hashes") or ()) and not facts["Features"].get("SlowHash")
        options = {"recurse": True, "filesOnly": True, "showHash": digests, "hashTypes": ["md5"]}
        listing = {
            entry["Path"]: ListedFile(entry["Size"], entry.get("Hashes", {}).get("md5", ""))
            for entry in self._entries(folder, options)
        }
        if thorough and listing and not digests:
            for path, md5 in self._download_digests():
                if path in listing:
                    listing[path] = listing[path]._replace(md5=md5)
        return listing

    def _sample_files(self) -> dict[str, ListedFile]:
        """Return the files of the first folder that has any."""
        folders = [""]
        while folders:
            entries = self._entries(folders.pop(), {})
            if files := {e["Path"]: ListedFile(e["Size"]) for e in entries if not e["IsDir"]}:
                return files
            folders += [e["Path"] for e in entries if e["Path"] != FOLDER]
        return {}

    def _entries(self, folder: str, options: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the entries of a folder; none if it does not exist."""
        opt = {"noMimeType": True, "noModTime": True, **options}
        try:
            found = self._call("operations/list", fs=self.place, remote=folder, opt=opt)
        except RcloneError as error:
            if error.missing or "not found" in str(error):
                return []
            raise
        entries: list[dict[str, Any]] = found["list"]
        return entries

    def _download_digests(self) -> Iterator[tuple[str, str]]:
        """Read every file; yield its path and digest."""
        found = self._call("operations/hashsum", fs=self.place, hashType="md5", download=True)
        for line in found["hashsum"]:
            md5, _, path = line.partition("  ")
            yield path, md5

    def _history(self) -> tuple[str, ...]:
        paths = (p for p in self._listing if p.startswith(f"{_RELEASES}/") and p.endswith(".json"))
        names = (path.rpartition("/")[2].removesuffix(".json") for path in paths)
        return tuple(sorted(filter(is_release_id, names)))

    def _live(self) -> Release | None:
        """Return the live release."""
        if (pointer := self._pointer(_LIVE)) is None:
            return None
        release = self.read_record(pointer.release)
        if release is None:
            known = pointer.release != _UNKNOWN
            record = f"{_RELEASES}/{pointer.release}.json" if known else _LIVE
            raise DeployError(
                f"{self.name}: the record of the live release is missing or damaged; restore"
                f" {record}, or remove {FOLDER}/ there to start over"
            )
        return release

    def _unfinished(self, live: Release | None) -> tuple[Release, ...]:
        """Return the unfinished releases. One without a record has no files."""
        if (pointer := self._pointer(_NEXT)) is None:
            return ()
        ids = (*pointer.earlier, pointer.release)
        if live and live.id == pointer.release:  # only the pointer was not removed
            return ()
        return tuple(
            self.read_record(release_id) or Release(id=release_id, at="", site="", files={})
            for release_id in ids
        )

    def _pointer(self, path: str) -> _Pointer | None:
        """Return the pointer in a listed file."""
        data = self._download(path) if path in self._listing else None
        return None if data is None else _decode_pointer(data)

    def tip(self) -> str:
        """Return the id of the live release, which is read again."""
        data = self._download(_LIVE)
        return _decode_pointer(data).release if data is not None else ""

    def read_record(self, release_id: str) -> Release | None:
        if not release_id or "/" in release_id:
            return None
        data = self._download(f"{_RELEASES}/{release_id}.json")
        return decode_release(data, release_id) if data else None

    def read_words(self, digest: str) -> bytes | None:
        path = words_path(digest)
        listed = self._listing.get(path)
        return self._download(path) if listed and listed.size <= LARGEST else None

    def local_copy(self, release: Release, path: str) -> Path | None:
        """Return None: the host has only the files of the live release."""
        return None

    # --- lock ----------------------------------------------------------------------------------

    @contextmanager
    def locked(self, break_lock: bool) -> Iterator[None]:
        """Hold the target's lock.

        Storage cannot create a file only if it does not exist. So every deploy writes a lock file
        with a name of its own and then looks for others: of two, at most one continues."""
        mine = this_process(self.daemon.pid)
        path = f"{_LOCKS}/{mine.token}.json"
        if others := self._other_holders(mine, break_lock):
            raise locked_error(self.name, others[0])
        self._upload(path, msgspec.json.encode(mine))
        try:
            if others := self._other_holders(mine, False):
                raise locked_error(self.name, others[0])
            yield
        finally:
            with suppress(DeployError, OSError):
                self._remove([path])

    def _other_holders(self, mine: LockHolder, break_lock: bool) -> list[str]:
        """Return descriptions of the other holders of the lock.

        Removes the locks of dead ones; with `break_lock`, all of them."""
        others = []
        for entry in self._entries(_LOCKS, {}):
            if entry["IsDir"]:
                continue
            path = f"{_LOCKS}/{entry['Name']}"
            holder = decode_holder(self._download(path) or b"")
            if holder and holder.token == mine.token:
                continue
            if break_lock or (holder and holder.dead):
                self._remove([path])
            else:
                others.append(holder.description if holder else UNKNOWN_HOLDER)
        return others

    # --- publishing ----------------------------------------------------------------------------

    def publish(self, plan: DeployPlan, content: Content, progress: Progress) -> None:
        release_id = plan.new.id
        self._upload(f"{_RELEASES}/{release_id}.json", encode_release(plan.new))
        # From here until the release is live, no file of the target is certain.
        unfinished = tuple(release.id for release in plan.state.unfinished)
        self._write_pointer(_NEXT, _Pointer(release_id, unfinished))
        self._send_words(plan, content)
        done = 0
        for batch in stages(plan):
            report = partial(_report, progress, done, len(plan.send))
            self._send(batch, content, report)
            done += len(batch.paths)
        if plan.remove:
            self._remove(plan.remove)
            self._remove_empty_folders(plan)
        # Readers never had the releases that this one completes.
        ids = (release.id for release in plan.state.unfinished if is_release_id(release.id))
        self._remove([f"{_RELEASES}/{unfinished_id}.json" for unfinished_id in ids])
        self._write_pointer(_LIVE, _Pointer(release_id))
        self._remove([_NEXT])
        self._prune(release_id)
        self._prune_words(plan.new)

    def _send_words(self, plan: DeployPlan, content: Content) -> None:
        """Send the words of versions that the target lacks."""
        wanted = {words_path(digest) for digest in word_digests(plan.new.versions)}
        paths = sorted(path for path in wanted - self._listing.keys() if content(path).exists())
        if paths:
            self._send(Batch("words", "no-store", "", tuple(paths)), content, lambda done: None)

    def _send(self, batch: Batch, content: Content, report: Callable[[int], None]) -> None:
        """Send files together. After an error all of them are sent again."""
        staged = self.daemon.folder / "staged"
        shutil.rmtree(staged, ignore_errors=True)
        for path in batch.paths:
            target = staged / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(content(path))
        config = {
            "CopyLinks": True,
            "NoCheckDest": True,  # the plan knows what differs: rclone compares nothing
            "NoTraverse": True,
            "Transfers": _TRANSFERS,
            "UploadHeaders": headers({"Cache-Control": batch.cache, "Content-Type": batch.type}),
        }
        for attempt in range(_TRIES):
            try:
                self.daemon.run(
                    "sync/copy",
                    report,
                    srcFs=f":local,copy_links=true:{staged}",
                    dstFs=self.place,
                    _config=config,
                )
                return
            except RcloneError as error:
                if attempt + 1 == _TRIES:
                    raise DeployError(
                        f"{self.name}: sending {batch.stage}: {error}; readers get only whole"
                        " files, and the next deploy completes this one"
                    ) from None
                time.sleep(0.2 * 4**attempt)

    def _remove(self, paths: Iterable[str]) -> None:
        """Remove files. Those that do not exist are ignored."""
        names = self.daemon.folder / "names"
        names.write_text("".join(f"{path}\n" for path in paths), "utf-8")
        try:
            self._call("operations/delete", fs=self.place, _filter={"FilesFromRaw": [str(names)]})
        except RcloneError as error:
            raise DeployError(f"{self.name}: {error}") from None

    def _remove_empty_folders(self, plan: DeployPlan) -> None:
        """Remove folders that a plan leaves empty, if the host has folders."""
        if not self._features()["CanHaveEmptyDirectories"]:
            return
        remaining = {*self._listing, *plan.new.files} - {*plan.remove}
        for folder in empty_folders(plan.remove, remaining):
            with suppress(DeployError):
                self._call("operations/rmdir", fs=self.place, remote=folder)

    def _prune(self, live: str) -> None:
        """Remove the records of releases that are too old."""
        ids = sorted({*self._history(), live})
        if old := ids[: -max(self.keep, 1)]:
            self._remove([f"{_RELEASES}/{old_id}.json" for old_id in old if old_id != live])

    def _prune_words(self, live: Release) -> None:
        """Remove words of versions that no longer belong to a public brief."""
        kept = {*word_digests(live.versions)}
        there = ((path, digest_in(path)) for path in self._listing)
        if old := [path for path, digest in there if digest and digest not in kept]:
            self._remove(old)

    # --- calls ---------------------------------------------------------------------------------

    def _features(self) -> dict[str, Any]:
        features: dict[str, Any] = self._call("operations/fsinfo", fs=self.place)["Features"]
        return features

    def _call(self, command: str, **arguments: Any) -> Any:
        try:
            return self.daemon.call(command, **arguments)
        except RcloneError as error:
            raise RcloneError(f"{self.name}: {error}", error.missing) from None

    def _write_pointer(self, path: str, pointer: _Pointer) -> None:
        self._upload(path, msgspec.json.encode(pointer))

    def _upload(self, path: str, data: bytes) -> None:
        """Write a small file."""
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

    def _download(self, path: str) -> bytes | None:
        """Return the content of a small file, or None."""
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


def _report(progress: Progress, before: int, total: int, done: int) -> None:
    progress("Sending", min(before + done, total), total)


TARGET = TargetDeclaration(kind="rclone", open=Rclone)
