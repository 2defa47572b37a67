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


@click.command()
@click.argument("page", metavar="PAGE")
@click.option("--address", metavar="URL", help="Address of a saved page, if the file has none.")
@click.option("--slug", help="Last part of the draft's address (default: its companies).")
@click.option("--lang", metavar="TAG", help="Language of the page (default: as its text shows).")
@click.option("--published", metavar="DATE", help="Date of the page (default: as it says).")
@click.option("--dry-run", is_flag=True, help="Print the draft without writing a file.")
@click.pass_obj
def clip(
    folder: Path | None,
    page: str,
    address: str | None,
    slug: str | None,
    lang: str | None,
    published: str | None,
    dry_run: bool,
) -> None:
    """Turn a web page into a draft.

    PAGE is a saved HTML file, or - for standard input. The draft has the page as a source with
    the chain of reports that it names, the companies, people and topics that the site knows, and
    figures, quotations and responses as comments. Title and summary are yours to write.
    """
    from builder.clip.clipping import clip_page, write_clipping
    from builder.clip.facts import Given

    root = find_root(folder)
    given = Given(address or "", lang or "", published or "")
    found = clip_page(root, _read(page), build_time(root, None), given, slug or "")
    if dry_run:
        click.echo(found.text, nl=False)
        _report(found, err=True)
        return
    path = write_clipping(root, found)
    say(f"Wrote {relative(path)}")
    _report(found)
    say(f"Next: write title and summary, then run `slugline check {relative(path)}`")


def _read(page: str) -> SavedPage:
    """Return the page of a file or of standard input."""
    from builder.clip.clipping import SavedPage
    from builder.clip.decode import MAX_PAGE

    if page == "-":
        return SavedPage(sys.stdin.buffer.read(MAX_PAGE + 1))
    path = Path(page)
    if not path.is_file():
        raise click.UsageError(
            f"there is no file {page}; give a saved page, or - for standard input"
        )
    with path.open("rb") as file:
        return SavedPage(file.read(MAX_PAGE + 1))


def _report(found: Clipping, err: bool = False) -> None:
    from builder.clip.report import report_lines
    from builder.diagnostics.report import printable_lines

    for label, text in report_lines(found):
        click.echo(printable_lines(f"  {label:<11}{text}"), err=err)
