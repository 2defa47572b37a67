"""What was sent from this machine, so that no edition is sent twice.

One sealed file for each edition and service in .slugline/mail/sent/. It is written before each
request that matters and again after its answer, so a process that dies between the two leaves
behind that the outcome is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from builder.machine_key import sealed, unsealed
from builder.mail.problem import MailError
from builder.safe_files import make_folders, plain_bytes, replace_file
from builder.store import FOLDER, MAIL, make_folder

_PURPOSE = "sent mail"

Stage = Literal[
    "creating",  # a draft was asked for, and there is no answer
    "draft",  # the service has a draft
    "sending",  # the service got the request to send, and there is no answer
    "sent",
    "damaged",  # the file cannot be read
]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an edition at a service."""

    stage: Stage
    at: str  # ISO 8601, UTC
    id: str = ""  # of the service
    key: str = ""  # under which the service knows it
    digest: str = ""  # of the message
    tested: str = ""  # the digest of the message that was sent to a test address


class Ledger:
    """The files of one edition at one service."""

    def __init__(self, root: Path, edition: str, service: str) -> None:
        self.root = root
        self.place = root / FOLDER / MAIL / "sent" / f"{edition}.{service}"

    def read(self) -> Sent | None:
        """Return what is known, or None if nothing was sent."""
        try:
            data = plain_bytes(self.place)
        except FileNotFoundError:
            return None
        except OSError:
            return Sent(stage="damaged", at="")
        content = unsealed(_PURPOSE, data)
        try:
            return msgspec.json.decode(content, type=Sent) if content else _DAMAGED
        except msgspec.MsgspecError:
            return _DAMAGED

    def write(self, sent: Sent) -> None:
        """Keep what is known.

        Raises MailError if that fails: nothing may be sent then."""
        try:
            make_folder(self.root / FOLDER)
            make_folders(self.root / FOLDER, f"{MAIL}/sent")
            replace_file(self.place, [sealed(_PURPOSE, msgspec.json.encode(sent))])
        except OSError as error:
            why = error.strerror or error
            raise MailError(f"{self.place} cannot be written ({why}), so nothing is sent") from None
        if self.read() != sent:
            raise MailError(
                f"{self.place} cannot be sealed with your key, so a second sending would not be"
                " noticed; set SLUGLINE_KEY, or make ~/.local/state writable"
            )


_DAMAGED = Sent(stage="damaged", at="")
