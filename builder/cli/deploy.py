"""The commands that publish a site and restore earlier releases.

What they need of the program is imported when they run."""

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
from builder.cli.history import build_with_histories, histories_due, keep_histories
from builder.cli.options import find_root, make_options
from builder.cli.targets import find_target

if TYPE_CHECKING:
    from builder.content.config import Config
    from builder.deploy.deploy import Deploy
    from builder.deploy.plan import DeployPlan
    from builder.deploy.release import Release
    from builder.deploy.target import Target
    from builder.model.targets import TargetSettings as Settings

REFUSED = 3  # exit code: a guard does not let the plan pass
NOT_SERVED = 4  # exit code: readers do not get what was sent
_LONGEST_REASON = 500
_MAX_SHOWN = 12  # files of each kind in a plan


def _check_guards(ctx: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> Any:
    """Return the names of guards, if all of them are known."""
    if names:
        from builder.deploy.guards import GUARDS
        from builder.names.suggest import did_you_mean

        known = [guard.name for guard in GUARDS]
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known) or f"choose from {', '.join(known)}"
                raise click.BadParameter(f"there is no guard `{name}`; {hint}")
    return names


class DeployOptions(NamedTuple):
    """The options that `deploy` and `rollback` share."""

    planned: bool
    show_all: bool
    yes: bool
    allowed: tuple[str, ...]
    break_lock: bool
    thorough: bool
    unchecked: bool
    reason: str


def _deploy_options(command: Any) -> Any:
    """Add the options of `DeployOptions` to a command."""
    for option in (
        click.option("--plan", "planned", is_flag=True, help="Only show what would change."),
        click.option("--all", "show_all", is_flag=True, help="Show every file of the plan."),
        click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation."),
        click.option(
            "--allow",
            "allowed",
            multiple=True,
            metavar="GUARD",
            callback=_check_guards,
            help="Deploy although this guard objects. Can be repeated.",
        ),
        click.option(
            "--reason",
            default="",
            metavar="TEXT",
            help="Why a silent change may pass, or a release is restored. The record keeps it.",
        ),
        click.option(
            "--break-lock",
            is_flag=True,
            help="Take the target's lock from a deploy that has died on another machine.",
        ),
        click.option(
            "--thorough",
            is_flag=True,
            help="Compare the content of every file with the target's, not only the records.",
        ),
        click.option(
            "--no-check",
            "unchecked",
            is_flag=True,
            help="Do not check afterwards what readers get.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("target", required=False)
@_deploy_options
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to publish (default: output/ in the site's folder).",
)
@click.pass_obj
def deploy(folder: Path | None, /, target: str | None, output: Path | None, **given: Any) -> None:
    """Publish output/ to a target.

    Shows what readers will notice and asks for confirmation. Without a terminal, --yes is required.
    The exit code is 1 after an error, 3 if a guard objects, and 4 if readers do not get what was
    sent.
    """
    from builder.deploy.command_line import CommandLine
    from builder.deploy.deploy import prepare

    root, options = find_root(folder), DeployOptions(**given)
    reason = _reason(options)
    config, name = find_target(root, target)
    place = Path(os.path.abspath(output or root / "output"))  # noqa: PTH100
    build_options = make_options(root, None, False, None)
    with _open_target(root, config, name) as (settings, opened):
        to = (root, config, name, settings, opened)
        command_line = CommandLine(folder, output)
        rest = (place, build_options, options.thorough, command_line, reason)
        prepared = prepare(*to, *rest)
        if due := histories_due(root, config, prepared):
            if _is_carried_out(prepared, options):
                build_with_histories(root, place, prepared, due, build_options)
                prepared = prepare(*to, *rest)
            else:
                number = f"{len(due)} brief{'' if len(due) == 1 else 's'}"
                say(f"note: the deploy first builds the history of {number}, and sends it too")
        if _carry_out(name, prepared, options):
            keep_histories(root, config, prepared, place)


@click.command()
@click.argument("target")
@click.argument("release", required=False)
@_deploy_options
@click.pass_obj
def rollback(folder: Path | None, /, target: str, release: str | None, **given: Any) -> None:
    """Bring back an earlier release.

    Without RELEASE, brings back the one before the live release.

    RELEASE is the id of a release, or the beginning of one. A rollback creates a new release, so
    you can roll it back too.
    """
    from builder.deploy.command_line import CommandLine
    from builder.deploy.deploy import roll_back

    root, options = find_root(folder), DeployOptions(**given)
    config, name = find_target(root, target)
    now = make_options(root, None, False, None).now
    with _open_target(root, config, name) as (settings, opened):
        to = (root, name, settings, opened)
        line, reason = CommandLine(folder), options.reason.strip()
        prepared = roll_back(*to, release or "", now, options.thorough, line, reason)
        if _carry_out(name, prepared, options):
            keep_histories(root, config, prepared, root / "output")


def _reason(options: DeployOptions) -> str:
    """Return the reason for which a silent change may pass."""
    from builder.deploy.guards import SILENT

    reason = " ".join(options.reason.split())
    if (SILENT in options.allowed) is not bool(reason):
        raise click.UsageError(
            f"`--allow {SILENT}` and `--reason TEXT` belong together: the record of the"
            " release keeps the reason"
        )
    if len(reason) > _LONGEST_REASON:
        raise click.UsageError(f"shorten the reason to {_LONGEST_REASON} characters")
    return reason


@contextmanager
def _open_target(root: Path, config: Config, name: str) -> Iterator[tuple[Settings, Target]]:
    """Open a target of the site, and close it afterwards.

    Also closes it if a signal ends this process. Turns every DeployError into an error of the
    command."""
    from builder.deploy.deploy import open_target
    from builder.deploy.target import DeployError

    try:
        with _signals_interrupt(), open_target(root, config, name) as found:
            yield found
    except DeployError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Handle SIGTERM and SIGHUP like Ctrl-C.

    CI sends the former, a closed terminal the latter."""
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    before = {n: signal.signal(n, signal.default_int_handler) for n in numbers if n}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _carry_out(name: str, prepared: Deploy, options: DeployOptions) -> bool:
    """Show a plan and, if that is confirmed, carry it out.

    Returns whether readers have its release."""
    from builder.deploy.deploy import execute

    for line in plan_lines(name, prepared, options.show_all):
        say(line)
    if not _is_confirmed(prepared, options):
        return False
    if prepared.plan.idle:  # readers may not get the release yet that was sent before
        live = prepared.plan.live or prepared.plan.new
        _verify_and_notify(prepared, live, options.unchecked)
        return True
    bar = ProgressBar()
    try:
        execute(prepared, options.break_lock, bar.show)
    except KeyboardInterrupt:
        raise click.ClickException(
            "interrupted; readers get only whole files, and the next deploy completes this one"
        ) from None
    finally:
        bar.close()
    new = prepared.plan.new
    restored = f", which restores {new.restores}" if new.restores else ""
    say(f"{name} now has release {new.id}{restored}.")
    _verify_and_notify(prepared, new, options.unchecked)
    return True


@click.command()
@click.argument("target", required=False)
@click.pass_obj
def releases(folder: Path | None, target: str | None) -> None:
    """List the releases of a target.

    The live release is marked with an asterisk.
    """
    from builder.deploy.archive import ReleaseArchive

    root = find_root(folder)
    config, name = find_target(root, target)
    with _open_target(root, config, name) as (_, opened):
        state, archive = opened.read_state(False), ReleaseArchive(root, name)
        ids = sorted({*state.history, *archive.releases()})
        found = [r for n in ids if (r := archive.read_record(n) or opened.read_record(n))]
    live = state.live.id if state.live else ""
    for release in found:
        say(_release_line(release, release.id == live, release.id in state.history))
    for unfinished in state.unfinished:
        say(f"The deploy of {unfinished.id} was interrupted; the next deploy completes it.")
    if not found:
        say(f"Nothing has been deployed to {name} yet.")


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
    config, name = find_target(root, target)
    with _open_target(root, config, name) as (_, opened):
        archive, live = ReleaseArchive(root, name), opened.read_state(False).live
        if b is None and live is None:
            raise DeployError(f"nothing has been deployed to {name} yet")
        old = find_release(opened, archive, a, CommandLine(folder))
        new = find_release(opened, archive, b, CommandLine(folder)) if b else live
    assert new is not None
    lines = [*_difference(old, new)]
    for line in lines:
        say(line)
    if not lines:
        say(f"{old.id} and {new.id} have the same files.")


def _verify_and_notify(prepared: Deploy, release: Release, unchecked: bool) -> None:
    """Check that readers get a release, and send the pending notifications.

    Exits if readers do not get it. The notifications then stay pending."""
    from builder.deploy.kinds import find_declaration
    from builder.deploy.notify import notify
    from builder.deploy.verify import differences, wait_for
    from builder.diagnostics.report import printable_lines

    settings, archive = prepared.settings, prepared.archive
    url = settings.url.rstrip("/")
    if url and not unchecked:
        late = wait_for(url, release, find_declaration(settings.kind).propagation)
        found = [late] if late else [*differences(url, release, prepared.content)]
        for line in found:
            click.echo(printable_lines(f"warning: {url} {line}"), err=True)
        if found:
            raise click.exceptions.Exit(NOT_SERVED)
        say(f"Readers get this release at {url}/.")
    for recipient, problem in notify(archive.pending(), release, settings, url or release.site):
        if problem:
            say(f"note: {recipient} could not be notified: {problem}")
        else:
            say(f"Notified {recipient}.")
    archive.clear_pending()


# --- output ------------------------------------------------------------------------------------


def plan_lines(name: str, prepared: Deploy, show_all: bool) -> Iterator[str]:
    """Yield the lines that show a plan."""
    plan = prepared.plan
    if plan.idle:
        yield f"{name} already has these files: release {plan.live.id if plan.live else ''}."
    else:
        yield f"{name} ({prepared.settings.to}): {_live_line(plan)}"
        for word, sign, paths in (
            ("added", "+", plan.added),
            ("changed", "~", plan.changed),
            ("removed", "-", plan.removed),
        ):
            yield from _file_lines(word, sign, paths, show_all)
        yield f"  {len(plan.send)} to send, {_bytes(plan.size)}; {len(plan.remove)} to remove"
        for item in plan.items:
            yield f"  new in feeds: {item.title}"
        for path in prepared.foreign:
            yield f"  note: Slugline did not write {path}, which is sent too"
    for note in plan.state.notes:
        yield f"  note: {note}"
    for refusal in prepared.refusals:
        yield f"  {refusal.guard}: {refusal.reason}"
        yield from (f"    {line}" for line in refusal.details)


def _live_line(plan: DeployPlan) -> str:
    count = len(plan.state.unfinished)
    if plan.live is None and count:
        return "the first deploy was interrupted; this one completes it"
    if plan.live is None:
        return "nothing has been deployed yet"
    live = f"release {plan.live.id} is live"
    if not count:
        return live
    if count == 1:
        return f"{live}; a deploy was interrupted, and this one completes it"
    return f"{live}; {count} deploys were interrupted, and this one completes them"


def _file_lines(word: str, sign: str, paths: tuple[str, ...], show_all: bool) -> Iterator[str]:
    if not paths:
        return
    yield f"  {len(paths)} {word}"
    shown = paths if show_all else paths[:_MAX_SHOWN]
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


def _release_line(release: Release, live: bool, on_target: bool) -> str:
    mark = "*" if live else " "
    size = _bytes(sum(file.size for file in release.files.values()))
    revision = f", revision {release.revision[:12]}" if release.revision else ""
    restored = f", restores {release.restores}" if release.restores else ""
    local = "" if on_target else ", only on this machine"
    pages = f"{len(release.pages)} pages, {size}"
    return f"{mark} {release.id}  {release.at}  {pages}{revision}{restored}{local}"


def _bytes(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1e3:.1f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"


# --- confirmation ------------------------------------------------------------------------------


def _refused(prepared: Deploy, options: DeployOptions) -> list[str]:
    """Return the guards without --allow that object."""
    return [r.guard for r in prepared.refusals if r.guard not in options.allowed]


def _is_carried_out(prepared: Deploy, options: DeployOptions) -> bool:
    """Return whether a plan is carried out if its user agrees.

    The addresses of histories that are missing come back with them."""
    from builder.deploy.guards import REMOVED

    asked = options.yes or (sys.stdin.isatty() and sys.stdout.isatty())
    return asked and not options.planned and {*_refused(prepared, options)} <= {REMOVED}


def _is_confirmed(prepared: Deploy, options: DeployOptions) -> bool:
    """Return whether to carry out the plan.

    Exits if a guard without --allow objects."""
    refused = _refused(prepared, options)
    if refused:
        say(f"Refused: {'; '.join(sorted(refused))}.")
        words = " ".join(f"--allow {guard}" for guard in refused)
        say(f"To deploy all the same, add: {words}")
        raise click.exceptions.Exit(REFUSED)
    if prepared.plan.idle:
        say("Nothing to do.")
    if options.planned:
        return False
    if options.yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        if not prepared.plan.idle:
            say("Nothing was sent; add --yes to carry out this plan.")
        return False
    return prepared.plan.idle or click.confirm("Deploy this?", default=False)
