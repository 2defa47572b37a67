"""The names of files beside the records: reactions to briefs, catalogs of messages."""

from __future__ import annotations

from builder.content.walk import CONTENT

FOLDER = "replies"
ENDING = ".yaml"


def reply_path(slug: str) -> str:
    """Return the path of the reactions to a brief."""
    return f"{CONTENT}/{FOLDER}/{slug}{ENDING}"


def is_replies(path: str) -> bool:
    """Return whether a file has the reactions to a brief."""
    folder, _, name = path.removeprefix(f"{CONTENT}/").partition("/")
    return folder == FOLDER and name.endswith(ENDING) and "/" not in name


MESSAGES = "messages"
CATALOG = ".po"


def is_catalog(path: str) -> bool:
    """Return whether a file is a catalog of messages."""
    folder, _, name = path.removeprefix(f"{CONTENT}/").partition("/")
    return folder == MESSAGES and name.endswith(CATALOG) and "/" not in name
