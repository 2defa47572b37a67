"""The journal of a change of files: what a killed command has begun, for the next one to undo.

It lists only files of the site that editors write. It counts only if this user's key has sealed
it for this folder, and says which bytes to expect: others are never touched."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from builder.content.config import FILE
from builder.content.template_files import TEMPLATES
from builder.content.walk import CONTENT
from builder.machine_key import machine_key, sealed, unsealed
from builder.safe_files import plain_bytes, replace_file
from builder.store import FOLDER, remove

_NAME = "edits"
_PURPOSE = "edits"  # of the seal

# staging: no file has been changed yet. changing: all new files are written, and any may be in its
# place. done: all are in their places.
Stage = Literal["staging", "changing", "done"]


class FileStep(Struct, frozen=True):
    """A file to replace, create (`was` is None) or delete (`now` is None).

    `was` and `now` are digests. While a change is under way, the other version of the file has a
    hidden name beside it, which ends in `token`."""

    path: str
    was: str | None
    now: str | None
    token: str

    @property
    def valid(self) -> bool:
        parts = self.path.split("/")
        inside = self.path == FILE or (len(parts) > 1 and parts[0] in (CONTENT, TEMPLATES))
        plain = not {"", ".", ".."} & {*parts} and "\0" not in self.path
        return inside and plain and bool(re.fullmatch(r"[0-9a-f]{16}", self.token))


class Journal(Struct, frozen=True):
    """The steps of a change, and how far it is."""

    root: str
    stage: Stage
    steps: tuple[FileStep, ...]


def can_keep_journal() -> bool:
    """Return whether this user has a key to seal a journal with."""
    return machine_key() is not None


def has_journal(root: Path) -> bool:
    """Return whether a change may have been interrupted."""
    return os.path.lexists(root / FOLDER / _NAME)


def write_journal(root: Path, stage: Stage, steps: tuple[FileStep, ...]) -> None:
    """Write the journal of a site; raises OSError if that fails."""
    data = msgspec.json.encode(Journal(os.path.realpath(root), stage, steps))
    replace_file(root / FOLDER / _NAME, [sealed(_PURPOSE, data)])


def read_journal(root: Path) -> Journal | None:
    """Return the journal of a site, or None without a valid one."""
    try:
        data = unsealed(_PURPOSE, plain_bytes(root / FOLDER / _NAME))
        journal = msgspec.json.decode(data or b"", type=Journal)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    here = journal.root == os.path.realpath(root)
    return journal if here and all(step.valid for step in journal.steps) else None


def remove_journal(root: Path) -> None:
    """Remove the journal of a site, or what is in its place."""
    remove(root / FOLDER / _NAME)
