"""The records that editors write, field by field, and the values they are made of.

A front matter field is one line here: its type, its default, and in `Annotated` the sentence that
the reference page and the editor's completion show. Fields without a sentence are not front
matter: they are filled in by the reader. Types such as `Line` or `CompanyName` say how `schema`
reads a value; at run time they are plain `str`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from builder.model.figure import Figure
from builder.model.record import Image, Record
from builder.model.relation import Relation
from builder.model.source import Source
from builder.model.statement import Claim, Correction, Quote, Response
from builder.model.time import Moment, PartialDate, PublicationTime
from builder.model.values import (
    AuthorName,
    CompanyName,
    Identifier,
    LanguageTag,
    Line,
    PersonName,
    SectionName,
    Slug,
    Text,
    TopicName,
)

# --- the records -------------------------------------------------------------------------------


Status = Literal["draft", "published", "withdrawn"]


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
