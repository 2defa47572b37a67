"""Clips pages at the desk: from an address, or from the bookmarklet in an editor's browser.

First the desk shows what it found; a second form, with the token and a number that counts once,
writes the draft or adds the page to a brief."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from builder.clip.clipping import Clipping, SavedPage, clip_page, write_clipping
from builder.clip.decode import ClipError
from builder.clip.fetched import fetch_page
from builder.clip.into import add_to_brief, write_addition
from builder.clip.isolation import read_apart
from builder.clip.reading import Reading
from builder.clip.report import report_lines
from builder.content.config import read_config
from builder.errors import SluglineError
from builder.serve.desk.clip_gate import ClipGate, is_bookmarklet, is_from
from builder.serve.desk.desk_pages import DeskPages, address, redirect
from builder.serve.desk.form_body import FormLimits, PostedForm

LIMITS = FormLimits(body=24 << 20, fields=12, value=21 << 20)  # a page of 20 MB
_MOST = 3  # pages that wait for an editor's decision
# The bookmarklet: a form that opens a window. Only that works from a secure page of any site.
_SCRIPT = (
    "(()=>{const f=document.createElement('form');"
    "f.method='post';f.action='%s';f.target='_blank';f.enctype='multipart/form-data';"
    "f.acceptCharset='utf-8';f.hidden=true;"
    "for(const[n,v]of[['key','%s'],['address',location.href],"
    "['page','<!doctype html>'+document.documentElement.outerHTML]])"
    "{const t=document.createElement('textarea');t.name=n;t.value=v;f.append(t)}"
    "document.documentElement.append(f);HTMLFormElement.prototype.submit.call(f);f.remove()})()"
)


class _ReadOnce:
    """Reads a page the first time, and returns the same reading from then on."""

    def __init__(self) -> None:
        self._reading: Reading | None = None

    def __call__(self, html: str) -> Reading:
        if self._reading is None:
            self._reading = read_apart(html)
        return self._reading


class WaitingPage(NamedTuple):
    """A page that an editor may write."""

    page: SavedPage
    at: datetime
    read: _ReadOnce


class ClipForm:
    """The forms for an address and for what was found, and the bookmarklet."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk
        self.gate = ClipGate(desk.preview.forms, desk.root)
        self._waiting: dict[str, WaitingPage] = {}
        self._reading = asyncio.Lock()

    async def show(self, request: Request) -> Response:
        """Return the form for an address, with the bookmarklet."""
        return self._start(request)

    async def save(self, request: Request, form: PostedForm) -> Response:
        """Show what a page has, or write what was shown."""
        if self._reading.locked():
            return self._start(request, "Another page is being read; try again in a moment.", 503)
        async with self._reading:
            if is_bookmarklet(request):
                return await self._from_browser(request, form)
            if not self.gate.has_token(form):
                return self._start(request, "This form is not the desk's own.", 403)
            if form.get("waiting"):
                return await self._write(request, form)
            return await self._from_address(request, form)

    async def _from_browser(self, request: Request, form: PostedForm) -> Response:
        given = form.get("address")
        if not self.gate.has_key(form):
            message = "This bookmarklet is another site's or an old one: take it again from below."
            return self._start(request, message, 403)
        if not is_from(request, given):
            return self._start(request, "The page comes from another site than it says.", 403)
        html = next(iter(form.all("page")), "")
        return await self._read(request, partial(SavedPage, html.encode(), "utf-8", given), given)

    async def _from_address(self, request: Request, form: PostedForm) -> Response:
        given = form.get("address")

        def fetched() -> SavedPage:
            if not given.startswith(("http://", "https://")):
                raise ClipError("copy the address from the browser: https://…")
            return fetch_page(given, read_config(self._desk.root).settings.base_url)

        return await self._read(request, fetched, given)

    async def _read(self, request: Request, page: Callable[[], SavedPage], given: str) -> Response:
        root, now, once = self._desk.root, self._desk.now(), _ReadOnce()

        def read() -> tuple[SavedPage, Clipping]:
            found = page()
            return found, clip_page(root, found, now, read=once, again=True)

        try:
            saved, clipping = await self._desk.later(read)
        except SluglineError as error:
            return self._start(request, f"{error}.", 422, given)
        number = secrets.token_urlsafe(16)
        self._waiting[number] = WaitingPage(saved, now, once)
        while len(self._waiting) > _MOST:
            del self._waiting[next(iter(self._waiting))]
        return self._found(request, clipping, number)

    async def _write(self, request: Request, form: PostedForm) -> Response:
        number, slug, brief = form.get("waiting"), form.get("slug"), form.get("brief")
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return self._start(request, "This page was written already, or is too old.", 409)
        root, (page, at, once) = self._desk.root, waiting
        draft = partial(clip_page, root, page, at, read=once, again=True)

        def write() -> Path:
            if brief:
                return write_addition(root, add_to_brief(root, brief, page, at, read=once))
            return write_clipping(root, draft(slug=slug))

        try:
            path = await self._desk.later(write)
        except SluglineError as error:
            self._waiting[number] = waiting
            again = await self._desk.later(draft)
            return self._found(request, again, number, f"Nothing was written: {error}.", form)
        return redirect(address("brief/", file=path.relative_to(root).as_posix()))

    # --- pages ---------------------------------------------------------------------------------

    def _start(
        self, request: Request, message: str = "", status: int = 200, given: str = ""
    ) -> Response:
        target = f"http://{request.headers['host']}{address('clip/')}"
        script = quote(_SCRIPT % (target, self.gate.key), safe="/:;,=(){}[]'+<>!.?&")
        site = read_config(self._desk.root).settings.title
        return self._desk.page(
            request, "clip.html", status, bookmarklet=f"javascript:{script}", site=site,
            message=message, given=given,
        )  # fmt: skip

    def _found(
        self,
        request: Request,
        clipping: Clipping,
        number: str,
        message: str = "",
        form: PostedForm | None = None,
    ) -> Response:
        return self._desk.page(
            request,
            "clip_found.html",
            422 if message else 200,
            lines=[*report_lines(clipping)],
            text=clipping.text,
            earlier=clipping.draft.earlier,
            waiting=number,
            message=message,
            slug=form.get("slug") if form else Path(clipping.path).stem,
            brief=form.get("brief") if form else "",
        )
