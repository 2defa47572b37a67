"""Connections to hosts, with one deadline for everything, which a slow server cannot extend."""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from builder.fetch.addresses import RequestAddress, is_public
from builder.fetch.problem import FetchError
from builder.waiting import within

# The IP addresses of a host and a port.
Resolver = Callable[[str, int], list[str]]
_CONNECT = 10.0  # seconds for one of several IP addresses


class Deadline:
    """The end of a request, and the longest silence before it."""

    def __init__(self, seconds: float, idle: float, left: float | None = None) -> None:
        self.seconds, self.idle = seconds, idle
        self.end = time.monotonic() + (seconds if left is None else left)

    def left(self, most: float | None = None) -> float:
        """Return the seconds to wait for more bytes; raise FetchError."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise FetchError("timeout", f"no complete response within {self.seconds:g} seconds")
        return min(left, self.idle if most is None else most)


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [*dict.fromkeys(str(entry[4][0]) for entry in found)]


def connect(
    address: RequestAddress, deadline: Deadline, private: bool, resolver: Resolver = resolve
) -> socket.socket:
    """Connect to the host of an address; raise FetchError.

    The IP address that is checked is the one that is connected to, so that a second answer of the
    name server cannot lead elsewhere. `private` allows IP addresses that are not public."""
    host, port = address.host, address.port
    try:
        found = within(deadline.left(), lambda: resolver(host, port))
    except TimeoutError:
        raise FetchError("timeout", f"no answer from the name server about {host}") from None
    except (OSError, UnicodeError):
        raise FetchError("dns", f"there is no host {host}") from None
    allowed = [ip for ip in found if private or is_public(ip)]
    if not allowed:
        where = f"{host} ({found[0]})" if found and found[0] != host else host
        raise FetchError("private", f"{where} is not a public address")
    failure: OSError | None = None
    for ip in allowed:
        most = _CONNECT if len(allowed) > 1 else None
        try:
            return socket.create_connection((ip, port), deadline.left(most))
        except OSError as error:
            failure = error
    raise _failure(address.authority, failure, deadline) from None


def _failure(host: str, error: OSError | None, deadline: Deadline) -> FetchError:
    if isinstance(error, ConnectionRefusedError):
        return FetchError("refused", f"{host} refuses connections")
    if isinstance(error, TimeoutError):
        return FetchError("timeout", f"{host} did not answer within {deadline.idle:g} seconds")
    return FetchError("network", f"{host} cannot be reached: {error.strerror if error else ''}")


def secure(
    plain: socket.socket, host: str, deadline: Deadline, context: ssl.SSLContext
) -> ssl.SSLSocket:
    """Return a TLS connection on a connected socket; raise FetchError."""
    plain.settimeout(deadline.left())
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate of {host} is invalid: {error.verify_message}"
        raise FetchError("tls", why) from None
    except TimeoutError:
        raise FetchError("timeout", f"{host} did not answer within {deadline.idle:g} s") from None
    except (OSError, ValueError) as error:  # ValueError: a host that no certificate can name
        reason = getattr(error, "reason", "") or error
        raise FetchError("tls", f"no secure connection to {host}: {reason}") from None


class TimedSocket:
    """A socket as `http.client` uses one, which keeps a deadline and counts bytes."""

    def __init__(self, sock: socket.socket, host: str, deadline: Deadline, most: int) -> None:
        self.sock, self.host, self.deadline, self.most = sock, host, deadline, most
        self.received = 0

    def sendall(self, data: Any) -> None:
        self.sock.settimeout(self.deadline.left())
        self.sock.sendall(data)

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        return io.BufferedReader(_Receiver(self))

    def receive(self, buffer: Any) -> int:
        """Receive some bytes; raise FetchError if they are late or too many."""
        self.sock.settimeout(self.deadline.left())
        try:
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            self.deadline.left()
            why = f"{self.host} was silent for {self.deadline.idle:g} seconds"
            raise FetchError("timeout", why) from None
        self.received += count
        if self.received > self.most:
            raise too_large(self.most)
        return count

    def close(self) -> None:
        """Do nothing: the caller of `connect` closes the connection."""


class _Receiver(io.RawIOBase):
    def __init__(self, sock: TimedSocket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._sock.receive(buffer)


def too_large(most: int) -> FetchError:
    """Return the error of a response of more than `most` bytes."""
    unit, word = (1 << 20, "MB") if most >= 1 << 20 else (1 << 10, "kB")
    return FetchError("size", f"the response is larger than {most / unit:g} {word}")
