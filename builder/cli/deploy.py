"""The commands that send a site to its readers and bring it back; loaded when one of them is asked
for. What they need of the program is imported when they run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from builder.cli.console import ProgressBar, say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.content.config import Config
    from builder.deploy.deploy import Deploy
    from builder.deploy.plan import DeployPlan
    from builder.deploy.release import Release
    from builder.deploy.target import Target
    from builder.model.settings import TargetSettings as Settings

REFUSED = 3  # exit codes: of a deploy that a guard does not let pass
NOT_SERVED = 4  # and of one after which readers do not get what was sent
_PATIENCE = 10  # seconds for a host to serve what it has
_PATIENCE_GIT = 180  # a host of repositories first makes a site of a push
_SHOWN = 12  # files of each kind in a plan


def _guards(ctx: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> Any:
    """The names of guards that --allow gives."""
    if names:
        from builder.deploy.guards import GUARDS
        from builder.names.suggest import did_you_mean

        known = [guard.name for guard in GUARDS]
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
                raise click.BadParameter(f"no guard is called `{name}`; {hint}")
    return names


class DeployOptions(NamedTuple):
    """How a plan is judged and agreed to."""

    planned: bool
    whole: bool
    yes: bool
    allowed: tuple[str, ...]
    breaking: bool
    thorough: bool
    unchecked: bool


def _wishing(command: Any) -> Any:
    """The options of `Wishes`."""
    for option in (
        click.option("--plan", "planned", is_flag=True, help="Only show what would change."),
        click.option("--all", "whole", is_flag=True, help="Show every file of the plan."),
        click.option("--yes", "-y", is_flag=True, help="Do it without asking."),
        click.option(
            "--allow",
            "allowed",
            multiple=True,
            metavar="GUARD",
            callback=_guards,
            help="Let what a guard objects to pass, by the name that it gives; several times.",
        ),
        click.option(
            "--break-lock",
            "breaking",
            is_flag=True,
            help="Take the target over from a deploy that has died elsewhere.",
        ),
        click.option(
            "--thorough",
            is_flag=True,
            help="Believe nothing about the target: compare the bytes of every file.",
        ),
        click.option(
            "--no-check", "unchecked", is_flag=True, help="Do not ask the live address after."
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("target", required=False)
@_wishing
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="What to send. Without it: output/ in the site's folder.",
)
@click.pass_obj
def deploy(folder: Path | None, /, target: str | None, output: Path | None, **given: Any) -> None:
    """Publish output/ to a target.

    Shows what readers will notice, and asks. Where there is no terminal to ask on, --yes is needed.
    Exits with 1 when something fails, with 3 when a guard objects, with 4 when readers do not get
    what was sent.
    """
    from builder.deploy.command_line import CommandLine
    from builder.deploy.deploy import prepare

    root, wishes = find_root(folder), DeployOptions(**given)
    config, name = _target(root, target)
    place = Path(os.path.abspath(output or root / "output"))  # noqa: PTH100
    options = make_options(root, None, False, None)
    with _reached(root, config, name) as (settings, reach):
        to = (root, config, name, settings, reach)
        found = prepare(*to, place, options, wishes.thorough, CommandLine(folder, output))
        _carry_out(name, found, wishes)


@click.command()
@click.argument("target")
@click.argument("release", required=False)
@_wishing
@click.pass_obj
def rollback(folder: Path | None, /, target: str, release: str | None, **given: Any) -> None:
    """Bring back an earlier release.

    Without RELEASE, brings back the one before the live release.

    The beginning of a release's id will do. What is brought back is a release of its own, so that a
    rollback can be rolled back.
    """
    from builder.deploy.command_line import CommandLine
    from builder.deploy.deploy import roll_back

    root, wishes = find_root(folder), DeployOptions(**given)
    config, name = _target(root, target)
    now = make_options(root, None, False, None).now
    with _reached(root, config, name) as (settings, reach):
        to = (root, name, settings, reach)
        found = roll_back(*to, release or "", now, wishes.thorough, CommandLine(folder))
        _carry_out(name, found, wishes)


@contextmanager
def _reached(root: Path, config: Config, name: str) -> Iterator[tuple[Settings, Target]]:
    """A target of the site, as long as it is needed. What goes wrong with it is said in words, and
    whatever ends this process, but for a kill, lets go of it first."""
    from builder.deploy.deploy import reached
    from builder.deploy.target import DeployError

    try:
        with _ended_as_by_key(), reached(root, config, name) as found:
            yield found
    except DeployError as error:
        raise click.ClickException(_printable_lines(str(error))) from None


@contextmanager
def _ended_as_by_key() -> Iterator[None]:
    """What asks this process to end is to it as Ctrl-C is: CI ends a run so, and a terminal that is
    closed what runs in it."""
    asked = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    before = {it: signal.signal(it, signal.default_int_handler) for it in asked if it}
    try:
        yield
    finally:
        for it, handler in before.items():
            signal.signal(it, handler)


def _carry_out(name: str, found: Deploy, wishes: DeployOptions) -> None:
    """Show a plan, and where that is agreed to, do what it says."""
    from builder.deploy.deploy import execute

    for line in plan_lines(name, found, wishes.whole):
        say(line)
    if not _agreed(found, wishes):
        return
    if found.plan.idle:  # what was sent may not have come to readers yet
        _after(found, found.plan.live or found.plan.new, wishes.unchecked)
        return
    bar = ProgressBar()
    try:
        execute(found, wishes.breaking, bar.show)
    except KeyboardInterrupt:
        raise click.ClickException(
            "broken off; every file that readers get is whole, and the next deploy completes it"
        ) from None
    finally:
        bar.close()
    new = found.plan.new
    say(f"{name} has release {new.id}{f', which is {new.again} again' if new.again else ''}.")
    _after(found, new, wishes.unchecked)


@click.command()
@click.argument("target", required=False)
@click.pass_obj
def releases(folder: Path | None, target: str | None) -> None:
    """List the releases of a target.

    The live release is marked.
    """
    from builder.deploy.archive import ReleaseArchive

    root = find_root(folder)
    config, name = _target(root, target)
    with _reached(root, config, name) as (_, reach):
        seen, keeping = reach.look(False), ReleaseArchive(root, name)
        names = sorted({*seen.history, *keeping.releases()})
        found = [r for n in names if (r := keeping.read(n) or reach.read(n))]
    live = seen.live.id if seen.live else ""
    for release in found:
        say(_release_line(release, release.id == live, release.id in seen.history))
    for begun in seen.begun:
        say(f"The deploy of {begun.id} has not ended; the next one completes it.")
    if not found:
        say(f"Nothing was deployed to {name} yet.")


@click.command()
@click.argument("target")
@click.argument("a")
@click.argument("b", required=False)
@click.pass_obj
def diff(folder: Path | None, target: str, a: str, b: str | None) -> None:
    """Show what changed between two releases.

    Compares release A of TARGET with release B, or with the live release.
    """
    from builder.deploy.archive import ReleaseArchive
    from builder.deploy.command_line import CommandLine
    from builder.deploy.deploy import find_release
    from builder.deploy.target import DeployError

    root = find_root(folder)
    config, name = _target(root, target)
    with _reached(root, config, name) as (_, reach):
        keeping, live = ReleaseArchive(root, name), reach.look(False).live
        if b is None and live is None:
            raise DeployError(f"nothing was deployed to {name} yet")
        old = find_release(reach, keeping, a, CommandLine(folder))
        new = find_release(reach, keeping, b, CommandLine(folder)) if b else live
    assert new is not None
    lines = [*_difference(old, new)]
    for line in lines:
        say(line)
    if not lines:
        say(f"{old.id} and {new.id} are the same site.")


def _after(found: Deploy, release: Release, unchecked: bool) -> None:
    """See that readers get the release that was sent, and tell those who want to know, also of what
    readers did not get until now. Exits where they do not."""
    from builder.deploy.notify import notify
    from builder.deploy.verify import differences, wait_for

    url, keeping = found.settings.url.rstrip("/"), found.keeping
    if url and not unchecked:
        patience = _PATIENCE_GIT if found.settings.kind == "git" else _PATIENCE
        late = wait_for(url, release, patience)
        wrong = [late] if late else [*differences(url, release, found.content)]
        for line in wrong:
            click.echo(_printable_lines(f"warning: {url} {line}"), err=True)
        if wrong:
            raise click.exceptions.Exit(NOT_SERVED)
        say(f"Readers get it at {url}/.")
    news = keeping.untold()
    for whom, trouble in notify(news, release, found.settings, url or release.site):
        say(f"{whom} was told." if not trouble else f"note: {whom} was not told: {trouble}")
    keeping.all_told()


# --- in words ----------------------------------------------------------------------------------


def _printable_lines(text: str) -> str:
    """Lines without control characters: what others wrote on a target never drives the terminal."""
    from builder.diagnostics.report import printable

    return "\n".join(printable(line) for line in text.splitlines())


def plan_lines(name: str, found: Deploy, whole: bool) -> Iterator[str]:
    """A plan as the terminal shows it."""
    plan = found.plan
    if plan.idle:
        yield f"{name} has this very site: release {plan.live.id if plan.live else ''}."
    else:
        yield f"{name} ({found.settings.to}): {_now_live(plan)}"
        for word, sign, paths in (
            ("added", "+", plan.added),
            ("changed", "~", plan.changed),
            ("removed", "-", plan.removed),
        ):
            yield from _some_files(word, sign, paths, whole)
        yield f"  {len(plan.send)} to send, {_bytes(plan.size)}; {len(plan.drop)} to remove"
        for item in plan.items:
            yield f"  feeds will show as new: {item.title}"
        for path in found.foreign:
            yield f"  note: {path} is not Slugline's, and is sent too"
    for note in plan.seen.notes:
        yield f"  note: {note}"
    for refusal in found.refused:
        yield f"  {refusal.guard}: {refusal.reason}"


def _now_live(plan: DeployPlan) -> str:
    if plan.seen.begun and plan.live is None:
        return "a first deploy was broken off, and is completed"
    if plan.live is None:
        return "nothing is there yet"
    return f"release {plan.live.id} is live{_broken_off(len(plan.seen.begun))}"


def _broken_off(deploys: int) -> str:
    if deploys < 2:
        return "; a deploy was broken off, and is completed" if deploys else ""
    return f"; {deploys} deploys were broken off, and are completed"


def _some_files(word: str, sign: str, paths: tuple[str, ...], whole: bool) -> Iterator[str]:
    if not paths:
        return
    yield f"  {len(paths)} {word}"
    shown = paths if whole else paths[:_SHOWN]
    for path in shown:
        yield f"    {sign} /{path.removesuffix('index.html')}"
    if len(paths) > len(shown):
        yield f"    and {len(paths) - len(shown)} more (--all shows them)"


def _difference(old: Release, new: Release) -> Iterator[str]:
    from builder.deploy.release import STAMP

    a, b = old.files, new.files
    rows = [(path, "-") for path in a.keys() - b.keys()]
    rows += [(path, "+") for path in b.keys() - a.keys()]
    rows += [(path, "~") for path in a.keys() & b.keys() if a[path].digest != b[path].digest]
    for path, sign in sorted(rows):
        if path != STAMP:
            yield f"{sign} /{path.removesuffix('index.html')}"


def _release_line(release: Release, live: bool, there: bool) -> str:
    mark = "*" if live else " "
    what = f"{len(release.pages)} pages, {_bytes(sum(f.size for f in release.files.values()))}"
    revision = f", revision {release.revision[:12]}" if release.revision else ""
    again = f", {release.again} again" if release.again else ""
    gone = "" if there else ", known only here"
    return f"{mark} {release.id}  {release.at}  {what}{revision}{again}{gone}"


def _bytes(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1e3:.1f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"


# --- whether ------------------------------------------------------------------------------------


def _target(root: Path, name: str | None) -> tuple[Config, str]:
    """The target that is meant: the only one need not be named."""
    from builder.content.config import read_config
    from builder.diagnostics.diagnostic import ContentError
    from builder.names.suggest import did_you_mean

    config = read_config(root)
    errors = [problem for problem in config.problems if problem.severity == "error"]
    if errors:
        raise ContentError(errors)
    known = config.settings.deploy
    if not known:
        raise click.UsageError("site.yaml has no `deploy`; docs/deploys.md says how to add one")
    if name is None and len(known) == 1:
        return config, next(iter(known))
    if name is None:
        raise click.UsageError(f"name a target: {', '.join(known)}")
    if name not in known:
        hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
        raise click.UsageError(f"site.yaml has no target `{name}`; {hint}")
    return config, name


def _agreed(found: Deploy, wishes: DeployOptions) -> bool:
    """Whether the plan is to be carried out. Exits where a guard objects."""
    left = [refusal.guard for refusal in found.refused if refusal.guard not in wishes.allowed]
    if left:
        say(f"Refused: {'; '.join(sorted(left))}.")
        words = " ".join(f"--allow {guard}" for guard in left)
        say(f"What is right all the same passes with --allow: {words}")
        raise click.exceptions.Exit(REFUSED)
    if found.plan.idle:
        say("Nothing to do.")
    if wishes.planned:
        return False
    if wishes.yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        if not found.plan.idle:
            say("This was the plan; --yes carries it out.")
        return False
    return found.plan.idle or click.confirm("Send it?", default=False)
