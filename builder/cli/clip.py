"""`slugline clip`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import relative, say
from builder.cli.options import build_time, find_root

if TYPE_CHECKING:
    from builder.clip.clipping import Clipping, SavedPage
    from builder.clip.facts import Given


@click.command()
@click.argument("page", metavar="PAGE")
@click.option("--into", "brief", metavar="BRIEF", help="Add the page to a brief's sources instead.")
@click.option("--address", metavar="URL", help="Address of a saved page, if the file has none.")
@click.option("--slug", help="Last part of the draft's address (default: its companies).")
@click.option("--lang", metavar="TAG", help="Language of the page (default: as its text shows).")
@click.option("--published", metavar="DATE", help="Date of the page (default: as it says).")
@click.option("--dry-run", is_flag=True, help="Print the draft without writing a file.")
@click.pass_obj
def clip(
    folder: Path | None,
    page: str,
    brief: str | None,
    address: str | None,
    slug: str | None,
    lang: str | None,
    published: str | None,
    dry_run: bool,
) -> None:
    """Turn a web page into a draft.

    PAGE is an address, a saved HTML file, or - for standard input. The draft has the page as a
    source with the chain of reports that it names, the companies, people and topics that the site
    knows, and figures, quotations and responses as comments. Title and summary are yours to write.
    """
    from builder.clip.clipping import clip_page, write_clipping
    from builder.clip.facts import Given

    root = find_root(folder)
    given = Given(address or "", lang or "", published or "")
    if brief is not None:
        if slug:
            raise click.UsageError("--slug is for a new draft; a brief keeps its address")
        _add(root, brief, _read(root, page), given, dry_run)
        return
    found = clip_page(root, _read(root, page), build_time(root, None), given, slug or "")
    if dry_run:
        click.echo(found.text, nl=False)
        _report(found, err=True)
        return
    path = write_clipping(root, found)
    say(f"Wrote {relative(path)}")
    _report(found)
    say("Next: write title and summary, then run `slugline check`")


def _add(root: Path, brief: str, page: SavedPage, given: Given, dry_run: bool) -> None:
    """Add a page to the sources of a brief."""
    from builder.clip.into import add_to_brief, write_addition
    from builder.clip.report import addition_diff, addition_lines

    found = add_to_brief(root, brief, page, build_time(root, None), given, folder=Path.cwd())
    if dry_run:
        for line in addition_diff(found):
            say(line)
    else:
        say(f"Added to {relative(write_addition(root, found))}")
    for label, text in addition_lines(found):
        say(f"  {label:<11}{text}")


def _read(root: Path, page: str) -> SavedPage:
    """Return the page of an address, of a file or of standard input."""
    from builder.clip.clipping import SavedPage
    from builder.clip.decode import MAX_PAGE

    if page == "-":
        return SavedPage(sys.stdin.buffer.read(MAX_PAGE + 1))
    if page.startswith(("http://", "https://")):
        from builder.clip.fetched import fetch_page
        from builder.content.config import read_config

        return fetch_page(page, read_config(root).settings.base_url)
    path = Path(page)
    if not path.is_file():
        raise click.UsageError(
            f"there is no file {page}; give an address, a saved page, or - for standard input"
        )
    with path.open("rb") as file:
        return SavedPage(file.read(MAX_PAGE + 1))


def _report(found: Clipping, err: bool = False) -> None:
    from builder.clip.report import report_lines
    from builder.diagnostics.report import printable_lines

    for label, text in report_lines(found):
        click.echo(printable_lines(f"  {label:<11}{text}"), err=err)
