"""The form for a new record."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from builder.content.config import read_config
from builder.editing.new_record import KINDS, NeedsSlug, write_record
from builder.errors import SluglineError
from builder.serve.desk.desk_pages import DeskPages, address, redirect
from builder.serve.desk.form_body import PostedForm


class NewForm:
    """The form for a new record: its kind, and its title or name."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk

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
            path = await self._desk.later(partial(self._write, kind, name, slug))
        except NeedsSlug as error:
            return self._page(request, kind, name, slug, f"{error}; choose another slug", "slug")
        except SluglineError as error:
            return self._page(request, kind, name, slug, str(error), "name")
        if kind == "brief":
            return redirect(address("brief/", file=path, done="created"))
        return redirect(address("", created=path))

    def _write(self, kind: str, name: str, slug: str) -> str:
        root = self._desk.root
        now = self._desk.now().astimezone(read_config(root).zone)
        path = write_record(root, kind, name, slug or None, now)
        return path.relative_to(root).as_posix()

    def _page(
        self,
        request: Request,
        kind: str,
        name: str,
        slug: str,
        error: str = "",
        field: str = "",
    ) -> Response:
        return self._desk.page(
            request,
            "new.html",
            422 if error else 200,
            kinds=KINDS,
            kind=kind if kind in KINDS else "brief",
            name=name,
            slug=slug,
            error=error,
            field=field,
        )
