"""Converts the text of a value to the type of its field.

`READERS` has a reader and the JSON Schema for each type of `model`; `WORDS` has the name of each
type in the reference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import tzinfo
from functools import cache, lru_cache
from typing import Any, NamedTuple, get_args

from builder.content.addresses import misread_address
from builder.content.evidence_fields import DIGEST_SCHEMA, WORDS_SCHEMA, limit_words, read_digest
from builder.content.identity_fields import (
    read_cik,
    read_fediverse,
    read_lei,
    read_orcid,
    read_ticker,
    read_wikidata,
)
from builder.content.line_fields import read_line, read_text
from builder.content.look_fields import read_asset_name, read_hex_colour
from builder.content.picture_address import read_picture
from builder.content.time_fields import (
    read_due_date,
    read_ending,
    read_moment,
    read_month_day,
    read_period_field,
    read_publication,
    read_scheduled,
)
from builder.content.time_zones import load_zone
from builder.content.urls import host_of, split_address
from builder.diagnostics.misread import Misread
from builder.model.expectation import DueDate
from builder.model.time import PLANNED, Ending, PartialDate, PublicationTime, ScheduledTime
from builder.model.values import (
    Address,
    AssetName,
    AuthorName,
    Cik,
    ClaimReference,
    Colour,
    CompanyName,
    Domain,
    EventReference,
    ExpectationReference,
    FediverseAccount,
    FeedbackAddress,
    FeedIdentity,
    Formula,
    Identifier,
    LanguageTag,
    Lei,
    Line,
    MediaFile,
    MonthDay,
    OldAddress,
    Orcid,
    PartyName,
    Period,
    PersonName,
    SectionName,
    Sha256,
    Slug,
    SourceWords,
    TargetUrl,
    Text,
    Ticker,
    TimeZone,
    TopicName,
    Url,
    WarningCode,
    WikidataItem,
)
from builder.names.keys import SlugStyle, exact_slug, slugify
from builder.names.suggest import did_you_mean
from builder.quantity.quantity import Quantity


class FieldReader(NamedTuple):
    """The reader of a type, and its JSON Schema."""

    read: Callable[[str, tzinfo], Any]
    json_schema: dict[str, Any]


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# A slug in any script, for text editors: no other characters of ASCII.
_ANY_LETTER = r"[^\s\x00-/:-`{-\x7f]+"
_ANY_SLUG = f"{_ANY_LETTER}(?:-{_ANY_LETTER})*"
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_MAX_ID, _MAX_GUID = 200, 2000  # characters
MAX_SLUG = 100  # characters
_MAX_BYTES = 200  # with what is appended, it fits the 255 bytes of file systems


def is_reserved(name: str) -> bool:
    """Return whether Windows reserves a name, given in lower case."""
    return _RESERVED.fullmatch(name) is not None


def check_slug(text: str, style: SlugStyle = "ascii") -> str:
    """Return a valid slug in NFC; raise Misread for any other."""
    slug = text if text.isascii() else unicodedata.normalize("NFC", text)
    if not _is_slug(slug, style):
        meant = exact_slug(text, style)
        hint, write = "use lower-case letters, digits and hyphens", ""
        if "/" in text.strip("/"):
            hint = "write a single name without slashes; a slug is the last part of an address"
        elif meant and not _RESERVED.fullmatch(meant) and not _is_long(meant):
            hint, write = f"write `{meant}`", meant
            if style == "ascii" and _is_slug(slug, "unicode"):
                hint += ", or set `slugs: unicode` in site.yaml"
        raise Misread("invalid-slug", f"`{text}` is not a valid slug", hint, write)
    if is_reserved(slug):
        message = f"`{text}` is a reserved name on Windows"
        raise Misread("invalid-slug", message, f"append a word, as in `{text}-news`")
    if len(slug) > MAX_SLUG:
        message = f"the slug has {len(slug)} characters; the limit is {MAX_SLUG}"
        raise Misread("invalid-slug", message, "shorten it")
    if _is_long(slug):
        message = f"the slug has {len(slug.encode())} bytes; the limit is {_MAX_BYTES}"
        raise Misread("invalid-slug", message, "shorten it")
    return slug


def _is_slug(text: str, style: SlugStyle) -> bool:
    if text.isascii():
        return _SLUG.fullmatch(text) is not None
    return style == "unicode" and slugify(text, style) == text


def _is_long(slug: str) -> bool:
    return len(slug) > MAX_SLUG or len(slug.encode()) > _MAX_BYTES


def read_slug(kind: Any, text: str, zone: tzinfo, style: SlugStyle) -> str:
    """Return a slug, or a reference to a part of a brief."""
    text = read_line(text, zone)
    return _part_of_brief(kind, text, style) if kind in _PARTS else check_slug(text, style)


def _slug(text: str, zone: tzinfo) -> str:
    return check_slug(read_line(text, zone), "unicode")


def _identifier(text: str, zone: tzinfo) -> str:
    text = read_line(text, zone)
    if re.search(r"[\s<>\"]", text) or len(text) > _MAX_ID:
        what = "too long" if len(text) > _MAX_ID else "not a valid id"
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        hint = "write one word, such as the id of another program or one from `slugline new`"
        raise Misread("invalid-id", f"`{shown}` is {what}", hint)
    return text


def _feed_identity(text: str, zone: tzinfo) -> str:
    text = read_line(text, zone)
    if len(text) > _MAX_GUID:
        message = f"the guid has {len(text)} characters; the limit is {_MAX_GUID}"
        raise Misread("invalid-id", message, "copy it from the former feed")
    return text


# Nearly every address has this form, which is always valid.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][A-Za-z0-9._~/?#&=%+,-]*)?")


def _url(text: str, zone: tzinfo) -> str:
    if _PLAIN_URL.fullmatch(text):
        return text
    text = read_line(text, zone)
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
    text = read_line(text, zone).casefold()
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", text):
        host = host_of(text)
        hint = f"write `{host}`" if "." in host else "write the host only, such as `reut.rs`"
        raise Misread("invalid-url", f"`{text}` is not a domain", hint)
    return text.removeprefix("www.")


def _address(text: str, zone: tzinfo) -> str:
    text = read_line(text, zone)
    if wrong := misread_address(text):
        raise wrong
    return text


_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"


def _language(text: str, zone: tzinfo) -> str:
    text = read_line(text, zone)
    hint = "write a tag such as en, nl or zh-Hant"
    if not re.fullmatch(_LANGUAGE, text):
        plain = re.sub(r"^[A-Za-z]+", lambda match: match[0].lower(), text.replace("_", "-"))
        if re.fullmatch(_LANGUAGE, plain) and is_known_language(plain):
            raise Misread("invalid-language", f"`{text}` is not a tag", f"write {plain}", plain)
        raise Misread("invalid-language", f"`{text}` is not a language tag", hint)
    if not is_known_language(text):
        raise Misread("invalid-language", f"`{text}` is not a known language", hint)
    return text


@lru_cache(maxsize=1024)
def is_known_language(tag: str) -> bool:
    """Return whether CLDR knows the language of a tag."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _media(text: str, zone: tzinfo) -> str:
    text = unicodedata.normalize("NFC", read_line(text, zone))
    return read_picture(text)


def _time_zone(text: str, zone: tzinfo) -> str:
    text = read_line(text, zone)
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


# What may be referred to in a brief: a kind of part, and an example.
_PARTS: dict[Any, tuple[str, str]] = {
    EventReference: ("event", "some-brief#launch"),
    ClaimReference: ("claim", "some-brief#plan"),
    ExpectationReference: ("expectation", "some-brief#contract-ends"),
}


def _part_of_brief(kind: Any, text: str, style: SlugStyle) -> str:
    """Return a brief's slug and the id of a part: `brief#id`."""
    brief, mark, id = text.partition("#")
    part, example = _PARTS[kind]
    if not mark:
        hint = f"write the slug of the brief, `#` and the id of the {part}: `{example}`"
        raise Misread("invalid-slug", f"`{text}` names no {part} of a brief", hint)
    return f"{check_slug(brief, style)}#{check_slug(id, style)}"


_TEXTUAL: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_DAY = r"\d{4}-\d{2}-\d{2}([Tt ]+\d{2}:\d{2}(:\d{2})?(\s*([Zz]|[+-]\d{2}:?\d{2}))?)?"
_PART_OF_BRIEF = {"type": "string", "pattern": f"^{_ANY_SLUG}#{_ANY_SLUG}$"}


READERS: dict[Any, FieldReader] = {
    Line: FieldReader(read_line, _TEXTUAL),
    Text: FieldReader(read_text, _TEXTUAL),
    CompanyName: FieldReader(read_line, _TEXTUAL),
    PersonName: FieldReader(read_line, _TEXTUAL),
    TopicName: FieldReader(read_line, _TEXTUAL),
    PartyName: FieldReader(read_line, _TEXTUAL),
    SectionName: FieldReader(read_line, _TEXTUAL),
    AuthorName: FieldReader(read_line, _TEXTUAL),
    Slug: FieldReader(_slug, {"type": ["string", "number"], "pattern": f"^{_ANY_SLUG}$"}),
    FeedIdentity: FieldReader(_feed_identity, _TEXTUAL),
    Identifier: FieldReader(_identifier, {"type": ["string", "number"]}),
    Url: FieldReader(_url, {"type": "string", "format": "uri", "pattern": "^https?://"}),
    TargetUrl: FieldReader(_target_url, {"type": "string", "pattern": "^https?://"}),
    Domain: FieldReader(_domain, {"type": "string"}),
    Address: FieldReader(_address, {"type": "string", "pattern": "^(/|https?:|mailto:|tel:)"}),
    LanguageTag: FieldReader(_language, {"type": "string", "pattern": "^[a-z]{2,3}(-|$)"}),
    MediaFile: FieldReader(_media, {"type": "string"}),
    SourceWords: FieldReader(lambda text, zone: limit_words(read_text(text, zone)), WORDS_SCHEMA),
    Sha256: FieldReader(lambda text, zone: read_digest(read_line(text, zone)), DIGEST_SCHEMA),
    AssetName: FieldReader(lambda text, _: read_asset_name(text.strip()), {"type": "string"}),
    Colour: FieldReader(
        lambda text, _: read_hex_colour(text),
        {"type": "string", "pattern": "^#([0-9A-Fa-f]{3}){1,2}$"},
    ),
    TimeZone: FieldReader(_time_zone, {"type": "string"}),
    PublicationTime: FieldReader(read_publication, {"type": "string", "pattern": f"^{_DAY}$"}),
    PartialDate: FieldReader(
        read_moment,
        {"type": ["string", "integer"], "pattern": f"^(\\d{{4}}(-\\d{{2}})?|{_DAY})$"},
    ),
    ScheduledTime: FieldReader(
        read_scheduled,
        {"type": ["string", "integer"], "pattern": f"^(\\d{{4}}(-\\d{{2}})?|{_DAY})$"},
    ),
    DueDate: FieldReader(
        read_due_date,
        {
            "type": ["string", "integer"],
            "pattern": r"^\d{4}(-(H[12]|Q[1-4]|\d{2}(-\d{2})?))?$",
        },
    ),
    ExpectationReference: FieldReader(
        lambda text, zone: read_slug(ExpectationReference, text, zone, "unicode"), _PART_OF_BRIEF
    ),
    EventReference: FieldReader(
        lambda text, zone: read_slug(EventReference, text, zone, "unicode"), _PART_OF_BRIEF
    ),
    ClaimReference: FieldReader(
        lambda text, zone: read_slug(ClaimReference, text, zone, "unicode"), _PART_OF_BRIEF
    ),
    Ending: FieldReader(
        read_ending,
        {
            "type": ["string", "integer"],
            "pattern": f"^(\\d{{4}}(-\\d{{2}})?|{_DAY}|{PLANNED})$",
        },
    ),
    Period: FieldReader(read_period_field, {"type": ["string", "integer"]}),
    MonthDay: FieldReader(read_month_day, {"type": ["string", "integer"]}),
    FediverseAccount: FieldReader(lambda text, _: read_fediverse(text), {"type": "string"}),
    WikidataItem: FieldReader(
        lambda text, _: read_wikidata(text), {"type": "string", "pattern": "^Q[1-9][0-9]*$"}
    ),
    Lei: FieldReader(
        lambda text, _: read_lei(text), {"type": "string", "pattern": "^[0-9A-Z]{18}[0-9]{2}$"}
    ),
    Cik: FieldReader(lambda text, _: read_cik(text), {"type": ["string", "integer"]}),
    Ticker: FieldReader(lambda text, _: read_ticker(text), {"type": "string"}),
    Orcid: FieldReader(lambda text, _: read_orcid(text), {"type": "string"}),
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
    ScheduledTime: "year, month, date, or date and time",
    EventReference: "brief#id of an event", ClaimReference: "brief#id of a claim",
    ExpectationReference: "brief#id of an expectation",
    DueDate: "year, half, quarter, month or date",
    Ending: "year, month or date, or planned",
    Period: "period", MonthDay: "month, or month and day", Formula: "formula",
    FediverseAccount: "fediverse account", WikidataItem: "Wikidata item", Lei: "LEI", Cik: "CIK",
    Ticker: "ticker symbol", Orcid: "ORCID iD",
    WarningCode: "warning code", Quantity: "quantity", bool: "true | false", int: "number",
}  # fmt: skip
