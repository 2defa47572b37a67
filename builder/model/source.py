"""Sources of a brief, and their roles in a chain of reports."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from builder.model.time import PartialDate
from builder.model.values import LanguageTag, Line, Slug, Url

SourceRole = Literal[
    "original", "relay", "syndication", "translation", "machine-translation", "statement",
    "filing", "opinion",
]  # fmt: skip


# Roles of sources that do not relay another, and so may be the root of a chain.
ROOT_ROLES = ("original", "statement", "filing", "opinion")


class Source(Struct, frozen=True, kw_only=True):
    """A publication that a record uses as its source.

    One that is only text is an address, or the name of a publisher."""

    from_text: ClassVar[tuple[str, ...]] = ("url", "publisher")
    one_of: ClassVar[tuple[str, ...]] = ("publisher", "url")

    id: Annotated[
        Slug,
        "The id to which `of` and `source` refer, unique in this file (default: the slug of the"
        " publisher, or the domain without its ending; of several equal ones `reuters-1`,"
        " `reuters-2`).",
    ] = Slug("")
    publisher: Annotated[
        Line,
        "The publisher, such as Reuters or Báo Dân trí (default: the publisher whose `website` or"
        " `domains` the address belongs to, or its host).",
    ] = Line("")
    title: Annotated[Line, "The headline, in the language of the source."] = Line("")
    url: Annotated[Url, "The address of the publication."] = Url("")
    lang: Annotated[LanguageTag, "The language, such as en, vi or zh-Hant."] = LanguageTag("")
    published: Annotated[PartialDate | None, "The date of publication."] = None
    role: Annotated[SourceRole, "Whether it is an original report or relays another."] = "original"
    of: Annotated[Slug, "The id of the source that this one relays or translates."] = Slug("")
    via: Annotated[Line, "The publisher of the syndicated copy that was read."] = Line("")
    author: Annotated[tuple[Line, ...], "The authors that the byline names."] = ()
