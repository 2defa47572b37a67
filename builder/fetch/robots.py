"""What robots.txt allows (RFC 9309).

Protego reads the file: unlike `urllib.robotparser`, it knows wildcards and lets the longest rule
win, so it requests nothing that a site forbids."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from builder.extras import MissingExtra
from builder.fetch.addresses import RequestAddress
from builder.fetch.problem import FetchError
from builder.fetch.text import decode

if TYPE_CHECKING:
    from protego import Protego

TOKEN = "slugline"  # the name of this robot in robots.txt
_READ = 500 << 10  # bytes that must be read of a file (RFC 9309, 2.5)


class RobotRules(NamedTuple):
    """The rules of one site. Without `file`, everything is allowed, or nothing."""

    file: Protego | None
    allowed: bool = True
    why: str = ""

    def check(self, address: RequestAddress) -> None:
        """Raise FetchError if a site does not allow a request."""
        if self.file and not self.file.can_fetch(str(address), TOKEN):
            raise FetchError("robots", f"{address.origin}/robots.txt disallows it")
        if not self.file and not self.allowed:
            raise FetchError("robots", f"{address.origin}/robots.txt is not available: {self.why}")

    @property
    def delay(self) -> float:
        """Return the seconds between requests that the site asks for."""
        return float((self.file.crawl_delay(TOKEN) if self.file else None) or 0)


# Requests an address and returns the status and the bytes; raises FetchError.
Getter = Callable[[RequestAddress], tuple[int, bytes]]


class RobotsFiles:
    """The rules of the sites that were asked."""

    def __init__(self, get: Getter) -> None:
        parse_robots(b"")  # a missing library is reported before anything is requested
        self._get = get
        self._rules: dict[str, RobotRules] = {}
        self._failures: dict[str, FetchError] = {}  # hosts that did not answer are not asked again
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def rules(self, address: RequestAddress) -> RobotRules:
        """Return the rules of an address's site, requested once.

        Raises FetchError if its host does not answer."""
        origin = address.origin
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin in self._failures:
                raise self._failures[origin]
            if origin not in self._rules:
                try:
                    self._rules[origin] = self._read(address._replace(target="/robots.txt"))
                except FetchError as error:
                    self._failures[origin] = error
                    raise
            return self._rules[origin]

    def _read(self, address: RequestAddress) -> RobotRules:
        """Return the rules of a file.

        A file that does not exist allows everything; one that the server cannot send, nothing
        (RFC 9309, 2.3.1)."""
        try:
            status, data = self._get(address)
        except FetchError as error:
            if error.problem in ("dns", "refused", "network", "tls", "private", "timeout", "busy"):
                raise  # the page is not available either, for the same reason
            return RobotRules(None, error.problem in ("redirects", "address", "size"), str(error))
        if 200 <= status < 300:
            return RobotRules(parse_robots(data))
        return RobotRules(None, 300 <= status < 500 and status != 429, f"status {status}")


def parse_robots(data: bytes) -> Protego:
    """Return the rules in a robots.txt file."""
    try:
        from protego import Protego
    except ImportError:
        raise MissingExtra("Protego", "evidence") from None
    return Protego.parse(decode(data[:_READ], "text/plain; charset=utf-8"))
