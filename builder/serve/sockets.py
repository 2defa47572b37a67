"""The sockets on which a preview listens."""

from __future__ import annotations

import errno
import socket

from builder.errors import SluglineError

BACKLOG = 128  # connections that the system accepts before this program does


class CannotListen(SluglineError):
    """An address that cannot be listened on; the message says what to do."""


def bind(host: str, port: int, tries: int = 20) -> list[socket.socket]:
    """Return sockets that listen on the first free port from `port` upward.

    `localhost` means both the IPv4 and the IPv6 address, if the machine has both. Port 0 means any
    free port. Raises CannotListen if no port is free."""
    addresses = _addresses_of(host)
    last = min(65535, port + max(1, tries) - 1)
    for candidate in range(port, last + 1):
        sockets = _bind_all(addresses, candidate)
        if sockets:
            return sockets
    ports = f"port {port} is" if last == port else f"ports {port} to {last} are all"
    raise CannotListen(f"{ports} in use on {host}; choose another port with --port")


def _addresses_of(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """Return the addresses of a host, without duplicates, IPv4 first."""
    if host == "localhost":  # regardless of /etc/hosts
        return [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"cannot resolve the host `{host}`: {_reason(error)}"
        raise CannotListen(f"{message}; use an address of this machine, or 0.0.0.0") from None
    pairs = {(family, str(address[0])) for family, _, _, _, address in found}
    return sorted(pair for pair in pairs if pair[0] in (socket.AF_INET, socket.AF_INET6))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _bind_all(addresses: list[tuple[socket.AddressFamily, str]], port: int) -> list[socket.socket]:
    """Return a socket for each address, or none if the port is in use on one."""
    sockets: list[socket.socket] = []
    for family, address in addresses:
        # Use the port that the system chose for the first address.
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
        return f"port {port} requires administrator rights; choose a port above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"this machine does not have the address {address}; for all addresses, use 0.0.0.0"
    return f"cannot listen on {address}, port {port}: {error.strerror}"


def _listen(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    """Return a listening socket; raise OSError if that fails."""
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Reuse a port whose connections have just been closed; on Unix this never shares the port
        # with another listener.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((address, port))
        # Listen now, to reserve the port and let browsers connect early.
        found.listen(BACKLOG)
    except OSError:
        found.close()
        raise
    found.setblocking(False)
    return found
