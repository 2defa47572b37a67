"""Which addresses are requested: http and https, without credentials, of public hosts."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from builder.fetch.problem import FetchError

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8000  # characters; RFC 9110 (4.1) recommends support of at least 8000
# Characters of a path and a query that stay as they are (RFC 3986, 3.3 and 3.4).
_PATH, _QUERY = "/%:@!$&'()*+,;=~", "/%:@!$&'()*+,;=~?"
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 in IPv6 (RFC 6052)


class RequestAddress(NamedTuple):
    """An address in the form in which it is requested: ASCII, without a fragment."""

    scheme: str
    host: str  # in lower case, an IPv6 address without its brackets
    port: int
    target: str  # the path and the query

    @property
    def authority(self) -> str:
        """Return the host, and the port unless it is the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return the scheme and the authority."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target


def request_address(text: str) -> RequestAddress:
    """Return the parts of an address; raise FetchError if it is invalid."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FetchError("address", f"`{text}` is not a valid address") from None
    if parts.scheme not in _PORTS:
        raise FetchError("address", f"`{text}` does not begin with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise FetchError("address", "the address contains a user name or a password")
    target = quote(parts.path or "/", safe=_PATH)
    if parts.query:
        target += f"?{quote(parts.query, safe=_QUERY)}"
    found = RequestAddress(parts.scheme, _ascii(host), port or _PORTS[parts.scheme], target)
    if not _is_host(found.host):
        raise FetchError("address", f"`{text}` has no valid host")
    if len(target) > _LONGEST:
        raise FetchError("address", f"the address has more than {_LONGEST:,} characters")
    return found


def redirect_address(base: RequestAddress, location: str) -> RequestAddress:
    """Return the address to which a `Location` header leads."""
    # Servers send raw UTF-8, which HTTP libraries read as Latin-1.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        joined = urljoin(str(base), location.strip())
    except ValueError:
        joined = location
    return request_address(joined)


def _ascii(host: str) -> str:
    """Return a host in ASCII (RFC 3490), or an empty string."""
    try:
        return host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        return ""


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.removesuffix(".").split(".")
        return len(host) < 254 and all(_NAME.fullmatch(label) for label in labels)
    return True


def is_public(ip: str) -> bool:
    """Return whether an IP address is one that everybody can reach.

    An IPv6 address that contains an IPv4 address is public only if that one is."""
    try:
        found = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved
