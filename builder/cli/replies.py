"""`slugline replies`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import say
from builder.cli.options import find_root

if TYPE_CHECKING:
    from builder.content.config import Config
    from builder.replies.run import Discussed, ReplyOutcome


@click.command()
@click.argument("brief", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@click.pass_obj
def replies(folder: Path | None, brief: tuple[str, ...], dry_run: bool) -> None:
    """Collect what readers elsewhere say about briefs.

    Asks the service of `replies` in site.yaml for webmentions, and Mastodon and Bluesky for replies
    to the posts in `discussion`. Adds them to content/replies/, where you decide which to show.
    BRIEF limits this to some briefs, given by slug.

    Exits with code 1 if a place could not be asked.
    """
    from builder.content.config import read_config
    from builder.fetch.client import Client, user_agent
    from builder.replies.run import collect

    root = find_root(folder)
    config = read_config(root)
    briefs = _briefs(root, config, brief)
    client = Client(user_agent(str(config.settings.base_url)))
    failed = added = 0
    for outcome in collect(root, client, config.settings, briefs, not dry_run):
        failed += len(outcome.errors)
        added += len(outcome.merged.added) if outcome.merged else 0
        for line in _lines(outcome):
            say(line)
    count = f"{added} reaction{'' if added == 1 else 's'}"
    verb = "would be added" if dry_run else "added"
    say(f"{count} {verb}; decide in content/replies/ which to show")
    if failed:
        click.get_current_context().exit(1)


def _briefs(root: Path, config: Config, slugs: tuple[str, ...]) -> list[Discussed]:
    """Return the published briefs, newest first, with where each is discussed."""
    from builder.content.walk import walk_content
    from builder.engine.memory import read_content
    from builder.model.brief import Brief
    from builder.names.suggest import did_you_mean
    from builder.replies.run import Discussed
    from builder.site.edition_names import address_of
    from builder.site.link import link
    from builder.site.redirects import short_address
    from builder.store import Store

    content = read_content(walk_content(root), config, 1, Store(None, ""))
    site, _ = link(content, config, datetime.now(UTC))
    known = {entry.slug: entry for entry in site.order}
    for slug in slugs:
        if slug not in known:
            hint = did_you_mean(slug, known)
            message = f"no published brief has the slug `{slug}`"
            raise click.UsageError(f"{message}; {hint}" if hint else message)
    base = str(config.settings.base_url).partition("://")[2]
    found = []
    for slug in slugs or known:
        outline = site.outlines[slug]
        record = content.load(Brief, outline.path)
        former = (r.address for r in site.redirects if r.target == outline.url)
        url = address_of(outline, config.settings)  # below its edition
        ways = (outline.url, url, short_address(outline.id), *former)
        addresses = tuple(f"{base}{way}".rstrip("/") for way in ways if way)
        found.append(Discussed(slug, addresses, record.discussion))
    return found


def _lines(outcome: ReplyOutcome) -> list[str]:
    """Return an outcome as lines for the terminal."""
    lines = [f"cannot ask {error}" for error in outcome.errors]
    merged = outcome.merged
    if merged is None:
        return lines
    if merged.added:
        lines.append(f"{outcome.path}: {len(merged.added)} new")
    lines += [f"{outcome.path}: {i} was edited by its author since" for i in merged.edited]
    lines += [f"{outcome.path}: {i} was removed by its author; hide it" for i in merged.gone]
    if merged.left_out:
        lines.append(f"{outcome.path}: {merged.left_out} left out, because the file is full")
    return lines
