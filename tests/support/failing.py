"""A host before a host: hands every request on, notes it, and from a certain one on refuses all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from support.tools import PATIENCE


class Proxy:
    """What came by: method, path and headers of each request."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.url = ""
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self._lock = threading.Lock()
        self._left = 0  # requests until all are refused; 0: none is

    def fail_from(self, number: int) -> None:
        with self._lock:
            self._left = number

    def lets_pass(self, method: str, path: str, headers: dict[str, str]) -> bool:
        with self._lock:
            self.seen.append((method, path, headers))
            if self._left > 1:
                self._left -= 1
                return True
            return self._left == 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def _handle(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        if not self.proxy.lets_pass(self.command, self.path, headers):
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        connection = HTTPConnection(self.proxy.upstream, timeout=PATIENCE)
        connection.request(self.command, self.path, body, dict(self.headers.items()))
        answer = connection.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        connection.close()

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _handle
    do_PROPFIND = do_MKCOL = do_MOVE = _handle

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def failing(upstream: str) -> Iterator[Proxy]:
    """A proxy of a host."""
    proxy = Proxy(upstream)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
