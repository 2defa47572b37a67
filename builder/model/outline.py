"""What the site keeps of a brief: all that orders, counts and links it, without its text."""

from __future__ import annotations

from msgspec import Struct

from builder.model.brief import Status
from builder.model.figure import Figure
from builder.model.record import Allowed
from builder.model.relation import Relation
from builder.model.source import SourceRole
from builder.model.statement import Correction
from builder.model.time import Moment


class Cited(Struct, frozen=True, array_like=True):
    """A source of a brief, as the whole site asks of it. `of` is the number of the source that it
    passes on, -1 for none; `report` is a digest by which its address is known, or nothing."""

    publisher: str
    role: SourceRole
    of: int
    via: str
    report: str


class Outline(Struct, frozen=True, array_like=True):
    """A brief without its text: what the whole site asks of every brief. Names are as written;
    title and summary are as they are printed."""

    path: str
    slug: str
    identity: str
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
    speakers: tuple[str, ...]  # whom it quotes: people, unless a company is taken for one
    translation_of: str
    redirects: tuple[str, ...]
    media: tuple[str, ...]  # files of content/media/ that it names
    allow: tuple[Allowed, ...] = ()
    figures: tuple[Figure, ...] = ()
    publishers: tuple[tuple[str, str], ...] = ()  # of the sources of these, by the source's id
    sources: tuple[Cited, ...] = ()
    relations: tuple[Relation, ...] = ()
    thread: str = ""
    follows: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    withdrawn_because: str = ""

    @property
    def url(self) -> str:
        return f"/briefs/{self.slug}/"

    @property
    def label(self) -> str:
        return self.title

    @property
    def happened(self) -> Moment:
        return self.event_date or self.date

    @property
    def cited(self) -> tuple[str, ...]:
        """The publisher of each of its sources."""
        return tuple([source.publisher for source in self.sources])
