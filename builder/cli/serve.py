"""`slugline serve`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import LiveOutput, ProgressBar
from builder.cli.options import find_root, make_options

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
    help="Port to listen on; if it is in use, the next free port.",
)
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="Address to listen on; 0.0.0.0 makes the preview visible to the whole network.",
)
@click.option("--open", "opened", is_flag=True, help="Open the preview in a browser.")
@click.option("--reload/--no-reload", default=True, help="Reload modified pages automatically.")
@click.option("--poll", is_flag=True, help="Check all files every second, for network folders.")
@click.option("--drafts/--no-drafts", default=True, help="Include drafts and scheduled briefs.")
@click.option(
    "--at", metavar="MOMENT", help="Show the site as of this time, such as 2025-06-15 09:00."
)
@click.option(
    "--editor",
    metavar="URL",
    default=_EDITOR,
    envvar="SLUGLINE_EDITOR",
    show_default=True,
    show_envvar=True,
    help="URL that opens a file in your editor, with {path}, {line} and {column}.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Number of processes (default: one per CPU).",
)
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
    """Preview the site in a browser while you write.

    Rebuilds the site on every save and reloads the modified pages. If a build fails, the last good
    pages stay and show the errors. Does not write to output/.
    """
    from builder.serve.command import serve as start
    from builder.serve.messages import PreviewOptions
    from builder.serve.rebuild import AlreadyServed, ServerEnded, preview_folder
    from builder.serve.sockets import CannotListen

    root = find_root(folder).absolute()
    preview = _Preview(ProgressBar(), opened)
    options = make_options(root, at, drafts, jobs, None, preview.bar)
    serving = PreviewOptions(root, preview_folder(root), host, port, reload, poll, editor)
    try:
        start(serving, options, at is not None, preview.ready, preview.report)
    except KeyboardInterrupt:
        preview.bar.close()
        preview.output.say("Stopped.")
    except AlreadyServed as already:
        where = f" at {already}" if str(already) else ""
        raise click.ClickException(f"a preview of this site is already running{where}") from None
    except CannotListen as error:
        raise click.ClickException(str(error)) from None
    except ServerEnded:
        raise click.ClickException(
            "the server process ended unexpectedly; run `slugline serve` again"
        ) from None


class _Preview:
    """The messages of a preview on the terminal."""

    def __init__(self, bar: ProgressBar, opened: bool) -> None:
        self.bar, self.opened, self.output = bar, opened, LiveOutput()
        self.found, self.failed = "", False
        self.built = False  # whether a build has succeeded

    def ready(self, serving: PreviewOptions) -> None:
        """Print the addresses of the preview."""
        from builder.serve.command import local_url, network_url

        url = local_url(serving)
        self.output.say(f"Preview: {url}   Desk: {url}_desk/   (Press Ctrl-C to stop.)")
        if serving.host not in ("localhost", "127.0.0.1", "::1"):
            warning = "warning: everyone on this network can see the preview, including drafts."
            self.output.say(f"{warning} Network address: {network_url(serving)}", err=True)
        if self.opened:
            import webbrowser

            webbrowser.open(url)

    def report(self, message: BuildSucceeded | BuildFailed | Polling) -> None:
        """Print the result of a build, or that file watching has fallen back to polling."""
        from builder.serve.messages import BuildFailed, BuildSucceeded

        self.bar.close()
        clock = time.strftime("%H:%M:%S")
        if isinstance(message, BuildSucceeded):
            text = self._success_line(message)
            if not text and not self.built:
                text = "nothing has changed since the last preview"
            self.built = True
            if text:
                self.output.say(f"{clock}  {text}")
        elif isinstance(message, BuildFailed):
            self.failed = True
            for line in _failure_lines(message):
                self.output.say(f"{clock}  {line}")
                clock = " " * len(clock)
        else:
            text = f"note: {message.why}: checking all files every second instead"
            self.output.say(text, err=True)

    def _success_line(self, built: BuildSucceeded) -> str:
        """Return a summary of a build, or nothing if nothing has changed."""
        changed, found = len(built.changed), counted(built.warnings, len(built.held))
        parts = []
        if changed:
            parts.append(f"{changed} file{'' if changed == 1 else 's'} in {built.seconds:.2f} s")
        elif self.failed:
            parts.append("errors fixed")
        if found != self.found:
            parts.append(f"{found} (see the desk)" if found else "no problems any more")
        self.found, self.failed = found, False
        return "; ".join(parts)


def counted(warnings: int, held: int) -> str:
    """Return the numbers that `check` gives; nothing without problems.

    `warnings` includes the `held` errors."""
    counts = (
        (held, "error", " in unpublished files"), (warnings - held, "warning", ""),
    )  # fmt: skip
    return " and ".join(f"{n} {what}{'' if n == 1 else 's'}{of}" for n, what, of in counts if n)


def _failure_lines(failed: BuildFailed) -> Iterator[str]:
    """Yield a summary of a failed build in two lines."""
    errors = [d for d in failed.problems if d.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        yield f"{errors[0].path}:{errors[0].line}: {errors[0].message}{more}"
    else:
        yield failed.message
    yield "All pages stay as they were, with the errors shown on them."
