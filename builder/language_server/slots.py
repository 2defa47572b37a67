"""Says what may stand at a path of front matter: fields with their help, or values of a type."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args, get_origin

from msgspec import Struct

from builder.content.code_fields import allowable
from builder.content.config import FILE
from builder.content.field_types import text_field, without_none
from builder.content.files import is_record, kind_of
from builder.content.json_schema import type_in_words
from builder.content.schema import Field, fields_of, is_part
from builder.diagnostics.codes import page
from builder.language_server.cursor import Path
from builder.model.record import Allowed
from builder.model.settings import Settings


def record_kind(path: str) -> type[Struct] | None:
    """Return the kind of record that a file has, if any."""
    if path == FILE:
        return Settings
    return kind_of(path) if is_record(path) else None


class Slot(NamedTuple):
    """A place for a value: its type, and the field of a record or part that has it.

    `kind` is the type of one item if the value is an item of a list."""

    kind: Any
    owner: type[Struct] | None = None
    field: Field | None = None

    @property
    def name(self) -> str:
        return self.field.name if self.field else ""

    @property
    def is_list(self) -> bool:
        return get_origin(self.kind) is tuple and not self.is_allow

    @property
    def is_allow(self) -> bool:
        return get_origin(self.kind) is tuple and get_args(self.kind)[0] is Allowed

    @property
    def item(self) -> Slot:
        """The slot of an item of a list; otherwise this slot."""
        return self._replace(kind=without_none(get_args(self.kind)[0])) if self.is_list else self

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of a mapping in this place."""
        return fields_of(self.kind) if is_part(self.kind) else ()

    @property
    def lone_field(self) -> Slot | None:
        """The field that a lone text stands for."""
        name = text_field(self.kind, "") if is_part(self.kind) else ""
        return _field(self, name) if name else None


def find_slot(record: type[Struct], path: Path) -> Slot | None:
    """Return the slot at a path; None for unknown fields."""
    slot: Slot | None = Slot(record)
    for part in path:
        if slot is None:
            return None
        if isinstance(part, int):
            slot = slot.item
        elif slot.is_allow:
            slot = Slot(str, None, slot.field)
        elif get_origin(slot.kind) is dict:
            slot = slot._replace(kind=without_none(get_args(slot.kind)[1]))
        else:
            slot = _field(slot.item, part)
    return slot


def _field(slot: Slot, name: str) -> Slot | None:
    found = next((field for field in slot.fields if field.name == name), None)
    return Slot(without_none(found.type), slot.kind, found) if found else None


def help_of(field: Field) -> str:
    """Return the help, type and default of a field as Markdown."""
    lines = [field.help, "", type_in_words(field.type)]
    if field.required:
        lines[-1] += " · required"
    elif isinstance(field.default, (bool, int, str)) and field.default != "":
        lines[-1] += f" · default `{str(field.default).lower()}`"
    return "\n".join(lines)


def choices_of(slot: Slot) -> list[tuple[str, str]]:
    """Return the choices for a value, each with its meaning or nothing."""
    if get_origin(slot.kind) is Literal:
        return [(str(choice), "") for choice in get_args(slot.kind)]
    if slot.kind is bool:
        return [("true", ""), ("false", "")]
    return []


def allowed_codes() -> list[tuple[str, str]]:
    """Return the codes that `allow` may have, each with its meaning."""
    return [(code, page(code).meaning) for code in allowable()]
