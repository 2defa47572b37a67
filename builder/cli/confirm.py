"""Shows changes of files as a diff, and writes them once the editor agrees."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.app import CONTENT_ERROR
from builder.cli.console import file_count, say

if TYPE_CHECKING:
    from builder.editing.fix import Fix

_MOST_DIFFS = 20  # files whose diff a terminal shows


def write_if_confirmed(
    root: Path, fixes: Sequence[Fix], yes: bool, command: str, done: str
) -> bool:
    """Write changes if the editor agrees, who sees them first.

    Returns whether all were written. Without a terminal and without `yes`, shows them and exits
    with 1."""
    from builder.editing.fix import write_fixes

    asks = sys.stdin.isatty() and not yes
    for fix in fixes[: _MOST_DIFFS if asks else None]:
        for line in fix.diff():
            _say_diff(line)
    count = file_count(len(fixes))
    if asks and len(fixes) > _MOST_DIFFS:
        say(f"… and {file_count(len(fixes) - _MOST_DIFFS)} more. For all diffs, answer n and run")
        say(f"`slugline {command} < /dev/null`, which changes nothing.")
    if not yes and not asks:
        say(f"{count} can be {done}. To write the changes, run `slugline {command} --yes`.")
        raise click.exceptions.Exit(CONTENT_ERROR)
    if asks and not click.confirm(f"Write these changes to {count}?"):
        say("Nothing was changed.")
        raise click.exceptions.Exit(CONTENT_ERROR)
    refused = write_fixes(root, list(fixes))
    for reason in refused:
        click.echo(f"note: {reason}", err=True)
    say(f"{file_count(len(fixes) - len(refused))} {done}.")
    return not refused


def _say_diff(line: str) -> None:
    """Print a line of a diff, in colour on a terminal."""
    from builder.diagnostics.report import printable

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    styles = {"+": "green", "-": "red", "@": "cyan"}
    text = printable(line)
    click.echo(click.style(text, fg=styles.get(line[:1])) if colour else text)
