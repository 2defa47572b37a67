"""Briefs, the records of news stories.

One line defines a front matter field: its type, its default, and in `Annotated` the help text that
the reference page and completion in code editors show. Fields without a help text are not front
matter; the program sets them. Types such as `Line` or `CompanyName` determine how `schema` reads a
value; at run time they are plain `str`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from builder.model.editions import TranslatedBy
from builder.model.event import Event
from builder.model.expectation import Expectation, NextStep, Settlement
from builder.model.figure import Figure
from builder.model.record import Image, Record
from builder.model.relation import Relation
from builder.model.sharing import Discussion
from builder.model.source import Source
from builder.model.statement import Claim, Correction, Quote, Response
from builder.model.time import Moment, PartialDate, PublicationTime
from builder.model.values import (
    AuthorName,
    CompanyName,
    FeedIdentity,
    Identifier,
    LanguageTag,
    Line,
    OldAddress,
    PersonName,
    SectionName,
    Slug,
    Text,
    TopicName,
)
from builder.names.keys import page_address

# --- the records -------------------------------------------------------------------------------


# A brief in review is a draft that waits for a colleague.
Status = Literal["draft", "review", "published", "withdrawn"]


class Withdrawal(Struct, frozen=True, kw_only=True):
    """How a brief is withdrawn."""

    show: Annotated[
        Literal["notice", "nothing"],
        "What readers still get: a notice with the title, dates, reason and corrections, or nothing"
        " but the words that a brief was withdrawn.",
    ] = "notice"


class Brief(Record, frozen=True, kw_only=True):
    """A story, in content/briefs/."""

    title: Annotated[Line, "The headline: one line of at most 90 characters that names a company."]
    date: Annotated[
        PublicationTime, "The publication date; a date in the future schedules the brief."
    ]
    id: Annotated[
        Identifier, "The permanent id from `slugline new`; feeds identify the brief by it."
    ] = Identifier("")
    guid: Annotated[
        FeedIdentity,
        "The identity of the story in the feed of a former site: any text or address. Feeds use it"
        " in place of the id.",
    ] = FeedIdentity("")
    summary: Annotated[Text, "One sentence for lists, feeds and cards."] = Text("")
    companies: Annotated[
        tuple[CompanyName, ...],
        "Companies in the story, by name or alias; the first is the subject.",
    ] = ()
    sources: Annotated[
        tuple[Source, ...], "Sources of the story, and which of them relays which."
    ] = ()
    event_date: Annotated[
        PartialDate | None, "The date of the event; company pages sort by it."
    ] = None
    updated: Annotated[PublicationTime | None, "The date of the last material change."] = None
    status: Annotated[
        Status,
        "The status. A draft or a brief in review is not published; a withdrawn one keeps a page"
        " with the reason.",
    ] = "published"
    withdrawn_because: Annotated[Text, "The reason that the page of a withdrawn brief shows."] = (
        Text("")
    )
    withdrawn: Annotated[
        Withdrawal | None,
        "What readers still get of a withdrawn brief; `{show: nothing}` removes its title too.",
    ] = None
    expires: Annotated[
        PublicationTime | None, "The date from which the brief is no longer published."
    ] = None
    slug: Annotated[Slug, "The last part of the address (default: the file name)."] = Slug("")
    redirects: Annotated[
        tuple[OldAddress, ...],
        "Former slugs, or whole paths such as /2024/01/old.html, which redirect to this page.",
    ] = ()
    author: Annotated[
        tuple[AuthorName, ...],
        "The authors, in the order of the byline, as site.yaml declares them.",
    ] = ()
    checked_by: Annotated[
        tuple[AuthorName, ...],
        "Who has read the brief against its sources: authors of site.yaml, but not its own.",
    ] = ()
    section: Annotated[SectionName, "The section, as declared in site.yaml."] = SectionName("")
    importance: Annotated[
        Literal[1, 2, 3], "The priority: 1 leads the front page, 3 is listed in brief."
    ] = 2
    topics: Annotated[tuple[TopicName, ...], "Topics of the story; a topic needs no file."] = ()
    people: Annotated[tuple[PersonName, ...], "People in the story; a person needs no file."] = ()
    thread: Annotated[Slug, "The slug of the thread that the story belongs to."] = Slug("")
    follows: Annotated[
        tuple[Slug, ...], "Slugs of the earlier briefs that this story continues."
    ] = ()
    figures: Annotated[tuple[Figure, ...], "Figures in the story."] = ()
    relations: Annotated[
        tuple[Relation, ...], "Relations between companies, and when they began."
    ] = ()
    why: Annotated[Text, "Why the story matters, in one or two sentences."] = Text("")
    yes_but: Annotated[tuple[Text, ...], "Objections and caveats."] = ()
    whats_next: Annotated[
        tuple[NextStep, ...], "Developments to watch, as text or with a date by which they are due."
    ] = ()
    expects: Annotated[
        tuple[Expectation, ...],
        "What is announced, planned or forecast, and by when: it is listed under /expected/.",
    ] = ()
    settles: Annotated[tuple[Settlement, ...], "The outcomes of what earlier briefs expect."] = ()
    events: Annotated[
        tuple[Event, ...], "What is scheduled: it is listed under /calendar/ and in its files."
    ] = ()
    products: Annotated[
        tuple[Line, ...], "Products in the story, spelt as their makers spell them."
    ] = ()
    claims: Annotated[tuple[Claim, ...], "What is known or only claimed, and by whom."] = ()
    quotes: Annotated[tuple[Quote, ...], "Quotations, word for word."] = ()
    responses: Annotated[
        tuple[Response, ...], "Responses to requests for comment, including refusals."
    ] = ()
    corrections: Annotated[tuple[Correction, ...], "Corrections made after publication."] = ()
    image: Annotated[Image | None, "The picture at the top of the page."] = None
    discussion: Annotated[
        tuple[Discussion, ...],
        "Where the story is discussed: addresses of posts or threads, such as on Hacker News.",
    ] = ()
    lang: Annotated[LanguageTag, "The language (default: the site's)."] = LanguageTag("")
    translation_of: Annotated[Slug, "The slug of the brief that this one translates."] = Slug("")
    translated: Annotated[
        TranslatedBy | None, "Who translated it: {by: machine, reviewed_by: ann}."
    ] = None

    @property
    def url(self) -> str:
        return page_address("briefs", self.slug)

    @property
    def unreviewed(self) -> bool:
        """Whether it is a machine translation that nobody has reviewed."""
        return self.translated is not None and self.translated.unreviewed

    @property
    def tells_nothing(self) -> bool:
        """Whether readers learn no more than that it was withdrawn."""
        shown = self.withdrawn.show if self.withdrawn else "notice"
        return self.status == "withdrawn" and shown == "nothing"

    @property
    def identity(self) -> str:
        """Return the identity of the story in feeds."""
        return self.guid or super().identity

    @property
    def speakers(self) -> tuple[PersonName, ...]:
        """Return the names of the people whose words the brief reports."""
        also = (a.by.person for c in self.claims for a in c.also if a.by)
        named = (*(c.by.person for c in self.claims if c.by), *also, *(q.by for q in self.quotes))
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def steps(self) -> tuple[Text, ...]:
        """Return the texts of the developments to watch."""
        return tuple([step.text for step in self.whats_next])

    @property
    def happened(self) -> Moment:
        """Return the date of the event, or else of the publication."""
        return self.event_date or self.date
