"""The linked site: every record, its order, and the ledgers made of all briefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from builder.content.config import FILE, Config
from builder.content.content import Content
from builder.content.media import MediaFile
from builder.hosting.headers import is_feed
from builder.ledger.calendar import EventRecord
from builder.ledger.corrections import CorrectionRecord
from builder.ledger.evidence import SiteEvidence
from builder.ledger.expectations import ExpectationRecord
from builder.ledger.numbers import FigureRecord
from builder.ledger.provenance import SharedReport
from builder.ledger.relations import RelationRecord
from builder.ledger.standing import Standing
from builder.model.brief import Brief
from builder.model.entity import (
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.model.outline import Outline
from builder.model.record import Allowed, Record
from builder.model.time import Moment, event_time
from builder.names.keys import page_address
from builder.site.registers import Registers

# The records that a body can link to, by the kind in `[[kind:slug]]`.
LINKED: tuple[tuple[str, type[Record]], ...] = (
    ("brief", Brief),
    ("company", Company),
    ("topic", Topic),
    ("thread", Thread),
    ("person", Person),
    ("page", PlainPage),
)


class Redirect(NamedTuple):
    """An address that redirects to another.

    `path` is the record that declares it, in the field `at`."""

    address: str  # percent-encoded; may have a query
    target: str
    path: str
    at: str

    @property
    def by_page(self) -> bool:
        """Whether a page can redirect; otherwise only a server can."""
        is_page = self.address.endswith(("/", ".html", ".htm")) and not self.copies_feed
        return "?" not in self.address and is_page

    @property
    def copies_feed(self) -> bool:
        """Whether the address has a copy of a feed."""
        return self.path == FILE and is_feed(self.target)

    @property
    def in_folder(self) -> bool:
        """Whether the address was one of the same kind of record: `/topics/old/`."""
        _, folder, *rest = self.address.split("/")
        return len(rest) == 2 and not rest[1] and self.target.startswith(f"/{folder}/")


class Entry(Struct, frozen=True):
    """What orders and counts a brief; its names are unique slugs."""

    slug: str
    date: Moment
    updated: Moment | None  # or corrected, or changed silently; None if only in the future
    happened: Moment
    importance: int
    notice: str  # "draft", "review" or "scheduled" in a preview, otherwise empty
    section: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]
    people: tuple[str, ...]
    thread: str = ""
    reported: tuple[str, ...] = ()  # publishers of its original sources
    relayed: tuple[str, ...] = ()  # publishers that relay another's report
    corrected: tuple[int, ...] = ()  # indexes of its corrections until now, in order of time
    original: str = ""  # the brief that this one translates
    authors: tuple[str, ...] = ()  # of site.yaml
    # From the edition in which it is listed to the one that has its page: `/..`, `/nl`, `/../nl`.
    elsewhere: str = ""

    @property
    def url(self) -> str:
        return f"{self.elsewhere}{page_address('briefs', self.slug)}"

    @property
    def event_time(self) -> Moment:
        """When its event happened, to sort by."""
        return event_time(self.happened, self.date)

    @property
    def in_time(self) -> tuple[float, float, str]:
        """The sort key by event."""
        return self.event_time.at.timestamp(), self.date.at.timestamp(), self.slug


class PublishedMedia(NamedTuple):
    """The files of content/media/ that published pages use; others are not published."""

    linked: frozenset[str]  # from a text, the menu or the footer
    shown: frozenset[str]  # as pictures


class Site(NamedTuple):
    """Every record, linked.

    Mappings are by slug, in the order of names, and have published records only, except where they
    say otherwise; of a site that an earlier process has linked, they decode what is asked for.
    `order` has the published briefs, the newest first."""

    config: Config
    content: Content
    outlines: Mapping[str, Outline]  # of every brief
    entries: Mapping[str, Entry]  # of every brief
    order: Sequence[Entry]
    withdrawn: tuple[str, ...]
    unpublished: frozenset[str]  # drafts, scheduled and expired briefs: checked, but not shown
    withheld: frozenset[str]  # files of unpublished records, even if a preview shows them
    waiting: Mapping[str, Record]  # unpublished records but briefs, by path: only checked
    absent: frozenset[str]  # addresses that exist once one of those is published
    unlinked: frozenset[tuple[str, str]]  # what texts may write for them: `references_to`
    companies: Mapping[str, Company]
    topics: Mapping[str, Topic]
    threads: Mapping[str, Thread]  # with a published brief
    people: Mapping[str, Person]
    publisher_pages: Mapping[str, Publisher]  # publishers with a page
    pages: Mapping[str, PlainPage]
    digests: Mapping[str, Digest]  # an editor's text by week
    profiles: Mapping[str, Profile]  # in the languages of editions, by `profile_key`
    redirects: Sequence[Redirect]
    paths: Mapping[str, tuple[str, str]]  # kind and slug of records that can have a page, by path
    names: Registers
    media: Mapping[str, MediaFile]
    figures: Sequence[FigureRecord]  # of published briefs
    relations: Sequence[RelationRecord]  # in published briefs and company files
    events: Sequence[EventRecord]  # of published briefs, by date
    expectations: Sequence[ExpectationRecord]  # in published briefs, by date
    corrections: Sequence[CorrectionRecord]  # and withdrawals, the newest first
    shared: Mapping[str, tuple[SharedReport, ...]]  # for each source, earlier briefs that cite it
    standing: Mapping[str, Standing]  # what stands behind briefs that have anything to tell
    published_media: PublishedMedia
    evidence: SiteEvidence
    allowed: tuple[tuple[str, tuple[Allowed, ...]], ...]  # what each file with `allow` allows
    now: datetime  # a moment since which nothing has been published or has ended
    unreadable: tuple[str, ...]  # files of records that could not be read completely
    recent: tuple[str, ...] = ()  # briefs of the news sitemap, the newest first
    whole: Site | None = None  # the linked site, if this is an edition of it
    versions: tuple[str, ...] = ()  # the published briefs of all editions, if there are several
    elsewhere: Mapping[str, str] = MappingProxyType(
        {}
    )  # plain pages of other editions, as in Entry
