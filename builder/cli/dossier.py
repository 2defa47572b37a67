"""`slugline dossier`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import relative, say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.engine.opened import OpenSite


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--since", metavar="DATE", help="Only what was published since this day.")
@click.option(
    "--as-known",
    metavar="DATE",
    help="What was known at the end of this day, such as 2025-07-01 (default: now).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    show_default=True,
    help="Markdown, or one HTML file to print or send.",
)
@click.option(
    "--csv",
    "tables",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write tables of the record on NAME into this folder instead, as CSV.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write (default: print it).",
)
@click.option("--drafts", is_flag=True, help="Include drafts and scheduled briefs.")
@click.option(
    "--edition", default="", metavar="TAG", help="Edition, such as nl (default: the main one)."
)
@click.pass_obj
def dossier(
    folder: Path | None, /, name: str, since: str | None, as_known: str | None, form: str,
    tables: Path | None, output: Path | None, drafts: bool, edition: str,
) -> None:  # fmt: skip
    """Print what the record has on a company or person.

    NAME is any name of a company, a person or a topic. The dossier has the profile, relations,
    figures with their sources, claims, quotations, responses, expectations and outcomes, open
    questions, corrections, changes, briefs and reports. Nothing is built or changed.
    """
    from builder.ask.dossier import as_html, as_tables, as_text, find_subject, make_dossier
    from builder.pages.dossier import Scope

    if tables and output:
        raise click.UsageError("give --csv or --output, not both")
    day = _day(since) if since else None
    root = find_root(folder)
    site = _opened(root, as_known, drafts, edition)
    group, slug = find_subject(site.site, name)
    scope = Scope(group, slug, day, drafts)
    if tables:
        for title, text in as_tables(site, scope):
            _write(root, tables / f"{title}.csv", text)
        return
    page = make_dossier(site, scope)
    text = as_html(site, page) if form == "html" else as_text(site.plan, page)
    if output is None:
        click.echo(text, nl=False)
        return
    _write(root, output, text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write a day such as 2025-06-01", param_hint="--since") from None


def _opened(root: Path, as_known: str | None, drafts: bool, edition: str) -> OpenSite:
    from builder.cli.ask import end_of_day
    from builder.cli.mail import in_edition
    from builder.engine.opened import open_site

    at = end_of_day(as_known) if as_known else None
    return in_edition(open_site(root, make_options(root, at, drafts, None)), edition)


def _write(root: Path, file: Path, text: str) -> None:
    """Write a file outside of the site's content and output."""
    from builder.cli.mail import own_folder
    from builder.safe_files import replace_file

    place = own_folder(root, file.parent) / file.name
    replace_file(place, [text.encode("utf-8")])
    say(f"Wrote {relative(place)}")
