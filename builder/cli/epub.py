"""`slugline epub`."""

from __future__ import annotations

from pathlib import Path

import click

from builder.cli.console import relative, say
from builder.cli.options import find_root, make_options


@click.command()
@click.argument("kind", type=click.Choice(["digest", "thread"]))
@click.argument("name")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write (default: in .slugline/mail/ in the site's folder).",
)
@click.option(
    "--edition", default="", metavar="TAG", help="Edition, such as nl (default: the main one)."
)
@click.pass_obj
def epub(folder: Path | None, /, kind: str, name: str, file: Path | None, edition: str) -> None:
    """Make a book of a week's digest or of a thread.

    The book is an EPUB file. NAME is a week such as 2025-w24, or the slug of a thread. Each brief
    is a chapter, with the pictures and charts that output/ has.
    """
    from builder.cli.mail import in_edition, own_folder
    from builder.engine.opened import open_site
    from builder.mail.epub import make_book
    from builder.safe_files import make_folders, replace_file
    from builder.store import FOLDER, MAIL, make_folder

    root = find_root(folder)
    site = in_edition(open_site(root, make_options(root, None, False, None)), edition)
    book = make_book(site, kind, name)
    if file is None:
        make_folder(root / FOLDER)
        place = make_folders(root / FOLDER, MAIL) / book.name
    else:
        place = own_folder(root, file.parent) / file.name
    replace_file(place, [book.data])
    pictures = f"{book.pictures} picture{'' if book.pictures == 1 else 's'}"
    say(f"Wrote {relative(place)}: {book.chapters} chapters, {pictures}, {_size(book.data)}")


def _size(data: bytes) -> str:
    return f"{len(data) / 1000:.0f} kB"
