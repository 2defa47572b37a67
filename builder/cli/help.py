"""`slugline help`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from builder.cli.console import say


@click.command()
@click.argument("topic", required=False)
@click.pass_context
def help(ctx: click.Context, topic: str | None) -> None:
    """Print a page of the documentation.

    Without TOPIC, lists all pages. TOPIC may also be a command.
    """
    from builder.cli.app import COMMANDS, main
    from builder.names.suggest import did_you_mean

    pages = {page.stem: page for page in sorted(_docs().glob("*.md"))}
    if topic is None:
        width = max(map(len, pages))
        for name, page in pages.items():
            say(f"{name:{width}}  {_title(page)}")
        return
    name = topic.removeprefix("docs/").removesuffix(".md")
    if name in pages:
        _print(pages[name].read_text("utf-8"))
    elif name in COMMANDS:
        command = main.get_command(ctx, name)
        assert command is not None
        with click.Context(command, info_name=name, parent=ctx.parent) as shown:
            click.echo(command.get_help(shown))
    else:
        hint = did_you_mean(name, [*pages, *COMMANDS]) or "run `slugline help` to list all pages"
        raise click.UsageError(f"there is no page `{topic}`; {hint}")


def _docs() -> Path:
    """Return the folder of the documentation, in the wheel or checkout."""
    from builder.program import PACKAGE

    packaged = PACKAGE / "docs"
    return packaged if packaged.is_dir() else PACKAGE.parent / "docs"


def _title(page: Path) -> str:
    heading = re.search(r"^# (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return heading[1] if heading else ""


def _print(text: str) -> None:
    if sys.stdout.isatty():
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)
