"""The stream of server-sent events to a browser (HTML Standard, 9.2).

Events are instructions for the page's current state, not a history: to reconnect after any
interruption, a browser only sends what it shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import quote

from builder.serve.messages import Progress
from builder.serve.overlay import overlay
from builder.serve.state import Preview, is_view_of_desk

_BEAT = 10.0  # seconds between heartbeats; a browser without any reconnects
_MOST_ADDRESSES = 200  # in an event


class Subscriber:
    """A page open in a browser.

    `lost` is not empty if a reload has replaced the page with the 404 page, and the browser has not
    been redirected yet."""

    def __init__(self, preview: Preview, path: str, token: str, build: str, lost: str = "") -> None:
        self._preview = preview
        self._raw = quote(path, safe="/%").encode()
        self._rest, _, self._styles = token.partition(".")
        self._existed = bool(lost) or not self._rest.startswith("none-")
        identity, _, number = build.partition(".")
        self._number = int(number) if number.isdecimal() and len(number) < 10 else 0
        if identity != preview.identity:
            self._number = preview.number
        self._overlay: str | None = None
        self._progress: Progress | None = None
        self._greeted = False
        self._checked = -1  # the build after which the page was last compared

    def pending(self) -> list[tuple[str, object]]:
        """Return the names and data of the events to send now."""
        found: list[tuple[str, object]] = []
        preview = self._preview
        if not self._greeted:
            self._greeted = True
            found.append(("hello", preview.identity))
        if preview.number != self._checked:  # only builds change files
            self._checked = preview.number
            found += self._page_events()
        return found + self._other_events()

    def _page_events(self) -> list[tuple[str, object]]:
        preview = self._preview
        now = preview.hash_at(self._raw)
        # Files are deleted before the build reports it, so a browser may have reloaded the page in
        # between and got the 404 page.
        if self._existed and (replacement := preview.replacement(self._raw)):
            return [("go", replacement)]
        if now.rest != self._rest:
            self._rest = now.rest
            return [("reload", None)]
        if now.token != f"{self._rest}.{self._styles}":
            self._styles = now.token.partition(".")[2]
            return [("styles", {"token": now.token, "addresses": now.styles})]
        return []

    def _other_events(self) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = []
        preview = self._preview
        if preview.number != self._number:
            loaded = preview.loaded_since(self._number)
            self._number = preview.number
            build = f"{preview.identity}.{preview.number}"
            addresses = loaded if len(loaded) <= _MOST_ADDRESSES else None
            found.append(("build", {"build": build, "loaded": addresses}))
        text = ""
        if not is_view_of_desk(self._raw):  # the desk lists problems itself
            problems = preview.problems_at(self._raw)
            text = overlay(preview.serving, problems, preview.built is not None)
        if text != self._overlay:
            self._overlay = text
            found.append(("problems", text))
        if preview.built is None and preview.progress != self._progress:
            self._progress = preview.progress
            found.append(("progress", preview.progress._asdict()))
        return found


async def stream(subscriber: Subscriber, preview: Preview) -> AsyncIterator[bytes]:
    """Yield the encoded events of a subscriber as they occur."""
    wake = preview.follow()
    try:
        while True:
            wake.clear()
            for name, data in subscriber.pending():
                yield _event(name, data)
            try:
                await asyncio.wait_for(wake.wait(), _BEAT)
            except TimeoutError:
                yield _event("beat", None)
    finally:
        preview.leave(wake)


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
