"""What a browser shows, and what it is to show -> the events that it is sent (server-sent
events, HTML Standard 9.2). They say what to do now, not what happened: after a break, however
long, a browser need only say what it shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import quote

from builder.serve.messages import Progress
from builder.serve.overlay import overlay
from builder.serve.state import Preview, is_desk

_BEAT = 10.0  # seconds; a browser that hears nothing for longer connects anew
_MANY = 200  # addresses in an event


class Subscriber:
    """One browser's page. `lost` is not empty where it shows that there is none, and only since
    a reload: then it has not been told yet where to go."""

    def __init__(self, preview: Preview, path: str, token: str, build: str, lost: str = "") -> None:
        self._preview = preview
        self._raw = quote(path, safe="/%").encode()
        self._rest, _, self._styles = token.partition(".")
        self._was_there = bool(lost) or not self._rest.startswith("none-")
        identity, _, number = build.partition(".")
        self._number = int(number) if number.isdecimal() and len(number) < 10 else 0
        if identity != preview.identity:
            self._number = preview.number
        self._overlay: str | None = None
        self._progress: Progress | None = None
        self._greeted = False
        self._looked = -1  # after which build the page was looked at

    def news(self) -> list[tuple[str, object]]:
        """The events that have not been sent yet: each a name and its data."""
        found: list[tuple[str, object]] = []
        preview = self._preview
        if not self._greeted:
            self._greeted = True
            found.append(("hello", preview.identity))
        if preview.number != self._looked:  # files change only by builds
            self._looked = preview.number
            found += self._page()
        return found + self._besides()

    def _page(self) -> list[tuple[str, object]]:
        preview = self._preview
        look = preview.look(self._raw)
        # A page goes before the build that took it is told of: a browser may meanwhile have
        # found nothing in its place.
        if self._was_there and (instead := preview.instead(self._raw)):
            return [("go", instead)]
        if look.rest != self._rest:
            self._rest = look.rest
            return [("reload", None)]
        if look.token != f"{self._rest}.{self._styles}":
            self._styles = look.token.partition(".")[2]
            return [("styles", {"token": look.token, "addresses": look.styles})]
        return []

    def _besides(self) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = []
        preview = self._preview
        if preview.number != self._number:
            loaded = preview.loaded_since(self._number)
            self._number = preview.number
            build = f"{preview.identity}.{preview.number}"
            addresses = loaded if len(loaded) <= _MANY else None
            found.append(("build", {"build": build, "loaded": addresses}))
        text = ""
        if not is_desk(self._raw):  # which has a list of its own
            text = overlay(preview.serving, preview.failed, preview.built is not None)
        if text != self._overlay:
            self._overlay = text
            found.append(("problems", text))
        if preview.built is None and preview.progress != self._progress:
            self._progress = preview.progress
            found.append(("progress", preview.progress._asdict()))
        return found


async def stream(follower: Subscriber, preview: Preview) -> AsyncIterator[bytes]:
    """The events as they are sent."""
    wake = preview.follow()
    try:
        while True:
            wake.clear()
            for name, data in follower.news():
                yield _event(name, data)
            try:
                await asyncio.wait_for(wake.wait(), _BEAT)
            except TimeoutError:
                yield _event("beat", None)
    finally:
        preview.leave(wake)


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
