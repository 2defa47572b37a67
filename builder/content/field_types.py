"""Types of fields in words, and the values below a value."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from typing import Any, Union, get_args, get_origin

from msgspec import Struct

from builder.model.expectation import NextStep
from builder.names.suggest import did_you_mean
from builder.patterns import pattern


def without_none(kind: Any) -> Any:
    """Return `X` for `X | None`."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def text_field(kind: type[Struct], text: str) -> str:
    """Return the field that a lone text stands for, if any."""
    names: tuple[str, ...] = getattr(kind, "from_text", ())
    if "url" in names and _LIKE_URL.match(text):
        return "url"
    return names[-1] if names else ""


def is_unquoted(kind: type[Struct], raw: Mapping[str, Any]) -> bool:
    """Return whether a mapping is a lone text that contains a colon."""
    if kind not in SENTENCES or len(raw) != 1:
        return False
    key, names = next(iter(raw)), kind.__struct_encode_fields__
    return key not in names and not did_you_mean(key, names)


# Parts that a lone sentence may stand for.
SENTENCES: tuple[type[Struct], ...] = (NextStep,)


_LIKE_URL = pattern(r"\s*(?:[a-z]+:/|www\.)", re.IGNORECASE)


def paths_of(raw: Any) -> Iterator[str]:
    """Yield the paths of a raw value and of values in it.

    Its own is empty."""
    yield ""
    if isinstance(raw, (list, dict)):
        for key, item in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from (f".{key}{path}" for path in paths_of(item))


# Names of records in messages, if they differ from the class name.
CALLED = {
    "ArchivedCopy": "archived copy",
    "PlainPage": "page",
    "NextStep": "next step",
    "CheckRule": "check rule",
    "MenuItem": "menu item",
    "MessageText": "message",
    "MovedAddress": "moved address",
    "GiftLink": "gift link",
    "HiddenField": "hidden field",
    "EditorsNotes": "list of notes",
    "Settings": "site.yaml",
    "TargetSettings": "target",
    # Settings with fields of their own, which are called by their name.
    "AiUse": "`ai_use`",
    "Cards": "`cards`",
    "CompanyIds": "`ids`",
    "PersonIds": "`ids`",
    "Feedback": "`feedback`",
    "Reactions": "file of reactions",
    "ReactionCount": "count",
    "ReplySettings": "`replies`",
    "FeedSettings": "`feeds`",
    "MailSettings": "`mail`",
    "Subscribe": "`subscribe`",
    "Limits": "`limits`",
    "Fonts": "`fonts`",
    "Pictures": "`pictures`",
}


def called(record: type[Struct]) -> str:
    """Return the name of a record or part, as messages print it."""
    return CALLED.get(record.__name__, record.__name__.lower())


def article(record: type[Struct]) -> str:
    name = called(record)
    if name == "site.yaml" or name[0] == "`":
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
