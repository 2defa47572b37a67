"""Sources of a brief, and their roles in a chain of reports."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from builder.model.time import PartialDate, PublicationTime
from builder.model.values import LanguageTag, Line, Sha256, Slug, Url

SourceRole = Literal[
    "original", "relay", "syndication", "translation", "machine-translation", "statement",
    "filing", "opinion",
]  # fmt: skip


# Roles of sources that do not relay another, and so may be the root of a chain.
ROOT_ROLES = ("original", "statement", "filing", "opinion")


class ArchivedCopy(Struct, frozen=True, kw_only=True):
    """A copy of a publication: in an archive, or of your own.

    One that is only text is the address in an archive."""

    from_text: ClassVar[tuple[str, ...]] = ("url",)
    one_of: ClassVar[tuple[str, ...]] = ("url", "sha256")

    url: Annotated[Url, "The address of the copy in an archive."] = Url("")
    at: Annotated[
        PublicationTime | None,
        "When the copy was made (default: the time in an address of the Wayback Machine).",
    ] = None
    sha256: Annotated[
        Sha256,
        "The SHA-256 digest of the page; a copy of your own is kept in evidence/ under this name.",
    ] = Sha256("")


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
    archive: Annotated[
        ArchivedCopy | None, "The archived copy of the page, as `slugline evidence` finds it."
    ] = None
    gone: Annotated[
        PublicationTime | None,
        "The date on which the page was found to be gone. Links then lead to the archived copy.",
    ] = None
    changed: Annotated[
        PublicationTime | None,
        "The date on which you found that the page no longer says the `words` of this story. Links"
        " to them then lead to the archived copy.",
    ] = None
