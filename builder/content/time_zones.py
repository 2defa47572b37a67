"""Loads time zones from the packaged database."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo


@cache
def load_zone(name: str) -> tzinfo | None:
    """Return the time zone with an IANA name, or None.

    The system's own database is ignored: it differs between machines (PEP 615)."""
    if name == "UTC":
        return UTC
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name):
        return None
    file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    try:
        with file.open("rb") as stream:
            return ZoneInfo.from_file(stream, key=name)
    except (OSError, ValueError):
        return None
