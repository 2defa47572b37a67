"""A site and the name of a target -> a deploy: look, plan, judge, send; and the way back.

A plan is made without holding the target. It is carried out holding it, and only while what it was
made from is still so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from msgspec.structs import replace

from builder.content.config import Config
from builder.deploy.archive import ReleaseArchive
from builder.deploy.collect import (
    CollectedRelease,
    brought_back,
    collect_release,
    stamped,
)
from builder.deploy.command_line import NOTHING, CommandLine
from builder.deploy.guards import GuardContext, Refusal, refusals
from builder.deploy.kinds import find_declaration
from builder.deploy.notify import news_of
from builder.deploy.plan import DeployPlan, make_plan
from builder.deploy.release import (
    STAMP,
    Release,
    fingerprint,
    name_release,
)
from builder.deploy.revision import revision
from builder.deploy.target import DeployError, Progress, Target
from builder.deploy.target_state import TargetState
from builder.engine.build import is_current
from builder.engine.options import Options
from builder.model.settings import TargetSettings as Settings
from builder.model.values import Slug

_TIME = "%Y%m%d-%H%M%S"  # how the id of a release begins


class Deploy(NamedTuple):
    """A site on its way to a target. `places` and `data` have the bytes of what may be sent."""

    keeping: ReleaseArchive
    settings: Settings
    target: Target
    plan: DeployPlan
    refused: tuple[Refusal, ...]
    places: dict[str, Path]
    data: dict[str, bytes]
    foreign: tuple[str, ...] = ()

    def content(self, path: str) -> Path:
        """The file that has the bytes of a path of the new release."""
        return self.keeping.place(self.plan.new.files[path].digest)


@contextmanager
def reached(root: Path, config: Config, name: str) -> Iterator[tuple[Settings, Target]]:
    """A target of the site, as long as it is needed."""
    settings = config.settings.deploy[Slug(name)]
    target = find_declaration(settings.kind).open(root, name, settings)
    try:
        yield settings, target
    finally:
        target.close()


def address_of(config: Config, settings: Settings) -> str:
    """The address at which readers see a target."""
    return str(settings.url or config.settings.base_url).rstrip("/")


def prepare(
    root: Path,
    config: Config,
    name: str,
    settings: Settings,
    target: Target,
    output: Path,
    options: Options,
    thorough: bool = False,
    given: CommandLine = NOTHING,
) -> Deploy:
    """The deploy of what is in an output folder, with what the guards say of it. Raises DeployError
    where the target cannot be reached, ContentError where the content does not build."""
    seen = target.look(thorough)
    head, uncommitted = revision(root)
    site = address_of(config, settings)
    build = given.build(site if site != config.settings.base_url.rstrip("/") else "")
    gathered = collect_release(root, output, settings, seen, options.now, head, build)
    gathered = _named_anew(gathered, seen, options.now)
    plan = make_plan(gathered.release, seen)
    built = gathered.built
    case = GuardContext(
        plan=plan,
        settings=settings,
        site=site,
        built=built,
        current=built is not None and is_current(root, output, built, options),
        altered=gathered.altered,
        uncommitted=uncommitted,
        back=False,
        build=build,
    )
    keeping = ReleaseArchive(root, name)
    refused = tuple(refusals(case))
    return Deploy(
        keeping, settings, target, plan, refused, gathered.places, gathered.data, gathered.foreign
    )


def _named_anew(gathered: CollectedRelease, seen: TargetState, now: datetime) -> CollectedRelease:
    """A release sorts after all before it, also when two are made in one second, or the clock of
    another machine goes before this one's."""
    release = _renamed(gathered.release, seen, now)
    if release.id == gathered.release.id:
        return gathered
    release, stamp = stamped(release)
    return gathered._replace(release=release, data={**gathered.data, STAMP: stamp})


def _renamed(release: Release, seen: TargetState, now: datetime) -> Release:
    last = max((*seen.history, seen.live.id if seen.live else ""))
    name = name_release(now, release.files)
    if name <= last:
        name = name_release(_after(last), release.files)
    return replace(release, id=name)


def _after(name: str) -> datetime:
    """The second after that of which a release has its name."""
    try:
        return datetime.strptime(name[:15], _TIME).replace(tzinfo=UTC) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise DeployError(
            f"the target has a release {name}, after which none can come; remove its record there"
        ) from None


# --- the way back ------------------------------------------------------------------------------


def roll_back(
    root: Path,
    name: str,
    settings: Settings,
    target: Target,
    wanted: str,
    now: datetime,
    thorough: bool = False,
    given: CommandLine = NOTHING,
) -> Deploy:
    """The deploy that brings back a release, or without a name the one before the live one. Raises
    DeployError where it is not known, or its bytes are gone."""
    seen, keeping = target.look(thorough), ReleaseArchive(root, name)
    if wanted:
        old = find_release(target, keeping, wanted, given)
    else:
        old = _before(target, keeping, seen, settings)
    files, data = brought_back(old, seen.live, settings)
    again = replace(
        old,
        id=name_release(now, files),
        at=now.isoformat(timespec="seconds"),
        again=old.id,
        files=files,
        kept={},
    )
    again = _renamed(again, seen, now)
    again, data[STAMP] = stamped(again)
    plan = make_plan(again, seen)
    places, lost = {}, []
    for path in plan.send:
        if path in data:
            continue
        file = again.files[path]
        of = old if old.files.get(path) == file or seen.live is None else seen.live
        place = (
            keeping.place(file.digest) if keeping.has(file.digest) else target.bytes_of(of, path)
        )
        if place is None:
            lost.append(path)
        else:
            places[path] = place
    if lost:
        raise DeployError(
            f"{old.id} cannot be brought back: the bytes of {len(lost)} of its files are gone from"
            f" this machine and the target, such as {lost[0]}; build it again from revision"
            f" {old.revision[:12] or '(unknown)'}"
        )
    case = GuardContext(plan, settings, again.site, None, True, (), (), True)
    refused = tuple(refusals(case))
    return Deploy(keeping, settings, target, plan, refused, places, data)


def _before(
    target: Target, keeping: ReleaseArchive, seen: TargetState, settings: Settings
) -> Release:
    """The last release that was another site than the live one."""
    if seen.live is None:
        raise DeployError("nothing was deployed there yet")
    live, _ = brought_back(seen.live, seen.live, settings)
    for name in reversed(seen.history):
        if name < seen.live.id:
            earlier = _read(target, keeping, name)
            files, _ = brought_back(earlier, seen.live, settings)
            if fingerprint(files) != fingerprint(live):
                return earlier
    raise DeployError(f"before {seen.live.id} no release is known that was another site")


def find_release(
    target: Target, keeping: ReleaseArchive, wanted: str, given: CommandLine = NOTHING
) -> Release:
    """A release by its id or the beginning of it."""
    names = {*target.look(False).history, *keeping.releases()}
    found = sorted(name for name in names if name.startswith(wanted))
    if len(found) != 1 and wanted not in found:
        what = "no release begins" if not found else f"{len(found)} releases begin"
        lists = given.command("releases", keeping.folder.name)
        raise DeployError(f"{what} with {wanted}; {lists} lists them")
    name = wanted if wanted in found else found[0]
    return _read(target, keeping, name)


def _read(target: Target, keeping: ReleaseArchive, name: str) -> Release:
    release = keeping.read(name) or target.read(name)
    if release is None:
        raise DeployError(f"the record of {name} cannot be read any more")
    return release


# --- sending -----------------------------------------------------------------------------------


def execute(deploy: Deploy, breaking: bool, told: Progress) -> None:
    """Do what the plan says. Raises DeployError where it cannot be done; then the target has the
    release that it had, or both of whose files each is whole, and the next deploy completes it."""
    plan, keeping = deploy.plan, deploy.keeping
    try:
        with keeping.used():
            keep_bytes(deploy)
            with deploy.target.locked(breaking):
                if deploy.target.tip() != plan.seen.tip:
                    raise DeployError(
                        "another deploy has ended meanwhile; see what it changed, and plan anew"
                    )
                keeping.write(plan.new)
                keeping.note_untold(news_of(plan))
                deploy.target.publish(plan, deploy.content, told)
        keeping.forget(deploy.settings.keep, [begun.id for begun in plan.seen.begun])
    except OSError as error:
        raise DeployError(f"{error.filename or keeping.folder}: {error.strerror}") from error


def keep_bytes(deploy: Deploy) -> None:
    """Keep the bytes of the release here, under names that no build touches: what is sent is what
    was planned, and can be brought back."""
    files, keeping = deploy.plan.new.files, deploy.keeping
    places = dict(deploy.places)
    with TemporaryDirectory(prefix="data-", dir=keeping.folder) as scratch:
        for path, data in deploy.data.items():
            places[path] = Path(scratch) / path.replace("/", "-")
            places[path].write_bytes(data)
        wrong = keeping.take({path: files[path] for path in places}, places)
    if wrong:
        raise DeployError(f"{wrong[0]} changed while it was read; plan anew")
