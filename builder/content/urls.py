"""Normalises web addresses, so that two sources are recognised as one report."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

from builder.patterns import pattern
from builder.store import digest

_SIZE = 8  # bytes of a digest
# Parameters that track visits and do not change the target.
_TRACKING = pattern(r"(?:utm_\w*|fbclid|gclid|mc_[ce]id)(?:=|$)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def split_address(text: str) -> SplitResult | None:
    """Return the parts of an address, or None if it is invalid.

    The host of `https://[x/` and the port of `https://x.example:y/` are invalid."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


# An address whose parts need no interpretation: without `www.`, its host and its path.
_PLAIN = re.compile(
    r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*)((?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)*)/*"
)
_AUTHORITY = pattern(r"https?://([^/?#\\]*)", re.IGNORECASE)
_NOT_IN_A_HOST = pattern(r"[\s<>\"{}|\\^`%\[\]]")  # URL Standard, forbidden host code points


def has_host(address: str) -> bool:
    """Return whether the host of a web address is valid.

    The host may be percent-encoded, as Markdown writes it."""
    found = _AUTHORITY.match(address)
    parts = split_address(f"//{unquote(found[1])}") if found else None
    host = (parts.hostname or "") if parts else ""
    return bool(host) and _NOT_IN_A_HOST.search(host) is None


@lru_cache(maxsize=4096)
def normal_address(url: str) -> str:
    """Return an address without the parts that vary between copies.

    These are the protocol, the case of the host, `www.`, the default port, trailing slashes, the
    fragment and tracking parameters. The order of other parameters and the case of the path are
    significant (RFC 3986, 6.2)."""
    if plain := _PLAIN.fullmatch(url):
        return f"{plain[1]}{plain[2]}"
    parts = split_address(url)
    if parts is None:
        return url
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    if parts.port and parts.port != _PORTS.get(parts.scheme.lower()):
        host += f":{parts.port}"
    query = "&".join(p for p in parts.query.split("&") if p and not _TRACKING.match(p))
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def same_address(url: str) -> str:
    """Return a digest of the normalised address, or an empty string."""
    return digest(normal_address(url).encode(), _SIZE).hex() if url else ""


# Labels below a country's domain that are part of the ending: bbc.co.uk.
_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"))


def domain_name(host: str) -> str:
    """Return the name in a host, without its ending: `reuters` for uk.reuters.com."""
    labels = host.split(".")
    kept = labels[:-1] or labels
    if len(kept) > 1 and len(labels[-1]) == 2 and kept[-1] in _SECOND_LEVEL:
        kept = kept[:-1]
    return kept[-1]


def host_of(url: str) -> str:
    """Return the host of an address without `www.`: `reuters.com`."""
    if plain := _PLAIN.fullmatch(url):
        return plain[1]
    parts = split_address(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def is_host(name: str) -> bool:
    """Return whether a name is a host, such as `reuters.com`."""
    return re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name) is not None
