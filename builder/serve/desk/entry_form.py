"""The forms for a source, a figure, a claim and other entries of a brief."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from builder.editing.entries import EntryEditor
from builder.editing.new_record import new_record
from builder.editing.part_errors import part_errors
from builder.editing.slug_style import slug_style
from builder.editing.transaction import replace_files
from builder.errors import SluglineError
from builder.serve.desk.brief_page import entry_lists
from builder.serve.desk.desk_pages import DeskPages, address, redirect
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.form_fields import (
    ENTRIES,
    EntryKind,
    FormField,
    as_entry,
    form_fields,
    typed_values,
)
from builder.serve.desk.open_brief import OpenBrief, open_brief
from builder.serve.desk.typed_form import TypedForm, view_of

_WAIT = 3.0  # seconds for what the last build knows


class EntryForm:
    """The form for an entry of a brief."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Return the empty form of the entry and brief in the address."""
        query = request.query_params
        kind = ENTRIES.get(query.get("entry", ""))
        if kind is None:
            return self._desk.page(request, "missing.html", 404, message="there is no such form")
        brief = await self._desk.later(partial(open_brief, self._desk.root, query.get("file", "")))
        return await self._page(request, kind, brief, TypedForm(self._usual(kind, brief)))

    def _usual(self, kind: EntryKind, brief: OpenBrief) -> dict[str, str]:
        """Return the values that a new entry most probably has."""
        usual: dict[str, str] = {"source": "", "says": "", "at": ""}
        ids = [source.id for source in brief.record.sources]
        if len(ids) == 1:
            usual["source"] = usual["says"] = ids[0]
        if kind.name == "figure" and brief.record.companies:
            usual["of"] = brief.record.companies[0]
        if kind.name == "correction":
            usual["at"] = f"{self._desk.now().astimezone(brief.zone):%Y-%m-%d %H:%M}"
        if kind.name == "claim":
            usual["status"] = "reported"
        return usual

    async def save(self, request: Request, form: PostedForm) -> Response:
        """Add the entry, or return the form with what is wrong."""
        kind = ENTRIES.get(form.get("entry"))
        if kind is None:
            return self._desk.page(request, "missing.html", 404, message="there is no such form")
        brief = await self._desk.later(partial(open_brief, self._desk.root, form.get("file")))
        fields = _fields_of(kind, brief)
        typed = TypedForm(typed_values(fields, form))
        entry = as_entry(fields, typed.values)
        if stale := typed.is_stale(form, brief, self._desk.preview.shown):
            return await self._page(request, kind, brief, stale, 409)
        names = await self._desk.later(self._desk.names)
        create = typed.to_create(form)
        typed = typed._replace(errors=part_errors(kind.part, entry, brief.zone))
        typed = typed.check_names(fields, names, create)
        if typed.errors:
            return await self._page(request, kind, brief, typed, 422)
        try:
            await self._desk.later(partial(self._write, kind, brief, entry, create))
        except SluglineError as error:
            typed = typed._replace(message=f"Nothing was saved: {error}.")
            return await self._page(request, kind, brief, typed, 409)
        if form.get("then") == "another":
            return redirect(address("entry/", entry=kind.name, file=brief.path))
        return redirect(address("brief/", file=brief.path, done=kind.name))

    def _write(self, kind: EntryKind, brief: OpenBrief, entry: dict[str, Any], create: str) -> None:
        editor = EntryEditor(brief.path, brief.data)
        editor.append(kind.field, entry)
        if kind.name == "correction":
            editor.set("updated", str(entry["at"]))
        changes: dict[str, tuple[bytes | None, bytes | None]] = {
            brief.path: (brief.data, editor.result())
        }
        if create:
            company = new_record(
                "company", create, None, self._desk.now(), slug_style(self._desk.root)
            )
            changes[company.path] = (None, company.data)
        replace_files(self._desk.root, changes)

    async def _page(
        self,
        request: Request,
        kind: EntryKind,
        brief: OpenBrief,
        typed: TypedForm,
        status: int = 200,
    ) -> Response:
        fields = _fields_of(kind, brief)
        names = await self._desk.later(self._desk.names)
        if any(field.names == "expectations" for field in fields):
            desk = await self._desk.preview.desk(_WAIT)
            names = names._replace(expectations=desk.unsettled if desk else ())
        present = next(group for group in entry_lists(brief) if group.name == kind.name)
        return self._desk.page(
            request,
            "entry.html",
            status,
            kind=kind,
            brief=brief,
            digest=self._desk.preview.shown.keep(brief.data),
            typed=typed,
            view=view_of(fields, kind.first, typed, names),
            present=present.entries,
        )


def _fields_of(kind: EntryKind, brief: OpenBrief) -> list[FormField]:
    return form_fields(kind, tuple(source.id for source in brief.record.sources if source.id))
