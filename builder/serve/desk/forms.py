"""The addresses of the desk's forms: who may post to each, and what then happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from builder.diagnostics.diagnostic import ContentError
from builder.editing.find import NoSuchBrief
from builder.errors import SluglineError
from builder.serve.desk.brief_page import BriefAtDesk
from builder.serve.desk.clip_form import LIMITS as CLIP_LIMITS
from builder.serve.desk.clip_form import ClipForm
from builder.serve.desk.desk_pages import DeskPages
from builder.serve.desk.details_form import DetailsForm
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
    clip = ClipForm(desk)
    new, entry, publish, fix = NewForm(desk), EntryForm(desk), PublishForm(desk), FixPage(desk)
    details = DetailsForm(desk)
    forms = {
        "details/": DeskForm(details.show, details.save, own),
        "clip/": DeskForm(clip.show, clip.save, clip.gate, CLIP_LIMITS),
        "new/": DeskForm(new.show, new.save, own),
        "entry/": DeskForm(entry.show, entry.save, own),
        "publish/": DeskForm(publish.show, publish.save, own),
        "fix/": DeskForm(fix.show, fix.save, own),
    }
    return {f"{DESK}{name}": _endpoint(preview, form) for name, form in forms.items()}


def desk_views(preview: Preview) -> dict[str, Endpoint]:
    """Return the endpoints that only read, by their addresses."""
    brief = BriefAtDesk(DeskPages(preview))
    return {
        f"{DESK}brief/": partial(_shown, show=brief.show),
        f"{DESK}find/": partial(_shown, show=brief.find),
    }


async def _shown(request: Request, show: Endpoint) -> Response:
    """Return a page of the desk, or why there is none."""
    try:
        return await show(request)
    except ContentError:
        page = render("missing.html", message="site.yaml has errors; fix them first")
    except NoSuchBrief as error:
        return answer_html(request, render("missing.html", message=str(error)), 404)
    except (SluglineError, OSError) as error:
        page = render("missing.html", message=str(error))
    return answer_html(request, page, 409)


def _endpoint(preview: Preview, form: DeskForm) -> Endpoint:
    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return await _shown(request, form.show)
        refusal = refuse_any(request, preview.serving) or form.gate.refuse(request)
        if refusal:
            return answer_text(refusal.text, refusal.status, _CLOSE)
        try:
            posted = await read_form(request, form.limits)
        except FormRefused as refused:
            return answer_text(str(refused), refused.status, _CLOSE)
        if not form.gate.admits(posted):
            return _refused(request, posted, _EARLIER, 403)
        try:
            return await form.save(request, posted)
        except ContentError:
            return _refused(request, posted, _SETTINGS, 409)
        except NoSuchBrief as error:
            return _refused(request, posted, f"Nothing was saved: {error}.", 404)
        except (SluglineError, OSError) as error:
            return _refused(request, posted, f"Nothing was saved: {error}.", 409)

    return answer


_EARLIER = "This form belongs to an earlier preview, which has ended. Open the form again."
_SETTINGS = "Nothing was saved, since site.yaml has errors. Fix them first."


def _refused(request: Request, form: PostedForm, why: str, status: int) -> Response:
    """Return a page with what an editor typed into a form that cannot be saved.

    It can only be copied: a script of the site may have filled in the form."""
    typed = [(name, value) for name, value in form.fields if name != TOKEN and value.strip()]
    page = render("refused.html", typed=typed, why=why)
    return answer_html(request, page, status)
