"""What is known of each source, in .slugline/evidence/: when it was asked, and what it said.

One file per address, replaced in one step: an interrupted run goes on where it stopped. Everything
there may be lost; only what this user's key has sealed is used."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from builder.evidence.verdict import Outcome
from builder.machine_key import sealed, unsealed
from builder.safe_files import make_folders, plain_bytes, replace_file
from builder.store import EVIDENCE, FOLDER, make_folder

_PURPOSE = "evidence"


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one address."""

    address: str
    asked: datetime | None = None  # the last complete answer
    outcome: Outcome = "unavailable"
    note: str = ""
    target: str = ""  # where it was moved
    missing: tuple[str, ...] = ()  # words that it did not have
    said: dict[str, datetime] = {}  # words that it had, and when they were last seen
    lost: datetime | None = None  # since when it seems to be gone
    searched: datetime | None = None  # archives, without success
    without: str = ""  # why there is no copy
    job: str = ""  # of a capture that is being made


class SourceStates:
    """The files of all addresses of a site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / FOLDER / EVIDENCE

    def get(self, key: str, address: str) -> SourceState:
        """Return what is known of an address."""
        with suppress(OSError, msgspec.MsgspecError):
            data = unsealed(_PURPOSE, plain_bytes(self.folder / key))
            if data:
                found = msgspec.json.decode(data, type=SourceState)
                if found.address == address:
                    return found
        return SourceState(address=address)

    def put(self, key: str, known: SourceState) -> None:
        """Replace what is known of an address; a full disk is ignored."""
        with suppress(OSError):
            make_folder(self.root / FOLDER)
            make_folders(self.root / FOLDER, EVIDENCE)
            replace_file(self.folder / key, [sealed(_PURPOSE, msgspec.json.encode(known))])
