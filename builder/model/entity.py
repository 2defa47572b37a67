"""Companies, topics, threads, people, publishers, pages and digests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

from msgspec import Struct

from builder.model.brief import Brief
from builder.model.editions import TranslatedBy, TranslatedName, TranslatedTitle
from builder.model.period import FiscalYear, NamedBy
from builder.model.record import Record
from builder.model.source import Source
from builder.model.time import PartialDate, PublicationTime
from builder.model.values import (
    Cik,
    CompanyName,
    Domain,
    Identifier,
    LanguageTag,
    Lei,
    Line,
    MonthDay,
    OldAddress,
    Orcid,
    PersonName,
    Slug,
    Text,
    Ticker,
    Url,
    WikidataItem,
)
from builder.names.keys import in_address, page_address

CompanyKind = Literal[
    "lab", "vendor", "investor", "chip maker", "cloud", "platform", "application", "conglomerate",
    "research", "regulator", "other",
]  # fmt: skip


PublisherKind = Literal[
    "news agency", "newspaper", "magazine", "trade press", "broadcaster", "aggregator", "company",
    "regulator", "newsletter", "other",
]  # fmt: skip


# The status of a record that is not a brief.
RecordStatus = Literal["draft", "review", "published"]


class CompanyIds(Struct, frozen=True, kw_only=True):
    """The numbers of a company in registers, by which programs recognise it."""

    wikidata: Annotated[WikidataItem, "The item of Wikidata: Q95."] = WikidataItem("")
    lei: Annotated[Lei, "The Legal Entity Identifier, of 20 letters and digits."] = Lei("")
    cik: Annotated[Cik, "The Central Index Key of the SEC: 0001652044."] = Cik("")
    ticker: Annotated[
        tuple[Ticker, ...], "The exchange and symbol of each listing: NASDAQ:GOOGL."
    ] = ()


class PersonIds(Struct, frozen=True, kw_only=True):
    """The numbers of a person in registers, by which programs recognise them."""

    wikidata: Annotated[WikidataItem, "The item of Wikidata: Q42."] = WikidataItem("")
    orcid: Annotated[Orcid, "The ORCID iD: 0000-0002-1825-0097."] = Orcid("")


NO_IDS, NO_PERSON_IDS = CompanyIds(), PersonIds()


class Company(Record, frozen=True, kw_only=True):
    """A company, in content/companies/; its text is the profile."""

    name: Annotated[Line, "The name as printed."]
    id: Annotated[Identifier, "The permanent id from `slugline new`."] = Identifier("")
    summary: Annotated[Text, "The company in one sentence."] = Text("")
    aliases: Annotated[tuple[Line, ...], "Alternative names."] = ()
    formerly: Annotated[
        tuple[Line, ...], "Former names, whose addresses redirect to this page."
    ] = ()
    parent: Annotated[CompanyName, "The company that owns this one."] = CompanyName("")
    merged_into: Annotated[
        CompanyName, "The company that this one became part of; the address redirects to it."
    ] = CompanyName("")
    kind: Annotated[CompanyKind | None, "The kind of company."] = None
    founded: Annotated[PartialDate | None, "The date of the foundation; a year is enough."] = None
    headquarters: Annotated[Line, "The city and country of the headquarters."] = Line("")
    website: Annotated[Url, "The website's address."] = Url("")
    ids: Annotated[
        CompanyIds,
        "Its numbers in registers: {wikidata: Q95, lei: …, cik: …, ticker: NASDAQ:GOOGL}.",
    ] = NO_IDS
    ticker: Annotated[
        Line, "The exchange and symbol, such as NASDAQ: GOOGL; short for `ids: {ticker: …}`."
    ] = Line("")
    fiscal_year_end: Annotated[
        MonthDay, "The last month or day of the fiscal year: 01, 01-31 or January."
    ] = MonthDay("")
    fiscal_year_named: Annotated[
        NamedBy,
        "Whether a fiscal year is named by the calendar year in which it ends or starts.",
    ] = "end"
    people: Annotated[tuple[PersonName, ...], "The people who lead the company."] = ()
    products: Annotated[tuple[Line, ...], "The products that the company is known for."] = ()
    do_not_translate: Annotated[bool, "Whether the name is the same in every language."] = True
    sources: Annotated[tuple[Source, ...], "Sources of the profile."] = ()
    status: Annotated[RecordStatus, "The status; a draft is not published."] = "published"
    listed: Annotated[
        bool, "Whether the company has a page even if no published brief names it."
    ] = False
    translations: Annotated[
        dict[LanguageTag, TranslatedName],
        "The name and the summary in the languages of editions: {nl: {summary: …}}.",
    ] = {}  # noqa: RUF012 - msgspec copies it
    updated: Annotated[
        PublicationTime | None,
        "The date of the last material change of the text; translations are outdated until they"
        " follow.",
    ] = None
    slug: Annotated[Slug, "The last part of the address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /2024/01/old.html, which redirect to this page.",
    ] = ()
    lang: LanguageTag = LanguageTag("")  # of the text, if an edition has it in its own

    @property
    def url(self) -> str:
        return page_address("companies", self.slug)

    @property
    def tickers(self) -> tuple[str, ...]:
        """The exchange and symbol of each listing."""
        return tuple(self.ids.ticker) or ((str(self.ticker),) if self.ticker else ())

    @property
    def fiscal_year(self) -> FiscalYear | None:
        """Return when its fiscal years end, if its file says so."""
        end = self.fiscal_year_end
        return FiscalYear(end, self.fiscal_year_named) if end else None


class Topic(Record, frozen=True, kw_only=True):
    """A subject that briefs share, in content/topics/.

    The file is optional: a topic exists if a brief names it."""

    name: Annotated[Line, "The name as printed."]
    id: Annotated[Identifier, "The permanent id from `slugline new`."] = Identifier("")
    summary: Annotated[Text, "The subject in one sentence."] = Text("")
    aliases: Annotated[tuple[Line, ...], "Alternative names."] = ()
    status: Annotated[RecordStatus, "The status; the text of a draft is not published."] = (
        "published"
    )
    listed: Annotated[bool, "Whether the topic has a page even if no published brief names it."] = (
        False
    )
    translations: Annotated[
        dict[LanguageTag, TranslatedName],
        "The name and the summary in the languages of editions: {nl: {summary: …}}.",
    ] = {}  # noqa: RUF012 - msgspec copies it
    updated: Annotated[
        PublicationTime | None,
        "The date of the last material change of the text; translations are outdated until they"
        " follow.",
    ] = None
    slug: Annotated[Slug, "The last part of the address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /2024/01/old.html, which redirect to this page.",
    ] = ()
    lang: LanguageTag = LanguageTag("")  # of the text, if an edition has it in its own

    @property
    def url(self) -> str:
        return page_address("topics", self.slug)


class Thread(Record, frozen=True, kw_only=True):
    """A story line of several briefs, in content/threads/.

    Its text is the background."""

    title: Annotated[Line, "The story in a few words, as printed."]
    id: Annotated[Identifier, "The permanent id from `slugline new`."] = Identifier("")
    summary: Annotated[
        Text, "The standfirst: what has happened so far, in one or two sentences."
    ] = Text("")
    closed: Annotated[
        PartialDate | None, "The date when the story ended; without it, the story is open."
    ] = None
    sources: Annotated[tuple[Source, ...], "Sources of the text."] = ()
    status: Annotated[RecordStatus, "The status; a draft is not published."] = "published"
    translations: Annotated[
        dict[LanguageTag, TranslatedTitle],
        "The title and the summary in the languages of editions: {nl: {summary: …}}.",
    ] = {}  # noqa: RUF012 - msgspec copies it
    updated: Annotated[
        PublicationTime | None,
        "The date of the last material change of the text; translations are outdated until they"
        " follow.",
    ] = None
    slug: Annotated[Slug, "The last part of the address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /2024/01/old.html, which redirect to this page.",
    ] = ()
    lang: LanguageTag = LanguageTag("")  # of the text, if an edition has it in its own

    @property
    def url(self) -> str:
        return page_address("threads", self.slug)


class Person(Record, frozen=True, kw_only=True):
    """A person in the news, in content/people/.

    The file is optional: a person exists if a brief names them."""

    name: Annotated[Line, "The name as printed."]
    id: Annotated[Identifier, "The permanent id from `slugline new`."] = Identifier("")
    summary: Annotated[Text, "The person in one sentence."] = Text("")
    aliases: Annotated[tuple[Line, ...], "Alternative spellings of the name."] = ()
    role: Annotated[Line, "The position held, such as chief executive."] = Line("")
    company: Annotated[CompanyName, "The company at which the position is held."] = CompanyName("")
    website: Annotated[Url, "The website's address."] = Url("")
    ids: Annotated[PersonIds, "Their numbers in registers: {wikidata: Q42, orcid: …}."] = (
        NO_PERSON_IDS
    )
    sources: Annotated[tuple[Source, ...], "Sources of the text."] = ()
    status: Annotated[RecordStatus, "The status; what a draft says is not published."] = "published"
    listed: Annotated[
        bool, "Whether the person has a page even if no published brief names it."
    ] = False
    translations: Annotated[
        dict[LanguageTag, TranslatedName],
        "The name and the summary in the languages of editions: {nl: {summary: …}}.",
    ] = {}  # noqa: RUF012 - msgspec copies it
    updated: Annotated[
        PublicationTime | None,
        "The date of the last material change of the text; translations are outdated until they"
        " follow.",
    ] = None
    slug: Annotated[Slug, "The last part of the address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /2024/01/old.html, which redirect to this page.",
    ] = ()
    lang: LanguageTag = LanguageTag("")  # of the text, if an edition has it in its own

    @property
    def url(self) -> str:
        return page_address("people", self.slug)


class Profile(Record, frozen=True, kw_only=True):
    """A profile in the language of an edition, such as content/companies/scale-ai.nl.md.

    It translates the company, topic, thread or person whose file has the same name without the
    language. What it leaves out stays as it is there."""

    name: Annotated[Line, "The name in this language, if it has one."] = Line("")
    title: Annotated[Line, "The title of a thread in this language."] = Line("")
    summary: Annotated[Text, "The summary in this language."] = Text("")
    headquarters: Annotated[Line, "The headquarters of a company in this language."] = Line("")
    role: Annotated[Line, "The position of a person in this language."] = Line("")
    translated: Annotated[
        TranslatedBy | None, "Who translated it: {by: machine, reviewed_by: ann}."
    ] = None
    updated: Annotated[
        PublicationTime | None,
        "The date of the last change; it has the changes of the original until then.",
    ] = None
    status: Annotated[RecordStatus, "The status; a draft is not published."] = "published"
    lang: LanguageTag = LanguageTag("")  # the end of the file name
    slug: Slug = Slug("")  # that of the original

    @property
    def folder(self) -> str:
        """The folder in content/ of the record that it translates."""
        return PurePosixPath(self.path).parts[1]

    @property
    def url(self) -> str:
        return page_address(self.folder, self.slug)

    @property
    def unreviewed(self) -> bool:
        """Whether it is a machine translation that nobody has reviewed."""
        return self.translated is not None and self.translated.unreviewed


class Publisher(Record, frozen=True, kw_only=True):
    """A publisher of sources, in content/publishers/.

    The file is optional: a publisher exists if a brief names it as a source."""

    name: Annotated[Line, "The name as printed."]
    id: Annotated[Identifier, "The permanent id from `slugline new`."] = Identifier("")
    aliases: Annotated[tuple[Line, ...], "Alternative names."] = ()
    website: Annotated[
        Url, "The website's address; sources at its domain are of this publisher by default."
    ] = Url("")
    domains: Annotated[tuple[Domain, ...], "Other domains of the publisher, such as reut.rs."] = ()
    lang: Annotated[LanguageTag, "The language in which it publishes."] = LanguageTag("")
    kind: Annotated[PublisherKind | None, "The kind of publisher."] = None
    country: Annotated[Line, "The country in which it is based."] = Line("")
    parent: Annotated[
        Line,
        "The publisher that owns this one. Reports of one owner are not independent of each other.",
    ] = Line("")
    status: Annotated[RecordStatus, "The status; what a draft says is not published."] = "published"
    listed: Annotated[
        bool, "Whether the publisher has a page even if no published brief names it."
    ] = False
    slug: Annotated[Slug, "The last part of the address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /2024/01/old.html, which redirect to this page.",
    ] = ()

    @property
    def url(self) -> str:
        return page_address("sources", self.slug)


class PlainPage(Record, frozen=True, kw_only=True):
    """A page that is not news, such as /about/, in content/pages/."""

    title: Annotated[Line, "The page's heading."]
    id: Annotated[Identifier, "The permanent id from `slugline new`."] = Identifier("")
    summary: Annotated[Text, "The description that search engines and previews show."] = Text("")
    status: Annotated[RecordStatus, "The status; a draft is not published."] = "published"
    slug: Annotated[Slug, "The address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /about.html, which redirect to this page.",
    ] = ()
    updated: Annotated[PublicationTime | None, "The date of the last material change."] = None
    lang: Annotated[
        LanguageTag, "The language (default: that of the file name, about.nl.md, or the site's)."
    ] = LanguageTag("")
    # When its original in the main edition changed, if the page of an edition does not follow.
    outdated: PublicationTime | None = None

    @property
    def url(self) -> str:
        return f"/{in_address(self.slug)}/"


class Digest(Record, frozen=True, kw_only=True):
    """An editor's introduction to a week, in content/digests/2025-w24.md.

    The file is optional: each week with briefs has a digest."""

    title: Annotated[Line, "The heading (default: the week)."] = Line("")
    summary: Annotated[Text, "The standfirst, which previews show too."] = Text("")
    status: Annotated[RecordStatus, "The status; what a draft says is not published."] = "published"
    lang: Annotated[
        LanguageTag, "The language (default: that of the file name, 2025-w24.nl.md, or the site's)."
    ] = LanguageTag("")
    slug: Slug = Slug("")  # the file name: a week of ISO 8601

    @property
    def url(self) -> str:
        return page_address("digests", self.slug)


# The folder in content/ of each kind of record, in the order in which they are read.
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


# The fields that a profile in another language may have, by the folder of its record.
PROFILE_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "companies": ("name", "summary", "headquarters"),
        "topics": ("name", "summary"),
        "threads": ("title", "summary"),
        "people": ("name", "summary", "role"),
    }
)
# Every kind of record.
KINDS: tuple[type[Record], ...] = (*(kind for _, kind in FOLDERS), Profile)


class CompanyNames(NamedTuple):
    """A company that a file lists: its address, and names to link."""

    url: str
    names: tuple[str, ...]
