"""The fixes of a problem: what each would write, and a button for it.

The overlay on a page of the site links here. It cannot post by itself: the scripts of the site
could read its token, or press its buttons."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from builder.content.urls import split_address
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.quick_fixes import QuickFix, fix_context, quick_fixes
from builder.editing.steps import EditConflict, digest
from builder.editing.transaction import replace_files
from builder.safe_files import plain_bytes
from builder.serve.desk.desk_pages import DeskPages, address, redirect
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.open_brief import diff_lines
from builder.serve.overlay import problem_of
from builder.serve.page_templates import DESK

_WAIT = 3.0  # seconds for the problems of the last build


class ProblemAt(NamedTuple):
    """Where a problem is, as the addresses of its page and its form say."""

    path: str
    line: str
    column: str
    code: str


class ShownFix(NamedTuple):
    """A fix as the page shows it: its name, and a diff of each file."""

    title: str
    files: list[tuple[str, list[str]]]


class FixPage:
    """The page of a problem and its fixes."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Return the fixes of the problem in the address."""
        query = request.query_params
        at = ProblemAt(*(query.get(name, "") for name in ProblemAt._fields))
        return await self._page(request, at, _page_before(request))

    async def save(self, request: Request, form: PostedForm) -> Response:
        """Write a fix, or say why not."""
        at = ProblemAt(*(form.get(name) for name in ProblemAt._fields))
        back = form.get("back")
        back = back if _LOCAL.fullmatch(back) else ""
        found = await self._problem(at)
        if found is None:
            return await self._page(request, at, back)
        data, fixes = await self._desk.later(partial(self._fixes, found))
        fix = next((fix for fix in fixes if fix.title == form.get("fix")), None)
        if fix is None or digest(data) != form.get("digest"):
            message = "The file has changed in the meantime, and nothing was saved. Look again."
            return await self._page(request, at, back, message, 409)
        try:
            await self._desk.later(partial(replace_files, self._desk.root, fix.changes))
        except EditConflict as error:
            return await self._page(request, at, back, f"Nothing was saved: {error}.", 409)
        is_brief = found.path.startswith("content/briefs/")
        return redirect(
            back or (address("brief/", file=found.path, done="fixed") if is_brief else DESK)
        )

    async def _problem(self, at: ProblemAt) -> Diagnostic | None:
        """Return the problem of the last build at a place."""
        preview = self._desk.preview
        desk = await preview.desk(_WAIT)
        known = (*preview.problems(), *(desk.problems if desk else ()))
        return next((d for d in known if (d.path, str(d.line), str(d.column), d.code) == at), None)

    def _fixes(self, found: Diagnostic) -> tuple[bytes, list[QuickFix]]:
        try:
            data = plain_bytes(self._desk.root / found.path)
        except OSError:
            return b"", []
        return data, quick_fixes(found, data, fix_context(self._desk.root, self._desk.now()))

    async def _page(
        self,
        request: Request,
        at: ProblemAt,
        back: str = "",
        message: str = "",
        status: int = 200,
    ) -> Response:
        found = await self._problem(at)
        if found is None:
            gone = "this problem is no longer there"
            return self._desk.page(request, "missing.html", 404, message=gone)
        data, fixes = await self._desk.later(partial(self._fixes, found))
        wanted = request.query_params.get("fix", fixes[0].title if fixes else "")
        fixes = sorted(fixes, key=lambda fix: fix.title != wanted)
        shown = [
            ShownFix(
                fix.title,
                [(path, [*diff_lines(*pair)]) for path, pair in fix.changes.items()],
            )
            for fix in fixes
        ]
        return self._desk.page(
            request,
            "fix.html",
            status,
            problem=problem_of(self._desk.preview.serving, found),
            fixes=shown,
            digest=digest(data),
            back=back,
            message=message,
            wanted=wanted,
        )


# An address of the site that is shown, to return to.
_LOCAL = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]{0,2000}")


def _page_before(request: Request) -> str:
    """Return the page of the preview from which a link led here, if it did."""
    parts = split_address(request.headers.get("referer", ""))
    own = f"{request.scope['scheme']}://{request.headers['host']}"
    if (
        parts is None
        or f"{parts.scheme}://{parts.netloc}" != own
        or parts.path.startswith(f"{DESK}fix/")
    ):
        return ""
    back = parts.path + (f"?{parts.query}" if parts.query else "")
    return back if _LOCAL.fullmatch(back) else ""
