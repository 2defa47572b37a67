"""Who said what: claims, quotations, responses and corrections."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct, field

from builder.model.time import PublicationTime
from builder.model.values import CompanyName, LanguageTag, Line, PartyName, PersonName, Slug, Text

ClaimStatus = Literal[
    "confirmed", "reported", "claimed", "disputed", "denied", "forecast", "opinion"
]


KNOWN = ("confirmed", "reported")  # what counts as known; the rest is only said


Stance = Literal["statement", "declined", "no reply", "denied", "confirmed"]


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
