"""The addresses of the desk's forms: who may post to each, and what then happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from builder.serve.desk.brief_page import BriefAtDesk
from builder.serve.desk.desk_pages import DeskPages
from builder.serve.desk.entry_form import EntryForm
from builder.serve.desk.fix_page import FixPage
from builder.serve.desk.form_body import LIMITS, FormLimits, FormRefused, PostedForm, read_form
from builder.serve.desk.gate import TOKEN, Gate, refuse_any
from builder.serve.desk.new_form import NewForm
from builder.serve.desk.publish_form import PublishForm
from builder.serve.page_templates import DESK, render
from builder.serve.responses import answer_html, answer_text
from builder.serve.state import Preview

Endpoint = Callable[[Request], Awaitable[Response]]
_CLOSE = {"Connection": "close"}  # the rest of a body is not read


class DeskForm(NamedTuple):
    """A form of the desk: its page, what its posts do, and who may post."""

    show: Callable[[Request], Awaitable[Response]]
    save: Callable[[Request, PostedForm], Awaitable[Response]]
    gate: Gate
    limits: FormLimits = LIMITS


def desk_endpoints(preview: Preview) -> dict[str, Endpoint]:
    """Return the endpoints of the desk's forms, by their addresses."""
    desk, own = DeskPages(preview), preview.forms
    new, entry, publish, fix = NewForm(desk), EntryForm(desk), PublishForm(desk), FixPage(desk)
    forms = {
        "new/": DeskForm(new.show, new.save, own),
        "entry/": DeskForm(entry.show, entry.save, own),
        "publish/": DeskForm(publish.show, publish.save, own),
        "fix/": DeskForm(fix.show, fix.save, own),
    }
    return {f"{DESK}{name}": _endpoint(preview, form) for name, form in forms.items()}


def desk_views(preview: Preview) -> dict[str, Endpoint]:
    """Return the endpoints that only read, by their addresses."""
    brief = BriefAtDesk(DeskPages(preview))
    return {f"{DESK}brief/": brief.show, f"{DESK}find/": brief.find}


def _endpoint(preview: Preview, form: DeskForm) -> Endpoint:
    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return await form.show(request)
        refusal = refuse_any(request, preview.serving) or form.gate.refuse(request)
        if refusal:
            return answer_text(refusal.text, refusal.status, _CLOSE)
        try:
            posted = await read_form(request, form.limits)
        except FormRefused as refused:
            return answer_text(str(refused), refused.status, _CLOSE)
        if not form.gate.admits(posted):
            return _not_admitted(request, posted)
        return await form.save(request, posted)

    return answer


def _not_admitted(request: Request, form: PostedForm) -> Response:
    """Return a page with what an editor typed into a form of an earlier preview.

    It can only be copied: a script of the site may have filled in the form."""
    typed = [(name, value) for name, value in form.fields if name != TOKEN and value.strip()]
    page = render("refused.html", typed=typed)
    return answer_html(request, page, 403)
