"""The compiled code of the program's own templates, kept beside its modules.

Python keeps the code of modules in `__pycache__`, if it can write there; this file is kept with it,
by the same rules. Anyone who can change it can change the program as well, so it has no seal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

import msgspec

from builder.render.versions import versions
from builder.safe_files import plain_bytes, replace_file


class _Installed(msgspec.Struct, array_like=True):
    """Values by key, and the versions that they are for."""

    versions: str
    values: dict[str, bytes]


_decoder = msgspec.msgpack.Decoder(_Installed)


@cache
def installed() -> Mapping[str, bytes]:
    """Return the values that an earlier build has kept, by key."""
    with suppress(OSError, msgspec.DecodeError):
        found = _decoder.decode(plain_bytes(_place()))
        if found.versions == versions():
            return found.values
    return {}


def keep_installed(values: Mapping[str, bytes]) -> None:
    """Keep values for later builds, if Python may keep code there."""
    if sys.dont_write_bytecode:
        return
    with suppress(OSError):
        replace_file(_place(), [msgspec.msgpack.encode(_Installed(versions(), dict(values)))])
    installed.cache_clear()


def _place() -> Path:
    """Return the path of the file; PYTHONPYCACHEPREFIX moves it too."""
    return Path(cache_from_source(__file__)).with_suffix(".templates")
