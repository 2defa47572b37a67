"""The records that editors write, field by field, and the values they are made of.

A front matter field is one line here: its type, its default, and in `Annotated` the sentence that
the reference page and the editor's completion show. Fields without a sentence are not front
matter: they are filled in by the reader. Types such as `Line` or `CompanyName` say how `schema`
reads a value; at run time they are plain `str`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Annotated, Literal, NamedTuple, NewType

from msgspec import Struct, field

from builder.diagnostics.diagnostic import Place
from builder.quantity.quantity import Quantity

# --- how a value is read -----------------------------------------------------------------------

Line = NewType("Line", str)  # one line of plain text
Text = NewType("Text", str)  # plain text; line breaks are folded into spaces
Slug = NewType("Slug", str)  # lower-case ASCII words joined by hyphens
Identifier = NewType("Identifier", str)  # minted once, never changed
Url = NewType("Url", str)  # absolute, http or https
Address = NewType("Address", str)  # of this site (begins with `/`), or elsewhere
LanguageTag = NewType("LanguageTag", str)  # BCP 47
MediaFile = NewType("MediaFile", str)  # a path below content/media/
CompanyName = NewType("CompanyName", str)  # after linking: the company's slug
PersonName = NewType("PersonName", str)  # after linking: the person's slug
TopicName = NewType("TopicName", str)  # after linking: the topic's slug
PartyName = NewType("PartyName", str)  # of a company or a person
SectionName = NewType("SectionName", str)
AuthorName = NewType("AuthorName", str)
TimeZone = NewType("TimeZone", str)  # IANA name
Period = NewType("Period", str)  # 2024, 2024-H1, 2024-Q3 or 2024-06
Formula = NewType("Formula", str)  # `formulas.parse_formula` reads it

Precision = Literal["year", "month", "day", "minute"]


class Moment(Struct, frozen=True):
    """A point in time as precisely as it is known. `at` is aware: the start of the year, month
    or day, or the minute itself, at a fixed offset from UTC."""

    at: Annotated[datetime, "An aware date and time; filters print it."]
    precision: Annotated[Precision, "How much of it is known."] = "day"

    @property
    def iso(self) -> str:
        """ISO 8601 with just the known parts: `2025`, `2025-06`, `2025-06-13`, or a full time
        with its offset. Each is a valid HTML `datetime` value."""
        if self.precision == "minute":
            return self.at.isoformat()
        return self.at.date().isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    @property
    def end(self) -> datetime:
        """When the year, month or day is over; the minute itself."""
        at = self.at
        if self.precision == "year":
            return at.replace(year=at.year + 1)
        if self.precision == "month":
            return at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
        return at + timedelta(days=1) if self.precision == "day" else at


class PublicationTime(Moment, frozen=True):
    """Known to the day or the minute."""


class PartialDate(Moment, frozen=True):
    """A year or a month will do."""


class Ending(Struct, frozen=True, array_like=True):
    """When something ends: from the first moment of `on` it is over. Without a date the end is
    planned."""

    on: PartialDate | None = None

    @property
    def iso(self) -> str:
        """The date, or the word that editors write for one that is not known."""
        return self.on.iso if self.on else PLANNED


PLANNED = "planned"


def told_at(happened: Moment, published: Moment) -> Moment:
    """When something happened, for the order of events. Of a month that is known, and no day: the
    day of publication where that is in it."""
    vague = happened.precision in ("year", "month") and published.iso.startswith(happened.iso)
    return published if vague else happened


# --- a body, rendered --------------------------------------------------------------------------


# The ids that templates give to parts of a page: links may lead there, headings do not take them.
PAGE_ANCHORS = (
    "content", "why", "why-heading", "yes-but", "yes-but-heading", "whats-next",
    "whats-next-heading", "sources", "sources-heading", "companies", "companies-heading", "people",
    "people-heading", "topics", "topics-heading", "later", "later-heading", "earlier",
    "earlier-heading", "facts", "coverage", "coverage-heading", "profile", "beside", "recent",
    "latest", "everything", "numbers", "numbers-heading", "by-company", "by-topic", "top-stories",
    "known", "known-heading", "claimed", "claimed-heading", "said", "said-heading", "products",
    "products-heading", "relations", "relations-heading", "previously", "previously-heading",
    "next", "next-heading", "timeline", "timeline-heading", "corrections", "corrections-heading",
)  # fmt: skip


class Heading(Struct, frozen=True, array_like=True):
    """A heading of a body: its level (2 to 6), its anchor and its plain text."""

    level: int
    anchor: str
    text: str


ReferenceKind = Literal[
    "name", "brief", "company", "topic", "thread", "person", "page", "file", "media", "figure"
]


class Reference(Struct, frozen=True, array_like=True):
    """Something in a body that only the whole site can resolve: `[[Scale AI]]`,
    `[[brief:slug]]`, a link to another `.md` file, a picture."""

    kind: ReferenceKind
    target: str
    fragment: str
    place: Place


class InternalLink(Struct, frozen=True, array_like=True):
    """A link to an address of this site, as written: `/about/#top` or `#top`."""

    address: str
    place: Place


class Body(Struct, frozen=True, array_like=True):
    """A Markdown body, rendered. `html` has numbered holes (`\\0n\\0`) where `references` go."""

    html: str = ""
    words: int = 0
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    links: tuple[InternalLink, ...] = ()


# --- the records -------------------------------------------------------------------------------

SourceRole = Literal[
    "original", "relay", "syndication", "translation", "machine-translation", "statement",
    "filing", "opinion",
]  # fmt: skip
# Roles whose source speaks for itself, and so may stand at the root of a chain.
ROOT_ROLES = ("original", "statement", "filing", "opinion")

CompanyKind = Literal[
    "lab", "vendor", "investor", "chip maker", "cloud", "platform", "application", "conglomerate",
    "research", "regulator", "other",
]  # fmt: skip
PublisherKind = Literal[
    "news agency", "newspaper", "magazine", "trade press", "broadcaster", "aggregator", "company",
    "regulator", "newsletter", "other",
]  # fmt: skip
Status = Literal["draft", "published", "withdrawn"]
ClaimStatus = Literal[
    "confirmed", "reported", "claimed", "disputed", "denied", "forecast", "opinion"
]
KNOWN = ("confirmed", "reported")  # what counts as known; the rest is only said
# Hosts that read files of the output; servers that read one of their own.
Hosting = Literal["netlify", "cloudflare", "caddy", "nginx"]
Stance = Literal["statement", "declined", "no reply", "denied", "confirmed"]


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


# What a figure rests on. A derived one is worked out from others by its formula.
FigureBasis = Literal["actual", "reported", "planned", "estimate", "forecast", "derived"]


class Figure(Struct, frozen=True, kw_only=True):
    """A figure of a brief: a number with whose it is, what it measures, when, and who says so."""

    id: Annotated[Slug, "A short name, unique in this file: `{{figure:id}}` prints it."]
    of: Annotated[CompanyName, "The company that it is a figure of."]
    metric: Annotated[Line, "What it measures: valuation, revenue, stake price."]
    value: Annotated[
        Quantity | None, "How much: `14bn USD`, `49%`, `200 people`, `1bn..2bn USD`."
    ] = None
    formula: Annotated[
        Formula, "Instead of a value: how it follows from others of this file, `spend / revenue`."
    ] = Formula("")
    to: Annotated[CompanyName, "The company on the other side: who is paid, who is owned."] = (
        CompanyName("")
    )
    as_of: Annotated[PartialDate | None, "The day, month or year for which it is true."] = None
    period: Annotated[Period, "The time that it covers: 2024, 2024-H1, 2024-Q3, 2024-06."] = Period(
        ""
    )
    basis: Annotated[FigureBasis, "Whether it is a fact, a report, a plan or a guess."] = "reported"
    source: Annotated[Slug, "The id of the source that gives it."] = Slug("")
    preferred: Annotated[bool, "Whether it is the one to print where briefs differ."] = False


RelationType = Literal[
    "parent", "minority stake", "acquisition", "investor", "customer", "supplier", "partner",
    "rival", "hired from", "employs", "litigates",
]  # fmt: skip


class Relation(Struct, frozen=True, kw_only=True):
    """What one company is to another: Google (`from`) is a customer (`type`) of Scale AI (`to`)."""

    subject: Annotated[CompanyName, "The company that is something to the other."] = field(
        name="from"
    )
    type: Annotated[RelationType, "What it is to the other: its parent, customer, rival."]
    to: Annotated[CompanyName, "The other company."]
    since: Annotated[
        PartialDate | None, "When it began; of a planned one, when it was agreed or is to begin."
    ] = None
    until: Annotated[Ending | None, "When it ended or is to end: a date, or `planned`."] = None
    planned: Annotated[bool, "Whether it is announced and has not begun: a purchase agreed."] = (
        False
    )
    figure: Annotated[Slug, "The id of the figure that measures it: a stake, what is paid."] = Slug(
        ""
    )
    source: Annotated[Slug, "The id of the source that says so."] = Slug("")


class Image(Struct, frozen=True, kw_only=True):
    """The picture of a record."""

    file: Annotated[MediaFile, "Its path below content/media/."]
    alt: Annotated[Line, "What it shows, for those who do not see it."] = Line("")
    caption: Annotated[Text, "The line under it."] = Text("")
    credit: Annotated[Line, "Whose it is."] = Line("")


class Allowed(Struct, frozen=True, array_like=True):
    """A kind of warning that is not given for a file, and why not: `figures-differ: "…"`."""

    code: str
    reason: str


class Speaker(Struct, frozen=True, kw_only=True):
    """Who says something: a person, a company, or people whom the source does not name."""

    person: Annotated[PersonName, "A person, by name."] = PersonName("")
    company: Annotated[CompanyName, "A company that speaks for itself."] = CompanyName("")
    anonymous: Annotated[int | None, "How many people, where the source does not name them."] = None
    of: Annotated[CompanyName, "Where they work; who only knows of a matter is of nowhere."] = (
        CompanyName("")
    )
    described_as: Annotated[
        Line, "What the source calls them: familiar with the matter, chief executive."
    ] = Line("")

    @property
    def named(self) -> bool:
        """Whether a reader is told who it is."""
        return bool(self.person or self.company)


class Claim(Struct, frozen=True, kw_only=True):
    """Something that the story says is so, and on whose word."""

    text: Annotated[Text, "What is said, in one sentence of your own."]
    status: Annotated[ClaimStatus, "How far it is known; claimed is by an interested party."]
    source: Annotated[Slug, "The id of the source that says so."] = Slug("")
    by: Annotated[Speaker | None, "Who says it, to that source."] = None
    interest: Annotated[Line, "What the speaker has to gain: a rival of Scale AI."] = Line("")


class Quote(Struct, frozen=True, kw_only=True):
    """Words as they were spoken or printed."""

    text: Annotated[Text, "The words, without quotation marks."]
    by: Annotated[PersonName, "The person who said it."] = PersonName("")
    of: Annotated[CompanyName, "The company for which the person speaks."] = CompanyName("")
    described_as: Annotated[Line, "The post held then: chief executive."] = Line("")
    lang: Annotated[LanguageTag, "The language of the words. Without one: the brief's."] = (
        LanguageTag("")
    )
    source: Annotated[Slug, "The id of the source that has it."] = Slug("")
    original: Annotated[Text, "What was said, where `text` is a translation of it."] = Text("")
    original_lang: Annotated[LanguageTag, "The language of the original."] = LanguageTag("")
    original_source: Annotated[Slug, "The id of the source that has the original."] = Slug("")
    note: Annotated[Text, "What a reader should know of it: that a translation reversed it."] = (
        Text("")
    )


class Response(Struct, frozen=True, kw_only=True):
    """What somebody who was asked, or is concerned, had to say."""

    sender: Annotated[PartyName, "The company or person that answered, or did not."] = field(
        name="from"
    )
    stance: Annotated[Stance, "What came: a statement, a refusal, nothing."]
    to: Annotated[Line, "What about: its plans for Scale AI."] = Line("")
    text: Annotated[Text, "What was said, in your own words."] = Text("")
    source: Annotated[Slug, "The id of the source that says so."] = Slug("")


# What was wrong. An omission, or a clarification, may have nothing that stood there before.
CorrectionKind = Literal[
    "factual", "attribution", "translation", "spelling", "omission", "clarification"
]


class Correction(Struct, frozen=True, kw_only=True):
    """Something that a brief said and that was put right: what stood there, what stands there."""

    at: Annotated[PublicationTime, "When it was corrected; from then on it is shown."]
    kind: Annotated[CorrectionKind, "What was wrong: a fact, whose words they are, a translation."]
    now: Annotated[Text, "What it says now."]
    was: Annotated[Text, "What it said before."] = Text("")
    note: Annotated[Text, "What a reader should know of it: how it came about, who found it."] = (
        Text("")
    )


class Record(Struct, frozen=True, kw_only=True):
    """What every record has besides its own fields. `path` is relative to the site's folder,
    with `/`; `places` maps a field's path (`sources.0.of`) to where its value stands."""

    allow: Annotated[
        tuple[Allowed, ...], "Warnings that are not given for this file: each with the reason."
    ] = ()
    path: str = ""
    broken: bool = False  # something in it is wrong, was reported, and is stood in for
    places: dict[str, Place] = {}
    body: Body = Body()

    @property
    def url(self) -> str:
        """Its page's address on this site; empty for what has no page."""
        return ""

    @property
    def identity(self) -> str:
        """What it is known by when its title and address change: its id, or its file's name."""
        return str(getattr(self, "id", "")) or PurePosixPath(self.path).stem

    @property
    def label(self) -> str:
        """What it is called."""
        return str(getattr(self, "title", "") or getattr(self, "name", ""))


class Brief(Record, frozen=True, kw_only=True):
    """One story: content/briefs/."""

    title: Annotated[Line, "The headline: one line, at most 90 characters, with a company in it."]
    date: Annotated[PublicationTime, "Publication; a date in the future schedules the brief."]
    id: Annotated[Identifier, "Minted once by `slugline new`; feeds know the brief by it."] = (
        Identifier("")
    )
    summary: Annotated[Text, "One sentence for lists, feeds and cards."] = Text("")
    companies: Annotated[
        tuple[CompanyName, ...], "Who it is about, by name or alias; the first is the subject."
    ] = ()
    sources: Annotated[tuple[Source, ...], "What it rests on, and who relays whom."] = ()
    event_date: Annotated[PartialDate | None, "When it happened; company pages sort by it."] = None
    updated: Annotated[PublicationTime | None, "The last material change."] = None
    status: Annotated[Status, "A withdrawn brief is only a page that says so and why."] = (
        "published"
    )
    withdrawn_because: Annotated[Text, "The reason that the page of a withdrawn brief gives."] = (
        Text("")
    )
    expires: Annotated[PublicationTime | None, "From then on it appears nowhere."] = None
    slug: Annotated[Slug, "The last part of its address. Without one: the file's name."] = Slug("")
    redirects: Annotated[tuple[Slug, ...], "Slugs that it had before."] = ()
    author: Annotated[AuthorName, "Who wrote it, as declared in site.yaml."] = AuthorName("")
    section: Annotated[SectionName, "Its section, as declared in site.yaml."] = SectionName("")
    importance: Annotated[Literal[1, 2, 3], "1 leads the front page, 3 is in brief."] = 2
    topics: Annotated[tuple[TopicName, ...], "What it is about; a topic needs no file."] = ()
    people: Annotated[tuple[PersonName, ...], "Who is in it; a person needs no file."] = ()
    thread: Annotated[Slug, "The story line that it is a part of: the slug of a thread."] = Slug("")
    follows: Annotated[
        tuple[Slug, ...], "Slugs of the earlier briefs whose story it takes further."
    ] = ()
    figures: Annotated[tuple[Figure, ...], "The numbers of the story."] = ()
    relations: Annotated[
        tuple[Relation, ...], "What companies are to each other, and since when."
    ] = ()
    why: Annotated[Text, "Why it matters, in a sentence or two."] = Text("")
    yes_but: Annotated[tuple[Text, ...], "What speaks against it."] = ()
    whats_next: Annotated[tuple[Text, ...], "What to watch."] = ()
    products: Annotated[
        tuple[Line, ...], "Products that it is about, as their makers write them."
    ] = ()
    claims: Annotated[tuple[Claim, ...], "What is known and what is only said, and by whom."] = ()
    quotes: Annotated[tuple[Quote, ...], "What was said, word for word."] = ()
    responses: Annotated[tuple[Response, ...], "Who answered, and who declined."] = ()
    corrections: Annotated[tuple[Correction, ...], "What it said, and says no more."] = ()
    image: Annotated[Image | None, "The picture at its head."] = None
    lang: Annotated[LanguageTag, "Its language. Without one: the site's."] = LanguageTag("")
    translation_of: Annotated[Slug, "The slug of the brief that it translates."] = Slug("")

    @property
    def url(self) -> str:
        return f"/briefs/{self.slug}/"

    @property
    def speakers(self) -> tuple[PersonName, ...]:
        """The people whose words it gives, as written."""
        named = (*(c.by.person for c in self.claims if c.by), *(q.by for q in self.quotes))
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def happened(self) -> Moment:
        """When it happened, or else when it was published."""
        return self.event_date or self.date


class Company(Record, frozen=True, kw_only=True):
    """A company: content/companies/. The text is its profile."""

    name: Annotated[Line, "Its name as it should be printed."]
    id: Annotated[Identifier, "Minted once by `slugline new`."] = Identifier("")
    summary: Annotated[Text, "What it is, in one sentence."] = Text("")
    aliases: Annotated[tuple[Line, ...], "Other names that mean it."] = ()
    formerly: Annotated[tuple[Line, ...], "Earlier names; their addresses lead here."] = ()
    parent: Annotated[CompanyName, "The company that owns it."] = CompanyName("")
    merged_into: Annotated[
        CompanyName, "The company it became part of; its address leads there."
    ] = CompanyName("")
    kind: Annotated[CompanyKind | None, "What sort of company it is."] = None
    founded: Annotated[PartialDate | None, "When it was founded; a year will do."] = None
    headquarters: Annotated[Line, "City and country."] = Line("")
    website: Annotated[Url, "Its own site."] = Url("")
    ticker: Annotated[Line, "Exchange and symbol: NASDAQ: GOOGL."] = Line("")
    people: Annotated[tuple[PersonName, ...], "Who leads it."] = ()
    products: Annotated[tuple[Line, ...], "What it is known for."] = ()
    do_not_translate: Annotated[bool, "Whether its name stays as it is in every language."] = True
    sources: Annotated[tuple[Source, ...], "What the profile rests on."] = ()
    slug: Annotated[Slug, "The last part of its address. Without one: the file's name."] = Slug("")
    redirects: Annotated[tuple[Slug, ...], "Slugs that it had before."] = ()

    @property
    def url(self) -> str:
        return f"/companies/{self.slug}/"


class Topic(Record, frozen=True, kw_only=True):
    """A subject that briefs share: content/topics/. Optional: a topic that briefs name exists."""

    name: Annotated[Line, "Its name as it should be printed."]
    id: Annotated[Identifier, "Minted once by `slugline new`."] = Identifier("")
    summary: Annotated[Text, "What it covers, in one sentence."] = Text("")
    aliases: Annotated[tuple[Line, ...], "Other names that mean it."] = ()
    slug: Annotated[Slug, "The last part of its address. Without one: the file's name."] = Slug("")
    redirects: Annotated[tuple[Slug, ...], "Slugs that it had before."] = ()

    @property
    def url(self) -> str:
        return f"/topics/{self.slug}/"


class Thread(Record, frozen=True, kw_only=True):
    """A story line that briefs carry on: content/threads/. The text is its background."""

    title: Annotated[Line, "The story in a few words, as it should be printed."]
    id: Annotated[Identifier, "Minted once by `slugline new`."] = Identifier("")
    summary: Annotated[Text, "The standfirst: what happened so far, in a sentence or two."] = Text(
        ""
    )
    closed: Annotated[
        PartialDate | None, "When the story came to its end; without it, it goes on."
    ] = None
    sources: Annotated[tuple[Source, ...], "What the text rests on."] = ()
    slug: Annotated[Slug, "The last part of its address. Without one: the file's name."] = Slug("")
    redirects: Annotated[tuple[Slug, ...], "Slugs that it had before."] = ()

    @property
    def url(self) -> str:
        return f"/threads/{self.slug}/"


class Person(Record, frozen=True, kw_only=True):
    """A person in the news: content/people/. Optional: a person whom briefs name exists."""

    name: Annotated[Line, "The name as it should be printed."]
    id: Annotated[Identifier, "Minted once by `slugline new`."] = Identifier("")
    summary: Annotated[Text, "Who it is, in one sentence."] = Text("")
    aliases: Annotated[tuple[Line, ...], "Other spellings that mean this person."] = ()
    role: Annotated[Line, "The post held: chief executive."] = Line("")
    company: Annotated[CompanyName, "Where."] = CompanyName("")
    website: Annotated[Url, "The person's own site."] = Url("")
    sources: Annotated[tuple[Source, ...], "What the text rests on."] = ()
    slug: Annotated[Slug, "The last part of the address. Without one: the file's name."] = Slug("")
    redirects: Annotated[tuple[Slug, ...], "Slugs that this page had before."] = ()

    @property
    def url(self) -> str:
        return f"/people/{self.slug}/"


class Publisher(Record, frozen=True, kw_only=True):
    """Someone who publishes what briefs rest on: content/publishers/. Optional: a publisher that a
    brief names as a source exists."""

    name: Annotated[Line, "Its name as it should be printed."]
    id: Annotated[Identifier, "Minted once by `slugline new`."] = Identifier("")
    aliases: Annotated[tuple[Line, ...], "Other names that mean it."] = ()
    website: Annotated[Url, "Its own site."] = Url("")
    lang: Annotated[LanguageTag, "The language it publishes in."] = LanguageTag("")
    kind: Annotated[PublisherKind | None, "What sort of publisher it is."] = None
    country: Annotated[Line, "Where it sits."] = Line("")
    slug: Annotated[Slug, "The last part of its address. Without one: the file's name."] = Slug("")
    redirects: Annotated[tuple[Slug, ...], "Slugs that it had before."] = ()

    @property
    def url(self) -> str:
        return f"/sources/{self.slug}/"


class PlainPage(Record, frozen=True, kw_only=True):
    """A page that is not news, such as about: content/pages/."""

    title: Annotated[Line, "The page's heading."]
    id: Annotated[Identifier, "Minted once by `slugline new`."] = Identifier("")
    summary: Annotated[Text, "What search engines and previews show."] = Text("")
    slug: Annotated[Slug, "Its address. Without one: the file's name."] = Slug("")
    updated: Annotated[PublicationTime | None, "The last material change."] = None
    lang: Annotated[LanguageTag, "Its language. Without one: the site's."] = LanguageTag("")

    @property
    def url(self) -> str:
        return f"/{self.slug}/"


class Digest(Record, frozen=True, kw_only=True):
    """An editor's words over the digest of a week: content/digests/2025-w24.md. Optional: every
    week that has briefs has a digest."""

    title: Annotated[Line, "The heading. Without one: the week."] = Line("")
    summary: Annotated[Text, "What stands under it, and what previews show."] = Text("")
    slug: Slug = Slug("")  # the file's name: a week of ISO 8601

    @property
    def url(self) -> str:
        return f"/digests/{self.slug}/"


# The folder of content/ in which each record is written, in the order in which they are read.
FOLDERS: tuple[tuple[str, type[Record]], ...] = (
    ("companies", Company),
    ("topics", Topic),
    ("threads", Thread),
    ("people", Person),
    ("publishers", Publisher),
    ("pages", PlainPage),
    ("digests", Digest),
    ("briefs", Brief),
)


class CompanyNames(NamedTuple):
    """A company that a file lists: the names under which its text may mention it."""

    url: str
    names: tuple[str, ...]


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


# --- site.yaml ---------------------------------------------------------------------------------


class Section(Struct, frozen=True, kw_only=True):
    """A section of the site."""

    slug: Annotated[Slug, "Its address, and what briefs write."]
    name: Annotated[Line, "Its name in menus."]
    summary: Annotated[Text, "What it covers, in one sentence."] = Text("")

    @property
    def url(self) -> str:
        return f"/{self.slug}/"


class Author(Struct, frozen=True, kw_only=True):
    """Someone who writes briefs."""

    slug: Annotated[Slug, "What briefs write."]
    name: Annotated[Line, "The name in by-lines and feeds."]
    kind: Annotated[Literal["person", "organization"], "Whether it is a person or a desk."] = (
        "person"
    )


class MenuItem(Struct, frozen=True, kw_only=True):
    """A link in the menu or the footer."""

    name: Annotated[Line, "Its text."]
    url: Annotated[Address, "An address of this site, or elsewhere."]


TargetKind = Literal["rclone", "folder", "git"]


class Target(Struct, frozen=True, kw_only=True):
    """A place from which readers are served, and how it is reached."""

    kind: Annotated[
        TargetKind,
        "What it is: anything that rclone reaches, a folder of this machine, or a branch of a"
        " repository.",
    ]
    to: Annotated[Line, "Where: `s3:bucket/news`, `/var/www/news`, the address of a repository."]
    url: Annotated[
        Url, "The address at which readers see it. Without one: the site's, which no deploy asks."
    ] = Url("")
    branch: Annotated[Line, "The branch of a repository that is published: gh-pages, pages."] = (
        Line("")
    )
    cname: Annotated[Line, "The domain that a repository's host serves it under."] = Line("")
    keep: Annotated[int, "How many releases can be brought back."] = 5
    deletions: Annotated[int, "How many files a deploy may remove without being allowed to."] = 50
    hub: Annotated[Url, "A WebSub hub that is told when feeds have changed."] = Url("")
    index_now: Annotated[
        Slug, "The IndexNow key, which is public; search engines are told which pages changed."
    ] = Slug("")


class Settings(Struct, frozen=True, kw_only=True):
    """site.yaml: what the whole site shares."""

    title: Annotated[Line, "The site's name."]
    base_url: Annotated[Url, "Where the site will be: https://example.org/news."]
    time_zone: Annotated[TimeZone, "The zone of dates written without one: Europe/Amsterdam."] = (
        TimeZone("UTC")
    )
    language: Annotated[LanguageTag, "The language of the site: en-GB."] = LanguageTag("en")
    tagline: Annotated[Line, "A few words under the name."] = Line("")
    description: Annotated[Text, "What it is, in a sentence or two, for feeds and previews."] = (
        Text("")
    )
    publisher: Annotated[Line, "Who publishes it. Without one: the site's name."] = Line("")
    copyright: Annotated[Line, "The line at the foot of every page."] = Line("")
    author: Annotated[AuthorName, "Who wrote a brief that does not say."] = AuthorName("")
    authors: Annotated[tuple[Author, ...], "Who writes."] = ()
    sections: Annotated[tuple[Section, ...], "The sections, in the order of the menu."] = ()
    menu: Annotated[tuple[MenuItem, ...], "More links in the menu, after the sections."] = ()
    footer: Annotated[tuple[MenuItem, ...], "Links at the foot of every page."] = ()
    distinct: Annotated[
        tuple[tuple[Line, ...], ...], "Names that look alike and are not the same: [GPT-4, GPT-4o]."
    ] = ()
    deploy: Annotated[
        dict[Slug, Target], "Where the site is sent, by names of your own: production, staging."
    ] = {}
    per_page: Annotated[int, "How many briefs a page of a list holds at least."] = 20
    feed_items: Annotated[int, "How many briefs a feed holds."] = 20
    hosting: Annotated[
        Hosting | None,
        "What serves the site. netlify and cloudflare get `_headers` and `_redirects` in output/;"
        " for caddy and nginx `slugline hosting` prints the configuration.",
    ] = None
    trusted: Annotated[
        tuple[Url, ...],
        "Other sites whose scripts and pictures pages may load: https://stats.example.",
    ] = ()


# --- what lists show ---------------------------------------------------------------------------


class Link(Struct, frozen=True, array_like=True):
    """A name and its address."""

    name: Annotated[str, "The name."]
    url: Annotated[str, "Its address; where it says so, nothing."]


class Card(Struct, frozen=True):
    """A brief as lists show it: small, so that a change of its text leaves lists as they are."""

    url: Annotated[str, "Its address."]
    title: Annotated[str, "The headline."]
    summary: Annotated[str, "One sentence, or nothing."]
    date: Annotated[Moment, "When it was published."]
    happened: Annotated[Moment | None, "When it happened, where that is another day."]
    lang: Annotated[str, "Its language tag."]
    section: Annotated[Link | None, "Its section."]
    companies: Annotated[tuple[Link, ...], "Who it is about; the first is the subject."]
    importance: Annotated[int, "1 leads, 3 is in brief."]
    draft: Annotated[bool, "Whether it is a draft or scheduled, in a preview."] = False


# --- names and slugs ---------------------------------------------------------------------------

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_IGNORED = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def slugify(text: str) -> str:
    """The slug that a name makes: `Scale AI` -> `scale-ai`, `Báo Dân trí` -> `bao-dan-tri`.
    Empty when the text has no letter or digit that ASCII can show."""
    text = (
        text.casefold().replace("đ", "d").replace("ø", "o").replace("ł", "l").replace("&", " and ")
    )
    decomposed = unicodedata.normalize("NFKD", text)
    ascii_text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub("-", re.sub(r"['’]", "", ascii_text)).strip("-")


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """What two spellings of one name share: NFKC, case folded, spaces and punctuation aside."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _IGNORED.sub("", folded) or folded
