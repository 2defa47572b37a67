"""Requests pages of other sites: follows redirects, waits for its turn, asks robots.txt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from builder import __version__
from builder.fetch.addresses import RequestAddress, redirect_address, request_address
from builder.fetch.cache import ReplyCache, conditions
from builder.fetch.connection import Deadline
from builder.fetch.exchange import FetchLimits, Reply, Wire, exchange
from builder.fetch.polite import RETRIED, Manners, Queue
from builder.fetch.problem import FetchError
from builder.fetch.robots import RobotsFiles
from builder.fetch.text import decode

_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


class _Budget:
    """The seconds that a request and its redirects may take, without waits for a turn."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Take the time that the body runs."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.left -= time.monotonic() - start


_LIMITS, _MANNERS, _WIRE = FetchLimits(), Manners(), Wire()


class Hop(NamedTuple):
    """A redirect on the way to a page."""

    address: str
    status: int


class FetchedPage(NamedTuple):
    """The last response to a request, of any status."""

    asked: str  # as requested
    address: str  # of the page itself, after redirects
    status: int
    headers: Mapping[str, str]  # by name in lower case
    body: bytes
    hops: tuple[Hop, ...]  # the redirects, in order
    at: datetime
    unmodified: bool = False  # the server says that the kept response is still current

    @property
    def text(self) -> str:
        """Return the decoded text."""
        return decode(self.body, self.headers.get("content-type", ""))

    @property
    def media_type(self) -> str:
        """Return the media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def downgraded(self) -> bool:
        """Return whether a redirect led from https to http."""
        way = [hop.address for hop in self.hops] + [self.address]
        return any(a.startswith("https:") and b.startswith("http:") for a, b in pairwise(way))

    @property
    def moved(self) -> bool:
        """Return whether every redirect is permanent, and there is one."""
        return bool(self.hops) and all(hop.status in (301, 308) for hop in self.hops)


def user_agent(contact: str = "") -> str:
    """Return how the program introduces itself, with an address to complain to."""
    return f"Slugline/{__version__} (+{contact})" if contact else f"Slugline/{__version__}"


class Client:
    """Sends requests; several threads can share one.

    `robots` obeys robots.txt: for requests that nobody makes by hand. `cache` repeats nothing that
    has not changed. Addresses that are not public are refused unless `wire.private` is set."""

    def __init__(
        self,
        agent: str,
        *,
        limits: FetchLimits = _LIMITS,
        manners: Manners = _MANNERS,
        wire: Wire = _WIRE,
        cache: ReplyCache | None = None,
        robots: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.agent, self.limits, self.wire, self.cache = agent, limits, wire, cache
        self.queue = Queue(manners, wait)
        self.robots = RobotsFiles(self._get_robots) if robots else None

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> FetchedPage:
        """Return the page of an address, whatever its status; raise FetchError.

        Tries again if the server is busy. `headers` are sent to the first host only."""
        found = request_address(address)
        hops: list[Hop] = []
        origin, budget = found.origin, _Budget(self.limits.seconds)
        while True:
            if self.robots:
                self.robots.rules(found).check(found)
            own = (headers or {}) if found.origin == origin else {}
            reply, unmodified = self._current(found, own, budget)
            location = reply.headers.get("location", "")
            if reply.status not in _REDIRECTS or not location:
                now, last = datetime.now(UTC), str(found)
                body = (reply.status, reply.headers, reply.body)
                return FetchedPage(address, last, *body, tuple(hops), now, unmodified)
            hops.append(Hop(str(found), reply.status))
            found = self._next(found, location, hops)

    def post(
        self, address: str, body: bytes, headers: Mapping[str, str], method: str = "POST"
    ) -> FetchedPage:
        """Send a body once, and return the response without following redirects."""
        found = request_address(address)
        with self.queue.turn(found.authority):
            reply = self._exchange(found, headers, body, method=method)
        if reply.status in RETRIED:
            self.queue.pause(found.authority, 1, reply.headers)
        now = datetime.now(UTC)
        return FetchedPage(address, str(found), reply.status, reply.headers, reply.body, (), now)

    def _next(self, found: RequestAddress, location: str, hops: list[Hop]) -> RequestAddress:
        target = redirect_address(found, location)
        if len(hops) > self.limits.redirects:
            raise FetchError("redirects", f"more than {self.limits.redirects} redirects")
        if any(hop.address == str(target) for hop in hops):
            raise FetchError("redirects", f"its redirects lead back to {target}")
        return target

    def _current(
        self, found: RequestAddress, headers: Mapping[str, str], budget: _Budget
    ) -> tuple[Reply, bool]:
        """Return the newest response, and whether it is the kept one."""
        cache = self.cache if not headers else None
        kept = cache.get(str(found)) if cache else None
        reply = self._retried(found, {**headers, **conditions(kept)}, budget)
        if reply.status == 304 and kept:
            return kept, True
        if cache and reply.status == 200:
            cache.put(str(found), reply)
        return reply, False

    def _retried(self, found: RequestAddress, headers: Mapping[str, str], budget: _Budget) -> Reply:
        tried = 0
        while True:
            tried += 1
            delay = self.robots.rules(found).delay if self.robots else 0.0
            with self.queue.turn(found.authority, delay):
                try:
                    with budget.spent():
                        reply = self._exchange(found, headers, seconds=budget.left)
                except FetchError as error:
                    if error.problem not in ("timeout", "network"):
                        raise
                    if not self.queue.pause(found.authority, tried, {}):
                        raise
                    continue
            if reply.status not in RETRIED:
                return reply
            if not self.queue.pause(found.authority, tried, reply.headers):
                return reply

    def _exchange(
        self,
        found: RequestAddress,
        headers: Mapping[str, str],
        body: bytes | None = None,
        seconds: float | None = None,
        method: str = "",
    ) -> Reply:
        sent = {"User-Agent": self.agent, "Accept": _ACCEPT, **headers}
        most = self.limits.seconds
        deadline = Deadline(most, self.limits.idle, most if seconds is None else seconds)
        return exchange(found, sent, deadline, self.limits.bytes, self.wire, body, method)

    def _get_robots(self, found: RequestAddress) -> tuple[int, bytes]:
        """Return the status and bytes of robots.txt, after at most five redirects."""
        for _ in range(6):
            reply = self._retried_robots(found)
            if reply.status not in _REDIRECTS or not reply.headers.get("location"):
                return reply.status, reply.body
            found = redirect_address(found, reply.headers["location"])
        raise FetchError("redirects", "robots.txt has too many redirects")

    def _retried_robots(self, found: RequestAddress) -> Reply:
        with self.queue.turn(found.authority):
            return self._exchange(found, {})
