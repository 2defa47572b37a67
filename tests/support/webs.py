"""Servers on loopback that answer as they are told to, badly if a test wants that."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

from support.tools import TESTS

CERTIFICATE = TESTS / "support" / "paper.example.pem"  # of paper.example, signed by itself


class Asked(NamedTuple):
    """A request that a server received."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


# What a server sends for a path: bytes, or what a function makes of the request, piece by piece.
Route = bytes | Callable[[Asked], bytes | Iterable[bytes]]


def reply(body: bytes | str = b"", status: int = 200, coding: str = "", **headers: str) -> bytes:
    """A whole response. `etag="x"` is the header `Etag`, `retry_after` is `Retry-After`."""
    data = body.encode() if isinstance(body, str) else body
    if coding == "gzip":
        data, headers["content_encoding"] = gzip.compress(data), "gzip"
    named = {"content_type": "text/html", "content_length": str(len(data)), **headers}
    lines = "".join(
        f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in named.items()
    )
    return f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode("latin-1") + data


def moved(to: str, status: int = 301) -> bytes:
    """A redirect."""
    return reply(status=status, location=to)


class Web:
    """A server. What it was asked is in `asked`; `routes` may change while it runs."""

    def __init__(self, routes: Mapping[str, Route], tls: bool = False) -> None:
        self.routes, self.asked = {**routes}, list[Asked]()
        self.stopped = threading.Event()
        self.most_at_once = self._at_once = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._context:
            self._context.load_cert_chain(CERTIFICATE)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.origin = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        return [asked.target for asked in self.asked]

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def close(self) -> None:
        self.stopped.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _answer(self, connection: socket.socket) -> None:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            with suppress(OSError, ValueError), connection:
                if self._context:
                    with self._context.wrap_socket(connection, server_side=True) as secured:
                        self._send(secured)
                else:
                    self._send(connection)
        finally:
            self._at_once -= 1

    def _send(self, connection: socket.socket) -> None:
        asked = _read(connection)
        self.asked.append(asked)
        path = asked.target.partition("?")[0]
        route = self.routes.get(asked.target, self.routes.get(path, reply("none", 404)))
        sent = route if isinstance(route, bytes) else route(asked)
        for piece in [sent] if isinstance(sent, bytes) else sent:
            if self.stopped.is_set():
                return
            connection.sendall(piece)


def _read(connection: socket.socket) -> Asked:
    with connection.makefile("rb") as stream:
        method, target, _ = stream.readline().decode("latin-1").split(" ", 2)
        headers = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return Asked(method, target, headers, stream.read(int(headers.get("content-length", "0"))))


@contextmanager
def web(routes: Mapping[str, Route], tls: bool = False) -> Iterator[Web]:
    """A server that runs while the body does."""
    server = Web(routes, tls)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
