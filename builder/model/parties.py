"""The companies that the front matter of a record names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import fields as struct_fields

from builder.model.values import CompanyName, PartyName

_NAMES = (CompanyName, PartyName)


def named_parties(record: Struct, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place (`figures.0.of`) and name of each company.

    A party of a response may also be a person. The fields are found by their types, so a new one
    is included."""
    for attribute, name, is_name in _fields(type(record)):
        value = getattr(record, attribute)
        if not value:
            continue
        several = isinstance(value, tuple)
        for n, one in enumerate(value if several else (value,)):
            at = f"{prefix}{name}.{n}" if several else f"{prefix}{name}"
            if not is_name:
                yield from named_parties(one, f"{at}.")
            elif one:
                yield at, one


@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, str, bool], ...]:
    """Return the fields that hold names, or parts with such fields.

    Each is the attribute, the name that editors write, and whether it holds names itself."""
    found = []
    for field in struct_fields(kind):
        types = _types(field.type)
        if any(type in _NAMES for type in types):
            found.append((field.name, field.encode_name, True))
        elif any(_is_part(type) and _fields(type) for type in types):
            found.append((field.name, field.encode_name, False))
    return tuple(found)


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _types(kind: Any) -> list[Any]:
    """Return the types that a list or optional type contains."""
    args = [arg for arg in get_args(kind) if arg is not Ellipsis]
    return [inner for arg in args for inner in _types(arg)] if args else [kind]
