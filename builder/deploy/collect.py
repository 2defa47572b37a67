"""output/ -> a release: every file with its digests, the items of the feeds, the revision."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from builder.deploy.feeds import read_feeds
from builder.deploy.kinds import find_declaration
from builder.deploy.release import (
    DOMAIN_FILE,
    STAMP,
    Release,
    ReleaseFile,
    describe,
    encode_stamp,
    is_path,
    make_id,
)
from builder.deploy.target import DeployError
from builder.deploy.target_state import TargetState
from builder.engine.build_info import BuildInfo, read_build_info
from builder.model.targets import TargetSettings as Settings
from builder.output.inventory import find_foreign
from builder.output.manifest import FILE, Manifest, read_manifest
from builder.output.stat_cache import TreeStats
from builder.safe_files import plain_bytes


class CollectedRelease(NamedTuple):
    """A release and the content of its files.

    The content is in the local files `sources` or in `data`."""

    release: Release
    sources: dict[str, Path]
    data: dict[str, bytes]
    build_info: BuildInfo | None
    modified: tuple[str, ...] = ()  # files of the site that differ from what the build wrote
    foreign: tuple[str, ...] = ()  # files in output/ that no build wrote


def collect_release(
    root: Path,
    output: Path,
    settings: Settings,
    state: TargetState,
    now: datetime,
    revision: str,
    build: str,
) -> CollectedRelease:
    """Return the site in an output folder as a new release.

    Raises DeployError if the folder does not exist or a file in it cannot be sent. `build` is the
    command that builds the site."""
    manifest, build_info = read_manifest(output), read_build_info(root, output)
    if not output.is_dir():
        raise DeployError(f"`{output.name}/` does not exist; run {build}")
    if build_info is not None and build_info.output != manifest.digest:
        build_info = None
    foreign = _foreign_files(output, manifest)
    if STAMP in manifest.files or STAMP in foreign:
        raise DeployError(
            f"`{output.name}/{STAMP}` conflicts with the file of that name that every deploy adds;"
            " rename it"
        )
    sources = {path: output / path for path in manifest.files}
    sources |= {path: _sendable(output, path) for path in foreign}
    files, modified = _describe_files(manifest, sources, state)
    data = {path: content for path, content in _extra_files(settings) if path not in sources}
    files |= {path: describe(content) for path, content in data.items()}
    feeds, items = read_feeds(sources, files, state.live)
    release = Release(
        id=make_id(now, files),
        at=now.isoformat(timespec="seconds"),
        site=manifest.base_url,
        preview=manifest.preview,
        revision=revision,
        files=files,
        feeds=feeds,
        items=items,
    )
    release, data[STAMP] = add_stamp(release)
    return CollectedRelease(release, sources, data, build_info, tuple(modified), tuple(foreign))


def _extra_files(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a target needs beside those of the site."""
    # indexnow.org: the key at the root proves who owns the site. A preview notifies nobody.
    if settings.index_now and not settings.preview:
        yield f"{settings.index_now}.txt", settings.index_now.encode()
    yield from find_declaration(settings.kind).extra_files(settings).items()


def restored_files(
    old: Release, live: Release | None, settings: Settings
) -> tuple[dict[str, ReleaseFile], dict[str, bytes]]:
    """Return the files of a rollback to a release, without the stamp.

    Also returns the content of those that belong to the target instead of the site. They stay as
    they are on the target: a rollback changes neither the domain nor the IndexNow key."""
    live_files = live.files if live else {}
    files = {path: file for path, file in old.files.items() if path != STAMP}
    if live:
        files.pop(DOMAIN_FILE, None)
    extra = dict(_extra_files(settings))
    files |= {path: live_files.get(path, describe(content)) for path, content in extra.items()}
    if DOMAIN_FILE in live_files:
        files[DOMAIN_FILE] = live_files[DOMAIN_FILE]
    return files, {p: content for p, content in extra.items() if describe(content) == files[p]}


def add_stamp(release: Release) -> tuple[Release, bytes]:
    """Return a release with its stamp, and the content of the stamp."""
    data = encode_stamp(release)
    return replace(release, files={**release.files, STAMP: describe(data)}), data


def _foreign_files(output: Path, manifest: Manifest) -> list[str]:
    """Return the files that somebody added to output/, except hidden ones.

    Raises DeployError if a link is in the place of a folder: its files are elsewhere."""
    found = find_foreign(output, manifest, TreeStats({}, {}))
    for path in found.links:
        raise DeployError(f"`{output.name}/{path}` is a symbolic link; remove it and build again")
    return [path for path in found.paths if not path.endswith("/") and not _is_hidden(path)]


def _sendable(output: Path, path: str) -> Path:
    """Return the regular file that a foreign file is, or to which it links.

    Raises DeployError if it cannot be sent."""
    file = Path(os.path.realpath(output / path))
    if not file.is_relative_to(os.path.realpath(output)):
        reason = f"is a symbolic link to a file outside of `{output.name}/`"
    elif not file.is_file():
        reason = "is neither a file nor a link to one"
    elif not is_path(path) or path != path.encode("utf-8", "replace").decode():
        reason = "has a name that not every host can store"
    else:
        return file
    raise DeployError(f"`{output.name}/{path}` {reason}; move it out of `{output.name}/`")


def _is_hidden(path: str) -> bool:
    parts = path.removeprefix(".well-known/").split("/")
    hidden = any(part.startswith(".") and part != ".nojekyll" for part in parts)
    return path == FILE or hidden or parts[-1].endswith("~")


def _describe_files(
    manifest: Manifest, sources: dict[str, Path], state: TargetState
) -> tuple[dict[str, ReleaseFile], list[str]]:
    """Return the records of files, and the paths of modified ones.

    A file with the size and the build's digest of a file on the target is not read again."""
    known = {file.digest: file for file in _recorded_files(state)}
    found, modified = {}, []
    for path, source in sorted(sources.items()):
        entry = manifest.files.get(path)
        try:
            same = known.get(entry.digest) if entry else None
            status = source.lstat()
            if same and status.st_size == same.size and stat.S_ISREG(status.st_mode):
                found[path] = same
                continue
            data = plain_bytes(source)
        except OSError:
            modified.append(path)
            continue
        found[path] = describe(data)
        if entry and found[path].digest != entry.digest:
            modified.append(path)
    return found, modified


def _recorded_files(state: TargetState) -> Iterator[ReleaseFile]:
    for release in (state.live, *state.unfinished):
        if release:
            yield from release.files.values()
