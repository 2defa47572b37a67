"""What a kind of archive is: its name, how it is read, and what its words become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from builder.importers.notes import ImportNotes
from builder.importers.post import Archive, ImportContext


class OldKind(NamedTuple):
    """A kind of archive. `read` raises BadArchive; posts that it cannot read are noted.

    `mapping` says what each taxonomy becomes unless --map says otherwise."""

    name: str
    reads: str  # what PATH is, for `--help` and messages
    read: Callable[[Path, ImportContext, ImportNotes], Archive]
    mapping: Mapping[str, str]
    needs_address: bool = True  # to know the identities of posts
