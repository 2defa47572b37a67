"""A host and a port -> the sockets on which a preview listens: the next port that is free."""

from __future__ import annotations

import errno
import socket

from builder.errors import SluglineError


class CannotListen(SluglineError):
    """There is no address to listen on; the message says why and what to do."""


def bind(host: str, port: int, tries: int = 20) -> list[socket.socket]:
    """Sockets that listen on a host: on the given port, or the first free one after it.
    `localhost` is both the IPv4 and the IPv6 address where the machine has both. Port 0 is any
    free one. CannotListen where there is none."""
    addresses = _addresses_of(host)
    last = min(65535, port + max(1, tries) - 1)
    for candidate in range(port, last + 1):
        sockets = _bind_all(addresses, candidate)
        if sockets:
            return sockets
    ports = f"port {port} is" if last == port else f"the ports {port} to {last} are all"
    raise CannotListen(f"{ports} taken on {host}; choose another one with --port")


def _addresses_of(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """The addresses that a name stands for, each once, IPv4 first."""
    if host == "localhost":  # whatever the machine's list of names says
        return [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"there is no address for the host `{host}`: {_reason(error)}"
        raise CannotListen(f"{message}; give an address of this machine, or 0.0.0.0") from None
    pairs = {(family, str(address[0])) for family, _, _, _, address in found}
    return sorted(pair for pair in pairs if pair[0] in (socket.AF_INET, socket.AF_INET6))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _bind_all(addresses: list[tuple[socket.AddressFamily, str]], port: int) -> list[socket.socket]:
    """Sockets on all of the addresses; none where one of them has a listener already."""
    sockets: list[socket.socket] = []
    for family, address in addresses:
        # The second address takes the port that the system chose for the first.
        wanted = port or (sockets[0].getsockname()[1] if sockets else 0)
        try:
            sockets.append(_listen(family, address, wanted))
        except OSError as error:
            missing = error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
            if missing and len(addresses) > 1:
                continue  # a machine without IPv6
            for one in sockets:
                one.close()
            if error.errno == errno.EADDRINUSE:
                return []
            raise CannotListen(_advice(error, address, wanted)) from None
    if not sockets:
        raise CannotListen(f"this machine has none of the addresses {addresses}")
    return sockets


def _advice(error: OSError, address: str, port: int) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} is not for everyone's use; choose one above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"this machine does not have the address {address}; 0.0.0.0 means all it has"
    return f"cannot listen on {address}, port {port}: {error.strerror}"


def _listen(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    """A socket that listens; OSError where it cannot."""
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A port whose last connections have just ended is free; on Unix this option never
        # shares it with another listener.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((address, port))
        # From now on, so that nobody else takes it and a browser may already connect.
        found.listen(128)
    except OSError:
        found.close()
        raise
    found.setblocking(False)
    return found
