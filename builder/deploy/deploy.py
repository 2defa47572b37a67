"""A site and the name of a target -> a deploy: a plan that the guards have checked, carried out.

A plan is made without the target's lock. It is carried out with the lock, and only if nobody has
deployed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from builder.content.config import Config
from builder.content.version_words import decode_words
from builder.deploy.archive import ReleaseArchive
from builder.deploy.collect import (
    CollectedRelease,
    add_stamp,
    collect_release,
    restored_files,
)
from builder.deploy.command_line import NO_OPTIONS, CommandLine
from builder.deploy.guards import GuardContext, Refusal, refusals
from builder.deploy.kinds import find_declaration
from builder.deploy.notify import changed_paths
from builder.deploy.placeholders import find_placeholders
from builder.deploy.plan import DeployPlan, make_plan
from builder.deploy.release import (
    STAMP,
    Release,
    digest_in,
    fingerprint,
    make_id,
)
from builder.deploy.revision import read_revision
from builder.deploy.target import DeployError, Progress, Target
from builder.deploy.target_state import TargetState
from builder.deploy.versions import (
    PlannedVersions,
    plan_versions,
    published_briefs,
    restored_versions,
    words_reader,
)
from builder.engine.build import is_current
from builder.engine.build_info import BuildInfo
from builder.engine.options import Options
from builder.engine.tracked import refuse_tracked
from builder.model.targets import TargetSettings as Settings
from builder.model.values import Slug
from builder.model.version import VersionWords
from builder.safe_files import is_disk_full

_TIME = "%Y%m%d-%H%M%S"  # the beginning of a release's id


class Deploy(NamedTuple):
    """A deploy that is ready to run.

    The content to send is in the local files `sources` or in `data`."""

    archive: ReleaseArchive
    settings: Settings
    target: Target
    plan: DeployPlan
    refusals: tuple[Refusal, ...]
    sources: dict[str, Path]
    data: dict[str, bytes]
    foreign: tuple[str, ...] = ()
    words: Mapping[str, bytes] = MappingProxyType({})  # that the release adds, by digest
    built: BuildInfo | None = None  # if output/ is as it was built, and up to date

    def read_words(self, digest: str) -> VersionWords | None:
        """Return the words of a version, known or new."""
        added = self.words.get(digest)
        return decode_words(added) if added else words_reader(self.archive, self.target)(digest)

    def content(self, path: str) -> Path:
        """Return the archived file with the content of a path."""
        if digest := digest_in(path):
            return self.archive.object_path(digest)
        return self.archive.object_path(self.plan.new.files[path].digest)


@contextmanager
def open_target(root: Path, config: Config, name: str) -> Iterator[tuple[Settings, Target]]:
    """Open a target of the site, and close it afterwards."""
    settings = config.settings.deploy[Slug(name)]
    target = find_declaration(settings.kind).open(root, name, settings)
    try:
        yield settings, target
    finally:
        target.close()


def public_url(config: Config, settings: Settings) -> str:
    """Return the address for which pages of a target are built."""
    url = "" if settings.preview else settings.url  # canonical addresses are those of the site
    return str(url or config.settings.base_url).rstrip("/")


def prepare(
    root: Path,
    config: Config,
    name: str,
    settings: Settings,
    target: Target,
    output: Path,
    options: Options,
    thorough: bool = False,
    command_line: CommandLine = NO_OPTIONS,
    reason: str = "",
) -> Deploy:
    """Plan the deploy of an output folder, and run the guards.

    `reason` says why a silent change may pass. Raises DeployError if the target cannot be reached,
    ContentError if the content has errors."""
    refuse_tracked(root, output)
    state = target.read_state(thorough)
    revision, uncommitted = read_revision(root)
    site = public_url(config, settings)
    own = site == config.settings.base_url.rstrip("/")
    build = command_line.build("" if own else site, settings.preview)
    collected = collect_release(root, output, settings, state, options.now, revision, build)
    collected = _with_latest_id(collected, state, options.now)
    build_info, archive = collected.build_info, ReleaseArchive(root, name)
    versions = _versions(root, options, collected, state, words_reader(archive, target), reason)
    # The content was read before: if it is as it was built then, the words are those of output/.
    current = build_info is not None and is_current(root, output, build_info, options)
    if not current:
        versions = PlannedVersions(state.live.versions if state.live else {}, {})
    release = replace(collected.release, versions=versions.versions, reason=reason)
    plan = make_plan(release, state)
    context = GuardContext(
        plan=plan,
        settings=settings,
        site=site,
        build_info=build_info,
        current=current,
        modified=collected.modified,
        uncommitted=uncommitted,
        foreign=collected.foreign,
        rollback=False,
        build=build,
        placeholders=find_placeholders(root, config, site, plan.new.files),
        silent=versions.silent,
    )
    return Deploy(
        archive=archive,
        settings=settings,
        target=target,
        plan=plan,
        refusals=tuple(refusals(context)),
        sources=collected.sources,
        data=collected.data,
        foreign=collected.foreign,
        words=versions.words,
        built=build_info if current and not collected.modified else None,
    )


def _versions(
    root: Path,
    options: Options,
    collected: CollectedRelease,
    state: TargetState,
    read_words: Callable[[str], VersionWords | None],
    reason: str,
) -> PlannedVersions:
    """Return the versions that a release publishes; none if it is a preview."""
    live = state.live.versions if state.live else {}
    if collected.release.preview or collected.build_info is None:
        return PlannedVersions({}, {})
    at = collected.build_info.at
    options = options._replace(now=datetime.fromisoformat(at)) if at else options
    known = state.live.words if state.live else {}
    pages = state.live.files if state.live else ()
    return plan_versions(published_briefs(root, options, known), live, read_words, reason, pages)


def _with_latest_id(
    collected: CollectedRelease, state: TargetState, now: datetime
) -> CollectedRelease:
    """Return the release with an id that sorts after all others.

    Two releases may be made in one second, and the clocks of two machines may differ."""
    release = _assign_id(collected.release, state, now)
    if release.id == collected.release.id:
        return collected
    release, stamp = add_stamp(release)
    return collected._replace(release=release, data={**collected.data, STAMP: stamp})


def _assign_id(release: Release, state: TargetState, now: datetime) -> Release:
    last = max((*state.history, state.live.id if state.live else ""))
    release_id = make_id(now, release.files)
    if release_id <= last:
        release_id = make_id(_next_second(last), release.files)
    return replace(release, id=release_id)


def _next_second(release_id: str) -> datetime:
    """Return the second after the one in the id of a release."""
    try:
        time = datetime.strptime(release_id[:15], _TIME).replace(tzinfo=UTC)
        return time + timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise DeployError(
            f"the target has a release {release_id}, and no later id is possible; remove its"
            " record there"
        ) from None


# --- rollback ----------------------------------------------------------------------------------


def roll_back(
    root: Path,
    name: str,
    settings: Settings,
    target: Target,
    wanted: str,
    now: datetime,
    thorough: bool = False,
    command_line: CommandLine = NO_OPTIONS,
    reason: str = "",
) -> Deploy:
    """Plan the deploy that restores a release.

    `wanted` is the beginning of its id, or empty for the one before the live release. Raises
    DeployError if the release is not known or its content no longer exists."""
    state, archive = target.read_state(thorough), ReleaseArchive(root, name)
    if wanted:
        old = find_release(target, archive, wanted, command_line)
    else:
        old = _previous_release(target, archive, state, settings)
    files, data = restored_files(old, state.live, settings)
    release = replace(
        old,
        id=make_id(now, files),
        at=now.isoformat(timespec="seconds"),
        restores=old.id,
        files=files,
        retained={},
        versions=restored_versions(
            old.versions, state.live.versions if state.live else {}, now, reason
        ),
        reason=reason,
    )
    release = _assign_id(release, state, now)
    release, data[STAMP] = add_stamp(release)
    plan = make_plan(release, state)
    context = GuardContext(
        plan=plan,
        settings=settings,
        site=release.site,
        build_info=None,
        current=True,
        modified=(),
        uncommitted=(),
        foreign=(),
        rollback=True,
    )
    return Deploy(
        archive=archive,
        settings=settings,
        target=target,
        plan=plan,
        refusals=tuple(refusals(context)),
        sources=_find_sources(plan, old, archive, target, data),
        data=data,
    )


def _find_sources(
    plan: DeployPlan,
    old: Release,
    archive: ReleaseArchive,
    target: Target,
    data: dict[str, bytes],
) -> dict[str, Path]:
    """Return local files with the content that a rollback sends.

    What is in `data` is not among them."""
    sources, missing = {}, []
    for path in plan.send:
        if path in data:
            continue
        file = plan.new.files[path]
        if archive.has_object(file.digest):
            source: Path | None = archive.object_path(file.digest)
        else:
            origin = plan.live if plan.live and old.files.get(path) != file else old
            source = target.local_copy(origin, path)
        if source is None:
            missing.append(path)
        else:
            sources[path] = source
    if missing:
        raise DeployError(
            f"release {old.id} cannot be restored: neither this machine nor the target has"
            f" {len(missing)} of its files, such as {missing[0]}; build the site again from"
            f" revision {old.revision[:12] or '(unknown)'}"
        )
    return sources


def _previous_release(
    target: Target, archive: ReleaseArchive, state: TargetState, settings: Settings
) -> Release:
    """Return the newest release before the live one that has other files."""
    if state.live is None:
        raise DeployError("nothing has been deployed to the target yet")
    live, _ = restored_files(state.live, state.live, settings)
    for release_id in reversed(state.history):
        if release_id < state.live.id:
            earlier = _read_record(target, archive, release_id)
            files, _ = restored_files(earlier, state.live, settings)
            if fingerprint(files) != fingerprint(live):
                return earlier
    raise DeployError(f"no release before {state.live.id} has other files")


def find_release(
    target: Target, archive: ReleaseArchive, wanted: str, command_line: CommandLine = NO_OPTIONS
) -> Release:
    """Return a release by its id or the beginning of its id."""
    known = {*target.read_state(False).history, *archive.releases()}
    found = sorted(release_id for release_id in known if release_id.startswith(wanted))
    if len(found) != 1 and wanted not in found:
        problem = "no release begins" if not found else f"{len(found)} releases begin"
        command = command_line.command("releases", archive.folder.name)
        raise DeployError(f"{problem} with {wanted}; {command} lists them")
    return _read_record(target, archive, wanted if wanted in found else found[0])


def live_release(target: Target, archive: ReleaseArchive) -> Release | None:
    """Return the live release; the last one sent from here if unreachable."""
    try:
        return target.read_state(False).live
    except DeployError:
        sent = archive.releases()
        return archive.read_record(sent[-1]) if sent else None


def _read_record(target: Target, archive: ReleaseArchive, release_id: str) -> Release:
    release = archive.read_record(release_id) or target.read_record(release_id)
    if release is None:
        raise DeployError(f"the record of release {release_id} is missing or damaged")
    return release


# --- sending -----------------------------------------------------------------------------------


def execute(deploy: Deploy, break_lock: bool, progress: Progress) -> None:
    """Carry out a plan.

    Raises DeployError if that fails. Readers then get whole files of the old and the new release,
    and the next deploy completes this one."""
    plan, archive = deploy.plan, deploy.archive
    try:
        with archive.in_use():
            archive_files(deploy)
            with deploy.target.locked(break_lock):
                if deploy.target.tip() != plan.state.tip:
                    raise DeployError(
                        "another deploy has finished since this one was planned; run the command"
                        " again to see its changes"
                    )
                archive.write_record(plan.new)
                archive.add_pending(changed_paths(plan))
                deploy.target.publish(plan, deploy.content, progress)
        archive.prune(deploy.settings.keep, [release.id for release in plan.state.unfinished])
    except OSError as error:
        if is_disk_full(error):
            raise DeployError(
                f"the disk of this machine is full, at {archive.folder}; make room, and run the"
                " command again"
            ) from error
        raise DeployError(f"{error.filename or archive.folder}: {error.strerror}") from error


def archive_files(deploy: Deploy) -> None:
    """Add the files of a release to the archive.

    No build touches them there: what is sent is what was planned, and can be restored."""
    files, archive = deploy.plan.new.files, deploy.archive
    sources = dict(deploy.sources)
    with TemporaryDirectory(prefix="data-", dir=archive.folder) as scratch:
        for path, data in deploy.data.items():
            sources[path] = Path(scratch) / path.replace("/", "-")
            sources[path].write_bytes(data)
        wrong = archive.add_files({path: files[path] for path in sources}, sources)
    archive.add_data(deploy.words)
    if wrong:
        raise DeployError(f"{wrong[0]} changed after the deploy was planned; run the command again")
