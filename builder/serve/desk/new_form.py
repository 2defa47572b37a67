"""The form for a new record."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from builder.content.config import read_config
from builder.editing.new_record import KINDS, NeedsSlug, write_record
from builder.errors import SluglineError
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.gate import can_write
from builder.serve.page_templates import DESK, render
from builder.serve.responses import PLAIN_HEADERS, answer_html
from builder.serve.state import Preview


class NewForm:
    """The form for a new record: its kind, and its title or name."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview

    async def show(self, request: Request) -> Response:
        """Return the form, with the kind and name in its address."""
        kind, name = (request.query_params.get(field, "") for field in ("kind", "name"))
        return self._page(request, kind, name, "")

    async def save(self, request: Request, form: PostedForm) -> Response:
        """Create the record, or return the form with what is wrong."""
        kind, name, slug = form.get("kind"), form.get("name"), form.get("slug")
        if kind not in KINDS:
            return self._page(request, "", name, slug, "choose what to create", "kind")
        try:
            await asyncio.to_thread(self._write, kind, name, slug)
        except NeedsSlug as error:
            return self._page(request, kind, name, slug, f"{error}; choose another slug", "slug")
        except SluglineError as error:
            return self._page(request, kind, name, slug, str(error), "name")
        return RedirectResponse(DESK, 303, PLAIN_HEADERS)

    def _write(self, kind: str, name: str, slug: str) -> None:
        root = self._preview.serving.root
        now = datetime.now(UTC).astimezone(read_config(root).zone)
        write_record(root, kind, name, slug or None, now)

    def _page(
        self,
        request: Request,
        kind: str,
        name: str,
        slug: str,
        error: str = "",
        field: str = "",
    ) -> Response:
        preview = self._preview
        page = render(
            "new.html",
            kinds=KINDS,
            kind=kind if kind in KINDS else "brief",
            name=name,
            slug=slug,
            error=error,
            field=field,
            token=preview.forms.token if can_write(preview.serving) else "",
        )
        return answer_html(request, page, 422 if error else 200)
