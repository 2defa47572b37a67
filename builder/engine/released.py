"""Remembers the histories that an output was built with, after a deploy has written others.

What a deploy writes into content/history/ does not make stale what it has sent: a check whether an
output is as it was built reads the former files instead. A file that somebody has edited since
counts as it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from builder.machine_key import sealed, unsealed
from builder.output.manifest import bytes_digest, read_manifest
from builder.safe_files import plain_bytes, replace_file
from builder.store import FOLDER

_PURPOSE = "histories of an output"  # of a seal


class _Former(Struct, array_like=True):
    """The bytes of a file before a deploy, empty if there was none; the digest of the new ones."""

    before: bytes
    digest: str


class _Note(Struct, array_like=True):
    """The former histories of an output, which is known by the digest of its manifest."""

    output: str
    files: dict[str, _Former]


_note = msgspec.msgpack.Decoder(_Note)


def note_histories(
    root: Path, output: Path, changes: Mapping[str, tuple[bytes | None, bytes | None]]
) -> None:
    """Remember the former bytes of histories, by path, for an output.

    On a full disk nothing is stored, and a deploy asks for another build."""
    digest = read_manifest(output).digest
    known = _read(root, output, digest)
    for path, (before, after) in changes.items():
        first = known[path].before if path in known else before or b""
        known[path] = _Former(first, bytes_digest(after or b""))
    data = msgspec.msgpack.encode(_Note(digest, known))
    with suppress(OSError):
        replace_file(_place(root, output), [sealed(_PURPOSE, data)])


def former_histories(root: Path, output: Path) -> dict[str, bytes]:
    """Return the histories that an output was built with, by path.

    Only those that are as a deploy has written them since; empty bytes stand for no file."""
    found = {}
    for path, former in _read(root, output, read_manifest(output).digest).items():
        with suppress(OSError):
            if bytes_digest(plain_bytes(root / path)) == former.digest:
                found[path] = former.before
    return found


def _read(root: Path, output: Path, digest: str) -> dict[str, _Former]:
    try:
        found = _note.decode(unsealed(_PURPOSE, plain_bytes(_place(root, output))) or b"")
    except (OSError, msgspec.MsgspecError, ValueError):
        return {}
    return found.files if found.output == digest else {}


def _place(root: Path, output: Path) -> Path:
    return root / FOLDER / f"histories-{output.name}"
