"""The names of files beside the records: reactions, catalogs of messages, histories."""

from __future__ import annotations

import hashlib
import re

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


HISTORY = "history"
VERSIONS = ".json"
_PLAIN = re.compile(r"(?!guid-)[a-z0-9][a-z0-9-]{0,63}")


def history_path(identity: str) -> str:
    """Return the path of the history of a brief.

    An identity that is not a plain name, such as an address, is replaced by a digest of it."""
    name = identity
    if not _PLAIN.fullmatch(identity):
        name = f"guid-{hashlib.blake2b(identity.encode(), digest_size=10).hexdigest()}"
    return f"{CONTENT}/{HISTORY}/{name}{VERSIONS}"


def is_history(path: str) -> bool:
    """Return whether a file has the history of a brief."""
    if not path.startswith(f"{CONTENT}/"):
        return False
    folder, _, name = path.removeprefix(f"{CONTENT}/").partition("/")
    return folder == HISTORY and name.endswith(VERSIONS) and "/" not in name
