"""`slugline serve`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import ProgressBar, say
from builder.cli.options import find_root, note, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.serve.messages import BuildFailed, BuildSucceeded, Polling, PreviewOptions


_EDITOR = "vscode://file{path}:{line}:{column}"


@click.command()
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
    from builder.serve.messages import PreviewOptions
    from builder.serve.rebuild import AlreadyServed, ServerEnded, folder_of
    from builder.serve.sockets import CannotListen

    root = find_root(folder).absolute()
    preview = _Preview(ProgressBar(), opened)
    options = options_of(root, at, drafts, jobs, None, preview.bar)
    serving = PreviewOptions(root, folder_of(root), host, port, reload, poll, editor)
    try:
        start(serving, options, at is not None, preview.ready, preview.report)
    except KeyboardInterrupt:
        preview.bar.close()
        say("Stopped.")
    except AlreadyServed as already:
        where = f" at {already}" if str(already) else ""
        raise click.ClickException(f"a preview of this site runs already{where}") from None
    except CannotListen as error:
        raise click.ClickException(str(error)) from None
    except ServerEnded:
        raise click.ClickException("the process that serves has ended; start it again") from None


class _Preview:
    """What the terminal tells of a preview: a line of each build, two of one that failed."""

    def __init__(self, bar: ProgressBar, opened: bool) -> None:
        self.bar, self.opened = bar, opened
        self.warnings, self.failed = 0, False

    def ready(self, serving: PreviewOptions) -> None:
        """It listens."""
        from builder.serve.command import phone_url, url_of

        url = url_of(serving)
        say(f"Preview: {url}   Desk: {url}_desk/   (Ctrl-C ends it.)")
        if serving.host not in ("localhost", "127.0.0.1", "::1"):
            click.echo(
                "warning: everybody on this network can see the preview, drafts too."
                f" From a phone: {phone_url(serving)}",
                err=True,
            )
        if self.opened:
            import webbrowser

            webbrowser.open(url)

    def report(self, told: BuildSucceeded | BuildFailed | Polling) -> None:
        """A build ended, or changes have to be looked for."""
        from builder.serve.messages import BuildFailed, BuildSucceeded

        self.bar.close()
        clock = time.strftime("%H:%M:%S")
        if isinstance(told, BuildSucceeded):
            if text := self._of_build(told):
                say(f"{clock}  {text}")
        elif isinstance(told, BuildFailed):
            self.failed = True
            for line in _of_failure(told):
                say(f"{clock}  {line}")
                clock = " " * len(clock)
        else:
            note(f"{told.why}: all files are looked at every second")

    def _of_build(self, built: BuildSucceeded) -> str:
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


def _of_failure(failed: BuildFailed) -> Iterator[str]:
    """Two lines of a build that failed."""
    errors = [d for d in failed.problems if d.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        yield f"{errors[0].path}:{errors[0].line}: {errors[0].message}{more}"
    else:
        yield failed.message
    yield "The last good pages stay; each shows what is wrong."
