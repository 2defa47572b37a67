"""Reads the fields of a document into a record, or reports mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, tzinfo
from functools import cache
from pathlib import PurePosixPath
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
)

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields as struct_fields

from builder.content.code_fields import allowable, read_warning_code, warnings
from builder.content.defaults import STAND_INS, complete_ids, complete_part
from builder.content.document import Document, place_in_field
from builder.content.feedback_fields import FEEDBACK_SCHEMA, read_feedback
from builder.content.field_types import (
    article,
    called,
    is_unquoted,
    paths_of,
    text_field,
    without_none,
)
from builder.content.fields import READERS as OF_VALUES
from builder.content.fields import FieldReader, check_slug, read_choice, read_slug
from builder.content.foreign_keys import Change, UnknownKey, answer_key
from builder.content.item_lists import split_items, unclear_list
from builder.content.limits import NO_LIMITS, refuse_long, refuse_many
from builder.content.old_addresses import read_old_address
from builder.content.yaml_syntax import QUOTES, items_in_braces, refuse_quotes
from builder.diagnostics.codes import CODES
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place, place_of
from builder.diagnostics.misread import Misread, MisreadAt
from builder.model.record import Allowed, Record, Unread
from builder.model.settings import Limits
from builder.model.values import (
    ClaimReference,
    EventReference,
    ExpectationReference,
    FeedbackAddress,
    Formula,
    Line,
    OldAddress,
    Slug,
    Text,
    WarningCode,
)
from builder.names.keys import SlugStyle
from builder.names.suggest import did_you_mean
from builder.quantity.formula import parse_formula
from builder.quantity.parse import parse_quantity
from builder.quantity.quantity import Quantity


def _formula(text: str, zone: tzinfo) -> str:
    parse_formula(text)
    return text.strip()


# A reader for each type of `model`.
READERS: dict[Any, FieldReader] = {
    **OF_VALUES,
    Quantity: FieldReader(lambda text, zone: parse_quantity(text), {"type": ["string", "number"]}),
    FeedbackAddress: FieldReader(
        lambda text, zone: read_feedback(OF_VALUES[Line].read(text, zone)), FEEDBACK_SCHEMA
    ),
    OldAddress: FieldReader(read_old_address, {"type": ["string", "number"]}),
    Formula: FieldReader(_formula, {"type": "string"}),
    WarningCode: FieldReader(read_warning_code, {"type": "string", "enum": [*warnings()]}),
}


class Field(NamedTuple):
    """A field of a record, as `model` defines it in one line.

    Editors write `name`; Python code uses `attribute`, which differs for keywords like `from`."""

    name: str
    attribute: str
    type: Any
    required: bool
    default: Any
    help: str


@cache
def fields_of(record: type[Struct]) -> tuple[Field, ...]:
    """Return the fields with a help text, which editors may write."""
    found = []
    for field in struct_fields(record):
        if get_origin(field.type) is not Annotated:
            continue
        kind, text = get_args(field.type)
        required = field.required
        default = None if required or field.default is NODEFAULT else field.default
        found.append(Field(field.encode_name, field.name, kind, required, default, text))
    # Required fields come first, then the others in the order of their definition, as editors write
    # them; `allow` comes last.
    return tuple(sorted(found, key=lambda f: (not f.required, f.name == "allow")))


class _Shape(NamedTuple):
    """How to read a field's type, computed once for each type.

    A value is a list of `item`, a mapping from the editor's own names to `named`, a `part` with
    fields of its own, one of a few choices, or text for the reader `read`; `key` reads the names of
    a mapping."""

    kind: Any
    item: _Shape | None = None
    named: _Shape | None = None
    part: type[Struct] | None = None
    read: Callable[[str, tzinfo], Any] | None = None  # None for choices
    key: Callable[[str, tzinfo], Any] | None = None
    slugs: bool = False  # whether the names of a mapping are slugs


def _shape(kind: Any) -> _Shape:
    kind = without_none(kind)
    origin = get_origin(kind)
    if origin is tuple:
        return _Shape(kind, item=_shape(get_args(kind)[0]))
    if origin is dict:
        key, item = get_args(kind)
        return _Shape(kind, named=_shape(item), key=READERS[key].read, slugs=key is Slug)
    if is_part(kind):
        return _Shape(kind, part=kind)
    return _Shape(kind, read=None if origin is Literal else READERS[kind].read)


@cache
def _shapes(record: type[Struct]) -> dict[str, tuple[Field, _Shape]]:
    """Map the name of each front matter field to its shape."""
    return {field.name: (field, _shape(field.type)) for field in fields_of(record)}


R = TypeVar("R", bound=Struct)


_BAD: Any = object()  # stands for a value that has been reported


def read_record(
    record: type[R],
    document: Document,
    zone: tzinfo,
    broken: bool = False,
    limits: Limits = NO_LIMITS,
    slugs: SlugStyle | None = None,
) -> tuple[R, list[Diagnostic]]:
    """Read a document's fields into a record, and report all mistakes.

    Dates without a zone are local times in `zone`. Slugs are in the style `slugs`; without one, any
    slug is valid, and default ids are in ASCII. A wrong value is replaced by its default or a
    placeholder, and the record is marked as `broken`, so that its other fields and references to it
    can still be checked."""
    reading = _Reading(document, zone, silent=broken, limits=limits, slugs=slugs)
    values = reading.fields(record, document.fields, "")
    if issubclass(record, Record):
        places = document.places
        if reading.problems:  # one may be a field whose name ends in `#`, the mark of a key
            places = {key: place for key, place in places.items() if not key.endswith("#")}
        values |= {"path": document.path, "places": places}
        values["broken"] = broken or bool(reading.problems)
        values["unread"] = () if broken else tuple(reading.unread[:_MOST_UNREAD])
    return record(**values), [] if broken else reading.problems


_BY_LANGUAGE = ("editions", "messages", "translations")
_MOST_UNREAD = 20  # parts of a record, which a preview lists
_OWN_SLUGS = ("slug", "redirects.")
_SLUGS = (Slug, EventReference, ClaimReference, ExpectationReference)


def certain_changes(
    record: type[Struct], document: Document, zone: tzinfo, slugs: SlugStyle
) -> list[Change]:
    """Return the changes of a document's fields that are certain."""
    reading = _Reading(document, zone, silent=True, slugs=slugs)
    reading.fields(record, document.fields, "")
    return reading.changes


class _Reading:
    """The state of reading one document."""

    def __init__(
        self,
        document: Document,
        zone: tzinfo,
        silent: bool,
        limits: Limits = NO_LIMITS,
        slugs: SlugStyle | None = None,
    ) -> None:
        self.document, self.zone, self.silent, self.limits = document, zone, silent, limits
        self.slugs, self.own_slugs = slugs or "unicode", slugs or "ascii"
        self.problems: list[Diagnostic] = []
        self.changes: list[Change] = []
        self.unread: list[Unread] = []

    def report(self, where: str, misread: Misread) -> Any:
        place: Place | str | None = None
        if isinstance(misread, MisreadAt):
            place = self._within(where, misread)
        elif misread.part:
            place = place_in_field(self.document, where, misread.part)
        found = self.document.problem(
            Finding(place or where, misread.code, misread.message, misread.hint)
        )
        self.problems.append(found)
        if found.severity == "error":
            self.unread.append(Unread(where.partition(".")[0].rstrip("#"), misread.message))
        # What a record is called by others is not certain: they may write something else.
        if misread.write and (misread.code != "invalid-slug" or where.startswith(_OWN_SLUGS)):
            self.changes.append(Change(where, where.rpartition(".")[2], misread.write))
        return _BAD

    def _within(self, where: str, misread: MisreadAt) -> Place | None:
        """Return the place of a part of a possibly quoted value."""
        whole = place_of(self.document.places, where)
        if whole is None or whole.width < misread.column - 1 + misread.width:
            return None
        line = self.document.line(whole.line)
        quoted = line[whole.column - 1 : whole.column] in ("'", '"')
        column = whole.column + misread.column - 1 + quoted
        return Place(whole.line, column, misread.width)

    def fields(
        self, record: type[Struct], written: Mapping[str, Any], prefix: str
    ) -> dict[str, Any]:
        """Return the values of a record's fields; report and omit wrong ones."""
        known = _shapes(record)
        meant = set()
        for key in written:
            if key not in known:
                what = f"`{key}` is not a field of {article(record)}"
                value = written[key]
                unknown = UnknownKey(key, value, written, known, called(record), bool(prefix))
                found = answer_key(unknown)
                meant.add(found.meant)
                self.report(f"{prefix}{key}#", Misread("unknown-key", what, found.hint))
                if found.rename or found.remove:
                    self.changes.append(Change(f"{prefix}{key}", found.rename, found.value))
        values = {}
        for name, (field, shape) in known.items():
            raw = written.get(name)
            if raw is not None:
                value = self.value(shape, raw, f"{prefix}{name}", name)
                if value is not _BAD:
                    values[field.attribute] = value
            elif field.required and name not in meant:
                at = f"{prefix}{name}#" if name in written else prefix.rstrip(".")
                hint = f"add `{name}` ({field.help[0].lower()}{field.help[1:].removesuffix('.')})"
                message = f"{article(record)} needs `{name}`"
                self.report(at, Misread("missing-key", message, hint))
            if field.required and field.attribute not in values:
                values[field.attribute] = self._stand_in(field.type, prefix)
        self._need_one_of(record, written, meant, prefix)
        return values

    def _need_one_of(
        self, record: type[Struct], written: Mapping[str, Any], meant: Collection[str], prefix: str
    ) -> None:
        """Report a part that lacks both of two alternative fields."""
        names: tuple[str, ...] = getattr(record, "one_of", ())
        if names and not any(written.get(name) is not None or name in meant for name in names):
            message = f"{article(record)} needs `{'` or `'.join(names)}`"
            help = next(f.help for f in fields_of(record) if f.name == names[0])
            first = help.partition(" (")[0]
            hint = f"add `{names[0]}` ({first[0].lower()}{first[1:]}) or `{names[1]}`"
            self.report(prefix.rstrip("."), Misread("missing-key", message, hint))

    def _stand_in(self, kind: Any, prefix: str) -> Any:
        """Return a placeholder for a required value, which no page ever shows."""
        if kind in STAND_INS or get_origin(kind) is Literal:
            return STAND_INS[kind] if kind in STAND_INS else get_args(kind)[0]
        return "" if prefix else PurePosixPath(self.document.path).stem

    def value(self, shape: _Shape, raw: Any, where: str, name: str) -> Any:
        """Return a raw value converted to its type."""
        if shape.read and not shape.named and raw.__class__ is str and raw[:1] not in QUOTES:
            try:
                if len(raw) > self.limits.paragraph:
                    refuse_long(raw, self.limits, name)
                return self._text(shape, raw)
            except Misread as misread:
                return self.report(where, misread)
        if shape.item and shape.item.kind is Allowed:
            return self._allowed(raw, where)
        if shape.item:
            return self._list(shape.item, raw, where, name)
        if shape.named:
            return self._named(shape, raw, where, name)
        if shape.part:
            return self._struct(shape.part, raw, where, name)
        if isinstance(raw, (list, dict)):
            what = "a list" if isinstance(raw, list) else "a mapping"
            hint = "quote the text; an opening bracket makes it a list"
            if isinstance(raw, dict):
                hint = "quote the text; `: ` or `{` makes it a mapping"
            return self.report(
                where, Misread("expected-text", f"`{name}` takes one value, not {what}", hint)
            )
        try:
            refuse_long(raw, self.limits, name)
            if raw[:1] in QUOTES and shape.kind not in (Line, Text):
                refuse_quotes(raw)
            return self._text(shape, raw) if shape.read else read_choice(shape.kind, raw, name)
        except Misread as misread:
            return self.report(where, misread)

    def _text(self, shape: _Shape, raw: str) -> Any:
        if shape.kind in _SLUGS:
            return read_slug(shape.kind, raw, self.zone, self.slugs)
        assert shape.read
        return shape.read(raw, self.zone)

    def _list(self, shape: _Shape, raw: Any, where: str, name: str) -> Any:
        items = self._items(shape, raw, where, name)
        values: list[Any] = []
        own: set[int] = set()  # the items with an id of their own, perhaps an unreadable one
        for n, item in enumerate(items):
            if item is None:
                self.report(
                    f"{where}.{n}",
                    Misread("empty-value", f"an item of `{name}` is empty", "remove it"),
                )
                continue
            value = self.value(shape, item, f"{where}.{n}", name)
            if value is not _BAD:
                if n != len(values):
                    self._move(f"{where}.{n}", f"{where}.{len(values)}", item)
                if isinstance(item, dict) and item.get("id") is not None:
                    own.add(len(values))
                values.append(value)
        return tuple(
            complete_ids(shape.part, values, own, self.own_slugs) if shape.part else values
        )

    def _items(self, shape: _Shape, raw: Any, where: str, name: str) -> list[Any]:
        """Return the items of a list; one item may be written without brackets."""
        if isinstance(raw, list) and (not shape.item or any(isinstance(i, list) for i in raw)):
            try:
                refuse_many(raw, self.limits, name)
            except Misread as misread:
                self.report(where, misread)
            return raw[: self.limits.items]
        if isinstance(raw, dict) and not (shape.part or shape.item):
            items, hint = items_in_braces(raw)
            message = f"`{name}` takes a list, not a mapping"
            self.report(where, Misread("expected-list", message, f"write `{name}: {hint}`"))
            return items
        if isinstance(raw, (list, dict)):
            self._move(where, f"{where}.0", raw)
            return [raw]
        if hint := unclear_list(shape.kind, shape.part, raw, name):
            # Other fields may refer to the items: read them nevertheless.
            message = f"`{name}` takes a list, and this may be one item or several"
            self.report(where, Misread("expected-list", message, hint))
            return split_items(raw)
        return [raw]

    def _move(self, old: str, new: str, raw: Any) -> None:
        """Move the places of an item that follows a wrong, omitted one."""
        found: tuple[dict[str, Any], ...] = (self.document.places, self.document.keys)
        for path in paths_of(raw):
            for places in found:
                if old + path in places:
                    places[new + path] = places[old + path]

    def _allowed(self, raw: Any, where: str) -> Any:
        """Return the suppressed warnings, each with its reason."""
        if not isinstance(raw, dict):
            hint = 'write `allow: {no-sources: "the desk was there"}`'
            message = "`allow` takes codes of warnings, each with a reason"
            return self.report(where, Misread("expected-mapping", message, hint))
        found = []
        for code, reason in raw.items():
            at = f"{where}.{code}"
            if code not in allowable():
                hint = (
                    did_you_mean(code, allowable()) or "`slugline help diagnostics` lists all codes"
                )
                kind = "an error and cannot be allowed" if code in CODES else "not a warning"
                self.report(f"{at}#", Misread("unknown-warning", f"`{code}` is {kind}", hint))
                continue
            try:
                text = OF_VALUES[Text].read(reason if isinstance(reason, str) else "", UTC)
            except Misread:
                hint = "add the reason why the content is right"
                self.report(at, Misread("empty-value", f"`{code}` has no reason", hint))
                continue
            found.append(Allowed(code, text))
        return tuple(found)

    def _named(self, shape: _Shape, raw: Any, where: str, name: str) -> Any:
        assert shape.named
        assert shape.key
        if not isinstance(raw, dict):
            example = {"deploy": "production", **dict.fromkeys(_BY_LANGUAGE, "nl")}
            message = f"`{name}` takes names, each with its own fields"
            hint = f"write `{name}: {{{example.get(name, 'name')}: {{…}}}}`"
            return self.report(where, Misread("expected-mapping", message, hint))
        found = {}
        for key, item in raw.items():
            try:
                if shape.slugs:
                    check_slug(key, self.slugs)
                else:
                    shape.key(key, self.zone)
            except Misread as misread:
                self.report(f"{where}.{key}#", misread)
                continue
            value = self.value(shape.named, {} if item is None else item, f"{where}.{key}", key)
            if value is not _BAD:
                found[key] = value
        return found

    def _struct(self, kind: type[Struct], raw: Any, where: str, name: str) -> Any:
        if isinstance(raw, str) and (field := text_field(kind, raw)):
            raw = {field: raw}
        if isinstance(raw, dict) and is_unquoted(kind, raw):
            message = f"`{name}` takes text or `{kind.__struct_encode_fields__[0]}: …`"
            misread = Misread("expected-text", message, "quote the text; `: ` makes it a mapping")
            return self.report(where, misread)
        if not isinstance(raw, dict):
            names = ", ".join(f"{f.name}: …" for f in fields_of(kind)[:3])
            verb = "are" if article(kind).endswith("s`") else "is"
            message = f"{article(kind)} {verb} written as `name: value` pairs"
            hint = f"write `{{{names}}}`"
            return self.report(where, Misread("expected-mapping", message, hint))
        return complete_part(kind(**self.fields(kind, raw, f"{where}.")), self.own_slugs)


def is_part(kind: Any) -> bool:
    """Return whether a type has fields of its own, as `Source` has."""
    return isinstance(kind, type) and issubclass(kind, Struct) and kind not in READERS
