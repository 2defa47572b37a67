"""`slugline compare`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.console import say
from builder.cli.options import find_root, make_options

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("before", type=_FOLDER)
@click.argument("after", type=_FOLDER)
@click.pass_obj
def compare(folder: Path | None, before: Path, after: Path) -> None:
    """Show what readers would notice of a change.

    BEFORE and AFTER are the output folders of two builds: pages that are new, changed or removed,
    stories that feeds would announce, and what a deploy would refuse.
    """
    from builder.deploy.compare import compare_outputs, comparison_lines
    from builder.deploy.target import DeployError

    root = find_root(folder)
    now = make_options(root, None, False, None).now
    try:
        compared = compare_outputs(root, before.absolute(), after.absolute(), now)
    except DeployError as error:
        raise click.ClickException(str(error)) from None
    for line in comparison_lines(compared):
        say(line)
