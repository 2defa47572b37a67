"""A request's `Host` -> whether it is meant for this preview. A foreign site can point its own
name at this machine (DNS rebinding) and would read drafts; it cannot make a browser send another
name than its own."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?", re.ASCII)


def is_loopback(host: str) -> bool:
    """Whether a host to listen on is for this machine alone."""
    address = _address(host)
    return address.is_loopback if address else _is_local_name(_name(host))


def host_check(host: str) -> Callable[[str], bool]:
    """Tells which `Host` headers are meant for a preview that listens on `host`."""
    local = is_loopback(host)
    names = set() if local else _own_names(host)

    def is_meant(header: str) -> bool:
        match = _HOST.fullmatch(header)
        if match is None:
            return False
        address = _address(match[1])
        if address is not None:
            # A rebound name is a name: an address can only have been typed.
            return address.is_loopback or not local
        name = _name(match[1])
        return _is_local_name(name) or name in names

    return is_meant


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
