"""The sources of a brief, and their roles in a chain of reports."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.time import PartialDate
from builder.model.values import LanguageTag, Line, Slug, Url

SourceRole = Literal[
    "original", "relay", "syndication", "translation", "machine-translation", "statement",
    "filing", "opinion",
]  # fmt: skip


# Roles whose source speaks for itself, and so may stand at the root of a chain.
ROOT_ROLES = ("original", "statement", "filing", "opinion")


class Source(Struct, frozen=True, kw_only=True):
    """One publication that a record rests on."""

    id: Annotated[Slug, "A short name, unique in this file, that `of` refers to."]
    publisher: Annotated[Line, "Who published it: Reuters, Báo Dân trí."]
    title: Annotated[Line, "Its headline, in its own language."] = Line("")
    url: Annotated[Url, "Where it can be read."] = Url("")
    lang: Annotated[LanguageTag, "Its language: en, vi, zh-Hant."] = LanguageTag("")
    published: Annotated[PartialDate | None, "When it was published."] = None
    role: Annotated[SourceRole, "Whether it reports itself or passes on another's report."] = (
        "original"
    )
    of: Annotated[Slug, "The id of the source that this one relays or translates."] = Slug("")
    via: Annotated[Line, "The publisher whose copy was read, where it is a syndicated one."] = Line(
        ""
    )
    author: Annotated[Line, "The by-line."] = Line("")
