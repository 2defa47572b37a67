"""The web application of a preview: pages of the site, the desk, the event stream."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Set

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from builder.hosting.headers import type_of
from builder.serve.desk.forms import desk_endpoints, desk_views
from builder.serve.desk.gate import can_write
from builder.serve.event_stream import Subscriber, stream
from builder.serve.host_check import host_check
from builder.serve.overlay import (
    Attributes,
    addition,
    busy_page,
    desk_page,
    waiting_page,
    with_addition,
)
from builder.serve.page_hash import PageHash
from builder.serve.page_templates import DESK, HERE, PREFIX
from builder.serve.protection import Protection, is_refused, is_visit, protected
from builder.serve.resolve import (
    FoundFile,
    MissingPage,
    RedirectTo,
    RefusedPath,
)
from builder.serve.responses import (
    PLAIN_HEADERS,
    answer_bytes,
    answer_file,
    answer_text,
)
from builder.serve.state import NOT_FOUND, Preview

_HTML = "text/html; charset=utf-8"
_OWN_FILES = ("client.js", "overlay.css", "preview.css")
_DESK_WAIT = 10.0  # seconds


def application(preview: Preview) -> ASGIApp:
    """Return the web application of a preview."""
    site, desk = _Site(preview), desk_endpoints(preview)
    routes = [
        Route(f"{PREFIX}/events", site.events),
        Route(f"{PREFIX}/{{name}}", site.own_file),
        Route(DESK.removesuffix("/"), site.to_desk),
        Route(DESK, site.desk),
        *(Route(address, endpoint, methods=["GET", "POST"]) for address, endpoint in desk.items()),
        *(Route(address, endpoint) for address, endpoint in desk_views(preview).items()),
        Route(f"{DESK}{{path:path}}", site.no_form),
        Route("/{path:path}", site.page),
    ]
    inner = Starlette(routes=routes, exception_handlers={Exception: _bug})
    return _Guard(inner, preview, desk.keys())


class _Guard:
    """A filter that rejects requests of other sites, for another host, and that write.

    Only the addresses of `forms` take POST requests, and check them further (`desk/gate`)."""

    def __init__(self, inner: ASGIApp, preview: Preview, forms: Set[str]) -> None:
        self._inner, self._preview, self._forms = inner, preview, forms
        self._is_own_host = host_check(preview.serving.host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope)
        refusal = self._refusal(request)
        protection = self._protection(request, refusal is not None)
        await (refusal or self._inner)(scope, receive, protected(send, protection))

    def _protection(self, request: Request, refused: bool) -> Protection:
        path = request.scope["path"]
        built = self._preview.built
        own = refused or built is None or path.startswith((f"{PREFIX}/", DESK.rstrip("/")))
        host = "localhost" if refused else request.headers["host"]
        return Protection(f"http://{host}", built.policy if built else "", own, path)

    def _refusal(self, request: Request) -> Response | None:
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or not self._is_own_host(hosts[0]):
            text = "Unknown host name. Use the address that `slugline serve` printed."
            return answer_text(text, 421)
        is_desk = request.scope["path"].startswith(DESK.rstrip("/"))
        if is_refused(request.headers) or (is_desk and not is_visit(request.headers)):
            return answer_text("Open the preview in a window of its own.", 403)
        posts = request.method == "POST" and request.scope["path"] in self._forms
        if not posts and request.method not in ("GET", "HEAD"):
            return answer_text("Only the forms of the desk write.", 405, {"Allow": "GET, HEAD"})
        if not _raw(request).startswith(b"/"):
            return answer_text("The address is not an absolute path.", 400)
        return None


async def _bug(request: Request, error: Exception) -> Response:
    """Return the traceback of a bug in Slugline."""
    return answer_text("".join(traceback.format_exception(error)), 500)


def _raw(request: Request) -> bytes:
    raw = request.scope["raw_path"]
    assert isinstance(raw, bytes)
    return raw


class _Site:
    """The request handlers of a preview."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview

    # --- the site ------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        preview = self._preview
        if preview.built is None:
            return self._waiting(request)
        outcome = preview.find(_raw(request))
        if isinstance(outcome, (FoundFile, MissingPage)) and not preview.serving.folder.is_dir():
            await asyncio.sleep(0.05)  # the output is being replaced in two steps
            outcome = preview.find(_raw(request))
        match outcome:
            case RefusedPath(why):
                return answer_text(f"Bad request: {why}.", 400)
            case RedirectTo(path):
                query = request.scope["query_string"].decode("latin-1")
                return RedirectResponse(path + (f"?{query}" if query else ""), 302, PLAIN_HEADERS)
            case FoundFile(file, source):
                try:
                    if type_of(file) != _HTML:
                        return answer_file(request, source)
                    page = source.read_bytes()
                    if preview.problems():
                        return await asyncio.to_thread(self._html, request, file, page)
                    return self._html(request, file, page)
                except OSError:  # deleted since it was found
                    return self._missing(request)
            case MissingPage():
                return self._missing(request)

    def _html(self, request: Request, file: str, page: bytes, status: int = 200) -> Response:
        preview = self._preview
        shown = preview.hash_of(file, page, missing=status == 404)
        more = addition(
            preview.serving,
            self._attributes(shown),
            preview.badge(file),
            preview.problems_at(_raw(request)),
        )
        return answer_bytes(request, with_addition(page, more), _HTML, status)

    def _missing(self, request: Request) -> Response:
        return self._html(request, NOT_FOUND, self._preview.not_found(), 404)

    def _attributes(self, shown: PageHash) -> Attributes:
        return Attributes(shown.token, f"{self._preview.identity}.{self._preview.number}")

    def _waiting(self, request: Request) -> Response:
        preview = self._preview
        attributes = self._attributes(preview.hash_at(_raw(request)))
        problems = preview.problems_at(_raw(request))
        page = waiting_page(preview.serving, attributes, preview.progress, problems)
        response = answer_bytes(request, page.encode(), _HTML, 503)
        response.headers["Retry-After"] = "1"
        return response

    # --- pages of the preview ------------------------------------------------------------------

    async def own_file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _OWN_FILES:
            return answer_text("Not found.", 404)
        return answer_file(request, HERE / name)

    async def to_desk(self, request: Request) -> Response:
        return RedirectResponse(DESK, 302, PLAIN_HEADERS)

    async def no_form(self, request: Request) -> Response:
        return answer_text("The desk has no such page.", 404)

    async def desk(self, request: Request) -> Response:
        preview = self._preview
        if preview.built is None:
            return self._waiting(request)
        attributes = self._attributes(preview.hash_at(DESK.encode()))
        desk = await preview.desk(_DESK_WAIT)
        if desk is None:
            return answer_bytes(request, busy_page().encode(), _HTML, 503)
        base_path = preview.built.base_path
        token = preview.forms.token if can_write(preview.serving) else ""
        created = request.query_params.get("created", "")
        # In a thread, since the fixes of the problems are found for it.
        page = await asyncio.to_thread(
            desk_page, preview.serving, attributes, desk, base_path, token, created
        )
        return answer_bytes(request, page.encode(), _HTML)

    async def events(self, request: Request) -> Response:
        if not self._preview.serving.reload:
            return answer_text("Automatic reloading is off (--no-reload).", 404)
        headers = {**PLAIN_HEADERS, "Content-Type": "text/event-stream"}
        if request.method == "HEAD":
            return Response(b"", 200, headers)
        query = request.query_params
        values = (query.get(name, "") for name in ("path", "token", "build", "lost"))
        subscriber = Subscriber(self._preview, *values)
        return StreamingResponse(stream(subscriber, self._preview), 200, headers)
