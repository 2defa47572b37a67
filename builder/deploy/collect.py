"""output/ -> a release: every file with its digests, what the feeds announce, the revision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from builder.deploy.feeds import read_feeds
from builder.deploy.release import (
    STAMP,
    Release,
    ReleaseFile,
    describe,
    is_path,
    name_release,
    stamp_of,
)
from builder.deploy.target import DeployError
from builder.deploy.target_state import TargetState
from builder.engine.build_info import BuildInfo, read_build_info
from builder.model.settings import TargetSettings as Settings
from builder.output.inventory import find_foreign
from builder.output.manifest import FILE, Manifest, read_manifest
from builder.output.stat_cache import TreeStats

_DOMAIN = "CNAME"  # by which hosts of repositories know the domain


class CollectedRelease(NamedTuple):
    """A release and where its bytes are: in files, or here. `altered` are files of the site that
    are not as the build wrote them, `foreign` those that somebody else put there."""

    release: Release
    places: dict[str, Path]
    data: dict[str, bytes]
    built: BuildInfo | None
    altered: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def collect_release(
    root: Path,
    output: Path,
    settings: Settings,
    seen: TargetState,
    now: datetime,
    revision: str,
    build: str,
) -> CollectedRelease:
    """The site in an output folder, as the release that it will be. Raises DeployError where there
    is none; `build` is the command that makes one."""
    manifest, built = read_manifest(output), read_build_info(root, output)
    if not output.is_dir():
        raise DeployError(f"there is no {output.name}/; {build} makes it")
    if built is not None and built.output != manifest.digest:
        built = None
    foreign = _foreign(output, manifest)
    if STAMP in manifest.files or STAMP in foreign:
        raise DeployError(f"{output.name}/{STAMP} is in the way: a deploy writes that file itself")
    places = {path: output / path for path in (*manifest.files, *foreign)}
    for path in foreign:
        _check_sendable(output, path)
    files, altered = _described(manifest, places, seen)
    data = {path: content for path, content in _extras(settings) if path not in places}
    files |= {path: describe(content) for path, content in data.items()}
    feeds, items = read_feeds(places, files, seen.live)
    release = Release(
        id=name_release(now, files),
        at=now.isoformat(timespec="seconds"),
        site=manifest.base_url,
        revision=revision,
        files=files,
        feeds=feeds,
        items=items,
    )
    release, data[STAMP] = stamped(release)
    return CollectedRelease(release, places, data, built, tuple(altered), tuple(foreign))


def _extras(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Files that a target wants beside the site's own."""
    if settings.index_now:  # indexnow.org: the key at the root says whose the site is
        yield f"{settings.index_now}.txt", settings.index_now.encode()
    if settings.kind == "git":
        yield ".nojekyll", b""
    if settings.cname:
        yield _DOMAIN, f"{settings.cname}\n".encode()


def brought_back(
    old: Release, live: Release | None, settings: Settings
) -> tuple[dict[str, ReleaseFile], dict[str, bytes]]:
    """The files of an earlier release that is brought back, but for the stamp, and the bytes of
    those that are the target's and not the site's. These stay as readers have them: neither the
    domain nor the key that search engines know may go with a page."""
    there = live.files if live else {}
    files = {path: file for path, file in old.files.items() if path != STAMP}
    if live:
        files.pop(_DOMAIN, None)
    known = dict(_extras(settings))
    files |= {path: there.get(path, describe(content)) for path, content in known.items()}
    if _DOMAIN in there:
        files[_DOMAIN] = there[_DOMAIN]
    return files, {p: content for p, content in known.items() if describe(content) == files[p]}


def stamped(release: Release) -> tuple[Release, bytes]:
    """A release with its stamp, and the stamp."""
    data = stamp_of(release)
    return replace(release, files={**release.files, STAMP: describe(data)}), data


def _foreign(output: Path, manifest: Manifest) -> list[str]:
    """What somebody else put there for the site: not what their programs left behind."""
    found = find_foreign(output, manifest, TreeStats({}, {})).paths
    return [path for path in found if not path.endswith("/") and not _is_hidden(path)]


def _check_sendable(output: Path, path: str) -> None:
    """Raise DeployError where what somebody put there is no file, or one whose name no host has."""
    if not (output / path).is_file():
        why = "is no file, and no link to one"
    elif not is_path(path) or path != path.encode("utf-8", "replace").decode():
        why = "has a name that not every host can have"
    else:
        return
    raise DeployError(f"{output.name}/{path} {why}; take it out of there")


def _is_hidden(path: str) -> bool:
    parts = path.removeprefix(".well-known/").split("/")
    hidden = any(part.startswith(".") and part != ".nojekyll" for part in parts)
    return path == FILE or hidden or parts[-1].endswith("~")


def _described(
    manifest: Manifest, places: dict[str, Path], seen: TargetState
) -> tuple[dict[str, ReleaseFile], list[str]]:
    """The digests of files; a file that looks as large as the live one, and that the build knows to
    be the same, is not read again."""
    known = {file.digest: file for file in _files(seen)}
    found, altered = {}, []
    for path, place in sorted(places.items()):
        entry = manifest.files.get(path)
        try:
            same = known.get(entry.digest) if entry else None
            if same and place.lstat().st_size == same.size:
                found[path] = same
                continue
            data = place.read_bytes()
        except OSError:
            altered.append(path)
            continue
        found[path] = describe(data)
        if entry and found[path].digest != entry.digest:
            altered.append(path)
    return found, altered


def _files(seen: TargetState) -> Iterator[ReleaseFile]:
    for release in (seen.live, *seen.begun):
        if release:
            yield from release.files.values()


def digest_of(place: Path) -> str:
    """The digest by which the build knows a file's bytes."""
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
