"""The state of a preview, from the messages of the build process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from builder.diagnostics.diagnostic import Diagnostic
from builder.serve.desk.gate import OwnForms
from builder.serve.desk.open_brief import ShownFiles
from builder.serve.messages import (
    Badge,
    BuildFailed,
    BuildSucceeded,
    DeskRequest,
    PageProblems,
    PreviewOptions,
    Progress,
    ToBuilder,
    ToServer,
)
from builder.serve.page_hash import PageHash, hash_page
from builder.serve.page_templates import DESK
from builder.serve.resolve import (
    FoundFile,
    MissingPage,
    Outcome,
    find,
)
from builder.site.desk import Desk

NOT_FOUND = "404.html"

# Files that pages load, so that a page must reload when they change. Style sheets are included,
# because one without a digest in its address changes without the page.
_LOADED = (
    *(".css", ".js", ".mjs", ".json", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"),
    *(".ico", ".woff", ".woff2", ".mp3", ".mp4", ".webm", ".vtt"),
)


_NOTHING_HERE = b"<!doctype html>\n<title>Not found</title>\n<p>There is no page here.</p>\n"


class Preview:
    """The state of a preview, on one event loop; every message wakes its subscribers."""

    def __init__(self, serving: PreviewOptions, send: Callable[[ToBuilder], None]) -> None:
        self.serving = serving
        # Tells this server from an earlier one, whose pages a browser may still show.
        self.identity = secrets.token_hex(6)
        self.forms = OwnForms()
        self.shown = ShownFiles()
        self.number = 0  # of builds so far, successful or not
        self.progress = Progress("Starting", 0, 0)
        self.built: BuildSucceeded | None = None
        self.failed: BuildFailed | None = None
        self._send = send
        self._gone: dict[str, str] = {}
        self._touched: dict[str, int] = {}  # file that pages load -> last build that changed it
        self._wakes: set[asyncio.Event] = set()
        self._desks: dict[int, asyncio.Future[Desk]] = {}
        self._requests = 0

    # --- messages ------------------------------------------------------------------------------

    def receive(self, message: ToServer) -> None:
        """Handle a message of the build process."""
        match message:
            case Progress():
                self.progress = message
            case BuildSucceeded():
                self._receive_built(message)
            case BuildFailed():
                self.number += 1
                self.failed = message
            case Desk():
                answer = self._desks.pop(message.number, None)
                if answer is not None and not answer.done():
                    answer.set_result(message)
        for wake in self._wakes:
            wake.set()

    def _receive_built(self, built: BuildSucceeded) -> None:
        self.number += 1
        for file in built.changed:
            self._gone.pop(file, None)
            # Before the first build, no browser shows a page.
            if self.built is not None and file.endswith(_LOADED):
                self._touched[file] = self.number
        self._gone.update(built.gone)
        self.built, self.failed = built, None

    # --- queries -------------------------------------------------------------------------------

    def follow(self) -> asyncio.Event:
        """Return an event that every message sets, until `leave`."""
        wake = asyncio.Event()
        self._wakes.add(wake)
        return wake

    def leave(self, wake: asyncio.Event) -> None:
        """Stop setting an event that `follow` returned."""
        self._wakes.discard(wake)

    async def desk(self, longest: float) -> Desk | None:
        """Return the current desk, or None after `longest` seconds."""
        self._requests += 1
        number = self._requests
        answer = asyncio.get_running_loop().create_future()
        self._desks[number] = answer
        self._send(DeskRequest(number))
        try:
            return await asyncio.wait_for(answer, longest)
        except TimeoutError:
            return None
        finally:
            self._desks.pop(number, None)

    def find(self, raw: bytes) -> Outcome:
        """Resolve the path of a request."""
        base_path = self.built.base_path if self.built else ""
        return find(self.serving.folder, raw, base_path)

    def badge(self, file: str) -> Badge | None:
        """Return the badge of a page, or None if it is published."""
        return self.built.badges.get(file) if self.built else None

    def problems_at(self, raw: bytes) -> PageProblems | None:
        """Return the problems to show at a path, if any."""
        outcome = self.find(raw)
        file = outcome.file if isinstance(outcome, (FoundFile, MissingPage)) else ""
        return self.problems_on(file)

    def problems_on(self, file: str) -> PageProblems | None:
        """Return the problems to show on a page, if any.

        After a successful build, these are errors of unpublished records."""
        failed, built = self.failed, self.built
        if failed is not None:
            path, found = failed.sources.get(file, ""), failed.problems
        elif built is not None:
            path = built.sources.get(file, "")
            found = built.held
        else:
            return None
        if failed is None and not found:
            return None
        own = tuple(d for d in found if d.path == path)
        others = tuple(d for d in found if d.path != path)
        return PageProblems(own, others, failed is not None, failed.message if failed else "")

    def problems(self) -> tuple[Diagnostic, ...]:
        """Return the problems that pages of the site show."""
        if self.failed is not None:
            return self.failed.problems
        return self.built.held if self.built else ()

    def hash_at(self, raw: bytes) -> PageHash:
        """Return the hash of the page at a path."""
        if self.built is None:
            return PageHash("waiting", ())
        if is_view_of_desk(raw):
            return PageHash(f"desk-{self.identity}-{self.number}", ())
        outcome = self.find(raw)
        if isinstance(outcome, FoundFile):
            if (page := read(outcome.source)) is not None:
                return self.hash_of(outcome.file, page)
        elif not isinstance(outcome, MissingPage):
            return PageHash("elsewhere", ())
        return self.hash_of(NOT_FOUND, self.not_found(), missing=True)

    def not_found(self) -> bytes:
        """Return the 404 page."""
        return read(self.serving.folder / NOT_FOUND) or _NOTHING_HERE

    def hash_of(self, file: str, page: bytes, missing: bool = False) -> PageHash:
        """Return the hash of a page of the site with its badge."""
        found = hash_page(page, str(self.badge(file)))
        return found._replace(rest=f"none-{found.rest}") if missing else found

    def replacement(self, raw: bytes) -> str | None:
        """Return the address to show instead of a deleted page."""
        outcome = self.find(raw)
        url = self._gone.get(outcome.file) if isinstance(outcome, MissingPage) else None
        return self.address(url) if url is not None else None

    def address(self, url: str) -> str:
        """Return the address in the preview of an address of the site."""
        return f"{self.built.base_path if self.built else ''}{url}" if url.startswith("/") else url

    def loaded_since(self, number: int) -> list[str]:
        """Return the addresses of loaded files that changed after a build."""
        return sorted(
            self.address("/" + quote(file)) for file, at in self._touched.items() if at > number
        )


def is_view_of_desk(raw: bytes) -> bool:
    """Return whether a page of the desk shows the last build."""
    return unquote_to_bytes(raw) in (DESK.encode(), f"{DESK}brief/".encode())


def read(source: Path) -> bytes | None:
    """Return the bytes of a page, or None if it is missing."""
    try:
        return source.read_bytes()
    except OSError:
        return None
