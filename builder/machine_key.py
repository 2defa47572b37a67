"""The key with which Slugline seals what it stores for itself in a site's folder.

It is outside of every site: a repository can carry a .slugline/ folder, but not one that this key
has sealed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from builder.safe_files import create_file, plain_bytes

VARIABLE = "SLUGLINE_KEY"
_LENGTH = 32  # bytes of a key
_SEAL = 16  # bytes of a seal


def state_folder() -> Path:
    """Return the folder of programs' state (XDG Base Directory Specification)."""
    given = os.environ.get("XDG_STATE_HOME", "")
    return Path(given) if given.startswith("/") else Path.home() / ".local" / "state"


def machine_key() -> bytes | None:
    """Return this user's key, which is created on first use.

    It is the value of `SLUGLINE_KEY` if that is set, which lets CI runners share one. None if no
    key can be stored."""
    if text := os.environ.get(VARIABLE):
        return hashlib.blake2b(
            text.encode("utf-8", "surrogateescape"), digest_size=_LENGTH
        ).digest()
    try:
        place = state_folder() / "slugline" / "key"
        try:
            key = plain_bytes(place)
        except FileNotFoundError:
            key = _create(place)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home
        return None
    return key if len(key) == _LENGTH else None


def _create(place: Path) -> bytes:
    """Store a new key, unless another process does; return the stored one."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = os.urandom(_LENGTH)
    unfinished = place.with_name(f"key.{key[:8].hex()}")
    create_file(unfinished, key)
    try:
        unfinished.chmod(0o600)
        os.link(unfinished, place)
    except FileExistsError:
        return plain_bytes(place)
    except OSError:  # a file system without hard links
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    return key


def seal(key: bytes, purpose: str, data: bytes) -> bytes:
    """Return the seal of data for a purpose (keyed BLAKE2, RFC 7693)."""
    state = hashlib.blake2b(key=key, person=purpose.encode()[:16], digest_size=_SEAL)
    state.update(data)
    return state.digest()


def sealed(purpose: str, data: bytes) -> bytes:
    """Return data after its seal by this user's key.

    Without a key, the seal is one that nothing accepts."""
    return sealed_by(machine_key(), purpose, data)


def unsealed(purpose: str, data: bytes) -> bytes | None:
    """Return sealed data without its seal.

    None if this user has not sealed it."""
    return unsealed_by(machine_key(), purpose, data)


def sealed_by(key: bytes | None, purpose: str, data: bytes) -> bytes:
    """Return data after its seal, as `sealed` does, by a key."""
    return (seal(key, purpose, data) if key else bytes(_SEAL)) + data


def unsealed_by(key: bytes | None, purpose: str, data: bytes) -> bytes | None:
    """Return sealed data without its seal, as `unsealed` does, by a key."""
    content = data[_SEAL:]
    valid = key is not None and data[:_SEAL] == seal(key, purpose, content)
    return content if valid else None
