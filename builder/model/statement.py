"""Statements: claims, quotations, responses and corrections."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct, field

from builder.model.expectation import DueDate
from builder.model.time import PublicationTime
from builder.model.values import (
    ClaimReference,
    CompanyName,
    LanguageTag,
    Line,
    PartyName,
    PersonName,
    Slug,
    SourceWords,
    Text,
)

ClaimStatus = Literal[
    "confirmed", "reported", "claimed", "disputed", "denied", "forecast", "opinion"
]


KNOWN = ("confirmed", "reported")  # the statuses that count as known; the rest are only claimed


Stance = Literal["statement", "declined", "no reply", "denied", "confirmed"]


class Speaker(Struct, frozen=True, kw_only=True):
    """A person, a company, or people whom the source does not name.

    One that is only text is the name of a person."""

    from_text: ClassVar[tuple[str, ...]] = ("person",)

    person: Annotated[PersonName, "The name of a person."] = PersonName("")
    company: Annotated[CompanyName, "A company that makes the statement itself."] = CompanyName("")
    anonymous: Annotated[int | None, "The number of people, if the source does not name them."] = (
        None
    )
    of: Annotated[
        CompanyName, "The employer; leave it out for people who are only familiar with a matter."
    ] = CompanyName("")
    described_as: Annotated[
        Line, "The description in the source: familiar with the matter, chief executive."
    ] = Line("")

    @property
    def named(self) -> bool:
        """Return whether the speaker is named."""
        return bool(self.person or self.company)


class AlsoReported(Struct, frozen=True, kw_only=True):
    """A further source that reports a claim itself.

    One that is only text is the id of the source."""

    from_text: ClassVar[tuple[str, ...]] = ("source",)

    source: Annotated[Slug, "The id of the source."]
    by: Annotated[Speaker | None, "The speaker whom that source reports."] = None


class Claim(Struct, frozen=True, kw_only=True):
    """A claim in the story, and who makes it."""

    text: Annotated[Text, "The claim, in one sentence of your own."]
    status: Annotated[ClaimStatus, "The status; `claimed` means claimed by an interested party."]
    source: Annotated[Slug, "The id of the source that reports the claim."] = Slug("")
    by: Annotated[Speaker | None, "The speaker whom that source reports."] = None
    interest: Annotated[Line, "The interest of the speaker: a rival of Scale AI."] = Line("")
    words: Annotated[
        SourceWords,
        "The sentence of the source that says so, in its language, of at most 300 characters.",
    ] = SourceWords("")
    due: Annotated[
        DueDate | None,
        "The date by which a claim with the status `forecast` is to have come true: a year, half,"
        " quarter, month or day. It makes the claim an expectation, which needs an `id`.",
    ] = None
    id: Annotated[
        Slug,
        "The id by which a later brief names the claim or settles the forecast, unique among the"
        " claims of this file and what it expects.",
    ] = Slug("")
    also: Annotated[
        tuple[AlsoReported, ...],
        "Further sources that report the claim themselves: ids of sources, or `{source: cnbc, by:"
        " …}`.",
    ] = ()
    confirms: Annotated[
        ClaimReference,
        "The claim of an earlier brief that this one confirms: `brief#id`. The earlier brief then"
        " says so.",
    ] = ClaimReference("")
    denies: Annotated[
        ClaimReference,
        "The claim of an earlier brief that this one denies, or disputes if its status is"
        " `disputed`: `brief#id`. The earlier brief then says so.",
    ] = ClaimReference("")


class Quote(Struct, frozen=True, kw_only=True):
    """A quotation, spoken or printed."""

    text: Annotated[Text, "The words, without quotation marks."]
    by: Annotated[PersonName, "The speaker."] = PersonName("")
    of: Annotated[CompanyName, "The company for which the person speaks."] = CompanyName("")
    described_as: Annotated[Line, "The position held at the time, such as chief executive."] = Line(
        ""
    )
    lang: Annotated[LanguageTag, "The language of the words (default: the brief's)."] = LanguageTag(
        ""
    )
    source: Annotated[Slug, "The id of the source that quotes the words."] = Slug("")
    original: Annotated[Text, "The original words, if `text` is a translation."] = Text("")
    original_lang: Annotated[LanguageTag, "The language of the original."] = LanguageTag("")
    original_source: Annotated[Slug, "The id of the source that quotes the original."] = Slug("")
    note: Annotated[
        Text, "A note for readers, such as that a translation reversed the meaning."
    ] = Text("")
    words: Annotated[
        SourceWords,
        "The sentence of the source with the quotation, in the language of the source, of at most"
        " 300 characters.",
    ] = SourceWords("")


class Response(Struct, frozen=True, kw_only=True):
    """A response of a company or person that the story concerns."""

    sender: Annotated[PartyName, "The company or person that responded, or did not."] = field(
        name="from"
    )
    stance: Annotated[Stance, "The kind of response: a statement, a refusal, no reply."]
    to: Annotated[Line, "The subject of the response: its plans for Scale AI."] = Line("")
    text: Annotated[Text, "The response, in your own words."] = Text("")
    source: Annotated[Slug, "The id of the source that reports the response."] = Slug("")


# The kind of error. An omission or a clarification may have no former text.
CorrectionKind = Literal[
    "factual", "attribution", "translation", "spelling", "omission", "clarification"
]


class Correction(Struct, frozen=True, kw_only=True):
    """A correction: the former text and the corrected one."""

    at: Annotated[PublicationTime, "The date of the correction, from which it is shown."]
    kind: Annotated[CorrectionKind, "The kind of error: a fact, an attribution, a translation."]
    now: Annotated[Text, "The corrected text."]
    was: Annotated[Text, "The former text."] = Text("")
    note: Annotated[Text, "A note for readers: how the error came about, or who found it."] = Text(
        ""
    )
