"""The linked site: every record, its order, and the ledgers made of all briefs."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from builder.content.config import Config
from builder.content.content import Content
from builder.content.files import MediaFile
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.provenance import SharedReport
from builder.ledger.relations import RelationRecord
from builder.model.brief import Brief
from builder.model.entity import Company, Digest, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.model.record import Record
from builder.model.time import Moment, told_at
from builder.site.registers import Registers

# What a body can link to, by the kind that `[[kind:slug]]` names.
LINKED: tuple[tuple[str, type[Record]], ...] = (
    ("brief", Brief),
    ("company", Company),
    ("topic", Topic),
    ("thread", Thread),
    ("person", Person),
    ("page", PlainPage),
)


class Redirect(NamedTuple):
    """An address that leads to another. `path` is the record that asked for it, in the field
    `at`."""

    address: str
    target: str
    path: str
    at: str


class Entry(Struct, frozen=True):
    """A brief as the site orders and counts it: names are slugs, once each."""

    slug: str
    date: Moment
    updated: Moment | None  # or corrected; not before it has happened
    happened: Moment
    importance: int
    notice: str  # draft or scheduled, in a preview; else nothing
    section: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]
    people: tuple[str, ...]
    thread: str = ""
    reported: tuple[str, ...] = ()  # the publishers whose own reports it rests on
    relayed: tuple[str, ...] = ()  # those that passed on the report of another
    corrected: tuple[int, ...] = ()  # its corrections that are known, the first first
    original: str = ""  # the brief that says the same, and which this one only translates

    @property
    def url(self) -> str:
        return f"/briefs/{self.slug}/"

    @property
    def told_at(self) -> Moment:
        """When it happened, for the order of events."""
        return told_at(self.happened, self.date)

    @property
    def in_time(self) -> tuple[float, float, str]:
        """Its place in the order of events."""
        return self.told_at.at.timestamp(), self.date.at.timestamp(), self.slug


class Site(NamedTuple):
    """Every record, linked. Dictionaries are by slug, in the order of names; `order` has the
    briefs that are due, the newest first."""

    config: Config
    content: Content
    outlines: dict[str, Outline]  # of every brief
    entries: dict[str, Entry]  # of every brief
    order: tuple[Entry, ...]
    withdrawn: tuple[str, ...]
    unpublished: frozenset[str]  # drafts and the like: checked, and never to be seen
    absent: frozenset[str]  # addresses that exist as soon as one of those is published
    companies: dict[str, Company]
    topics: dict[str, Topic]
    threads: dict[str, Thread]  # that have a brief to show
    waiting: dict[str, Thread]  # that have none yet
    people: dict[str, Person]
    imprints: dict[str, Publisher]  # those that have a page: a source of a brief that is shown
    pages: dict[str, PlainPage]
    digests: dict[str, Digest]  # by week: an editor's words
    redirects: tuple[Redirect, ...]
    paths: dict[str, tuple[str, str]]  # by path: the kind and the slug of what can have a page
    names: Registers
    media: dict[str, MediaFile]
    figures: tuple[FigureRecord, ...]  # of briefs that are due
    relations: tuple[RelationRecord, ...]  # as they say, and the files of companies
    corrections: tuple[CorrectionRecord, ...]  # of these, and what was withdrawn: the newest first
    shared: dict[str, tuple[SharedReport, ...]]  # for each source, earlier briefs that have it
    published_media: frozenset[str]  # what a page that is shown uses; the rest stays where it is
