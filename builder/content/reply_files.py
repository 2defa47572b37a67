"""The names of files with reactions to briefs."""

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
