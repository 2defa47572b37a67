"""The `slugline` command: the only module that prints or exits.

What a command needs is imported when it runs, so that `slugline --help` is quick."""

from __future__ import annotations

import gc
import os
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from builder.diagnostics.diagnostic import Diagnostic
    from builder.editing.census import Census, Group, Known
    from builder.editing.merge import Draft
    from builder.engine.options import (
        Due,
        Options,
        Result,
        Stale,
    )
    from builder.serve.messages import (
        Built,
        DeskBrief,
        Failed,
        Polling,
        Serving,
    )

# Commands in modules of their own, which are loaded when one of them runs.
_LATER = dict.fromkeys(("deploy", "releases", "rollback", "diff"), "builder.cli.deploy")

CONTENT_ERROR = 1  # exit codes; 2 is click's, for wrong usage
NOTHING_DUE = 3


class _Commands(click.Group):
    """Commands in the order in which a newcomer needs them, and one place for what goes wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = list(self.commands)
        after = names.index("check") + 1
        return [*names[:after], *_LATER, *names[after:]]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _LATER:
            return super().get_command(ctx, cmd_name)
        found: click.Command = getattr(import_module(_LATER[cmd_name]), cmd_name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click's own; `slugline check | head` has read enough
        except OSError as error:
            if error.filename is not None:
                raise _fault(error) from error
            raise click.ClickException(
                f"the messages cannot be written: {error.strerror}"
            ) from None
        except Exception as error:
            from builder.diagnostics.diagnostic import ContentError
            from builder.output.tree import OutputError
            from builder.parallel import WorkerDied

            if isinstance(error, ContentError):
                _show(error.diagnostics)
                ctx.exit(CONTENT_ERROR)
            if isinstance(error, (OutputError, WorkerDied)):
                raise click.ClickException(str(error)) from error
            raise _fault(error) from error


def _fault(error: Exception) -> Exception:
    """What to say of a fault of the program: nobody should see a traceback unasked."""
    if os.environ.get("SLUGLINE_DEBUG"):
        return error
    return click.ClickException(
        f"this is a fault in Slugline, not in the content: {type(error).__name__}: {error}\n"
        "Run it again with SLUGLINE_DEBUG=1 and report what it prints."
    )


def run() -> None:
    """The command as a program. It ends without taking apart all that it has in memory, which
    nothing needs and which takes a tenth of a second for a large site."""
    try:
        main(prog_name="slugline")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            code = code or CONTENT_ERROR
        os._exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="slugline")
@click.option(
    "--site",
    "folder",
    type=click.Path(path_type=Path),
    help="The site's folder. Without it: this folder, or the nearest above it with a site.yaml.",
)
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Slugline turns a folder of Markdown briefs into a checked, cross-linked news site.

    Start a site with `slugline init DIR`, add a brief with `slugline new brief "Title"`, see what
    a sub-editor would say with `slugline check`, and make the site with `slugline build`.
    """
    ctx.obj = folder


def _root(folder: Path | None) -> Path:
    """The folder of the site that a command is about."""
    if folder is not None:
        if not (folder / "site.yaml").is_file():
            raise click.UsageError(f"{folder} has no site.yaml")
        return folder
    here = Path.cwd()
    for candidate in (here, *here.parents):
        if (candidate / "site.yaml").is_file():
            return candidate
    raise click.UsageError(
        "there is no site.yaml here or above; `slugline init DIR` makes a site,"
        " and --site names its folder"
    )


# --- build -------------------------------------------------------------------------------------


def _build_options(command: Any) -> Any:
    """The options that build and check share."""
    for option in (
        click.option(
            "--at",
            metavar="MOMENT",
            help="Which briefs are out, as of this moment: 2025-06-15 09:00.",
        ),
        click.option("--drafts", is_flag=True, help="Show drafts and scheduled briefs too."),
        click.option(
            "--jobs", type=click.IntRange(1, 256), help="Processes. Without it: one a processor."
        ),
    ):
        command = option(command)
    return command


@main.command()
@_build_options
@click.option("--base-url", metavar="URL", help="The site's address, instead of site.yaml's.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write. Without it: output/ in the site's folder.",
)
@click.option(
    "--explain",
    metavar="[PATH]",
    is_flag=False,
    flag_value="",
    help="Say why each page was rendered; or, of one page or file, what it is made of.",
)
@click.option("--clean", is_flag=True, help="Forget all earlier builds first.")
@click.option(
    "--verify",
    "verified",
    is_flag=True,
    help="Build again from nothing, elsewhere, and compare every byte.",
)
@click.option(
    "--fingerprint",
    "printed",
    is_flag=True,
    help="Print one digest of all files, to compare machines by.",
)
@click.option("--profile", is_flag=True, help="Print where the time went.")
@click.option(
    "--until-due",
    is_flag=True,
    help="Print only the moment when the next brief appears or expires; exit with 3 if none does.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
@click.pass_obj
def build(
    folder: Path | None,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    base_url: str | None,
    output: Path | None,
    explain: str | None,
    clean: bool,
    verified: bool,
    printed: bool,
    profile: bool,
    until_due: bool,
    quiet: bool,
) -> None:
    """Build the site into output/.

    Only what changed since the last build is read, planned and rendered. When there is a mistake
    in the content or in a template, every mistake is shown and output/ stays as it was.
    """
    from builder.engine.build import build as run

    # A build makes many small values and drops few: looking for cycles among them only costs.
    gc.disable()
    started = time.perf_counter()
    root = _root(folder)
    quiet = quiet or until_due
    # Not resolved: an output folder that is a symbolic link is refused, not followed.
    target = Path(os.path.abspath(output or root / "output"))  # noqa: PTH100
    bar = None if quiet else _ProgressBar()
    options = _options(root, at, drafts, jobs, base_url, bar)
    options = options._replace(clean=clean, explain=explain is not None)
    try:
        result = run(root, target, options)
    finally:
        if bar:
            bar.close()
    # It lasts as long as the command: see `run`.
    click.get_current_context().meta["slugline.result"] = result
    if not quiet:
        if result.problems:
            _show(result.problems)
        for path in result.foreign:
            _say(f"note: {target.name}/{path} is not Slugline's; it was left as it is")
        _say(_closing_line(result, _relative(target), time.perf_counter() - started))
        if result.due:
            _say(f"Due next: {_due(result.due)}")
    if explain is not None:
        _explain(result, explain, root, target)
    if profile:
        _profile(result, started)
    if verified:
        _verify(root, target, options, quiet)
    if printed:
        from builder.engine.build import fingerprint

        _say(fingerprint(target))
    if until_due:
        if result.due is None:
            raise click.exceptions.Exit(NOTHING_DUE)
        _say(result.due.instant)


def _verify(root: Path, target: Path, options: Options, quiet: bool) -> None:
    from builder.engine.build import verify

    differing = verify(root, target, options._replace(progress=None))
    if differing:
        shown = "\n".join(f"  {line}" for line in differing[:20])
        more = f"\n  and {len(differing) - 20} more" if len(differing) > 20 else ""
        raise click.ClickException(
            f"{target.name}/ is not what a build from nothing makes:\n{shown}{more}\n"
            "`slugline build --clean` mends it. Please report it: it should never happen."
        )
    if not quiet:
        _say(f"Verified: a build from nothing makes the same {target.name}/, byte for byte.")


# What each stage of a build does, for --profile.
_STAGES = {
    "look": "looking at files: what changed, what is in the output",
    "read": "reading and parsing content",
    "link": "linking names",
    "templates": "checking templates",
    "arrange": "lists, orders, related briefs",
    "compare": "finding what changed",
    "make": "planning and rendering pages",
    "check": "checking links between pages, sitemap",
    "write": "writing and publishing",
    "remember": "keeping what the next build needs",
}


def _profile(result: Result, started: float) -> None:
    """A table for bug reports."""
    import platform

    total = time.perf_counter() - started
    rows = [(name, result.seconds.get(name, 0.0), text) for name, text in _STAGES.items()]
    rows.append(("start", max(0.0, total - sum(result.seconds.values())), "starting, loading"))
    for name, seconds, text in rows:
        _say(f"{seconds:8.3f} s {100 * seconds / total:4.0f}%  {name:<10} {text}")
    _say(
        f"{total:8.3f} s in all; {result.parsed} files parsed, {len(result.rendered)} of"
        f" {result.pages} pages rendered; Slugline {__version__}, Python"
        f" {platform.python_version()}, {platform.system()}"
    )


def _options(
    root: Path,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    base_url: str | None = None,
    bar: _ProgressBar | None = None,
) -> Options:
    from builder.engine.options import Options

    if base_url is not None:
        base_url = _base_url(base_url)
    show = bar.show if bar else None
    now, told = _now(root, at), at is not None
    return Options(now, base_url or "", drafts, jobs or 0, show, told=told, note=_note)


def _note(text: str) -> None:
    """Something to know while a build runs."""
    click.echo(f"note: {text}", err=True)


def _base_url(text: str) -> str:
    from builder.content.fields import READERS, Misread
    from builder.model.brief import Url

    try:
        address = str(READERS[Url].read(text, None))  # type: ignore[arg-type]
    except Misread as misread:
        raise click.BadParameter(f"{misread}; {misread.hint}", param_hint="--base-url") from None
    if "?" in address or "#" in address:
        raise click.BadParameter("it ends after the path", param_hint="--base-url")
    return address


def _now(root: Path, at: str | None) -> datetime:
    """The moment of a build: --at in the site's time zone, or now."""
    from datetime import UTC, datetime

    if at is None:
        return datetime.now(UTC)
    from builder.content.config import read_config
    from builder.content.fields import Misread, read_moment

    try:
        return read_moment(at, read_config(root).zone).at
    except Misread as misread:
        raise click.BadParameter(f"{misread}; {misread.hint}", param_hint="--at") from None


def _explain(result: Result, path: str, root: Path, target: Path) -> None:
    """Why pages were rendered; of one page, or what comes from one file, also what it is made
    of."""
    rendered = {stale.url: stale for stale in result.rendered}
    if not path:
        for stale in result.rendered:
            _say(f"{stale.url}: {_why(stale)}")
        for file in result.dropped:
            _say(f"/{file.removesuffix('index.html')}: removed, nothing makes it any more")
        return
    asked = _asked(path, result, root, target)
    found = {
        url: made
        for url, made in result.made_of.items()
        if asked in (url, f"{url}index.html", made.origin, made.path)
    }
    if not found and asked in result.unseen:
        _say(f"{asked} makes no page now: it is a draft, waits for its day, or has expired.")
        return
    if not found:
        from builder.names.register import did_you_mean

        origins = (made.origin for made in result.made_of.values())
        hint = did_you_mean(asked, [*result.made_of, *origins])
        hint = hint or "name a page (/briefs/…/) or a file of content/"
        raise click.UsageError(f"no page is called {path}, or comes from it; {hint}")
    for url, made in found.items():
        state = f"rendered: {_why(rendered[url])}" if url in rendered else "not rendered: as it was"
        _say(f"{url}: {state}")
        _say(f"  template {made.template}; made of:")
        for fact in made.facts:
            _say(f"  - {fact}")


def _asked(path: str, result: Result, root: Path, target: Path) -> str:
    """A page's address, or a file's path below the site's folder, however it was written."""
    base_url = result.manifest.base_url if result.manifest else ""
    if base_url and path.startswith(f"{base_url}/"):
        return path.removeprefix(base_url)
    for folder, lead in ((target, "/"), (root, "")):
        try:
            below = Path(path).absolute().relative_to(folder.absolute()).as_posix()
        except ValueError:
            continue
        if Path(path).exists():
            return f"{lead}{below}".removesuffix("index.html")
    if (root / path).is_file() and not path.startswith("/"):
        return Path(path).as_posix()
    return path if path.startswith("/") else f"/{path}"


def _why(stale: Stale) -> str:
    text = ", ".join(stale.reasons)
    if not stale.causes:
        return text
    more = f" and {len(stale.causes) - 3} more" if len(stale.causes) > 3 else ""
    return f"{text} (from: {'; '.join(stale.causes[:3])}{more})"


def _closing_line(result: Result, target: str, seconds: float) -> str:
    briefs = result.briefs
    rendered = len(result.rendered)
    what = f"{result.pages} pages from {briefs} brief{'' if briefs == 1 else 's'}"
    if rendered == result.pages:
        how = "all rendered"
    elif rendered:
        how = f"{rendered} rendered, {result.pages - rendered} unchanged"
    else:
        how = "nothing to render"
    removed = f", {len(result.dropped)} removed" if result.dropped else ""
    return f"Built {what} in {seconds:.1f} s ({how}{removed}). Open {target}/index.html"


def _due(due: Due) -> str:
    """What falls due, and when in the site's time zone."""
    return f"{due.at:%Y-%m-%d %H:%M}  “{due.title}” {due.event}"


class _ProgressBar:
    """A bar on a terminal, once a build has taken a second."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.shown = False
        self.possible = sys.stderr.isatty()

    def show(self, stage: str, done: int, total: int) -> None:
        if not self.possible or time.perf_counter() - self.started < 1:
            return
        if total:
            filled = 24 * done // total
            text = f"{stage} [{'#' * filled}{'.' * (24 - filled)}] {done} of {total}"
        else:
            text = f"{stage} {done}"
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)
        self.shown = True

    def close(self) -> None:
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)


# --- serve -------------------------------------------------------------------------------------

_EDITOR = "vscode://file{path}:{line}:{column}"


@main.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where to listen; when it is taken, the next one that is free.",
)
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="0.0.0.0 lets a phone on the same network see the preview, and anybody else.",
)
@click.option("--open", "opened", is_flag=True, help="Open the preview in the browser.")
@click.option("--reload/--no-reload", default=True, help="Pages that changed reload by themselves.")
@click.option("--poll", is_flag=True, help="Look at all files every second: for network folders.")
@click.option("--drafts/--no-drafts", default=True, help="Show drafts and scheduled briefs too.")
@click.option("--at", metavar="MOMENT", help="Show the site as of this moment: 2025-06-15 09:00.")
@click.option(
    "--editor",
    metavar="URL",
    default=_EDITOR,
    envvar="SLUGLINE_EDITOR",
    show_default=True,
    show_envvar=True,
    help="What opens a file at a line, with {path}, {line} and {column}.",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes. Without it: one a processor.")
@click.pass_obj
def serve(
    folder: Path | None,
    port: int,
    host: str,
    opened: bool,
    reload: bool,
    poll: bool,
    drafts: bool,
    at: str | None,
    editor: str,
    jobs: int | None,
) -> None:
    """Show the site in a browser while you write.

    Every save is built at once, and the pages that changed reload. On a mistake the last good page
    stays, and says what is wrong. output/ is not touched.
    """
    from builder.serve.command import serve as start
    from builder.serve.messages import Serving
    from builder.serve.rebuild import AlreadyServed, Ended, folder_of
    from builder.serve.sockets import CannotListen

    root = _root(folder).absolute()
    preview = _Preview(_ProgressBar(), opened)
    options = _options(root, at, drafts, jobs, None, preview.bar)
    serving = Serving(root, folder_of(root), host, port, reload, poll, editor)
    try:
        start(serving, options, at is not None, preview.ready, preview.report)
    except KeyboardInterrupt:
        preview.bar.close()
        _say("Stopped.")
    except AlreadyServed as already:
        where = f" at {already}" if str(already) else ""
        raise click.ClickException(f"a preview of this site runs already{where}") from None
    except CannotListen as error:
        raise click.ClickException(str(error)) from None
    except Ended:
        raise click.ClickException("the process that serves has ended; start it again") from None


class _Preview:
    """What the terminal tells of a preview: a line of each build, two of one that failed."""

    def __init__(self, bar: _ProgressBar, opened: bool) -> None:
        self.bar, self.opened = bar, opened
        self.warnings, self.failed = 0, False

    def ready(self, serving: Serving) -> None:
        """It listens."""
        from builder.serve.command import phone_url, url_of

        url = url_of(serving)
        _say(f"Preview: {url}   Desk: {url}_desk/   (Ctrl-C ends it.)")
        if serving.host not in ("localhost", "127.0.0.1", "::1"):
            click.echo(
                "warning: everybody on this network can see the preview, drafts too."
                f" From a phone: {phone_url(serving)}",
                err=True,
            )
        if self.opened:
            import webbrowser

            webbrowser.open(url)

    def report(self, told: Built | Failed | Polling) -> None:
        """A build ended, or changes have to be looked for."""
        from builder.serve.messages import Built, Failed

        self.bar.close()
        clock = time.strftime("%H:%M:%S")
        if isinstance(told, Built):
            if text := self._of_build(told):
                _say(f"{clock}  {text}")
        elif isinstance(told, Failed):
            self.failed = True
            for line in _of_failure(told):
                _say(f"{clock}  {line}")
                clock = " " * len(clock)
        else:
            _note(f"{told.why}: all files are looked at every second")

    def _of_build(self, built: Built) -> str:
        """What changed, if anything did."""
        changed, found = len(built.changed), len(built.problems)
        parts = []
        if changed:
            parts.append(f"{changed} file{'' if changed == 1 else 's'} in {built.seconds:.2f} s")
        elif self.failed:
            parts.append("all is well again")
        if found != self.warnings:
            parts.append(f"{found} warning{'' if found == 1 else 's'}, see the desk")
        self.warnings, self.failed = found, False
        return "; ".join(parts)


def _of_failure(failed: Failed) -> Iterator[str]:
    """Two lines of a build that failed."""
    errors = [d for d in failed.problems if d.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        yield f"{errors[0].path}:{errors[0].line}: {errors[0].message}{more}"
    else:
        yield failed.message
    yield "The last good pages stay; each shows what is wrong."


# --- check -------------------------------------------------------------------------------------


@main.command()
@_build_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "gitlab"]),
    default="text",
    help="For people, for programs, as annotations on GitHub or as GitLab's code quality report.",
)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--allowed", is_flag=True, help="Only list warnings that files allow, and why.")
@click.pass_obj
def check(
    folder: Path | None,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    form: str,
    strict: bool,
    allowed: bool,
) -> None:
    """Say everything that is wrong, without writing the site.

    Exits with 0 when the site can be built, with 1 when it cannot, with 2 when the command was
    not understood. Every page is rendered too, so that a template's mistake is found.
    """
    from builder.diagnostics import diagnostic as d
    from builder.engine.build import check as run

    root = _root(folder)
    silent: tuple[tuple[Diagnostic, str], ...] = ()
    try:
        result = run(root, _options(root, at, drafts, jobs))
        found, silent = list(result.problems), result.allowed
    except d.ContentError as error:
        found = list(error.diagnostics)
    errors, warnings = d.count(found)
    if allowed and not errors:  # with one, it is not known what would be warned of
        for diagnostic, reason in silent:
            _say(f"{diagnostic.path}:{diagnostic.line}: {diagnostic.code}: {diagnostic.message}")
            _say(f"    allowed: {' '.join(reason.split())}")
        _say(f"{len(silent)} allowed." if silent else "Nothing is allowed.")
        return
    if form == "json":
        click.echo(d.as_json(found))
    elif form == "gitlab":
        click.echo(d.as_gitlab(found))
    elif form == "github":
        if found:
            click.echo(d.as_github(found))
    elif found:
        _show(found, out=True)
    else:
        click.echo("Nothing to report.")
    if errors or (strict and warnings):
        raise click.exceptions.Exit(CONTENT_ERROR)


@main.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a CODE of `check` means, why it matters, and how it is put right.

    Without one: every code, with a line about each.
    """
    from builder.diagnostics.codes import CODES
    from builder.diagnostics.explain import page_of
    from builder.names.register import did_you_mean

    if code is None:
        for known in CODES:
            _say(f"{known.name} ({known.severity}): {known.meaning}")
        return
    name = code.strip("[]").removeprefix("error[").removeprefix("warning[")
    if name not in {known.name for known in CODES}:
        hint = did_you_mean(name, [known.name for known in CODES]) or "`slugline explain` lists all"
        raise click.UsageError(f"nothing is called {code}; {hint}")
    for line in page_of(name).rstrip("\n").split("\n"):
        _say(line)


def _show(found: Iterable[Diagnostic], out: bool = False) -> None:
    """Diagnostics on the terminal, errors last: what is read first is nearest to the prompt."""
    from builder.diagnostics import diagnostic as d

    found = list(found)
    ordered = [x for x in found if x.severity == "warning"]
    ordered += [x for x in found if x.severity == "error"]
    stream = sys.stdout if out else sys.stderr
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    click.echo(d.as_text(ordered, colour), err=not out, color=colour)
    click.echo(f"\n{d.summary(found)}", err=not out)


def _say(text: str) -> None:
    from builder.diagnostics.diagnostic import printable

    click.echo(printable(text))


# --- status, hosting ---------------------------------------------------------------------------


@main.command()
@click.option("--at", metavar="MOMENT", help="As of this moment: 2025-06-15 09:00.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site was built. Without it: output/ in the site's folder.",
)
@click.pass_obj
def status(folder: Path | None, at: str | None, output: Path | None) -> None:
    """Say where the site stands: what falls due next, drafts, the last build.

    Nothing is built. `slugline check` says what is wrong.
    """
    from builder.diagnostics.diagnostic import summary
    from builder.engine.status import read_standing

    root = _root(folder)
    target = output or root / "output"
    found = read_standing(root, target, _options(root, at, False, None))
    _say(found.desk.now)
    if found.desk.problems:
        _say(f"{summary(found.desk.problems)}: see `slugline check`")
    if found.built is None:
        _say(f"{_relative(target)}/ has not been built yet")
    else:
        when = f"{found.built:%Y-%m-%d %H:%M}"
        _say(f"{_relative(target)}/ has {found.files} files and last changed {when}")
    for due in found.missed:
        _say(f"  since then: {_due(due)}")
    if found.missed:
        _say("  `slugline build` makes it so")
    _say("")
    _say("Due next" if found.due else "Nothing falls due.")
    for due in found.due[:_MOST_DUE]:
        _say(f"  {_due(due)}  {due.path}")
    if len(found.due) > _MOST_DUE:
        _say(f"  and {len(found.due) - _MOST_DUE} more")
    _list_briefs("Drafts", found.desk.drafts)
    _list_briefs("Scheduled", found.desk.scheduled)
    _list_briefs("About to expire", found.desk.expiring)
    _list_briefs("Saved last", found.desk.changed[:5])
    for title, names in (
        ("Companies without a profile", found.desk.companies),
        ("Topics of one brief", found.desk.topics),
    ):
        if names:
            shown = ", ".join(name.name for name in names[:_MOST_DUE])
            more = f" and {len(names) - _MOST_DUE} more" if len(names) > _MOST_DUE else ""
            _say("")
            _say(f"{title} ({len(names)})")
            _say(f"  {shown}{more}")


_MOST_DUE = 10  # lines of a list


def _list_briefs(title: str, briefs: tuple[DeskBrief, ...]) -> None:
    if briefs:
        _say("")
        _say(f"{title} ({len(briefs)})")
    for brief in briefs[:_MOST_DUE]:
        _say(f"  {brief.date}  “{brief.title}”  {brief.path}")
    if len(briefs) > _MOST_DUE:
        _say(f"  and {len(briefs) - _MOST_DUE} more")


@main.command()
@click.argument("server", type=click.Choice(["caddy", "nginx"]), required=False)
@click.option(
    "--root",
    "served",
    metavar="DIR",
    default="/var/www/site",
    show_default=True,
    help="Where the files of the site lie on the server.",
)
@click.option("--base-url", metavar="URL", help="The site's address, instead of site.yaml's.")
@click.pass_obj
def hosting(folder: Path | None, server: str | None, served: str, base_url: str | None) -> None:
    """Print the configuration of a SERVER: caddy or nginx.

    It has types, caching, redirects and security headers of this site. Print it again when a
    redirect was added or a template got a script. Without SERVER it is the one that site.yaml
    names as `hosting`.
    """
    from builder.content.config import read_config
    from builder.engine.status import read_hosted
    from builder.hosting.servers import PRINTED, WRITTEN

    root = _root(folder)
    server = server or read_config(root).settings.hosting or ""
    if server in WRITTEN:
        raise click.UsageError(
            f"for {server}, `slugline build` writes {' and '.join(WRITTEN[server])} into output/;"
            " there is nothing to print"
        )
    if not server:
        raise click.UsageError("name a server, caddy or nginx, or set `hosting` in site.yaml")
    if re.search(r"[\s;{}\"'#$]", served):
        raise click.BadParameter("it has a character that a server reads", param_hint="--root")
    hosted = read_hosted(root, _options(root, None, False, None, base_url))
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?", hosted.base_url):
        raise click.ClickException(
            f"{hosted.base_url} has a character that a server reads; write it in ASCII, as in xn--…"
        )
    click.echo(PRINTED[server](hosted, served.rstrip("/")), nl=False)


# --- names -------------------------------------------------------------------------------------

_KINDS = click.Choice(["topics", "people", "companies", "publishers"])


@main.group(invoke_without_command=True)
@click.option("--kind", type=_KINDS, help="Only names of this kind.")
@click.option("--apply", "applied", is_flag=True, help="Merge them, asking about each group.")
@click.option("--yes", is_flag=True, help="With --apply: merge what is certain, ask nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or for programs.",
)
@click.pass_context
def names(ctx: click.Context, kind: str | None, applied: bool, yes: bool, form: str) -> None:
    """List names that are probably one, spelt in several ways.

    Each group has the name to keep, the others with the reason, how many briefs use each and
    where. --apply rewrites the files, and leaves aliases and redirects behind.
    """
    if ctx.invoked_subcommand:
        return
    from builder.editing.census import KINDS, suggest, take_census

    if yes and not applied:
        raise click.UsageError("--yes goes with --apply")
    if applied and not yes and not sys.stdin.isatty():
        raise click.UsageError("--apply asks on a terminal; --yes takes what is certain")
    root = _root(ctx.obj)
    census = take_census(root, _options(root, None, True, None))
    groups = suggest(census, [k for k in KINDS if kind in (None, k)])
    if applied:
        _apply_names(root, census, groups, yes)
    elif form == "json":
        click.echo(_names_as_json(groups))
    elif groups:
        for line in _names_as_text(root, groups):
            _say(line)
        _say("`slugline names --apply` merges them, and asks about each;")
        _say("`slugline names distinct NAME NAME` says that two are not one.")
    else:
        _say("No two names resemble each other.")


@names.command("merge")
@click.argument("kind", type=_KINDS)
@click.argument("old")
@click.argument("new")
@click.pass_obj
def names_merge(folder: Path | None, kind: Any, old: str, new: str) -> None:
    """Write NEW wherever OLD, a name of this KIND, is written.

    The file that describes OLD goes; its names become aliases of NEW, and its address leads to it.
    """
    from builder.editing.census import take_census, unheard_of
    from builder.editing.edit import CannotRewrite
    from builder.editing.merge import Draft
    from builder.editing.transaction import CannotExchange
    from builder.names.register import did_you_mean

    root = _root(folder)
    census = take_census(root, _options(root, None, True, None))
    source, target = census.find(kind, old), census.find(kind, new)
    if source is None:
        hint = did_you_mean(old, [known.name for known in census.known[kind]])
        raise click.UsageError(f"no {kind} are called {old}{f'; {hint}' if hint else ''}")
    if target is None and kind == "companies":
        raise click.UsageError(f"no company is called {new}; `slugline new company` makes one")
    target = target or unheard_of(kind, new)
    if source == target:
        raise click.UsageError(f"{old} and {new} mean the same already")
    draft = Draft(root)
    try:
        merged = draft.merge(kind, source, target)
        _write_names(root, draft, census)
    except (CannotRewrite, CannotExchange) as error:
        raise click.ClickException(str(error)) from None
    _say(f"{merged.old} is now {merged.new}: {_files(len(merged.files))} changed")


@names.command("distinct")
@click.argument("name", nargs=-1, required=True)
@click.pass_obj
def names_distinct(folder: Path | None, name: tuple[str, ...]) -> None:
    """Say that two or more NAMEs are not the same, in site.yaml.

    They are not suggested again, and `check` does not warn of them.
    """
    from builder.editing.edit import CannotRewrite
    from builder.editing.merge import keep_apart
    from builder.editing.transaction import CannotExchange

    if len(set(name)) < 2:
        raise click.UsageError("give two names, each in quotation marks")
    try:
        keep_apart(_root(folder), name)
    except (CannotRewrite, CannotExchange) as error:
        raise click.ClickException(str(error)) from None
    _say(f"{' and '.join(name)} are not the same: site.yaml says so now, under `distinct`")


def _apply_names(root: Path, census: Census, groups: list[Group], yes: bool) -> None:
    """Merge groups: what is certain, or what somebody says yes to."""
    from builder.editing.edit import CannotRewrite
    from builder.editing.merge import Draft, keep_apart
    from builder.editing.transaction import CannotExchange

    draft, merged = Draft(root), 0
    gone: set[tuple[str, str, str]] = set()
    apart: list[tuple[str, ...]] = []
    for group in groups:
        members = [group.keep, *(double.known for double in group.others)]
        if gone & {(m.kind, m.path, m.name) for m in members}:
            continue  # another group has it: the next run sees what is left
        keep: Known | None = group.keep if group.certain else None
        if not yes:
            for line in _names_as_text(root, [group]):
                _say(line)
            keep = _ask_which(members, apart)
        if keep is None:
            continue
        for other in members:
            if other is keep:
                continue
            try:
                done = draft.merge(group.kind, other, keep)
            except CannotRewrite as error:
                _say(f"note: {other.name} stays: {error}")
                continue
            merged += 1
            gone.add((other.kind, other.path, other.name))
            _say(f"{done.old} becomes {done.new}: {_files(len(done.files))}")
        gone.add((keep.kind, keep.path, keep.name))
    try:
        _write_names(root, draft, census)
        for names in apart:
            keep_apart(root, names)
    except (CannotRewrite, CannotExchange) as error:
        raise click.ClickException(str(error)) from None
    left = len(groups) - merged
    rest = "; `slugline names` lists the rest" if yes and left > 0 else ""
    _say(f"{merged} name{'' if merged == 1 else 's'} merged, {_files(len(draft.changes()))}{rest}")


def _ask_which(members: list[Known], apart: list[tuple[str, ...]]) -> Known | None:
    """The one to keep, if they are one."""
    answer = click.prompt(
        "  Merge? y: yes, n: not now, d: they are different, or the number of the one to keep",
        type=click.Choice(["y", "n", "d", *(str(n) for n, _ in enumerate(members, 1))]),
        show_choices=False,
        default="n",
    )
    if answer == "d":
        apart.append(tuple(member.name for member in members))
    if answer in ("n", "d"):
        return None
    return members[0 if answer == "y" else int(answer) - 1]


def _write_names(root: Path, draft: Draft, census: Census) -> None:
    """Write what was merged; where that brings an error that was not there, take it back."""
    from builder.editing.census import take_census
    from builder.editing.edit import CannotRewrite
    from builder.editing.transaction import exchange

    errors = {(d.path, d.code, d.message) for d in census.problems if d.severity == "error"}
    changes = draft.changes()
    draft.write()
    after = take_census(root, _options(root, None, True, None))
    new = [
        d
        for d in after.problems
        if d.severity == "error" and (d.path, d.code, d.message) not in errors
    ]
    if new:
        exchange(root, {path: (data, was) for path, (was, data) in changes.items()})
        raise CannotRewrite(
            f"nothing was changed: {new[0].path}:{new[0].line} would say: {new[0].message}"
        )


def _names_as_text(root: Path, groups: list[Group]) -> Iterator[str]:
    from builder.editing.census import line_of

    kind = ""
    for group in groups:
        if group.kind != kind:
            kind = group.kind
            yield f"{kind}:"
        sure = "" if group.certain else " (a guess)"
        yield f"  keep {group.keep.name}{sure}"
        members = [(group.keep, ""), *((d.known, d.likeness.reason) for d in group.others)]
        for n, (known, reason) in enumerate(members, 1):
            spelt = [s.name for s in known.spellings if s.name != known.name]
            more = f", also as {', '.join(spelt)}" if spelt else ""
            why = f": {reason}" if reason else ""
            file = f", {known.path}" if known.path else ""
            count = f"{known.briefs} brief{'' if known.briefs == 1 else 's'}"
            yield f"    {n}. {known.name} ({count}{file}{more}){why}"
            if n > 1:
                places = [place for spelling in known.spellings for place in spelling.places]
                for path, at in places[:3]:
                    yield f"       {path}:{line_of(root, group.kind, path, at)}"
                if len(places) > 3:
                    yield f"       and {len(places) - 3} more"


def _names_as_json(groups: list[Group]) -> str:
    import json

    def told(known: Known) -> dict[str, Any]:
        return {
            "name": known.name,
            "file": known.path or None,
            "briefs": known.briefs,
            "spellings": [
                {"name": s.name, "briefs": s.briefs, "paths": [path for path, _ in s.places]}
                for s in known.spellings
            ],
        }

    found = [
        {
            "kind": group.kind,
            "certain": group.certain,
            "keep": told(group.keep),
            "others": [
                {**told(d.known), "reason": d.likeness.reason, "confidence": d.likeness.confidence}
                for d in group.others
            ],
        }
        for group in groups
    ]
    return json.dumps(found, ensure_ascii=False, indent=2)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


# --- new, init, schema -------------------------------------------------------------------------


@main.group()
def new() -> None:
    """Write a new file with an id and the fields that matter."""


@new.command("brief")
@click.argument("title")
@click.option("--slug", help="The last part of its address. Without it: made from the title.")
@click.pass_obj
def new_brief(folder: Path | None, title: str, slug: str | None) -> None:
    """Write a brief with TITLE to content/briefs/."""
    _new(folder, "brief", title, slug)


@new.command("company")
@click.argument("name")
@click.option("--slug", help="The last part of its address. Without it: made from the name.")
@click.pass_obj
def new_company(folder: Path | None, name: str, slug: str | None) -> None:
    """Write a company called NAME to content/companies/."""
    _new(folder, "company", name, slug)


@new.command("thread")
@click.argument("title")
@click.option("--slug", help="The last part of its address. Without it: made from the title.")
@click.pass_obj
def new_thread(folder: Path | None, title: str, slug: str | None) -> None:
    """Write a thread, a story that briefs carry on, with TITLE to content/threads/."""
    _new(folder, "thread", title, slug)


def _new(folder: Path | None, kind: str, name: str, slug: str | None) -> None:
    from builder.content.config import read_config
    from builder.editing.new import NotNew, write_record

    root = _root(folder)
    config = read_config(root)
    try:
        path = write_record(root, kind, name, slug, _now(root, None).astimezone(config.zone))
    except NotNew as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"Wrote {_relative(path)}")


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--ci",
    "runner",
    type=click.Choice(["github", "gitlab"]),
    help="Write a workflow too, which checks, builds and deploys. A site that is there gets it.",
)
def init(directory: Path, runner: str | None) -> None:
    """Make a site of your own in DIRECTORY.

    It gets site.yaml, the templates, a sample brief and a sample company, and builds at once.
    """
    from builder.editing.new import NotNew, write_site, write_workflow

    there = runner is not None and (directory / "site.yaml").is_file()
    try:
        count = 0 if there else write_site(directory)
        workflow = write_workflow(directory, runner) if runner else None
    except NotNew as error:
        raise click.UsageError(str(error)) from None
    shown = _relative(directory)
    if workflow:
        click.echo(f"Wrote {_relative(workflow)}; docs/deployment.md says which secret it needs")
    if there:
        return
    click.echo(f"Wrote {count} files to {shown}/. Next:")
    click.echo(f'  cd {shown}\n  slugline build\n  slugline new brief "Your first headline"')


@main.command()
@click.argument("record", required=False)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the schema of every record into this folder.",
)
def schema(record: str | None, write: Path | None) -> None:
    """Print the JSON Schema of a RECORD's front matter.

    RECORD is brief, company, topic, person, publisher, page or site. Editors' YAML plugins
    complete and check front matter by it; --write makes the files that .vscode/settings.json
    names.
    """
    from builder.cli.reference import schema_texts

    texts = schema_texts()
    if write:
        write.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (write / f"{name}.schema.json").write_text(text, "utf-8")
        click.echo(f"Wrote {len(texts)} schemas to {_relative(write)}/")
    elif record in texts:
        click.echo(texts[record], nl=False)
    else:
        raise click.UsageError(f"name one of: {', '.join(texts)}; or --write DIR for all")


def _relative(path: Path) -> str:
    """A path as a person would write it here."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("../..") else shown
