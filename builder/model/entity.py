"""Companies, topics, threads, people, publishers, pages and digests."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from builder.model.brief import Brief
from builder.model.record import Record
from builder.model.source import Source
from builder.model.time import PartialDate, PublicationTime
from builder.model.values import (
    CompanyName,
    Identifier,
    LanguageTag,
    Line,
    PersonName,
    Slug,
    Text,
    Url,
)

CompanyKind = Literal[
    "lab", "vendor", "investor", "chip maker", "cloud", "platform", "application", "conglomerate",
    "research", "regulator", "other",
]  # fmt: skip


PublisherKind = Literal[
    "news agency", "newspaper", "magazine", "trade press", "broadcaster", "aggregator", "company",
    "regulator", "newsletter", "other",
]  # fmt: skip


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
