"""Outlines: briefs without their text, as the linked site keeps them."""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.brief import Status
from builder.model.event import Event
from builder.model.figure import Figure
from builder.model.record import UNFINISHED, Allowed, Image
from builder.model.relation import Relation
from builder.model.source import SourceRole
from builder.model.statement import ClaimStatus, Correction
from builder.model.time import Moment
from builder.names.keys import in_address


class Cited(Struct, frozen=True, array_like=True):
    """A source of a brief, reduced to what linking needs.

    `of` is the index of the source that it relays, or -1. `report` is a digest of its normalised
    address, or empty; `headline` is one of the title of a source without an address. `asked` is
    when its page was last known to be there or gone, in seconds since 1970, or 0. It was published
    between `since` and `until`, in the same unit."""

    publisher: str
    role: SourceRole
    of: int
    via: str
    report: str
    archived: bool = False
    gone: bool = False
    asked: float = 0.0
    since: float = 0.0
    until: float = 0.0
    headline: str = ""


class Voucher(Struct, frozen=True, array_like=True):
    """A source that vouches for a claim or a figure.

    `source` is its index, or -1 if a named speaker has none. `people` is the key of the unnamed
    people whom it cites, `words` a digest of the sentence that it says, `speaker` a named person,
    and `of` a company that speaks, or for which a named person does; each may be empty."""

    source: int
    people: str = ""
    words: str = ""
    speaker: str = ""
    of: str = ""


class Said(Struct, frozen=True, array_like=True):
    """A claim of a brief.

    `by` is the company of its speaker, if any."""

    id: str
    text: str
    status: ClaimStatus
    by: str = ""
    vouchers: tuple[Voucher, ...] = ()
    confirms: str = ""
    denies: str = ""


# Stands for the title of a brief that tells nothing, such as in a link to it.
UNTOLD = "a withdrawn brief"


class Outline(Struct, frozen=True, array_like=True):
    """A brief without its text, with everything that linking needs.

    Names are as written; the title and summary have typographic punctuation."""

    path: str
    slug: str
    id: str
    broken: bool
    status: Status
    date: Moment
    updated: Moment | None
    expires: Moment | None
    event_date: Moment | None
    importance: int
    lang: str
    section: str
    title: str
    summary: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]
    people: tuple[str, ...]
    speakers: tuple[str, ...]  # the people it quotes; by mistake, one may be a company
    translation_of: str
    redirects: tuple[str, ...]
    media: tuple[str, ...]  # files of content/media/ to which it links
    pictures: tuple[str, ...]  # files of content/media/ that it shows
    allow: tuple[Allowed, ...] = ()
    figures: tuple[Figure, ...] = ()
    publishers: tuple[
        tuple[str, str], ...
    ] = ()  # (id, publisher) of the sources of figures and relations
    sources: tuple[Cited, ...] = ()
    relations: tuple[Relation, ...] = ()
    thread: str = ""
    follows: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    withdrawn_because: str = ""
    author: tuple[str, ...] = ()
    image: Image | None = None
    guid: str = ""  # of a former site
    parties: tuple[str, ...] = ()  # companies (or people) that only other fields name
    quoted: tuple[int, int] = (0, 0)  # statements and figures with a source; of these, with words
    events: tuple[Event, ...] = ()
    claims: tuple[Said, ...] = ()
    vouchers: tuple[tuple[Voucher, ...], ...] = ()  # of each figure
    confirmed_by: tuple[str, ...] = ()  # companies and people who responded so
    tells_nothing: bool = False  # withdrawn, without a word of what it said

    @property
    def identity(self) -> str:
        """Return the identity of the story in feeds."""
        return self.guid or self.id or PurePosixPath(self.path).stem

    @property
    def draft(self) -> bool:
        """Return whether it is a draft or in review."""
        return self.status in UNFINISHED

    @property
    def url(self) -> str:
        return f"/briefs/{in_address(self.slug)}/"

    @property
    def label(self) -> str:
        return self.title

    @property
    def happened(self) -> Moment:
        return self.event_date or self.date

    @property
    def cited(self) -> tuple[str, ...]:
        """Return the publisher of each source."""
        return tuple([source.publisher for source in self.sources])
