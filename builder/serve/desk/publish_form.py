"""The form that publishes a brief."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from builder.editing.edit import EditError
from builder.editing.find import FoundBrief
from builder.editing.publish import (
    CannotPublish,
    HasErrors,
    PublishedBrief,
    prepare,
    publish,
)
from builder.editing.steps import EditConflict
from builder.engine.options import Options
from builder.serve.desk.desk_pages import DeskPages
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.open_brief import OpenBrief, open_brief
from builder.serve.overlay import problems_of


class PublishForm:
    """The form that publishes a draft, and the page that says what readers will see."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Return the form for the brief in the address."""
        path = request.query_params.get("file", "")
        return await self._page(request, path)

    async def save(self, request: Request, form: PostedForm) -> Response:
        """Publish the brief, or return the form with why not."""
        path = form.get("file")
        brief = await self._desk.later(partial(open_brief, self._desk.root, path))
        try:
            published = await self._desk.later(partial(self._publish, brief, form))
        except HasErrors as refused:
            found = problems_of(self._desk.preview.serving, refused.problems)
            return await self._page(request, path, f"Nothing was published: {refused}.", 422, found)
        except (CannotPublish, EditError) as error:
            return await self._page(request, path, f"Nothing was published: {error}.", 422)
        except EditConflict as error:
            return await self._page(request, path, f"Nothing was published: {error}.", 409)
        found = problems_of(self._desk.preview.serving, published.warnings)
        return self._desk.page(
            request, "published.html", brief=brief, published=published, problems=found
        )

    def _publish(self, brief: OpenBrief, form: PostedForm) -> PublishedBrief:
        when = form.get("when")
        date = form.get("date") if when == "at" else when
        found = FoundBrief(brief.path, brief.path, brief.title)
        now = self._desk.now()
        draft = prepare(self._desk.root, found, now, date or "now", form.get("digest"))
        return publish(self._desk.root, draft, Options(now=now, jobs=1))

    async def _page(
        self,
        request: Request,
        path: str,
        message: str = "",
        status: int = 200,
        problems: object = (),
    ) -> Response:
        brief = await self._desk.later(partial(open_brief, self._desk.root, path))
        now = self._desk.now()
        at = brief.record.date.at
        written = brief.document.fields.get("date")
        return self._desk.page(
            request,
            "publish.html",
            status,
            brief=brief,
            digest=self._desk.preview.shown.keep(brief.data),
            is_draft=brief.status in ("draft", "review"),
            is_future=isinstance(written, str) and at > now,
            written=written if isinstance(written, str) else "",
            message=message,
            problems=problems,
        )
