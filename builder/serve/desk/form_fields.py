"""The fields of a form, made from the fields of the model: labels, help, choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from msgspec import Struct

from builder.content.field_types import without_none
from builder.content.schema import Field, fields_of, is_part
from builder.model.event import Event
from builder.model.expectation import Expectation, Settlement
from builder.model.figure import Figure
from builder.model.relation import Relation
from builder.model.source import Source
from builder.model.statement import Claim, Correction, Quote, Response, Speaker
from builder.model.values import (
    CompanyName,
    ExpectationReference,
    PartyName,
    PersonName,
    Text,
    Url,
)
from builder.serve.desk.form_body import PostedForm

Widget = Literal["line", "text", "choice", "check", "lines"]


class EntryKind(NamedTuple):
    """An entry that the desk has a form for: the field of the brief, and its part.

    `first` are the fields that are shown at once, in this order; the others are folded."""

    name: str
    field: str
    part: type[Struct]
    first: tuple[str, ...]
    intro: str


ENTRIES: dict[str, EntryKind] = {
    kind.name: kind
    for kind in (
        EntryKind(
            "source",
            "sources",
            Source,
            ("url", "publisher", "title", "published", "role", "of"),
            "A report that the brief is based on.",
        ),
        EntryKind(
            "figure",
            "figures",
            Figure,
            ("metric", "value", "of", "as_of", "period", "source"),
            "A number of the story, which charts and tables show.",
        ),
        EntryKind(
            "claim",
            "claims",
            Claim,
            ("text", "status", "source", "by.person", "by.of"),
            "What is known, or only claimed, and by whom.",
        ),
        EntryKind(
            "quote",
            "quotes",
            Quote,
            ("text", "by", "of", "source"),
            "Words of a person, as they were said.",
        ),
        EntryKind(
            "response",
            "responses",
            Response,
            ("from", "stance", "text", "source"),
            "What somebody answered, or that they did not.",
        ),
        EntryKind(
            "relation",
            "relations",
            Relation,
            ("from", "type", "to", "since"),
            "Who owns, pays or supplies whom.",
        ),
        EntryKind(
            "event",
            "events",
            Event,
            ("title", "date", "id", "of"),
            "What is scheduled: it is in the calendar.",
        ),
        EntryKind(
            "expectation",
            "expects",
            Expectation,
            ("text", "by", "of", "says", "id"),
            "What is announced, planned or forecast. A later brief settles it by its id.",
        ),
        EntryKind(
            "outcome",
            "settles",
            Settlement,
            ("what", "outcome", "when", "source"),
            "How something turned out that an earlier brief expects.",
        ),
        EntryKind(
            "correction",
            "corrections",
            Correction,
            ("kind", "was", "now"),
            "Readers see it at the top of the brief. Correct the text of the brief too.",
        ),
    )
}
_REFERS = ("source", "original_source", "says")  # fields that name a source of the brief


# Labels of fields whose names say too little beside a form.
_LABELS = {
    (Source, "url"): "address",
    (Source, "of"): "relays",
    (Source, "lang"): "language",
    (Figure, "of"): "company",
    (Figure, "to"): "other company",
    (Quote, "by"): "said by",
    (Quote, "of"): "company",
    (Quote, "lang"): "language",
    (Speaker, "person"): "said by",
    (Speaker, "company"): "said by a company",
    (Speaker, "anonymous"): "people who are not named",
    (Speaker, "of"): "employer of who said it",
    (Correction, "at"): "date",
    (Correction, "was"): "former text",
    (Correction, "now"): "corrected text",
    (Response, "to"): "subject",
    (Event, "of"): "company",
    (Event, "changes"): "changes the event",
    (Expectation, "by"): "expected by",
    (Expectation, "of"): "who is to do it",
    (Expectation, "says"): "source",
    (Expectation, "resolves"): "settled by",
    (Settlement, "what"): "expectation",
}


class FormField(NamedTuple):
    """A field of a form. Its name is the path of the field: `by.person`."""

    name: str
    label: str
    help: str
    widget: Widget
    choices: tuple[str, ...] = ()
    required: bool = False
    names: str = ""  # the kind of names that it suggests
    default: str = ""  # the value that need not be written


def form_fields(kind: EntryKind, sources: tuple[str, ...]) -> list[FormField]:
    """Return the fields of an entry's form.

    `sources` are the ids of the brief's sources."""
    return [*_fields(kind.part, "", sources)]


def fields_named(
    record: type[Struct], names: tuple[str, ...], choices: Mapping[str, tuple[str, ...]]
) -> list[FormField]:
    """Return some fields of a record; `choices` are those of a site."""
    by_name = {field.name: field for field in fields_of(record)}
    found = [_field(record, by_name[name], "", ()) for name in names]
    return [
        field._replace(widget="choice", choices=choices[field.name])
        if field.name in choices
        else field
        for field in found
    ]


def _fields(part: type[Struct], prefix: str, sources: tuple[str, ...]) -> list[FormField]:
    found = []
    for field in fields_of(part):
        if is_part(without_none(field.type)):
            found += _fields(without_none(field.type), f"{field.name}.", sources)
        else:
            found.append(_field(part, field, prefix, sources))
    return found


def _field(part: type[Struct], field: Field, prefix: str, sources: tuple[str, ...]) -> FormField:
    kind = without_none(field.type)
    label = _LABELS.get((part, field.name), field.name.replace("_", " "))
    widget, default = _widget(kind), ""
    choices: tuple[str, ...] = ()
    if field.name in _REFERS or (part is Source and field.name == "of"):
        widget, choices = "choice", sources
    elif get_origin(kind) is Literal:
        choices = tuple(map(str, get_args(kind)))
        default = str(field.default) if field.default is not None else ""
    return FormField(
        f"{prefix}{field.name}",
        label[:1].upper() + label[1:],
        field.help,
        widget,
        choices,
        field.required and not prefix,
        _NAMES.get(
            get_args(kind)[0] if get_origin(kind) is tuple else kind,
            "publishers" if field.name == "publisher" else "",
        ),
        default,
    )


_NAMES: dict[Any, str] = {
    CompanyName: "companies", PersonName: "people", PartyName: "parties",
    ExpectationReference: "expectations",
}  # fmt: skip


def _widget(kind: Any) -> Widget:
    if get_origin(kind) is Literal:
        return "choice"
    if get_origin(kind) is tuple:
        return "lines"
    if kind is bool:
        return "check"
    return "text" if kind is Text else "line"


def is_address(field: FormField, part: type[Struct]) -> bool:
    """Return whether a field takes the address of a page."""
    return any(f.name == field.name and f.type is Url for f in fields_of(part))


def typed_values(fields: list[FormField], form: PostedForm) -> dict[str, str]:
    """Return what was typed into the fields, by their names."""
    return {field.name: form.get(field.name) for field in fields}


def as_entry(fields: list[FormField], values: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry to write, without empty and default values."""
    entry: dict[str, Any] = {}
    for field in fields:
        value: Any = values.get(field.name, "")
        if field.widget == "lines":
            value = [line.strip() for line in value.split("\n") if line.strip()]
        elif field.widget == "text":
            value = " ".join(value.split())
        if not value or (value == field.default and not field.required):
            continue
        part, _, name = field.name.rpartition(".")
        (entry.setdefault(part, {}) if part else entry)[name] = value
    return entry
