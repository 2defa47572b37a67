"""Outlines: briefs without their text, as the linked site keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.brief import Brief, Status
from builder.model.event import Event
from builder.model.expectation import UNDATED, DueDate, Settlement
from builder.model.figure import Figure
from builder.model.record import UNFINISHED, Allowed, Image
from builder.model.relation import Relation
from builder.model.source import SourceRole
from builder.model.statement import ClaimStatus, Correction
from builder.model.time import Moment
from builder.names.keys import page_address


class Cited(Struct, frozen=True, array_like=True):
    """A source of a brief, reduced to what linking needs.

    `of` is the index of the source that it relays, or -1. `report` is a digest of its normalised
    address, or empty; `headline` is one of the title of a source without an address. `asked` is
    when its page was last known to be there or gone, in seconds since 1970, or 0. It was published
    between `since` and `until`, in the same unit. It is `edited` if its page no longer says what
    the brief quotes."""

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
    edited: bool = False


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


class Expected(Struct, frozen=True, array_like=True):
    """What a brief expects: an item of `expects`, or a forecast or next step with a date.

    `at` is its place in the front matter: `claims.2`. A forecast may name a person and the company
    for which the person speaks."""

    at: str
    id: str
    text: str
    by: DueDate
    of: str  # a company or a person, as written; empty for the first company of the brief
    person: str  # who makes a forecast
    source: str
    resolves: str = ""

    @property
    def field(self) -> str:
        """The field that it stands in: `expects`, `claims` or `whats_next`."""
        return self.at.partition(".")[0]


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
    ] = ()  # (id, publisher) of the sources of figures, relations, expectations and outcomes
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
    expects: tuple[Expected, ...] = ()
    settles: tuple[Settlement, ...] = ()
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
        return page_address("briefs", self.slug)

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


def expected_of(brief: Brief) -> tuple[Expected, ...]:
    """Return what a brief expects, in the order of its fields.

    Nothing without an id is one, and of several with one id, only the first; `check` reports the
    others."""
    if not (brief.expects or brief.claims or brief.whats_next):
        return ()
    found: dict[str, Expected] = {}
    for expected in _expected(brief):
        if expected.id:
            found.setdefault(expected.id, expected)
    return tuple(found.values())


def _expected(brief: Brief) -> Iterator[Expected]:
    for n, e in enumerate(brief.expects):
        due = e.by or UNDATED
        yield Expected(f"expects.{n}", e.id, e.text, due, e.of, "", e.says, e.resolves)
    for n, claim in enumerate(brief.claims):
        if claim.due:
            company, person = (by.company or by.of, by.person) if (by := claim.by) else ("", "")
            at, source = f"claims.{n}", claim.source
            yield Expected(at, claim.id, claim.text, claim.due, company, person, source)
    for n, step in enumerate(brief.whats_next):
        if step.by:
            yield Expected(f"whats_next.{n}", step.id, step.text, step.by, step.of, "", "")
