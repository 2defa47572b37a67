"""site.yaml: lists of briefs by what they are about."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from builder.model.values import (
    CompanyName,
    LanguageTag,
    Line,
    PersonName,
    SectionName,
    Slug,
    Text,
    TopicName,
)
from builder.names.keys import page_address


class Watchlist(Struct, frozen=True, kw_only=True):
    """A list of briefs on several companies, topics, people or sections, with a page and a feed.

    A brief is on it if it names one of them, and has the importance and the language."""

    from_text: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Line, "The name of the list: Chip makers."]
    slug: Annotated[Slug, "The last part of the address (default: the slug of `name`)."] = Slug("")
    summary: Annotated[Text, "What the list follows, in one sentence."] = Text("")
    companies: Annotated[tuple[CompanyName, ...], "Companies, by any of their names."] = ()
    topics: Annotated[tuple[TopicName, ...], "Topics."] = ()
    people: Annotated[tuple[PersonName, ...], "People."] = ()
    sections: Annotated[tuple[SectionName, ...], "Sections."] = ()
    importance: Annotated[
        Literal[1, 2, 3],
        "The lowest priority of a brief: with 1, only what may lead the front page.",
    ] = 3
    lang: Annotated[LanguageTag, "Only briefs in this language."] = LanguageTag("")

    @property
    def url(self) -> str:
        return page_address("watchlists", self.slug)
