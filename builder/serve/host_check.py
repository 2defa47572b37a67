"""A check of the `Host` header that protects a preview from DNS rebinding.

A malicious site can point its own domain name at this machine to read drafts, but a browser always
sends that name in the `Host` header."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?", re.ASCII)


def is_loopback(host: str) -> bool:
    """Return whether a host is reachable only from this machine."""
    address = _address(host)
    return address.is_loopback if address else _is_local_name(_name(host))


def host_check(host: str) -> Callable[[str], bool]:
    """Return a predicate for the `Host` headers of a preview."""
    local = is_loopback(host)
    names = set() if local else _own_names(host)

    def is_own_host(header: str) -> bool:
        match = _HOST.fullmatch(header)
        if match is None:
            return False
        address = _address(match[1])
        if address is not None:
            # DNS rebinding needs a name; an IP address cannot be rebound.
            return address.is_loopback or not local
        name = _name(match[1])
        return _is_local_name(name) or name in names

    return is_own_host


def _own_names(host: str) -> set[str]:
    own = _name(socket.gethostname())
    return {_name(host), own, own.partition(".")[0], f"{own.partition('.')[0]}.local"} - {""}


def _name(text: str) -> str:
    return text.lower().removesuffix(".")


def _is_local_name(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
