"""Converts the text of a value to the type of its field.

`READERS` has a reader and the JSON Schema for each type of `model`; `WORDS` has the name of each
type in the reference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Any, NamedTuple, get_args

from builder.content.addresses import misread_address
from builder.content.comment_spans import comment_spans, without_comments
from builder.content.evidence_fields import DIGEST_SCHEMA, WORDS_SCHEMA, limit_words, read_digest
from builder.content.look_fields import read_asset_name, read_hex_colour
from builder.content.picture_address import read_picture
from builder.content.time_zones import load_zone
from builder.content.urls import host_of, split_address
from builder.diagnostics.misread import Misread
from builder.model.period import read_period, span_of
from builder.model.time import PLANNED, Ending, PartialDate, Precision, PublicationTime
from builder.model.values import (
    Address,
    AssetName,
    AuthorName,
    Colour,
    CompanyName,
    Domain,
    FeedbackAddress,
    FeedIdentity,
    Formula,
    Identifier,
    LanguageTag,
    Line,
    MediaFile,
    MonthDay,
    OldAddress,
    PartyName,
    Period,
    PersonName,
    SectionName,
    Sha256,
    Slug,
    SourceWords,
    TargetUrl,
    Text,
    TimeZone,
    TopicName,
    Url,
    WarningCode,
)
from builder.names.keys import exact_slug
from builder.names.suggest import did_you_mean
from builder.quantity.quantity import Quantity


class FieldReader(NamedTuple):
    """The reader of a type, and its JSON Schema."""

    read: Callable[[str, tzinfo], Any]
    json_schema: dict[str, Any]


_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u202a-\u202e\u2060-\u2065\u206a-\u206f\ue000-\uf8ff\ufeff\ufffe\uffff]"
)


def _without_comments(text: str) -> str:
    """Return a text without HTML comments, which are not for readers."""
    if any(end is None for _, end in comment_spans(text)):
        hint = "end it with `-->`, or remove it"
        raise Misread("comment-not-closed", "the comment in this value has no end", hint)
    return without_comments(text, spaces=" \t")


def _line(text: str, zone: tzinfo) -> str:
    if "<!--" in text:
        text = _without_comments(text)
    if not (text := text.strip()):
        raise Misread("empty-value", "the value is empty", "write a value, or remove the field")
    if "\n" in text:
        raise Misread("not-one-line", "the value has more than one line", "write it on one line")
    # All of these are unprintable, and `isprintable` is fast.
    if not text.isprintable() and (bad := _CONTROL.search(text)):
        message = f"the character U+{ord(bad[0]):04X} is not allowed in text"
        raise Misread("control-character", message, "remove it", part=bad[0])
    return text


def _text(text: str, zone: tzinfo) -> str:
    return _line(" ".join(text.split()), zone)


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_MAX_ID, _MAX_GUID = 200, 2000  # characters
MAX_SLUG = 100  # characters; with `index.html.tmp` it fits the 255 bytes of file systems


def is_reserved(name: str) -> bool:
    """Return whether Windows reserves a name, given in lower case."""
    return _RESERVED.fullmatch(name) is not None


def check_slug(text: str) -> str:
    """Return a valid slug unchanged; raise Misread for any other."""
    if not _SLUG.fullmatch(text):
        meant = exact_slug(text)
        hint, write = "use lower-case letters, digits and hyphens", ""
        if "/" in text.strip("/"):
            hint = "write a single name without slashes; a slug is the last part of an address"
        elif meant and not _RESERVED.fullmatch(meant) and len(meant) <= MAX_SLUG:
            hint, write = f"write `{meant}`", meant
        raise Misread("invalid-slug", f"`{text}` is not a valid slug", hint, write)
    if is_reserved(text):
        message = f"`{text}` is a reserved name on Windows"
        raise Misread("invalid-slug", message, f"append a word, as in `{text}-news`")
    if len(text) > MAX_SLUG:
        message = f"the slug has {len(text)} characters; the limit is {MAX_SLUG}"
        raise Misread("invalid-slug", message, "shorten it")
    return text


def _slug(text: str, zone: tzinfo) -> str:
    return check_slug(_line(text, zone))


def _identifier(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if re.search(r"[\s<>\"]", text) or len(text) > _MAX_ID:
        what = "too long" if len(text) > _MAX_ID else "not a valid id"
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        hint = "write one word, such as the id of another program or one from `slugline new`"
        raise Misread("invalid-id", f"`{shown}` is {what}", hint)
    return text


def _feed_identity(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if len(text) > _MAX_GUID:
        message = f"the guid has {len(text)} characters; the limit is {_MAX_GUID}"
        raise Misread("invalid-id", message, "copy it from the former feed")
    return text


# Nearly every address has this form, which is always valid.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][A-Za-z0-9._~/?#&=%+,-]*)?")


def _url(text: str, zone: tzinfo) -> str:
    if _PLAIN_URL.fullmatch(text):
        return text
    text = _line(text, zone)
    parts = split_address(text)
    if parts and parts.scheme not in ("http", "https"):
        hint = "write it with https://" if not parts.scheme else "use http or https"
        raise Misread("invalid-url", f"`{text}` is not a web address", hint)
    if not parts or not parts.hostname or re.search(r"[\s<>\"{}|\\^`]", text):
        raise Misread("invalid-url", f"`{text}` is not a web address", "copy it from the browser")
    return text


def _target_url(text: str, zone: tzinfo) -> str:
    return text if _url(text.replace("{name}", "name"), zone) else ""


def _domain(text: str, zone: tzinfo) -> str:
    text = _line(text, zone).casefold()
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", text):
        host = host_of(text)
        hint = f"write `{host}`" if "." in host else "write the host only, such as `reut.rs`"
        raise Misread("invalid-url", f"`{text}` is not a domain", hint)
    return text.removeprefix("www.")


def _address(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if wrong := misread_address(text):
        raise wrong
    return text


_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"


def _language(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    hint = "write a tag such as en, nl or zh-Hant"
    if not re.fullmatch(_LANGUAGE, text):
        plain = re.sub(r"^[A-Za-z]+", lambda match: match[0].lower(), text.replace("_", "-"))
        if re.fullmatch(_LANGUAGE, plain) and _is_known_language(plain):
            raise Misread("invalid-language", f"`{text}` is not a tag", f"write {plain}", plain)
        raise Misread("invalid-language", f"`{text}` is not a language tag", hint)
    if not _is_known_language(text):
        raise Misread("invalid-language", f"`{text}` is not a known language", hint)
    return text


@lru_cache(maxsize=1024)
def _is_known_language(tag: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _media(text: str, zone: tzinfo) -> str:
    text = unicodedata.normalize("NFC", _line(text, zone))
    return read_picture(text)


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
    said = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.casefold(), "")
    message, hint = f"`{text}` is neither true nor false", f"write {said or 'true or false'}"
    raise Misread("expected-boolean", message, hint, said)


def _integer(text: str, zone: tzinfo) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        message = f"`{text}` is not a whole number above zero"
        raise Misread("expected-number", message, "write a number such as 20")
    return int(text)


@cache
def _choices(kind: Any) -> dict[str, Any]:
    return {str(value): value for value in get_args(kind)}


def read_choice(kind: Any, text: str, name: str) -> Any:
    allowed = _choices(kind)
    if text not in allowed:
        hint = did_you_mean(text, allowed) or f"use one of: {', '.join(allowed)}"
        write = next((choice for choice in allowed if choice.casefold() == text.casefold()), "")
        raise Misread("invalid-choice", f"`{text}` is not a valid `{name}`", hint, write)
    return allowed[text]


# --- time --------------------------------------------------------------------------------------

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[Tt ]+(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?)?)?"
)
_DATE_HINT = "write 2025-06-13, 2025-06-13 14:39 or 2025-06-13 14:39 +07:00"


@lru_cache(maxsize=4096)  # a brief, its sources and its neighbours share dates
def read_moment(text: str, zone: tzinfo) -> PartialDate:
    """Return a date known to the year, month, day or minute.

    Raises Misread if the text is none of them."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise Misread("invalid-date", f"`{text}` is not a date", *_date_hint(text))
    part = match.groupdict()
    precision: Precision = (
        "minute" if part["hour"] else "day" if part["day"] else "month" if part["month"] else "year"
    )
    y, m, d, hour, minute, second = (int(part[key] or default) for key, default in _PARTS)
    try:
        if not 1800 <= y <= 2200:
            raise ValueError(_FAR)
        at = datetime(y, m, d, hour, minute, second).replace(
            tzinfo=_offset(part["zone"]) if part["zone"] else zone
        )
        # A fixed offset is the same on every machine and in every process.
        at = at.replace(tzinfo=timezone(at.utcoffset() or timedelta(0)))
    except ValueError as error:
        why = str(error) if str(error) in (_FAR, _NO_OFFSET) else "there is no such day or time"
        hint = "check the year" if why == _FAR else _date_hint(text)[0]
        raise Misread("invalid-date", f"`{text}` is not a date: {why}", hint) from None
    return PartialDate(at, precision)


_FAR = "the year is not between 1800 and 2200"
_NO_OFFSET = "no time zone has that offset"
_PARTS = (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(_NO_OFFSET)
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _date_hint(text: str) -> tuple[str, str]:
    """Return a hint for a misread date, and its ISO form if that is certain.

    The hint has every date that an ambiguous text may mean."""
    from builder.content.date_hints import iso_dates  # imported only for mistakes

    found = iso_dates(text)
    if len(found) > 1:
        return f"write {' or '.join(found)}, whichever you mean", ""
    if found:
        return f"write {found[0]}", found[0]
    if period := read_period(text.strip()):
        end = span_of(period, None).end
        return f"write a date such as {end}, or `period: {period}` for a period", ""
    return _DATE_HINT, ""


@lru_cache(maxsize=4096)
def _publication(text: str, zone: tzinfo) -> PublicationTime:
    moment = read_moment(text, zone)
    if moment.precision in ("year", "month"):
        raise Misread("invalid-date", f"`{text}` has no day", _DATE_HINT)
    at = moment.at.astimezone(zone_offset(zone, moment.at))
    return PublicationTime(at, moment.precision)


def zone_offset(zone: tzinfo, at: datetime) -> timezone:
    """Return the fixed offset of a zone at a moment."""
    return timezone(at.astimezone(zone).utcoffset() or timedelta(0))


def _ending(text: str, zone: tzinfo) -> Ending:
    """Return the end on a date, or a planned end without one."""
    if text.strip().casefold() == PLANNED:
        return Ending()
    try:
        return Ending(read_moment(text, zone))
    except Misread as misread:
        if _FAR in misread.message:
            raise
        meant = "" if misread.hint == _DATE_HINT else misread.hint
        near = did_you_mean(text.strip(), (PLANNED,))
        hint = meant or near or f"write 2025, 2025-06 or 2025-06-13, or `{PLANNED}`"
        message = f"`{text}` is neither a date nor `{PLANNED}`"
        raise Misread("invalid-date", message, hint, misread.write) from None


_TEXTUAL: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_DAY = r"\d{4}-\d{2}-\d{2}([Tt ]+\d{2}:\d{2}(:\d{2})?(\s*([Zz]|[+-]\d{2}:?\d{2}))?)?"


@lru_cache(maxsize=4096)
def _period(text: str, zone: tzinfo) -> str:
    text = _line(text, zone)
    if period := read_period(text):
        return period
    from builder.content.period_hints import month_of, period_hint

    if month := month_of(text):
        return month
    raise Misread("invalid-period", f"`{text}` is not a period", period_hint(text))


def _month_day(text: str, zone: tzinfo) -> str:
    """Return a month, or a month and a day: `01`, `01-28`."""
    text = _line(text, zone)
    from builder.content.date_hints import iso_dates

    leap = "2024"  # which has a 29th of February
    if found := re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", text):
        dates = iso_dates("-".join((leap, found[1], found[2]) if found[2] else (leap, found[1])))
    else:
        dates = [] if re.search(r"\d{3}", text) else iso_dates(f"{text} {leap}")
    if len(dates) == 1 and not dates[0].endswith(" "):
        return dates[0][5:10]
    hint = "write the last month of the fiscal year, or its last day: 01 or 01-31"
    raise Misread("invalid-date", f"`{text}` is not a month or a day of the year", hint)


READERS: dict[Any, FieldReader] = {
    Line: FieldReader(_line, _TEXTUAL),
    Text: FieldReader(_text, _TEXTUAL),
    CompanyName: FieldReader(_line, _TEXTUAL),
    PersonName: FieldReader(_line, _TEXTUAL),
    TopicName: FieldReader(_line, _TEXTUAL),
    PartyName: FieldReader(_line, _TEXTUAL),
    SectionName: FieldReader(_line, _TEXTUAL),
    AuthorName: FieldReader(_line, _TEXTUAL),
    Slug: FieldReader(_slug, {"type": ["string", "number"], "pattern": f"^{_SLUG.pattern}$"}),
    FeedIdentity: FieldReader(_feed_identity, _TEXTUAL),
    Identifier: FieldReader(_identifier, {"type": ["string", "number"]}),
    Url: FieldReader(_url, {"type": "string", "format": "uri", "pattern": "^https?://"}),
    TargetUrl: FieldReader(_target_url, {"type": "string", "pattern": "^https?://"}),
    Domain: FieldReader(_domain, {"type": "string"}),
    Address: FieldReader(_address, {"type": "string", "pattern": "^(/|https?:|mailto:|tel:)"}),
    LanguageTag: FieldReader(_language, {"type": "string", "pattern": "^[a-z]{2,3}(-|$)"}),
    MediaFile: FieldReader(_media, {"type": "string"}),
    SourceWords: FieldReader(lambda text, zone: limit_words(_text(text, zone)), WORDS_SCHEMA),
    Sha256: FieldReader(lambda text, zone: read_digest(_line(text, zone)), DIGEST_SCHEMA),
    AssetName: FieldReader(lambda text, _: read_asset_name(text.strip()), {"type": "string"}),
    Colour: FieldReader(
        lambda text, _: read_hex_colour(text),
        {"type": "string", "pattern": "^#([0-9A-Fa-f]{3}){1,2}$"},
    ),
    TimeZone: FieldReader(_time_zone, {"type": "string"}),
    PublicationTime: FieldReader(_publication, {"type": "string", "pattern": f"^{_DAY}$"}),
    PartialDate: FieldReader(
        read_moment,
        {"type": ["string", "integer"], "pattern": f"^(\\d{{4}}(-\\d{{2}})?|{_DAY})$"},
    ),
    Ending: FieldReader(
        _ending,
        {
            "type": ["string", "integer"],
            "pattern": f"^(\\d{{4}}(-\\d{{2}})?|{_DAY}|{PLANNED})$",
        },
    ),
    Period: FieldReader(_period, {"type": ["string", "integer"]}),
    MonthDay: FieldReader(_month_day, {"type": ["string", "integer"]}),
    bool: FieldReader(_boolean, {"type": "boolean"}),
    int: FieldReader(_integer, {"type": "integer", "minimum": 1}),
}


# The name of each type on the reference page.
WORDS = {
    Line: "line", Text: "text", CompanyName: "company name",
    PersonName: "person name", TopicName: "topic name",
    PartyName: "company or person name", FeedbackAddress: "e-mail or web address",
    SectionName: "section", AuthorName: "author", Slug: "slug",
    Identifier: "id", FeedIdentity: "text", OldAddress: "slug or path",
    Url: "web address", TargetUrl: "web address", Domain: "domain", Address: "address",
    LanguageTag: "language tag", AssetName: "asset name", Colour: "colour", SourceWords: "text",
    Sha256: "digest", MediaFile: "file below content/media/", TimeZone: "time zone",
    PublicationTime: "date, or date and time", PartialDate: "year, month or date",
    Ending: "year, month or date, or planned",
    Period: "period", MonthDay: "month, or month and day", Formula: "formula",
    WarningCode: "warning code", Quantity: "quantity", bool: "true | false", int: "number",
}  # fmt: skip
