"""Responses that are kept for conditional requests, in a folder of .slugline/."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from builder.fetch.exchange import Reply
from builder.machine_key import sealed, unsealed
from builder.safe_files import make_folders, plain_bytes, replace_file

_PURPOSE = "fetched"
_MOST = 256 << 20  # bytes of all responses
_LARGEST = 4 << 20  # bytes of one
_KEPT_HEADERS = ("content-type", "etag", "last-modified", "content-language")


class _KeptReply(msgspec.Struct, frozen=True, array_like=True):
    address: str
    headers: dict[str, str]
    body: bytes


class ReplyCache:
    """Complete responses, each by its address.

    Only what this user's key has sealed is used; a full disk is ignored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _place(self, address: str) -> Path:
        return self.folder / hashlib.blake2b(address.encode(), digest_size=16).hexdigest()

    def get(self, address: str) -> Reply | None:
        """Return the kept response of an address."""
        try:
            data = unsealed(_PURPOSE, plain_bytes(self._place(address)))
            kept = msgspec.msgpack.decode(data, type=_KeptReply) if data else None
        except (OSError, msgspec.MsgspecError):
            return None
        if kept is None or kept.address != address:
            return None
        return Reply(200, kept.headers, kept.body)

    def put(self, address: str, reply: Reply) -> None:
        """Keep a response that a server can compare with its newest version."""
        headers = {name: reply.headers[name] for name in _KEPT_HEADERS if name in reply.headers}
        known = "etag" in headers or "last-modified" in headers
        private = "no-store" in reply.headers.get("cache-control", "").lower()
        if not known or private or len(reply.body) > _LARGEST:
            return
        data = msgspec.msgpack.encode(_KeptReply(address, headers, reply.body))
        with suppress(OSError):
            make_folders(self.folder.parent, self.folder.name)
            replace_file(self._place(address), [sealed(_PURPOSE, data)])

    def tidy(self, most: int = _MOST) -> None:
        """Remove the oldest responses beyond `most` bytes in all."""
        found = []
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                stat = entry.stat(follow_symlinks=False)
                found.append((stat.st_mtime, stat.st_size, entry.path))
        total = 0
        for _, size, path in sorted(found, reverse=True):
            total += size
            if total > most:
                with suppress(OSError):
                    Path(path).unlink()


def conditions(kept: Reply | None) -> Mapping[str, str]:
    """Return the headers that request only a newer version (RFC 9110, 13.1)."""
    headers = kept.headers if kept else {}
    found = {
        "If-None-Match": headers.get("etag", ""),
        "If-Modified-Since": headers.get("last-modified", ""),
    }
    return {name: value for name, value in found.items() if value}
