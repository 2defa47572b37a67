"""One request and its response, without redirects."""

from __future__ import annotations

import http.client
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import NamedTuple, cast

from builder.fetch.addresses import RequestAddress
from builder.fetch.connection import (
    Deadline,
    Resolver,
    TimedSocket,
    connect,
    resolve,
    secure,
    too_large,
)
from builder.fetch.problem import FetchError

_HEAD = 256 << 10  # bytes of a status line and headers, and of the framing of chunks
_PIECE = 64 << 10  # bytes


class FetchLimits(NamedTuple):
    """The limits of one request."""

    bytes: int = 10 << 20  # of the response, as it is sent and as it is decoded
    seconds: float = 45.0  # for everything, with redirects
    idle: float = 15.0  # seconds of silence
    redirects: int = 10


class Reply(NamedTuple):
    """The response to one request."""

    status: int
    headers: Mapping[str, str]  # by name in lower case
    body: bytes  # without its content coding


class Wire(NamedTuple):
    """How connections are made."""

    private: bool = False  # allow IP addresses that are not public
    context: ssl.SSLContext | None = None
    resolver: Resolver | None = None


def exchange(
    address: RequestAddress,
    headers: Mapping[str, str],
    deadline: Deadline,
    most: int,
    wire: Wire,
    body: bytes | None = None,
    method: str = "",
) -> Reply:
    """Send a request and return the response; raise FetchError.

    Without a method, it is GET, or POST with a body."""
    method = method or ("GET" if body is None else "POST")
    found = connect(address, deadline, wire.private, wire.resolver or resolve)
    with closing(found) as plain:
        if address.scheme == "http":
            timed = TimedSocket(plain, address.host, deadline, most)
            return _send(address, headers, timed, body, method)
        context = wire.context or ssl.create_default_context()
        with closing(secure(plain, address.host, deadline, context)) as sock:
            timed = TimedSocket(sock, address.host, deadline, most)
            return _send(address, headers, timed, body, method)


def _send(
    address: RequestAddress,
    headers: Mapping[str, str],
    sock: TimedSocket,
    body: bytes | None,
    method: str,
) -> Reply:
    most, sock.most = sock.most, sock.most + _HEAD
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = cast(socket.socket, sock)
    sent = {"Host": address.authority, "Accept-Encoding": "gzip", "Connection": "close", **headers}
    try:
        connection.request(method, address.target, body, sent)
        response = connection.getresponse()
        found = {name.lower(): value.strip() for name, value in response.getheaders()}
        pieces = _decoded(_pieces(response), found.get("content-encoding", ""), most)
        return Reply(response.status, found, b"".join(pieces))
    except http.client.IncompleteRead:
        raise _incomplete() from None
    except (http.client.HTTPException, ValueError) as error:
        why = str(error) or type(error).__name__
        raise FetchError("invalid", f"{address.host} sent an invalid response ({why})") from None
    except TimeoutError:
        raise FetchError("timeout", f"{address.host} takes no request") from None
    except ssl.SSLError as error:
        why = f"no secure connection to {address.host}: {error.reason}"
        raise FetchError("tls", why) from None
    except OSError as error:
        why = f"{address.host} closed the connection ({error.strerror or error})"
        raise FetchError("network", why) from None


def _incomplete() -> FetchError:
    return FetchError("invalid", "the connection ended before the whole response")


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := response.read1(_PIECE):
        yield piece
    if response.length:  # the rest of Content-Length, which `read1` does not miss
        raise _incomplete()


def _decoded(pieces: Iterator[bytes], coding: str, most: int) -> Iterator[bytes]:
    """Yield decoded bytes, at most `most`; raise FetchError."""
    coding, total = coding.lower().removeprefix("x-"), 0
    if coding not in ("", "identity", "gzip"):
        raise FetchError("invalid", f"the response has the unknown content coding `{coding}`")
    for piece in _gunzip(pieces) if coding == "gzip" else pieces:
        total += len(piece)
        if total > most:
            raise too_large(most)
        yield piece


def _gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the content of gzip data in pieces of limited size.

    Data may have several members (RFC 1952, 2.2). What a server marks as gzip but sends as it is
    stays as it is."""
    state, first, inside = zlib.decompressobj(31), True, False
    for data in pieces:
        if first and data[:1] != b"\x1f":
            yield data
            yield from pieces
            return
        first, more = False, True
        while data or more:
            inside = True
            try:
                content = state.decompress(data, _PIECE)
            except zlib.error:
                raise FetchError("invalid", "the response is not valid gzip data") from None
            yield content
            data, more = state.unconsumed_tail, len(content) == _PIECE
            if state.eof:
                data = state.unused_data.lstrip(b"\0")
                state, inside, more = zlib.decompressobj(31), False, False
    if inside:
        raise _incomplete()
