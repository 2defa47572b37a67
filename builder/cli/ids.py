"""`slugline ids`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.app import CONTENT_ERROR
from builder.cli.confirm import write_if_confirmed
from builder.cli.console import say
from builder.cli.options import find_root


@click.command()
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.pass_obj
def ids(folder: Path | None, yes: bool) -> None:
    """Give an id to each record and entry that needs one.

    A record without an id gets the name of its file, by which feeds know it already, so that you
    can rename the file. A source or a figure that is referred to by its default id gets that id
    written out, so that a second source of the same publisher does not break the references. Shows
    the changes as a diff first, and keeps comments and order.
    """
    from builder.editing.ids import find_missing_ids

    root = find_root(folder)
    fixes = find_missing_ids(root)
    if not fixes:
        say("Nothing needs an id.")
    elif not write_if_confirmed(root, fixes, yes, "ids", "given ids"):
        raise click.exceptions.Exit(CONTENT_ERROR)
