"""`slugline lsp`."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

import click


@click.command()
@click.option("--stdio", is_flag=True, help="Accepted for editors that pass it: it is the default.")
def lsp(stdio: bool) -> None:
    """Answer a text editor: problems, completion, quick fixes.

    An editor starts this command itself. It speaks the Language Server Protocol through standard
    input and output, for the files of content/ and site.yaml. docs/editors.md says how to set up
    your editor.
    """
    try:
        from builder.language_server.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        raise click.ClickException(
            'the language server is not installed; run `pip install "slugline[lsp]"`'
        ) from None
    raise click.exceptions.Exit(0 if serve(*take_streams()) else 1)


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return the client's streams, and point standard output at standard error.

    From here on, nothing but the protocol reaches the client, whatever prints."""
    sys.stdout.flush()
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
