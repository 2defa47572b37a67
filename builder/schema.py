"""Fields with their places -> a record, or every reason why not; and the same definitions ->
JSON Schema.

One table, `READERS`, says how each type of `model` is read and what its JSON Schema is."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import PurePosixPath
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from urllib.parse import urlsplit

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields as struct_fields

from builder import model
from builder.clock import load_zone
from builder.diagnostics import Diagnostic
from builder.frontmatter import Document
from builder.model import PartialDate, PublicationTime, slugify
from builder.names import did_you_mean, nearest


class Field(NamedTuple):
    """A field of a record, as `model` defines it in one line."""

    name: str
    type: Any
    required: bool
    default: Any
    help: str


@cache
def fields_of(record: type[Struct]) -> tuple[Field, ...]:
    """The fields that an editor may write: those with a sentence in `Annotated`."""
    hints = get_type_hints(record, include_extras=True)
    found = []
    for field in struct_fields(record):
        hint = hints[field.encode_name]
        if get_origin(hint) is not Annotated:
            continue
        kind, text = get_args(hint)
        required = field.required
        default = None if required or field.default is NODEFAULT else field.default
        found.append(Field(field.name, kind, required, default, text))
    # Required fields first, then in the order of their definition: that is how editors write.
    return tuple(sorted(found, key=lambda f: not f.required))


R = TypeVar("R", bound=Struct)


class Misread(Exception):
    """A value that is not what its field wants: a code, a message and a hint."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


_BAD: Any = object()  # a value that was reported already


def read_record(
    record: type[R], document: Document, zone: tzinfo, broken: bool = False
) -> tuple[R, list[Diagnostic]]:
    """Read a document's fields as a record, and report every mistake in them. Dates without a
    zone are wall time in `zone`. What is wrong is left at its default, or stood in for, and the
    record marked as `broken`: so the rest of it, and what refers to it, can still be checked."""
    reading = _Reading(document, zone, silent=broken)
    values = reading.fields(record, document.fields, "")
    if issubclass(record, model.Record):
        places = {key: place for key, place in document.places.items() if not key.endswith("#")}
        values |= {"path": document.path, "places": places}
        values["broken"] = broken or bool(reading.problems)
    return record(**values), [] if broken else reading.problems


class _Reading:
    """One document being read."""

    def __init__(self, document: Document, zone: tzinfo, silent: bool) -> None:
        self.document, self.zone, self.silent = document, zone, silent
        self.problems: list[Diagnostic] = []

    def report(self, where: str, misread: Misread) -> Any:
        found = self.document.problem(misread.code, misread.message, misread.hint, at=where)
        self.problems.append(found)
        return _BAD

    def fields(
        self, record: type[Struct], written: Mapping[str, Any], prefix: str
    ) -> dict[str, Any]:
        """The values of a record's fields; what is wrong is reported and left out."""
        known = {field.name: field for field in fields_of(record)}
        meant = set()
        for key in written:
            if key not in known:
                what = f"`{key}` is not a field of {_article(record)}"
                near = nearest(key, ((name, 0) for name in known))
                meant.add(near)
                hint = f"did you mean `{near}`?" if near else f"its fields are: {', '.join(known)}"
                self.report(f"{prefix}{key}#", Misread("unknown-key", what, hint))
        values = {}
        for field in known.values():
            where = f"{prefix}{field.name}"
            raw = written.get(field.name)
            if raw is not None:
                value = self.value(field.type, raw, where, field.name)
                if value is not _BAD:
                    values[field.name] = value
            elif field.required and field.name not in meant:
                at = f"{where}#" if field.name in written else prefix.rstrip(".")
                hint = f"{field.help[0].lower()}{field.help[1:]}"
                message = f"{_article(record)} needs `{field.name}`"
                self.report(at, Misread("missing-key", message, hint))
            if field.required and field.name not in values:
                values[field.name] = self._stand_in(field.type, prefix)
        return values

    def _stand_in(self, kind: Any, prefix: str) -> Any:
        """For a required value that is missing or wrong. No page ever shows it."""
        if kind is PublicationTime:
            return PublicationTime(datetime(1970, 1, 1, tzinfo=UTC))
        return "" if prefix else PurePosixPath(self.document.path).stem

    def value(self, kind: Any, raw: Any, where: str, name: str) -> Any:
        """A raw value as its type wants it."""
        kind = _without_none(kind)
        origin = get_origin(kind)
        if origin is tuple:
            return self._list(get_args(kind)[0], raw, where, name)
        if is_part(kind):
            return self._struct(kind, raw, where, name)
        if isinstance(raw, (list, dict)):
            what = "a list" if isinstance(raw, list) else "a mapping"
            hint = "quote the text: a bracket at its head makes it a list"
            if isinstance(raw, dict):
                hint = "quote the text: `: ` or `{` makes it a mapping"
            return self.report(
                where, Misread("expected-text", f"`{name}` is one value, not {what}", hint)
            )
        try:
            if origin is Literal:
                return _choice(kind, raw, name)
            return READERS[kind].read(raw, self.zone)
        except Misread as misread:
            return self.report(where, misread)

    def _list(self, kind: Any, raw: Any, where: str, name: str) -> Any:
        if not isinstance(raw, list):
            # What was meant is clear, and others may refer to it: it is read on as a list.
            raw, hint = _as_list(raw, name)
            message = f"`{name}` is a list, also with one item"
            self.report(where, Misread("expected-list", message, hint))
        values = []
        for n, item in enumerate(raw):
            if item is None:
                self.report(
                    f"{where}.{n}",
                    Misread("empty-value", f"an item of `{name}` is empty", "remove it"),
                )
                continue
            values.append(self.value(kind, item, f"{where}.{n}", name))
        return tuple(value for value in values if value is not _BAD)

    def _struct(self, kind: type[Struct], raw: Any, where: str, name: str) -> Any:
        if not isinstance(raw, dict):
            names = ", ".join(f"{f.name}: …" for f in fields_of(kind)[:3])
            message = f"{_article(kind)} is written as names and values"
            hint = f"write `{{{names}}}`"
            return self.report(where, Misread("expected-mapping", message, hint))
        return kind(**self.fields(kind, raw, f"{where}."))


def _as_list(raw: Any, name: str) -> tuple[list[Any], str]:
    """What should have been a list, as one, and how it is written."""
    if isinstance(raw, dict):
        return [raw], "put `- ` before the first of its fields, and indent the others"
    if raw.startswith("-"):
        return [part for part in re.split(r"\s*-", raw) if part], "put a space after the hyphen"
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    return parts, f"write `{name}: [{', '.join(parts)}]`"


def _without_none(kind: Any) -> Any:
    """`X | None` -> `X`."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def is_part(kind: Any) -> bool:
    """Whether a value is written as names and values: a source, an image."""
    return isinstance(kind, type) and issubclass(kind, Struct) and kind not in READERS


# What messages call the records.
_CALLED = {"PlainPage": "page", "MenuItem": "menu item", "Settings": "site.yaml"}


def _article(record: type[Struct]) -> str:
    name = _CALLED.get(record.__name__, record.__name__.lower())
    if name == "site.yaml":
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


# --- how each type is read ---------------------------------------------------------------------


class Reader(NamedTuple):
    """How a type is read from text, and what JSON Schema says of it."""

    read: Callable[[str, tzinfo], Any]
    json_schema: dict[str, Any]


_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u202a-\u202e\u2060-\u2069\ue000-\uf8ff\ufeff\ufffe\uffff]"
)


def _line(text: str, zone: tzinfo) -> str:
    text = text.strip()
    if not text:
        raise Misread("empty-value", "this is empty", "write a text, or remove the field")
    if "\n" in text:
        raise Misread("not-one-line", "this has more than one line", "write it on one line")
    if bad := _CONTROL.search(text):
        message = f"the character U+{ord(bad[0]):04X} does not belong in a text"
        raise Misread("control-character", message, "remove it")
    return text


def _text(text: str, zone: tzinfo) -> str:
    return _line(" ".join(text.split()), zone)


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_SLUG = 100  # characters; with `index.html.tmp` it stays below any file system's 255 bytes


def check_slug(text: str) -> str:
    """The slug as it is, or Misread with the slug that was probably meant."""
    if not _SLUG.fullmatch(text):
        meant = slugify(text)
        hint = f"write `{meant}`" if meant else "use lower-case letters, digits and hyphens"
        raise Misread("invalid-slug", f"`{text}` cannot be part of an address", hint)
    if len(text) > MAX_SLUG:
        message = f"the slug has {len(text)} characters; {MAX_SLUG} is the limit"
        raise Misread("invalid-slug", message, "shorten it")
    return text


def _slug(text: str, zone: tzinfo) -> str:
    return check_slug(_line(text, zone))


def _identifier(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{3,63}", text):
        hint = "take one from `slugline new`: eight letters and digits"
        raise Misread("invalid-id", f"`{text}` cannot be an id", hint)
    return text


def _url(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https"):
        hint = "write it with https://" if not parts.scheme else "only http and https are links"
        raise Misread("invalid-url", f"`{text}` is not a web address", hint)
    if not host or re.search(r"[\s<>\"{}|\\^`]", text):
        raise Misread("invalid-url", f"`{text}` is not a web address", "copy it from the browser")
    return text


def _address(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    scheme = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text)
    if scheme and scheme[0].lower() not in ("http:", "https:", "mailto:", "tel:"):
        hint = "link to https, mailto or tel"
        raise Misread("unsafe-link", f"a link to `{scheme[0]}` is not safe", hint)
    if text.startswith(("//", "/\\")):
        hint = f"write `https:{text}`"
        raise Misread("invalid-link", f"`{text}` names no protocol", hint)
    if not scheme and not text.startswith("/"):
        hint = "begin with `/` for a page of this site, or with `https://`"
        raise Misread("invalid-link", f"`{text}` leads nowhere", hint)
    return text


def _language(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        hint = "write a tag such as en, nl or zh-Hant"
        raise Misread("invalid-language", f"`{text}` is not a language", hint)
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(text, sep="-")
    except (ValueError, UnknownLocaleError):
        raise Misread(
            "invalid-language", f"`{text}` is not a known language", "en, nl, vi, …"
        ) from None
    return text


def _media(text: str, zone: tzinfo) -> str:
    text = unicodedata.normalize("NFC", _line(text, zone))
    if text.startswith("/") or "\\" in text or ".." in text.split("/") or ":" in text:
        hint = "write its path below content/media/, such as `2025/sign.jpg`"
        raise Misread("invalid-media", f"`{text}` is not below content/media/", hint)
    return text


def _time_zone(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if load_zone(text) is None:
        hint = "write a name such as Europe/Amsterdam"
        raise Misread("invalid-time-zone", f"`{text}` is not a known time zone", hint)
    return text


def _boolean(text: str, zone: tzinfo) -> bool:
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    raise Misread("expected-boolean", f"`{text}` is neither true nor false", "write true or false")


def _integer(text: str, zone: tzinfo) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise Misread(
            "expected-number", f"`{text}` is not a whole number above zero", "write one such as 20"
        )
    return int(text)


def _choice(kind: Any, text: str, name: str) -> Any:
    allowed = {str(value): value for value in get_args(kind)}
    if text not in allowed:
        hint = did_you_mean(text, allowed) or f"it is one of: {', '.join(allowed)}"
        raise Misread("invalid-choice", f"`{text}` is no {name.replace('_', ' ')}", hint)
    return allowed[text]


# --- time --------------------------------------------------------------------------------------

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[Tt ]+(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?)?)?"
)
_DATE_HINT = "write 2025-06-13, 2025-06-13 14:39 or 2025-06-13 14:39 +07:00"


def read_moment(text: str, zone: tzinfo) -> PartialDate:
    """A year, month, day or minute. Raises Misread when it is none of them."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise Misread("invalid-date", f"`{text}` is not a date", _date_hint(text))
    part = match.groupdict()
    precision: model.Precision = (
        "minute" if part["hour"] else "day" if part["day"] else "month" if part["month"] else "year"
    )
    y, m, d, hour, minute, second = (int(part[key] or default) for key, default in _PARTS)
    try:
        at = datetime(y, m, d, hour, minute, second).replace(
            tzinfo=_offset(part["zone"]) if part["zone"] else zone
        )
        if not 1800 <= at.year <= 2200:
            raise ValueError("the year is out of reach")
        # A fixed offset: the same on every machine and in every process.
        at = at.replace(tzinfo=timezone(at.utcoffset() or timedelta(0)))
    except ValueError as error:
        raise Misread("invalid-date", f"`{text}` is not a date: {error}", _DATE_HINT) from None
    return PartialDate(at, precision)


_PARTS = (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError("no place on Earth has that offset")
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


_TIME_OF_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ,]+(\d{1,2})[.:h](\d{2})\s*([aApP]\.?[mM]\.?)?")
# English dates, and how they are meant to be written.
_SPELT_OUT = tuple(
    (form, shown)
    for month in ("%B", "%b")
    for form, shown in (
        (f"{month} %Y", "%Y-%m"),
        (f"%d {month} %Y", "%Y-%m-%d"),
        (f"{month} %d, %Y", "%Y-%m-%d"),
        (f"{month} %d %Y", "%Y-%m-%d"),
    )
)


def _date_hint(text: str) -> str:
    """What was probably meant: a date that is in another form is recognised, and not guessed at
    where it could be either of two."""
    text = text.strip()
    meant: list[str] = []
    if match := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text):
        a, b, year = int(match[1]), int(match[2]), int(match[3])
        meant = [_real_date(year, b, a), _real_date(year, a, b)]
    elif match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        meant = [_real_date(int(match[1]), int(match[2]), int(match[3]))]
    elif match := _TIME_OF_DAY.fullmatch(text):
        hour = int(match[2]) % 12 + 12 * (match[4][0] in "pP") if match[4] else int(match[2])
        if hour < 24 and int(match[3]) < 60:
            meant = [f"{match[1]} {hour:02}:{match[3]}"]
    for form, shown in _SPELT_OUT:
        with suppress(ValueError):
            meant.append(f"{datetime.strptime(text, form):{shown}}")
    either = list(dict.fromkeys(date for date in meant if date))
    if len(either) == 2:
        return f"write {either[0]} or {either[1]}, whichever is meant"
    return f"write {either[0]}" if either else _DATE_HINT


def _real_date(year: int, month: int, day: int) -> str:
    """A date as it is to be written, or nothing when there is no such day."""
    try:
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return ""


def _publication(text: str, zone: tzinfo) -> PublicationTime:
    moment = read_moment(text, zone)
    if moment.precision in ("year", "month"):
        raise Misread("invalid-date", f"`{text}` lacks the day", _DATE_HINT)
    at = moment.at.astimezone(zone_offset(zone, moment.at))
    return PublicationTime(at, moment.precision)


def zone_offset(zone: tzinfo, at: datetime) -> timezone:
    """The fixed offset that a zone has at a moment."""
    return timezone(at.astimezone(zone).utcoffset() or timedelta(0))


_TEXTUAL: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_DAY = r"\d{4}-\d{2}-\d{2}([Tt ]+\d{2}:\d{2}(:\d{2})?(\s*([Zz]|[+-]\d{2}:?\d{2}))?)?"

READERS: dict[Any, Reader] = {
    model.Line: Reader(_line, _TEXTUAL),
    model.Text: Reader(_text, _TEXTUAL),
    model.CompanyName: Reader(_line, _TEXTUAL),
    model.PersonName: Reader(_line, _TEXTUAL),
    model.TopicName: Reader(_line, _TEXTUAL),
    model.SectionName: Reader(_line, _TEXTUAL),
    model.AuthorName: Reader(_line, _TEXTUAL),
    model.Slug: Reader(_slug, {"type": ["string", "number"], "pattern": f"^{_SLUG.pattern}$"}),
    model.Identifier: Reader(_identifier, {"type": ["string", "number"]}),
    model.Url: Reader(_url, {"type": "string", "format": "uri", "pattern": "^https?://"}),
    model.Address: Reader(_address, {"type": "string", "pattern": "^(/|https?:|mailto:|tel:)"}),
    model.LanguageTag: Reader(_language, {"type": "string", "pattern": "^[a-z]{2,3}(-|$)"}),
    model.MediaFile: Reader(_media, {"type": "string"}),
    model.TimeZone: Reader(_time_zone, {"type": "string"}),
    model.PublicationTime: Reader(_publication, {"type": "string", "pattern": f"^{_DAY}$"}),
    model.PartialDate: Reader(
        read_moment,
        {"type": ["string", "integer"], "pattern": f"^(\\d{{4}}(-\\d{{2}})?|{_DAY})$"},
    ),
    bool: Reader(_boolean, {"type": "boolean"}),
    int: Reader(_integer, {"type": "integer", "minimum": 1}),
}


# --- JSON Schema -------------------------------------------------------------------------------


def json_schema(record: type[Struct]) -> dict[str, Any]:
    """JSON Schema (draft-07, which editors' YAML plugins read) of a record's front matter."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": _CALLED.get(record.__name__, record.__name__),
        **_object_schema(record),
    }


def _object_schema(record: type[Struct]) -> dict[str, Any]:
    found = fields_of(record)
    properties = {}
    for field in found:
        schema = {"description": field.help, **_type_schema(field.type)}
        if not field.required:  # a field that is left empty is not there
            _allow_null(schema)
        if isinstance(field.default, (bool, int, str)) and field.default != "":
            schema["default"] = field.default
        properties[field.name] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in found if field.required],
        "additionalProperties": False,
    }


def _allow_null(schema: dict[str, Any]) -> None:
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    else:
        types = schema["type"]
        schema["type"] = [*(types if isinstance(types, list) else [types]), "null"]


def _type_schema(kind: Any) -> dict[str, Any]:
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _type_schema(get_args(kind)[0])}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if is_part(kind):
        return _object_schema(kind)
    return dict(READERS[kind].json_schema)


def type_in_words(kind: Any) -> str:
    """What the reference page says of a type."""
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        return f"list of {_plural_type(get_args(kind)[0])}"
    if get_origin(kind) is Literal:
        return " | ".join(str(value) for value in get_args(kind))
    if is_part(kind):
        return f"{kind.__name__.lower()} (see below)"
    return _WORDS[kind]


def _plural_type(kind: Any) -> str:
    if is_part(kind):
        return f"{kind.__name__.lower()} entries (see below)"
    return f"{_WORDS[kind]}s"


_WORDS = {
    model.Line: "line", model.Text: "text", model.CompanyName: "company name",
    model.PersonName: "person name", model.TopicName: "topic name",
    model.SectionName: "section", model.AuthorName: "author", model.Slug: "slug",
    model.Identifier: "id", model.Url: "web address", model.Address: "address",
    model.LanguageTag: "language tag",
    model.MediaFile: "file below content/media/", model.TimeZone: "time zone",
    model.PublicationTime: "date, or date and time", model.PartialDate: "year, month or date",
    bool: "true | false", int: "number",
}  # fmt: skip
