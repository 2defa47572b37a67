"""The connections of a preview, bounded in number and in time.

A browser opens more than it uses, and any page can open hundreds to a preview. Without bounds,
these take all file descriptors, and nobody gets an answer."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_TIME = 10.0  # seconds for a whole request, however slowly it comes
STALL_TIME = 30.0  # seconds in which a client takes nothing of a response
_OTHER_FILES = 96  # descriptors that a preview needs for other things
_FEWEST, _MOST = 16, 512


def connection_limit() -> int:
    """Return how many connections a preview may have open.

    Each may need a second descriptor, of the file that it is sent."""
    try:
        import resource

        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    except (ImportError, OSError):
        return _MOST
    limited = files != resource.RLIM_INFINITY
    return min(_MOST, max(_FEWEST, (files - _OTHER_FILES) // 2)) if limited else _MOST


class Connections:
    """The open connections: those that wait for a request, and those that are answered.

    If there are too many, the one that has waited longest is closed, or else the one whose answer
    takes longest; a browser opens an event stream again."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[Connection, None] = {}  # the oldest first
        self._answered: dict[Connection, None] = {}

    def wait(self, connection: Connection) -> None:
        """Note that a connection waits for a request."""
        self.leave(connection)
        self._waiting[connection] = None
        while len(self._waiting) + len(self._answered) > self._limit:
            oldest = next(iter(self._waiting))
            if oldest is connection and self._answered:
                oldest = next(iter(self._answered))
            self.leave(oldest)
            oldest.transport.abort()

    def answer(self, connection: Connection) -> None:
        """Note that a request of a connection is being answered."""
        self.leave(connection)
        self._answered[connection] = None

    def leave(self, connection: Connection) -> None:
        """Forget a connection."""
        self._waiting.pop(connection, None)
        self._answered.pop(connection, None)


class Connection(H11Protocol):
    """A connection that ends if its client is too slow."""

    others: Connections
    _late: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if sock := transport.get_extra_info("socket"):
            _notice_lost_clients(sock)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._late, self._stalled):
            if timer is not None:
                timer.cancel()
        self.others.leave(self)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            if self._late is not None:
                self._late.cancel()
            self.others.answer(self)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._wait()

    def _wait(self) -> None:
        # The rest of a body that nobody reads counts as part of the next request.
        if self._late is not None:
            self._late.cancel()
        self._late = self.loop.call_later(REQUEST_TIME, self.transport.abort)
        self.others.wait(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALL_TIME, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()


def _notice_lost_clients(sock: Any) -> None:
    """Have the system end a connection whose client has disappeared (RFC 5482)."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        milliseconds = int(STALL_TIME * 1000)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def bounded_connection() -> type[Connection]:
    """Return the protocol of a server's connections."""
    found = Connections(connection_limit())
    return type("BoundedConnection", (Connection,), {"others": found})
