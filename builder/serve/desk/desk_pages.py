"""What the pages of the desk's forms share: the preview, the token, names, saving."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from builder.serve.desk.gate import can_write
from builder.serve.desk.site_names import SiteNames, site_names
from builder.serve.overlay import Attributes, addition, editor_link
from builder.serve.page_templates import DESK, render
from builder.serve.responses import PLAIN_HEADERS, answer_html
from builder.serve.state import Preview

T = TypeVar("T")


class DeskPages:
    """The pages of the desk's forms, on one preview."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self._names: tuple[int, SiteNames] = (-1, SiteNames())

    @property
    def root(self) -> Path:
        return self.preview.serving.root

    def page(
        self, request: Request, template: str, status: int = 200, /, **values: object
    ) -> Response:
        """Return a page; a read-only preview has no forms."""
        serving = self.preview.serving
        built = self.preview.built
        page = render(
            template,
            token=self.preview.forms.token if can_write(serving) else "",
            editor=lambda path, line=1: editor_link(serving, path, line),
            base_path=built.base_path if built else "",
            here=address,
            **values,
        )
        return answer_html(request, page, status)

    def addition(self) -> str:
        """Return what reloads a page of the desk after the next build."""
        preview = self.preview
        shown = preview.hash_at(DESK.encode())
        build = f"{preview.identity}.{preview.number}"
        return addition(preview.serving, Attributes(shown.token, build))

    async def later(self, work: Callable[[], T]) -> T:
        """Return the result of work that is done outside the event loop."""
        return await asyncio.to_thread(work)

    def names(self) -> SiteNames:
        """Return the names of the site's records, as of the last build."""
        number, names = self._names
        if number != self.preview.number:
            names = site_names(self.root)
            self._names = (self.preview.number, names)
        return names

    def now(self) -> datetime:
        """Return the time of the preview."""
        return datetime.now(UTC)


def address(page: str, **query: str) -> str:
    """Return the address of a page of the desk."""
    return f"{DESK}{page}" + (f"?{urlencode(query)}" if query else "")


def redirect(to: str) -> Response:
    """Return the answer to a form that was saved."""
    return RedirectResponse(to, 303, PLAIN_HEADERS)
