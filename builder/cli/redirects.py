"""`slugline redirects`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import file_count, say
from builder.cli.options import find_root, make_options
from builder.cli.targets import find_target

if TYPE_CHECKING:
    from builder.deploy.release import Release
    from builder.editing.lost_addresses import LostAddress


@click.command()
@click.argument("target", required=False)
@click.option("--apply", "applied", is_flag=True, help="Write them into the records.")
@click.pass_obj
def redirects(folder: Path | None, target: str | None, applied: bool) -> None:
    """List addresses that the next deploy would remove.

    Compares the live release of TARGET with the content. A record whose name gave the address by
    another rule, or whose story has it in a feed, is named beside it; --apply lists the address in
    the `redirects` of that record. Without TARGET, the site's only target is compared.
    """
    from builder.deploy.deploy import open_target
    from builder.deploy.target import DeployError
    from builder.editing.lost_addresses import redirect_changes
    from builder.editing.transaction import replace_files

    root = find_root(folder)
    config, name = find_target(root, target)
    try:
        with open_target(root, config, name) as (_, opened):
            live = opened.read_state(False).live
    except DeployError as error:
        raise click.ClickException(str(error)) from None
    if live is None:
        say("Nothing has been deployed to this target yet.")
        return
    lost = _lost(root, live)
    for one in lost:
        record = one.path or (f"{one.name} (gets a file)" if one.now else "")
        say(
            f"{one.address} → {one.now}  {record}"
            if one.now
            else f"{one.address}  no record had it"
        )
    if not lost:
        say("Every address that readers have is still there, or redirects.")
    elif applied:
        changes = redirect_changes(root, lost)
        replace_files(root, changes)
        say(f"Wrote {file_count(len(changes))}.")
    elif any(one.now for one in lost):
        say("To list them in the `redirects` of these records, run `slugline redirects --apply`.")


def _lost(root: Path, live: Release) -> list[LostAddress]:
    from builder.content.config import read_config
    from builder.content.walk import walk_content
    from builder.deploy.guards import page_of
    from builder.editing.lost_addresses import find_lost
    from builder.engine.memory import read_content
    from builder.program import program
    from builder.site.link import link
    from builder.store import FOLDER, opened

    config, options = read_config(root), make_options(root, None, False, None)
    with opened(root / FOLDER, program(), options.note) as store:
        content = read_content(walk_content(root), config, options.jobs or 1, store)
        site, _ = link(content, config, options.now)
        stories = {guid: page_of(item.url, live.site) for guid, item in live.items.items()}
        return find_lost(live.pages, stories, site)
