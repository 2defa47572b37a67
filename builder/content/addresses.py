"""Decides whether an address may be linked to, and what to write instead."""

from __future__ import annotations

import re
from urllib.parse import unquote

from builder.content.urls import has_host
from builder.diagnostics.misread import Misread
from builder.names.suggest import edits
from builder.patterns import pattern

_SCHEME = pattern(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_WEB = pattern(r"https?://[^/?#\s]", re.IGNORECASE)
# Schemes with which a page may run code, or read what is on the reader's own machine.
_DANGEROUS = (
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "filesystem",
    "about",
    "view-source",
)
_ALLOWED = ("https", "http", "mailto", "tel")
# A host, or what looks like one, with whatever follows it.
_HOST = pattern(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::[0-9]+)?(?:[/?#].*)?")
_MAIL = pattern(r"[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_ANYWHERE = "begin it with `/` for a page of this site, or with `https://`"


def is_web(address: str) -> bool:
    """Return whether an address is one of the web with a host."""
    return _WEB.match(address) is not None


def is_absolute(address: str) -> bool:
    """Return whether an address begins with a scheme."""
    return _SCHEME.match(address) is not None


def misread_address(address: str) -> Misread | None:
    """Return what is wrong with an address, or None.

    One of this site begins with `/`, one of another with `https:`, `mailto:` or `tel:`."""
    if address.startswith(("//", "/\\")):
        rest = address.lstrip("/\\")
        hint = f"write `https://{rest}`" if _HOST.fullmatch(rest) else _ANYWHERE
        return Misread("invalid-link", f"`{address}` has no protocol", hint)
    if address.startswith("/"):
        return None
    scheme = _SCHEME.match(address)
    if scheme and not _HOST.fullmatch(unquote(address)):
        return _misread_scheme(address, scheme[1])
    if not address:
        return Misread("invalid-link", "the link is empty", _ANYWHERE)
    hint = _ANYWHERE
    if _MAIL.fullmatch(address):
        hint = f"write `mailto:{address}`"
    elif scheme or address.startswith("www.") or re.match(r"https?//", address):
        rest = re.sub(r"^https?//", "", address)
        hint = f"write `https://{rest}`" if _HOST.fullmatch(unquote(rest)) else hint
    elif address.startswith("media/"):
        hint = f"write `/{address}`"
    return Misread("invalid-link", f"`{address}` is not an address", hint)


def _misread_scheme(address: str, scheme: str) -> Misread | None:
    name, rest = scheme.lower(), address[len(scheme) + 1 :].lstrip("/\\")
    if name in ("http", "https"):
        if has_host(address):
            return None
        meant = f"{name}://{rest}"
        found = _HOST.fullmatch(rest) and has_host(meant)
        hint = f"write `{meant}`" if found else "copy the whole address"
        what = "valid host" if _WEB.match(address) else "host"
        return Misread("invalid-link", f"`{unquote(address)}` has no {what}", hint)
    if name in _ALLOWED:
        return None
    if len(name) == 1:
        hint = "put the file in content/media/, and write `/media/name.pdf`"
        return Misread("invalid-link", f"`{address}` is a path on your own computer", hint)
    if name == "localhost":
        hint = "write the address that readers have"
        return Misread("invalid-link", f"`{address}` is on your own computer", hint)
    limit = 2 if len(name) > 4 else 1
    meant = next((known for known in _ALLOWED if edits(name, known, limit) <= limit), "")
    if meant and rest and name not in _DANGEROUS:
        whole = f"{meant}://{rest}" if meant in ("http", "https") else f"{meant}:{rest}"
        message = f"`{scheme}:` is not a protocol"
        return Misread("invalid-link", message, f"write `{whole}`")
    message = f"a link to `{scheme}:` is not safe"
    return Misread("unsafe-link", message, "use https, mailto or tel")
