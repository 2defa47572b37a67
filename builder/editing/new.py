"""What creates files shares: ids, names as YAML, refusals; and the workflow of a site."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path

from builder.editing.steps import EditConflict
from builder.editing.transaction import reason
from builder.errors import SluglineError
from builder.safe_files import is_disk_full

# Without 0, o, 1, l and i, which are easily confused when ids are read aloud or copied.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


class CannotCreate(SluglineError):
    """A file that already exists or cannot be named; the message says what to do."""


def mint_id() -> str:
    """Return a random id, one in 850 billion."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


def scalar(text: str) -> str:
    """Return text as a YAML scalar, quoted only if necessary."""
    plain = re.fullmatch(r"[^\W_](?:[^:#\"'\[\]{}&*!|>%@`,\x00-\x1f\x7f]|:(?=\w))*", text)
    if plain and not text[-1].isspace() and text.casefold() not in ("null", "~"):
        return text
    return json.dumps(text, ensure_ascii=False)


def cannot_write(path: Path, error: OSError) -> Exception:
    full = is_disk_full(error)
    return EditConflict(f"{path} was not created: {reason(error, path.parent)}") if full else error
