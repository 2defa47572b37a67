"""What an editor typed into a form of a brief, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from builder.editing.part_errors import PartError
from builder.names.keys import name_key
from builder.names.suggest import did_you_mean
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.form_fields import FormField
from builder.serve.desk.open_brief import OpenBrief, ShownFiles
from builder.serve.desk.site_names import SiteNames

CREATE = "create"  # the field of a form that names a company to create
CHANGED = (
    "The file has changed since this form was opened, and nothing was saved. What you typed is"
    " below: save it again to write it into the file as it is now."
)


class TypedForm(NamedTuple):
    """The values of a form, by the names of its fields, and the errors beside them."""

    values: Mapping[str, str]
    errors: Mapping[str, PartError] = {}
    message: str = ""
    changes: list[str] = []  # noqa: RUF012 - of the file since the form was shown
    unknown: str = ""  # a company that can be created at the same time

    def is_stale(self, form: PostedForm, brief: OpenBrief, shown: ShownFiles) -> TypedForm | None:
        """Return the form with what has changed, if the file has."""
        if form.get("digest") == brief.digest:
            return None
        changes = shown.changes(form.get("digest"), brief.data)
        return self._replace(message=CHANGED, changes=changes)

    def to_create(self, form: PostedForm) -> str:
        """Return the company to create, which a field must name."""
        wanted = form.get(CREATE)
        named = [line.strip() for value in self.values.values() for line in value.split("\n")]
        return wanted if wanted in named else ""

    def check_names(self, fields: Iterable[FormField], names: SiteNames, create: str) -> TypedForm:
        """Return the form with errors for companies that do not exist."""
        errors, unknown = dict(self.errors), ""
        for field in fields:
            if field.names != "companies" or field.name in errors:
                continue
            for name in map(str.strip, self.values.get(field.name, "").split("\n")):
                if not name or name == create or name_key(name) in names.company_keys:
                    continue
                near = did_you_mean(name, names.companies)
                hint = f"{near} otherwise create it" if near else "create it at the same time"
                errors[field.name] = PartError(f"no company is called `{name}`", hint)
                unknown = unknown or name
        return self._replace(errors=errors, unknown=unknown)


class FormView(NamedTuple):
    """The fields of a form in their places, and which has the focus."""

    first: list[FormField]
    more: list[FormField]
    opened: bool  # whether the other fields are shown
    focus: str
    other: dict[str, PartError]  # errors that belong to no field
    names: dict[str, Any]  # to suggest, by kind


def view_of(
    fields: list[FormField], first: tuple[str, ...], typed: TypedForm, names: SiteNames
) -> FormView:
    """Return how a form is shown.

    The first error has the focus, or else the first empty field."""
    shown = [field for name in first for field in fields if field.name == name]
    more = [field for field in fields if field not in shown]
    order = [field.name for field in shown + more]
    wrong = next((name for name in order if name in typed.errors), "")
    return FormView(
        shown,
        more,
        any(typed.values.get(f.name) not in ("", None, f.default) for f in more)
        or any(f.name in typed.errors for f in more),
        wrong or next((f.name for f in shown if not typed.values.get(f.name)), ""),
        {at: error for at, error in typed.errors.items() if at not in order},
        {kind: getattr(names, kind) for kind in {f.names for f in fields if f.names}},
    )
