"""The forms for a source, a figure, a claim and other entries of a brief."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor
from builder.editing.find import NoSuchBrief
from builder.editing.new import CannotCreate
from builder.editing.new_record import new_record
from builder.editing.part_errors import PartError, part_errors
from builder.editing.steps import EditConflict
from builder.editing.transaction import replace_files
from builder.names.keys import name_key
from builder.names.suggest import did_you_mean
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
from builder.serve.desk.site_names import SiteNames

_CREATE = "create"  # the field that names a company to create


class _Typed(NamedTuple):
    """What an editor typed into a form, and what is wrong with it."""

    values: Mapping[str, str]
    errors: Mapping[str, PartError] = {}
    message: str = ""
    changes: list[str] = []  # noqa: RUF012 - of the file since the form was shown
    unknown: str = ""  # a company that can be created with the entry


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
        try:
            brief = await self._desk.later(
                partial(open_brief, self._desk.root, query.get("file", ""))
            )
        except NoSuchBrief as error:
            return self._desk.page(request, "missing.html", 404, message=str(error))
        return await self._page(request, kind, brief, _Typed(self._usual(kind, brief)))

    def _usual(self, kind: EntryKind, brief: OpenBrief) -> dict[str, str]:
        """Return the values that a new entry most probably has."""
        usual: dict[str, str] = {"source": "", "at": ""}
        ids = [source.id for source in brief.record.sources]
        if len(ids) == 1:
            usual["source"] = ids[0]
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
        try:
            brief = await self._desk.later(partial(open_brief, self._desk.root, form.get("file")))
        except NoSuchBrief as error:
            return self._desk.page(request, "missing.html", 404, message=str(error))
        fields = _fields_of(kind, brief)
        typed = _Typed(typed_values(fields, form))
        entry = as_entry(fields, typed.values)
        if form.get("digest") != brief.digest:
            changes = self._desk.preview.shown.changes(form.get("digest"), brief.data)
            message = (
                "The file has changed since this form was opened, and nothing was saved. What you"
                " typed is below: save it again to add it to the file as it is now."
            )
            return await self._page(
                request, kind, brief, typed._replace(message=message, changes=changes), 409
            )
        names = await self._desk.later(self._desk.names)
        errors = part_errors(kind.part, entry, brief.zone)
        typed = _with_names(kind, typed._replace(errors=errors), names, form.get(_CREATE))
        if typed.errors:
            return await self._page(request, kind, brief, typed, 422)
        try:
            await self._desk.later(partial(self._write, kind, brief, entry, form.get(_CREATE)))
        except (EditConflict, EditError, CannotCreate) as error:
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
            company = new_record("company", create, None, self._desk.now())
            changes[company.path] = (None, company.data)
        replace_files(self._desk.root, changes)

    async def _page(
        self, request: Request, kind: EntryKind, brief: OpenBrief, typed: _Typed, status: int = 200
    ) -> Response:
        fields = _fields_of(kind, brief)
        first = [f for name in kind.first for f in fields if f.name == name]
        more = [f for f in fields if f not in first]
        names = await self._desk.later(self._desk.names)
        order = [f.name for f in first + more]
        wrong = next((name for name in order if name in typed.errors), "")
        present = next(group for group in entry_lists(brief) if group.name == kind.name)
        return self._desk.page(
            request,
            "entry.html",
            status,
            kind=kind,
            brief=brief,
            digest=self._desk.preview.shown.keep(brief.data),
            first=first,
            more=more,
            opened=any(typed.values.get(f.name) not in ("", None, f.default) for f in more)
            or any(f.name in typed.errors for f in more),
            focus=wrong or next((f.name for f in first if not typed.values.get(f.name)), ""),
            typed=typed,
            other={at: e for at, e in typed.errors.items() if at not in order},
            names={name: getattr(names, name) for name in {f.names for f in fields if f.names}},
            present=present.entries,
        )


def _fields_of(kind: EntryKind, brief: OpenBrief) -> list[FormField]:
    return form_fields(kind, tuple(source.id for source in brief.record.sources if source.id))


def _with_names(kind: EntryKind, typed: _Typed, names: SiteNames, create: str) -> _Typed:
    """Return what was typed, with errors for companies that do not exist."""
    errors = dict(typed.errors)
    unknown = ""
    for field in form_fields(kind, ()):
        name = typed.values.get(field.name, "")
        if field.names != "companies" or not name or field.name in errors:
            continue
        if name_key(name) in names.company_keys or name == create:
            continue
        near = did_you_mean(name, names.companies)
        hint = f"{near} otherwise create it" if near else "create it with the entry"
        errors[field.name] = PartError(f"no company is called `{name}`", hint)
        unknown = unknown or name
    return typed._replace(errors=errors, unknown=unknown)
