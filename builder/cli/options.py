"""Options shared by several commands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.console import ProgressBar, file_count

if TYPE_CHECKING:
    from datetime import datetime

    from builder.engine.options import Options


def site_folder(folder: Path | None) -> Path | None:
    """Return --site, or the nearest folder with site.yaml, if any."""
    if folder is not None:
        return folder
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / "site.yaml").is_file()), None)


def find_root(folder: Path | None) -> Path:
    """Return the site's folder: --site, or the nearest with site.yaml.

    Undoes a change of its files that a killed command has begun."""
    root = _find_root(folder)
    if os.path.lexists(root / ".slugline/edits"):
        from builder.editing.transaction import recover

        if count := recover(root):
            note(f"an interrupted command had begun to change {file_count(count)}; it was undone")
    return root


def _find_root(folder: Path | None) -> Path:
    found = site_folder(folder)
    if folder is not None and not (folder / "site.yaml").is_file():
        raise click.UsageError(f"{folder} has no site.yaml")
    if found is not None:
        return found
    raise click.UsageError(
        "no site.yaml in this folder or any folder above;"
        " create a site with `slugline init DIR`, or give its folder with --site"
    )


def build_options(command: Any) -> Any:
    """Add the options that build and check share."""
    for option in (
        click.option(
            "--at",
            metavar="MOMENT",
            help="Build as of this time, such as 2025-06-15 09:00 (default: now).",
        ),
        click.option("--drafts", is_flag=True, help="Include drafts and scheduled briefs."),
        click.option(
            "--jobs",
            type=click.IntRange(1, 256),
            help="Number of processes (default: one per CPU).",
        ),
    ):
        command = option(command)
    return command


def make_options(
    root: Path,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    base_url: str | None = None,
    bar: ProgressBar | None = None,
    preview: bool = False,
) -> Options:
    """Return a build's options from those of the command line."""
    from builder.engine.options import Options

    if base_url is not None:
        base_url = _base_url(base_url)
    show = bar.show if bar else None
    now, told = build_time(root, at), at is not None
    return Options(
        now, base_url or "", drafts, jobs or 0, show, told=told, preview=preview, note=note
    )


def note(text: str) -> None:
    """Print a note while a build runs."""
    from builder.diagnostics.report import printable_lines

    click.echo(printable_lines(f"note: {text}"), err=True)


def _base_url(text: str) -> str:
    from builder.content.fields import READERS
    from builder.diagnostics.misread import Misread
    from builder.model.values import Url

    try:
        address = str(READERS[Url].read(text, None))  # type: ignore[arg-type]
    except Misread as misread:
        raise click.BadParameter(f"{misread}; {misread.hint}", param_hint="--base-url") from None
    if "?" in address or "#" in address:
        raise click.BadParameter("remove everything after the path", param_hint="--base-url")
    return address


def build_time(root: Path, at: str | None) -> datetime:
    """Return --at in the site's time zone, or now without it."""
    from datetime import UTC, datetime

    if at is None:
        return datetime.now(UTC)
    from builder.content.config import read_config
    from builder.content.time_fields import read_moment
    from builder.diagnostics.misread import Misread

    try:
        return read_moment(at, read_config(root).zone).at
    except Misread as misread:
        raise click.BadParameter(f"{misread}; {misread.hint}", param_hint="--at") from None
