"""The `slugline` command: its list of commands, its errors and its exit codes.

Each command imports its dependencies when it runs, so that `slugline --help` starts quickly."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import click

from builder import __version__

CONTENT_ERROR = 1  # an exit code; click uses 2 for wrong usage
NOTHING_DUE = 3
INTERRUPTED = 130  # of shells, for a program that Ctrl-C ended


class _Command(NamedTuple):
    """The module of a command, and its summary in `slugline --help`."""

    module: str
    summary: str


# The commands by what they are for, in the order in which a new user needs them.
GROUPS = {
    "Write": {
        "new": _Command("new", "Create a brief, a company or another record."),
        "clip": _Command("clip", "Turn a web page into a draft."),
        "serve": _Command("serve", "Preview the site in a browser while you write."),
        "check": _Command("check", "Report every problem without writing the site."),
        "explain": _Command("check", "Explain a diagnostic code."),
        "publish": _Command("publish", "Publish a draft with the next build."),
        "correct": _Command("publish", "Add a correction to a brief, for readers to see."),
        "translate": _Command("translate", "Show what the editions of the site lack."),
        "status": _Command("status", "Show drafts, scheduled changes and the last build."),
    },
    "Publish": {
        "build": _Command("build", "Build the site into output/."),
        "deploy": _Command("deploy", "Publish output/ to a target."),
        "mail": _Command("mail", "Make an e-mail of a digest or a brief, and send it."),
        "epub": _Command("epub", "Make a book of a week's digest or of a thread."),
        "ask": _Command("ask", "Ask the record a question."),
        "dossier": _Command("dossier", "Print what the record has on a company or person."),
        "compare": _Command("compare", "Show what readers would notice of a change."),
        "redirects": _Command("redirects", "List addresses that the next deploy would remove."),
        "history": _Command("history", "Bring the published versions of briefs into the content."),
        "releases": _Command("deploy", "List the releases of a target."),
        "rollback": _Command("deploy", "Bring back an earlier release."),
        "diff": _Command("deploy", "Show what changed between two releases."),
        "hosting": _Command("status", "Print the configuration of a web server."),
    },
    "Keep the record": {
        "replies": _Command("replies", "Collect what readers elsewhere say about briefs."),
        "evidence": _Command("evidence", "Check that sources exist, and still say what you quote."),
        "names": _Command("names", "List names that are probably spellings of the same name."),
        "ids": _Command("ids", "Give an id to each record and entry that needs one."),
    },
    "Set up": {
        "init": _Command("new", "Create a new site."),
        "import": _Command("import_", "Import the archive of another system."),
        "templates": _Command(
            "templates", "List the templates and assets that the site has changed."
        ),
        "messages": _Command("messages", "Write the words of the interface that a language lacks."),
        "lsp": _Command("lsp", "Answer a text editor: problems, completion, quick fixes."),
        "schema": _Command("new", "Print the JSON Schema of front matter."),
        "help": _Command("help", "Print a page of the documentation."),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


_FUNCTIONS = {"import": "import_command"}
# Commands that a new run mends if they are killed.
_READING = ("build", "serve", "check", "status")


class _Commands(click.Group):
    """The group of commands, which loads them on demand and reports their errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"builder.cli.{COMMANDS[cmd_name].module}")
        # `import` is a keyword of Python, so its function has another name.
        found: click.Command = getattr(module, _FUNCTIONS.get(cmd_name, cmd_name))
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{n:{width}}", c.summary) for n, c in group.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return self._invoke(ctx)
        except click.ClickException as error:  # its text may come from a file or a server
            from builder.diagnostics.report import printable_lines

            error.message = printable_lines(error.message)  # type: ignore[misc]
            raise

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise  # handled by click; `slugline check | head` closes the pipe early
        except (KeyboardInterrupt, click.Abort) as error:
            asked = isinstance(error, click.Abort)  # an interrupt at a question, or "no"
            if asked and not isinstance(error.__context__, KeyboardInterrupt):
                raise
            click.echo("\nInterrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if os.environ.get("SLUGLINE_DEBUG"):
                raise
            what = error.filename or "cannot write the output or a file"
            raise click.ClickException(f"{what}: {error.strerror or error}") from None
        except Exception as error:
            from builder.cli.console import show
            from builder.cli.options import site_folder
            from builder.diagnostics.diagnostic import ContentError
            from builder.errors import SluglineError

            if isinstance(error, ContentError):
                show(error.diagnostics, site_folder(ctx.obj))
                if ctx.invoked_subcommand == "build":
                    click.echo("Nothing was built: the output stays as it was.", err=True)
                ctx.exit(CONTENT_ERROR)
            if isinstance(error, SluglineError):
                raise click.ClickException(str(error)) from error
            raise _fault(error) from error


def _fault(error: Exception) -> Exception:
    """Return a short message instead of a traceback, unless SLUGLINE_DEBUG is set."""
    if os.environ.get("SLUGLINE_DEBUG"):
        return error
    return click.ClickException(
        f"this is a bug in Slugline, not in your content: {type(error).__name__}: {error}\n"
        "Run the command again with SLUGLINE_DEBUG=1 and report its output."
    )


def run() -> None:
    """Run the command as a program.

    Exit without freeing memory, which would take 0.1 s for a large site."""
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
    help="Folder of the site (default: the nearest folder with a site.yaml, from here upward).",
)
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Build a checked, cross-linked news site from Markdown briefs.

    Create a site with `slugline init DIR`, add a brief with `slugline new brief "Title"`, check
    your work with `slugline check`, and build the site with `slugline build`.
    """
    ctx.obj = folder
    reads = ctx.invoked_subcommand in _READING
    from builder.cli.interrupt import ends_at_once, ends_tidily

    ctx.with_resource(ends_at_once() if reads else ends_tidily())
