"""`slugline history`."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import say
from builder.cli.options import find_root, make_options
from builder.cli.targets import find_target

if TYPE_CHECKING:
    from builder.content.config import Config
    from builder.deploy.deploy import Deploy
    from builder.deploy.target import Target
    from builder.engine.options import Options
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


# --- what a deploy writes ------------------------------------------------------------------------


def histories_due(root: Path, config: Config, prepared: Deploy) -> dict[str, History]:
    """Return the histories that a release lacks."""
    from builder.deploy.histories import due_histories, is_of_readers

    plan = prepared.plan
    if prepared.built is None or not is_of_readers(config, prepared.settings, plan.new.preview):
        return {}
    return due_histories(root, plan.new, plan.live, prepared.read_words)


def build_with_histories(
    root: Path, output: Path, prepared: Deploy, due: dict[str, History], options: Options
) -> None:
    """Write histories into the content, and build the output with them."""
    from builder.editing.histories import write_histories
    from builder.engine.build import build
    from builder.engine.released import note_histories

    assert prepared.built is not None
    # Before they are written: the next deploy completes one that dies here.
    if written := write_histories(root, due, partial(note_histories, root, output)):
        say(f"{_files(written)}; building {output.name}/ with it.")
        build(root, output, prepared.built.asked(options))


def keep_histories(root: Path, config: Config, prepared: Deploy, output: Path) -> None:
    """Write the versions that a release published into the content."""
    from builder.deploy.histories import is_confirmed, is_of_readers, new_histories
    from builder.editing.histories import write_histories
    from builder.engine.released import note_histories
    from builder.errors import SluglineError

    plan = prepared.plan
    if not is_of_readers(config, prepared.settings, plan.new.preview):
        return
    try:
        found = new_histories(root, plan.new, plan.live, prepared.read_words)
        written = write_histories(root, found)
    except (SluglineError, OSError) as error:
        say(f"note: content/history/ was not written: {error}; run `slugline history fetch`")
        return
    if written:
        note_histories(root, output, written)
    if line := history_line([path for path, both in written.items() if not is_confirmed(*both)]):
        say(line)


def history_line(written: Collection[str]) -> str:
    """Return what was written, in words; nothing if that is nothing."""
    return f"{_files(written)}: the next build shows it." if written else ""


def _files(written: Collection[str]) -> str:
    more = f" and {len(written) - 1} more" if len(written) > 1 else ""
    return f"Wrote {next(iter(written))}{more}"
