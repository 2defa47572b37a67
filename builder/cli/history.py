"""`slugline history`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import say
from builder.cli.options import find_root, make_options
from builder.cli.targets import find_target

if TYPE_CHECKING:
    from builder.deploy.target import Target
    from builder.model.version import History


@click.group()
def history() -> None:
    """Bring the published versions of briefs into the content."""


@history.command()
@click.option(
    "--target",
    metavar="TARGET",
    help="The deploy target that readers see (default: the only public one).",
)
@click.pass_obj
def fetch(folder: Path | None, target: str | None) -> None:
    """Write the versions of briefs that a target has published.

    Reads the record of the live release, and writes content/history/. A build then shows the
    history of each brief that has changed since it was published, also of one that the next deploy
    changes for the first time. Nothing is removed.
    """
    from builder.deploy.deploy import open_target
    from builder.editing.histories import write_histories
    from builder.model.values import Slug

    root = find_root(folder)
    config, name = find_target(root, target)
    if config.settings.deploy[Slug(name)].preview:
        raise click.UsageError(f"{name} has previews, which readers do not see")
    with open_target(root, config, name) as (_, opened):
        found = _histories(root, name, opened)
    if found is None:
        say(f"Nothing has been deployed to {name} yet.")
        return
    say(history_line(write_histories(root, found)) or "content/history/ has every version.")


def _histories(root: Path, name: str, opened: Target) -> dict[str, History] | None:
    """Return the histories that the content lacks; None if nothing is deployed."""
    from builder.deploy.archive import ReleaseArchive
    from builder.deploy.histories import all_histories
    from builder.deploy.target import DeployError
    from builder.deploy.versions import keeping_reader, published_briefs, words_reader

    live = opened.read_state(False).live
    if live is None:
        return None
    if live.preview:
        raise DeployError(f"{name} has a preview, which readers do not see")
    archive, options = ReleaseArchive(root, name), make_options(root, None, False, None)
    briefs = published_briefs(root, options, live.words)
    rewritten = {identity for identity, brief in briefs.items() if brief.words is not None}
    with archive.in_use():
        read = keeping_reader(archive, words_reader(archive, opened))
        return all_histories(root, live.versions, rewritten & live.versions.keys(), read)


def history_line(written: Collection[str]) -> str:
    """Return what was written, in words; nothing if that is nothing."""
    if not written:
        return ""
    more = f" and {len(written) - 1} more" if len(written) > 1 else ""
    return f"Wrote {next(iter(written))}{more}: the next build shows it."
