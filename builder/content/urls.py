"""A web address -> what its spellings share: by that, two sources are known to be one report."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from builder.store import digest

_SIZE = 8  # bytes of a digest
# What is added to an address to count visits, and does not change what it leads to.
_COUNTING = re.compile(r"(?:utm_\w*|fbclid|gclid|mc_[ce]id)(?:=|$)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=4096)
def normal_address(url: str) -> str:
    """An address without what two copies of it may differ in: the protocol, the case of the host,
    `www.`, the usual port, slashes at the end, the fragment and parameters that count visits. The
    order of the other parameters, and the case of the path, mean something (RFC 3986, 6.2)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    if parts.port and parts.port != _PORTS.get(parts.scheme.lower()):
        host += f":{parts.port}"
    query = "&".join(p for p in parts.query.split("&") if p and not _COUNTING.match(p))
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def same_address(url: str) -> str:
    """A digest that the spellings of one address share; nothing where there is no address."""
    return digest(normal_address(url).encode(), _SIZE).hex() if url else ""


def host_of(url: str) -> str:
    """The host of an address as a reader knows it: `reuters.com`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
