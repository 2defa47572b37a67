"""The `slugline` command: its list of commands, its errors and its exit codes.

What a command needs is imported when it runs, so that `slugline --help` is quick."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import click

from builder import __version__

CONTENT_ERROR = 1  # exit codes; 2 is click's, for wrong usage
NOTHING_DUE = 3


class _Command(NamedTuple):
    """Where a command is, and its line in the list of all."""

    module: str
    summary: str


# In the order in which a newcomer needs them. A module is imported when its command runs.
COMMANDS = {
    "build": _Command("build", "Build the site into output/."),
    "serve": _Command("serve", "Show the site in a browser while you write."),
    "check": _Command("check", "Report every problem without writing the site."),
    "deploy": _Command("deploy", "Publish output/ to a target."),
    "releases": _Command("deploy", "List the releases of a target."),
    "rollback": _Command("deploy", "Bring back an earlier release."),
    "diff": _Command("deploy", "Show what changed between two releases."),
    "explain": _Command("check", "Explain a diagnostic code."),
    "status": _Command("status", "Show drafts, scheduled changes and the last build."),
    "hosting": _Command("status", "Print the configuration of a web server."),
    "names": _Command("names", "List names that are probably spellings of one name."),
    "new": _Command("new", "Create a brief, a company or a thread."),
    "init": _Command("new", "Create a new site."),
    "schema": _Command("new", "Print the JSON Schema of front matter."),
}


class _Commands(click.Group):
    """The commands, each loaded when it runs, and one place for what goes wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"builder.cli.{COMMANDS[cmd_name].module}")
        found: click.Command = getattr(module, cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in COMMANDS.items()])

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
            from builder.cli.console import show
            from builder.diagnostics.diagnostic import ContentError
            from builder.errors import SluglineError

            if isinstance(error, ContentError):
                show(error.diagnostics)
                ctx.exit(CONTENT_ERROR)
            if isinstance(error, SluglineError):
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
