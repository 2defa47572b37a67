"""What an editor writes for a picture: a file of content/media/, or an address on another site."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from builder.content.urls import has_host, split_address
from builder.content.walk import CONTENT, MEDIA
from builder.diagnostics.misread import Misread
from builder.patterns import pattern

_REMOTE = pattern(r"https?:", re.IGNORECASE)
_WEB = pattern(r"https?://[^/?#\s\\@\"'<>]+(?:[/?][^\s\"'<>\\]*)?", re.IGNORECASE)
_SCHEME = pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SIZE = pattern(r"(\d{1,5})x(\d{1,5})")
_ABOVE = pattern(r"(?:\.\./)+(?:content/)?media/")
_PORTS = {"http": 80, "https": 443}


class RemotePicture(NamedTuple):
    """The address of a picture on another site, and its size in pixels if it is known."""

    url: str
    width: int = 0
    height: int = 0


def is_remote(address: str) -> bool:
    """Return whether an address is on another site."""
    return bool(_REMOTE.match(address))


def remote_picture(address: str) -> RemotePicture:
    """Return a picture on another site.

    `#640x480` after its address is its size. Raises Misread."""
    url, _, fragment = address.partition("#")
    if not _WEB.fullmatch(url) or not has_host(url):
        raise Misread(
            "invalid-media",
            f"`{unquote(address)}` is not a web address",
            "copy it from the browser",
        )
    if url[:5].lower() == "http:":
        raise Misread(
            "invalid-media",
            f"`{address}` is not encrypted, so browsers may block the picture",
            f"write `https:{url[5:]}`, or put the file in content/media/",
        )
    size = _SIZE.fullmatch(fragment)
    return RemotePicture(url, *(int(size[1]), int(size[2])) if size else (0, 0))


def media_name(address: str, path: str = "") -> str | None:
    """Return the path below content/media/ that an address means, or None.

    It begins with `/media/`, is relative to the file at `path`, or to content/media/ itself."""
    if _SCHEME.match(address) or "\\" in address or address.startswith("//"):
        return None
    if address.startswith("/"):
        found = re.match(rf"/(?:{CONTENT}/)?{MEDIA}/(.+)", address)
        return found[1] if found else None
    if path and (inside := _inside(f"{path.rpartition('/')[0]}/{address}")):
        return inside
    if above := _ABOVE.match(address):
        address = address[above.end() :]
    while address.startswith("./"):
        address = address[2:]
    address = re.sub(rf"^(?:{CONTENT}/)?{MEDIA}/", "", address)
    return address if address and ".." not in address.split("/") else None


def read_picture(text: str) -> str:
    """Return the picture that a field names: a path, or an address."""
    if is_remote(text):
        return remote_picture(text).url
    name = media_name(text)
    if name is None:
        hint = "write its path below content/media/, such as `2025/sign.jpg`"
        raise Misread("invalid-media", f"`{text}` is not below content/media/", hint)
    return name


def _inside(path: str) -> str:
    """Return the part of a path below content/media/, or nothing."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts[2:]) if parts[:2] == [CONTENT, MEDIA] else ""


def origin_of(url: str) -> str:
    """Return the scheme, host and port of an address: `https://cdn.example`."""
    parts = split_address(url)
    if parts is None:
        return ""
    scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")
