"""What the process that builds has told -> what a browser is to show: the state of a preview."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from builder.serve.messages import (
    Badge,
    BuildFailed,
    BuildSucceeded,
    DeskWanted,
    PreviewOptions,
    Progress,
    ToBuilder,
    ToServer,
)
from builder.serve.page_hash import PageHash, look_of
from builder.serve.resolve import (
    FoundFile,
    MissingPage,
    Outcome,
    find,
)
from builder.site.desk import Desk

DESK = "/_desk/"
NOT_FOUND = "404.html"

# What a page loads, and shows only after a reload. Style sheets are among them: one without a
# digest in its address changes without the page.
_LOADED = (
    *(".css", ".js", ".mjs", ".json", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"),
    *(".ico", ".woff", ".woff2", ".mp3", ".mp4", ".webm", ".vtt"),
)


_NOTHING_HERE = b"<!doctype html>\n<title>Not found</title>\n<p>There is no page here.</p>\n"


class Preview:
    """Lives on one event loop. Whoever follows it is woken by every message."""

    def __init__(self, serving: PreviewOptions, ask: Callable[[ToBuilder], None]) -> None:
        self.serving = serving
        # A browser that knew another server may show anything.
        self.identity = secrets.token_hex(6)
        self.number = 0  # of builds that were told, good or not
        self.progress = Progress("Starting", 0, 0)
        self.built: BuildSucceeded | None = None
        self.failed: BuildFailed | None = None
        self._ask = ask
        self._gone: dict[str, str] = {}
        self._touched: dict[str, int] = {}  # what pages load -> the last build that changed it
        self._wakes: set[asyncio.Event] = set()
        self._desks: dict[int, asyncio.Future[Desk]] = {}
        self._questions = 0

    # --- told ----------------------------------------------------------------------------------

    def hear(self, message: ToServer) -> None:
        """Takes a message of the process that builds."""
        match message:
            case Progress():
                self.progress = message
            case BuildSucceeded():
                self._hear_built(message)
            case BuildFailed():
                self.number += 1
                self.failed = message
            case Desk():
                answer = self._desks.pop(message.number, None)
                if answer is not None and not answer.done():
                    answer.set_result(message)
        for wake in self._wakes:
            wake.set()

    def _hear_built(self, built: BuildSucceeded) -> None:
        self.number += 1
        for file in built.changed:
            self._gone.pop(file, None)
            # Before the first build no page was shown.
            if self.built is not None and file.endswith(_LOADED):
                self._touched[file] = self.number
        self._gone.update(built.gone)
        self.built, self.failed = built, None

    # --- asked ---------------------------------------------------------------------------------

    def follow(self) -> asyncio.Event:
        """An event that is set by every message, until `leave`."""
        wake = asyncio.Event()
        self._wakes.add(wake)
        return wake

    def leave(self, wake: asyncio.Event) -> None:
        self._wakes.discard(wake)

    async def desk(self, longest: float) -> Desk | None:
        """The desk as it is now; None where it does not come within `longest` seconds."""
        self._questions += 1
        number = self._questions
        answer = asyncio.get_running_loop().create_future()
        self._desks[number] = answer
        self._ask(DeskWanted(number))
        try:
            return await asyncio.wait_for(answer, longest)
        except TimeoutError:
            return None
        finally:
            self._desks.pop(number, None)

    def find(self, raw: bytes) -> Outcome:
        """What the path of a request leads to."""
        base_path = self.built.base_path if self.built else ""
        return find(self.serving.folder, raw, base_path)

    def badge(self, file: str) -> Badge | None:
        return self.built.badges.get(file) if self.built else None

    def look(self, raw: bytes) -> PageHash:
        """What a browser is to show at a path."""
        if self.built is None:
            return PageHash("waiting", ())
        if is_desk(raw):
            return PageHash(f"desk-{self.identity}-{self.number}", ())
        outcome = self.find(raw)
        if isinstance(outcome, FoundFile):
            if (page := read(outcome.source)) is not None:
                return self.look_at(outcome.file, page)
        elif not isinstance(outcome, MissingPage):
            return PageHash("elsewhere", ())
        return self.look_at(NOT_FOUND, self.not_found(), missing=True)

    def not_found(self) -> bytes:
        """The page for what is not there."""
        return read(self.serving.folder / NOT_FOUND) or _NOTHING_HERE

    def look_at(self, file: str, page: bytes, missing: bool = False) -> PageHash:
        """How a page of the site looks, with its badge."""
        look = look_of(page, str(self.badge(file)))
        return look._replace(rest=f"none-{look.rest}") if missing else look

    def instead(self, raw: bytes) -> str | None:
        """The address to go to where the page that was at a path has gone."""
        outcome = self.find(raw)
        url = self._gone.get(outcome.file) if isinstance(outcome, MissingPage) else None
        return self.address(url) if url is not None else None

    def address(self, url: str) -> str:
        """An address of the site as it is here."""
        return f"{self.built.base_path if self.built else ''}{url}" if url.startswith("/") else url

    def loaded_since(self, number: int) -> list[str]:
        """Addresses of what pages load, and of which the bytes changed after a build."""
        return sorted(
            self.address("/" + quote(file)) for file, at in self._touched.items() if at > number
        )


def is_desk(raw: bytes) -> bool:
    """Whether a path as it stands in a request is the desk's."""
    return unquote_to_bytes(raw) == DESK.encode()


def read(source: Path) -> bytes | None:
    """A page's bytes; None where it has gone meanwhile."""
    try:
        return source.read_bytes()
    except OSError:
        return None
