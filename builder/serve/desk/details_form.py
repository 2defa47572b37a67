"""The form for the fields of a brief itself: its title, summary, companies, section."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from builder.content.config import read_config
from builder.editing.entries import EntryEditor
from builder.editing.new_record import new_record
from builder.editing.part_errors import part_errors
from builder.editing.slug_style import slug_style
from builder.editing.transaction import replace_files
from builder.errors import SluglineError
from builder.model.brief import Brief
from builder.serve.desk.desk_pages import DeskPages, address, redirect
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.form_fields import FormField, fields_named, typed_values
from builder.serve.desk.open_brief import OpenBrief, open_brief
from builder.serve.desk.typed_form import TypedForm, view_of

_FIRST = ("title", "summary", "companies", "section", "topics", "why")
_MORE = (
    "people", "event_date", "importance", "author", "checked_by", "thread", "follows", "yes_but",
    "whats_next", "products", "lang",
)  # fmt: skip


class DetailsForm:
    """The form for the fields of a brief itself."""

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Return the form of a brief with its present values."""
        path = request.query_params.get("file", "")
        brief = await self._desk.later(partial(open_brief, self._desk.root, path))
        present = _present(brief, await self._desk.later(self._fields))
        return await self._page(request, brief, TypedForm(present))

    async def save(self, request: Request, form: PostedForm) -> Response:
        """Write the fields that have changed, or say what is wrong."""
        path = form.get("file")
        brief = await self._desk.later(partial(open_brief, self._desk.root, path))
        fields = await self._desk.later(self._fields)
        typed = TypedForm(typed_values(fields, form))
        if stale := typed.is_stale(form, brief, self._desk.preview.shown):
            return await self._page(request, brief, stale, 409)
        names = await self._desk.later(self._desk.names)
        create = typed.to_create(form)
        typed = typed._replace(errors=_errors(brief, fields, typed.values))
        typed = typed.check_names(fields, names, create)
        if typed.errors:
            return await self._page(request, brief, typed, 422)
        try:
            await self._desk.later(partial(self._write, brief, fields, typed.values, create))
        except SluglineError as error:
            typed = typed._replace(message=f"Nothing was saved: {error}.")
            return await self._page(request, brief, typed, 409)
        return redirect(address("brief/", file=brief.path, done="details"))

    def _fields(self) -> list[FormField]:
        """Return the fields of the form; those that `site.yaml` decides have its choices."""
        settings = read_config(self._desk.root).settings
        sections = tuple(section.slug for section in settings.sections)
        choices = {"section": sections} if sections else {}
        return fields_named(Brief, (*_FIRST, *_MORE), choices)

    def _write(
        self, brief: OpenBrief, fields: list[FormField], values: Mapping[str, str], create: str
    ) -> None:
        editor = EntryEditor(brief.path, brief.data)
        present = _present(brief, fields)
        for field in fields:
            if field.name in present and values[field.name] != present[field.name]:
                _set(editor, field, values[field.name])
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
        self, request: Request, brief: OpenBrief, typed: TypedForm, status: int = 200
    ) -> Response:
        fields = await self._desk.later(self._fields)
        present = _present(brief, fields)
        names = await self._desk.later(self._desk.names)
        shown = [field for field in fields if field.name in present]
        return self._desk.page(
            request,
            "details.html",
            status,
            brief=brief,
            digest=self._desk.preview.shown.keep(brief.data),
            typed=typed,
            view=view_of(shown, _FIRST, typed, names),
        )


def _present(brief: OpenBrief, fields: list[FormField]) -> dict[str, str]:
    """Return the values of a brief's fields as a form has them.

    A field that is written in another form, such as a mapping, is left out."""
    found = {}
    for field in fields:
        value = brief.document.fields.get(field.name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if all(isinstance(item, str) for item in items):
            found[field.name] = ("\n" if field.widget == "lines" else " ").join(items)
    return found


def _errors(brief: OpenBrief, fields: list[FormField], values: Mapping[str, str]) -> dict[str, Any]:
    """Return what is wrong with the values, by the names of the fields."""
    written: dict[str, Any] = {"date": brief.document.fields.get("date")}
    for field in fields:
        if text := values[field.name]:
            written[field.name] = (
                _lines(text) if field.widget == "lines" else " ".join(text.split())
            )
    names = {field.name for field in fields}
    found = part_errors(Brief, written, brief.zone)
    own = {at.partition(".")[0]: error for at, error in found.items()}
    return {name: error for name, error in own.items() if name in names}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _set(editor: EntryEditor, field: FormField, text: str) -> None:
    """Set a field to what was typed; what only adds to a list keeps its comments."""
    if field.widget != "lines":
        value = " ".join(text.split())
        if value and value != field.default:
            editor.set(field.name, value)
        elif field.name in editor.document.fields:
            editor.drop(field.name)
        return
    lines, present = _lines(text), editor.document.fields.get(field.name)
    before = present if isinstance(present, list) else []
    if before and lines[: len(before)] == before:
        for line in lines[len(before) :]:
            editor.append(field.name, line)
    elif lines:
        editor.set(field.name, lines)
    elif field.name in editor.document.fields:
        editor.drop(field.name)
