"""One request at a time to a host, with a pause between two, and longer ones if it asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from builder.fetch.problem import FetchError

_MOST_PAUSE = 60.0  # seconds that a host's Crawl-delay can ask for
RETRIED = (429, 500, 502, 503, 504)


class Manners(NamedTuple):
    """How often hosts are asked."""

    delay: float = 1.0  # seconds between two requests to one host
    tries: int = 3  # of a request that fails for now
    backoff: float = 2.0  # seconds before the second try, doubled for each further one
    patience: float = 120.0  # seconds; if a host asks to wait longer, it is not asked again


class _Host:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next = 0.0  # the earliest moment of the next request
        self.closed = 0.0  # the host asks for no request before this moment


class Queue:
    """The turns of requests to hosts, for several threads.

    `wait` pauses for some seconds; a command that can be interrupted raises an exception in it."""

    def __init__(self, manners: Manners, wait: Callable[[float], None] = time.sleep) -> None:
        self.manners, self.wait = manners, wait
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())

    @contextmanager
    def turn(self, name: str, delay: float = 0.0) -> Iterator[None]:
        """Wait for the turn of a host while the body runs.

        Raises FetchError if the host asks to wait for long."""
        host = self._host(name)
        with host.lock:
            now = time.monotonic()
            if host.closed - now > self.manners.patience:
                minutes = round((host.closed - now) / 60)
                raise FetchError("busy", f"{name} asks to wait for {minutes} minutes")
            if (left := max(host.next, host.closed) - now) > 0:
                self.wait(left)
            try:
                yield
            finally:
                pause = min(max(self.manners.delay, delay), _MOST_PAUSE)
                host.next = time.monotonic() + pause

    def close(self, name: str, seconds: float) -> None:
        """Send no request to a host for some seconds."""
        self._host(name).closed = time.monotonic() + seconds

    def pause(self, name: str, tried: int, headers: Mapping[str, str]) -> bool:
        """Return whether to try again, once the host allows it.

        Without `Retry-After` the pause doubles with each try."""
        asked = retry_after(headers, datetime.now(UTC))
        seconds = self.manners.backoff * 2 ** (tried - 1) if asked is None else asked
        self.close(name, min(seconds, 86_400))
        return tried < self.manners.tries and seconds <= self.manners.patience


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of `Retry-After` (RFC 9110, 10.2.3), or None."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
