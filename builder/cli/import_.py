"""`slugline import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import ProgressBar, relative, say
from builder.cli.options import find_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.fetch.client import FetchedPage
    from builder.importers.notes import ImportNotes
    from builder.importers.run import ConvertedImport, FinishedImport
    from builder.importers.tags import NameProposal, TagTable

_KINDS = (
    "hugo", "jekyll", "astro", "eleventy", "pelican", "zola", "ghost", "wordpress", "substack",
    "buttondown", "feed",
)  # fmt: skip
_NEEDED = "markdownify"


@click.command("import")
@click.argument("kind", metavar="KIND", type=click.Choice(_KINDS))
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--base-url",
    metavar="URL",
    default="",
    help="Address of the old site, if the archive does not say it or says another.",
)
@click.option(
    "--feed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The old site's feed, saved as a file: its identities and dates decide.",
)
@click.option(
    "--map",
    "mapping",
    metavar="RULES",
    default="",
    help="What words become, such as tags=topics,categories=sections.",
)
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with the old site's files, named as in its addresses.",
)
@click.option(
    "--fetch-pictures", "fetching", is_flag=True, help="Fetch pictures that are on other sites."
)
@click.option(
    "--names/--no-names",
    "accepted",
    default=None,
    help="Accept or refuse what tags are proposed as companies and people, without asking.",
)
@click.option(
    "--dry-run", is_flag=True, help="Write nothing; print what would become of each post."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Number of processes (default: one per CPU).",
)
@click.pass_context
def import_command(
    ctx: click.Context,
    kind: str,
    path: Path,
    base_url: str,
    feed: Path | None,
    mapping: str,
    pictures: Path | None,
    fetching: bool,
    accepted: bool | None,
    dry_run: bool,
    jobs: int | None,
) -> None:
    """Import the archive of another system.

    KIND is hugo, jekyll, astro, eleventy, pelican, zola, ghost, wordpress, substack, buttondown or
    feed.

    PATH is its folder or file. Posts become briefs that keep their dates, authors, identities in
    feeds and old addresses. A second import adds what is new and leaves what you have edited. What
    was mended and dropped is in import-report.md.
    """
    from importlib.util import find_spec

    if find_spec(_NEEDED) is None:
        raise click.ClickException(
            "to import, Slugline needs a package for HTML: pip install 'slugline[import]'"
        )
    from builder.editing.edit import EditError
    from builder.editing.steps import EditConflict
    from builder.importers.bad_archive import BadArchive
    from builder.importers.kinds import kind_named
    from builder.importers.notes import ImportNotes
    from builder.importers.report import dry_run_table, report_text
    from builder.importers.run import ImportRequest, convert, prepare, write
    from builder.parallel import default_jobs
    from builder.safe_files import replace_file

    root, notes, bar = find_root(ctx.obj), ImportNotes(), ProgressBar()
    more = (jobs or default_jobs(), *(_fetching(ctx) if fetching else ()))
    request = ImportRequest(kind_named(kind), path, base_url, mapping, feed, pictures, *more)
    try:
        prepared = prepare(root, request, notes)
        _decide(prepared.table, accepted, dry_run)
        converted = convert(prepared, bar.show)
        bar.close()
        if dry_run:
            for line in dry_run_table(converted):
                say(line)
            return
        finished = write(converted, bar.show)
    except (BadArchive, EditError, EditConflict) as error:
        bar.close()
        raise click.ClickException(str(error)) from None
    bar.close()
    replace_file(root / "import-report.md", [report_text(converted, finished).encode("utf-8")])
    _summarise(root, converted, finished)
    if notes.count("unreadable"):
        _say_unread(notes)
        ctx.exit(1)


def _say_unread(notes: ImportNotes) -> None:
    from builder.diagnostics.report import printable_lines

    click.echo(f"{notes.count('unreadable'):,} could not be read:", err=True)
    for note in notes.first("unreadable"):
        click.echo(printable_lines(f"  {note.place}: {note.detail}"), err=True)


def _fetching(ctx: click.Context) -> tuple[Path, Callable[[str], FetchedPage]]:
    """Return a temporary folder and what requests a picture.

    An editor asks for the pictures of the old site, so robots.txt, which is for crawlers, is not
    read. Each host is asked five times a second at most."""
    from tempfile import TemporaryDirectory

    from builder.fetch.client import Client, user_agent
    from builder.fetch.polite import Manners

    folder = ctx.with_resource(TemporaryDirectory())
    return Path(folder), Client(user_agent(), manners=Manners(delay=0.2)).get


def _decide(table: TagTable, accepted: bool | None, dry_run: bool) -> None:
    """Let somebody decide on the tags that may be names; without a terminal, they stay topics."""
    proposals = table.proposals()
    if not proposals:
        return
    if accepted is None and not dry_run and sys.stdin.isatty():
        for proposal in proposals:
            say(f"  {_proposal(proposal)}")
        answer = click.prompt(
            "Are these companies and people? y: yes, all; n: no, topics; c: choose",
            type=click.Choice(["y", "n", "c"]),
            show_choices=False,
            default="y",
        )
        if answer == "c":
            for proposal in proposals:
                table.decide([proposal], click.confirm(f"  {_proposal(proposal)}?", default=True))
        else:
            table.decide(proposals, answer == "y")
    elif accepted is not None:
        table.decide(proposals, accepted)
    else:
        for proposal in proposals:
            table.notes.add("names", proposal.name, f"{_KIND[proposal.kind]}: {proposal.reason}")


_KIND = {"companies": "a company", "people": "a person", "topics": "a topic"}


def _proposal(proposal: NameProposal) -> str:
    posts = f"{proposal.posts} post{'' if proposal.posts == 1 else 's'}"
    return f"{proposal.name}: {_KIND[proposal.kind]}, by {proposal.reason} ({posts})"


def _summarise(root: Path, converted: ConvertedImport, finished: FinishedImport) -> None:
    counts = finished.counts
    parts = [
        f"{number:,} {word}"
        for number, word in zip(counts, ("new", "changed", "as before", "left alone"), strict=True)
        if number
    ]
    say(f"{sum(counts):,} posts: {', '.join(parts) or 'none'}; {finished.files:,} files written")
    say(f"See {relative(root / 'import-report.md')}, then run `slugline check`.")
