"""The JSON Schema of a record, for completion in editors."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from msgspec import Struct

from builder.content.code_fields import allowable
from builder.content.field_types import CALLED, called, without_none
from builder.content.fields import WORDS
from builder.content.schema import READERS, fields_of, is_part
from builder.model.record import Allowed


def json_schema(record: type[Struct]) -> dict[str, Any]:
    """Return the JSON Schema of a record's front matter.

    It is draft-07, which the YAML plugins of code editors support."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": CALLED.get(record.__name__, record.__name__),
        **_object_schema(record),
    }


def _object_schema(record: type[Struct]) -> dict[str, Any]:
    found = fields_of(record)
    properties = {}
    for field in found:
        schema = {"description": field.help, **_type_schema(field.type)}
        if not field.required:  # an empty field counts as missing
            _allow_null(schema)
        if isinstance(field.default, (bool, int, str)) and field.default != "":
            schema["default"] = field.default
        properties[field.name] = schema
    schema = {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in found if field.required],
        "additionalProperties": False,
    }
    if getattr(record, "from_text", ()):
        schema["type"] = ["object", "string"]
    if names := getattr(record, "one_of", ()):  # `required` says nothing of a text
        schema["anyOf"] = [{"required": [name]} for name in names]
    return schema


def _allow_null(schema: dict[str, Any]) -> None:
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    elif "anyOf" in schema and "type" not in schema:  # a list of choices
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    else:
        types = schema["type"]
        schema["type"] = [*(types if isinstance(types, list) else [types]), "null"]


def _type_schema(kind: Any) -> dict[str, Any]:
    kind = without_none(kind)
    if get_origin(kind) is tuple and get_args(kind)[0] is Allowed:
        reasons = {code: {"type": "string"} for code in allowable()}
        return {"type": "object", "properties": reasons, "additionalProperties": False}
    if get_origin(kind) is tuple:
        return _list_schema(_type_schema(get_args(kind)[0]))
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": _type_schema(get_args(kind)[1])}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if is_part(kind):
        return _object_schema(kind)
    return dict(READERS[kind].json_schema)


def _list_schema(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list, which one item may stand for.

    Keywords of JSON Schema apply to one type each, so those of the item do not concern a list."""
    if "enum" in item:
        return {"anyOf": [item, {"type": "array", "items": item}]}
    types = item["type"] if isinstance(item["type"], list) else [item["type"]]
    outer = [name for name in types if name != "array"]
    return {**item, "type": ["array", *outer], "items": item}


def type_in_words(kind: Any) -> str:
    """Return the description of a type for the reference page."""
    kind = without_none(kind)
    if get_origin(kind) is tuple and get_args(kind)[0] is Allowed:
        return "warnings with reasons"
    if get_origin(kind) is tuple:
        return f"list of {_plural_type(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        inner = get_args(kind)[1]
        article = "" if get_origin(inner) is dict else "a "
        return f"names, each with {article}{type_in_words(inner)}"
    if get_origin(kind) is Literal:
        return " | ".join(str(value) for value in get_args(kind))
    if is_part(kind):
        return f"{called(kind)} (see below)"
    return WORDS[kind]


_PLURALS = {
    "web address": "web addresses",
    "address": "addresses",
    "slug or path": "slugs or paths",
}


def _plural_type(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"lists of {_plural_type(get_args(kind)[0])}"
    if get_origin(kind) is Literal:
        return type_in_words(kind)
    if is_part(kind):
        return f"{called(kind)} entries (see below)"
    return _PLURALS.get(WORDS[kind], f"{WORDS[kind]}s")
