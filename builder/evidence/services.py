"""The addresses of the archives' services, and the keys of their users."""

from __future__ import annotations

import os
from typing import NamedTuple

from builder.fetch.exchange import Wire
from builder.fetch.polite import Manners


class ArchiveServices(NamedTuple):
    """The addresses of the Wayback Machine's services."""

    available: str = "https://archive.org/wayback/available"
    captures: str = "https://web.archive.org/cdx/search/cdx"
    save: str = "https://web.archive.org/save"
    copies: str = "https://web.archive.org/web"


class AskingManners(NamedTuple):
    """How often sources and archives are asked."""

    asked: Manners = Manners(delay=2.0)
    archive: Manners = Manners(delay=1.0)


SERVICES, MANNERS, WIRE = ArchiveServices(), AskingManners(), Wire()
# As the Internet Archive's own tools call them; https://archive.org/account/s3.php shows the keys.
ACCESS_KEY, SECRET_KEY = "IA_ACCESS_KEY_ID", "IA_SECRET_ACCESS_KEY"


def authorization() -> str:
    """Return the header `Authorization` of Save Page Now, or nothing."""
    access, secret = (os.environ.get(name, "").strip() for name in (ACCESS_KEY, SECRET_KEY))
    return f"LOW {access}:{secret}" if access and secret else ""
