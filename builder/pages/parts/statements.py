"""The claims, quotations and responses of a brief, with their attribution.

Each is rendered as a line for pages and feeds, and as schema.org data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from builder.language.capitals import with_capital
from builder.language.language_names import language_name
from builder.language.unnamed import Unnamed, unnamed_people, with_article
from builder.language.words import Words
from builder.model.brief import Brief
from builder.model.source import ROOT_ROLES, Source
from builder.model.statement import KNOWN, Claim, Quote, Response, Speaker
from builder.pages.linked import link_brief
from builder.pages.page import Link
from builder.pages.parts.backing import BackingLine, claim_backing, standing_of
from builder.pages.parts.evidence import reading_address
from builder.pages.parts.expected_data import with_expectations
from builder.pages.parts.sources import citation, differ
from builder.pages.planner import Planner


class Attribution(Struct, frozen=True, kw_only=True):
    """The attribution of a statement.

    Five people familiar with the matter, speaking to Reuters; Garrett Lord, chief executive of
    Handshake, reported by Reuters.
    """

    who: Annotated[str, "The speaker: a name or a number of people; empty if none is given."]
    url: Annotated[str, "The address of the person or company, if any."]
    role: Annotated[str, "The person's position, if given."]
    link: Annotated[str, "What joins the speaker to the company: of, for, at, work at, works at."]
    of: Annotated[Link | None, "The speaker's company, if given."]
    how: Annotated[
        str, "What joins it to the source: speaking to, reported by, by, statement or filing."
    ]
    source: Annotated[Link | None, "The publisher, with the address of the source if it has one."]


class ClaimLine(Struct, frozen=True, kw_only=True):
    """A claim with its status and attribution."""

    text: Annotated[str, "The claim."]
    status: Annotated[str, "confirmed, reported, claimed, disputed, denied, forecast or opinion."]
    by: Annotated[Attribution, "Who makes the claim."]
    interest: Annotated[str, "The speaker's interest in the matter, if any."]
    backing: Annotated[BackingLine | None, "What stands behind it, if there is more to tell."] = (
        None
    )


class StatementWording(Struct, frozen=True, kw_only=True):
    """The words of a statement in one language."""

    text: Annotated[str, "The words, without quotation marks."]
    lang: Annotated[str, "The language tag."]
    language: Annotated[str, "The name of the language, if it needs to be shown."]
    source: Annotated[
        Link | None, "The publisher of the words, with the address of the source if it has one."
    ]


class QuoteLine(Struct, frozen=True, kw_only=True):
    """A quotation: its original wording first, then any translation."""

    wordings: Annotated[
        tuple[StatementWording, ...],
        "The words; the original and the translation if both are given.",
    ]
    by: Annotated[Attribution, "The speaker; the source is that of the words."]
    note: Annotated[str, "A note for readers, if any."]


class Answer(Struct, frozen=True, kw_only=True):
    """A response to a request for comment, or its absence."""

    who: Annotated[str, "The name of the company or person."]
    url: Annotated[str, "The address of its page, if any."]
    stance: Annotated[str, "statement, declined, no reply, denied or confirmed."]
    about: Annotated[str, "What it was asked about, if given: its plans."]
    text: Annotated[str, "The text of the response, if any."]
    source: Annotated[
        Link | None, "The publisher that reports it, with the address of the source if it has one."
    ]


class Statements(Struct, frozen=True, kw_only=True):
    """The statements in a brief, for its page and for feeds."""

    known: Annotated[tuple[ClaimLine, ...], "Claims that are confirmed or reported."]
    claimed: Annotated[
        tuple[ClaimLine, ...], "Claims that are not established, forecasts and opinions."
    ]
    quotes: Annotated[tuple[QuoteLine, ...], "The quotations."]
    responses: Annotated[tuple[Answer, ...], "The responses, including refusals to comment."]


def brief_statements(plan: Planner, brief: Brief) -> Statements:
    """Return the statements of a linked brief."""
    lines, voices = _Lines(plan, brief), link_brief(plan.view, brief.slug).voices
    claims = [
        (claim.status in KNOWN, lines.claim(n, claim)) for n, claim in enumerate(brief.claims)
    ]
    return Statements(
        known=tuple(line for known, line in claims if known),
        claimed=tuple(line for known, line in claims if not known),
        quotes=tuple(map(lines.quote, brief.quotes, voices.quotes)),
        responses=tuple(map(lines.answer, brief.responses, voices.responses)),
    )


def unnamed_in_words(words: Words, number: int, description: str) -> Unnamed:
    """Return unnamed people in words; 0 is an unknown number."""
    if words.language.split("-")[0] == "en":
        return unnamed_people(number, description, words.language)
    if description and number:
        # Translators: {description} is such as: familiar with the matter.
        said = words.many(
            "{n} person {description}",
            "{n} people {description}",
            number,
            description=description,
        )
    elif description:
        said = words("people {description}", description=description)
    elif number:
        said = words.many("{n} unnamed person", "{n} unnamed people", number)
    else:
        said = words("unnamed people")
    return Unnamed(said, number == 1)


class _Lines:
    """Builds the lines of one brief."""

    def __init__(self, plan: Planner, brief: Brief) -> None:
        self.plan, self.lang = plan, brief.lang or plan.language
        self.sources: dict[str, Source] = {source.id: source for source in brief.sources}
        self.standing = standing_of(plan, brief) if brief.claims else None

    def claim(self, n: int, claim: Claim) -> ClaimLine:
        how = "by" if _is_own_word(claim) else ""
        by = self._attribution(claim.by or Speaker(), claim.source, how, claim.words)
        return ClaimLine(
            text=claim.text,
            status=claim.status,
            by=by,
            interest=claim.interest,
            backing=self._backing(n, claim),
        )

    def _backing(self, n: int, claim: Claim) -> BackingLine | None:
        backings = self.standing.claims if self.standing else ()
        if not backings:
            return None
        by, source = claim.by or Speaker(), self.sources.get(claim.source)
        told: set[str] = {by.company, by.of}
        if source and source.role in ("statement", "filing"):
            told.add(self.plan.view.meaning("companies", source.publisher))
        return claim_backing(self.plan, claim, backings[n], told, self.lang)

    def quote(self, quote: Quote, speaker: Speaker) -> QuoteLine:
        both, sentence = bool(quote.original), str(quote.words)
        words = self._wording(quote.text, quote.lang, quote.source, both, sentence)
        if not quote.original:
            by = self._attribution(speaker, quote.source, words=sentence)
            return QuoteLine(wordings=(words,), by=by, note=quote.note)
        first = self._wording(quote.original, quote.original_lang, quote.original_source, True)
        by = self._attribution(speaker, "")  # each wording shows its own source
        return QuoteLine(wordings=(first, words), by=by, note=quote.note)

    def answer(self, response: Response, by: Speaker) -> Answer:
        link = self.plan.company(by.company) if by.company else self.plan.person(by.person)
        return Answer(
            who=link.name,
            url=link.url,
            stance=response.stance,
            about=response.to,
            text=response.text,
            source=self._publisher(response.source),
        )

    def _attribution(self, by: Speaker, source: str, how: str = "", words: str = "") -> Attribution:
        of = self.plan.company(by.of) if by.of else None
        who, role, link = Link("", ""), "", ""
        if by.person:
            who, role, link = self.plan.person(by.person), by.described_as, "of"
        elif by.company:
            who = self.plan.company(by.company)
            if by.described_as:
                english = self.lang.split("-")[0] == "en"
                words = with_article(by.described_as) if english else str(by.described_as)
                who, link, of = Link(with_capital(words, self.lang), ""), "for", who
        elif by.anonymous or by.described_as:
            unnamed = unnamed_in_words(
                self.plan.words_in(self.lang), by.anonymous or 0, by.described_as
            )
            who = Link(with_capital(unnamed.words, self.lang), "")
            link = ("works at" if unnamed.is_one else "work at") if by.described_as else "at"
        publisher = self._publisher(source, words)
        return Attribution(
            who=who.name,
            url=who.url,
            role=role,
            link=link if of else "",
            of=of,
            how=how or self._how(source, bool(who.name) and not by.named) if publisher else "",
            source=publisher,
        )

    def _publisher(self, source: str, words: str = "") -> Link | None:
        """Return the publisher of a source, with the address of these words in it."""
        found = self.sources.get(source)
        return Link(found.publisher, reading_address(found, words)) if found else None

    def _how(self, source: str, unnamed: bool) -> str:
        """Return the words before a source.

        Unnamed people spoke to the reporter. Named people may have spoken anywhere.
        """
        role = self.sources[source].role
        if role in ("statement", "filing"):
            return role
        return "speaking to" if unnamed and role == "original" else "reported by"

    def _wording(
        self, text: str, lang: str, source: str, both: bool, words: str = ""
    ) -> StatementWording:
        other = differ(lang, self.lang)
        return StatementWording(
            text=text,
            lang=lang or self.lang,
            language=language_name(lang or self.lang, self.lang) if other or both else "",
            source=self._publisher(source, words),
        )


def _is_own_word(claim: Claim) -> bool:
    """Return whether a claim is the publisher's own.

    It is if it is reported or an opinion and names no speaker.
    """
    return claim.by is None and claim.status in ("reported", "opinion")


# --- schema.org ----------------------------------------------------------------------------------


def said_parts(plan: Planner, brief: Brief) -> list[dict[str, Any]]:
    """Return claims, expectations and quotations as schema.org's Claim and Quotation.

    A claim's `author` is its speaker; the source is where it (first) appeared.
    """
    sources: dict[str, Source] = {source.id: source for source in brief.sources}
    parts: list[dict[str, Any]] = []
    for claim in brief.claims:
        source = sources.get(claim.source)
        first = "firstAppearance" if source and source.role in ROOT_ROLES else "appearance"
        cited = citation(plan, source) if source else None
        by = cited["publisher"] if cited and _is_own_word(claim) else None
        parts.append(
            {
                "@type": "Claim",
                "text": claim.text,
                "author": by or _author(plan, claim.by or Speaker()),
                first: cited,
                **_also(plan, claim, sources, first),
            }
        )
    parts = with_expectations(plan, brief, parts)
    voices = link_brief(plan.view, brief.slug).voices
    for quote, speaker in zip(brief.quotes, voices.quotes, strict=True):
        source = sources.get(quote.original_source or quote.source)
        parts.append(
            {
                "@type": "Quotation",
                "text": quote.original or quote.text,
                "inLanguage": quote.original_lang or quote.lang or brief.lang or plan.language,
                "creator": _author(plan, speaker),
                "isPartOf": citation(plan, source) if source else None,
            }
        )
    return parts


def _also(plan: Planner, claim: Claim, sources: Mapping[str, Source], first: str) -> dict[str, Any]:
    """Return the further sources that report a claim, as appearances of it."""
    cited = [citation(plan, sources[one.source]) for one in claim.also if one.source in sources]
    if not cited or first == "firstAppearance":
        return {"appearance": cited} if cited else {}
    named = sources.get(claim.source)
    return {"appearance": [*([citation(plan, named)] if named else []), *cited]}


def _author(plan: Planner, by: Speaker) -> dict[str, Any] | None:
    base = plan.settings.base_url
    if by.person:
        person = plan.person(by.person)
        url = f"{base}{person.url}" if person.url else ""
        return {"@type": "Person", "name": person.name, "url": url}
    if by.company:
        company = plan.company(by.company)
        return {"@type": "Organization", "name": company.name, "url": f"{base}{company.url}"}
    return None
