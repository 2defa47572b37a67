"""The claims, quotations and responses of a brief -> lines that say who said what, and to whom; and
the same for schema.org."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from builder.check.attribution import party
from builder.model.brief import Brief
from builder.model.source import ROOT_ROLES, Source
from builder.model.statement import KNOWN, Claim, Quote, Response, Speaker
from builder.pages.page import Link
from builder.pages.parts.sources import citation, differ, language_name
from builder.pages.planner import Planner

# Numbers to ten are words in English prose; in other languages they stay digits.
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Attribution(Struct, frozen=True, kw_only=True):
    """Whose words something is: Five people familiar with the matter, to Reuters; Garrett Lord,
    chief executive of Handshake, reported by Reuters."""

    who: Annotated[str, "Who says it: a name, or so many people; nothing where nobody is given."]
    url: Annotated[str, "The address of the person or company, or nothing."]
    role: Annotated[str, "The post of a person, or nothing."]
    link: Annotated[str, "What leads from that to the company, with its comma: of; who work at."]
    of: Annotated[Link | None, "The company."]
    how: Annotated[str, "How the source has it: to, reported by, in a statement by."]
    source: Annotated[Link | None, "The publisher, with the address of the source or none."]


class ClaimLine(Struct, frozen=True, kw_only=True):
    """A claim, and how far it is known."""

    text: Annotated[str, "What is said."]
    status: Annotated[str, "confirmed, reported, claimed, disputed, denied, forecast or opinion."]
    by: Annotated[Attribution, "Whose word it is."]
    interest: Annotated[str, "What the speaker has to gain, or nothing."]


class StatementWording(Struct, frozen=True, kw_only=True):
    """Words in one language."""

    text: Annotated[str, "The words, without quotation marks."]
    lang: Annotated[str, "Their language tag."]
    language: Annotated[str, "Their language in words, where it has to be said."]
    source: Annotated[Link | None, "Who published them, with the address of the source or none."]


class QuoteLine(Struct, frozen=True, kw_only=True):
    """A quotation. Where it is a translation, the original comes first, then what became of it."""

    wordings: Annotated[
        tuple[StatementWording, ...], "The words; two where the original is given as well."
    ]
    by: Annotated[Attribution, "Who said it; its source is that of the words."]
    note: Annotated[str, "What a reader should know of it, or nothing."]


class Answer(Struct, frozen=True, kw_only=True):
    """Somebody who answered, or did not: Google declined to comment."""

    who: Annotated[str, "A company's or a person's name."]
    url: Annotated[str, "Its page, or nothing."]
    stance: Annotated[str, "statement, declined, no reply, denied or confirmed."]
    did: Annotated[str, "What it did, in words: declined to comment on its plans."]
    text: Annotated[str, "What it said, or nothing."]
    source: Annotated[Link | None, "Who has it, with the address of the source or none."]


class Statements(Struct, frozen=True, kw_only=True):
    """What others said, as a brief and a feed show it."""

    known: Annotated[tuple[ClaimLine, ...], "What is confirmed or reported."]
    claimed: Annotated[tuple[ClaimLine, ...], "What is only said: claims, forecasts, opinions."]
    quotes: Annotated[tuple[QuoteLine, ...], "What was said, word for word."]
    responses: Annotated[tuple[Answer, ...], "Who answered, and who declined."]


def brief_statements(plan: Planner, brief: Brief) -> Statements:
    """The lines of a linked brief."""
    lines = _Lines(plan, brief)
    claims = [(claim.status in KNOWN, lines.claim(claim)) for claim in brief.claims]
    return Statements(
        known=tuple(line for known, line in claims if known),
        claimed=tuple(line for known, line in claims if not known),
        quotes=tuple(map(lines.quote, brief.quotes)),
        responses=tuple(map(lines.answer, brief.responses)),
    )


class _Lines:
    """The lines of one brief being made."""

    def __init__(self, plan: Planner, brief: Brief) -> None:
        self.plan, self.lang = plan, brief.lang or plan.language
        self.sources: dict[str, Source] = {source.id: source for source in brief.sources}

    def claim(self, claim: Claim) -> ClaimLine:
        how = "by" if _is_own_word(claim) else ""
        by = self._attribution(claim.by or Speaker(), claim.source, how)
        return ClaimLine(text=claim.text, status=claim.status, by=by, interest=claim.interest)

    def quote(self, quote: Quote) -> QuoteLine:
        words = self._wording(quote.text, quote.lang, quote.source, bool(quote.original))
        if not quote.original:
            by = self._attribution(speaker(quote), quote.source)
            return QuoteLine(wordings=(words,), by=by, note=quote.note)
        first = self._wording(quote.original, quote.original_lang, quote.original_source, True)
        by = self._attribution(speaker(quote), "")  # each wording has its source beside it
        return QuoteLine(wordings=(first, words), by=by, note=quote.note)

    def answer(self, response: Response) -> Answer:
        slug, company = party(response.sender)
        link = self.plan.company(slug) if company else self.plan.person(slug)
        return Answer(
            who=link.name,
            url=link.url,
            stance=response.stance,
            did=_did(response),
            text=response.text,
            source=self._publisher(response.source),
        )

    def _attribution(self, by: Speaker, source: str, how: str = "") -> Attribution:
        of = self.plan.company(by.of) if by.of else None
        who, role, link = Link("", ""), "", ""
        if by.person:
            who, role, link = self.plan.person(by.person), by.described_as, " of"
        elif by.company:
            who = self.plan.company(by.company)
            if by.described_as:
                who, link, of = Link(_capital(by.described_as), ""), " for", who
        elif by.anonymous or by.described_as:
            who = Link(_capital(_unnamed(by, self.lang)), "")
            verb = "works" if by.anonymous == 1 else "work"
            link = f", who {verb} at" if by.described_as else " at"
        publisher = self._publisher(source)
        return Attribution(
            who=who.name,
            url=who.url,
            role=role,
            link=link if of else "",
            of=of,
            how=how or self._how(source, bool(who.name) and not by.named) if publisher else "",
            source=publisher,
        )

    def _publisher(self, source: str) -> Link | None:
        found = self.sources.get(source)
        return Link(found.publisher, found.url) if found else None

    def _how(self, source: str, unnamed: bool) -> str:
        """How the source has it. Who is not named has spoken to a reporter; who is may have spoken
        anywhere."""
        role = self.sources[source].role
        if role in ("statement", "filing"):
            return f"in a {role} by"
        return "to" if unnamed and role == "original" else "reported by"

    def _wording(self, text: str, lang: str, source: str, both: bool) -> StatementWording:
        other = differ(lang, self.lang)
        return StatementWording(
            text=text,
            lang=lang or self.lang,
            language=language_name(lang or self.lang, self.plan.language) if other or both else "",
            source=self._publisher(source),
        )


def _is_own_word(claim: Claim) -> bool:
    """Whether it is the publisher's: reported or meant, and nobody else is given for it."""
    return claim.by is None and claim.status in ("reported", "opinion")


def speaker(quote: Quote) -> Speaker:
    """Who says what a linked quotation has."""
    slug, company = party(quote.by)
    name = {"company": slug} if company else {"person": slug}
    brief_statements = Speaker(of=quote.of, described_as=quote.described_as)
    return replace(brief_statements, **name)


def _unnamed(by: Speaker, lang: str) -> str:
    """Five people familiar with the matter; two unnamed people."""
    number = by.anonymous or 0
    how_many = str(number) if number else ""
    if lang.split("-")[0] == "en" and 0 < number <= len(_NUMBERS):
        how_many = _NUMBERS[number - 1]
    people = "person" if number == 1 else "people"
    parts = (how_many, "" if by.described_as else "unnamed", people, by.described_as)
    return " ".join(part for part in parts if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _did(response: Response) -> str:
    """What somebody did who was asked."""
    about = response.to
    match response.stance:
        case "statement":
            return f"made a statement on {about}" if about else "made a statement"
        case "declined":
            return f"declined to comment on {about}" if about else "declined to comment"
        case "no reply":
            return f"did not reply about {about}" if about else "did not reply"
        case "denied" | "confirmed" as stance:
            return f"{stance} {about or 'it'}"


# --- schema.org ----------------------------------------------------------------------------------


def said_parts(plan: Planner, brief: Brief) -> list[dict[str, Any]]:
    """The claims and quotations as parts of an article: schema.org's Claim, whose `author` says so
    by name and which has its (first) appearance in the source, and Quotation."""
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
            }
        )
    for quote in brief.quotes:
        source = sources.get(quote.original_source or quote.source)
        parts.append(
            {
                "@type": "Quotation",
                "text": quote.original or quote.text,
                "inLanguage": quote.original_lang or quote.lang or brief.lang or plan.language,
                "creator": _author(plan, speaker(quote)),
                "isPartOf": citation(plan, source) if source else None,
            }
        )
    return parts


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
