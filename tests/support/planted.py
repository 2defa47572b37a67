"""Files of records in which every field has a word of its own, made from the model."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct

from builder.content.field_types import without_none
from builder.content.schema import fields_of, is_part
from builder.model import values as v
from builder.model.entity import FOLDERS
from builder.model.expectation import DueDate
from builder.model.record import Allowed, Record
from builder.model.time import Ending, PartialDate, PublicationTime, ScheduledTime
from builder.quantity.quantity import Quantity

KINDS: dict[str, type[Record]] = dict(FOLDERS)
_LETTERS = "bcdfghjkmnpqrstvwxz"


@dataclass
class Plants:
    """Makes records with random words, and knows each word's record and field."""

    seed: int
    words: dict[str, str] = field(default_factory=dict)  # the place of each word
    files: dict[str, str] = field(default_factory=dict)  # text by path
    media: dict[str, bytes] = field(default_factory=dict)  # by path
    stories: dict[str, set[str]] = field(default_factory=dict)  # paths of files, by name

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def word(self, place: str) -> str:
        """Return a new word that no text has by chance, for a place."""
        word = "q" + "".join(self._random.choice(_LETTERS) for _ in range(11))
        self.words[word] = place
        return word

    def number(self, place: str) -> str:
        """Return a new number that no text has by chance."""
        number = str(self._random.randrange(10**8, 10**9))
        self.words[number] = place
        return number

    def record(self, folder: str, stem: str, /, **given: Any) -> str:
        """Write a record with every field of its kind, and return its path.

        `given` replaces fields, or removes them if None; `claims__by` is a field of a part.
        `media` has files that its text uses, and `kind` is another kind than that of the folder."""
        path, media = f"content/{folder}/{stem}.md", given.pop("media", ())
        front = self._fields(given.pop("kind", KINDS[folder]), path, given)
        lines = [f"{name}: {_written(value)}" for name, value in front.items() if value is not None]
        links = " ".join(f"[{self.word(f'{path} link')}](/media/{name})" for name in media)
        heading, text = self.word(f"{path} heading"), self.word(f"{path} text")
        body = f"## The {heading}\n\nIt says {text}. {links}\n"
        self.files[path] = "\n".join(["---", *lines, "---", body])
        return path

    def _fields(self, record: type[Struct], place: str, given: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for one in fields_of(record):
            inner = {
                name.removeprefix(f"{one.name}__"): value
                for name, value in given.items()
                if name.startswith(f"{one.name}__")
            }
            if one.name in given:
                found[one.name] = given[one.name]
            else:
                found[one.name] = self._value(one.type, f"{place} {one.name}", inner)
        return found

    def _value(self, kind: Any, place: str, given: dict[str, Any]) -> Any:
        kind = without_none(kind)
        origin = get_origin(kind)
        if origin is tuple:
            inner = get_args(kind)[0]
            # `allow` would suppress nothing, and a warning is not what these records are about.
            return None if inner is Allowed else [self._value(inner, place, given)]
        if origin is dict:
            return None  # of the editions in other languages, which these sites do not have
        if origin is Literal:
            choices = get_args(kind)
            return "published" if "published" in choices else choices[0]
        if is_part(kind):
            return self._fields(kind, place, given)
        return _VALUES[kind](self, place)


def _written(value: Any) -> str:
    """Return a value as YAML in one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        inner = (f"{name}: {_written(one)}" for name, one in value.items() if one is not None)
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value)


def _name(plants: Plants, place: str) -> str:
    return f"{plants.word(place).capitalize()} {plants.word(place).capitalize()}"


def _lei(plants: Plants, place: str) -> str:
    base = f"EXAMPLE{plants.number(place)}00"
    digits = int("".join(str(int(sign, 36)) for sign in f"{base}00"))
    return f"{base}{98 - digits % 97:02d}"


def _orcid(plants: Plants, place: str) -> str:
    digits, total = f"000000{plants.number(place)}", 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    text = f"{digits}{'0123456789X'[(12 - total) % 11]}"
    shown = "-".join(text[n : n + 4] for n in range(0, 16, 4))
    plants.words[shown.casefold()] = plants.words.pop(digits[6:])
    return shown


# A value of each type of `model`: a new type needs a line here, so that its fields are planted too.
_VALUES: dict[Any, Any] = {
    v.Line: _name,
    v.Text: lambda plants, place: f"A text with {plants.word(place)}.",
    v.SourceWords: lambda plants, place: f"{plants.word(place)} {plants.word(place)}",
    v.Sha256: lambda plants, place: "".join(plants.number(place) for _ in range(7)) + "0",
    v.WikidataItem: lambda plants, place: f"Q{plants.number(place)}",
    v.Lei: _lei,
    v.Cik: lambda plants, place: f"0{plants.number(place)}",
    v.Ticker: lambda plants, place: f"XTEST:{plants.word(place).upper()}",
    v.Orcid: _orcid,
    v.CompanyName: _name,
    v.PersonName: _name,
    v.TopicName: _name,
    v.PartyName: _name,
    v.Slug: lambda plants, place: plants.word(place),
    v.Identifier: lambda plants, place: plants.word(place),
    v.Url: lambda plants, place: f"https://{plants.word(place)}.example/{plants.word(place)}",
    v.FeedIdentity: lambda plants, place: plants.word(place),
    v.OldAddress: lambda plants, place: plants.word(place),
    v.MonthDay: lambda plants, place: "12-31",
    v.Domain: lambda plants, place: f"{plants.word(place)}.example",
    v.MediaFile: lambda plants, place: f"{plants.word(place)}.png",
    v.SectionName: lambda plants, place: "labs",
    v.AuthorName: lambda plants, place: "desk",
    v.LanguageTag: lambda plants, place: "en",
    v.Period: lambda plants, place: "2024",
    v.Formula: lambda plants, place: None,
    Quantity: lambda plants, place: f"{plants.number(place)} USD",
    PublicationTime: lambda plants, place: "2025-06-11 10:00",
    PartialDate: lambda plants, place: "2025-06-10",
    ScheduledTime: lambda plants, place: "2025-09-09",
    v.EventReference: lambda plants, place: "one#none",
    v.ClaimReference: lambda plants, place: "one#none",
    v.ExpectationReference: lambda plants, place: "one#none",
    DueDate: lambda plants, place: "2025-12-30",
    Ending: lambda plants, place: "2025-06-20",
    bool: lambda plants, place: False,
    int: lambda plants, place: 3,
}
